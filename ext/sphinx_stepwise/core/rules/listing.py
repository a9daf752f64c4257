"""List a page that no list names, and keep what is counted right."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from sphinx_stepwise.core.text.insertions import insert_item
from sphinx_stepwise.core.text.text_edits import edit_between, value_edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Page
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.diagnostics import Edit


def counted(navigation: Navigation, page: Page, /) -> dict[str, int]:
    """Return the numbers that ``expects`` of *page* may promise, as they are."""
    if page.kind == "toolkit":
        return {
            "stages": len(navigation.stages),
            "guidebooks": len(navigation.guidebooks),
            "steps": len(navigation.canonical),
        }
    return {"steps": len(_published(navigation.catalogue, page))}


def _published(catalogue: Catalogue, track: Page) -> set[str]:
    ids = {entry.id for entry in track.entries("steps")}
    steps = [catalogue.find_page("step", id_) for id_ in ids]
    return {step.id for step in steps if step and not step.draft}


def listing_edits(navigation: Navigation, page: Page, /) -> tuple[Edit, ...]:
    """Return what puts *page* last in the one list that is sure to be its own.

    Nothing where none is sure.  Numbers that ``expects`` promises, and that are right
    now, are right afterwards.
    """
    holder, key = _place_of(navigation.catalogue, page)
    if holder is None:
        return ()
    edits = list(_appended(holder, key, page.id))
    if not edits:
        return ()
    for owner, more in _growth(navigation, page, holder):
        edits += _promises(navigation, owner, more)
    return tuple(edits)


def _appended(holder: Page, key: str, item: str) -> Iterator[Edit]:
    items, lines = holder.data.get(key), holder.source.lines
    index = len(items) if isinstance(items, list) else 0
    fence = "-" * max(3, *(len(line) + 1 for line in lines))  # which no line closes
    text = "\n".join([fence, *lines, fence, ""])
    try:
        yield edit_between(holder.path, text, insert_item(text, key, index, item))
    except ValueError:
        return


def _place_of(catalogue: Catalogue, page: Page) -> tuple[Page | None, str]:
    """Return the page whose list should name *page*, and the list's key."""
    if page.kind in {"stage", "guidebook"}:
        toolkits = catalogue.of_kind("toolkit")
        return toolkits[0] if len(toolkits) == 1 else None, f"{page.kind}s"
    own = page.docname.removesuffix("/index")
    above = catalogue.at(posixpath.join(posixpath.dirname(own), "index"))
    if page.kind == "step":
        return above if above and above.kind == "stage" else None, "steps"
    # A folder's index that lists no pages may not be meant to.
    lists = above and above.kind in {"page", "toolkit"} and above.data.get("pages")
    return above if lists else None, "pages"


def _growth(
    navigation: Navigation, page: Page, holder: Page
) -> Iterator[tuple[Page, Mapping[str, int]]]:
    """Yield the pages whose numbers grow when *holder* lists *page*, and how."""
    home = navigation.home
    if page.kind == "step":
        yield holder, {"steps": 1}
        if home and navigation.track(holder):
            yield home, {"steps": 1}
    elif page.kind == "stage":
        known = {step.id for step in navigation.canonical}
        steps = _published(navigation.catalogue, page) - known
        yield holder, {"stages": 1, "steps": len(steps)}
    elif page.kind == "guidebook":
        yield holder, {"guidebooks": 1}


def _promises(
    navigation: Navigation, page: Page, more: Mapping[str, int]
) -> Iterator[Edit]:
    expects = page.data.get("expects")
    real = counted(navigation, page)
    for key, number in more.items():
        promised = expects.get(key) if isinstance(expects, dict) else None
        if number and promised == real[key]:
            place = page.source.value_at("expects", key)
            yield from value_edit(page.source, place, promised, promised + number)

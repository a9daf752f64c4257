"""Where a new page belongs: the list that names it, and the folder of its file."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_stepwise.core.content.navigation import CHILD_LISTS
from sphinx_stepwise.core.diagnostics import did_you_mean
from sphinx_stepwise.core.project import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.content.model import Page
    from sphinx_stepwise.core.content.navigation import Navigation


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a list of front matter."""

    holder: Page
    key: str
    #: From 0; items that are no ids count as well.
    index: int
    #: The folder of a file listed here, relative to the source folder.
    folder: str
    #: The id before the place, or nothing where it is the first.
    after: str


def holders(navigation: Navigation, kind: str, /) -> list[Page]:
    """Return the pages that may list pages of *kind*, in reading order."""
    able = {
        holder
        for holder, lists in CHILD_LISTS.items()
        if any(listed == kind for _, listed in lists)
    }
    pages = navigation.catalogue.pages
    order = {page.docname: at for at, page in enumerate(navigation.walk())}
    found = [page for page in pages if page.kind in able]
    return sorted(found, key=lambda page: order.get(page.docname, len(order)))


def find_slot(
    navigation: Navigation,
    kind: str,
    /,
    *,
    inside: str = "",
    after: str = "",
    before: str = "",
) -> Slot:
    """Return the place for a new page of *kind*; by default the end of the list.

    :param inside: the id of the page that lists it; the home page where it may, or
        the page that lists the neighbour.
    :param after: the id of the page before it, or *before* that of the page after it.
    :raises ProjectError: naming the nearest right id where one is wrong.
    """
    able = holders(navigation, kind)
    if inside:
        able = [_named(navigation, able, inside, kind)]
    if neighbour := after or before:
        for holder in able:
            for key in _keys(holder, kind):
                ids = list(_ids(holder, key))
                if neighbour in ids:
                    index = ids.index(neighbour) + bool(after)
                    return _slot(navigation, holder, key, index, neighbour)
        raise ProjectError([_no_neighbour(navigation, kind, neighbour, inside)])
    home = [page for page in able if page == navigation.home]
    chosen = able if inside else home
    if not chosen:
        lister = "stage" if kind == "step" else "toolkit"
        message = f"a {kind} is listed by a {lister}, and there is none to be read"
        raise ProjectError([message])
    # A page may stand in several lists of the home page; the last is the usual one.
    key = list(_keys(chosen[0], kind))[-1]
    size = len(list(_ids(chosen[0], key)))
    return _slot(navigation, chosen[0], key, size, "")


def _named(navigation: Navigation, able: list[Page], name: str, kind: str) -> Page:
    if name in navigation.catalogue.broken:
        message = f"`{name}` cannot be read; first mend what `stepwise check` finds"
        raise ProjectError([message])
    found = next((page for page in able if page.id == name), None)
    if found is None:
        lister = "stage" if kind == "step" else "page"
        ids = [page.id for page in able]
        hint = did_you_mean(name, ids) or f"Choose from: {', '.join(ids) or 'none'}."
        raise ProjectError([f"there is no {lister} `{name}`. {hint}"])
    return found


def _keys(holder: Page, kind: str) -> Iterator[str]:
    for key, listed in CHILD_LISTS.get(holder.kind, ()):
        if listed == kind:
            yield key


def _ids(holder: Page, key: str) -> Iterator[str]:
    """Yield the id of every item of a list, or nothing where an item is none."""
    items = holder.data.get(key)
    for item in items if isinstance(items, list) else ():
        value = item.get(key.removesuffix("s")) if isinstance(item, dict) else item
        yield value if isinstance(value, str) else ""


def _slot(
    navigation: Navigation, holder: Page, key: str, index: int, neighbour: str
) -> Slot:
    ids = list(_ids(holder, key))
    before = ids[index - 1] if index else ""
    sibling = navigation.catalogue.page(neighbour or (ids[-1] if ids else ""))
    if sibling:  # beside its file, or beside its folder
        folder = posixpath.dirname(sibling.docname.removesuffix("/index"))
    elif key == "guidebooks":
        folder = "guidebooks"
    else:
        folder = posixpath.dirname(holder.docname)
    return Slot(holder, key, index, folder, before)


def _no_neighbour(
    navigation: Navigation, kind: str, neighbour: str, inside: str
) -> str:
    catalogue = navigation.catalogue
    if not catalogue.find_page(kind, neighbour):
        hint = did_you_mean(neighbour, catalogue.ids((kind,)))
        hint = hint or f"`stepwise list {kind}` names them."
        return f"there is no {kind} `{neighbour}`. {hint}"
    where = [
        holder.id
        for holder in holders(navigation, kind)
        for key in _keys(holder, kind)
        if neighbour in _ids(holder, key)
    ]
    if inside and where:
        return f"`{neighbour}` is not listed in `{inside}`, but in `{where[0]}`"
    return f"`{neighbour}` is in no list, so nothing can stand beside it"

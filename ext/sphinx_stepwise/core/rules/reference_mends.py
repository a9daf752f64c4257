"""What an id or path that leads nowhere must mean, where that is sure.

Either the page has moved and says so in its ``redirect_from``, or there is one near
name and the likeness is great.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sphinx_stepwise.core.content.model import BODY, page_id
from sphinx_stepwise.core.content.redirects import moved_pages
from sphinx_stepwise.core.diagnostics import Edit
from sphinx_stepwise.core.text.spellings import near_name
from sphinx_stepwise.core.text.text_edits import value_edit

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Page, Record, Reference
    from sphinx_stepwise.core.content.redirects import Redirect
    from sphinx_stepwise.core.diagnostics import Location
    from sphinx_stepwise.core.text.yaml_source import YamlSource


class ReferenceMender:
    """Mends references of one catalogue; what it needs is worked out when asked."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def moved_from(self, ref: Reference, /) -> tuple[Location, ...]:
        """Return where the page that *ref* must mean names its old address."""
        moved = self._moved(ref)
        return (moved.location,) if moved else ()

    def edits(self, ref: Reference, /) -> tuple[Edit, ...]:
        """Return what makes *ref* name what it must mean, or nothing."""
        moved = self._moved(ref)
        known = self._catalogue.ids(ref.kinds)
        meant = page_id(moved.new) if moved else near_name(ref.target, known)
        body = ref.field == (BODY,)
        if not meant or (not body and meant in self._taken(ref)):
            return ()
        if body:
            # A role's target stands there as it is, unless it is broken over lines.
            whole = len(ref.target.split()) == 1
            return (Edit(ref.location, ref.target, meant),) if whole else ()
        return self._value_edit(ref.location, ref.target, meant)

    def link_edits(
        self, link: str, path: str, place: Location, folder: Path, /
    ) -> tuple[Edit, ...]:
        """Return what makes a *link* to the file at *path* lead to the one meant.

        :param folder: where the file should be, below the source folder.
        """
        moved = self._moved_to.get(path.removesuffix(".md"))
        before, _, name = path.rpartition("/")
        if moved and path.endswith(".md"):
            meant = f"{moved.new}.md"
        elif folder.is_dir():
            near = near_name(name, [f.name for f in folder.iterdir() if f.is_file()])
            meant = f"{before}/{near}".removeprefix("/") if near else ""
        else:
            return ()
        return self._value_edit(place, link, link.replace(path, meant, 1))

    def _value_edit(self, place: Location, old: str, new: str) -> tuple[Edit, ...]:
        source = self._sources.get(place.path)
        return value_edit(source, place, old, new) if source else ()

    def _moved(self, ref: Reference) -> Redirect | None:
        """Return how the one page of the right kind that had this id moved."""
        found = []
        for old, redirect in self._moved_to.items():
            page = self._catalogue.at(redirect.new)
            if page and page_id(old) == ref.target and page.kind in ref.kinds:
                found.append(redirect)
        return found[0] if len(found) == 1 else None

    def _taken(self, ref: Reference) -> set[str]:
        """Return the ids that stand beside a reference, and that of its own page."""
        kind, own = ref.source
        holder = self._catalogue.find((kind,), own)
        held = self._catalogue.references_of(holder) if holder else ()
        beside = {other.target for other in held if other.field[:1] == ref.field[:1]}
        return beside | ({own} if kind in ref.kinds else set())

    @cached_property
    def _moved_to(self) -> dict[str, Redirect]:
        return moved_pages(self._catalogue)

    @cached_property
    def _sources(self) -> dict[str, YamlSource]:
        items: list[Page | Record] = [*self._catalogue.pages, *self._catalogue.records]
        return {item.path: item.source for item in items}

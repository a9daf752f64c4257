"""Tracks, canonical order and the tree of pages, all derived from lists.

Order is written once, in the lists of the toolkit, its stages and guidebooks.
Whatever is wrong with those lists, what is made here is sound: every page has at
most one parent, no track holds a step twice and nothing runs in a circle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_stepwise.core.content.model import Track

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Page

#: The lists that give a page its children, in reading order.
CHILD_LISTS = {
    "toolkit": (
        ("opening", "page"),
        ("stages", "stage"),
        ("guidebooks", "guidebook"),
        ("pages", "page"),
    ),
    "stage": (("steps", "step"),),
    "page": (("pages", "page"),),
}


class Navigation:
    """Where every page stands."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.home = catalogue.toolkit
        self._parents: dict[str, Page] = {}
        self._children: dict[str, list[Page]] = {}
        if self.home:
            self._hang(self.home)
        self.stages = tuple(self._tracks("stages", "stage"))
        self.guidebooks = tuple(self._tracks("guidebooks", "guidebook"))
        #: The stages' steps end to end: what a step's own Back and Forward follow.
        self.canonical = tuple(step for stage in self.stages for step in stage.steps)
        self._stage_of = {
            step.docname: stage for stage in self.stages for step in stage.steps
        }

    def children(self, page: Page, /) -> tuple[Page, ...]:
        """Return the pages directly below *page*: its derived toctree."""
        return tuple(self._children.get(page.docname, ()))

    def parents(self, page: Page, /) -> tuple[Page, ...]:
        """Return the pages above *page*, the home page first."""
        found: list[Page] = []
        while above := self._parents.get(page.docname):
            found.insert(0, above)
            page = above
        return tuple(found)

    def has(self, page: Page, /) -> bool:
        """Whether the page can be reached from the home page."""
        return page == self.home or page.docname in self._parents

    def walk(self, page: Page | None = None, /) -> Iterator[Page]:
        """Yield *page* (or the home page) and all below, in reading order."""
        page = page or self.home
        if page:
            yield page
            for child in self.children(page):
                yield from self.walk(child)

    def stage_of(self, step: Page, /) -> Track | None:
        """Return the stage that holds *step*."""
        return self._stage_of.get(step.docname)

    def guidebooks_of(self, step: Page, /) -> tuple[Track, ...]:
        """Return the guidebooks that hold *step*, in the toolkit's order."""
        return tuple(book for book in self.guidebooks if step in book.steps)

    def track(self, page: Page, /) -> Track | None:
        """Return the track whose own page is *page*."""
        tracks = (*self.stages, *self.guidebooks)
        return next((track for track in tracks if track.page == page), None)

    def neighbours(self, page: Page, /) -> tuple[Page | None, Page | None]:
        """Return a page's own Back and Forward.

        A step has its neighbours in canonical order, across the ends of stages; a
        stage or guidebook leads to its first step; the home page to whatever comes
        first.  No other page is part of a sequence.
        """
        if page in self.canonical:
            at = self.canonical.index(page)
            last = at + 1 == len(self.canonical)
            before = self.canonical[at - 1] if at else None
            return before, None if last else self.canonical[at + 1]
        if track := self.track(page):
            return None, track.steps[0] if track.steps else None
        if page == self.home:
            return None, next(iter(self.children(page)), None)
        return None, None

    def _listed(self, page: Page) -> Iterator[Page]:
        """Yield the published pages that *page* lists as its children."""
        for key, kind in CHILD_LISTS.get(page.kind, ()):
            for entry in page.entries(key):
                child = self.catalogue.find_page(kind, entry.id)
                if child and not child.draft:
                    yield child

    def _hang(self, page: Page) -> None:
        """Hang everything that *page* lists below it, each page once."""
        for child in self._listed(page):
            parent = self._shelf_of(child) or page
            if parent == page and not self.has(child):
                self._put(child, page)
        # A shelf hangs below a list that may come after its guidebooks' list.
        if page == self.home:
            for child in self._listed(page):
                shelf = self._shelf_of(child)
                if shelf and not self.has(child):
                    self._put(child, shelf if self.has(shelf) else page)

    def _put(self, child: Page, parent: Page) -> None:
        self._parents[child.docname] = parent
        self._children.setdefault(parent.docname, []).append(child)
        self._hang(child)

    def _shelf_of(self, page: Page) -> Page | None:
        """Return the plain page that indexes a guidebook's folder, if there is one."""
        if page.kind != "guidebook" or "/" not in page.docname:
            return None
        shelf = self.catalogue.at(page.docname.rpartition("/")[0] + "/index")
        return shelf if shelf and shelf.kind == "page" else None

    def _tracks(self, key: str, kind: str) -> Iterator[Track]:
        pages = [p for p in self.walk() if p.kind == kind]
        order = [e.id for e in self.home.entries(key)] if self.home else []
        taken: set[str] = set()
        for page in sorted(pages, key=lambda p: order.index(p.id)):
            steps: dict[str, Page] = {}
            for entry in page.entries("steps"):
                step = self.catalogue.find_page("step", entry.id)
                if step and not step.draft and step.docname not in taken:
                    steps[step.docname] = step
            if kind == "stage":
                taken |= steps.keys()
            yield Track(page=page, steps=tuple(steps.values()))

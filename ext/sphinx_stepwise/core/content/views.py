"""All that a page shows of other pages, as frozen values with a hash.

Pages are drawn from these values and from nothing else, so the hash says exactly
when a page must be written again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_stepwise.core.content.freshness import review_of
from sphinx_stepwise.core.content.model import BODY, OWNER, Record
from sphinx_stepwise.core.dates import day_of, long_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Page, Track
    from sphinx_stepwise.core.content.navigation import Navigation


@dataclass(frozen=True, slots=True)
class Link:
    """A page as another page shows it."""

    docname: str
    title: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A record as a page shows it."""

    kind: str
    id: str
    text: str
    #: What ``x-details`` asks for: what sort of thing it is, and what is in it.
    sort: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class LinkList:
    """Links under a heading, such as "Related steps"."""

    heading: str
    links: tuple[Link | RecordLink, ...]

    @property
    def detailed(self) -> bool:
        """Whether it tells more than names: things to use, not only to know of."""
        return any(isinstance(link, RecordLink) and link.sort for link in self.links)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something on this page that has run out: what, and since when."""

    record: RecordLink
    since: dt.date


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a record that the page's text names comes from."""

    record: RecordLink
    source: str
    address: str
    #: The source's date, or the day on which it was checked.
    date: str


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Who looks after a page, and when."""

    owner: str
    reviewed: dt.date | None
    due: dt.date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands in a track, or in the whole toolkit; counts from 1."""

    number: int
    total: int
    track: Link | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A guidebook as one of its steps shows it; ``guide`` is its id."""

    guide: str
    place: Place
    badge: str
    back: Link | None
    forward: Link | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a grid, such as "Responsible: Digital and IT"."""

    label: str
    items: tuple[RecordLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """What a page shows of others, wherever it is shown."""

    page: Link
    kind: str
    draft: bool
    parents: tuple[Link, ...]
    back: Link | None
    forward: Link | None
    place: Place | None = None
    stage_place: Place | None = None
    #: Which stage this page is or belongs to, from 1; 0 for all other pages.
    stage: int = 0
    #: For those pages, how many steps each stage has.
    shape: tuple[int, ...] = ()
    panels: tuple[Panel, ...] = ()
    #: What the page refers to, and what refers to it, where schemas say so.
    lists: tuple[LinkList, ...] = ()
    expired: tuple[Warned, ...] = ()
    citations: tuple[Citation, ...] = ()
    upkeep: Upkeep | None = None
    #: The grids that sections draw from front matter, by property.
    grids: tuple[tuple[str, tuple[Row, ...]], ...] = ()


def link_to(page: Page, /) -> Link:
    """Return *page* as other pages show it."""
    return Link(page.docname, page.title, page.summary)


def _maybe(page: Page | None) -> Link | None:
    return link_to(page) if page else None


def page_view(navigation: Navigation, page: Page, /) -> PageView:
    """Return what *page* shows of other pages."""
    back, forward = navigation.neighbours(page)
    stage, steps = navigation.stage_of(page), navigation.canonical
    own = stage or navigation.track(page)
    number = navigation.stages.index(own) + 1 if own in navigation.stages else 0
    return PageView(
        page=link_to(page),
        kind=page.kind,
        draft=page.draft,
        parents=tuple(map(link_to, navigation.parents(page))),
        back=_maybe(back),
        forward=_maybe(forward),
        place=Place(steps.index(page) + 1, len(steps)) if stage else None,
        stage_place=_place(stage, page) if stage else None,
        stage=number,
        shape=tuple(len(s.steps) for s in navigation.stages) if number else (),
        panels=tuple(_panel(book, page) for book in navigation.guidebooks_of(page)),
        lists=tuple(_lists(navigation, page)),
        expired=tuple(dict.fromkeys(_expired(navigation, page))),
        citations=tuple(dict.fromkeys(_citations(navigation, page))),
        upkeep=_upkeep(navigation, page),
        grids=tuple(_grids(navigation, page)),
    )


def _place(track: Track, step: Page) -> Place:
    return Place(track.position(step) + 1, len(track.steps), link_to(track.page))


def _panel(book: Track, step: Page) -> Panel:
    back, forward = book.neighbours(step)
    ways = (_maybe(back), _maybe(forward))
    return Panel(book.page.id, _place(book, step), badge_of(book), *ways)


def badge_of(book: Track, /) -> str:
    """Return the label of a guidebook on its steps."""
    return book.page.text("badge") or book.page.title


def _lists(navigation: Navigation, page: Page) -> Iterator[LinkList]:
    """Yield the lists that ``x-shown`` and ``x-back`` ask for, in schema order."""
    catalogue = navigation.catalogue
    found: dict[str, list[Link | RecordLink]] = {}
    for ref in catalogue.references_of(page):
        schema = catalogue.schemas[page.kind]
        heading = schema.keyword(ref.field, "x-shown")
        target = catalogue.find(ref.kinds, ref.target)
        if heading and target:
            details = schema.keyword(ref.field, "x-details").split()
            shown = _shown(navigation, target, details)
            found.setdefault(heading, []).extend(shown)
    for ref in catalogue.references_to(page):
        heading = catalogue.schemas[ref.source[0]].keyword(ref.field, "x-back")
        source = catalogue.find((ref.source[0],), ref.source[1])
        if heading and source:
            found.setdefault(heading, []).extend(_shown(navigation, source))
    for heading, links in found.items():
        unique = tuple(link for link in dict.fromkeys(links) if link != link_to(page))
        if unique:
            yield LinkList(heading, unique)


def _shown(
    navigation: Navigation, item: Page | Record, details: Sequence[str] = ()
) -> list[Link | RecordLink]:
    if isinstance(item, Record):
        schema = navigation.catalogue.schemas[item.kind]
        values = [str(item.data.get(name, "")) for name in details]
        values[:1] = [schema.words_for(details[0], v) for v in values[:1]]
        return [RecordLink(item.kind, item.id, item.label, *values)]
    return [link_to(item)] if navigation.has(item) else []


def record_link(record: Record, /) -> RecordLink:
    """Return *record* as pages show it."""
    return RecordLink(record.kind, record.id, record.label)


def _expired(navigation: Navigation, page: Page) -> Iterator[Warned]:
    """Yield the records that the page relies on and that hold no more."""
    catalogue = navigation.catalogue
    for ref in catalogue.references_of(page):
        record = catalogue.find(ref.kinds, ref.target)
        if isinstance(record, Record):
            last = expired_since(catalogue, record)
            if last:
                yield Warned(record_link(record), last)


def _citations(navigation: Navigation, page: Page) -> Iterator[Citation]:
    """Yield the sources of the records that the page's text names, in its order."""
    catalogue = navigation.catalogue
    for ref in catalogue.references_of(page):
        record = catalogue.find(ref.kinds, ref.target)
        cite = catalogue.schemas[record.kind].cite if record else None
        if ref.field != (BODY,) or not cite or not isinstance(record, Record):
            continue
        source, date = (record.data.get(name) for name in cite)
        if isinstance(source, dict):
            words, address = (str(source.get(key, "")) for key in ("title", "url"))
            day = day_of(date)
            told = long_date(day) if day else str(date or "")
            yield Citation(record_link(record), words, address, told)


def expired_since(catalogue: Catalogue, record: Record, /) -> dt.date | None:
    """Return the last day of a record that holds no more; ``None`` while it does."""
    last = day_of(record.data.get(catalogue.schemas[record.kind].expires))
    return last if last and last < catalogue.today else None


def _upkeep(navigation: Navigation, page: Page) -> Upkeep | None:
    catalogue = navigation.catalogue
    review = review_of(page, catalogue.schemas[page.kind])
    owners = [
        item.title
        for ref in catalogue.references_of(page)
        if ref.field == (OWNER,) and (item := catalogue.find(ref.kinds, ref.target))
    ]
    reviewed, due = review or (None, None)
    if not review and not owners:
        return None
    overdue = bool(due and due < catalogue.today)
    return Upkeep(", ".join(owners), reviewed, due, overdue)


def _grids(navigation: Navigation, page: Page) -> Iterator[tuple[str, tuple[Row, ...]]]:
    catalogue = navigation.catalogue
    schema = catalogue.schemas[page.kind]
    held = catalogue.references_of(page)
    for name in dict.fromkeys(rule.shows for rule in schema.sections if rule.shows):
        rows = []
        for key in schema.properties(name):
            found = [
                catalogue.find(ref.kinds, ref.target)
                for ref in held
                if ref.field == (name, key)
            ]
            items = tuple(record_link(i) for i in found if isinstance(i, Record))
            if items:
                rows.append(Row(schema.title_of(name, key), items))
        yield name, tuple(rows)


def fingerprint(*values: object) -> str:
    """Return a hash of frozen values; equal values give equal hashes."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:32]

"""All that a page shows of other pages, as frozen values with a hash.  Floor 5.

Nodes and templates draw from these values and from nothing else, so the hash
says exactly when a page must be written again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_stepwise.core.model import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sphinx_stepwise.core.model import Page, Track
    from sphinx_stepwise.core.navigation import Navigation


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands in a track, or in the whole toolkit; counts from 1."""

    number: int
    total: int
    track: Link | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A guidebook as one of its steps shows it."""

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
    panels: tuple[Panel, ...] = ()
    related: tuple[Link, ...] = ()
    #: The grids that sections draw from front matter, by property.
    grids: tuple[tuple[str, tuple[Row, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class TrackView:
    """A stage or guidebook with its steps; numbers count in canonical order."""

    track: Link
    steps: tuple[Link, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Uses:
    """The pages that refer to a record in one field."""

    label: str
    pages: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record with the pages that refer to it."""

    record: RecordLink
    shown: tuple[str, ...]
    uses: tuple[Uses, ...]


def link_to(page: Page, /) -> Link:
    """Return *page* as other pages show it."""
    return Link(page.docname, page.title, page.summary)


def _maybe(page: Page | None) -> Link | None:
    return link_to(page) if page else None


def page_view(navigation: Navigation, page: Page, /) -> PageView:
    """Return what *page* shows of other pages."""
    back, forward = navigation.neighbours(page)
    stage = navigation.stage_of(page)
    return PageView(
        page=link_to(page),
        kind=page.kind,
        draft=page.draft,
        parents=tuple(map(link_to, navigation.parents(page))),
        back=_maybe(back),
        forward=_maybe(forward),
        place=Place(navigation.canonical.index(page) + 1, len(navigation.canonical))
        if stage
        else None,
        stage_place=_place(stage, page) if stage else None,
        panels=tuple(_panel(book, page) for book in navigation.guidebooks_of(page)),
        related=tuple(_related(navigation, page)),
        grids=tuple(_grids(navigation, page)),
    )


def _place(track: Track, step: Page) -> Place:
    return Place(track.position(step) + 1, len(track.steps), link_to(track.page))


def _panel(book: Track, step: Page) -> Panel:
    back, forward = book.neighbours(step)
    badge = book.page.text("badge") or book.page.title
    return Panel(_place(book, step), badge, _maybe(back), _maybe(forward))


def _related(navigation: Navigation, page: Page) -> Iterator[Link]:
    for entry in page.entries("related"):
        other = navigation.catalogue.page(entry.id)
        if other and other != page and navigation.has(other):
            yield link_to(other)


def _grids(navigation: Navigation, page: Page) -> Iterator[tuple[str, tuple[Row, ...]]]:
    catalogue = navigation.catalogue
    schema = catalogue.schemas[page.kind]
    held = [ref for ref in catalogue.references if ref.source == page.key]
    for name in dict.fromkeys(rule.shows for rule in schema.sections if rule.shows):
        rows = []
        for key in schema.properties(name):
            found = [
                catalogue.find(ref.kinds, ref.target)
                for ref in held
                if ref.field == (name, key)
            ]
            items = tuple(
                RecordLink(item.kind, item.id, item.label)
                for item in found
                if isinstance(item, Record)
            )
            if items:
                rows.append(Row(schema.title_of(name, key), items))
        yield name, tuple(rows)


def track_view(navigation: Navigation, track: Track, /) -> TrackView:
    """Return a stage or guidebook with its steps."""
    order = {
        s.docname: number for number, s in enumerate(navigation.canonical, start=1)
    }
    return TrackView(
        link_to(track.page),
        tuple(map(link_to, track.steps)),
        tuple(order.get(step.docname, 0) for step in track.steps),
    )


def record_views(
    navigation: Navigation,
    collection: str,
    /,
    *,
    show: Iterable[str] = (),
    fields: Iterable[str] = (),
) -> tuple[RecordView, ...]:
    """Return a collection's records with the pages that refer to each.

    :param show: properties of a record whose text is shown with it.
    :param fields: first keys of the references that count; all where empty.  With
        it, records without such a reference are left out.
    """
    show, fields = tuple(show), tuple(fields)
    uses = _uses(navigation, fields)
    views = []
    for record in navigation.catalogue.collection(collection):
        used = uses.get(record.key, ())
        if used or not fields:
            link = RecordLink(record.kind, record.id, record.label)
            texts = tuple(str(record.data[k]) for k in show if record.data.get(k))
            views.append(RecordView(link, texts, used))
    return tuple(views)


def _uses(
    navigation: Navigation, fields: tuple[str, ...]
) -> Mapping[tuple[str, str], tuple[Uses, ...]]:
    """Return, for each record, the pages that refer to it, by field."""
    catalogue = navigation.catalogue
    order = {page.key: page for page in navigation.walk()}
    rank = {key: index for index, key in enumerate(order)}
    found: dict[tuple[str, str], dict[tuple[str, ...], set[tuple[str, str]]]] = {}
    for ref in catalogue.references:
        target = catalogue.find(ref.kinds, ref.target)
        counts = not fields or ref.field[0] in fields
        if target and ref.source in order and counts:
            found.setdefault(target.key, {}).setdefault(ref.field, set()).add(
                ref.source
            )

    def label(field: tuple[str, ...], source: tuple[str, str]) -> str:
        return catalogue.schemas[source[0]].title_of(*field)

    def schema_order(field: tuple[str, ...], source: tuple[str, str]) -> list[int]:
        schema = catalogue.schemas[source[0]]
        return [
            list(schema.properties(*field[:depth])).index(key)
            for depth, key in enumerate(field)
        ]

    result = {}
    for key, by_field in found.items():
        uses = []
        for field, sources in by_field.items():
            first = min(sources)
            ordered = sorted(sources, key=rank.__getitem__)
            pages = tuple(link_to(order[source]) for source in ordered)
            uses.append((schema_order(field, first), Uses(label(field, first), pages)))
        result[key] = tuple(use for _, use in sorted(uses, key=lambda pair: pair[0]))
    return result


def fingerprint(*values: object) -> str:
    """Return a hash of frozen values; equal values give equal hashes."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:32]

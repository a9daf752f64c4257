"""All that is known of one page or record, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_stepwise.core.content.freshness import deadlines_of, review_of
from sphinx_stepwise.core.content.model import Page
from sphinx_stepwise.core.content.reading_order import status_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Record, Reference, Track
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.diagnostics import Diagnostic, Location, Report


@dataclass(frozen=True, slots=True)
class Name:
    """A page or record as a portrait names it; without a title it is not there."""

    kind: str
    id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A place in a track or, without a track, in the whole toolkit; from 1."""

    number: int
    total: int
    track: Name | None
    back: Name | None
    forward: Name | None


@dataclass(frozen=True, slots=True)
class Use:
    """A reference, seen from one of its ends: the other end, and where it stands."""

    other: Name
    #: The keys that lead to it, such as ``roles.responsible``; ``body`` in the text.
    field: str
    location: Location


@dataclass(frozen=True, slots=True)
class Dates:
    """Days as ISO 8601 writes them, or nothing."""

    reviewed: str = ""
    review_due: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True)
class Portrait:
    """A page or record with everything round it."""

    name: Name
    #: A page's summary, a record's text.
    summary: str
    location: Location
    #: A page's docname, a record's collection.
    address: str
    status: str
    #: The pages above, the home page first.
    parents: tuple[Name, ...]
    #: Its own place, then that in its stage, then those in guidebooks.
    standings: tuple[Standing, ...]
    dates: Dates
    refers_to: tuple[Use, ...]
    referred_to_by: tuple[Use, ...]
    findings: tuple[Diagnostic, ...]


def find_items(catalogue: Catalogue, wanted: str, /) -> list[Page | Record]:
    """Return the pages and records called *wanted*: an id, ``kind:id``, a docname."""
    kind, _, id_ = wanted.rpartition(":")
    items: list[Page | Record] = [*catalogue.pages, *catalogue.records]
    found = [i for i in items if i.id == id_ and kind in {"", i.kind}]
    at = catalogue.at(wanted.removesuffix(".md").strip("/"))
    return found or ([at] if at else [])


def portray(navigation: Navigation, report: Report, item: Page | Record, /) -> Portrait:
    """Return all that is known of *item*."""
    catalogue = navigation.catalogue
    page = item if isinstance(item, Page) else None
    return Portrait(
        name=_name(item),
        summary=item.summary if isinstance(item, Page) else item.text,
        location=item.start if isinstance(item, Page) else item.location,
        address=item.docname if isinstance(item, Page) else item.collection,
        status=status_of(navigation, item),
        parents=tuple(map(_name, navigation.parents(page) if page else ())),
        standings=tuple(_standings(navigation, page) if page else ()),
        dates=_dates(catalogue, item),
        refers_to=tuple(_outward(catalogue, item)),
        referred_to_by=tuple(_inward(catalogue, item)),
        findings=tuple(d for d in report.diagnostics if _is_on(item, d)),
    )


def _name(item: Page | Record) -> Name:
    return Name(item.kind, item.id, item.title)


def _maybe(page: Page | None) -> Name | None:
    return _name(page) if page else None


def _standings(navigation: Navigation, page: Page) -> Iterator[Standing]:
    back, forward = map(_maybe, navigation.neighbours(page))
    stage = navigation.stage_of(page)
    if stage:
        order = navigation.canonical
        number = order.index(page) + 1
        yield Standing(number, len(order), None, back, forward)
        yield _in_track(stage, page)
    elif navigation.track(page):
        alike = navigation.stages if page.kind == "stage" else navigation.guidebooks
        pages = [track.page for track in alike]
        yield Standing(pages.index(page) + 1, len(pages), None, back, forward)
    for book in navigation.guidebooks_of(page):
        yield _in_track(book, page)


def _in_track(track: Track, step: Page) -> Standing:
    number, total = track.position(step) + 1, len(track.steps)
    back, forward = map(_maybe, track.neighbours(step))
    return Standing(number, total, _name(track.page), back, forward)


def _dates(catalogue: Catalogue, item: Page | Record) -> Dates:
    schema = catalogue.schemas[item.kind]
    review = review_of(item, schema)
    reviewed, due = (day.isoformat() for day in review) if review else ("", "")
    ends = [d.day for d in deadlines_of(item, schema) if d.expires]
    return Dates(reviewed, due, ends[0].isoformat() if ends else "")


def _outward(catalogue: Catalogue, item: Page | Record) -> Iterator[Use]:
    for ref in catalogue.references_of(item):
        target = catalogue.find(ref.kinds, ref.target)
        other = _name(target) if target else Name(" or ".join(ref.kinds), ref.target)
        yield Use(other, _field(ref), ref.location)


def _inward(catalogue: Catalogue, item: Page | Record) -> Iterator[Use]:
    for ref in catalogue.references_to(item):
        source = catalogue.find((ref.source[0],), ref.source[1])
        if source and catalogue.find(ref.kinds, ref.target) is item:
            yield Use(_name(source), _field(ref), ref.location)


def _field(ref: Reference) -> str:
    return ".".join(ref.field)


def _is_on(item: Page | Record, found: Diagnostic) -> bool:
    """Whether a finding stands on a page, or within the lines of a record."""
    if found.location.path != item.path or isinstance(item, Page):
        return found.location.path == item.path
    first = item.source.at(item.index).line
    after = item.index + 1
    last = item.source.at(after).line if after < len(item.source.data) else None
    return first <= found.location.line and (last is None or found.location.line < last)

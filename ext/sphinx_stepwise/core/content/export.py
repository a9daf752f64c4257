"""The catalogue as one JSON document, for other programs.

Its shape is told by ``catalogue.schema.json`` beside this module, which is published
with it.  Equal catalogues give equal documents.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.core.content.freshness import review_of
from sphinx_stepwise.core.content.redirects import resolve
from sphinx_stepwise.core.content.updates import changes_of, published_on

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from sphinx_stepwise.core.content.model import Page, Record, Reference, Track
    from sphinx_stepwise.core.content.navigation import Navigation

#: Counted up when a program that reads the document would have to change.
VERSION: Final = 1
#: The file with the JSON Schema of the document.
SCHEMA: Final = Path(__file__).with_name("catalogue.schema.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where things of a toolkit can be read, relative to the site's root."""

    #: Docname to the page's address.
    page: Callable[[str], str]
    #: Docname to the address of the page as Markdown.
    markdown: Callable[[str], str]
    #: A record's address; nothing where no page lists it.
    record: Callable[[Record], str]
    #: The whole address of the site's root, or nothing.
    base: str = ""
    language: str = ""


def export(navigation: Navigation, addresses: Addresses, /) -> dict[str, Any]:
    """Return all that is known of the published content.

    Pages come in reading order, each once; drafts and pages that cannot be reached are
    left out, and so is what leads from or to them.
    """
    catalogue = navigation.catalogue
    pages = list(navigation.walk())
    keys = {page.key for page in pages} | {item.key for item in catalogue.records}
    documents = {page.docname for page in pages}
    return {
        "$schema": SCHEMA.name,
        "version": VERSION,
        "address": addresses.base,
        "language": addresses.language,
        "toolkit": navigation.home.id if navigation.home else "",
        "stages": [_track(track) for track in navigation.stages],
        "guidebooks": [_track(track) for track in navigation.guidebooks],
        "pages": [_page(navigation, page, addresses) for page in pages],
        "records": [_record(record, addresses) for record in catalogue.records],
        "references": [
            _reference(reference, target)
            for reference in catalogue.references
            if (target := catalogue.find(reference.kinds, reference.target))
            and {reference.source, target.key} <= keys
        ],
        "redirects": [
            {"from": old, "to": addresses.page(new)}
            for old, new in sorted(resolve(catalogue).items())
            if new in documents
        ],
    }


def export_text(navigation: Navigation, addresses: Addresses, /) -> str:
    """Return the document as text, with a line for each page, record and so on."""
    document = export(navigation, addresses)
    parts = (f"{_json(key)}: {_lines(value)}" for key, value in document.items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return _json(value)
    return "[\n" + ",\n".join(map(_json, value)) + "\n]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _track(track: Track) -> dict[str, Any]:
    return {
        "page": track.page.id,
        "steps": [
            {"step": step.id, "note": track.page.note("steps", step.id)}
            for step in track.steps
        ],
    }


def _page(navigation: Navigation, page: Page, addresses: Addresses) -> dict[str, Any]:
    parents = navigation.parents(page)
    review = review_of(page, navigation.catalogue.schemas[page.kind])
    reviewed, due = review or (None, None)
    return {
        "kind": page.kind,
        "id": page.id,
        "title": page.title,
        "summary": page.summary,
        "address": addresses.page(page.docname),
        "markdown": addresses.markdown(page.docname),
        "parent": parents[-1].id if parents else None,
        "published": _day(published_on(page)),
        "reviewed": _day(reviewed),
        "review_by": _day(due),
        "changes": [
            {"date": change.day.isoformat(), "what": change.what}
            for change in changes_of(page)
        ],
        "properties": page.data,
    }


def _record(record: Record, addresses: Addresses) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "collection": record.collection,
        "id": record.id,
        "label": record.label,
        "text": record.text,
        "address": addresses.record(record),
        "properties": record.data,
    }


def _reference(reference: Reference, target: Page | Record) -> dict[str, Any]:
    kind, name = reference.source
    return {
        "from": {"kind": kind, "id": name},
        "field": ".".join(reference.field),
        "to": {"kind": target.kind, "id": target.id},
    }


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None

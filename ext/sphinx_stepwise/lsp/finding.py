"""Where things are: what an id names, who names it, and everything by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from sphinx_stepwise.core.content.model import Page
from sphinx_stepwise.core.writing.cursor import record_of
from sphinx_stepwise.core.writing.offers import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Record
    from sphinx_stepwise.core.diagnostics import Location
    from sphinx_stepwise.lsp.documents import Document
    from sphinx_stepwise.lsp.session import Session


def home(item: Page | Record, /) -> Location:
    """Return the place that is the page or record itself: its title, or its id."""
    return item.place("title") if isinstance(item, Page) else item.location


async def definition(
    session: Session, params: types.DefinitionParams
) -> types.Location | None:
    """Return where the page or record is that stands at a place."""
    await session.fresh()
    item = await _item(session, params.text_document.uri, params.position)
    return _location(session, home(item)) if item else None


async def references(
    session: Session, params: types.ReferenceParams
) -> list[types.Location] | None:
    """Return every place that names what stands at a place."""
    look = await session.fresh()
    item = await _item(session, params.text_document.uri, params.position)
    if look.known is None or item is None:
        return None
    catalogue = look.known.navigation.catalogue
    places = {
        ref.location
        for ref in catalogue.references_to(item)
        if catalogue.find(ref.kinds, ref.target) is item
    }
    if params.context.include_declaration:
        places.add(home(item))
    return [_location(session, place) for place in sorted(places)]


async def document_symbols(
    session: Session, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | None:
    """Return the records of a data file; pages have headings, which editors know."""
    path = session.addresses.path(params.text_document.uri) if session.addresses else ""
    known = session.look.known
    if not path or (known and not record_of(known.project, path)):
        return None  # at once: editors ask at every pause, for their outline
    look = await session.fresh()
    if look.known is None:
        return None
    catalogue = look.known.navigation.catalogue
    document = session.document(path)
    return list(_symbols(document, [r for r in catalogue.records if r.path == path]))


def _symbols(
    document: Document, records: Sequence[Record]
) -> Iterator[types.DocumentSymbol]:
    end = len(document.lines)
    ends = [*(r.source.at(r.index).line - 1 for r in records[1:]), end]
    for record, last in zip(records, ends, strict=False):
        start = document.position(record.source.at(record.index).line, 1)
        length = len(document.lines[min(last, end) - 1])
        yield types.DocumentSymbol(
            name=record.label or record.id or "-",  # the protocol forbids an empty one
            detail=record.id,
            kind=types.SymbolKind.Object,
            range=types.Range(start, document.position(last, length + 1)),
            selection_range=document.word(record.location),
        )


async def workspace_symbols(
    session: Session, params: types.WorkspaceSymbolParams
) -> list[types.SymbolInformation] | None:
    """Return pages and records whose id or title holds the words asked for."""
    look = await session.fresh()
    if look.known is None:
        return None
    words = params.query.casefold()
    return [
        types.SymbolInformation(
            name=item.title,
            kind=_kind(item),
            location=_location(session, home(item)),
            container_name=f"{item.kind} {item.id}",
        )
        for item in _everything(look.known.navigation.catalogue)
        if words in f"{item.id} {item.title}".casefold()
    ]


def _everything(catalogue: Catalogue) -> list[Page | Record]:
    return [*catalogue.pages, *catalogue.records]


def _kind(item: Page | Record) -> types.SymbolKind:
    return types.SymbolKind.File if isinstance(item, Page) else types.SymbolKind.Object


async def _item(
    session: Session, uri: str, position: types.Position
) -> Page | Record | None:
    place = await session.place(uri, position)
    if place is None:
        return None
    known, _, spot = place
    return named(known.navigation.catalogue, known.fields, spot)


def _location(session: Session, place: Location) -> types.Location:
    document = session.document(place.path)
    uri = session.addresses.uri(place.path) if session.addresses else ""
    return types.Location(uri, document.word(place))

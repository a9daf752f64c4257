"""What may stand where somebody writes: keys, values, ids and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lsprotocol import types

from sphinx_stepwise.core.writing.cursor import Part
from sphinx_stepwise.core.writing.offers import offers

if TYPE_CHECKING:
    from sphinx_stepwise.core.writing.offers import Offer
    from sphinx_stepwise.lsp.session import Session

OPTIONS: Final = types.CompletionOptions(
    trigger_characters=[" ", "{", "`", "<", "[", ","]
)
_KINDS: Final = {
    Part.KEY: types.CompletionItemKind.Property,
    Part.RECORD: types.CompletionItemKind.Property,
    Part.VALUE: types.CompletionItemKind.Value,
    Part.ROLE: types.CompletionItemKind.Function,
    Part.TARGET: types.CompletionItemKind.Reference,
    Part.KIND: types.CompletionItemKind.Keyword,
}


async def complete(
    session: Session, params: types.CompletionParams
) -> types.CompletionList | None:
    """Return what may stand at a place, the likeliest first."""
    place = await session.place(params.text_document.uri, params.position)
    if place is None:
        return None
    known, document, spot = place
    found = offers(known.navigation.catalogue, known.fields, spot)
    area = document.stretch(spot.location, spot.end)
    if not area.start <= params.position <= area.end:
        return None  # in the words of a role, whose id stands behind them
    kind = _KINDS[spot.part]
    items = [_item(area, kind, offer, number) for number, offer in enumerate(found)]
    return types.CompletionList(is_incomplete=False, items=items)


def _item(
    area: types.Range, kind: types.CompletionItemKind, offer: Offer, number: int
) -> types.CompletionItem:
    return types.CompletionItem(
        label=offer.word,
        kind=kind,
        detail=offer.detail or None,
        documentation=offer.about or None,
        sort_text=f"{number:05}",  # editors sort by the alphabet otherwise
        filter_text=offer.word,
        text_edit=types.TextEdit(area, offer.text),
    )

"""What a key means, and what an id names, under the pointer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.content.freshness import deadlines_of
from sphinx_stepwise.core.content.model import Page
from sphinx_stepwise.core.rules.date_checks import describe
from sphinx_stepwise.core.writing.cursor import Part
from sphinx_stepwise.core.writing.offers import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Record
    from sphinx_stepwise.core.schema.field_reference import Field
    from sphinx_stepwise.lsp.session import Session

#: What Markdown would take for more than words.
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>#|~])")


async def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    """Return what is known of the word at a place."""
    place = await session.place(params.text_document.uri, params.position)
    if place is None:
        return None
    known, document, spot = place
    catalogue = known.navigation.catalogue
    field = known.fields.field(spot.kind, spot.path)
    if spot.part is Part.KEY and field:
        lines = list(_field(field))
    elif item := named(catalogue, known.fields, spot):
        lines = list(_item(catalogue, item))
    else:
        return None
    content = types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join(lines))
    return types.Hover(content, document.stretch(spot.location, spot.end))


def _field(field: Field) -> Iterator[str]:
    """Yield paragraphs on a key; what schemas say is Markdown already."""
    yield f"**{_plain(field.path[-1])}**: {field.holds}, {field.when}"
    if field.description:
        yield field.description
    yield from field.notes


def _item(catalogue: Catalogue, item: Page | Record) -> Iterator[str]:
    """Yield paragraphs on a page or record."""
    draft = ", a draft" if isinstance(item, Page) and item.draft else ""
    yield f"**{_plain(item.title)}** ({item.kind}{draft})"
    about = item.summary if isinstance(item, Page) else item.text
    if about not in {"", item.title}:
        yield _plain(about)
    for deadline in deadlines_of(item, catalogue.schemas[item.kind]):
        far = Code.RECORD_EXPIRING if deadline.expires else Code.REVIEW_DUE
        near = deadline.code(catalogue.today, catalogue.project.days_ahead)
        message, _ = describe(deadline, near or far)
        yield f"{'**Due:** ' if near else ''}{message}."
    yield f"`{item.path}`"


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)

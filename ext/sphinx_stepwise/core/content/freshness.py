"""When pages and records grow stale.

Two keywords of a schema say what to look at: ``x-expires`` names the property with
the last day on which a record holds; ``x-review`` names the day of the last review
and either the time until the next one or its day.  "Today" is always an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.dates import add_span, day_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Page, Record
    from sphinx_stepwise.core.diagnostics import Location
    from sphinx_stepwise.core.schema.schemas import Schema


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which a page or record is good."""

    item: Page | Record
    #: Whether it expires then, or is to be reviewed by then.
    expires: bool
    day: dt.date
    location: Location

    def code(self, today: dt.date, ahead: int) -> Code | None:
        """Return what there is to say *today*; ``None`` while it is far off.

        :param ahead: days before the deadline from which it is announced.
        """
        left = (self.day - today).days
        if left < 0:
            return Code.RECORD_EXPIRED if self.expires else Code.REVIEW_OVERDUE
        if left <= ahead:
            return Code.RECORD_EXPIRING if self.expires else Code.REVIEW_DUE
        return None


def deadlines(catalogue: Catalogue, /) -> Iterator[Deadline]:
    """Yield every deadline of every page and record."""
    items: list[Page | Record] = [*catalogue.pages, *catalogue.records]
    for item in items:
        yield from deadlines_of(item, catalogue.schemas[item.kind])


def deadlines_of(item: Page | Record, schema: Schema, /) -> Iterator[Deadline]:
    """Yield the deadlines of one page or record."""
    expires = day_of(item.data.get(schema.expires))
    if expires:
        yield Deadline(item, True, expires, item.place(schema.expires))  # noqa: FBT003
    review = review_of(item, schema)
    # An expired record needs more than a review; say it once.
    if schema.review and review and not (expires and expires <= review[1]):
        place = item.place(schema.review[0])
        yield Deadline(item, False, review[1], place)  # noqa: FBT003


def review_of(item: Page | Record, schema: Schema, /) -> tuple[dt.date, dt.date] | None:
    """Return the days of the last and the next review; ``None`` where unknown."""
    if not schema.review:
        return None
    last_name, next_name = schema.review
    last, following = day_of(item.data.get(last_name)), item.data.get(next_name)
    if last is None or not isinstance(following, str):
        return None
    due = day_of(following) or add_span(last, following)
    return (last, due) if due else None

"""Rules about dates.

The clock alone never fails a build: these findings are warnings or less, and
errors only where ``stepwise review`` is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.content.freshness import deadlines
from sphinx_stepwise.core.content.model import Page
from sphinx_stepwise.core.dates import day_of
from sphinx_stepwise.core.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.content.freshness import Deadline
    from sphinx_stepwise.core.content.model import Record
    from sphinx_stepwise.core.content.navigation import Navigation


def check_deadlines(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """Pages and records are within their time."""
    catalogue = navigation.catalogue
    for deadline in deadlines(catalogue):
        code = deadline.code(catalogue.today, catalogue.project.days_ahead)
        if code:
            message, hint = describe(deadline, code)
            yield Diagnostic(code, deadline.location, message, hint)


def describe(deadline: Deadline, code: Code, /) -> tuple[str, str]:
    """Return what a deadline's code means for its item, and what to do."""
    item = deadline.item
    name = f"the {item.kind} `{item.id}`"
    day = deadline.day.isoformat()
    hint = "Read it against its sources, mend it and write today's date as reviewed."
    if not isinstance(item, Page):
        hint = "Look it up at its source, mend it and write today's date as checked."
    if code is Code.RECORD_EXPIRED:
        return f"{name} held until {day}", "Find what holds now, and mend the record."
    if code is Code.RECORD_EXPIRING:
        return f"{name} holds until {day}", "Find out what will hold after that day."
    if code is Code.REVIEW_OVERDUE:
        return f"{name} was to be reviewed by {day}", hint
    return f"{name} is to be reviewed by {day}", hint


def check_spans(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """A record does not end before it begins."""
    catalogue = navigation.catalogue
    items: list[Page | Record] = [*catalogue.pages, *catalogue.records]
    for item in items:
        schema = catalogue.schemas[item.kind]
        begins = day_of(item.data.get(schema.begins))
        expires = day_of(item.data.get(schema.expires))
        if begins and expires and expires < begins:
            yield Diagnostic(
                Code.RECORD_DATES,
                item.place(schema.expires),
                f"the {item.kind} `{item.id}` ends before it begins, on {begins}",
                "Correct one of the two dates.",
                related=(item.place(schema.begins),),
            )

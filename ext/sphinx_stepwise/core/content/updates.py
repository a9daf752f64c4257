"""What is new: dated pages, and the changes that pages tell of themselves.

Two properties of front matter, which a toolkit's schemas may allow::

    published: 2026-11-22          # a dated page, such as a weeknote
    changes:
      - date: 2026-11-22           # any page
        what: We added a step on the way out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.content.views import link_to
from sphinx_stepwise.core.dates import day_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from sphinx_stepwise.core.content.model import Page
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.content.views import Link
    from sphinx_stepwise.core.schema.schemas import Schema

#: The property with the day of a dated page.
PUBLISHED: Final = "published"
#: The property with a page's changes.
CHANGES: Final = "changes"


@dataclass(frozen=True, slots=True)
class Change:
    """What a page says of itself that changed, and when."""

    day: dt.date
    what: str


@dataclass(frozen=True, slots=True)
class Update:
    """A dated page, or what changed on another page on one day."""

    day: dt.date
    #: The day of the last change to it.
    updated: dt.date
    page_id: str
    page: Link
    #: What changed; empty for a dated page, whose summary tells.
    what: tuple[str, ...] = ()


def published_on(page: Page, /) -> dt.date | None:
    """Return the day of a dated page; ``None`` for every other page."""
    return day_of(page.data.get(PUBLISHED))


def changes_of(page: Page, /) -> tuple[Change, ...]:
    """Return a page's changes, the newest first; what is no change is left out."""
    listed = page.data.get(CHANGES)
    found = [
        Change(day, " ".join(item["what"].split()))
        for item in (listed if isinstance(listed, list) else ())
        if isinstance(item, dict)
        and isinstance(item.get("what"), str)
        and (day := day_of(item.get("date")))
    ]
    return tuple(sorted(found, key=lambda change: change.day, reverse=True))


def last_touched(page: Page, schema: Schema, /) -> dt.date | None:
    """Return the last day on which somebody wrote, changed or reviewed *page*."""
    reviewed = page.data.get(schema.review[0]) if schema.review else None
    days = [
        published_on(page),
        day_of(reviewed),
        *(change.day for change in changes_of(page)),
    ]
    return max((day for day in days if day), default=None)


@lru_cache(maxsize=1)  # asked for every page of a build
def updates(navigation: Navigation, /) -> tuple[Update, ...]:
    """Return all that is new in the toolkit, the newest first."""
    found = [update for page in navigation.walk() for update in _updates_of(page)]
    return tuple(sorted(found, key=lambda update: update.day, reverse=True))


def _updates_of(page: Page) -> Iterator[Update]:
    """Yield the dated page itself, or one update for each day with changes."""
    changes, link = changes_of(page), link_to(page)
    if day := published_on(page):
        last = max([day, *(change.day for change in changes)])
        yield Update(day, last, page.id, link)
        return
    for day in dict.fromkeys(change.day for change in changes):
        # In the order in which the page tells them.
        what = tuple(change.what for change in changes if change.day == day)
        yield Update(day, day, page.id, link, what)

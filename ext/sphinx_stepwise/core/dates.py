"""Days and spans of time as front matter writes them."""

from __future__ import annotations

import calendar
import datetime as dt
import os
import re
from typing import Any

# Not strftime: its words follow the locale of whoever builds.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_SPAN = re.compile(r"([1-9][0-9]?) (day|week|month|year)s?")


def today_of(given: dt.date | None, /) -> dt.date:
    """Return *given*, or the day of ``SOURCE_DATE_EPOCH``, or the clock's day.

    The variable is that of reproducible-builds.org: seconds since 1970, UTC.
    """
    return given or now().date()


def now() -> dt.datetime:
    """Return the moment of ``SOURCE_DATE_EPOCH``, or the clock's, in UTC."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return dt.datetime.fromtimestamp(int(epoch), tz=dt.UTC)
    return dt.datetime.now(tz=dt.UTC)


def day_of(value: Any, /) -> dt.date | None:
    """Return the date that *value* writes; ``None`` where it is none."""
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def add_span(day: dt.date, span: str, /) -> dt.date | None:
    """Return *day* plus a time such as ``6 months``; the month's last day at most."""
    found = _SPAN.fullmatch(span)
    if not found:
        return None
    number, unit = int(found[1]), found[2]
    if unit in {"day", "week"}:
        return day + dt.timedelta(days=number * (7 if unit == "week" else 1))
    months = day.month - 1 + number * (12 if unit == "year" else 1)
    year, month = day.year + months // 12, months % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return day.replace(year=year, month=month, day=min(day.day, last))


def long_date(day: dt.date, /) -> str:
    """Return the day as readers see it: 20 November 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

"""What a slip of the pen surely means: names, days, yes and no.

Where more than one thing may be meant, or where the likeness is not great, the answer
is nothing: these are for mends that nobody is asked about.
"""

from __future__ import annotations

import datetime as dt
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.dates import long_date

if TYPE_CHECKING:
    from collections.abc import Iterable

#: One letter of five.  Hints are freer, but who reads them can choose.
_SURE: Final = 0.8
_NUMBER: Final = re.compile("[0-9]+")
_YES: Final = frozenset({"y", "yes", "on", "true"})
_NO: Final = frozenset({"n", "no", "off", "false"})

_MONTHS: Final = {
    long_date(dt.date(2000, number, 1)).split()[1].lower(): number
    for number in range(1, 13)
}
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
#: 5 January 2026, 5th Jan. 2026, 5-Jan-2026.
_DAY_FIRST: Final = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?,?[ -]([0-9]{4})"
)
#: January 5, 2026.
_MONTH_FIRST: Final = re.compile(
    r"([A-Za-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})"
)


def near_name(word: str, known: Iterable[str], /) -> str:
    """Return the one name that *word* must be a slip of, or nothing.

    Nothing where the hint for *word* would offer two names, or where a number is
    another: part 3 is no slip of part 2.
    """
    near = get_close_matches(word, sorted(set(known)), n=2, cutoff=0.6)
    sure = get_close_matches(word, near, n=1, cutoff=_SURE)
    if len(near) != 1 or not sure or _NUMBER.findall(near[0]) != _NUMBER.findall(word):
        return ""
    return near[0]


def day_in(text: str, /) -> str:
    """Return the day that *text* writes as 2026-11-20, or nothing.

    05/01/2026 is left alone: half the world reads it as another day.
    """
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
    elif found := _DAY_FIRST.fullmatch(text):
        year, month, day = int(found[3]), _month(found[2]), int(found[1])
    elif found := _MONTH_FIRST.fullmatch(text):
        year, month, day = int(found[3]), _month(found[1]), int(found[2])
    else:
        return ""
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return ""


def _month(word: str) -> int:
    """Return the number of the month that *word* names or shortens, or 0."""
    low = "sep" if word.lower() == "sept" else word.lower()
    return next((n for name, n in _MONTHS.items() if low in {name, name[:3]}), 0)


def truth_in(text: str, /) -> bool | None:
    """Return whether *text* says yes or no, as YAML readers of any age have it."""
    low = text.lower()
    return True if low in _YES else False if low in _NO else None

"""Figures and references to law that stand in a page's own words.

They change, so they belong in ``source/data/facts`` with a source and a date, where
one edit changes every page.  A case's numbers belong in its record for the same reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prose.reading import Block, Prose

_MONTH: Final = (
    "(?:January|February|March|April|May|June|July"
    "|August|September|October|November|December)"
)
_COUNT: Final = (
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen"
    r"|twenty|thirty|forty|sixty|ninety)"
)

#: What changes: (what it is, how it looks).
FIGURES: Final = (
    ("money", re.compile(r"£ ?\d+(?:[,.]\d+)*(?:k|m|bn| million| billion)?")),
    ("percentage", re.compile(r"\b\d+(?:\.\d+)? ?(?:%|per cent\b|percent\b)")),
    (
        "time limit",
        re.compile(
            rf"(?i)\b(?:within|at least|no later than|not less than) \d+"
            rf" (?:working |calendar )?(?:day|week|month|year)s?\b"
            rf"|\b{_COUNT} (?:working|calendar) days?\b"
        ),
    ),
    ("date", re.compile(rf"\b(?:\d{{1,2}} {_MONTH}(?: \d{{4}})?|{_MONTH} \d{{4}})\b")),
    # The year of an Act is part of its name.
    ("year", re.compile(r"(?<!Act )(?<!Regulations )(?<!Order )\b(?:19|20)\d\d\b")),
)
#: What only the law decides.
REFERENCES: Final = (
    ("notice code", re.compile(r"\bUK ?(?:1[0-7]|[1-9])\b")),
    (
        "place in the law",
        re.compile(
            r"(?i)\b(?:sections?|regulations?|schedules?|articles?) \d+\w*"
            r"|\b(?:ss?|regs?)\. ?\d+|\bPart \d+ of the\b"
        ),
    ),
    ("policy note", re.compile(r"\bPPN ?\d+(?:/\d\d)?")),
)


def check_figures(page: Prose, /) -> Iterator[tuple[Block, int, str, str]]:
    """Yield (block, index, what it is, the words) of each figure typed by hand.

    An illustration is made up, so its figures are nobody's.
    """
    for block in page.blocks:
        if not any(title.startswith("Illustration") for title in block.under):
            yield from _search(block, FIGURES)


def check_references(page: Prose, /) -> Iterator[tuple[Block, int, str, str]]:
    """Yield each reference to law typed by hand, in illustrations as well."""
    for block in page.blocks:
        yield from _search(block, REFERENCES)


def _search(
    block: Block, patterns: tuple[tuple[str, re.Pattern[str]], ...]
) -> Iterator[tuple[Block, int, str, str]]:
    """Yield what the patterns find, each letter at most once."""
    taken: set[int] = set()
    for what, pattern in patterns:
        for found in pattern.finditer(block.own):
            if found.start() not in taken:
                yield block, found.start(), what, found[0]
            taken |= set(range(*found.span()))

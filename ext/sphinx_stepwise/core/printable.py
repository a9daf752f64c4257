"""Text of other people made fit to be printed: one line, with a known width.

Messages quote what stands in pages, and a page may hold anything: an escape sequence
that would recolour a terminal, an order of letters that would hide an id, a character
that no XML may hold.  What is written here holds none of them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Control characters, line ends and marks of direction (Unicode's Bidi_Control), halves
#: of surrogate pairs, and the two noncharacters that XML 1.0 forbids.
_UNFIT: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)


def printable(text: str, /) -> str:
    r"""Return *text* in one line; what must not be printed is spelt, as ``\x1b``."""
    return _UNFIT.sub(_spelt, text)


def _spelt(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\x{number:02x}" if number <= 0xFF else f"\\u{number:04x}"  # noqa: PLR2004


def cells(text: str, /) -> int:
    """Return how many columns of a terminal *text* takes (Unicode annex 11)."""
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1

"""Ids: which words are one, and how a title becomes one."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Container

#: The longest id that is made here; it is part of addresses that people read aloud.
LONGEST: Final = 48
#: The longest id that is taken as given: file systems allow little more than twice it.
_LONGEST_GIVEN: Final = 100
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: Letters that Unicode does not take apart into a plain one and its mark.
_LETTERS: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)
_APOSTROPHES: Final = "'\N{RIGHT SINGLE QUOTATION MARK}"


def is_id(text: str, /) -> bool:
    """Whether *text* can be the id of a page or record."""
    return bool(_ID.fullmatch(text)) and len(text) <= _LONGEST_GIVEN


def id_of(title: str, /) -> str:
    """Return an id made from *title*: its words, as many as fit; maybe none."""
    plain = unicodedata.normalize("NFKD", title.casefold().translate(_LETTERS))
    kept = "".join(
        c for c in plain if not unicodedata.combining(c) and c not in _APOSTROPHES
    )
    found = ""
    for word in re.findall("[a-z0-9]+", kept):
        longer = f"{found}-{word}" if found else word
        if len(longer) > LONGEST:
            return found or word[:LONGEST]
        found = longer
    return found


def words_of(id_: str, /) -> str:
    """Return the words of an id in sentence case: ``deck-oven``, Deck oven."""
    words = id_.replace("-", " ")
    return words[:1].upper() + words[1:]


def free_id(id_: str, taken: Container[str], /) -> str:
    """Return *id_* with the lowest number that makes it one of its own."""
    number = 2
    while f"{id_}-{number}" in taken:
        number += 1
    return f"{id_}-{number}"

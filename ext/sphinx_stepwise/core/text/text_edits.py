"""Change a text only where it must change.

Edits stand at a line and column, as findings do, and replace one piece of text by
another; everything else, comments and quotes and line ends too, stays byte for byte.
An edit is made only where the file has what it replaces written plainly; where it is
folded over lines, say, there is no edit.
"""

from __future__ import annotations

import json
import re
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.core.diagnostics import Edit, Location
from sphinx_stepwise.core.text.yaml_source import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_stepwise.core.text.yaml_source import YamlSource

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
#: Text that needs no quotes, unless it reads as something else than text.
_PLAIN: Final = re.compile(r"[A-Za-z0-9][\w./#-]*( [\w./-]+)*")
_NUMBER_OR_WORD: Final = re.compile(r"[-+.\w]+")


def apply_edits(text: str, edits: Iterable[Edit], /) -> str:
    """Return *text* with all *edits* made; one given twice is made once.

    :raises ValueError: when a word does not stand where an edit has it, or two
        edits are about the same piece of text.
    """
    limit = len(text)
    for edit in sorted(set(edits), reverse=True):
        start, end = span(text, edit)
        if end > limit:
            message = f"{edit.location}: two edits change the same text"
            raise ValueError(message)
        new = edit.new.replace("\n", _ending(text))
        text, limit = text[:start] + new + text[end:], start
    return text


def span(text: str, edit: Edit, /) -> tuple[int, int]:
    """Return where in *text* what *edit* replaces begins and ends.

    :raises ValueError: when it does not stand there.
    """
    at = edit.location
    starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
    old = edit.old.replace("\n", _ending(text))
    # Places do not count a byte-order mark.
    marked = at.line == 1 and text.startswith("\ufeff")
    start = (starts[at.line - 1] if at.line <= len(starts) else len(text)) + marked
    start += at.column - 1
    if not text.startswith(old, start) and text[start : start + 1] in {'"', "'"}:
        start += 1
    if at.line > len(starts) or not text.startswith(old, start):
        message = f"{at}: `{edit.old}` expected"
        raise ValueError(message)
    return start, start + len(old)


def _ending(text: str) -> str:
    found = _LINE_END.search(text)
    return found[0] if found else "\n"


def edit_between(path: str, old: str, new: str, /) -> Edit:
    """Return the one edit that turns the text *old* of a file into *new*."""
    start = _alike(old, new)
    most = min(len(old), len(new)) - start
    end = min(_alike(reversed(old), reversed(new)), most)
    before = old[:start].split("\n")
    place = Location(path, len(before), len(before[-1]) + 1)
    return Edit(place, old[start : len(old) - end], new[start : len(new) - end])


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    """Return how many characters two texts have in common at their beginning."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def written(source: YamlSource, at: Location, value: Any, /) -> str:
    """Return how *value* is written at a place, with its quotes, or nothing."""
    rest = source.rest_of_line(at)
    quote = rest[:1]
    if quote in {'"', "'"} and isinstance(value, str):
        plain = quote not in value and "\\" not in value
        whole = f"{quote}{value}{quote}"
        return whole if plain and rest.startswith(whole) else ""
    if isinstance(value, str):
        return value if rest.startswith(value) else ""
    found = _NUMBER_OR_WORD.match(rest)
    word = found[0] if found else ""
    return word if _reads_as(word, value) else ""


def value_edit(
    source: YamlSource, at: Location, old: Any, new: str | float, /
) -> tuple[Edit, ...]:
    """Return the edit that writes *new* for the key or value *old* at a place."""
    was = written(source, at, old)
    if isinstance(new, str):
        quote = was[:1] if was[:1] in {'"', "'"} else ""
        if quote:
            now = f"{quote}{new}{quote}" if _PLAIN.fullmatch(new) else ""
        else:
            plain = _PLAIN.fullmatch(new) and _reads_as(new, new)
            now = new if plain else json.dumps(new, ensure_ascii=False)
    else:
        now = json.dumps(new)  # true, 12 and 1.5 as YAML has them
    return (Edit(at, was, now),) if was and now and was != now else ()


def _reads_as(word: str, value: Any) -> bool:
    """Whether YAML takes *word* for *value*, without a doubt."""
    source, found = read_yaml(word, "")
    return not found and type(source.data) is type(value) and source.data == value

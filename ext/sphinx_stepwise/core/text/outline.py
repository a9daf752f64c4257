"""The words of YAML that is still being written, with place and path.

Forgiving where ``yaml_source`` is strict: a list without its bracket, a key without
its colon, a quote that is not closed yet.  It reads lines and indentation only and
never fails, so it says what stands where in an editor, and nothing of what is right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_stepwise.core.text.yaml_source import Path

_CLOSED: Final = r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^']|'')*'"
_QUOTED: Final = _CLOSED.replace('*"', '*"?').replace("*'", "*'?")
_KEY: Final = re.compile(
    rf"({_CLOSED}|[^\s#,\[\]{{}}\"'&*!|>%@`-][^#,\[\]{{}}]*?):(?=\s|$)"
)
_BLOCK_WORD: Final = re.compile(rf"{_QUOTED}|[^\s#](?:[^#]|(?<=\S)#)*")
_FLOW_WORD: Final = re.compile(
    rf"{_QUOTED}|[^\s,\[\]{{}}:#](?:[^,\[\]{{}}:#]|:(?=[^\s,\[\]{{}}])|(?<=\S)#)*"
)
_BLOCK_TEXT: Final = re.compile(r"[|>][-+0-9]*\s*(#.*)?")
#: Stands in for what is about to be written.
_LETTER: Final = "x"


@dataclass(frozen=True, slots=True)
class Word:
    """A key or a value as it stands in a line."""

    #: Keys and indexes that lead to it; a key's path ends with the key itself.
    path: Path
    is_key: bool
    #: Without quotes.
    text: str
    #: Line and columns from 0; quotes are inside.
    line: int
    start: int
    end: int
    #: Whether it stands in brackets or braces.
    flow: bool = False


def outline(lines: Sequence[str], /) -> list[Word]:
    """Return the words of *lines* in their order.  Never raises.

    What stands alone where a map has its keys is a value at the map's own path.
    """
    words: list[Word] = []
    block = _Block(lines, words)
    line = 0
    while line < len(lines):
        line = block.read(line)
    return words


def word_at(
    lines: Sequence[str], line: int, column: int, /
) -> tuple[Word | None, list[Word]]:
    """Return the word at a place, both from 0, and all words of *lines*.

    Where nothing stands the word is empty, as one that is about to be written; it is
    ``None`` in comments, in blocks of text and beyond what is a line.
    """
    if line >= len(lines):
        return None, outline(lines)
    text = lines[line]
    column = min(column, len(text))
    grown = f"{text[:column]}{_LETTER}{text[column:]}"
    words = outline([*lines[:line], grown, *lines[line + 1 :]])
    for number, word in enumerate(words):
        if word.line == line and word.start <= column < word.end:
            own = _plain(text[word.start : word.end - 1])
            words[number] = replace(word, text=own, end=word.end - 1)
            if word.is_key:
                words = [_under(w, word.path, (*word.path[:-1], own)) for w in words]
            return words[number], words
    return None, words


def _under(word: Word, old: Path, new: Path) -> Word:
    """Return *word* with the path *new* where its path was *old*, or led through it."""
    size = len(old)
    is_under = word.path[:size] == old
    return replace(word, path=(*new, *word.path[size:])) if is_under else word


def _plain(text: str) -> str:
    """Return a word without its quotes, closed or not."""
    if text[:1] in {'"', "'"}:
        closed = len(text) > 1 and text[-1] == text[0]
        return text[1 : -1 if closed else None]
    return text


def _indent(text: str, column: int = 0) -> int:
    """Return the column of what stands at *column* or next after it."""
    rest = text[column:]
    return column + len(rest) - len(rest.lstrip())


class _Block:
    """Reads lines where indentation says what belongs to what."""

    def __init__(self, lines: Sequence[str], words: list[Word]) -> None:
        self._lines, self._words = lines, words
        #: The keys and dashes above the place: column, and key or index.
        self._above: list[tuple[int, str | int]] = []

    def read(self, line: int) -> int:
        """Read a line; return the number of the one to go on with."""
        text = self._lines[line]
        column = _indent(text)
        if text[column : column + 1] in {"", "#"}:
            return line + 1
        while text[column : column + 2].rstrip() == "-":
            self._item(column)
            column = _indent(text, column + 1)
        self._leave(column)
        if key := _KEY.match(text, column):
            self._above.append((column, _plain(key[1])))
            word = Word(self._path(), True, _plain(key[1]), line, *key.span(1))  # noqa: FBT003
            self._words.append(word)
            column = _indent(text, key.end())
        return self._value(line, column)

    def _path(self) -> Path:
        return tuple(part for _, part in self._above)

    def _leave(self, column: int) -> None:
        """Leave what a word at *column* does not belong to."""
        while self._above and self._above[-1][0] >= column:
            self._above.pop()

    def _item(self, column: int) -> None:
        """Begin the next item of the list whose dashes stand at *column*."""
        index = 0
        while self._above and self._above[-1][0] >= column:
            at, part = self._above[-1]
            if at == column:
                if isinstance(part, str):
                    break  # a list may stand right below its key
                index = part + 1
            self._above.pop()
        self._above.append((column, index))

    def _value(self, line: int, column: int) -> int:
        text = self._lines[line]
        left = self._above[-1][0] if self._above else -1
        if text[column : column + 1] in {"[", "{"}:
            flow = _Flow(self._lines, self._words, self._path(), left)
            return flow.read(line, column)
        if _BLOCK_TEXT.fullmatch(text, column):
            return self._after_text(line + 1, left)
        if found := _BLOCK_WORD.match(text, column):
            word = found[0].rstrip()
            end = column + len(word)
            self._words.append(
                Word(self._path(), False, _plain(word), line, column, end)  # noqa: FBT003
            )
        return line + 1

    def _after_text(self, line: int, left: int) -> int:
        """Return the first line at or after *line* that a block of text does not hold.

        :param left: the column right of which all lines belong to it.
        """
        while line < len(self._lines):
            text = self._lines[line]
            if text.strip() and _indent(text) <= left:
                break
            line += 1
        return line


class _Flow:
    """Reads one value in brackets or braces, which may run over lines."""

    def __init__(
        self, lines: Sequence[str], words: list[Word], path: Path, left: int
    ) -> None:
        self._lines, self._words, self._base, self._left = lines, words, path, left
        #: For each open bracket an index; for each open brace a key, "" before it.
        self._open: list[str | int] = []

    def read(self, line: int, column: int) -> int:
        """Read from an opening bracket; return the number of the line to go on with."""
        while line < len(self._lines) and (self._open == [] or self._goes_on(line)):
            while column < len(self._lines[line]):
                column = self._step(line, column)
                if not self._open:
                    return line + 1
            line, column = line + 1, 0
        return line

    def _goes_on(self, line: int) -> bool:
        """Whether a line is not plainly one that follows a forgotten bracket."""
        text = self._lines[line]
        column = _indent(text)
        starts = _KEY.match(text, column) or text[column : column + 2].rstrip() == "-"
        return column > self._left or not starts

    def _path(self) -> Path:
        return (*self._base, *(part for part in self._open if part != ""))

    def _step(self, line: int, column: int) -> int:
        """Take the next sign or word; return the column after it."""
        text = self._lines[line]
        sign = text[column]
        if sign in "[{":
            self._open.append(0 if sign == "[" else "")
        elif sign in "]}":
            self._open.pop()
        elif sign == ",":
            part = self._open[-1]
            self._open[-1] = part + 1 if isinstance(part, int) else ""
        elif sign == "#":
            return len(text)
        elif found := _FLOW_WORD.match(text, column):
            return self._word(line, column, found[0].rstrip())
        return column + 1

    def _word(self, line: int, column: int, word: str) -> int:
        end = column + len(word)
        is_key = self._open[-1] == "" and self._lines[line][end:].lstrip()[:1] == ":"
        if is_key:
            self._open[-1] = _plain(word)
        self._words.append(
            Word(self._path(), is_key, _plain(word), line, column, end, flow=True)
        )
        return end

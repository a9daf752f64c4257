"""Texts and files, as core counts and names them and as the protocol does.

Core counts lines and characters from 1, without a byte-order mark; the protocol counts
from 0, in the units that editor and server agreed on.  Core names a file by its path
below the root; the protocol by an address, which is spelled as the editor spells it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lsprotocol import types
from pygls import uris

from sphinx_stepwise.core.diagnostics import Location
from sphinx_stepwise.core.reports.excerpts import word_length
from sphinx_stepwise.core.text.frontmatter import MAX_PAGE_BYTES

if TYPE_CHECKING:
    from pygls.workspace import PositionCodec

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_MARK: Final = "\ufeff"


class Document:
    """One text, with its places."""

    def __init__(self, text: str, codec: PositionCodec) -> None:
        self.text = text
        self.lines = _LINE_END.split(text.removeprefix(_MARK))
        self._codec = codec
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]

    def position(self, line: int, column: int) -> types.Position:
        """Return a place that counts from 1, or the nearest one that there is."""
        line = min(max(line, 1), len(self.lines))
        marked = line == 1 and self.text.startswith(_MARK)
        before = self.lines[line - 1][: max(column, 1) - 1]
        units = self._codec.client_num_units(before) + marked
        return types.Position(line - 1, units)

    def location(self, path: str, position: types.Position) -> Location:
        """Return what *position* is in the file at *path*, or the nearest place."""
        if position.line >= len(self.lines):
            return Location(path, len(self.lines) + 1)
        line = self.lines[position.line]
        left = position.character
        left -= position.line == 0 and self.text.startswith(_MARK)
        column = 1
        for character in line:
            if left <= 0:
                break
            left -= self._codec.client_num_units(character)
            column += 1
        return Location(path, position.line + 1, column)

    def word(self, place: Location) -> types.Range:
        """Return the range of the word at *place*."""
        line = self.lines[place.line - 1] if place.line <= len(self.lines) else ""
        length = word_length(line, place.column) if place.column <= len(line) else 0
        return self.stretch(place, place.column + length)

    def stretch(self, place: Location, end: int) -> types.Range:
        """Return the range from *place* to the column *end* of its line."""
        start = self.position(place.line, place.column)
        return types.Range(start, self.position(place.line, end))

    def span(self, start: int, end: int) -> types.Range:
        """Return the range between two offsets into the text."""
        return types.Range(self._at(start), self._at(end))

    def _at(self, offset: int) -> types.Position:
        line = bisect_right(self._starts, offset) - 1
        before = self.text[self._starts[line] : offset]
        return types.Position(line, self._codec.client_num_units(before))


class Addresses:
    """The addresses of a toolkit's files.

    :param folder: the toolkit's root as the editor spells it, which may be a link.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._root = folder.resolve()
        self._open: dict[str, str] = {}

    def opened(self, uri: str) -> None:
        """Note how the editor spells the address of a file that it has open."""
        path = self.path(uri)
        if path is not None:
            self._open[path] = uri

    def closed(self, uri: str) -> None:
        """Forget how the editor spelled the address of a file."""
        self._open = {path: known for path, known in self._open.items() if known != uri}

    def path(self, uri: str) -> str | None:
        """Return a file's path below the root; ``None`` where it is not below it."""
        file = file_of(uri)
        if file is None:
            return None
        roots = (self.folder, self._root)
        found = (file.relative_to(r) for r in roots if file.is_relative_to(r))
        return next((path.as_posix() for path in found), None)

    def uri(self, path: str) -> str:
        """Return the address of the file at *path* below the root."""
        spelled = self._open.get(path)
        return spelled or str(uris.from_fs_path(str(self.folder / path)))


def file_of(uri: str, /) -> Path | None:
    """Return the file at an address; ``None`` where it is no file's."""
    try:
        name = uris.to_fs_path(uri)
    except ValueError:
        return None
    return Path(name) if name and "\0" not in name else None


def on_disk(folder: Path, path: str, /) -> str:
    """Return a file as an editor opens it: without a byte-order mark.

    Nothing, where there is no file, or none that a look would read.
    """
    file = folder / path
    try:
        # Asked first, because reading a pipe would wait for ever.
        if not file.is_file() or file.stat().st_size > MAX_PAGE_BYTES:
            return ""
        return file.read_bytes().decode("utf-8-sig", "replace")
    except (OSError, RuntimeError):  # RuntimeError: a link to itself, Python 3.11
        return ""

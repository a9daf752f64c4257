"""The lines that findings stand in, with a mark under the place.

Files are read only when a line of theirs is asked for, and only those that a check
reads: inside the source folder, of bounded size.  So a link that leads out of it shows
nothing of what is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.printable import cells, printable
from sphinx_stepwise.core.text.frontmatter import MAX_PAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_stepwise.core.diagnostics import Location
    from sphinx_stepwise.core.project import Project

#: Columns of a terminal that a line may take before it is cut.
MOST_CELLS: Final = 80
_TAB: Final = "    "
_CUT: Final = "..."

LINE_END: Final = re.compile(r"\r\n|\r|\n")
_WORD: Final = re.compile(
    r"""(?x)
    \#{1,6} (?=[ \t]) .* \S                     # a heading
    | " (?: [^"\\] | \\. )* " | ' (?: [^'] | '' )* '
    | [^\s,\[\]{}"'`<>]+? (?= :? (?: [\s,\[\]{}"'`<>] | $ ) )
    """
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line of a file as a terminal shows it."""

    number: int
    text: str
    #: Spaces and carets; they stand under the place.
    mark: str

    @property
    def line(self) -> str:
        """The line after its number."""
        return f"  {self.number} | {self.text}".rstrip()

    @property
    def margin(self) -> str:
        """What stands before the mark, as wide as the number before the line."""
        return f"  {' ' * len(str(self.number))} | "


class Sources:
    """The texts of a project's files, each read once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._texts: dict[str, str] = {}
        self._lines: dict[str, list[str]] = {}

    def text(self, path: str, /) -> str:
        """Return a file's text as it stands there; nothing where it cannot be shown."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def line(self, place: Location, /) -> str | None:
        """Return the line of a place, or ``None`` where it cannot be shown.

        As checks count: without a byte-order mark, and with any kind of line end.
        """
        if place.path not in self._lines:
            text = self.text(place.path).removeprefix("\ufeff")
            self._lines[place.path] = LINE_END.split(text) if text else []
        lines = self._lines[place.path]
        return lines[place.line - 1] if place.line <= len(lines) else None

    def word(self, place: Location, /) -> str:
        """Return the word at a place; empty where there is none."""
        line, start = self.line(place) or "", place.column - 1
        return line[start : start + word_length(line, place.column)]

    def excerpt(self, place: Location, /) -> Excerpt | None:
        """Return the line of a place with a mark, or ``None`` where there is none."""
        line = self.line(place)
        return None if line is None else excerpt(line, place)

    def _read(self, path: str) -> str:
        project = self._project
        if path in project.texts:
            return project.texts[path]
        file = project.root / path
        try:
            inside = file.resolve().is_relative_to(project.source.resolve())
            if not inside or not file.is_file():
                return ""
            if file.stat().st_size > MAX_PAGE_BYTES:
                return ""
            return file.read_bytes().decode("utf-8", "replace")
        except (OSError, RuntimeError):  # RuntimeError: a link to itself, Python 3.11
            return ""


def word_length(line: str, column: int, /) -> int:
    """Return how many characters of *line* the word at *column* takes; at least 1.

    A word is an id, a key without its colon, a quoted text or a whole heading.
    """
    found = _WORD.match(line, column - 1)
    return len(found[0]) if found else 1


def excerpt(line: str, place: Location, /, most: int = MOST_CELLS) -> Excerpt:
    """Return *line* with a mark under the word at *place*, cut to *most* columns."""
    at = min(place.column - 1, len(line))
    end = at + word_length(line, place.column)
    # What is further away would be cut in any case.
    start = max(at - most, 0)
    near = line[start : at + most]
    at, end = at - start, end - start
    shown = [_TAB if c == "\t" else printable(c) for c in near]
    widths = [cells(text) for text in shown]
    first, last = _window(widths, at, most)
    before = _CUT if start + first else ""
    after = _CUT if start + last < len(line) else ""
    text = f"{before}{''.join(shown[first:last])}{after}"
    indent = len(before) + sum(widths[first:at])
    carets = max(sum(widths[at : min(end, last)]), 1)
    return Excerpt(place.line, text, " " * indent + "^" * carets)


def _window(widths: Sequence[int], at: int, most: int) -> tuple[int, int]:
    """Return from where to where a line of such widths is shown, so that *at* is."""
    if sum(widths) <= most:
        return 0, len(widths)
    first, room = at, most // 3
    while first and widths[first - 1] <= room:
        first -= 1
        room -= widths[first]
    last, room = at, most - sum(widths[first:at])
    while last < len(widths) and widths[last] <= room:
        room -= widths[last]
        last += 1
    return first, last

"""What stands, or is about to stand, at a place of a file.

For editors: it works on text that is not finished, so it asks the lines and not the
catalogue.  Front matter and data are read by ``outline``; the rules for roles are
those of ``body``, for one paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.diagnostics import Location
from sphinx_stepwise.core.project import KINDS
from sphinx_stepwise.core.text.frontmatter import split_front_matter
from sphinx_stepwise.core.text.outline import word_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_stepwise.core.project import Project
    from sphinx_stepwise.core.text.outline import Word
    from sphinx_stepwise.core.text.yaml_source import Path

_FENCE: Final = re.compile(r"-{3,}[ \t]*")
_NAME: Final = r"[\w:.+-]"
_ROLE: Final = re.compile(rf"(?<![\w\\`{{])(?<!:::)(?<!~~~)\{{({_NAME}*)$")
_TARGET: Final = re.compile(rf"(?s)\{{({_NAME}+)\}}`([^`]*)$")
_RECORD: Final = re.compile(r"\s*(?:`{3,}|~{3,}|:{3,})\s*\{(?:guide:)?record\}\s")
#: A role's words run over a few lines at most.
_MOST_LINES: Final = 8


class Part(Enum):
    """What a place is part of."""

    KEY = "key"
    VALUE = "value"
    #: The beginning of a record in a data file.
    RECORD = "record"
    #: The name of a role.
    ROLE = "role"
    #: The id that a role or a directive names.
    TARGET = "target"
    #: The word for a record in the directive that shows one.
    KIND = "kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A word of a file, maybe still empty."""

    part: Part
    text: str
    #: Where it begins, inside quotes where it has some.
    location: Location
    #: The column after it.
    end: int
    #: Kind of page or record whose schema holds here, or that a role names.
    kind: str = ""
    #: Keys and indexes that lead to it within the page or record.
    path: Path = ()
    #: Where the record stands in its file, from 0.
    index: int | None = None
    #: The other keys of its map, and the other values of its list.
    held: frozenset[str] = frozenset()
    #: Whether it stands in brackets or braces.
    flow: bool = False
    #: The rest of its line, without its quotes.
    before: str = ""
    after: str = ""


def spot_at(project: Project, lines: Sequence[str], at: Location, /) -> Spot | None:
    """Return what stands at a place of a file of *project*; ``None`` where we know.

    :param lines: the file's lines without their ends.
    """
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    column = min(at.column, len(line) + 1)
    at = Location(at.path, at.line, column)
    if record := record_of(project, at.path):
        return _in_data(lines, at, record)
    if not at.path.endswith(".md") or not _FENCE.fullmatch(lines[0] if lines else ""):
        return None
    split = split_front_matter("\n".join(lines))
    body_line = split[1] if split else len(lines) + 1
    if at.line >= body_line:
        return _in_body(project, lines[body_line - 1 :], at, body_line)
    closing = split is not None and at.line == body_line - 1
    return None if at.line == 1 or closing else _in_front(lines[1:], at)


def record_of(project: Project, path: str, /) -> str:
    """Return the word for a record of the data file at *path*; empty where it is none.

    :param path: posix, relative to the root.
    """
    file = project.root / path
    single = file.parent == project.data
    name = file.stem if single else file.parent.name
    inside = single or file.parent.parent == project.data
    return project.collections.get(name, "") if inside and file.suffix == ".yml" else ""


def _in_front(lines: Sequence[str], at: Location) -> Spot | None:
    word, words = word_at(lines, at.line - 2, at.column - 1)
    if word is None:
        return None
    kinds = (w.text for w in words if w.path == ("kind",) and not w.is_key)
    return _field(word, words, lines[word.line], at, kind=next(kinds, ""))


def _in_data(lines: Sequence[str], at: Location, record: str) -> Spot | None:
    word, words = word_at(lines, at.line - 1, at.column - 1)
    return _field(word, words, lines[word.line], at, kind=record) if word else None


def _field(
    word: Word, words: Sequence[Word], line: str, at: Location, *, kind: str
) -> Spot:
    index = next((part for part in word.path[:1] if isinstance(part, int)), None)
    path = word.path if index is None else word.path[1:]
    is_record = not path and index is None and kind not in {"", *KINDS}
    part = Part.KEY if word.is_key else Part.RECORD if is_record else Part.VALUE
    quotes = line[word.start : word.start + 1] in {'"', "'"}
    start = word.start + 1 + quotes
    return Spot(
        part=part,
        kind=kind,
        path=path,
        index=index,
        text=word.text,
        location=Location(at.path, at.line, start),
        end=start + len(word.text),
        held=frozenset(_held(word, words)),
        flow=word.flow,
        before=line[: word.start],
        after=line[word.end :],
    )


def _held(word: Word, words: Sequence[Word]) -> set[str]:
    """Return the other keys of a word's map, and the other values of its list."""
    above = word.path[:-1] if word.is_key else word.path
    keys = {w.text for w in words if w.is_key and w.path[:-1] == above}
    indexes = [at for at, part in enumerate(above) if isinstance(part, int)]
    items = above[: indexes[-1]] if indexes else above
    values = {
        w.text for w in words if not w.is_key and _are_alike(w.path, above, len(items))
    }
    return (keys | values) - {word.text}


def _are_alike(path: Path, other: Path, size: int) -> bool:
    """Whether *path* leads to or into an item of a list, as *other* does.

    :param size: the length of the list's own path.
    """
    is_item = isinstance(next(iter(path[size:]), None), int)
    rest, wanted = path[size + 1 :], other[size + 1 :]
    return (
        is_item and path[:size] == other[:size] and (not wanted or rest in {(), wanted})
    )


def _in_body(
    project: Project, lines: Sequence[str], at: Location, body_line: int
) -> Spot | None:
    number = at.line - body_line
    if number >= len(lines):
        return None
    line = lines[number]
    column = at.column - 1
    found = _RECORD.match(line)
    if found and found.end() <= column:
        return _in_directive(line, found.end(), at)
    if found := _ROLE.search(line[:column]):
        start, end = found.start(1), _end(line, column, rf"{_NAME}*")
        return _word(Part.ROLE, line, start, end, at)
    above = _paragraph(lines, number)
    found = _TARGET.search("\n".join([*above, line[:column]]))
    if not found:
        return None
    name = found[1].removeprefix("guide:")
    record = project.split_role(name)
    kind = name if name in KINDS else record[0] if record else ""
    start = column - len(found[2].rsplit("\n", 1)[-1])
    return _target(line, start, column, at, kind) if kind else None


def _paragraph(lines: Sequence[str], number: int) -> Sequence[str]:
    """Return the lines of a paragraph above line *number*."""
    first = number
    while first and number - first < _MOST_LINES and lines[first - 1].strip():
        first -= 1
    return lines[first:number]


def _target(line: str, start: int, column: int, at: Location, kind: str) -> Spot:
    """Return the id of a role: all of its content, or what stands in ``<...>``.

    :param start: where the role's content begins on this line.
    """
    closing = line.find("`", column)
    end = closing if closing >= 0 else _end(line, column, r"[^\s<>]*")
    opening = line.rfind("<", start, end)
    if opening >= 0:
        start, end = opening + 1, _end(line, opening + 1, r"[^\s`>]*")
    return _word(Part.TARGET, line, start, end, at, kind)


def _in_directive(line: str, start: int, at: Location) -> Spot:
    """Return the word or the id after the name of the directive."""
    words = list(re.finditer(r"\S+", line[start:]))
    here = at.column - 1 - start
    before = [word for word in words if word.end() < here]
    word = next((w for w in words if w.start() <= here <= w.end()), None)
    begin, end = word.span() if word else (max(here, 0), max(here, 0))
    part = Part.TARGET if before else Part.KIND
    kind = before[0][0] if before else ""
    return _word(part, line, start + begin, start + end, at, kind)


def _end(line: str, column: int, pattern: str) -> int:
    found = re.compile(pattern).match(line, column)
    return found.end() if found else column


def _word(
    part: Part, line: str, start: int, end: int, at: Location, kind: str = ""
) -> Spot:
    raw = line[start:end]
    start, end = start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip())
    end = max(start, end)
    return Spot(
        part=part,
        kind=kind,
        text=raw.strip(),
        location=Location(at.path, at.line, start + 1),
        end=end + 1,
        before=line[:start],
        after=line[end:],
    )

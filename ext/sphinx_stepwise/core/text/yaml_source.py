"""Read YAML once, safely, keeping the place of every key and item.

The subset is smaller than YAML on purpose: no anchors, aliases, tags or merge
keys, no duplicate keys, and only values that every YAML version reads alike.
Dates stay text (``2026-11-20``), so that JSON Schema can check them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.diagnostics import Diagnostic, Location
from sphinx_stepwise.core.text.yaml_faults import syntax_hint, syntax_mend

if TYPE_CHECKING:
    from collections.abc import Iterator

#: libyaml's parser where PyYAML was built with it: ten times faster.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_DEPTH: Final = 16


_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)\.([0-9]*[1-9]|0)")
#: Spellings that YAML 1.1 and 1.2, or two readers of one of them, take differently.
_AMBIGUOUS = re.compile(
    r"""(?ix) y|n|yes|no|on|off|~|=|<<
    | true|false|null                        # other cases than the plain ones
    | [-+]?0[0-9_]+ | [-+]?0[xob][0-9a-f_]+  # octal, hexadecimal, binary
    | [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9]*)?   # base 60
    | [-+]?[0-9][0-9]*_[0-9_]*
    | [-+]?([0-9]+\.[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)? | [-+]?[0-9]+e[-+]?[0-9]+
    | [-+]?\.inf | \.nan
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt\ ].*)?     # dates but the plain ones
    """
)
_WORDS: Final = {"": None, "null": None, "true": True, "false": False}
_LONGEST_WORD: Final = len("false")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

#: A path of keys and indexes into the data.
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value stands and, in a map, its key; (line, column) from 1."""

    value: tuple[int, int]
    key: tuple[int, int] | None = None
    #: Whether the value is written in brackets or braces.
    flow: bool = False

    @property
    def start(self) -> tuple[int, int]:
        """The key where there is one, else the value."""
        return self.key or self.value


@dataclass(slots=True)
class YamlSource:
    """Data read from YAML, with a mark for each path."""

    path: str
    data: Any = None
    marks: dict[Path, Mark] = field(default_factory=dict)
    #: False where the text was no YAML at all; then ``data`` is None.
    readable: bool = True
    #: The text; its first line is line *first_line* of the file.
    lines: list[str] = field(default_factory=list)
    first_line: int = 1

    def at(self, *path: str | int) -> Location:
        """Return where the key or item at *path* starts, or its nearest parent."""
        return self._locate(path, key=True)

    def value_at(self, *path: str | int) -> Location:
        """Return where the value at *path* starts, or its nearest parent."""
        return self._locate(path, key=False)

    def rest_of_line(self, place: Location) -> str:
        """Return the text from *place* to the end of its line."""
        lines = self.lines[place.line - self.first_line :][:1]
        return lines[0][place.column - 1 :] if lines else ""

    def is_flow(self, *path: str | int) -> bool:
        """Whether the list or map at *path* is written in brackets or braces."""
        return path in self.marks and self.marks[path].flow

    def _locate(self, path: Path, *, key: bool) -> Location:
        while path and path not in self.marks:
            path = path[:-1]
        mark = self.marks.get(path, Mark((1, 1)))
        return Location(self.path, *(mark.start if key else mark.value))


class _Refused(Exception):  # noqa: N818 - control flow, never seen outside
    def __init__(self, mark: Any, message: str, hint: str) -> None:
        super().__init__(message)
        self.mark, self.message, self.hint = mark, message, hint


def read_yaml(
    text: str, path: str, /, *, first_line: int = 1
) -> tuple[YamlSource, list[Diagnostic]]:
    """Parse *text*, whose first line is line *first_line* of the file at *path*.

    All faults that leave the rest readable are returned together; after a fault
    of syntax the source is not ``readable``.  Never raises for bad input.
    """
    reader = _Reader(path, first_line)
    reader.source.lines = text.split("\n")
    try:
        reader.read(text)
    except _Refused as refused:
        place = reader.place(refused.mark)
        reader.report(Code.FRONT_MATTER_YAML, place, refused.message, refused.hint)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = reader.place(mark) if mark else (first_line, 1)
        edits = syntax_mend(error, reader.source.lines, path, first_line)
        message = f"YAML cannot be read here: {error.problem}"
        hint = syntax_hint(error)
        reader.report(Code.FRONT_MATTER_YAML, place, message, hint, edits=edits)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + first_line
        message = "a control character cannot stand in YAML"
        hint = f"Delete the character U+{ord(_char(error.character)):04X}."
        reader.report(Code.FRONT_MATTER_YAML, (line, 1), message, hint)
    else:
        return reader.source, reader.diagnostics
    reader.source.data, reader.source.readable = None, False
    return reader.source, reader.diagnostics


def _char(character: Any) -> str:
    """Return the character: the C reader names it by number, the other by itself."""
    return chr(character) if isinstance(character, int) else str(character)


class _Reader:
    """Build data from parser events, which, unlike nodes, still show anchors."""

    def __init__(self, path: str, first_line: int) -> None:
        self.source = YamlSource(path, first_line=first_line)
        self.source.marks[()] = Mark((first_line, 1))
        self.diagnostics: list[Diagnostic] = []
        self._first_line = first_line

    def place(self, mark: Any) -> tuple[int, int]:
        return mark.line + self._first_line, mark.column + 1

    def report(
        self, code: Code, at: tuple[int, int], message: str, hint: str, **more: Any
    ) -> None:
        place = Location(self.source.path, *at)
        self.diagnostics.append(Diagnostic(code, place, message, hint, **more))

    def read(self, text: str) -> None:
        events = iter(yaml.parse(text, Loader=LOADER))
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and event.explicit:
                raise _Refused(
                    event.start_mark,
                    "a `---` line starts a second block",
                    "Delete the line; one file holds one block.",
                )
            if isinstance(event, yaml.NodeEvent):
                self.source.marks[()] = Mark(self.place(event.start_mark))
                self.source.data = self._value(event, events, ())

    def _value(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise _Refused(
                event.start_mark,
                "anchors and aliases (`&name`, `*name`) are not used here",
                "Write the value out, or put quotes round text that begins so.",
            )
        if event.tag:
            raise _Refused(
                event.start_mark,
                f"YAML tags such as `{event.tag}` are not used here",
                "Delete the tag, or put quotes round text that begins with `!`.",
            )
        if len(path) > MAX_DEPTH:
            raise _Refused(
                event.start_mark,
                f"values are nested more than {MAX_DEPTH} deep",
                "Flatten the structure.",
            )
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        return self._mapping(events, path)

    def _sequence(self, events: Iterator[Any], path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            here = (*path, len(items))
            self.source.marks[here] = Mark(self.place(event.start_mark))
            items.append(self._value(event, events, here))
        return items

    def _mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._key(event, path)
            at = self.place(event.start_mark)
            value_event = next(events)
            here = (*path, key)
            if first := self.source.marks.get(here):
                message = f"`{key}` is written twice; the first is on line"
                self.report(
                    Code.FRONT_MATTER_DUPLICATE_KEY,
                    at,
                    f"{message} {first.start[0]}",
                    "Keep one of the two.",
                    related=(Location(self.source.path, *first.start),),
                )
                # Read on, so that later faults are found, but keep the first.
                kept = dict(self.source.marks)
                self._value(value_event, events, here)
                self.source.marks = kept
                continue
            flow = bool(getattr(value_event, "flow_style", False))
            place = self.place(value_event.start_mark)
            self.source.marks[here] = Mark(place, at, flow)
            data[key] = self._value(value_event, events, here)
        return data

    def _key(self, event: Any, path: Path) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
            raise _Refused(
                event.start_mark, "a key must be a word", "Write `word: value`."
            )
        if event.value == "<<" and not event.style:
            raise _Refused(
                event.start_mark, "merge keys (`<<`) are not used here", "Write it out."
            )
        value = self._scalar(event)
        if not isinstance(value, str) or not value:
            message = f"the key `{event.value}` is not a word"
            hint = "Use letters, digits, `_` or `-`, beginning with a letter."
            self.report(
                Code.FRONT_MATTER_AMBIGUOUS, self.place(event.start_mark), message, hint
            )
        return str(event.value)

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        text: str = event.value
        if event.style or not event.implicit[0] or _DATE.fullmatch(text):
            return text  # quoted, a block of text, or a date
        if len(text) > _LONGEST_WORD and text[0].isalpha():
            return text  # most values: no spelling below is longer
        if text in _WORDS:
            return _WORDS[text]
        if _INT.fullmatch(text):
            # Python refuses to convert absurdly long digits; leave those text.
            return int(text) if len(text) < 20 else text  # noqa: PLR2004
        if _FLOAT.fullmatch(text):
            return float(text)
        if _AMBIGUOUS.fullmatch(text):
            self.report(
                Code.FRONT_MATTER_AMBIGUOUS,
                self.place(event.start_mark),
                f"YAML readers disagree about what `{text}` means",
                f'Write "{text}" in quotes for text, {_plain_choices(text)}.',
            )
        return text


def _plain_choices(text: str) -> str:
    if text.lower() in {"y", "n", "yes", "no", "on", "off", "true", "false"}:
        return "or true or false without quotes"
    if text.lower() in {"~", "null"}:
        return "or null for nothing"
    return "or a plain number (12, 1.5) or date (2026-11-20)"

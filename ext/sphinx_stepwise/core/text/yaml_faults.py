"""What to do about text that is no YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.diagnostics import Edit, Location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yaml import MarkedYAMLError

#: ``key: value``, with a value that can get quotes as it is.
_PLAIN_LINE: Final = re.compile(
    r"""(?x) (?P<key> [ ]* (- [ ]+)? [\w-]+ : [ ]+ )
    (?P<value> [^\s"'\#|>&*!%@`\[{] ((?! [ ]\#) [^"\\])*? ) [ ]*"""
)


def syntax_hint(error: MarkedYAMLError, /) -> str:
    """Return what the author should look at."""
    problem = error.problem or ""
    if "cannot start any token" in problem:
        return "Use spaces, not tabs, and quote values that begin with @ ` or %."
    if "mapping values are not allowed" in problem:
        return 'Put quotes round a value that holds a colon: title: "One: two".'
    if "flow" in (error.context or ""):
        return "Close the bracket or brace, or write one `- item` on each line."
    return "Check colons, quotes and indentation on this line and the one above."


def syntax_mend(
    error: MarkedYAMLError, lines: Sequence[str], path: str, first_line: int, /
) -> tuple[Edit, ...]:
    """Return what puts quotes round a value that holds a colon, or nothing.

    :param lines: the text, whose first line is line *first_line* of the file.
    """
    mark = error.problem_mark
    if mark is None or "mapping values are not allowed" not in (error.problem or ""):
        return ()
    line, below = (*lines[mark.line : mark.line + 2], "", "")[:2]
    found = _PLAIN_LINE.fullmatch(line)
    # Not where the value goes on below, nor where a key stands that cannot.
    if not found or mark.column < found.end("key") or _indent(below) > _indent(line):
        return ()
    place = Location(path, mark.line + first_line, found.end("key") + 1)
    return (Edit(place, found["value"], f'"{found["value"]}"'),)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())

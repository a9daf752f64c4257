"""Split a page into front matter and body, and read both.

The rule for the block is MyST's own (``mdit_py_plugins.front_matter``): three or
more dashes at the very start, closed by a line of at least as many, or by ``...``.
A test holds the two to one verdict.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.diagnostics import Diagnostic, Location
from sphinx_stepwise.core.text.body import read_body
from sphinx_stepwise.core.text.yaml_source import read_yaml

if TYPE_CHECKING:
    from sphinx_stepwise.core.text.body import Heading, RoleUse
    from sphinx_stepwise.core.text.yaml_source import YamlSource

#: A page may be long; a block of front matter is a screen or two.
MAX_PAGE_BYTES: Final = 2 * 1024 * 1024
MAX_BLOCK_BYTES: Final = 64 * 1024

#: A key that front matter begins with, after a few lines of comment at most.
_KEY = re.compile(r"\s*(kind|title|summary)\s*:")
_NEAR: Final = 12
#: A line that can stand in front matter, and hardly in text.
_FRONT_LINE = re.compile(r"\s*$|\s*#(?!#)|[\w-]+:(\s|$)|\s+\S|-\s")
_OPENING = re.compile(r"(-{3,})[ \t]*")


@dataclass(slots=True)
class SourcePage:
    """A page as its file has it."""

    path: str
    #: Front matter; ``None`` where there is none or it cannot be read.
    front: YamlSource | None = None
    body: str = ""
    #: Line of the file, from 1, on which the body begins.
    body_line: int = 1
    headings: list[Heading] = field(default_factory=list)
    roles: list[RoleUse] = field(default_factory=list)

    @property
    def data(self) -> dict[str, Any]:
        """The front matter's map; empty where there is none."""
        data = self.front.data if self.front else None
        return data if isinstance(data, dict) else {}


def decode(raw: bytes, path: str, /) -> tuple[str | None, list[Diagnostic]]:
    """Decode a file's bytes as UTF-8; a byte-order mark and CRLF are accepted.

    Returns ``None`` and a finding with the place of the first bad byte, or where
    the file is larger than :data:`MAX_PAGE_BYTES`.
    """
    if len(raw) > MAX_PAGE_BYTES:
        size, most = len(raw) // 1024, MAX_PAGE_BYTES // 1024
        return None, [
            Diagnostic(
                Code.FILE_UNREADABLE,
                Location(path),
                message=f"the file is {size} KiB; at most {most} KiB are read",
                hint="Split it, or move data out of the page.",
            )
        ]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rsplit(b"\n", 1)[-1].decode("utf-8-sig", "replace")) + 1
        return None, [
            Diagnostic(
                Code.FILE_UNREADABLE,
                Location(path, line, column),
                message=f"byte 0x{raw[error.start]:02x} is not UTF-8 text",
                hint="Save the file as UTF-8.",
            )
        ]
    return text.replace("\r\n", "\n").replace("\r", "\n"), []


def split_front_matter(text: str, /) -> tuple[str, int] | None:
    """Return the block's text and the line (from 1) on which the body begins.

    ``None`` where *text* does not begin with a block or the block is not closed.
    """
    lines = text.split("\n")
    opening = _OPENING.fullmatch(lines[0])
    if not opening:
        return None
    dashes = len(opening[1])
    for number, line in enumerate(lines[1:], start=1):
        closes = re.fullmatch(rf" {{0,3}}-{{{dashes},}}[ \t]*|\.\.\.[ \t]*", line)
        if closes:
            return "\n".join(lines[1:number]), number + 2
    return None


def read_page(text: str, path: str, /) -> tuple[SourcePage, list[Diagnostic]]:
    """Read a page's front matter and headings.  Never raises for bad input."""
    split = split_front_matter(text)
    if split is None:
        page = SourcePage(path, body=text)
        return page, [_no_block(text, path)]
    block, body_line = split
    body = "\n".join(text.split("\n")[body_line - 1 :])
    page = SourcePage(path, body=body, body_line=body_line)
    page.headings, page.roles = read_body(body, path, body_line)
    if len(block.encode()) > MAX_BLOCK_BYTES:
        return page, [
            Diagnostic(
                Code.FILE_UNREADABLE,
                Location(path),
                message=f"front matter is over {MAX_BLOCK_BYTES // 1024} KiB",
                hint="Move data to a file in the data folder.",
            )
        ]
    front, diagnostics = read_yaml(block, path, first_line=2)
    if front.readable:
        page.front = front
    return page, diagnostics


def _begins_block(lines: list[str], number: int) -> bool:
    """Whether a line looks as if front matter began with it."""
    if not _OPENING.fullmatch(lines[number].strip()):
        return False
    above, below = lines[:number], lines[number + 1 : number + _NEAR]
    return not "".join(above).strip() or any(map(_KEY.match, below))


def _last_front_line(lines: list[str]) -> int:
    """Return the number of the last line that looks like front matter."""
    front = list(itertools.takewhile(_FRONT_LINE.match, lines[1:]))
    while front and not front[-1].strip():
        front.pop()
    return len(front) + 1


def _no_block(text: str, path: str) -> Diagnostic:
    """Say why *text* has no readable block, and what to do."""
    lines = text.split("\n")
    if _OPENING.fullmatch(lines[0]):
        last = _last_front_line(lines)
        return Diagnostic(
            Code.FRONT_MATTER_UNCLOSED,
            Location(path),
            message="front matter has no closing `---` line",
            hint=f"Add a line `---` after line {last}, the last key.",
        )
    number = next((i for i in range(len(lines)) if _begins_block(lines, i)), None)
    if number is not None:
        column = len(lines[number]) - len(lines[number].lstrip()) + 1
        return Diagnostic(
            Code.FRONT_MATTER_NOT_FIRST,
            Location(path, number + 1, column),
            message="front matter must begin on the first line, at its first column",
            hint="Delete everything before `---`.",
        )
    return Diagnostic(
        Code.FRONT_MATTER_MISSING,
        Location(path),
        message="the page has no front matter",
        hint="Begin the page with `---`, its keys (kind, title, summary) and `---`.",
    )

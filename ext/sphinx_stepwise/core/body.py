"""What a page's text says of other things: headings, and roles that name ids.

Floor 1.  Read with MyST's own rules (markdown-it and its ``myst_role`` plugin), so
that a role in a code sample is none and one in a directive is.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from sphinx_stepwise.core.diagnostics import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

# Blocks only: most lines hold no role, and inline parsing takes most of the time.
_BLOCKS: Final = (
    MarkdownIt("commonmark").use(colon_fence_plugin).disable(["inline", "text_join"])
)
_INLINE: Final = MarkdownIt("commonmark").use(myst_role_plugin)
_MAY_HOLD_ROLE: Final = re.compile(r"\{[\w:.+-]+\}`")
_DIRECTIVE: Final = re.compile(r"\{([\w:.+-]+)\}")
#: Directives whose content is not read as Markdown.
_LITERAL: Final = frozenset(
    {
        "code",
        "code-block",
        "code-cell",
        "sourcecode",
        "literalinclude",
        "parsed-literal",
    }
    | {"math", "mermaid", "graphviz", "raw", "eval-rst", "csv-table", "toctree"}
)
#: The directive that shows one record: its opening line names it as a role does.
_RECORD: Final = re.compile(r"(\{(?:guide:)?record\})\s+(\S+)\s+(\S+)")
#: Sphinx's rule for ``words <target>``.
_EXPLICIT: Final = re.compile(r"(?s)^.+?\s*<([^<]*?)>$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in a page's body."""

    level: int
    text: str
    location: Location


@dataclass(frozen=True, slots=True)
class RoleUse:
    """A role in a page's body."""

    #: Without the domain: ``step``, for ``{step}`` and ``{guide:step}``.
    name: str
    target: str
    #: Where the target begins.
    location: Location


def read_body(
    body: str, path: str, body_line: int, /
) -> tuple[list[Heading], list[RoleUse]]:
    """Return the top-level headings and the roles of a Markdown *body*, in order.

    The directive that shows one record counts as a role, called by the record's word.
    """
    tokens = _BLOCKS.parse(body)
    headings = [
        Heading(
            level=int(token.tag[1:]),
            text=inline.content.strip(),
            location=Location(path, (token.map or [0])[0] + body_line, 1),
        )
        for token, inline in itertools.pairwise(tokens)
        if token.type == "heading_open" and token.level == 0
    ]
    finder = _Finder(body.split("\n"), path, body_line)
    uses = [use for found in _roles(tokens, 0) if (use := finder.place(found))]
    return headings, uses


class _Found(NamedTuple):
    """A role as the parser has it: the line of its block, and what opens it."""

    line: int
    opening: str
    name: str
    content: str


def _roles(tokens: list[Token], first: int) -> Iterator[_Found]:
    """Yield every role of some blocks, those in directives as well."""
    for token in tokens:
        line = first + (token.map or [0])[0]
        if token.type == "inline" and _MAY_HOLD_ROLE.search(token.content):
            for child in _children(_INLINE.parseInline(token.content)):
                if child.type == "myst_role":
                    name = child.meta["name"]
                    yield _Found(line, f"{{{name}}}`", name, child.content)
        elif token.type in {"fence", "colon_fence"}:
            info = token.info.strip()
            directive = _DIRECTIVE.match(info)
            if record := _RECORD.match(info):
                yield _Found(line, record[1], record[2], record[3])
            elif directive and directive[1] not in _LITERAL:
                yield from _roles(_BLOCKS.parse(token.content), line + 1)


def _children(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _children(token.children or [])


class _Finder:
    """Finds each role again in the lines, where the parser kept only blocks."""

    def __init__(self, lines: list[str], path: str, body_line: int) -> None:
        self._lines = lines
        self._path = path
        self._body_line = body_line
        self._at = (0, 0)

    def place(self, found: _Found) -> RoleUse | None:
        """Return the next use of the role at or after its block's first line."""
        line, column = max(self._at, (found.line, 0))
        while line < len(self._lines):
            at = self._lines[line].find(found.opening, column)
            if at >= 0:
                start = at + len(found.opening)
                self._at = (line, start)
                return self._use(line, start, found)
            line, column = line + 1, 0
        return None

    def _use(self, line: int, start: int, found: _Found) -> RoleUse:
        explicit = _EXPLICIT.match(found.content)
        target = (explicit[1] if explicit else found.content).strip()
        # The words before an id may run over the end of a line.
        rest = "\n".join([self._lines[line][start:], *self._lines[line + 1 :]])
        offset = rest.find(f"<{target}>") + 1 if explicit else rest.find(target)
        before = rest[: max(offset, 0)].split("\n")
        column = len(before[-1]) + 1 + (start if len(before) == 1 else 0)
        number = line + len(before) - 1 + self._body_line
        location = Location(self._path, number, column)
        return RoleUse(found.name.removeprefix("guide:"), target, location)

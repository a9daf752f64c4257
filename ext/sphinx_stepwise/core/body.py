"""What a page's text says of other things: headings, and roles that name ids.

Floor 1.  Read with MyST's own rules (markdown-it and its ``myst_role`` plugin), so
that a role in a code sample is none and one in a directive is.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

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


def read_headings(body: str, path: str, body_line: int, /) -> list[Heading]:
    """Return the top-level headings of a Markdown *body*, with their places."""
    tokens = _BLOCKS.parse(body)
    return [
        Heading(
            level=int(token.tag[1:]),
            text=inline.content.strip(),
            location=Location(path, (token.map or [0])[0] + body_line, 1),
        )
        for token, inline in itertools.pairwise(tokens)
        if token.type == "heading_open" and token.level == 0
    ]


def read_roles(body: str, path: str, body_line: int, /) -> list[RoleUse]:
    """Return the roles of a Markdown *body*, in order, with their places."""
    if not _MAY_HOLD_ROLE.search(body):
        return []
    lines = body.split("\n")
    finder = _Finder(lines, path, body_line)
    return [
        use
        for first, name, content in _roles(body, 0)
        if (use := finder.place(first, name, content))
    ]


def _roles(text: str, first: int) -> Iterator[tuple[int, str, str]]:
    """Yield (line of the block, role, its content), directives' content as well."""
    for token in _BLOCKS.parse(text):
        line = first + (token.map or [0])[0]
        if token.type == "inline" and _MAY_HOLD_ROLE.search(token.content):
            for child in _children(_INLINE.parseInline(token.content)):
                if child.type == "myst_role":
                    yield line, child.meta["name"], child.content
        elif token.type in {"fence", "colon_fence"}:
            directive = _DIRECTIVE.match(token.info.strip())
            if directive and directive[1] not in _LITERAL:
                yield from _roles(token.content, line + 1)


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

    def place(self, first: int, name: str, content: str) -> RoleUse | None:
        """Return the next use of the role at or after line *first*."""
        line, column = max(self._at, (first, 0))
        opening = f"{{{name}}}`"
        while line < len(self._lines):
            found = self._lines[line].find(opening, column)
            if found >= 0:
                start = found + len(opening)
                self._at = (line, start)
                return self._use(line, start, name, content)
            line, column = line + 1, 0
        return None

    def _use(self, line: int, start: int, name: str, content: str) -> RoleUse:
        explicit = _EXPLICIT.match(content)
        target = (explicit[1] if explicit else content).strip()
        rest = self._lines[line][start:]
        offset = rest.find(f"<{target}>") + 1 if explicit else rest.find(target)
        column = start + max(offset, 0) + 1
        location = Location(self._path, line + self._body_line, column)
        return RoleUse(name.removeprefix("guide:"), target, location)

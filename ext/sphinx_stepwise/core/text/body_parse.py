"""Find headings and roles in any body, by parsing it.

Read with MyST's own rules (markdown-it and its ``myst_role`` plugin), so that a role in
a code sample is none and one in a directive is.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from sphinx_stepwise.core.text.markup import DIRECTIVE, LITERAL, RECORD, Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

# Blocks only: most lines hold no role, and inline parsing takes most of the time.
_BLOCKS: Final = (
    MarkdownIt("commonmark").use(colon_fence_plugin).disable(["inline", "text_join"])
)
_INLINE: Final = MarkdownIt("commonmark").use(myst_role_plugin)
_MAY_HOLD_ROLE: Final = re.compile(r"\{[\w:.+-]+\}`")
_NAME: Final = re.compile(r"\{[\w:.+-]+\}(?=`|$)")


def parse(body: str, /) -> Found:
    """Return the headings and roles of *body*."""
    tokens = _BLOCKS.parse(body)
    starts = [0, *(found.end() for found in re.finditer("\n", body))]
    headings = [
        (starts[(token.map or [0])[0]], int(token.tag[1:]), inline.content.strip())
        for token, inline in itertools.pairwise(tokens)
        if token.type == "heading_open" and token.level == 0
    ]
    found = Found(headings, [])
    at = 0
    for role in _roles(tokens, 0):
        # The parser kept only the block's first line: look for the role from there.
        opening = body.find(role.opening, max(at, starts[role.line]))
        if opening < 0:
            continue
        start = at = opening + len(role.opening)
        if role.name:
            inside = start + 1 if role.ticks else start + len(role.content)
            end = body.find(role.ticks, inside)
            at = end + len(role.ticks)
            found.roles.append((start, role.name, body[start:end]))
    return found


class _Role(NamedTuple):
    """A role as the parser has it: the line of its block, and what opens it."""

    line: int
    opening: str
    #: What closes it; nothing for a directive, whose content is one word.
    ticks: str
    #: Empty for what only looks like a role, in code.
    name: str
    content: str


def _roles(tokens: list[Token], first: int) -> Iterator[_Role]:
    """Yield every role of some blocks, those in directives as well."""
    for token in tokens:
        line = first + (token.map or [0])[0]
        if token.type == "inline" and _MAY_HOLD_ROLE.search(token.content):
            for child in _children(_INLINE.parseInline(token.content)):
                if child.type == "myst_role":
                    yield _role(token.content, line, child)
                elif child.type == "code_inline":
                    for sample in _NAME.findall(child.content):
                        yield _Role(line, sample, "`", "", "")
        elif token.type in {"fence", "colon_fence"}:
            info = token.info.strip()
            directive = DIRECTIVE.match(info)
            if record := RECORD.match(info):
                opening = info[: record.start(2)]
                yield _Role(line, opening, "", record[1], record[2])
            elif directive and directive[1] not in LITERAL:
                yield from _roles(_BLOCKS.parse(token.content), line + 1)


def _role(text: str, line: int, token: Token) -> _Role:
    name = token.meta["name"]
    # Its ticks are not kept; they are the shortest with which it is in the text.
    flat = text.replace("\n", " ")
    ticks = next(
        ("`" * n for n in range(1, 9) if f"{{{name}}}{'`' * n}{token.content}" in flat),
        "`",
    )
    return _Role(line, f"{{{name}}}{ticks}", ticks, name, token.content)


def _children(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _children(token.children or [])

"""A page as its reader sees it, with the place of every letter in its file.

Each block holds two texts of one length.  ``told`` is what a reader reads, with the
words of facts and the titles of steps put in.  ``own`` has gaps where those words come
from a record, another page or a code sample, so a rule can look at what was typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from sphinx_stepwise.core.text.frontmatter import read_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token
    from sphinx_stepwise.core.text.body import RoleUse

#: Stands in ``own`` for each letter that this page does not say itself.
GAP: Final = "\0"

Place = tuple[int, int]

_BLOCKS: Final = (
    MarkdownIt("commonmark")
    .enable("table")
    .use(colon_fence_plugin)
    .disable(["inline", "text_join"])
)
_DIRECTIVE: Final = re.compile(r"\{([\w:.+-]+)\}")
#: Directives whose content is prose; what others hold is shown by the engine.
_PROSE: Final = frozenset(
    {"admonition", "caution", "danger", "dropdown", "glossary", "hint", "important"}
    | {"list-table", "note", "seealso", "tip", "warning", "card", "grid", "grid-item"}
    | {"grid-item-card", "tab-item", "tab-set"}
)
_OPTION: Final = re.compile(r":[\w-]+:( |$)")
#: What stands between the words; the rest is shown as it is typed.
_INLINE: Final = re.compile(
    r"""(?x)
      \{(?P<role>[\w:.+-]+)\}(?P<ticks>`+)(?P<content>.+?)(?P=ticks)
    | (?P<code>`+)(?P<sample>.+?)(?P=code)
    | <!--.*?-->
    | !?\[(?P<words>[^\]]*)\](?:\((?P<url>[^)]*)\))?
    | <(?:https?://|mailto:)[^>]*>
    | \*+ | (?<!\w)_+ | _+(?!\w) | \\(?=[^\w\s])
    """
)
_EXPLICIT: Final = re.compile(r"(.+?)\s*<([^<]*)>")


class Names(Protocol):
    """Knows the words that stand for an id in a sentence."""

    def __call__(self, role: str, target: str, /) -> str:
        """Return the words that the role shows for *target*."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, an item of a list or a cell of a table."""

    #: ``summary``, ``heading``, ``text``, ``item`` or ``cell``.
    kind: str
    told: str
    own: str
    places: tuple[Place, ...]
    #: Headings that it stands below, of level 2 and 3.
    under: tuple[str, str] = ("", "")
    #: The directives that it stands in, the outermost first.
    inside: tuple[str, ...] = ()
    #: The words of each link, and where they stand.
    links: tuple[tuple[str, Place], ...] = ()

    def place(self, index: int, /) -> Place:
        """Return line and column of a letter of ``told``."""
        return self.places[min(index, len(self.places) - 1)]


@dataclass(frozen=True, slots=True)
class Prose:
    """A page's words."""

    path: str
    kind: str
    blocks: tuple[Block, ...]
    roles: tuple[RoleUse, ...] = ()

    @property
    def length(self) -> int:
        """The number of words that its author counts: no tables, no records."""
        counted = ("heading", "text", "item")
        return sum(len(b.told.split()) for b in self.blocks if b.kind in counted)


@dataclass(slots=True)
class _Reader:
    """Walks through the blocks of one body."""

    lines: list[str]
    names: Names
    under: tuple[str, str] = ("", "")
    blocks: list[Block] = field(default_factory=list)

    def read(self, lines: list[str], first: int, inside: tuple[str, ...]) -> None:
        """Read *lines*, which begin on line *first* of the file."""
        stack: list[str] = []
        heading = ""
        for token in _BLOCKS.parse("\n".join(lines)):
            line = first + (token.map or [0])[0]
            if token.type.endswith("_open"):
                stack.append(token.type)
                heading = token.tag
            elif token.type.endswith("_close"):
                stack.pop()
            elif token.type == "inline" and not token.content.startswith("%"):
                kind = _kind_of(stack, inside)
                self._add(kind, token.content, line, inside)
                if kind == "heading" and heading in {"h2", "h3"}:
                    self._enter(heading, self.blocks[-1].told)
            elif token.type in {"fence", "colon_fence"}:
                self._directive(token, line, inside)

    def _enter(self, tag: str, title: str) -> None:
        self.under = (title, "") if tag == "h2" else (self.under[0], title)

    def _directive(self, token: Token, line: int, inside: tuple[str, ...]) -> None:
        found = _DIRECTIVE.match(token.info.strip())
        if not found or found[1] not in _PROSE:
            return
        content = token.content.split("\n")
        for number, text in enumerate(content):
            if not _OPTION.match(text.strip()):
                break
            content[number] = ""
        if found[1] == "glossary":  # terms at the margin, meanings below them
            content = [t.strip() if t.startswith(" ") else "" for t in content]
        self.read(content, line + 1, (*inside, found[1]))

    def _add(
        self, kind: str, content: str, first: int, inside: tuple[str, ...]
    ) -> None:
        places: list[Place] = []
        column = 0
        for number, text in enumerate(content.split("\n"), start=first):
            line = self.lines[number - 1] if number <= len(self.lines) else ""
            same = self.blocks and self.blocks[-1].places[-1:]
            if kind == "cell" and same and same[0][0] == number:
                column = same[0][1]
            at = max(line.find(text, column), 0)
            places += [(number, at + i + 1) for i in range(len(text) + 1)]
            column = 0
        said = _say(content.replace("\n", " "), places, self.names)
        if said.told.strip():
            block = Block(
                kind=kind,
                told=said.told,
                own=said.own,
                places=tuple(said.places),
                under=self.under,
                inside=inside,
                links=tuple(said.links),
            )
            self.blocks.append(block)


@dataclass(slots=True)
class _Said:
    told: str = ""
    own: str = ""
    places: list[Place] = field(default_factory=list)
    links: list[tuple[str, Place]] = field(default_factory=list)

    def add(self, words: str, places: list[Place], *, own: bool) -> None:
        self.told += words
        self.own += words if own else GAP * len(words)
        self.places += places if own else places[:1] * len(words)


def _say(content: str, places: list[Place], names: Names) -> _Said:
    """Turn one block's Markdown into words, with a place for each letter."""
    said = _Said()
    done = 0
    for found in _INLINE.finditer(content):
        start, end = found.span()
        said.add(content[done:start], places[done:start], own=True)
        done = end
        here = places[start:end]
        if found["role"]:
            explicit = _EXPLICIT.fullmatch(found["content"])
            target = explicit[2] if explicit else found["content"]
            words = explicit[1] if explicit else names(found["role"], target.strip())
            said.links.append((words, here[0]))
            said.add(words, here, own=False)
        elif found["code"]:
            said.add(found["sample"], here, own=False)
        elif found["words"] is not None:
            inner = slice(found.start("words"), found.end("words"))
            if found["url"] is not None:
                said.links.append((found["words"], here[0]))
            said.add(found["words"], places[inner], own=True)
    said.add(content[done:], places[done : len(content)], own=True)
    return said


def _kind_of(stack: list[str], inside: tuple[str, ...]) -> str:
    if "heading_open" in stack:
        return "heading"
    if "table_open" in stack or "list-table" in inside:
        return "cell"
    return "item" if "list_item_open" in stack else "text"


def read_prose(text: str, path: str, names: Names, /) -> Prose:
    """Read a page.  The front matter's summary is its first block."""
    page, _ = read_page(text, path)
    reader = _Reader(text.split("\n"), names)
    if isinstance(summary := page.data.get("summary"), str) and page.front:
        at = page.front.value_at("summary")
        place = (at.line or 1, at.column or 1)
        places = (place,) * len(summary)
        reader.blocks.append(Block("summary", summary, summary, places))
    reader.read(page.body.split("\n"), page.body_line, ())
    kind = str(page.data.get("kind", ""))
    return Prose(path, kind, tuple(reader.blocks), tuple(page.roles))


def paragraphs(page: Prose, /) -> Iterator[Block]:
    """Yield the blocks that hold sentences."""
    return (b for b in page.blocks if b.kind in {"summary", "text", "item"})

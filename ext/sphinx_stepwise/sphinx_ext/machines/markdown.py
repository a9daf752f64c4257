"""A page's resolved doctree as Markdown that people and programs can read.

What is written is CommonMark with the tables of GitHub's flavour.  A node that is not
known here is written as what it holds, so no words are lost.  (The builder of the
package sphinx-markdown-builder leaves ``<`` and ``[`` as they are, and needs a build
of its own.)
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx import addnodes

from sphinx_stepwise.core.text.escaping import (
    markdown_line,
    markdown_link,
    markdown_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: What is HTML already, or what readers of the page do not see either.
_SILENT: Final = (nodes.raw, nodes.meta, nodes.system_message, nodes.Invisible)
_BLOCKS: Final = (nodes.Body, nodes.Structural, nodes.Part, nodes.Titular)
_LIST: Final = re.compile(r"- |[0-9]+\. ")
#: CommonMark's way to keep two lists apart that follow one another.
_APART: Final = "<!-- -->"


class MarkdownWriter:
    """Writes one page; *address* says where a reference leads."""

    def __init__(self, address: Callable[[nodes.Element], str]) -> None:
        self._address = address
        self._writers: dict[type, Callable[[Any, int], list[str]]] = {
            nodes.section: self._section,
            nodes.title: self._title,
            nodes.rubric: self._title,
            nodes.bullet_list: self._list,
            nodes.enumerated_list: self._list,
            nodes.definition_list: self._definitions,
            nodes.block_quote: self._quotation,
            nodes.Admonition: self._quotation,
            nodes.literal_block: self._code_block,
            nodes.transition: self._transition,
            nodes.table: self._table,
        }

    def write(self, document: nodes.document) -> str:
        """Return the page's text."""
        return "\n\n".join(self._blocks(document, 0)) + "\n"

    # Blocks; the level is that of the section around them.

    def _blocks(self, parent: nodes.Element, level: int) -> list[str]:
        """Return the blocks in *parent*; words between blocks make paragraphs."""
        found: list[str] = []
        words: list[nodes.Node] = []
        for child in parent.children:
            if not _is_block(child):
                words.append(child)
                continue
            found += [self._line(words), *self._block(child, level)]
            words = []
        found.append(self._line(words))
        kept: list[str] = []
        for block in filter(None, found):
            if kept and _LIST.match(kept[-1]) and _LIST.match(block):
                kept.append(_APART)
            kept.append(block)
        return kept

    def _block(self, node: Any, level: int) -> list[str]:
        if isinstance(node, _SILENT):
            return []
        for kind in type(node).__mro__:
            if write := self._writers.get(kind):
                return write(node, level)
        if isinstance(node, nodes.TextElement) and not any(map(_is_block, node)):
            return [self._line(node.children)]
        return self._blocks(node, level)

    def _section(self, node: nodes.Element, level: int) -> list[str]:
        return self._blocks(node, level + 1)

    def _title(self, node: nodes.Element, level: int) -> list[str]:
        words = self._line(node.children)
        if isinstance(node.parent, nodes.section):
            return [f"{'#' * min(level, 6)} {words}"]
        return [_marked("**", words)]

    def _list(self, node: nodes.Element, level: int) -> list[str]:
        numbers = count(int(node.get("start", 1)))
        ordered = isinstance(node, nodes.enumerated_list)
        items = [
            _item(f"{next(numbers)}. " if ordered else "- ", self._blocks(item, level))
            for item in _elements(node)
        ]
        loose = any("\n\n" in item for item in items)
        return [("\n\n" if loose else "\n").join(items)]

    def _definitions(self, node: nodes.Element, level: int) -> list[str]:
        """Return a list of terms in bold; Markdown has no list of definitions."""
        items = []
        for item in _elements(node):
            terms: list[str] = []
            blocks: list[str] = []
            for part in _elements(item):
                if isinstance(part, nodes.definition):
                    blocks += self._blocks(part, level)
                elif isinstance(part, nodes.classifier):  # says more of its term
                    more = _marked("*", self._inline(part.children))
                    terms[-1] = f"{terms[-1].rstrip()} {more}"
                else:
                    terms.append(_marked("**", self._inline(part.children)))
            first, *rest = blocks or [""]
            items.append(_item("- ", [f"{', '.join(terms)}: {first}", *rest]))
        return ["\n\n".join(items)]

    def _quotation(self, node: nodes.Element, level: int) -> list[str]:
        blocks = self._blocks(node, level)
        titled = node.children and isinstance(node[0], nodes.title)
        if isinstance(node, nodes.Admonition) and not titled:
            blocks.insert(0, f"**{type(node).__name__.capitalize()}**")
        lines = "\n\n".join(blocks).split("\n")
        return ["\n".join(f"> {line}".rstrip() for line in lines)]

    def _code_block(self, node: nodes.Element, level: int) -> list[str]:
        text, language = node.astext().rstrip("\n"), str(node.get("language", ""))
        fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
        word = language if re.fullmatch(r"[\w+-]+", language) else ""
        return [f"{fence}{word}\n{text}\n{fence}"]

    def _transition(self, node: nodes.Element, level: int) -> list[str]:
        return ["---"]

    def _table(self, node: nodes.Element, level: int) -> list[str]:
        """Return the title, and rows of which the first is the heading."""
        heads = list(node.findall(nodes.thead))
        parts = [*heads, *node.findall(nodes.tbody)]
        rows = [
            [self._cell(entry) for entry in _elements(row)]
            for part in parts
            for row in _elements(part)
        ]
        width = max(map(len, rows), default=1)
        if not heads:
            rows.insert(0, [])
        filled = [row + [""] * (width - len(row)) for row in rows]
        lines = [f"| {' | '.join(row)} |" for row in filled]
        lines.insert(1, f"|{' --- |' * width}")
        title = next(node.findall(nodes.title), None)
        return [*(self._title(title, level) if title else []), "\n".join(lines)]

    def _cell(self, entry: nodes.Element) -> str:
        """Return an entry's blocks on one line; lists keep their marks."""
        lines = "\n".join(self._blocks(entry, 0)).split("\n")
        kept = (line.strip() for line in lines if line.strip() not in {"", _APART})
        # What is left as it was stands in code.
        return re.sub(r"(?<!\\)\|", r"\\|", "<br>".join(kept))

    # Words

    def _line(self, children: Iterable[nodes.Node]) -> str:
        return markdown_line(self._inline(children))

    def _inline(self, children: Iterable[nodes.Node]) -> str:
        return "".join(self._words(child) for child in children)

    def _words(self, node: Any) -> str:
        if isinstance(node, nodes.Text):
            return markdown_text(node.astext())
        if isinstance(node, nodes.raw):
            return " " if node.astext().startswith("<br") else ""
        if isinstance(node, _SILENT) and not isinstance(node, nodes.target):
            return ""
        words = self._inline(node.children)
        if isinstance(node, nodes.literal):
            words = _code(node.astext())
        elif isinstance(node, nodes.image):
            alternative = markdown_text(str(node.get("alt", "")))
            words = "!" + markdown_link(alternative, self._address(node))
        elif isinstance(node, (nodes.emphasis, nodes.strong)):
            words = _marked("*" if isinstance(node, nodes.emphasis) else "**", words)
        elif isinstance(node, (nodes.reference, addnodes.download_reference)):
            address, title = self._address(node), str(node.get("reftitle") or "")
            words = markdown_link(words, address, title) if address and words else words
        return words


def _is_block(node: nodes.Node) -> bool:
    """Whether *node* is no part of a line of words."""
    if isinstance(node, (nodes.Text, nodes.Inline)):
        return False
    return isinstance(node, _BLOCKS) or not isinstance(node, nodes.TextElement)


def _elements(node: nodes.Element) -> Iterator[nodes.Element]:
    """Yield what stands in a list, a row and so on."""
    return (child for child in node.children if isinstance(child, nodes.Element))


def _item(mark: str, blocks: list[str]) -> str:
    """Return a list's item with its later lines below its words."""
    close = all(_LIST.match(block) for block in blocks[1:])
    text = ("\n" if close else "\n\n").join(blocks)
    return mark + re.sub(r"\n(?!\n)", "\n" + " " * len(mark), text)


def _marked(mark: str, words: str) -> str:
    """Return words between marks, which may not stand beside a space."""
    inner = words.strip()
    before, _, after = words.partition(inner) if inner else (words, "", "")
    return f"{before}{mark}{inner}{mark}{after}" if inner else words


def _code(text: str) -> str:
    """Return code between more backticks than it holds itself."""
    text = " ".join(text.split())
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}" if text else ""

"""The text of a book: its chapters in order, as HTML that stands in one document.

Every id begins with its page's id, so that two pages may have sections of one name.
Links between chapters land in the book; links to pages that it leaves out go to the
site where that has an address, and are words where it has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote, urlsplit

from docutils import nodes
from docutils.utils import new_document

from sphinx_stepwise.sphinx_ext.book import cut_down
from sphinx_stepwise.sphinx_ext.domain import anchor_of, guide_domain
from sphinx_stepwise.sphinx_ext.drawing.nodes import stepwise_region

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx_stepwise.core.content.model import Page
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.sphinx_ext.book import Book

#: Addresses of pages while references are resolved; no path needs to be worked out.
SCHEME: Final = "page:"
#: What leads through a site and says nothing in a book.
_LEFT_OUT: Final = {"crumbs", "stepwise-ways", "stepwise-panel", "stepwise-contents"}
#: What tells where a page stands in the toolkit and not in the guidebook at hand.
_ELSEWHERE: Final = {"place", "stepwise-badges"}
_IDS: Final = ("ids", "backrefs")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page as it stands in the book."""

    page: Page
    #: 1 for what stands below the book itself, 2 for what stands below that.
    level: int
    #: The stage, guidebook or page that it belongs to; told in the running head.
    part: str

    @property
    def anchor(self) -> str:
        """The id of its beginning."""
        return _place(self.page, "")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents, and the lines below it."""

    chapter: Chapter
    below: list[Entry]


def chapters_of(navigation: Navigation, book: Book) -> Iterator[Chapter]:
    """Yield the chapters in reading order."""
    for page in book.all_pages:
        if book.guide:
            yield Chapter(page, 1, book.title)
        else:
            line = [*navigation.parents(page), page][1:] or [page]
            yield Chapter(page, len(line), line[0].title)


def contents_of(chapters: Sequence[Chapter]) -> list[Entry]:
    """Return the chapters as a tree, by their levels."""
    top: list[Entry] = []
    line: list[Entry] = []
    for chapter in chapters:
        entry = Entry(chapter, [])
        line = line[: chapter.level - 1]
        (line[-1].below if line else top).append(entry)
        line.append(entry)
    return top


def _place(page: Page, name: str) -> str:
    """Return the id that the place *name* of a page has in the book."""
    return f"{page.id}--{name or 'top'}"


class Assembler:
    """Writes the chapters of one book."""

    def __init__(self, builder: Any, book: Book, base: str) -> None:
        """Write with *builder*, whose addresses of pages begin with ``SCHEME``.

        :param base: the address of the site, if it has one.
        """
        self._builder, self._book, self._base = builder, book, base
        self._held = {page.docname: page for page in book.all_pages}
        self._left_out = _LEFT_OUT | (_ELSEWHERE if book.guide else set())
        records = guide_domain(builder.env).catalogue.records
        self._entries = {anchor_of(*record.key) for record in records}

    def texts(self, chapters: Sequence[Chapter]) -> list[tuple[Chapter, str]]:
        """Return the chapters with their texts as HTML."""
        sections = [self._section(chapter.page) for chapter in chapters]
        there: set[str] = set()
        for section in sections:
            for node in section.findall(nodes.Element):
                there.update(node.get("ids", ()))
        for section in sections:
            for node in list(section.findall(nodes.Element)):
                self._land(node, there)
        return [
            (chapter, self._html(chapter, section))
            for chapter, section in zip(chapters, sections, strict=True)
        ]

    def _html(self, chapter: Chapter, section: nodes.section) -> str:
        """Return the text of a chapter; its headings begin at the chapter's level."""
        builder = self._builder
        document = new_document("", builder.docsettings)
        document += section
        builder.secnumbers, builder.fignumbers = {}, {}
        builder.current_docname = chapter.page.docname
        visitor = builder.create_translator(document, builder)
        visitor.section_level = chapter.level - 1
        document.walkabout(visitor)
        return "".join(visitor.fragment)

    def _section(self, page: Page) -> nodes.section:
        builder = self._builder
        document = builder.env.get_and_resolve_doctree(
            page.docname, builder, tags=builder.tags
        )
        if page in self._book.extracts:
            cut_down(document, self._entries, self._book.kept)
        builder.post_process_images(document)
        (section, *_rest) = document.findall(nodes.section)
        for node in list(section.findall(nodes.Element)):
            kinds = {node.get("name", ""), *node.get("classes", ())}
            if kinds & self._left_out and node.parent is not None:
                node.parent.remove(node)
        for region in list(section.findall(stepwise_region)):
            region.replace_self(region.children)
        for image in section.findall(nodes.image):
            file = Path(builder.srcdir, image["uri"])
            if file.is_file():
                image["uri"] = file.as_uri()
        for node in section.findall(nodes.Element):
            for key in _IDS:
                names = node.get(key, [])
                node[key] = [_place(page, name) for name in names]
            if "refid" in node:
                node["refuri"] = f"{SCHEME}{quote(page.docname)}#{node['refid']}"
                del node["refid"]
        section["ids"] = [_place(page, ""), *section["ids"]]
        return section

    def _land(self, node: nodes.Element, there: set[str]) -> None:
        """Let a link lead to where its page stands: in the book, on the site, nowhere.

        :param there: all places in the book.
        """
        address = node.get("refuri", "")
        if not address.startswith(SCHEME):
            return
        parts = urlsplit(address)
        docname = unquote(parts.path)
        page = self._held.get(docname)
        place = _place(page, parts.fragment) if page else ""
        if place in there:
            node["refuri"] = f"#{place}"
        elif self._base:
            path = quote(docname) + self._builder.out_suffix
            anchor = f"#{parts.fragment}" if parts.fragment else ""
            node["refuri"] = self._base + path + anchor
        else:
            node.replace_self(nodes.inline("", "", *node.children))

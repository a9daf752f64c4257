"""Puts a book together: its pages, what stands before them, and what tells of them."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sphinx.locale import _

from sphinx_stepwise.core.dates import now
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.epub.about import (
    accessibility_of,
    describe,
)
from sphinx_stepwise.sphinx_ext.epub.archive import write_archive
from sphinx_stepwise.sphinx_ext.epub.illustrations import (
    IMAGES,
    add_overviews,
    cover_of,
    cover_picture,
    picture_files,
)
from sphinx_stepwise.sphinx_ext.epub.links import settle_links
from sphinx_stepwise.sphinx_ext.epub.package import (
    Entry,
    File,
    Landmark,
    render,
    write_contents,
    write_package,
)
from sphinx_stepwise.sphinx_ext.epub.pages import break_id, enrich
from sphinx_stepwise.sphinx_ext.epub.xhtml import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

    from sphinx_stepwise.core.content.model import Page, Track
    from sphinx_stepwise.sphinx_ext.book import Book
    from sphinx_stepwise.sphinx_ext.epub.builder import BookBuilder
    from sphinx_stepwise.sphinx_ext.epub.package import Metadata
    from sphinx_stepwise.sphinx_ext.epub.pages import BookPage

THEME: Final = Path(__file__).parents[2] / "theme" / "stepwise-epub"
_XHTML: Final = "application/xhtml+xml"
_COVER, _TITLE, _CONTENTS = "cover.xhtml", "title.xhtml", "nav.xhtml"
_STYLE, _LIST = "book.css", "package.opf"


class Binder:
    """Binds one book."""

    #: The name of the cover's picture.
    _face: str

    def __init__(
        self,
        app: Sphinx,
        builder: BookBuilder,
        book: Book,
        pages: Sequence[BookPage],
    ) -> None:
        """Bind *pages*, in this order."""
        self._app = app
        self._builder, self._book, self._pages = builder, book, pages
        self._config: Any = builder.config
        self._domain = guide_domain(builder.env)
        self._moment = now().replace(microsecond=0)

    def bind(self, file: Path) -> None:
        """Write the book to *file*."""
        bodies = {page.path: page.body for page in self._pages}
        for page in self._pages:
            add_overviews(page, self._domain.navigation, self._config.stepwise_marked)
        pictures = picture_files(self._pages, Path(self._builder.outdir))
        settle_links(bodies, self._builder.site_address)
        for number, page in enumerate(self._pages, start=1):
            enrich(page, number)
        book = self._metadata(pictures)
        cover = cover_of(book)
        stages = len(self._domain.navigation.stages)
        self._face, face = cover_picture(self._builder, cover, stages)
        contents = {
            _COVER: render("cover.xhtml", book=book, image=self._face, told=cover.told),
            _TITLE: render("title.xhtml", book=book),
            _CONTENTS: self._contents(book),
            **{page.path: self._written(page, book) for page in self._pages},
            self._face: face,
            _STYLE: self._style(),
            **{path: found.read_bytes() for path, found in pictures.items()},
        }
        files = [self._file(path) for path in contents]
        spine = [file.path for file in files if file.type == _XHTML]
        listed = {_LIST: write_package(book, files, spine)}
        write_archive(file, listed | contents, self._moment)

    def _written(self, page: BookPage, book: Metadata) -> bytes:
        return render(
            "page.xhtml",
            title=page.title,
            language=book.language,
            root="../" * page.path.count("/"),
            body=write(page.body),
        )

    def _file(self, path: str) -> File:
        ending = posixpath.splitext(path)[1].lower()
        known = {_CONTENTS: "nav", self._face: "cover-image"}
        drawn = {page.path for page in self._pages if page.has_drawing}
        properties = known.get(path, "svg" if path in drawn else "")
        if ending == ".xhtml":
            return File(path, _XHTML, properties)
        return File(
            path, "text/css" if ending == ".css" else IMAGES[ending], properties
        )

    def _contents(self, book: Metadata) -> bytes:
        paths = [page.path for page in self._pages]
        marks = [
            Landmark("cover", _("Cover"), _COVER),
            Landmark("titlepage", _("Title page"), _TITLE),
            Landmark("toc", _("Contents"), _CONTENTS),
            Landmark("bodymatter", _("Start"), paths[0]),
        ]
        for page in self._pages:
            if page.kind == "genindex":
                marks.append(Landmark("index", page.title, page.path))
            elif page.explains_terms:
                marks.append(Landmark("glossary", page.title, page.path))
        breaks = [
            f"{quote(path)}#{break_id(n)}" for n, path in enumerate(paths, start=1)
        ]
        return write_contents(book, self._entries(), self._guides(), breaks, marks)

    def _entries(self) -> list[Entry]:
        """Return the contents in reading order; the home page stands beside its own."""
        navigation, book = self._domain.navigation, self._book
        top = book.pages[0]

        def entry(page: Page) -> Entry:
            below = () if page == navigation.home else book.children(navigation, page)
            return Entry(page.title, self._path(page), tuple(map(entry, below)))

        first = [entry(top)]
        if top == navigation.home:
            first += map(entry, book.children(navigation, top))
        first += [Entry(page.title, self._path(page)) for page in book.extracts]
        first += [
            Entry(page.title, page.path)
            for page in self._pages
            if page.kind == "genindex"
        ]
        return first

    def _guides(self) -> list[Entry]:
        if self._book.guide:
            return []
        held = self._book.pages

        def entry(track: Track) -> Entry:
            steps = [step for step in track.steps if step in held]
            below = tuple(Entry(step.title, self._path(step)) for step in steps)
            return Entry(track.page.title, self._path(track.page), below)

        guides = self._domain.navigation.guidebooks
        return [entry(track) for track in guides if track.page in held]

    def _path(self, page: Page) -> str:
        return f"pages/{page.docname}.xhtml"

    def _metadata(self, pictures: dict[str, Path]) -> Metadata:
        home = self._domain.navigation.home
        told = [image.get("alt") for page in self._pages for image in page.images]
        return describe(
            self._app,
            self._book,
            self._moment,
            home_title=home.title if home else "",
            accessibility=accessibility_of(
                self._app,
                alternatives=all(told),
                animated=any(path.lower().endswith(".gif") for path in pictures),
                index=any(page.kind == "genindex" for page in self._pages),
            ),
        )

    def _style(self) -> bytes:
        """Return the stylesheet of the theme, or of one that it inherits, or ours."""
        folders = [*map(Path, self._builder.theme.get_theme_dirs()), THEME]
        files = (folder / "static" / _STYLE for folder in folders)
        return next(file.read_bytes() for file in files if file.is_file())

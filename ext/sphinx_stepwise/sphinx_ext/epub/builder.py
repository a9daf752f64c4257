"""The builder ``epub``: one file, made anew on every run.

``<toolkit>.epub`` holds all pages in their order; with ``stepwise_guidebook`` set,
``<toolkit>-<guidebook>.epub`` holds that guidebook, its steps and what they rely on.
Sphinx writes pages as HTML below the same folder, as always; the book is made of those
that are in it and of nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sphinx.builders.epub3 import Epub3Builder
from sphinx.environment.adapters.indexentries import IndexEntries
from sphinx.locale import _

from sphinx_stepwise.sphinx_ext.book import book_of, file_name
from sphinx_stepwise.sphinx_ext.epub.binding import Binder
from sphinx_stepwise.sphinx_ext.epub.fit import Fitter
from sphinx_stepwise.sphinx_ext.epub.pages import BookPage
from sphinx_stepwise.sphinx_ext.epub.xhtml import parse
from sphinx_stepwise.sphinx_ext.site import base_address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from docutils import nodes

    from sphinx_stepwise.sphinx_ext.book import Book

#: The theme that Sphinx takes where conf.py names none.
_SPHINX_THEME = "epub"
_INDEX = "genindex"


class BookBuilder(Epub3Builder):
    """Makes one ePub."""

    epilog = "The ePub file is in %(outdir)s."
    book: Book
    fitter: Fitter

    def get_theme_config(self) -> tuple[str, dict[str, Any]]:
        """Return our theme, unless conf.py names one."""
        name, options = super().get_theme_config()
        return ("stepwise-epub" if name == _SPHINX_THEME else name), options

    def get_outdated_docs(self) -> str:  # type: ignore[override]
        """Return that all pages are to be written."""
        return "all pages"

    def prepare_writing(self, docnames: AbstractSet[str]) -> None:
        """Choose the pages, before workers fork."""
        super().prepare_writing(docnames)
        self.domain_indices = []
        self.book = book_of(self.env, self.config.stepwise_guidebook)
        self.fitter = Fitter(self, self.book)

    def copy_assets(self) -> None:
        """Copy nothing: a theme's files for browsers have no place in a book."""

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        """Write the pages of the book, whichever have changed."""
        super().write_documents({page.docname for page in self.book.all_pages})

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write a page that fits the book."""
        self.fitter.fit(docname, doctree)
        super().write_doc(docname, doctree)

    def finish(self) -> None:
        """Make the book of what was written."""
        self.copy_image_files()
        pages = [*self._pages()]
        if self._write_index():
            pages.append(self._page(_INDEX, _("Index"), _INDEX))
        file = Path(self.outdir, f"{file_name(self.env, self.book)}.epub")
        Binder(self._app, self, self.book, pages).bind(file)

    def _write_index(self) -> bool:
        """Write the index of the whole toolkit, and return whether there is one."""
        if not self.use_index or self.book.guide:
            return False
        entries = IndexEntries(self.env).create_index(self)
        if entries:
            context = {"genindexentries": entries}
            self.handle_page(_INDEX, context, "genindex.html")
        return bool(entries)

    def _pages(self) -> Iterator[BookPage]:
        for page in self.book.all_pages:
            yield self._page(page.docname, page.title, page.kind)

    def _page(self, docname: str, title: str, kind: str) -> BookPage:
        html = self.get_output_path(docname).read_text("utf-8")
        path = f"pages/{docname}{self.out_suffix}"
        return BookPage(path=path, title=title, kind=kind, body=parse(html))

    def site_address(self, path: str) -> str:
        """Return where the site has a page that the book leaves out, or nothing."""
        docname = path.removeprefix("pages/").removesuffix(self.out_suffix)
        base = base_address(self._app)
        if not base or docname not in self.env.found_docs:
            return ""
        return f"{base}{quote(docname)}.html"

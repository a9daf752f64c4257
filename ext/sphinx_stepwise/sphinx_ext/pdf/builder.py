"""The builder ``stepwise-pdf``: one file, made anew on every run.

``<toolkit>.pdf`` holds all pages in their order; with ``stepwise_guidebook`` set,
``<toolkit>-<guidebook>.pdf`` holds that guidebook and its steps.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import jinja2
from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.locale import _
from sphinx.writers.html5 import HTML5Translator

from sphinx_stepwise.core.dates import long_date, today_of
from sphinx_stepwise.sphinx_ext import book as books
from sphinx_stepwise.sphinx_ext.config import refuse
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.pdf.assembly import (
    SCHEME,
    Assembler,
    chapters_of,
    contents_of,
)
from sphinx_stepwise.sphinx_ext.site import base_address, language

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx

    from sphinx_stepwise.sphinx_ext.book import Book

NAME: Final = "stepwise-pdf"
_HINT: Final = (
    "Install sphinx-stepwise[pdf], and Pango with your system's packages (Debian and "
    "Ubuntu: libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)."
)
_TEMPLATES: Final = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


class PdfTranslator(HTML5Translator):
    """Writes HTML that says what each header cell is the header of."""

    def starttag(
        self,
        node: nodes.Element,
        tagname: str,
        suffix: str = "\n",
        empty: bool = False,  # noqa: FBT001, FBT002 - docutils' signature
        **attributes: Any,
    ) -> str:
        """Return an opening tag."""
        if tagname == "th":
            head = isinstance(node.parent.parent, nodes.thead)
            attributes["scope"] = "col" if head else "row"
        tag: str = super().starttag(node, tagname, suffix, empty, **attributes)
        return tag


class PdfBuilder(StandaloneHTMLBuilder):
    """Lays out the text of all pages, or of a guidebook's, as one PDF."""

    name = NAME
    epilog = "The PDF is in %(outdir)s."
    default_translator_class = PdfTranslator
    search = False
    copysource = False
    add_permalinks = False
    allow_parallel = False
    html_scaled_image_link = False
    imgpath = ""

    def init(self) -> None:
        """Look for the tool first, so that nothing is read in vain.

        :raises SystemExit: with code 2.
        """
        super().init()
        try:
            self._printing = import_module("sphinx_stepwise.sphinx_ext.pdf.printing")
        except (ImportError, OSError) as error:  # OSError: a library of the system
            fault = str(error).partition("\n")[0]
            refuse([f"no PDF can be made here: {fault}\n  hint: {_HINT}"])

    def get_outdated_docs(self) -> str:  # type: ignore[override]
        """Return that all pages are to be written."""
        return "all pages"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return an address that :class:`Assembler` knows again."""
        return SCHEME + quote(docname)

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Return the same from wherever it is seen."""
        return self.get_target_uri(to, typ)

    def copy_assets(self) -> None:
        """Copy nothing: all goes into the file."""

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        """Write the one file."""
        book = books.book_of(self.env, self.config.stepwise_guidebook)
        file = Path(self.outdir, books.file_name(self.env, book) + ".pdf")
        self._printing.write_pdf(self._html(book), file)

    def finish(self) -> None:
        """Write nothing else."""

    def _html(self, book: Book) -> str:
        config, day = self.config, today_of(None)
        chapters = list(chapters_of(guide_domain(self.env).navigation, book))
        rights = config.copyright
        return _TEMPLATES.get_template("book.html").render(
            book=book,
            chapters=Assembler(self, book, base_address(self._app)).texts(chapters),
            contents=contents_of(chapters),
            toolkit=config.project,
            makers=config.stepwise_publisher.get("name") or config.author,
            rights=rights if isinstance(rights, str) else ", ".join(rights),
            version=config.release,
            day=long_date(day),
            moment=f"{day.isoformat()}T00:00:00Z",
            site=config.html_baseurl,
            language=language(self._app) or "en",
            _=_,
        )


def register(app: Sphinx) -> None:
    """Register the builder."""
    app.add_builder(PdfBuilder)

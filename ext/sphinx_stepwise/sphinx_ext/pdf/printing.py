"""HTML to a tagged PDF, with WeasyPrint.

Nothing is fetched from elsewhere, fonts come with a package, and the same HTML gives
the same bytes.
"""

from __future__ import annotations

import hashlib
import logging as python_logging
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import weasyprint
from sphinx.util import logging
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from sphinx_stepwise.sphinx_ext.pdf.tags import mend

if TYPE_CHECKING:
    from collections.abc import Iterator

LOGGER = logging.getLogger(__name__)
#: The package font-source-sans-pro, SIL Open Font License 1.1.
_FONTS: Final = "font_source_sans_pro"
_FACES: Final = (
    ("Regular", 400, "normal"),
    ("It", 400, "italic"),
    ("Bold", 700, "normal"),
    ("BoldIt", 700, "italic"),
)
_STYLE: Final = Path(__file__).with_name("book.css")


def write_pdf(html: str, file: Path) -> None:
    """Write *html* as a PDF; what WeasyPrint has to say becomes warnings."""
    teller = _Teller()
    engine = python_logging.getLogger("weasyprint")
    engine.addHandler(teller)
    try:
        style = "\n".join([*_font_faces(), _STYLE.read_text("utf-8")])
        fetcher = URLFetcher(allowed_protocols=["file", "data"])
        page = weasyprint.HTML(string=html, url_fetcher=fetcher)
        fonts = FontConfiguration()
        sheet = weasyprint.CSS(string=style, url_fetcher=fetcher, font_config=fonts)
        name = hashlib.sha256(f"{style}{html}".encode()).digest()[:16]
        file.parent.mkdir(parents=True, exist_ok=True)
        page.write_pdf(
            file,
            stylesheets=[sheet],
            font_config=fonts,
            finisher=mend,
            pdf_tags=True,
            pdf_version="1.7",
            pdf_identifier=name,
        )
    finally:
        engine.removeHandler(teller)


def _font_folder() -> Path:
    spec = find_spec(_FONTS)
    if spec is None or not spec.submodule_search_locations:
        words = f"No module named '{_FONTS}'"
        raise ImportError(words)
    return Path(spec.submodule_search_locations[0], "files")


#: Found when this module is imported: without fonts no PDF can be made.
_FOLDER: Final = _font_folder()


def _font_faces() -> Iterator[str]:
    for name, weight, style in _FACES:
        file = _FOLDER / f"SourceSansPro-{name}.ttf"
        yield (
            f"@font-face {{ font-family: 'Source Sans Pro'; font-weight: {weight}; "
            f"font-style: {style}; src: url('{file.as_uri()}'); }}"
        )


class _Teller(python_logging.Handler):
    """Hands warnings of WeasyPrint on to Sphinx."""

    def __init__(self) -> None:
        super().__init__(python_logging.WARNING)

    def emit(self, record: python_logging.LogRecord) -> None:
        """Log it as a warning of the build."""
        LOGGER.warning("%s", record.getMessage(), type="weasyprint")

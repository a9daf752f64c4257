"""The pictures of a book: its cover, overviews of all steps, and those of its pages."""

from __future__ import annotations

import posixpath
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from sphinx.locale import _
from sphinx.util import logging

from sphinx_stepwise.sphinx_ext.drawing.render_listing import MARKS
from sphinx_stepwise.sphinx_ext.epub.artwork import (
    Cover,
    Row,
    draw_cover,
    draw_overview,
)
from sphinx_stepwise.sphinx_ext.epub.xhtml import classes, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.sphinx_ext.epub.builder import BookBuilder
    from sphinx_stepwise.sphinx_ext.epub.package import Metadata
    from sphinx_stepwise.sphinx_ext.epub.pages import BookPage

LOGGER = logging.getLogger(__name__)
#: For a theme of its own that names no colours.
_ACCENT: Final = "#0b5d6b"
#: What reading systems can show, by the ending of its name.
IMAGES: Final = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}


def picture_files(pages: Sequence[BookPage], folder: Path) -> dict[str, Path]:
    """Return the files of all pictures, by their paths in the book.

    A picture that is not among those in *folder* becomes its words.
    """
    found: dict[str, Path] = {}
    for page in pages:
        for image in list(page.images):
            source = unquote(image.get("src", ""))
            above = posixpath.dirname(page.path)
            path = posixpath.normpath(posixpath.join(above, source))
            if image.get("alt", "").endswith(posixpath.basename(source)):
                image.set("alt", "")  # docutils puts the name where nothing is said
            file = folder / path.removeprefix("pages/")
            if file.suffix.lower() in IMAGES and file.is_file():
                found[path] = file
            else:
                image.tag, image.text = "span", image.get("alt")
                image.attrib.clear()
    return dict(sorted(found.items()))


def add_overviews(
    page: BookPage, navigation: Navigation, marked: Sequence[str]
) -> None:
    """Draw an overview above each map of all steps on a page.

    :param marked: the setting ``stepwise_marked``.
    """
    number = 0
    for above in list(page.body.iter()):
        for at, child in reversed(list(enumerate(above))):
            if "stepwise-step-map" in classes(child):
                number += 1
                drawn = draw_overview(_rows(navigation, marked), f"overview-{number}")
                above.insert(at, drawn)


def _rows(navigation: Navigation, marked: Sequence[str]) -> list[Row]:
    known = {book.page.id: book.steps for book in navigation.guidebooks}
    marks = list(zip(MARKS, (known.get(guide, ()) for guide in marked), strict=False))

    def mark(step: object) -> str:
        return next((kind for kind, steps in marks if step in steps), "")

    numbers = {s.docname: number for number, s in enumerate(navigation.canonical, 1)}
    return [
        Row(stage.page.title, tuple((numbers[s.docname], mark(s)) for s in stage.steps))
        for stage in navigation.stages
    ]


def cover_of(book: Metadata) -> Cover:
    """Return the words of a book's cover."""
    version = _("Version %s") % book.version if book.version else ""
    below = (version, book.day, book.makers)
    return Cover(
        title=plain(book.title),
        above=plain(book.collection),
        below=tuple(plain(text) for text in below if text),
    )


def cover_picture(builder: BookBuilder, cover: Cover, stages: int) -> tuple[str, bytes]:
    """Return the name and content of the cover's picture.

    That is the one of ``epub_cover``, for shops that take no drawings, or ours.
    """
    given = builder.config.epub_cover
    file = Path(builder.confdir, given[0]) if given else None
    if file and file.suffix.lower() in IMAGES and file.is_file():
        return f"cover{file.suffix.lower()}", file.read_bytes()
    if file:
        LOGGER.warning(
            "%s",
            f"conf.py: `epub_cover`: there is no picture {given[0]}. "
            "Give its path from the folder of conf.py.",
            type="stepwise",
            subtype="settings",
        )
    accent, colours = _colours(builder)
    drawn = [colours[at % len(colours)] for at in range(stages)]
    picture = draw_cover(cover, accent, drawn)
    return "cover.svg", ET.tostring(picture, encoding="utf-8", xml_declaration=True)


def _colours(builder: BookBuilder) -> tuple[str, list[str]]:
    """Return the accent, and the stages' colours, of the site's theme or the book's.

    Another theme may have options of these names that mean something else.
    """
    options: dict[str, Any] = {"accent": [_ACCENT], "stages": [[_ACCENT]]}
    for given in (builder.theme.get_options(), builder.config.html_theme_options):
        options |= {n: given[n] for n in options if isinstance(given.get(n), list)}
    return options["accent"][0], [light for light, *_dark in options["stages"]]

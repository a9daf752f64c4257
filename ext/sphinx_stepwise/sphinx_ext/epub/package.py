"""Contents, metadata and the list of all files of a book.

ePub 3.3 (https://www.w3.org/TR/epub-33/) and EPUB Accessibility 1.1
(https://www.w3.org/TR/epub-a11y-11/).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jinja2
from sphinx.locale import _

from sphinx_stepwise.sphinx_ext.epub.xhtml import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

_TEMPLATES: Final = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    undefined=jinja2.StrictUndefined,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a book says of itself."""

    title: str
    #: The toolkit's title where the book is a guidebook of it, or nothing.
    collection: str
    identifier: str
    language: str
    makers: str
    publisher: str
    rights: str
    description: str
    version: str
    #: The day, as ``2026-11-22`` and as readers see it; and the second.
    date: str
    day: str
    modified: str
    #: The site's address, or nothing.
    site: str
    accessibility: Accessibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessibility:
    """How the book can be read, in words of the vocabulary that the standard names.

    https://www.w3.org/community/reports/a11y-discov-vocab/CG-FINAL-vocabulary-20230718/
    """

    features: tuple[str, ...]
    hazard: str
    summary: str
    conforms_to: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the book."""

    path: str
    type: str
    properties: str = ""

    @property
    def id(self) -> str:
        """Its name in the list of files; a path is unique, and so is this."""
        return "file-" + "".join(
            c if c.isalnum() else f"_{ord(c):x}_" for c in self.path
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the contents."""

    title: str
    path: str
    children: tuple[Entry, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that reading systems offer: its ``epub:type``, title and path."""

    type: str
    title: str
    path: str


def identifier_of(given: str, address: str, guide: str) -> str:
    """Return what a book is known by, in each version of it.

    :param given: ``epub_identifier`` of conf.py, or nothing.
    :param address: what the toolkit is known by otherwise.
    :param guide: a guidebook's id, or nothing.
    """
    known = given or f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, address)}"
    if not guide:
        return known
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{known}#{guide}')}"


def features_of(*, alternatives: bool, index: bool) -> tuple[str, ...]:
    """Return what helps readers of a book.

    :param alternatives: whether every picture has words of its own.
    """
    found = ["tableOfContents", "readingOrder", "structuralNavigation"]
    found += ["displayTransformability", "pageBreakMarkers", "pageNavigation", "ARIA"]
    if alternatives:
        found.append("alternativeText")
    if index:
        found.append("index")
    return tuple(found)


def write_package(
    metadata: Metadata, files: Sequence[File], spine: Sequence[str]
) -> bytes:
    """Return the list of all files; *spine* are paths in reading order."""
    ids = {file.path: file.id for file in files}
    return render(
        "package.opf",
        book=metadata,
        files=files,
        spine=[ids[path] for path in spine],
    )


def write_contents(
    metadata: Metadata,
    entries: Sequence[Entry],
    guides: Sequence[Entry],
    pages: Sequence[str],
    landmarks: Sequence[Landmark],
) -> bytes:
    """Return the navigation document.

    :param guides: the guidebooks with their steps, whose pages stand elsewhere.
    :param pages: addresses of the page breaks, in reading order.
    """
    return render(
        "nav.xhtml",
        book=metadata,
        entries=entries,
        guides=guides,
        pages=pages,
        landmarks=landmarks,
    )


def render(template: str, **context: Any) -> bytes:
    """Return a file of the book, from its template."""
    text = _TEMPLATES.get_template(f"{template}.jinja").render(**context, _=_)
    return plain(text).encode()

"""What reading systems and assistive technology ask of a page.

Roles are those of DPUB-ARIA (https://www.w3.org/TR/dpub-aria-1.1/), each with the
``epub:type`` that says the same.  A page break stands at the start of each page, since
a toolkit has no printed edition to follow.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sphinx.locale import _

from sphinx_stepwise.sphinx_ext.epub.xhtml import classes

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a page is, by its kind.
_KINDS: Final = {
    "stage": "part",
    "step": "chapter",
    "guidebook": "chapter",
    "genindex": "index",
}
#: What elements of a class are: their tag, `epub:type` and role.
_CLASSES: Final = {
    "stepwise-glossref": ("a", "glossref", "doc-glossref"),
    "footnote-reference": ("a", "noteref", "doc-noteref"),
    "footnote": ("aside", "footnote", "doc-footnote"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPage:
    """A page of the book."""

    #: Its path in the book.
    path: str
    title: str
    kind: str
    body: ET.Element

    @property
    def has_drawing(self) -> bool:
        """Whether there is an SVG in it, which the list of files must tell."""
        return next(self.body.iter("svg"), None) is not None

    @property
    def explains_terms(self) -> bool:
        """Whether it has a glossary."""
        return any("glossary" in classes(found) for found in self.body.iter("dl"))

    @property
    def images(self) -> Iterator[ET.Element]:
        """The pictures in it."""
        return self.body.iter("img")


def enrich(page: BookPage, number: int) -> None:
    """Add roles, headers' directions and a page break to a page.

    :param number: of the page in the book, from 1.
    """
    body = page.body
    for table in body.iter("table"):
        _direct(table)
    for element in body.iter():
        for name, (tag, kind, role) in _CLASSES.items():
            if element.tag == tag and name in classes(element):
                element.set("epub:type", kind)
                element.set("role", role)
    top = body.find("section")
    if top is not None:
        default = "glossary" if page.explains_terms else ""
        if kind := _KINDS.get(page.kind, default):
            top.set("epub:type", kind)
            top.set("role", f"doc-{kind}")
            top.set("aria-label", page.title)
    body.insert(0, _page_break(number))


def _page_break(number: int) -> ET.Element:
    found = ET.Element("div")
    found.set("epub:type", "pagebreak")
    found.set("role", "doc-pagebreak")
    found.set("id", break_id(number))
    found.set("aria-label", _("Page %d") % number)
    return found


def break_id(number: int) -> str:
    """Return the id of a page break."""
    return f"page-{number}"


def _direct(table: ET.Element) -> None:
    """Say of each header cell what it heads."""
    for head in table.iter("thead"):
        for cell in head.iter("th"):
            cell.set("scope", "col")
    for rows in table.iter("tbody"):
        for cell in rows.iter("th"):
            cell.set("scope", "row")

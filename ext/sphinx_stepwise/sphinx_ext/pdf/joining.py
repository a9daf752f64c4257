"""Puts together in the tags what a page's end has torn apart.

WeasyPrint tags each page alone, so a list of two pages is two lists to a screen
reader.  What an element has on the next page is moved to where it began; a table's
head, which is drawn on each page, is told once.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from weasyprint.formatting_structure.boxes import LineBox, MarginBox, TextBox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from weasyprint import Document

#: What can be torn, as WeasyPrint tags it.
_TAGS: Final = {
    "article": "/Art",
    "section": "/Sect",
    "div": "/Div",
    "nav": "/NonStruct",
    "p": "/P",
    "blockquote": "/BlockQuote",
    **dict.fromkeys(("ul", "ol", "dl"), "/L"),
    **dict.fromkeys(("li", "dt", "dd"), "/LI"),
    "table": "/Table",
    "tbody": "/TBody",
}
#: Elements that stand for no element of their own in HTML.
_PLAIN: Final = {"/LBody", "/NonStruct"}


def torn(document: Document) -> list[list[str]]:
    """Return, for each page but the first, the tags of what goes on there.

    From the outside in: article, section, list, item.
    """
    roots = [
        next(box for box in page._page_box.children if not isinstance(box, MarginBox))  # noqa: SLF001 - no other way in
        for page in document.pages
    ]
    return [_goes_on(before, here) for before, here in pairwise(roots)]


def _goes_on(before: Any, here: Any) -> list[str]:
    """Return the tags of what *here* begins with and *before* has as well."""
    known = {box.element for box in before.descendants()} - {None}
    begin = [e for e in _first_elements(here) if e in known]
    return [_TAGS[e.tag] for e in begin if e.tag in _TAGS]


def _first_elements(box: Any) -> Iterator[Any]:
    """Yield the elements that a page begins with, from the outside in."""
    last = None
    while not isinstance(box, TextBox):
        if not isinstance(box, LineBox) and box.element is not last:
            last = box.element
            yield last
        inner = [
            child
            for child in getattr(box, "children", ())
            if not getattr(child, "is_header", False)
        ]
        if not inner:
            return
        box = inner[0]


class Joiner:
    """Joins elements of the tree of tags."""

    def __init__(self, objects: Mapping[bytes, Any]) -> None:
        self._objects = objects

    def join_pages(
        self, top: Any, pages: list[bytes], torn_tags: list[list[str]]
    ) -> None:
        """Join what stands directly below *top*, page by page.

        :param pages: all pages.
        :param torn_tags: what :func:`torn` has found.
        """
        kept: list[bytes] = []
        for reference in top["K"]:
            here = self._objects[reference]
            number = pages.index(here["Pg"])
            first = not any(self._objects[k]["Pg"] == here["Pg"] for k in kept[-1:])
            if kept and first and number:
                before = self._objects[kept[-1]]
                if self._join(before, here, list(torn_tags[number - 1])):
                    continue
            kept.append(reference)
        top["K"][:] = kept

    def _join(self, left: Any, right: Any, tags: list[str]) -> bool:
        """Move what is in *right* to *left* if both are of one torn element."""
        kind = right["S"]
        if left["S"] != kind or not (kind in _PLAIN or kind in tags):
            return False
        if kind in tags:
            del tags[: tags.index(kind) + 1]
        kids = [k for k in right["K"] if self._kind(k) != "/THead"]
        ends = [*left["K"][-1:], *kids[:1]]
        if len(ends) > 1 and all(map(self._kind, ends)):
            last, first = (self._objects[kid] for kid in ends)
            kids = kids[1:] if self._join(last, first, tags) else kids
        for kid in kids:
            self._objects[kid]["P"] = left.reference
        left["K"].extend(kids)
        return True

    def _kind(self, kid: Any) -> str:
        """Return the kind of an element; nothing for marked content."""
        found = self._objects.get(kid) if isinstance(kid, bytes) else None
        return found["S"] if found is not None and "S" in found else ""

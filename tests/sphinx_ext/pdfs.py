"""Reads a PDF as a reader's software does: outline, tags, links, text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Pdf:
    """A PDF; pages count from 1."""

    def __init__(self, file: Path) -> None:
        self.reader = PdfReader(file)
        self.root: Any = self.reader.trailer["/Root"]
        self.texts = [page.extract_text() for page in self.reader.pages]

    @property
    def outline(self) -> list[tuple[int, str, int]]:
        """Return depth, title and page of every bookmark."""
        return list(self._bookmarks(self.reader.outline, 0))

    def _bookmarks(self, found: Any, depth: int) -> Iterator[tuple[int, str, int]]:
        for entry in found:
            if isinstance(entry, list):
                yield from self._bookmarks(entry, depth + 1)
            else:
                page = self.reader.get_destination_page_number(entry)
                assert page is not None
                yield depth, str(entry.title), page + 1

    def chapters(self, depth: int) -> list[tuple[str, int]]:
        """Return the bookmarks down to a depth, without their depth."""
        return [(title, page) for d, title, page in self.outline if d <= depth]

    def page_of(self, name: str) -> int:
        """Return the page on which a named place is."""
        place = self.reader.named_destinations[name]
        page = self.reader.get_destination_page_number(place)
        assert page is not None
        return page + 1

    @property
    def annotations(self) -> list[Any]:
        """Return the links of all pages."""
        return [
            reference.get_object()
            for page in self.reader.pages
            for reference in page.get("/Annots", ())
        ]

    def elements(self) -> Iterator[tuple[Any, tuple[str, ...]]]:
        """Yield the elements of the tree of tags in order, with kinds above each."""
        yield from self._elements(self.root["/StructTreeRoot"]["/K"], ())

    def _elements(
        self, kids: Any, above: tuple[str, ...]
    ) -> Iterator[tuple[Any, tuple[str, ...]]]:
        kids = kids.get_object() if isinstance(kids, IndirectObject) else kids
        for kid in kids if isinstance(kids, ArrayObject) else [kids]:
            found = kid.get_object()
            if isinstance(found, DictionaryObject) and "/S" in found:
                yield found, above
                if "/K" in found:
                    yield from self._elements(found["/K"], (*above, str(found["/S"])))

    def fonts(self) -> dict[str, bool]:
        """Return for every font whether it is embedded."""
        found = {}
        for page in self.reader.pages:
            for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
                below = font.get_object()["/DescendantFonts"][0].get_object()
                described = below["/FontDescriptor"].get_object()
                name = str(described["/FontName"]).partition("+")[2]
                found[name] = bool({"/FontFile2", "/FontFile3"} & described.keys())
        return found

    def number_in_contents(self, title: str) -> int:
        """Return the page that the printed contents name for a chapter."""
        begin = self.outline[1][2]
        # The last line of a page is its own number.
        pages = [text.strip().rpartition("\n")[0] for text in self.texts[1 : begin - 1]]
        text = "\n".join([*pages, ""]).replace(" ", "")
        words = r"\n?".join(map(re.escape, title.split()))
        found = re.search(rf"(?m)^{words}\.+(\d+)$", text)
        assert found, title
        return int(found[1])

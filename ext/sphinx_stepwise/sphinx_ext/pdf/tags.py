"""What WeasyPrint leaves to be said in the tags of a PDF (ISO 32000-1, 14.7 and 14.8).

Page numbers, running heads and repeated heads of tables become artefacts, header cells
say what they are the header of, what stands in an item of a list is its body, and a
link has one annotation with its words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pydyf

from sphinx_stepwise.sphinx_ext.pdf.joining import Joiner, torn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from weasyprint import Document

#: Bit 3 of an annotation's flags: it is printed.
_PRINT = 4
_IN_LISTS = {"/LI", "/L", "/Caption"}
_CELLS = {"/TD", "/TH"}


def mend(document: Document, pdf: pydyf.PDF) -> None:
    """Change the tags before the PDF is written."""
    for page in document.pages:
        for box in page._page_box.descendants():  # noqa: SLF001 - no other way in
            if box.link_annotation:
                words = " ".join("".join(box.element.itertext()).split())
                box.link_annotation["Contents"] = pydyf.String(words)
    _Mender(pdf).run(torn(document))
    # The title as XMP.  The variant pdf/ua-1 would claim what nobody has validated.
    document.metadata.include_in_pdf(pdf, "ua", None, None, compress=True)


class _Mender:
    def __init__(self, pdf: pydyf.PDF) -> None:
        self._pdf = pdf
        self._objects: dict[bytes, Any] = {o.reference: o for o in pdf.objects}
        self._root = self._objects[pdf.catalog["StructTreeRoot"]]
        self._reached: set[bytes] = set()
        self._dropped: set[bytes] = set()

    def run(self, torn_tags: list[list[str]]) -> None:
        """Mend everything."""
        (top,) = (self._objects[reference] for reference in self._root["K"])
        self._visit(top, ())
        Joiner(self._objects).join_pages(top, self._pdf.page_references, torn_tags)
        self._reach(top)
        self._mark_artifacts()
        for page in self._pages():
            kept = [a for a in page.get("Annots", ()) if a not in self._dropped]
            if kept:
                page["Annots"] = pydyf.Array(kept)
            for annotation in kept:
                self._objects[annotation]["F"] = _PRINT

    def _pages(self) -> Iterator[Any]:
        return (self._objects[reference] for reference in self._pdf.page_references)

    def _visit(self, element: Any, above: tuple[str, ...]) -> None:
        """Mend an element, and all in it.

        :param above: the kinds of the elements that hold it.
        """
        kind = element["S"]
        if "/Link" in above:
            self._drop_annotation(element)
        if kind == "/TH":
            element["A"]["Scope"] = "/Column" if "/THead" in above else "/Row"
        if kind in _CELLS:  # ids that begin anew on each page; the scope is enough
            element.pop("ID", None)
            element["A"].pop("Headers", None)
        for kid in list(element["K"]):
            child = self._objects.get(kid) if isinstance(kid, bytes) else None
            if child is None or "S" not in child:
                continue
            if kind == "/L" and child["S"] not in _IN_LISTS:
                element["K"].remove(kid)  # white space between items
                continue
            self._visit(child, (*above, kind))
            if not child["K"] and child["S"] not in _CELLS:
                element["K"].remove(kid)
        if kind == "/LI":
            self._give_body(element)

    def _drop_annotation(self, element: Any) -> None:
        """Take away the annotation of what stands in a link, which has its own."""
        for kid in list(element["K"]):
            child = self._objects.get(kid) if isinstance(kid, bytes) else None
            if child is not None and child.get("Type") == "/OBJR":
                element["K"].remove(kid)
                self._dropped.add(child["Obj"])
        if element["S"] == "/Link":
            element["S"] = "/Span"

    def _give_body(self, element: Any) -> None:
        """Put all but the label into a body."""
        kinds = [self._objects[kid]["S"] for kid in element["K"]]
        if "/LBody" in kinds or not set(kinds) - {"/Lbl"}:
            return
        labels = [
            k for k, kind in zip(element["K"], kinds, strict=True) if kind == "/Lbl"
        ]
        rest = [
            k for k, kind in zip(element["K"], kinds, strict=True) if kind != "/Lbl"
        ]
        body = pydyf.Dictionary(
            {
                "Type": "/StructElem",
                "S": "/LBody",
                "K": pydyf.Array(rest),
                "Pg": element["Pg"],
                "P": element.reference,
            }
        )
        self._pdf.add_object(body)
        self._objects[body.reference] = body
        for kid in rest:
            self._objects[kid]["P"] = body.reference
        element["K"] = pydyf.Array([*labels, body.reference])

    def _reach(self, element: Any) -> None:
        """Note an element as part of the tree, with all in it."""
        self._reached.add(element.reference)
        for kid in element["K"]:
            child = self._objects.get(kid) if isinstance(kid, bytes) else None
            if child is not None and "S" in child:
                self._reach(child)

    def _mark_artifacts(self) -> None:
        """Make an artefact of all that is marked and stands nowhere in the tree."""
        numbers = self._objects[self._root["ParentTree"]]["Nums"]
        found = dict(zip(numbers[::2], numbers[1::2], strict=True))
        for number, page in enumerate(self._pages()):
            owners = found[number]
            stream = self._objects[page["Contents"]].stream
            for at, item in enumerate(stream):
                if not isinstance(item, pydyf.Dictionary) or "MCID" not in item:
                    continue
                if owners[item["MCID"]] not in self._reached:
                    owners[item["MCID"]] = "null"
                    stream[at - 1] = "/Artifact"
                    stream[at] = pydyf.Dictionary({"Type": "/Pagination"})

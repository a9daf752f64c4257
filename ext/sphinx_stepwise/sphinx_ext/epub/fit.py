"""What a page of a book shows, changed while it is nodes and references are resolved.

A term's entry in a glossary lists the pages that use it, as a record's does already.
In a guidebook's book, what leads through the toolkit and through other guidebooks is
left out, and pages with records or terms are cut down to what the guidebook uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _

from sphinx_stepwise.sphinx_ext.book import cut_down, term_places, terms_of
from sphinx_stepwise.sphinx_ext.domain import anchor_of, guide_domain
from sphinx_stepwise.sphinx_ext.drawing.elements import paragraph
from sphinx_stepwise.sphinx_ext.drawing.nodes import (
    stepwise_navigation,
    stepwise_region,
)

if TYPE_CHECKING:
    from sphinx.builders import Builder

    from sphinx_stepwise.core.content.model import Page
    from sphinx_stepwise.sphinx_ext.book import Book

#: Regions, and classes of other parts, that lead elsewhere than the guidebook does.
_OUTSIDE: Final = {"crumbs", "stepwise-badges", "stepwise-ways"}
_PLACE: Final = "stepwise-place"


class Fitter:
    """Fits the pages of one book."""

    def __init__(self, builder: Builder, book: Book) -> None:
        """Find out who uses which term."""
        self._builder, self._book = builder, book
        domain = guide_domain(builder.env)
        self._entries = {anchor_of(*record.key) for record in domain.catalogue.records}
        #: For each term's place, the pages that link to it.
        self._users: dict[tuple[str, str], list[Page]] = {}
        places = term_places(builder.env)
        for page in book.all_pages:
            for name in terms_of(domain, page.docname):
                if name in places:
                    self._users.setdefault(places[name], []).append(page)

    def fit(self, docname: str, doctree: nodes.document) -> None:
        """Change a page."""
        if self._book.guide:
            self._stay_in_guidebook(doctree)
        if docname in {page.docname for page in self._book.extracts}:
            cut_down(doctree, self._entries, self._book.kept)
            self._drop_other_users(docname, doctree)
        self._list_users(docname, doctree)
        for link in doctree.findall(nodes.reference):
            inner = link[0] if link.children else None
            if isinstance(inner, nodes.Element) and "std-term" in inner["classes"]:
                link["classes"].append("stepwise-glossref")

    def _stay_in_guidebook(self, doctree: nodes.document) -> None:
        for node in list(doctree.findall(nodes.Element)):
            names = {node.get("name", ""), *node.get("classes", ())}
            other = isinstance(node, stepwise_navigation) and (
                node.get("guide", self._book.name) != self._book.name
            )
            if node.parent is not None and (names & _OUTSIDE or other):
                node.parent.remove(node)
        own = [n for n in doctree.findall(nodes.paragraph) if _PLACE in n["classes"]]
        for place in doctree.findall(stepwise_region):
            if place["name"] == "place":  # that in the guidebook stands in its panel
                place.children = []
                place += [found.deepcopy() for found in own[1:2]]

    def _drop_other_users(self, docname: str, doctree: nodes.document) -> None:
        """Take pages that are not in the book out of the lists of a record's users."""
        held = {
            self._builder.get_relative_uri(docname, page.docname)
            for page in self._book.all_pages
        }
        for users in list(doctree.findall(nodes.bullet_list)):
            if "stepwise-links" not in users["classes"]:
                continue
            for item in list(users):
                found = [
                    link.get("refuri", "") for link in item.findall(nodes.reference)
                ]
                if not any(uri.partition("#")[0] in held for uri in found):
                    users.remove(item)
            if not users.children:
                above, at = users.parent, users.parent.index(users)
                del above[at - 1 : at + 1]  # the words above the list as well
                if not above.children and isinstance(above, stepwise_navigation):
                    above.parent.remove(above)

    def _list_users(self, docname: str, doctree: nodes.document) -> None:
        for glossary in doctree.findall(addnodes.glossary):
            for item in glossary.findall(nodes.definition_list_item):
                anchors = [i for term in item.findall(nodes.term) for i in term["ids"]]
                found = [
                    page
                    for anchor in anchors
                    for page in self._users.get((docname, anchor), ())
                    if page.docname != docname
                ]
                if found:
                    links = self._links(docname, list(dict.fromkeys(found)))
                    next(item.findall(nodes.definition)).append(links)

    def _links(self, docname: str, pages: list[Page]) -> nodes.paragraph:
        content: list[nodes.Node | str] = [_("Used in: ")]
        for number, page in enumerate(pages):
            uri = self._builder.get_relative_uri(docname, page.docname)
            content += [", "] if number else []
            content.append(nodes.reference("", page.title, refuri=uri, internal=True))
        return paragraph(*content, kind="uses")

"""Explain glossary terms where they are used, once on each page.

Sphinx's own ``{glossary}`` and ``{term}`` stay as they are.  While reading, each
term's meaning is noted; while writing HTML, the first link to a term on a page gets
its meaning beside it, and later ones become plain words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.drawing.nodes import stepwise_term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from sphinx_stepwise.sphinx_ext.domain import Meaning


def note_meanings(app: Sphinx, doctree: nodes.document) -> None:
    """Note what the page's glossary says of each term (``doctree-read``)."""
    docname = app.env.current_document.docname
    found = dict(_meanings(doctree))
    if found:
        guide_domain(app.env).meanings[docname] = found


def _meanings(doctree: nodes.document) -> Iterator[tuple[str, Meaning]]:
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            first = next(
                (
                    paragraph
                    for definition in item.findall(nodes.definition)
                    for paragraph in definition.findall(nodes.paragraph)
                ),
                None,
            )
            meaning = list(parts_of(first)) if first else []
            for term in item.findall(nodes.term):
                for name in term["ids"]:
                    yield name, meaning


def parts_of(node: nodes.Element) -> Iterator[str | tuple[str, str]]:
    """Yield the words of a meaning; our roles stay open until a page is written."""
    for child in node.children:
        if isinstance(child, addnodes.pending_xref) and child["refdomain"] == "guide":
            explicit = child.astext() if child["refexplicit"] else ""
            yield explicit or (child["reftype"], child["reftarget"])
        elif isinstance(child, nodes.Element) and child.children:
            yield from parts_of(child)
        else:
            yield child.astext()


class ExplainTerms(SphinxPostTransform):
    """Mark a term at its first use; after Sphinx has resolved references (10)."""

    default_priority = 20
    builders = ("html", "dirhtml", "singlehtml")

    def run(self, **kwargs: Any) -> None:
        """Change every link to a glossary."""
        domain = guide_domain(self.env)
        meanings = {
            name: domain.words_of(meaning)
            for page in domain.meanings.values()
            for name, meaning in page.items()
        }
        seen: set[str] = set()
        for link in list(self.document.findall(nodes.reference)):
            name = _term(link)
            if not name or _in_glossary(link):
                continue
            if name in seen:
                link.replace_self(nodes.inline("", link.astext()))
            elif meanings.get(name):
                self._explain(link, name, meanings[name])
            seen.add(name)

    def _explain(self, link: nodes.reference, name: str, meaning: str) -> None:
        explained = stepwise_term("", "", *link.children)
        for key in ("refuri", "refid"):
            if key in link:
                explained[key] = link[key]
        explained["tip"] = f"tip-{name}"
        explained["meaning"] = meaning
        link.replace_self(explained)


def _term(link: nodes.reference) -> str:
    """Return the anchor of the term that *link* leads to, if it leads to one."""
    inner = link[0] if link.children else None
    if isinstance(inner, nodes.Element) and "std-term" in inner.get("classes", ()):
        return str(link.get("refid") or link.get("refuri", "").rpartition("#")[2])
    return ""


def _in_glossary(link: nodes.Node) -> bool:
    above = link.parent
    while above is not None and not isinstance(above, addnodes.glossary):
        above = above.parent
    return above is not None

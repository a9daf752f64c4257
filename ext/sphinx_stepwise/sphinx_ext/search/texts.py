"""What pages say, noted while they are read, for the search of our theme.

Sphinx forgets the words of a page once it has written it, and would tell us only in
which pages a word stands.  Roles among the words stay open until the index is made, so
that nothing in it is stale.  What listings show is left out: every record stands in the
index by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from docutils import nodes
from sphinx import addnodes

from sphinx_stepwise.sphinx_ext.drawing.nodes import stepwise_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_stepwise.sphinx_ext.domain import Meaning

#: What holds no words of the page's own.
_SKIPPED = (
    addnodes.glossary,
    addnodes.toctree,
    nodes.comment,
    nodes.raw,
    nodes.section,
    nodes.substitution_definition,
    nodes.system_message,
    nodes.title,
    stepwise_placeholder,
)


class Section(NamedTuple):
    """A section of a page, without the sections in it."""

    #: Nothing for what stands above the first heading.
    anchor: str
    heading: Meaning
    text: Meaning


class Term(NamedTuple):
    """An entry of a glossary."""

    anchor: str
    names: tuple[str, ...]
    meaning: Meaning


class Texts(NamedTuple):
    """The words of a page."""

    sections: list[Section]
    terms: list[Term]


def texts_of(env: BuildEnvironment) -> dict[str, Texts]:
    """Return the words of all pages that may be found, by docname."""
    found = env.__dict__.setdefault("stepwise_texts", {})
    return cast("dict[str, Texts]", found)


def register(app: Sphinx) -> None:
    """Connect what keeps the texts as they are."""
    app.connect("doctree-read", _note)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)


def _note(app: Sphinx, doctree: nodes.document) -> None:
    """Note the page's words, unless it asks search engines to leave it out."""
    for meta in doctree.findall(nodes.meta):
        if meta.get("name") == "robots" and "noindex" in meta.get("content", ""):
            return
    docname = app.env.current_document.docname
    texts = Texts(list(_sections(doctree)), list(_terms(doctree)))
    texts_of(app.env)[docname] = texts


def _forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    texts_of(env).pop(docname, None)


def _merge(
    app: Sphinx,
    env: BuildEnvironment,
    docnames: AbstractSet[str],
    other: BuildEnvironment,
) -> None:
    """Take over what another process noted."""
    noted = texts_of(other)
    texts_of(env).update({name: noted[name] for name in docnames & noted.keys()})


def _sections(doctree: nodes.document) -> Iterator[Section]:
    for at, section in enumerate(doctree.findall(nodes.section)):
        title = section.next_node(nodes.title) if at else None
        heading = list(_parts(title)) if title else []
        anchor = section["ids"][0] if at and section["ids"] else ""
        text = [part for child in section.children for part in _words(child)]
        yield Section(anchor, heading, text)


def _terms(doctree: nodes.document) -> Iterator[Term]:
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            terms = list(item.findall(nodes.term))
            meaning = [
                part
                for definition in item.findall(nodes.definition)
                for part in _words(definition)
            ]
            names = tuple(term.astext() for term in terms)
            yield Term(terms[0]["ids"][0], names, meaning)


def _words(node: nodes.Node) -> Iterator[str | tuple[str, str]]:
    """Yield the words of a block, unless they are not the page's own."""
    own = not isinstance(node, _SKIPPED)
    if own and isinstance(node, nodes.Element) and not _is_summary(node):
        yield from _parts(node)


def _is_summary(node: nodes.Element) -> bool:
    return "stepwise-summary" in node["classes"]  # known without the text


def _parts(node: nodes.Element) -> Iterator[str | tuple[str, str]]:
    """Yield words; our roles stay open until the index is made."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child.astext()
        elif isinstance(child, addnodes.pending_xref) and not child["refexplicit"]:
            if child["refdomain"] == "guide":
                yield child["reftype"], child["reftarget"]
            elif child["reftype"] in {"term", "abbr"}:
                yield child.astext()  # of all others, the address
        elif isinstance(child, nodes.Element):
            yield from _words(child)
    if not isinstance(node, nodes.Inline):
        yield " "

"""A page about a record: the steps that name it, and what each says of it.

What a step says of a record stands in the list below its grid, see ``grid_notes``.  It
is noted while the step is read, with its roles left open, so that other pages can show
it without reading the step's page again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _

from sphinx_stepwise.core.content.use_views import uses
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.drawing.elements import (
    Links,
    bullets,
    item,
    paragraph,
    section,
)
from sphinx_stepwise.sphinx_ext.drawing.glossary import parts_of
from sphinx_stepwise.sphinx_ext.drawing.grid_notes import notes_below
from sphinx_stepwise.sphinx_ext.drawing.nodes import stepwise_placeholder

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinx_stepwise.core.content.track_views import StepView
    from sphinx_stepwise.core.content.use_views import UsesView
    from sphinx_stepwise.sphinx_ext.domain import GuideDomain, Listing, Meaning


def note_grids(app: Sphinx, doctree: nodes.document) -> None:
    """Note what the page says below its grids (``doctree-read``)."""
    found: dict[tuple[str, str], Meaning] = {}
    for node in doctree.findall(stepwise_placeholder):
        if node["what"] == "grid":
            for key, content in notes_below(node):
                if content:  # the page keeps its own nodes
                    copied = (part.deepcopy() for part in content)
                    found[key] = list(parts_of(nodes.paragraph("", "", *copied)))
    if found:
        docname = app.env.current_document.docname
        guide_domain(app.env).grid_notes[docname] = found


def uses_of(domain: GuideDomain, docname: str, listing: Listing) -> UsesView | None:
    """Return what ``{uses}`` shows on a page; ``None`` where it is about no record."""
    page = domain.catalogue.at(docname)
    return uses(domain.navigation, page, listing.fields) if page else None


def notes_of(domain: GuideDomain, view: UsesView | None) -> list[object]:
    """Return what steps say of a view's records, with today's words, to compare."""
    if view is None:
        return []
    return [
        part if isinstance(part, str) else domain.find(*part)
        for use in view.uses
        for step in use.steps
        for part in _note(domain, view, step)
    ]


def draw_uses(domain: GuideDomain, docname: str, view: UsesView) -> list[nodes.Node]:
    """Return a section for each property, with its steps on the page *docname*."""
    links = Links(docname)
    drawn: list[nodes.Node] = []
    for use in view.uses:
        items = []
        for step in use.steps:
            name = paragraph(nodes.strong("", "", links.to(step.link)))
            told: list[nodes.Node | str] = [
                part if isinstance(part, str) else _role(docname, *part)
                for part in _note(domain, view, step)
            ]
            numbers = {"number": step.number, "stage": step.stage[1]}
            where = paragraph(_("Step %(number)d · %(stage)s") % numbers, kind="where")
            stage = f"stage-{step.stage[0]}"
            items.append(item(name, paragraph(*told), where, kinds=[stage]))
        drawn.append(section(use.heading, "part", bullets(items, "uses")))
    return drawn


def _note(domain: GuideDomain, view: UsesView, step: StepView) -> Meaning:
    """Return what a step says of the first record that it has words for.

    A step without such words is told by its summary.
    """
    notes = domain.grid_notes.get(step.link.docname, {})
    for record in view.records:
        if note := notes.get((record.kind, record.id)):
            first, *rest = note
            words = first[:1].upper() + first[1:] if isinstance(first, str) else first
            return [words, *rest]
    return [step.link.summary]


def _role(docname: str, role: str, target: str) -> nodes.Node:
    """Return a role of ours as a page has it; its words are found when written."""
    return addnodes.pending_xref(
        "",
        nodes.inline("", target),
        refdomain="guide",
        reftype=role,
        reftarget=target,
        refdoc=docname,
        refexplicit=False,
        refwarn=True,
    )

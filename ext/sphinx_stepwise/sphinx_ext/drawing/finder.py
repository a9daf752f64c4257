"""The directive ``{finder}``: all steps below their stages, with who or what they name.

In our theme each item says what it can be found by, and a script on that page alone
makes a form of it.  Everywhere else, and without script, the list is whole.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.locale import _

from sphinx_stepwise.sphinx_ext.drawing.elements import Links, paragraph, section, words
from sphinx_stepwise.sphinx_ext.drawing.nodes import places_regions
from sphinx_stepwise.sphinx_ext.search.entries import kind_words

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinx_stepwise.core.content.use_views import (
        Facet,
        FinderStage,
        FinderView,
        NamingStep,
    )


class stepwise_finder(nodes.General, nodes.Element):  # noqa: N801 - as docutils has it
    """Holds the list of all steps.  Attribute ``facets``, for the script."""


class stepwise_found(nodes.list_item):  # noqa: N801
    """A step in the list.  Attributes ``number``, and ``facets`` for the script."""


def register(app: Sphinx) -> None:
    """Register the nodes and the script."""
    silent = (_nothing, _nothing)
    formats = ("latex", "text", "man", "texinfo")
    others: dict[str, Any] = dict.fromkeys(formats, silent)
    app.add_node(stepwise_finder, html=(_visit_finder, _depart_finder), **others)
    app.add_node(stepwise_found, html=(_visit_found, _depart_found))
    app.connect("html-page-context", _add_script)


def draw_finder(view: FinderView, docname: str) -> list[nodes.Node]:
    """Return the list for the page *docname*."""
    facets = [(facet.name, _label(facet), facet.values) for facet in view.facets]
    links = Links(docname)
    stages = [
        _stage(links, number, stage)
        for number, stage in enumerate(view.stages, start=1)
        if stage.steps
    ]
    return [stepwise_finder("", *stages, facets=facets)]


def _label(facet: Facet) -> str:
    if facet.label or facet.name != "by":
        return facet.label or kind_words(facet.name)
    return _("Named as")


def _stage(links: Links, number: int, stage: FinderStage) -> nodes.Element:
    steps = nodes.enumerated_list(
        "",
        *(_step(links, stage.id, step) for step in stage.steps),
        enumtype="arabic",
        prefix="",
        suffix=".",
        start=stage.steps[0].step.number,
        classes=["stepwise-steps"],
    )
    drawn = section(stage.link.title, f"stage-{number}", steps)
    drawn["ids"] = [nodes.make_id(f"steps-{stage.id}")]
    return drawn


def _step(links: Links, stage: str, found: NamingStep) -> stepwise_found:
    content = [paragraph(links.to(found.step.link))]
    for _field, row in found.rows:
        names = ", ".join(record.text for record in row.items)
        content.append(paragraph(words(f"{row.label}:", "by"), f" {names}"))
    books = [guide for guide, _badge in found.step.books]
    named = {field[-1]: [r.id for r in row.items] for field, row in found.rows}
    return stepwise_found(
        "", *content, number=found.step.number, facets=[stage, books, named]
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _visit_finder(self: Any, node: stepwise_finder) -> None:
    """Write the frame that the script looks for."""
    if not places_regions(self.builder):
        return
    told = {
        "label": _("Narrow the steps down"),
        "any": _("Any ({number})"),
        "option": _("{name} ({number})"),
        "all": _("All {total} steps"),
        "found": _("{number} of {total} steps: {choices}"),
        "none": _("No step fits: {choices}. Change a choice, or clear them all."),
        "clear": _("Clear all choices"),
    }
    data = {"data-facets": _json(node["facets"]), "data-words": _json(told)}
    self.body.append(self.starttag(node, "div", CLASS="stepwise-finder", **data))


def _depart_finder(self: Any, node: stepwise_finder) -> None:
    """Close the frame."""
    if places_regions(self.builder):
        self.body.append("</div>\n")


def _visit_found(self: Any, node: stepwise_found) -> None:
    """Write an item that keeps its number when others are hidden."""
    if not places_regions(self.builder):
        self.visit_list_item(node)
        return
    data = {"value": str(node["number"]), "data-found": _json(node["facets"])}
    self.body.append(self.starttag(node, "li", "", **data))


def _depart_found(self: Any, node: stepwise_found) -> None:
    """Close the item."""
    self.depart_list_item(node)


def _nothing(self: Any, node: nodes.Node) -> None:
    """Leave no mark of the node; its children are written."""


def _add_script(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load the script where there is something to find (``html-page-context``)."""
    if (
        doctree
        and places_regions(app.builder)
        and any(doctree.findall(stepwise_finder))
    ):
        app.add_js_file("finder.js", loading_method="defer")

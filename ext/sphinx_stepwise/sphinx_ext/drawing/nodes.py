"""Our own nodes and how builders write them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder


class stepwise_placeholder(nodes.General, nodes.Element):
    """Stands in a stored page for what other pages decide.

    Filled by ``transforms.FillPlaceholders`` when a page is written, so it is never
    stale.  Attributes: ``what``, ``docname`` of
    the page it was read in, ``listing`` for what directives leave.
    """


class stepwise_region(nodes.General, nodes.Element):
    """A part of what surrounds a page's text, such as the breadcrumb.

    Written where it stands.  A theme with the option ``stepwise_regions`` has a place
    of its own for each: what is written is taken out of the text, kept in ``html``,
    and handed to the theme's templates under the region's ``name``.
    """


def visit_region(self: Any, node: stepwise_region) -> None:
    """Note where the region begins."""
    node["begins"] = len(self.body)


def depart_region(self: Any, node: stepwise_region) -> None:
    """Take what was written since out of the text, where the theme asks for it."""
    if places_regions(self.builder):
        node["html"] = "".join(self.body[node["begins"] :])
        del self.body[node["begins"] :]


def places_regions(builder: Builder) -> bool:
    """Whether pages are written with a theme that has places for regions."""
    if not isinstance(builder, StandaloneHTMLBuilder):
        return False
    wanted = builder.theme.get_options().get("stepwise_regions") == "true"
    return wanted and builder.name in {"html", "dirhtml"}


class stepwise_extra(nodes.General, nodes.Element):
    """What only a theme with places for regions shows, such as a page's contents."""


def visit_extra(self: Any, node: nodes.Node) -> None:
    """Go on only where the theme shows it."""
    if not places_regions(self.builder):
        raise nodes.SkipNode


class stepwise_ticks(nodes.General, nodes.Element):
    """A bar with one tick for each step, in groups by stage; only for the eye.

    Attributes: ``shape``, how many steps each stage has; ``number`` of this step.
    """


def visit_ticks(self: Any, node: stepwise_ticks) -> None:
    """Write the bar, where the theme shows it."""
    visit_extra(self, node)
    numbers = itertools.count(1)
    groups = [
        [_tick(next(numbers), node["number"]) for _ in range(count)]
        for count in node["shape"]
    ]
    self.body.append('<span class="stepwise-ticks" aria-hidden="true">')
    for stage, ticks in enumerate(groups, start=1):
        drawn = "".join(ticks)
        self.body.append(f'<span class="stepwise-stage-{stage}">{drawn}</span>')
    self.body.append("</span>")
    raise nodes.SkipNode


def _tick(number: int, here: int) -> str:
    if number == here:
        return '<i class="here"></i>'
    return '<i class="done"></i>' if number < here else "<i></i>"


class stepwise_navigation(nodes.General, nodes.Element):
    """A labelled group of links: ``<nav aria-label=...>`` where there is HTML.

    With the attribute ``guide``, a guidebook's id, its links stay in that guidebook.
    """


def visit_navigation(self: Any, node: stepwise_navigation) -> None:
    """Write the opening tag."""
    attributes = {"aria-label": node["label"]}
    if "guide" in node:
        attributes["data-guide"] = node["guide"]
    self.body.append(self.starttag(node, "nav", "", **attributes))


def depart_navigation(self: Any, node: stepwise_navigation) -> None:
    """Write the closing tag."""
    self.body.append("</nav>\n")


class stepwise_term(nodes.reference):
    """A link to the glossary with the term's meaning beside it, in HTML.

    The meaning is shown on hover and on focus: by the script of our theme, so that it
    can be dismissed, and by the stylesheet in other themes.  Without them, and in
    every other format, the link is what there is.
    """


def visit_term(self: Any, node: stepwise_term) -> None:
    """Write the link, described by what follows it."""
    tag = self.starttag(
        node,
        "a",
        "",
        CLASS="reference internal stepwise-term",
        href=node.get("refuri") or f"#{node['refid']}",
        **{"aria-describedby": node["tip"]},
    )
    self.body.append(tag)


def depart_term(self: Any, node: stepwise_term) -> None:
    """Write the meaning after the link."""
    meaning = self.encode(node["meaning"])
    self.body.append(
        f'</a><span class="stepwise-tip" role="tooltip" id="{node["tip"]}">'
        f"{meaning}</span>"
    )


class stepwise_tally(nodes.inline):
    """How many checks of pages are done: counted by the script of our theme.

    Attributes: ``checks``, such as ``page:id,id page:id``; for one page, ``page`` and
    ``former``, the ids that it had before.  Elsewhere its words are all, if it has any.
    """


def visit_tally(self: Any, node: stepwise_tally) -> None:
    """Write its words, with what the script needs where there is one."""
    if not places_regions(self.builder):
        visit_told(self, node)
        attributes = {}
    else:
        attributes = {"data-checks": node["checks"]}
        if node.get("former"):
            attributes |= {"data-page": node["page"], "data-was": node["former"]}
    self.body.append(self.starttag(node, "span", "", **attributes))


def visit_told(self: Any, node: stepwise_tally) -> None:
    """Go on only where there are words."""
    if not node.children:
        raise nodes.SkipNode


def depart_tally(self: Any, node: stepwise_tally) -> None:
    """Write the closing tag."""
    self.body.append("</span>")


def _nothing(self: Any, node: nodes.Node) -> None:
    """Leave no mark of the node; its children are written."""


def _skip(self: Any, node: nodes.Node) -> None:
    """Write neither the node nor its children."""
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Register the nodes; every builder but HTML's writes only their children."""
    silent = (_nothing, _nothing)
    formats = ("latex", "text", "man", "texinfo")
    others: dict[str, Any] = dict.fromkeys(formats, silent)
    app.add_node(
        stepwise_navigation, html=(visit_navigation, depart_navigation), **others
    )
    app.add_node(stepwise_placeholder, html=silent, **others)
    app.add_node(stepwise_region, html=(visit_region, depart_region), **others)
    unseen: dict[str, Any] = dict.fromkeys(formats, (_skip, None))
    app.add_node(stepwise_extra, html=(visit_extra, _nothing), **unseen)
    app.add_node(stepwise_ticks, html=(visit_ticks, None), **unseen)
    app.add_node(stepwise_term, html=(visit_term, depart_term))
    told: dict[str, Any] = dict.fromkeys(formats, (visit_told, _nothing))
    app.add_node(stepwise_tally, html=(visit_tally, depart_tally), **told)

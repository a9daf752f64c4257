"""Our own nodes and how builders write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class stepwise_placeholder(nodes.General, nodes.Element):
    """Stands in a stored page for what other pages decide.

    Filled by :class:`~sphinx_stepwise.sphinx_ext.transforms.FillPlaceholders` when
    a page is written, so it is never stale.  Attributes: ``what``, ``docname`` of
    the page it was read in, ``listing`` for what directives leave.
    """


class stepwise_navigation(nodes.General, nodes.Element):
    """A labelled group of links: ``<nav aria-label=...>`` where there is HTML."""


def visit_navigation(self: Any, node: stepwise_navigation) -> None:
    """Write the opening tag."""
    label = node["label"]
    self.body.append(self.starttag(node, "nav", "", **{"aria-label": label}))


def depart_navigation(self: Any, node: stepwise_navigation) -> None:
    """Write the closing tag."""
    self.body.append("</nav>\n")


class stepwise_term(nodes.reference):
    """A link to the glossary with the term's meaning beside it, in HTML.

    The meaning is shown on hover and on focus by the stylesheet; without it, and in
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


def _nothing(self: Any, node: nodes.Node) -> None:
    """Leave no mark of the node; its children are written."""


def register(app: Sphinx) -> None:
    """Register the nodes; every builder but HTML's writes only their children."""
    silent = (_nothing, _nothing)
    others: dict[str, Any] = dict.fromkeys(("latex", "text", "man", "texinfo"), silent)
    app.add_node(
        stepwise_navigation, html=(visit_navigation, depart_navigation), **others
    )
    app.add_node(stepwise_placeholder, html=silent, **others)
    app.add_node(stepwise_term, html=(visit_term, depart_term))

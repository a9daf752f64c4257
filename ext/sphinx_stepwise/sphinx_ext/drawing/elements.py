"""The few shapes of docutils nodes that views are drawn with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from sphinx_stepwise.core.content.views import RecordLink
from sphinx_stepwise.sphinx_ext.drawing.nodes import (
    stepwise_navigation,
    stepwise_region,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx_stepwise.core.content.views import Link


def paragraph(*content: nodes.Node | str, kind: str = "") -> nodes.paragraph:
    """Return a paragraph of nodes and words."""
    drawn = nodes.paragraph("", "", *(_node(item) for item in content))
    if kind:
        drawn["classes"].append(f"stepwise-{kind}")
    return drawn


def _node(item: nodes.Node | str) -> nodes.Node:
    return nodes.Text(item) if isinstance(item, str) else item


def words(text: str, kind: str) -> nodes.inline:
    """Return words with a class."""
    return nodes.inline("", text, classes=[f"stepwise-{kind}"])


def item(*children: nodes.Node, kinds: Sequence[str] = ()) -> nodes.list_item:
    """Return an item of a list with classes of its own."""
    classes = [f"stepwise-{kind}" for kind in kinds]
    return nodes.list_item("", *children, classes=classes)


def bullets(
    items: Iterable[nodes.list_item | Sequence[nodes.Node]], kind: str
) -> nodes.bullet_list:
    """Return a list of items, or of what stands in each of them."""
    drawn = nodes.bullet_list(classes=[f"stepwise-{kind}"])
    for content in items:
        if isinstance(content, nodes.list_item):
            drawn += content
        else:
            drawn += nodes.list_item("", *content)
    return drawn


def region(name: str, content: Sequence[nodes.Node]) -> list[nodes.Node]:
    """Return a region, or nothing where there is nothing in it."""
    return [stepwise_region("", *content, name=name)] if content else []


def navigation(
    label: str, kind: str, *content: nodes.Node, guide: str = ""
) -> nodes.Element:
    """Return a labelled group of links; in a guidebook's, links stay in *guide*."""
    drawn = stepwise_navigation("", *content, label=label, classes=[f"stepwise-{kind}"])
    if guide:
        drawn["guide"] = guide
    return drawn


def section(heading: str, kind: str, *content: nodes.Node) -> nodes.section:
    """Return a section of the page's text."""
    title = nodes.title("", heading)
    ids = [nodes.make_id(heading)]
    return nodes.section("", title, *content, ids=ids, classes=[f"stepwise-{kind}"])


def table(
    heads: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[Sequence[nodes.Node]]],
    kind: str,
) -> nodes.table:
    """Return a table; without *heads*, the first cell of each row is its header."""
    group = nodes.tgroup("", cols=len(widths))
    for number, width in enumerate(widths):
        column = nodes.colspec(colwidth=width)
        if not heads and not number:
            column["stub"] = 1
        group += column
    if heads:
        cells = [nodes.entry("", paragraph(head)) for head in heads]
        group += nodes.thead("", nodes.row("", *cells))
    body = nodes.tbody()
    for row in rows:
        body += nodes.row("", *(nodes.entry("", *cell) for cell in row))
    group += body
    return nodes.table("", group, classes=[f"stepwise-{kind}"])


class Links:
    """Draws links on one page; Sphinx resolves them as each builder needs."""

    def __init__(self, docname: str) -> None:
        self._docname = docname

    def to(self, link: Link | RecordLink, text: str = "") -> nodes.Node:
        """Return a link to a page or record, with its title or other words."""
        if isinstance(link, RecordLink):
            return self._xref("guide", link.kind, link.id, text or link.text)
        return self._xref("std", "doc", f"/{link.docname}", text or link.title)

    def listed(self, links: Iterable[Link | RecordLink]) -> nodes.bullet_list:
        """Return links as a list."""
        return bullets([[paragraph(self.to(link))] for link in links], "links")

    def _xref(self, domain: str, kind: str, target: str, text: str) -> nodes.Node:
        return addnodes.pending_xref(
            "",
            nodes.inline("", text),
            refdomain=domain,
            reftype=kind,
            reftarget=target,
            refdoc=self._docname,
            refexplicit=True,
            refwarn=True,
        )

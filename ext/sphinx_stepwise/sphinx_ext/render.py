"""Draw views as docutils nodes, which every builder can write.

All words that readers see and no page holds are here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx import addnodes

from sphinx_stepwise.sphinx_ext.domain import anchor_of
from sphinx_stepwise.sphinx_ext.nodes import stepwise_navigation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx_stepwise.core.views import (
        Link,
        PageView,
        Panel,
        Place,
        RecordLink,
        RecordView,
        Row,
        TrackView,
    )


def _paragraph(*children: nodes.Node, kind: str = "") -> nodes.paragraph:
    paragraph = nodes.paragraph("", "", *children)
    if kind:
        paragraph["classes"].append(f"stepwise-{kind}")
    return paragraph


def _list(items: Iterable[Sequence[nodes.Node]], kind: str) -> nodes.bullet_list:
    bullets = nodes.bullet_list(classes=[f"stepwise-{kind}"])
    bullets += [nodes.list_item("", *children) for children in items]
    return bullets


def _navigation(label: str, kind: str, *children: nodes.Node) -> nodes.Element:
    return stepwise_navigation("", *children, label=label, classes=[f"stepwise-{kind}"])


def _words(place: Place) -> str:
    return f"Step {place.number} of {place.total}"


class Renderer:
    """Draws for one page."""

    def __init__(self, docname: str) -> None:
        self._docname = docname

    def header(self, view: PageView) -> list[nodes.Node]:
        """Return breadcrumb, place in the toolkit, and badges."""
        drawn: list[nodes.Node] = []
        if view.parents:
            crumbs = [[_paragraph(self._link(link))] for link in view.parents]
            trail = _list(crumbs, "crumbs")
            drawn.append(_navigation("Breadcrumb", "breadcrumb", trail))
        if view.place and view.stage_place and view.stage_place.track:
            stage = view.stage_place
            place = (
                f"{_words(view.place)} · {view.stage_place.track.title} "
                f"{stage.number} of {stage.total}"
            )
            drawn.append(_paragraph(nodes.Text(place), kind="place"))
        if view.draft:
            words = "Draft: this page is not part of the toolkit yet."
            drawn.append(nodes.note("", _paragraph(nodes.Text(words))))
        if view.panels:
            badges = [
                [_paragraph(self._link(panel.place.track, panel.badge))]
                for panel in view.panels
                if panel.place.track
            ]
            drawn.append(_list(badges, "badges"))
        return drawn

    def footer(self, view: PageView) -> list[nodes.Node]:
        """Return related steps, a panel for each guidebook, Back, Forward, Home."""
        drawn: list[nodes.Node] = []
        if view.related:
            heading = _paragraph(nodes.Text("Related steps"), kind="label")
            links = _list([[_paragraph(self._link(r))] for r in view.related], "links")
            drawn.append(_navigation("Related steps", "related", heading, links))
        drawn += [self._panel(panel) for panel in view.panels]
        home = view.parents[0] if view.parents else None
        ways = [("Back", view.back), ("Forward", view.forward), ("Home", home)]
        if view.back or view.forward:
            drawn.append(_navigation("Back and Forward", "ways", self._ways(ways)))
        return drawn

    def grid(self, rows: Sequence[Row]) -> list[nodes.Node]:
        """Return a table with a header cell in each row."""
        if not rows:
            return []
        group = nodes.tgroup("", cols=2)
        group += [nodes.colspec(colwidth=25, stub=1), nodes.colspec(colwidth=75)]
        body = nodes.tbody()
        for row in rows:
            cells: list[nodes.Node] = []
            for item in row.items:
                if cells:
                    cells.append(nodes.Text(", "))
                cells.append(self._record(item))
            body += nodes.row(
                "",
                nodes.entry("", _paragraph(nodes.Text(row.label))),
                nodes.entry("", _paragraph(*cells)),
            )
        group += body
        return [nodes.table("", group, classes=["stepwise-grid"])]

    def listing(
        self, what: str, views: Sequence[TrackView] | Sequence[RecordView]
    ) -> list[nodes.Node]:
        """Return what a directive shows."""
        if what == "records":
            records = cast("Sequence[RecordView]", views)
            return [self._record_section(view) for view in records]
        tracks = cast("Sequence[TrackView]", views)
        if what == "steps":
            return [self._steps(track, summaries=True) for track in tracks]
        deep = what == "step-map"
        items: list[list[nodes.Node]] = []
        for view in tracks:
            link = nodes.strong("", "", self._link(view.track))
            if deep:
                items.append([_paragraph(link), self._steps(view, summaries=False)])
            else:
                count = len(view.steps)
                text = f" ({count} step{'' if count == 1 else 's'})"
                head = _paragraph(link, nodes.Text(text))
                items.append([head, _paragraph(nodes.Text(view.track.summary))])
        return [_list(items, what)]

    def _steps(self, view: TrackView, *, summaries: bool) -> nodes.Element:
        """Return the steps of a track as a numbered list."""
        items = []
        for step in view.steps:
            children: list[nodes.Node] = [_paragraph(self._link(step))]
            if summaries and step.summary:
                children.append(_paragraph(nodes.Text(step.summary)))
            items.append(nodes.list_item("", *children))
        numbered = nodes.enumerated_list(
            "", *items, enumtype="arabic", prefix="", suffix="."
        )
        if not summaries and view.numbers:
            numbered["start"] = view.numbers[0]  # the map counts through all stages
        numbered["classes"].append("stepwise-steps")
        return numbered

    def _record_section(self, view: RecordView) -> nodes.Element:
        """Return a record as a section of its own, with the pages that use it."""
        record = view.record
        section = nodes.section(ids=[anchor_of(record.kind, record.id)])
        section += nodes.title("", record.text)
        section += [_paragraph(nodes.Text(text)) for text in view.shown]
        for use in view.uses:
            section += _paragraph(nodes.Text(use.label), kind="label")
            section += _list([[_paragraph(self._link(p))] for p in use.pages], "links")
        return section

    def _panel(self, panel: Panel) -> nodes.Element:
        book = panel.place.track
        heading = _paragraph(self._link(book), kind="label")
        place = _paragraph(nodes.Text(_words(panel.place)), kind="place")
        ways = self._ways([("Back", panel.back), ("Next", panel.forward)])
        label = book.title if book else panel.badge
        return _navigation(label, "panel", heading, place, ways)

    def _ways(self, ways: Sequence[tuple[str, Link | None]]) -> nodes.Element:
        """Return "Back: title" and the like; ways that lead nowhere are left out."""
        items = []
        for word, link in ways:
            if link:
                text = nodes.inline("", f"{word}: ", classes=["stepwise-way"])
                items.append([_paragraph(text, self._link(link))])
        return _list(items, "links")

    def _link(self, link: Link | None, text: str = "") -> nodes.Node:
        if link is None:
            return nodes.Text(text)
        return self._xref("std", "doc", f"/{link.docname}", text or link.title)

    def _record(self, record: RecordLink) -> nodes.Node:
        return self._xref("guide", record.kind, record.id, record.text)

    def _xref(self, domain: str, kind: str, target: str, text: str) -> nodes.Node:
        """Return a reference that Sphinx resolves as each builder needs it."""
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

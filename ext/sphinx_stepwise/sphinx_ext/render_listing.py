"""Draw what directives list: stages, steps, guidebooks and records."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from docutils import nodes

from sphinx_stepwise.core.content.views import Link
from sphinx_stepwise.core.dates import long_date
from sphinx_stepwise.sphinx_ext.domain import anchor_of
from sphinx_stepwise.sphinx_ext.drawing import Links, bullets, paragraph, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_stepwise.core.content.record_views import Group, RecordView, Shown
    from sphinx_stepwise.core.content.views import TrackView
    from sphinx_stepwise.sphinx_ext.domain import Listing


class ListingRenderer:
    """Draws the listings of one page."""

    def __init__(self, docname: str) -> None:
        self._links = Links(docname)
        #: Records drawn so far; one in several groups has its anchor once.
        self._anchored: set[str] = set()

    def draw(
        self, listing: Listing, views: Sequence[TrackView] | Sequence[Group]
    ) -> list[nodes.Node]:
        """Return what a directive shows."""
        if listing.what == "record":
            (group,) = cast("Sequence[Group]", views)
            return [self._box(group.records[0])]
        if listing.what == "records":
            groups = cast("Sequence[Group]", views)
            return self._groups(groups, as_table=listing.table)
        tracks = cast("Sequence[TrackView]", views)
        if listing.what == "steps":
            return [self._steps(track, summaries=True) for track in tracks]
        items: list[list[nodes.Node]] = []
        for view in tracks:
            link = nodes.strong("", "", self._links.to(view.track))
            if listing.what == "step-map":
                items.append([paragraph(link), self._steps(view, summaries=False)])
            else:
                count = len(view.steps)
                text = f" ({count} step{'' if count == 1 else 's'})"
                items.append([paragraph(link, text), paragraph(view.track.summary)])
        return [bullets(items, listing.what)]

    def _steps(self, view: TrackView, *, summaries: bool) -> nodes.Element:
        """Return the steps of a track as a numbered list."""
        items = []
        for step, note in zip(view.steps, view.notes, strict=True):
            children: list[nodes.Node] = [paragraph(self._links.to(step))]
            if summaries and (note or step.summary):
                children.append(paragraph(note or step.summary))
            items.append(nodes.list_item("", *children))
        numbered = nodes.enumerated_list(
            "", *items, enumtype="arabic", prefix="", suffix="."
        )
        if not summaries and view.numbers:
            numbered["start"] = view.numbers[0]  # the map counts through all stages
        numbered["classes"].append("stepwise-steps")
        return numbered

    def _groups(self, groups: Sequence[Group], *, as_table: bool) -> list[nodes.Node]:
        drawn: list[nodes.Node] = []
        for group in groups:
            content: list[nodes.Node]
            if as_table:
                content = [self._table(group.records)]
            else:
                content = [self._record_section(view) for view in group.records]
            if not group.heading:
                drawn += content
                continue
            page = group.heading if isinstance(group.heading, Link) else None
            words = page.title if page else str(group.heading)
            section = nodes.section(ids=[nodes.make_id(f"group-{words}")])
            section += nodes.title("", words)
            if page:
                section += paragraph("Read ", self._links.to(page), ".")
            section += content
            drawn.append(section)
        return drawn

    def _anchor(self, view: RecordView) -> str:
        """Return the record's anchor, or nothing where it has been drawn before."""
        anchor = anchor_of(view.record.kind, view.record.id)
        if anchor in self._anchored:
            return ""
        self._anchored.add(anchor)
        return anchor

    def _record_section(self, view: RecordView) -> nodes.Element:
        """Return a record as a section of its own, with the pages tied to it.

        In a second group it is a link to the first.
        """
        anchor = self._anchor(view)
        if not anchor:
            return paragraph("Also: ", self._links.to(view.record))
        section = nodes.section(ids=[anchor])
        section += nodes.title("", view.record.text)
        section += self._details(view)
        for use in view.uses:
            section += paragraph(use.heading, kind="label")
            section += self._links.listed(use.links)
        return section

    def _box(self, view: RecordView) -> nodes.admonition:
        """Return one record as a box that leads to its place in the list."""
        title = nodes.title("", "", self._links.to(view.record))
        box = nodes.admonition("", title, *self._details(view))
        box["classes"].append("stepwise-record")
        return box

    def _table(self, records: Sequence[RecordView]) -> nodes.table:
        rows: list[list[list[nodes.Node]]] = []
        for view in records:
            name = paragraph(nodes.strong("", view.record.text))
            if anchor := self._anchor(view):
                name["ids"] = [anchor]
            uses: list[nodes.Node] = []
            for use in view.uses:
                uses += [paragraph(use.heading, kind="label")]
                uses += [self._links.listed(use.links)]
            rows.append([[name], self._details(view), uses])
        heads = ("What", "In full", "Where")
        return table(heads, (25, 45, 30), rows, "records")

    def _details(self, view: RecordView) -> list[nodes.Node]:
        """Return a record's cautions and the properties that are shown."""
        drawn: list[nodes.Node] = []
        if view.expired:
            words = f"Held until {long_date(view.expired)}. Check what holds now."
            drawn.append(nodes.caution("", paragraph(words)))
        if view.caution:
            drawn.append(paragraph(nodes.emphasis("", view.caution), kind="caution"))
        for shown in view.shown:
            drawn += self._shown(shown)
        return drawn

    def _shown(self, shown: Shown) -> list[nodes.Node]:
        label = f"{shown.label}: " if shown.label else ""
        if shown.day:
            return [paragraph(label, long_date(shown.day))]
        if shown.address:
            link = nodes.reference("", shown.words[0], refuri=shown.address)
            return [paragraph(label, link)]
        if len(shown.words) == 1:
            return [paragraph(label, shown.words[0])]
        items = [[paragraph(words)] for words in shown.words]
        return [paragraph(label.strip()), bullets(items, "words")]

"""Draw what directives list: stages, steps, guidebooks and records."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from docutils import nodes
from sphinx.locale import _

from sphinx_stepwise.core.content.model import page_id
from sphinx_stepwise.core.content.views import Link
from sphinx_stepwise.core.dates import long_date
from sphinx_stepwise.sphinx_ext.domain import anchor_of
from sphinx_stepwise.sphinx_ext.drawing.elements import (
    Links,
    bullets,
    item,
    paragraph,
    table,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx_stepwise.core.content.record_views import Group, RecordView, Shown
    from sphinx_stepwise.core.content.track_views import StepView, TrackView
    from sphinx_stepwise.sphinx_ext.domain import Listing
    from sphinx_stepwise.sphinx_ext.drawing.checklists import Tallies

#: How steps of the guidebooks that ``stepwise_marked`` names are drawn.
MARKS = ("filled", "outlined")


class _Mark(NamedTuple):
    """How a step is told apart: its circle, and the guidebook that it is in."""

    kind: str
    guide: str
    badge: str


class ListingRenderer:
    """Draws the listings of one page."""

    def __init__(self, docname: str, marked: Sequence[str], tallies: Tallies) -> None:
        """Draw for *docname*; steps of the guidebooks *marked* are told apart."""
        self._links = Links(docname)
        self._tallies = tallies
        self._marked = marked
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
            if listing.form == "links":
                return [self._index(group.records) for group in groups]
            return self._groups(groups, as_table=listing.form == "table")
        tracks = cast("Sequence[TrackView]", views)
        if listing.what == "steps":
            return [self._journey(track) for track in tracks]
        if listing.what == "step-map":
            return [*self._legend(tracks), self._map(tracks)]
        return [self._tracks(tracks, listing.what)]

    def _tracks(self, tracks: Sequence[TrackView], kind: str) -> nodes.bullet_list:
        """Return stages or guidebooks with their summaries."""
        items = []
        for number, view in enumerate(tracks, start=1):
            link = nodes.strong("", "", self._links.to(view.track))
            count = len(view.steps)
            told = _("(%d step)") if count == 1 else _("(%d steps)")
            name = paragraph(link, " ", words(told % count, "count"))
            content = [name, paragraph(view.track.summary)]
            kinds = [f"stage-{number}"] if view.kind == "stage" else []
            items.append(item(*content, kinds=kinds))
        return bullets(items, kind)

    def _map(self, tracks: Sequence[TrackView]) -> nodes.bullet_list:
        """Return every step below its stage; numbers count through all stages."""
        columns = []
        for number, view in enumerate(tracks, start=1):
            link = nodes.strong("", "", self._links.to(view.track))
            content: list[nodes.Node] = [paragraph(link)]
            if view.track.summary:
                content.append(paragraph(view.track.summary, kind="about"))
            steps = [item(self._named(s), kinds=self._kinds(s)) for s in view.steps]
            content.append(_numbered(steps, view))
            columns.append(item(*content, kinds=[f"stage-{number}"]))
        return bullets(columns, "step-map")

    def _journey(self, view: TrackView) -> nodes.enumerated_list:
        """Return the steps of a track with what to take from each."""
        items = []
        for step in view.steps:
            content: list[nodes.Node] = [self._named(step, page_id(view.track.docname))]
            if step.note or step.link.summary:
                content.append(paragraph(step.note or step.link.summary))
            if view.kind != "stage" and step.stage[0]:
                content.append(paragraph(step.stage[1], kind="where"))
            kinds = [*self._kinds(step), f"stage-{step.stage[0]}"]
            items.append(item(*content, kinds=kinds))
        drawn = _numbered(items, view)
        drawn["classes"].append("stepwise-journey")
        return drawn

    def _named(self, step: StepView, here: str = "") -> nodes.paragraph:
        """Return a link to a step, and in words what its circle says by its look.

        :param here: a guidebook whose own page this is; it goes without saying there.
        """
        content = [self._links.to(step.link)]
        if (mark := self._mark(step)) and mark.guide != here:
            content.append(words(f" ({mark.badge})", "mark"))
        return paragraph(*content, *self._tallies.of([step.link.docname]))

    def _mark(self, step: StepView) -> _Mark | None:
        """Return how the step is told apart, by the first guidebook that holds it."""
        books = dict(step.books)
        for kind, guide in zip(MARKS, self._marked, strict=False):
            if guide in books:
                return _Mark(kind, guide, books[guide])
        return None

    def _kinds(self, step: StepView) -> list[str]:
        mark = self._mark(step)
        return [mark.kind] if mark else []

    def _legend(self, tracks: Sequence[TrackView]) -> list[nodes.Node]:
        """Return what each kind of circle means."""
        marks = [self._mark(step) for view in tracks for step in view.steps]
        found = {mark.kind: mark.badge for mark in marks if mark}
        if not found:
            return []
        items = [
            item(paragraph(found[kind]), kinds=[kind])
            for kind in MARKS
            if kind in found
        ]
        if None in marks:
            items.append(item(paragraph(_("Other steps")), kinds=["plain"]))
        return [bullets(items, "legend")]

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
            heading = page.title if page else str(group.heading)
            section = nodes.section(ids=[nodes.make_id(f"group-{heading}")])
            section += nodes.title("", heading)
            if page:
                section += paragraph(_("Read "), self._links.to(page), ".")
            section += content
            drawn.append(section)
        return drawn

    def _index(self, records: Iterable[RecordView]) -> nodes.bullet_list:
        """Return links to records, with the words of what is shown of each."""
        return bullets(
            (
                [
                    paragraph(self._links.to(view.record)),
                    *(paragraph(text) for shown in view.shown for text in shown.words),
                ]
                for view in records
            ),
            "index",
        )

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
            return paragraph(_("Also: "), self._links.to(view.record))
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
        heads = (_("What"), _("In full"), _("Where"))
        return table(heads, (25, 45, 30), rows, "records")

    def _details(self, view: RecordView) -> list[nodes.Node]:
        """Return a record's cautions and the properties that are shown."""
        drawn: list[nodes.Node] = []
        if view.expired:
            told = _("Held until %s. Check what holds now.") % long_date(view.expired)
            drawn.append(nodes.caution("", paragraph(told)))
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
        items = [[paragraph(text)] for text in shown.words]
        return [paragraph(label.strip()), bullets(items, "words")]


def _numbered(
    items: Iterable[nodes.list_item], view: TrackView
) -> nodes.enumerated_list:
    """Return a numbered list of a track's steps; a stage's count through all stages."""
    drawn = nodes.enumerated_list("", *items, enumtype="arabic", prefix="", suffix=".")
    if view.kind == "stage" and view.steps and view.steps[0].number:
        drawn["start"] = view.steps[0].number
    drawn["classes"].append("stepwise-steps")
    return drawn

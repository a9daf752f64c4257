"""Draw what surrounds a page's text: where it stands, where to go, who keeps it.

The words that readers see and no page holds are here, in ``render_listing`` and in
the theme's templates, all of them through Sphinx's gettext.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.locale import _

from sphinx_stepwise.core.content.views import RecordLink
from sphinx_stepwise.core.dates import long_date
from sphinx_stepwise.sphinx_ext.drawing.elements import (
    Links,
    bullets,
    item,
    navigation,
    paragraph,
    region,
    section,
    table,
    words,
)
from sphinx_stepwise.sphinx_ext.drawing.nodes import stepwise_extra, stepwise_ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_stepwise.core.content.views import (
        Citation,
        Link,
        LinkList,
        PageView,
        Panel,
        Place,
        Row,
        Upkeep,
    )
    from sphinx_stepwise.sphinx_ext.drawing.grid_notes import Notes


class PageRenderer:
    """Draws for one page."""

    def __init__(self, docname: str, marked: Sequence[str] = ()) -> None:
        """Draw for *docname*; the first of the guidebooks *marked* stands out."""
        self._links = Links(docname)
        self._marked = marked

    def top(self, view: PageView) -> list[nodes.Node]:
        """Return breadcrumb and place in the toolkit: two regions."""
        crumbs: list[nodes.Node] = []
        if view.parents:
            trail = [[paragraph(self._links.to(link))] for link in view.parents]
            crumbs = [
                navigation(_("Breadcrumb"), "breadcrumb", bullets(trail, "crumbs"))
            ]
        place: list[nodes.Node] = []
        stage = view.stage_place
        if view.place and stage and stage.track:
            told = _("%(stage)s %(number)d of %(total)d") % {
                "stage": stage.track.title,
                "number": stage.number,
                "total": stage.total,
            }
            text = words(f"{_words(view.place)} · {told}", "where")
            ticks = stepwise_ticks(shape=view.shape, number=view.place.number)
            place = [paragraph(text, ticks, kind="place")]
        elif view.stage:
            numbers = {"number": view.stage, "total": len(view.shape)}
            told = _("Stage %(number)d of %(total)d") % numbers
            place = [paragraph(told, kind="place")]
        return region("crumbs", crumbs) + region("place", place)

    def header(self, view: PageView) -> list[nodes.Node]:
        """Return what stands below the summary: badges and cautions."""
        drawn: list[nodes.Node] = []
        if view.panels:
            badges = [
                item(
                    paragraph(self._links.to(panel.place.track, panel.badge)),
                    kinds=["filled"] if panel.guide in self._marked[:1] else (),
                )
                for panel in view.panels
                if panel.place.track
            ]
            drawn.append(bullets(badges, "badges"))
        if view.draft:
            text = _("Draft: this page is not part of the toolkit yet.")
            drawn.append(nodes.note("", paragraph(text)))
        return drawn + self._cautions(view)

    def _cautions(self, view: PageView) -> list[nodes.Node]:
        """Return what to be careful with: an old page, and what has run out on it."""
        drawn: list[nodes.Node] = []
        if view.upkeep and view.upkeep.overdue and view.upkeep.due:
            day = long_date(view.upkeep.due)
            text = _("This page was due for review by %s. Check before you rely on it.")
            drawn.append(nodes.caution("", paragraph(text % day)))
        for warned in view.expired:
            link = self._links.to(warned.record)
            since = _(" held until %s. Check what holds now.") % long_date(warned.since)
            told = paragraph(_("Out of date: "), link, since)
            drawn.append(nodes.caution("", told))
        return drawn

    def things(self, view: PageView) -> list[nodes.Node]:
        """Return a section for each list of things to use, with what is in them."""
        drawn: list[nodes.Node] = []
        for found in view.lists:
            if found.detailed:
                cards = [self._card(link) for link in found.links]
                drawn.append(section(found.heading, "things", bullets(cards, "tools")))
        return drawn

    def _card(self, link: Link | RecordLink) -> list[nodes.Node]:
        name = paragraph(self._links.to(link))
        if isinstance(link, RecordLink) and link.sort:
            name[:0] = [words(link.sort, "sort"), nodes.Text(" ")]
        return [name, paragraph(link.summary)] if link.summary else [name]

    def footer(self, view: PageView) -> list[nodes.Node]:
        """Return what stands below the text: sources, Back and Forward, upkeep."""
        drawn: list[nodes.Node] = []
        if view.citations:
            drawn.append(self._citations(view.citations))
        home = view.parents[0] if view.parents else None
        ways = [(_("Back"), view.back), (_("Forward"), view.forward), (_("Home"), home)]
        if view.back or view.forward:
            label = _("Back and Forward")
            drawn.append(navigation(label, "ways", self._ways(ways)))
        if view.upkeep:
            drawn.append(paragraph(_upkeep(view.upkeep), kind="upkeep"))
        return drawn

    def rail(
        self, view: PageView, sections: Sequence[nodes.section]
    ) -> list[nodes.Node]:
        """Return the region beside the text: guidebooks, contents, related pages.

        :param sections: the page's own, for themes that leave their list to us.
        """
        drawn: list[nodes.Node] = [self._panel(panel) for panel in view.panels]
        if len(sections) > 1:
            drawn.append(stepwise_extra("", _contents(sections)))
        drawn += [self._list(f) for f in view.lists if not f.detailed]
        return region("rail", drawn)

    def _list(self, found: LinkList) -> nodes.Element:
        heading = paragraph(found.heading, kind="label")
        links = self._links.listed(found.links)
        return navigation(found.heading, "related", heading, links)

    def _citations(self, citations: Sequence[Citation]) -> nodes.Element:
        """Return the sources of what the text says, grouped by source."""
        found: dict[tuple[str, str, str], list[Citation]] = {}
        for cited in citations:
            key = (cited.source, cited.address, cited.date)
            found.setdefault(key, []).append(cited)
        items = []
        for (source, address, date), group in found.items():
            content: list[nodes.Node | str] = [
                nodes.reference("", source, refuri=address) if address else source,
                f" ({date}): " if date else ": ",
            ]
            for number, cited in enumerate(group):
                content += ["; "] if number else []
                content.append(self._links.to(cited.record))
            items.append([paragraph(*content)])
        label = _("Sources for this page")
        heading = paragraph(label, kind="label")
        return navigation(label, "sources", heading, bullets(items, "cited"))

    def grid(self, rows: Sequence[Row], notes: Notes) -> list[nodes.Node]:
        """Return a table with a header cell in each row.

        :param notes: what the page says of each item; all have a note or none has.
        """
        cells = []
        for row in rows:
            told = [
                paragraph(
                    self._links.to(found), ": ", *notes.get((found.kind, found.id), ())
                )
                for found in row.items
            ]
            content: list[nodes.Node | str] = []
            for found in row.items:
                content += [", "] if content else []
                content.append(self._links.to(found))
            cell = told if notes else [paragraph(*content)]
            cells.append([[paragraph(row.label)], cell])
        return [table((), (25, 75), cells, "grid")] if cells else []

    def _panel(self, panel: Panel) -> nodes.Element:
        book = panel.place.track
        heading = self._links.to(book) if book else nodes.Text(panel.badge)
        return navigation(
            book.title if book else panel.badge,
            "panel",
            paragraph(heading, kind="label"),
            paragraph(_words(panel.place), kind="place"),
            self._ways([(_("Back"), panel.back), (_("Next"), panel.forward)]),
            guide=panel.guide,
        )

    def _ways(self, ways: Sequence[tuple[str, Link | None]]) -> nodes.Element:
        """Return "Back: title" and the like; ways that lead nowhere are left out."""
        kinds = ("back", "forward", "home")
        items = [
            item(
                paragraph(
                    words(word, "way"), words(": ", "colon"), self._links.to(link)
                ),
                kinds=[kind],
            )
            for kind, (word, link) in zip(kinds, ways, strict=False)
            if link
        ]
        return bullets(items, "links")


def _contents(sections: Sequence[nodes.section]) -> nodes.Element:
    links = []
    for found in sections:
        text = found[0].astext()
        link = nodes.reference("", text, refid=found["ids"][0], internal=True)
        links.append([paragraph(link)])
    label = _("On this page")
    heading = paragraph(label, kind="label")
    return navigation(label, "contents", heading, bullets(links, "links"))


def _words(place: Place) -> str:
    numbers = {"number": place.number, "total": place.total}
    return _("Step %(number)d of %(total)d") % numbers


def _upkeep(upkeep: Upkeep) -> str:
    told = []
    if upkeep.owner:
        told.append(_("Looked after by: %s.") % upkeep.owner)
    if upkeep.reviewed and upkeep.due:
        told.append(_("Last reviewed %s.") % long_date(upkeep.reviewed))
        told.append(_("Next review by %s.") % long_date(upkeep.due))
    return " ".join(told)

"""Draw what surrounds a page's text: where it stands, where to go, who keeps it.

The words that readers see and no page holds are here and in ``render_listing``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_stepwise.core.dates import long_date
from sphinx_stepwise.sphinx_ext.drawing import (
    Links,
    bullets,
    navigation,
    paragraph,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_stepwise.core.content.views import (
        Citation,
        Link,
        PageView,
        Panel,
        Place,
        Row,
        Upkeep,
    )


class PageRenderer:
    """Draws for one page."""

    def __init__(self, docname: str) -> None:
        self._links = Links(docname)

    def header(self, view: PageView) -> list[nodes.Node]:
        """Return breadcrumb, place in the toolkit, badges and cautions."""
        drawn: list[nodes.Node] = []
        if view.parents:
            crumbs = [[paragraph(self._links.to(link))] for link in view.parents]
            trail = bullets(crumbs, "crumbs")
            drawn.append(navigation("Breadcrumb", "breadcrumb", trail))
        if view.place and view.stage_place and view.stage_place.track:
            stage = view.stage_place
            title = view.stage_place.track.title
            words = f"{_words(view.place)} · {title} {stage.number} of {stage.total}"
            drawn.append(paragraph(words, kind="place"))
        if view.panels:
            badges = [
                [paragraph(self._links.to(panel.place.track, panel.badge))]
                for panel in view.panels
                if panel.place.track
            ]
            drawn.append(bullets(badges, "badges"))
        if view.draft:
            words = "Draft: this page is not part of the toolkit yet."
            drawn.append(nodes.note("", paragraph(words)))
        return drawn + self._cautions(view)

    def _cautions(self, view: PageView) -> list[nodes.Node]:
        """Return what to be careful with: an old page, and what has run out on it."""
        drawn: list[nodes.Node] = []
        if view.upkeep and view.upkeep.overdue and view.upkeep.due:
            day = long_date(view.upkeep.due)
            words = (
                f"This page was due for review by {day}. Check before you rely on it."
            )
            drawn.append(nodes.caution("", paragraph(words)))
        for warned in view.expired:
            link = self._links.to(warned.record)
            since = f" held until {long_date(warned.since)}. Check what holds now."
            drawn.append(nodes.caution("", paragraph("Out of date: ", link, since)))
        return drawn

    def footer(self, view: PageView) -> list[nodes.Node]:
        """Return lists, a panel for each guidebook, Back and Forward, upkeep."""
        drawn: list[nodes.Node] = []
        for found in view.lists:
            heading = paragraph(found.heading, kind="label")
            links = self._links.listed(found.links)
            drawn.append(navigation(found.heading, "related", heading, links))
        if view.citations:
            drawn.append(self._citations(view.citations))
        drawn += [self._panel(panel) for panel in view.panels]
        home = view.parents[0] if view.parents else None
        ways = [("Back", view.back), ("Forward", view.forward), ("Home", home)]
        if view.back or view.forward:
            drawn.append(navigation("Back and Forward", "ways", self._ways(ways)))
        if view.upkeep:
            drawn.append(paragraph(_upkeep(view.upkeep), kind="upkeep"))
        return drawn

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
        heading = paragraph("Sources for this page", kind="label")
        return navigation(
            "Sources for this page", "sources", heading, bullets(items, "cited")
        )

    def grid(self, rows: Sequence[Row]) -> list[nodes.Node]:
        """Return a table with a header cell in each row."""
        cells = []
        for row in rows:
            content: list[nodes.Node | str] = []
            for item in row.items:
                content += [", "] if content else []
                content.append(self._links.to(item))
            cells.append([[paragraph(row.label)], [paragraph(*content)]])
        return [table((), (25, 75), cells, "grid")] if cells else []

    def _panel(self, panel: Panel) -> nodes.Element:
        book = panel.place.track
        heading = self._links.to(book) if book else nodes.Text(panel.badge)
        return navigation(
            book.title if book else panel.badge,
            "panel",
            paragraph(heading, kind="label"),
            paragraph(_words(panel.place), kind="place"),
            self._ways([("Back", panel.back), ("Next", panel.forward)]),
        )

    def _ways(self, ways: Sequence[tuple[str, Link | None]]) -> nodes.Element:
        """Return "Back: title" and the like; ways that lead nowhere are left out."""
        items = []
        for word, link in ways:
            if link:
                text = nodes.inline("", f"{word}: ", classes=["stepwise-way"])
                items.append([paragraph(text, self._links.to(link))])
        return bullets(items, "links")


def _words(place: Place) -> str:
    return f"Step {place.number} of {place.total}"


def _upkeep(upkeep: Upkeep) -> str:
    words = []
    if upkeep.owner:
        words.append(f"Looked after by: {upkeep.owner}.")
    if upkeep.reviewed and upkeep.due:
        words.append(f"Last reviewed {long_date(upkeep.reviewed)}.")
        words.append(f"Next review by {long_date(upkeep.due)}.")
    return " ".join(words)

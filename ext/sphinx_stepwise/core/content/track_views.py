"""A stage or guidebook as pages list it, a frozen value.  Floor 6."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_stepwise.core.content.views import badge_of, link_to

if TYPE_CHECKING:
    from sphinx_stepwise.core.content.model import Track
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.content.views import Link


@dataclass(frozen=True, slots=True)
class StepView:
    """A step in a stage or guidebook."""

    link: Link
    #: Its place in canonical order, from 1; 0 where it has none.
    number: int
    #: What this track's readers should take from it, or nothing.
    note: str
    #: Its stage: the number, from 1, and the title.
    stage: tuple[int, str]
    #: The guidebooks that hold it: id and badge.
    books: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TrackView:
    """A stage or guidebook with its steps."""

    track: Link
    kind: str
    steps: tuple[StepView, ...]


def track_view(navigation: Navigation, track: Track, /) -> TrackView:
    """Return a stage or guidebook with its steps."""
    order = {s.docname: number for number, s in enumerate(navigation.canonical, 1)}
    stages = {
        step.docname: (number, stage.page.title)
        for number, stage in enumerate(navigation.stages, 1)
        for step in stage.steps
    }
    steps = tuple(
        StepView(
            link_to(step),
            order.get(step.docname, 0),
            track.page.note("steps", step.id),
            stages.get(step.docname, (0, "")),
            tuple((b.page.id, badge_of(b)) for b in navigation.guidebooks_of(step)),
        )
        for step in track.steps
    )
    return TrackView(link_to(track.page), track.page.kind, steps)

"""A stage or guidebook as pages list it, a frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.content.views import badge_of, link_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx_stepwise.core.content.model import Page, Track
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.content.views import Link

_NONE: Final[Mapping[str, str]] = {}


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
    notes = {step.docname: track.page.note("steps", step.id) for step in track.steps}
    steps = step_views(navigation, track.steps, notes)
    return TrackView(link_to(track.page), track.page.kind, steps)


def step_views(
    navigation: Navigation, steps: Iterable[Page], /, notes: Mapping[str, str] = _NONE
) -> tuple[StepView, ...]:
    """Return *steps* as lists show them; *notes* by docname."""
    order = {s.docname: number for number, s in enumerate(navigation.canonical, 1)}
    stages = {
        step.docname: (number, stage.page.title)
        for number, stage in enumerate(navigation.stages, 1)
        for step in stage.steps
    }
    return tuple(
        StepView(
            link_to(step),
            order.get(step.docname, 0),
            notes.get(step.docname, ""),
            stages.get(step.docname, (0, "")),
            tuple((b.page.id, badge_of(b)) for b in navigation.guidebooks_of(step)),
        )
        for step in steps
    )

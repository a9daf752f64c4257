"""Which steps name which records, and by which property, as frozen values.

What the text of a step names does not count: only its front matter says who or what
takes part in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_stepwise.core.content.model import BODY, Record
from sphinx_stepwise.core.content.track_views import step_views
from sphinx_stepwise.core.content.views import Row, badge_of, link_to, record_link

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sphinx_stepwise.core.content.model import Page, Reference
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.content.track_views import StepView
    from sphinx_stepwise.core.content.views import Link, RecordLink


@dataclass(frozen=True, slots=True)
class Use:
    """The steps that name a record by one property, in canonical order."""

    heading: str
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class UsesView:
    """What a page about records shows: who names them, in the schema's order."""

    records: tuple[RecordLink, ...]
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class NamingStep:
    """A step with the records that it names, by the path of each property."""

    step: StepView
    rows: tuple[tuple[tuple[str, ...], Row], ...]


@dataclass(frozen=True, slots=True)
class FinderStage:
    """A stage with its steps."""

    id: str
    link: Link
    steps: tuple[NamingStep, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """What steps can be narrowed by: name, words, and values with their words."""

    name: str
    #: Nothing where there are no words for it but those of its kind.
    label: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FinderView:
    """All steps, and what they can be narrowed by."""

    stages: tuple[FinderStage, ...]
    #: ``stage``, ``guidebook``, the kind of record, and ``by``: the last key of the
    #: property that names it.
    facets: tuple[Facet, Facet, Facet, Facet]


def uses(
    navigation: Navigation, page: Page, fields: Collection[str] = (), /
) -> UsesView | None:
    """Return which steps name the records that *page* is about.

    :param fields: first keys of the properties that count; all where empty.
    Returns ``None`` where the page is about no record, see ``x-page``.
    """
    catalogue = navigation.catalogue
    records = catalogue.records_about(page)
    if not records:
        return None
    found: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    for record in records:
        for ref in catalogue.references_to(record):
            if ref.source[0] == "step" and _counts(ref, fields):
                found.setdefault(ref.field, set()).add(ref.source)
    schema = catalogue.schemas["step"]
    drawn = []
    for field in sorted(found, key=schema.order_of):
        steps = [step for step in navigation.canonical if step.key in found[field]]
        if steps:
            drawn.append(Use(schema.title_of(*field), step_views(navigation, steps)))
    return UsesView(tuple(map(record_link, records)), tuple(drawn))


def finder(
    navigation: Navigation, collection: str, fields: Collection[str] = (), /
) -> FinderView:
    """Return all steps with the records of *collection* that they name.

    :param fields: as for :func:`uses`.
    """
    catalogue = navigation.catalogue
    kind = catalogue.project.collections[collection]
    schema = catalogue.schemas["step"]
    stages = []
    for stage in navigation.stages:
        shown = step_views(navigation, stage.steps)
        named = (tuple(_rows(navigation, step, kind, fields)) for step in stage.steps)
        steps = tuple(map(NamingStep, shown, named))
        stages.append(FinderStage(stage.page.id, link_to(stage.page), steps))
    rows = [row for stage in stages for step in stage.steps for row in step.rows]
    met = {item.id for _, row in rows for item in row.items}
    labels = {field: row.label for field, row in rows}
    asked = [name for name in schema.properties() if name in fields]
    books = ((book.page.id, badge_of(book)) for book in navigation.guidebooks)
    records = ((r.id, r.label) for r in catalogue.collection(collection) if r.id in met)
    ways = ((field[-1], labels[field]) for field in sorted(labels, key=schema.order_of))
    facets = (
        Facet("stage", "", tuple((stage.id, stage.link.title) for stage in stages)),
        Facet("guidebook", "", tuple(books)),
        Facet(kind, "", tuple(records)),
        Facet("by", schema.title_of(*asked) if len(asked) == 1 else "", tuple(ways)),
    )
    return FinderView(tuple(stages), facets)


def _counts(reference: Reference, fields: Collection[str]) -> bool:
    first = reference.field[0]
    return first in fields if fields else first != BODY


def _rows(
    navigation: Navigation, step: Page, kind: str, fields: Collection[str]
) -> Iterator[tuple[tuple[str, ...], Row]]:
    """Yield, for each property of *step* that names records of a kind, its row."""
    catalogue = navigation.catalogue
    schema = catalogue.schemas[step.kind]
    found: dict[tuple[str, ...], list[RecordLink]] = {}
    for ref in catalogue.references_of(step):
        item = catalogue.find(ref.kinds, ref.target)
        if isinstance(item, Record) and item.kind == kind and _counts(ref, fields):
            found.setdefault(ref.field, []).append(record_link(item))
    for field in sorted(found, key=schema.order_of):
        items = tuple(dict.fromkeys(found[field]))
        yield field, Row(schema.title_of(*field), items)

"""Rules about pages taken by themselves or two by two."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.diagnostics import Diagnostic, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.content.model import Page, Record
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.text.body import Heading


def check_ids(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """No two pages, and no two records of a collection, have one id."""
    catalogue = navigation.catalogue
    pages: dict[str, Page] = {}
    for page in catalogue.pages:
        first = pages.setdefault(page.id, page)
        if first is not page:
            message = f"the id `{page.id}` belongs to {first.path} already"
            hint = "Rename one of the two files."
            yield Diagnostic(
                Code.ID_DUPLICATE, page.start, message, hint, related=(first.start,)
            )
    records: dict[tuple[str, str], Record] = {}
    for record in catalogue.records:
        known = records.setdefault(record.key, record)
        if known is not record:
            message = f"the id `{record.id}` is taken at {known.location}"
            hint = f"Give this {record.kind} an id of its own."
            other = (known.location,)
            yield Diagnostic(
                Code.ID_DUPLICATE, record.location, message, hint, related=other
            )


def check_titles(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """No two pages have one title, and no page repeats its own."""
    titles: dict[str, Page] = {}
    for page in navigation.catalogue.pages:
        if not page.text("title"):
            continue
        first = titles.setdefault(page.title.casefold(), page)
        if first is not page:
            yield Diagnostic(
                Code.TITLE_DUPLICATE,
                page.source.value_at("title"),
                f"{first.path} has the title `{page.title}` too",
                "Say in each title what only that page is about.",
                related=(first.place("title"),),
            )
        for heading in page.headings:
            if heading.level == 1:
                yield Diagnostic(
                    Code.TITLE_REPEATED,
                    heading.location,
                    f"`# {heading.text}` is a second title",
                    "Delete the line, or make it `##`; the title is in front matter.",
                    related=(page.place("title"),),
                )


def check_sections(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """A page has the headings that its kind asks for, in that order."""
    for page in navigation.catalogue.pages:
        rules = navigation.catalogue.schemas[page.kind].sections
        found = {h.text: h for h in reversed(page.headings) if h.level == 2}  # noqa: PLR2004
        last: str = ""
        previous = Location(page.path, page.body_line)
        for rule in rules:
            heading = found.get(rule.heading)
            if heading is None:
                if not rule.optional:
                    asked = {rule.heading for rule in rules}
                    others = {t: h for t, h in found.items() if t not in asked}
                    yield _section_missing(rule.heading, last, others, previous)
                continue
            if heading.location < previous:
                message = f"`## {rule.heading}` stands before `## {last}`"
                hint = f"Move the section below `## {last}`."
                yield Diagnostic(
                    Code.SECTION_ORDER,
                    heading.location,
                    message,
                    hint,
                    related=(previous,),
                )
            else:
                previous, last = heading.location, rule.heading


def _section_missing(
    heading: str, last: str, others: dict[str, Heading], previous: Location
) -> Diagnostic:
    near = get_close_matches(heading, others, n=1, cutoff=0.75)
    if near:
        hint = f"Rename `## {near[0]}` to `## {heading}`."
    else:
        after = f"after `## {last}`" if last else "as the first section"
        hint = f"Add `## {heading}` {after}."
    message = f"the section `## {heading}` is missing"
    related = tuple(others[name].location for name in near)
    return Diagnostic(Code.SECTION_MISSING, previous, message, hint, related=related)

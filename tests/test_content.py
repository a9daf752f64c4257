"""The real toolkit: complete, clean, and as its titles promise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sphinx_stepwise.core.content.model import Record
from sphinx_stepwise.core.content.views import page_view
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from sphinx_stepwise.core.content.model import Page, Track

ROOT = Path(__file__).parents[1]
NAVIGATION, REPORT = check_project(load_project(ROOT))
STEPS = NAVIGATION.canonical
BOOKS = {book.page.id: book for book in NAVIGATION.guidebooks}


def body(path: str) -> str:
    text = (ROOT / path).read_text("utf-8")
    return text.split("\n---\n", 1)[1]


def section(path: str, heading: str) -> str:
    found = re.search(rf"(?ms)^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", body(path))
    return found[1] if found else ""


def test_the_toolkit_is_clean() -> None:
    assert REPORT.diagnostics == ()
    assert REPORT.suppressed == 0


def test_five_stages_hold_the_24_steps() -> None:
    shape = [(stage.page.title, len(stage.steps)) for stage in NAVIGATION.stages]
    assert shape == [
        ("Preparation", 5),
        ("Strategy", 7),
        ("Design", 4),
        ("Execution", 4),
        ("Management", 4),
    ]


def test_guidebooks_hold_what_they_promise() -> None:
    sizes = {name: len(book.steps) for name, book in BOOKS.items()}
    assert sizes == {
        "essential-activities": 15,
        "additional-activities": 8,
        "collaboration": 6,
        "market-engagement": 5,
        "interoperability": 4,
    }


def test_every_step_but_one_is_essential_or_additional() -> None:
    essential = set(BOOKS["essential-activities"].steps)
    additional = set(BOOKS["additional-activities"].steps)
    assert not essential & additional
    assert [s.id for s in STEPS if s not in essential | additional] == ["share-insight"]


@pytest.mark.parametrize("step", STEPS, ids=lambda s: s.id)
def test_step_says_what_and_why(step: Page) -> None:
    words = section(step.path, "What is it?") + section(
        step.path, "Why does it matter?"
    )
    assert len(words.split()) >= 120
    assert len(section(step.path, "Who should do it?").split()) >= 10


@pytest.mark.parametrize("step", STEPS, ids=lambda s: s.id)
def test_step_names_each_team_once_and_who_answers(step: Page) -> None:
    ((_, rows),) = page_view(NAVIGATION, step).grids
    teams = [item.id for row in rows for item in row.items]
    assert len(teams) == len(set(teams))
    assert {row.label for row in rows} >= {"Responsible", "Accountable"}


def test_every_schema_property_is_described() -> None:
    """Authors read the descriptions in their editor."""
    collections = NAVIGATION.catalogue.project.collections.values()
    for kind in ("toolkit", "stage", "step", "guidebook", "page", *collections):
        schema = NAVIGATION.catalogue.schemas[kind]
        for name in schema.properties():
            assert schema.description_of(name), f"{kind}.{name}"


@pytest.mark.parametrize("step", STEPS, ids=lambda s: s.id)
def test_step_tells_a_case_and_can_be_ticked(step: Page) -> None:
    catalogue = NAVIGATION.catalogue
    told = re.findall(r"^```\{record\} case (\S+)$", body(step.path), re.MULTILINE)
    cases = [catalogue.find(("case",), name) for name in told]
    assert any(isinstance(c, Record) and c.data["kind"] == "case" for c in cases)
    checks = re.findall(r"(?m)^- ", section(step.path, "Check your work"))
    assert 5 <= len(checks) <= 9
    actions = re.findall(
        r"(?m)^\d+\. \*\*", section(step.path, "How should you do it?")
    )
    assert len(actions) >= 5
    for part in ("### What the law asks", "### If you are a small team"):
        assert part in body(step.path)


@pytest.mark.parametrize("stage", NAVIGATION.stages, ids=lambda s: s.page.id)
def test_stage_has_worked_fragments_that_say_they_are_made_up(stage: Track) -> None:
    shown = [s.id for s in stage.steps if "### Illustration" in body(s.path)]
    assert len(shown) >= 2


def test_every_notice_is_met_on_a_step() -> None:
    catalogue = NAVIGATION.catalogue
    steps = {step.key for step in STEPS}
    notices = [
        r for r in catalogue.collection("facts") if re.match(r"uk\d+-.*notice$", r.id)
    ]
    assert len({r.id.partition("-")[0] for r in notices}) == 17
    for record in notices:
        assert any(ref.source in steps for ref in catalogue.references_to(record))


@pytest.mark.parametrize("book", BOOKS.values(), ids=lambda b: b.page.id)
def test_guidebook_says_what_its_reader_should_take_from_each_step(book: Track) -> None:
    notes = [book.page.note("steps", step.id) for step in book.steps]
    assert all(notes)
    assert len(set(notes)) == len(notes)

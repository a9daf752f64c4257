"""Two states of a toolkit are compared by what they mean."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from sphinx_stepwise.core.changes.comparison import compare
from sphinx_stepwise.core.changes.differences import Change, changes
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_stepwise.core.changes.differences import Comparison


class Workshop:
    """A toolkit as it was, and a copy to change."""

    def __init__(self, old: Path) -> None:
        self.old = old
        self.new = shutil.copytree(old, old.with_name("new"))

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.new / "source" / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    def move(self, old: str, new: str) -> None:
        (self.new / "source" / old).rename(self.new / "source" / new)

    def add(self, path: str, text: str) -> None:
        (self.new / "source" / path).write_text(text)

    def compare(self) -> Comparison:
        sides = [check_project(load_project(root)) for root in (self.old, self.new)]
        return compare(*sides[0], *sides[1])


@pytest.fixture
def work(baking: Path) -> Workshop:
    return Workshop(baking)


def told(found: Comparison) -> set[str]:
    """Return the names of the parts that tell anything."""
    return {name for name in found.__slots__ if getattr(found, name)}


STEP = """---
kind: step
title: Score the loaf
summary: How to score.
---

## Do

Cut.

## Watch out

Mind your fingers.
"""


def test_nothing_differs(work: Workshop) -> None:
    found = work.compare()
    assert told(found) == set()
    assert not found.differs


def test_order_of_keys_is_no_difference(work: Workshop) -> None:
    title, summary = "title: Knead the dough\n", "summary: How to knead the dough.\n"
    work.edit("prepare/knead.md", title + summary, summary + title)
    assert not work.compare().differs


def test_step_added(work: Workshop) -> None:
    work.add("bake/score.md", STEP)
    work.edit("bake/index.md", "[shape, bake-it]", "[shape, score, bake-it]")
    found = work.compare()
    assert [(p.docname, p.kind, p.id, p.title) for p in found.added] == [
        ("bake/score", "step", "score", "Score the loaf")
    ]
    (track,) = found.tracks
    assert (track.page.id, track.added, track.removed) == ("bake", ("score",), ())
    assert not track.reordered
    assert found.edited == ()  # the track tells it already


def test_step_removed(work: Workshop) -> None:
    (work.new / "source/bake/shape.md").unlink()
    work.edit("bake/index.md", "[shape, bake-it]", "[bake-it]")
    found = work.compare()
    assert [page.id for page in found.removed] == ["shape"]
    assert [t.removed for t in found.tracks if t.page.id == "bake"] == [("shape",)]


def test_renamed_as_redirect_from_says(work: Workshop) -> None:
    work.move("prepare/knead.md", "prepare/work-it.md")
    heading = "title: Knead the dough\n"
    other = "title: Work the dough\nredirect_from: [prepare/knead]\n"
    work.edit("prepare/work-it.md", heading, other)
    found = work.compare()
    (renamed,) = found.renamed
    assert (renamed.old, renamed.new) == ("prepare/knead", "prepare/work-it")
    assert [(s.old, s.new) for s in found.retitled] == [
        ("Knead the dough", "Work the dough")
    ]
    assert found.added == found.removed == ()


def test_what_only_follows_from_a_new_name_is_not_told(work: Workshop) -> None:
    work.move("prepare/knead.md", "prepare/work-it.md")
    for page in (work.new / "source").rglob("*.md"):
        named = r"(?<=[\[ `<])knead(?=[\],`>\n])"
        page.write_text(re.sub(named, "work-it", page.read_text()))
    found = work.compare()
    assert [page.page.id for page in found.renamed] == ["work-it"]
    # Their text names it, and text is compared as it is.
    assert [(edit.page.id, edit.changes) for edit in found.edited] == [
        ("index", ()),
        ("prove", ()),
    ]
    assert told(found) == {"renamed", "edited"}


def test_two_pages_of_one_title_are_not_guessed_at(work: Workshop) -> None:
    (work.new / "source/prepare/knead.md").unlink()
    for name in ("one", "two"):
        work.add(
            f"prepare/{name}.md", STEP.replace("Score the loaf", "Knead the dough")
        )
    found = work.compare()
    assert [page.id for page in found.added] == ["one", "two"]
    assert [page.id for page in found.removed] == ["knead"]


def test_retitled(work: Workshop) -> None:
    work.edit("prepare/knead.md", "Knead the dough\n", "Knead\n")
    found = work.compare()
    assert [(s.page.id, s.old, s.new) for s in found.retitled] == [
        ("knead", "Knead the dough", "Knead")
    ]
    assert told(found) == {"retitled"}


def test_step_moved_to_another_stage(work: Workshop) -> None:
    work.edit("prepare/index.md", "[weigh, knead, prove]", "[weigh, knead]")
    work.edit("bake/index.md", "[shape, bake-it]", "[prove, shape, bake-it]")
    found = work.compare()
    assert [(s.page.id, s.old, s.new) for s in found.moved] == [
        ("prove", "prepare", "bake")
    ]
    assert found.renamed == ()
    assert [t.page.id for t in found.tracks] == ["bake", "prepare"]


def test_page_moved_below_another(work: Workshop) -> None:
    work.edit("index.md", "pages: [courses, ovens]", "pages: [courses]")
    work.edit(
        "courses/index.md", "title: Courses\n", "title: Courses\npages: [ovens]\n"
    )
    found = work.compare()
    assert [(s.page.id, s.new) for s in found.moved] == [("ovens", "courses")]


def test_guidebook_reordered(work: Workshop) -> None:
    file = work.new / "source/courses/thorough.md"
    steps = check_project(load_project(work.old))[0].guidebooks[1].steps
    first, second, *rest = [step.id for step in steps]
    text = file.read_text().replace(first, "@").replace(second, first)
    file.write_text(text.replace("@", second))
    (track,) = work.compare().tracks
    assert (track.page.id, track.reordered) == ("thorough", True)
    assert (track.added, track.removed) == ((), ())
    assert track.old == (first, second, *rest)
    assert track.new == (second, first, *rest)


def test_front_matter_changed(work: Workshop) -> None:
    work.edit("prepare/knead.md", "[prove]", "[prove, shape]")
    work.edit(
        "prepare/knead.md", "---\n\n", "minutes: 20\nsuits: {best: [home]}\n---\n\n"
    )
    (edit,) = work.compare().edited
    assert edit.changes == (
        Change("minutes", None, 20),
        Change("related", ["prove"], ["prove", "shape"]),
        Change("suits.best", None, ["home"]),
    )
    assert not edit.body


def test_body_changed(work: Workshop) -> None:
    work.edit("prepare/knead.md", "Do it.", "Do it well.")
    found = work.compare()
    assert [(e.page.id, e.changes, e.body) for e in found.edited] == [
        ("knead", (), True)
    ]


def test_records(work: Workshop) -> None:
    ovens = "data/ovens.yml"
    work.edit(ovens, "heat: Coals.", "heat: Embers.")
    work.edit(ovens, "- id: home\n  name: Home oven\n", "- id: gas\n  name: Gas oven\n")
    found = work.compare().records
    assert [(r.collection, r.id, r.what) for r in found] == [
        ("ovens", "camp", "changed"),
        ("ovens", "gas", "added"),
        ("ovens", "home", "removed"),
    ]
    assert found[0].changes == (Change("heat", "Coals.", "Embers."),)
    old = check_project(load_project(work.old))[0].catalogue
    for record in (found[0], found[2]):
        users = {r.source[1] for r in old.references if r.target == record.id}
        assert record.pages == tuple(sorted(users))


def test_findings_mended_and_new(work: Workshop) -> None:
    fault = work.old / "source/prepare/knead.md"
    fault.write_text(fault.read_text().replace("[prove]", "[proof]"))
    work.edit("prepare/weigh.md", "kind: step\n", "kind: step\ncolour: red\n")
    found = work.compare()
    assert [(f.code, f.path) for f in found.healed] == [
        ("reference_unknown", "source/prepare/knead.md")
    ]
    assert [(f.code, f.severity) for f in found.broken] == [("schema", "error")]


def test_a_finding_on_another_line_is_the_same(work: Workshop) -> None:
    for root, above in ((work.old, ""), (work.new, "minutes: 5\n")):
        page = root / "source/prepare/knead.md"
        twice = "related: [prove]\nsummary: Again.\n"
        text = page.read_text().replace("related: [prove]\n", twice)
        page.write_text(text.replace("kind: step\n", f"kind: step\n{above}"))
    found = work.compare()
    assert told(found) == {"edited"}


def test_each_of_two_equal_findings_counts(work: Workshop) -> None:
    for page, target in (("knead", "proof"), ("knead", "proof, prove, proof")):
        root = work.old if target == "proof" else work.new
        file = root / f"source/prepare/{page}.md"
        file.write_text(file.read_text().replace("[prove]", f"[{target}]"))
    unknown = [f for f in work.compare().broken if f.code == "reference_unknown"]
    assert len(unknown) == 1


def test_a_page_that_cannot_be_read_is_not_gone(work: Workshop) -> None:
    work.edit("prepare/index.md", "kind: stage", "kind: [stage")
    found = work.compare()
    assert not told(found) & {"removed", "moved"}
    assert [f.code for f in found.broken] == ["front_matter_yaml"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, [("a.b", 1, 2)]),
        ({"a": 1}, {"a": True}, [("a", 1, True)]),
        ({"a": None}, {}, []),
        ({"a": [1, 2]}, {"a": [2, 1]}, [("a", [1, 2], [2, 1])]),
        ({"a": ["x"]}, {"a": "x"}, [("a", ["x"], "x")]),
        (
            {"steps": ["x", {"step": "y", "note": "n"}]},
            {"steps": ["x", {"note": "m", "step": "y"}]},
            [("steps[y].note", "n", "m")],
        ),
        (
            {"links": [{"title": "t", "url": "u"}]},
            {"links": [{"title": "s", "url": "v"}, {"title": "t", "url": "w"}]},
            [("links", ["t"], ["s", "t"]), ("links[t].url", "u", "w")],
        ),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, [("a", [{"b": 1}], [{"b": 2}])]),
    ],
)
def test_changes_of_properties(old: Any, new: Any, expected: list[Any]) -> None:
    assert [(c.path, c.old, c.new) for c in changes(old, new)] == expected

"""What is sure to be meant is mended exactly; whatever is not stays as it is."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx_stepwise.core.changes.mending import mend_project
from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project
from sphinx_stepwise.core.rules.examples import EXAMPLES
from sphinx_stepwise.core.text.spellings import day_in, near_name
from sphinx_stepwise.core.text.text_edits import apply_edits

if TYPE_CHECKING:
    from sphinx_stepwise.core.diagnostics import Diagnostic

BAKING = Path(__file__).parents[1] / "roots" / "baking"
KNEAD, PROVE = "source/prepare/knead.md", "source/prepare/prove.md"
OVENS = "source/data/ovens.yml"

#: The codes whose smallest example can be mended.
MENDABLE = {
    *(Code.FILE_MISSING, Code.FRONT_MATTER_AMBIGUOUS, Code.FRONT_MATTER_YAML),
    *(Code.GUIDEBOOK_UNLISTED, Code.STAGE_UNLISTED, Code.STEP_UNLISTED),
    *(Code.REDIRECT_TARGET_MISSING, Code.SCHEMA),
}
#: The other ends of each example's findings, in order; those of all others are none.
RELATED = {
    Code.FRONT_MATTER_DUPLICATE_KEY: ["source/one/first.md:3:1"],
    Code.ID_DUPLICATE: ["source/one/first.md:2:1"],
    Code.PAGE_IN_TWO_LISTS: ["source/a.md:4:9"],
    Code.PAGE_UNREACHABLE: ["source/hen.md:4:9", "source/egg.md:4:9"],
    Code.RECORD_DATES: [f"{OVENS}:3:10"],
    Code.REDIRECT_LOOP: ["source/index.md:7:12", "source/index.md:6:12"],
    Code.REDIRECT_OVER_PAGE: ["source/one/index.md:2:1"],
    Code.REDIRECT_TWICE: ["source/one/first.md:5:5"],
    Code.REFERENCE_WRONG_KIND: ["source/one/index.md:2:1"],
    Code.SECTION_ORDER: ["source/one/first.md:8:1"],
    Code.STEP_IN_TWO_STAGES: ["source/one/index.md:4:9"],
    Code.TITLE_DUPLICATE: ["source/one/first.md:3:8"],
    Code.TITLE_REPEATED: ["source/one/first.md:3:8"],
    Code.TOOLKIT_DUPLICATE: ["source/index.md:2:7"],
    Code.TRACK_DUPLICATE_STEP: ["source/one/index.md:4:9"],
    Code.TRACK_ORDER: ["source/guide.md:4:9"],
}


def findings(root: Path) -> list[Diagnostic]:
    return list(check_project(load_project(root))[1].diagnostics)


def mend(root: Path) -> list[str]:
    """Write all mends; return the refused ones."""
    mended = mend_project(load_project(root))
    for path, (_, new) in mended.texts.items():
        (root / path).write_bytes(new.encode())
    left = [str(d) for d in findings(root)]
    assert left == [str(d) for d in mended.report.diagnostics]
    return [fault for _, fault in mended.refused]


def texts(root: Path) -> dict[str, bytes]:
    files = sorted(p for p in (root / "source").rglob("*") if p.is_file())
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in files}


def change(root: Path, path: str, old: str, new: str) -> None:
    raw = (root / path).read_bytes().decode()
    assert raw.count(old) == 1, (path, old)
    (root / path).write_bytes(raw.replace(old, new).encode())


# Examples of every rule


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    root = tmp_path / "case"
    shutil.copytree(BAKING, root, ignore=shutil.ignore_patterns("source"))
    shutil.copytree(EXAMPLES / request.param / "source", root / "source")
    return root


@pytest.mark.parametrize(("case", "code"), [(c, c) for c in Code], indirect=["case"])
def test_edits_mend_their_finding_and_nothing_else(case: Path, code: Code) -> None:
    before = findings(case)
    can_be = [found for found in before if found.edits]
    assert bool(can_be) == (code in MENDABLE)
    for found in can_be:
        changed = {}
        for path in {edit.location.path for edit in found.edits}:
            here = [edit for edit in found.edits if edit.location.path == path]
            changed[path] = apply_edits((case / path).read_bytes().decode(), here)
        old = {path: (case / path).read_bytes() for path in changed}
        for path, text in changed.items():
            (case / path).write_bytes(text.encode())
        told = [(d.code, d.message) for d in findings(case)]
        assert (found.code, found.message) not in told
        assert len(told) < len(before)
        for path, raw in old.items():
            (case / path).write_bytes(raw)


@pytest.mark.parametrize(("case", "code"), [(c, c) for c in Code], indirect=["case"])
def test_findings_name_their_other_ends(case: Path, code: Code) -> None:
    related = [str(place) for found in findings(case) for place in found.related]
    assert related == RELATED.get(code, [])


def test_a_missing_section_names_the_heading_that_is_near(baking: Path) -> None:
    change(baking, KNEAD, "## Watch out", "## Watch it")
    (found,) = findings(baking)
    assert found.code is Code.SECTION_MISSING
    assert [str(place) for place in found.related] == [f"{KNEAD}:12:1"]


# Slips that have one meaning

#: File, what is right, and the slip.
SLIPS = [
    (KNEAD, "title:", "titel:"),
    (KNEAD, "related: [prove]", "relatd: [prove]"),
    (KNEAD, "[prove]", "[prov]"),
    (PROVE, "<knead>", "<kneed>"),
    ("source/index.md", "`knead`", "`knaed`"),
    ("source/index.md", "[welcome]", "[welcom]"),
    ("source/index.md", "guidebooks: [", "guidebook: ["),
    ("source/index.md", "[prepare, bake]", "[prepair, bake]"),
    ("source/courses/quick.md", "kind: guidebook", "kind: guidebok"),
    ("source/courses/quick.md", "note:", "noted:"),
    ("source/courses/quick.md", "step: bake-it", "step: bake-at-it"),
    ("source/bake/bake-it.md", "possible: [home, camp]", "posible: [home, camp]"),
    (OVENS, "maker: forge", "maker: forg"),
    (OVENS, "maker: forge", "makr: forge"),
    (OVENS, "since: 2020-01-01", "since: 2020-1-1"),
    (OVENS, "until: 2030-12-31", "until: 31 December 2030"),
    (OVENS, "checked: 2026-11-01", "checked: 2026/11/01"),
    (OVENS, "heat: Coals.", "heats: Coals."),
]
#: Slips whose mends leave quotes where there were some, or put them where needed.
TURNS = [
    (KNEAD, "summary:", "'sumary':", "'summary': How"),
    (KNEAD, "[prove]", '["prov"]', '["prove"]'),
    (KNEAD, "summary: How", "baked: '2026.1.5'\nsummary: How", "baked: '2026-01-05'"),
    (KNEAD, "summary: How", "baked: Jan 5, 2026\nsummary: How", "baked: 2026-01-05"),
    (KNEAD, "summary: How", "minutes: '12'\nsummary: How", "minutes: 12"),
    (KNEAD, "Knead the dough", "Knead: the dough", 'title: "Knead: the dough"'),
    (KNEAD, "Knead the dough", "1.10", 'title: "1.10"'),
    (KNEAD, "Knead the dough", "On", 'title: "On"'),
    (KNEAD, "Knead the dough", "2026", 'title: "2026"'),
    (KNEAD, "Knead the dough", "true", 'title: "true"'),
    (KNEAD, "Knead the dough", "2026-1-5", 'title: "2026-1-5"'),
    (OVENS, "name: Home oven", "name: ~  # none", '  name: "~"  # none'),
    (OVENS, "short: a deck oven", "short: 017", '  short: "017"'),
    (OVENS, "loaves: [Tin loaf, Cob]", "loaves: [Tin, 12, no]", '[Tin, "12", "no"]'),
]


@pytest.fixture
def ordered(baking: Path) -> Path:
    """Return the miniature toolkit with all keys in order."""
    assert mend(baking) == []
    return baking


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(("path", "right", "slip"), SLIPS)
def test_slip_is_mended_byte_for_byte(
    ordered: Path, path: str, right: str, slip: str, ending: str
) -> None:
    file = ordered / path
    raw = file.read_bytes().replace(b"\n", ending.encode())
    raw = b"\xef\xbb\xbf" + raw if ending == "\r\n" else raw
    file.write_bytes(raw)
    before = texts(ordered)
    file.write_bytes(raw.replace(right.encode(), slip.encode()))
    assert texts(ordered) != before
    assert mend(ordered) == []
    assert texts(ordered) == before


@pytest.mark.parametrize(("path", "old", "slip", "mended"), TURNS)
def test_slip_turns_into_what_the_schema_settles(
    ordered: Path, path: str, old: str, slip: str, mended: str
) -> None:
    change(ordered, path, old, slip)
    assert findings(ordered)
    assert mend(ordered) == []
    assert findings(ordered) == []
    assert mended in (ordered / path).read_text().replace("\n---", "")


#: What may mean two things, or what no name is near enough.
UNCLEAR = [
    (KNEAD, "[prove]", "[proof]"),
    (KNEAD, "[prove]", "[kneed]"),  # itself
    (KNEAD, "[prove]", "[prove, prov]"),  # would stand there twice
    (KNEAD, "kind: step", "kind: stepp"),  # or stage
    (KNEAD, "title:", "titel: A\ntitle:"),
    (KNEAD, "title: Knead", "titel: A\ntitlee: Knead"),
    (KNEAD, "[prove]", "[prove]\nbaked: 05/01/2026"),
    (KNEAD, "[prove]", "[prove]\nbaked: 25/12/2026"),
    (KNEAD, "[prove]", "[prove]\nbaked: 2026-02-30"),
    (KNEAD, "[prove]", "[prove]\nbaked: 1 Juvember 2026"),
    (KNEAD, "[prove]", "[prove]\nminutes: 017"),
    (KNEAD, "[prove]", "[prove]\nminutes: twelve"),
    (KNEAD, "[prove]", "[prove]\nminutes:"),
    (KNEAD, "Knead the dough", "[a, b]"),
    (KNEAD, "Knead the dough", "a: b # c"),
    (KNEAD, "Knead the dough", "a: b\n  and more"),
    (KNEAD, "[prove]", "[prove, prove]"),
    (KNEAD, "[prove]", '["pro\\x76"]'),  # not written as it reads
    (KNEAD, "[prove]", "[prepare]"),
    (OVENS, "maker: forge", "maker: forge-made"),
    (OVENS, "checked: 2026-11-01", "checked: '2026-11-01T10:00'"),
    ("source/index.md", "steps: 5}", "steps: 5}\nredirects: [{from: a, to: b}]"),
]


@pytest.mark.parametrize(("path", "right", "unclear"), UNCLEAR)
def test_what_is_not_clear_is_left_alone(
    ordered: Path, path: str, right: str, unclear: str
) -> None:
    change(ordered, path, right, unclear)
    before = texts(ordered)
    assert findings(ordered)
    mend(ordered)
    assert texts(ordered) == before


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-1-5", "2026-01-05"),
        ("2026/01/05", "2026-01-05"),
        ("2026.1.5", "2026-01-05"),
        ("5 January 2026", "2026-01-05"),
        ("05 jan 2026", "2026-01-05"),
        ("3rd Sept. 2026", "2026-09-03"),
        ("5-May-2026", "2026-05-05"),
        ("January 5, 2026", "2026-01-05"),
        ("05/01/2026", ""),
        ("5.1.2026", ""),
        ("26-01-05", ""),
        ("2026-01/05", ""),
        ("2026-13-01", ""),
        ("30 February 2026", ""),
        ("5 J 2026", ""),
        ("January 2026", ""),
    ],
)
def test_days_are_read_where_one_is_meant(text: str, day: str) -> None:
    assert day_in(text) == day


@given(st.dates())
def test_every_day_is_read_in_every_clear_form(day: object) -> None:
    year, month, number = (int(part) for part in str(day).split("-"))
    name = dt.date(2000, month, 1).strftime("%b")
    forms = (f"{year:04}/{month}/{number}", f"{number} {name} {year:04}")
    assert {day_in(form) for form in forms} == {str(day)}


def test_a_number_is_no_slip_of_another() -> None:
    assert near_name("chapter-two", ["chapter-tow", "other"]) == "chapter-tow"
    assert near_name("chapter-2", ["chapter-1", "other"]) == ""
    assert near_name("stepp", ["step", "stage"]) == ""  # the hint offers both


# What moved


def test_references_and_links_follow_a_page_that_moved(ordered: Path) -> None:
    (ordered / KNEAD).rename(ordered / "source/bake/work-it.md")
    moved = "redirect_from: [prepare/knead]\n---\n\n## Do"
    change(ordered, "source/bake/work-it.md", "---\n\n## Do", moved)
    text = (ordered / OVENS).read_text()
    (ordered / OVENS).write_text(
        text.replace("https://example.org/deck?a=1&b=2", "prepare/knead.md#do")
    )
    found = [d for d in findings(ordered) if d.code is Code.REFERENCE_UNKNOWN]
    assert {str(p) for d in found for p in d.related} == {"source/bake/work-it.md:6:17"}
    assert mend(ordered) == []
    assert findings(ordered) == []
    assert (
        "steps: [weigh, work-it, prove]"
        in (ordered / "source/prepare/index.md").read_text()
    )
    assert "- work-it\n" in (ordered / "source/courses/quick.md").read_text()
    assert "{step}`kneading <work-it>`" in (ordered / PROVE).read_text()
    assert "url: bake/work-it.md#do\n" in (ordered / OVENS).read_text()


def test_an_old_address_that_two_pages_claim_explains_nothing(ordered: Path) -> None:
    (ordered / KNEAD).unlink()
    for path in (PROVE, "source/prepare/weigh.md"):
        change(ordered, path, "---\n\n", "redirect_from: [prepare/knead]\n---\n\n")
    before = texts(ordered)
    assert Code.REFERENCE_UNKNOWN in {d.code for d in findings(ordered)}
    mend(ordered)
    assert texts(ordered) == before


# What no list names

NEW = "---\nkind: {}\ntitle: {}\n{}---\n\n## Do\n\n## Watch out\n"


def add(root: Path, path: str, kind: str, more: str = "") -> None:
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_text(NEW.format(kind, f"New {path}", more))


def test_a_new_step_is_listed_and_counted(ordered: Path) -> None:
    add(ordered, "source/prepare/rest.md", "step")
    assert mend(ordered) == []
    assert findings(ordered) == []
    stage = (ordered / "source/prepare/index.md").read_text()
    assert "steps: [weigh, knead, prove, rest]\nexpects: {steps: 4}\n" in stage
    assert (
        "expects: {stages: 2, guidebooks: 2, steps: 6}"
        in (ordered / "source/index.md").read_text()
    )


def test_several_new_pages_are_listed_and_counted(ordered: Path) -> None:
    add(ordered, "source/prepare/rest.md", "step")
    add(ordered, "source/prepare/wait.md", "step")
    add(ordered, "source/serve/index.md", "stage", "steps: [cut]\n")
    add(ordered, "source/serve/cut.md", "step")
    add(ordered, "source/serve/eat.md", "step")
    add(ordered, "source/courses/rolls.md", "guidebook", "steps: [cut]\n")
    add(ordered, "source/thanks.md", "page")
    assert mend(ordered) == []
    assert findings(ordered) == []
    home = (ordered / "source/index.md").read_text()
    assert "stages: [prepare, bake, serve]" in home
    assert "guidebooks: [quick, thorough, rolls]" in home
    assert "pages: [courses, ovens, thanks]" in home
    assert "expects: {stages: 3, guidebooks: 3, steps: 9}" in home
    stage = (ordered / "source/serve/index.md").read_text()
    assert "steps: [cut, eat]" in stage


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("steps:\n  - knead\n  - weigh # first\n", "  - weigh # first\n  - rest\n"),
        ("steps:\n- knead\n- weigh\n", "- weigh\n- rest\n"),
        ("steps: [\n  knead,\n  weigh,\n]\n", "  weigh,\n  rest,\n]\n"),
        ("steps: []\n", "steps:\n  - rest\n---"),
        ("steps:\n", "steps:\n  - rest\n---"),
        ("", "title: Serve\nsteps:\n  - rest\n---"),
    ],
    ids=["dashes", "flush", "brackets", "empty", "null", "none"],
)
def test_a_list_keeps_its_layout(ordered: Path, steps: str, expected: str) -> None:
    page = ordered / "source/prepare/index.md"
    page.write_text(f"---\nkind: stage\ntitle: Serve\n{steps}---\n")
    for name in ("knead", "weigh", "prove"):
        (ordered / f"source/prepare/{name}.md").unlink()
    for name in ("knead", "weigh") if "knead" in steps else ():
        add(ordered, f"source/prepare/{name}.md", "step")
    add(ordered, "source/prepare/rest.md", "step")
    mend(ordered)
    assert expected in page.read_text()


def test_a_promise_that_is_wrong_is_left_alone(ordered: Path) -> None:
    change(ordered, "source/prepare/index.md", "{steps: 3}", "{steps: 7}")
    add(ordered, "source/prepare/rest.md", "step")
    assert mend(ordered) == []
    assert [d.code for d in findings(ordered)] == [Code.TRACK_COUNT]
    stage = (ordered / "source/prepare/index.md").read_text()
    assert "prove, rest]\nexpects: {steps: 7}" in stage


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("source/lost/rest.md", "step"),  # no stage is there
        ("source/courses/new.md", "page"),  # the folder's index lists no pages
        ("source/lost/index.md", "page"),
    ],
)
def test_a_page_without_a_sure_place_is_left_alone(
    ordered: Path, path: str, kind: str
) -> None:
    change(ordered, "source/index.md", "pages: [courses, ovens]\n", "")
    change(ordered, "source/courses/index.md", "title: Courses", "title: Some\npages:")
    add(ordered, path, kind)
    before = texts(ordered)
    mend(ordered)
    assert texts(ordered) == before


# Proofs


def test_a_mend_that_would_break_something_is_refused_and_told(ordered: Path) -> None:
    change(ordered, "source/prepare/index.md", "[weigh, knead", "[knead")
    change(ordered, "source/prepare/index.md", "{steps: 3}", "{steps: 2}")
    change(ordered, "source/index.md", "steps: 5", "steps: 4")
    change(ordered, KNEAD, "title:", "titel:")
    (refused,) = mend(ordered)  # the thorough course begins with it
    assert "[track_order]" in refused
    assert [d.code for d in findings(ordered)] == [Code.STEP_UNLISTED]


def test_what_a_slip_hid_is_mended_as_well(ordered: Path) -> None:
    change(ordered, "source/prepare/index.md", "kind: stage", "kind: stag")
    change(ordered, "source/prepare/index.md", "title: Prepare", "titel: Pre: pare")
    change(ordered, "source/prepare/index.md", "summary: Make", "summary: M: make")
    change(ordered, KNEAD, "[prove]", "[prov]")
    add(ordered, "source/prepare/rest.md", "step")
    assert mend(ordered) == []
    assert findings(ordered) == []
    stage = (ordered / "source/prepare/index.md").read_text()
    expected = (
        'kind: stage\ntitle: "Pre: pare"\nsummary: "M: make a dough."\nsteps: [weigh'
    )
    assert expected in stage


def test_the_rest_is_mended_where_files_cannot_be_read(ordered: Path) -> None:
    (ordered / "source/bake/shape.md").write_bytes(b"---\nkind: step\ntitle: \xff\n---")
    (ordered / "source/bake/none.md").symlink_to("nowhere.md")
    outside = ordered.parent / "outside.md"
    outside.write_text("---\nkind: page\ntitel: A\n---\n")
    (ordered / "source/out.md").symlink_to(outside)
    change(ordered, KNEAD, "title:", "titel:")
    before = outside.read_bytes()
    mend(ordered)
    assert "\ntitle: Knead" in (ordered / KNEAD).read_text()
    assert outside.read_bytes() == before


def test_texts_that_are_not_saved_are_mended(ordered: Path) -> None:
    """What an editor holds counts, and what it must become is told."""
    project = load_project(ordered)
    text = (ordered / KNEAD).read_text()
    slip = text.replace("title:", "titel:")
    mended = mend_project(replace(project, texts={KNEAD: slip}))
    assert mended.texts == {KNEAD: (slip, text)}


#: Pieces of text that break YAML, or nearly.
PIECES = [
    *(": ", "\n", "\n  ", "- ", "[", "]", "{", ", ", "'", '"', " # c\n", "|", "&a"),
    *("no", "1.10", "2026-1-2", "titel: A\n", "steps:\n  - prov\n", "---\n", "\u2028"),
]


@settings(max_examples=30)
@given(
    st.sampled_from([KNEAD, OVENS, "source/index.md", "source/courses/quick.md"]),
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from(PIECES)), max_size=4),
    st.sampled_from(["\n", "\r\n"]),
)
def test_edits_fit_whatever_a_file_holds(
    path: str, pieces: list[tuple[int, str]], ending: str
) -> None:
    text = (BAKING / path).read_text()
    for at, piece in pieces:
        text = text[:at] + piece + text[at:]
    text = text.replace("\n", ending)
    project = replace(load_project(BAKING), texts={path: text})
    for found in check_project(project)[1].diagnostics:
        for name in {edit.location.path for edit in found.edits}:
            here = [edit for edit in found.edits if edit.location.path == name]
            held = text if name == path else (BAKING / name).read_text()
            assert apply_edits(held, here) != held
    mended = mend_project(project)
    texts = {path: text} | {name: new for name, (_, new) in mended.texts.items()}
    again = mend_project(replace(project, texts=texts))
    assert (again.texts, again.made) == ({}, ())


@settings(max_examples=25)
@given(st.lists(st.sampled_from(SLIPS), min_size=1, max_size=6, unique=True))
@pytest.mark.long
def test_many_slips_are_mended_at_once_and_for_good(
    tmp_path_factory: pytest.TempPathFactory, slips: list[tuple[str, str, str]]
) -> None:
    root = tmp_path_factory.mktemp("mend") / "toolkit"
    shutil.copytree(BAKING, root)
    for path, right, slip in slips:
        raw = (root / path).read_text()
        (root / path).write_text(raw.replace(right, slip))
    first = mend_project(load_project(root))
    for path, (_, new) in first.texts.items():
        (root / path).write_bytes(new.encode())
    second = mend_project(load_project(root))
    assert (second.texts, second.made) == ({}, ())
    assert len(first.report.diagnostics) == len(second.report.diagnostics)

"""Findings are shown where the files named may be to blame, and counted elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

import pytest
from sphinx_stepwise.core.codes import OF_BOTH_ENDS, OF_ONE_FILE, Code
from sphinx_stepwise.core.project import Project, ProjectError, load_project
from sphinx_stepwise.core.reports.selecting import Outcome, Scope, codes_named
from sphinx_stepwise.core.rules.checks import check_project
from sphinx_stepwise.core.rules.examples import EXAMPLES, load_example

if TYPE_CHECKING:
    from collections.abc import Iterable

BAKING = Path(__file__).parents[1] / "roots" / "baking"


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """Return the failing toolkit of a code."""
    root = tmp_path / "case"
    shutil.copytree(BAKING, root, ignore=shutil.ignore_patterns("source"))
    shutil.copytree(EXAMPLES / request.param / "source", root / "source")
    return load_project(root)


def shown(project: Project, names: Iterable[str]) -> Outcome:
    _, report = check_project(project)
    scope = Scope(frozenset(names), everything=False)
    return Outcome(project=project, report=report, pages=0).narrow(scope)


@pytest.mark.parametrize(("case", "code"), [(c, c) for c in Code], indirect=["case"])
def test_who_breaks_it_sees_it(case: Project, code: Code) -> None:
    example = load_example(code)
    paths = example.failing.keys() | example.mended.keys()
    changed = [p for p in paths if example.failing.get(p) != example.mended.get(p)]
    outcome = shown(case, changed)
    places = [(d.location, d.code.value) for d in outcome.report.diagnostics]
    assert places == list(example.findings)
    assert outcome.left_out == 0


@pytest.mark.parametrize(("case", "code"), [(c, c) for c in Code], indirect=["case"])
def test_others_see_only_what_they_may_have_caused(case: Project, code: Code) -> None:
    outcome = shown(case, ["source/quite/another.md"])
    kept = {d.code for d in outcome.report.diagnostics}
    assert not kept & (OF_ONE_FILE | OF_BOTH_ENDS)
    of_some = code in OF_ONE_FILE | OF_BOTH_ENDS
    assert (code in kept) is not of_some
    assert (outcome.left_out > 0) is of_some


@pytest.mark.parametrize(
    "case", [Code.STEP_IN_TWO_STAGES, Code.TITLE_DUPLICATE], indirect=True
)
def test_the_other_end_counts(case: Project) -> None:
    _, report = check_project(case)
    (finding,) = report.diagnostics
    (other,) = finding.related
    assert other.path != finding.location.path
    assert shown(case, [other.path]).report == report


def names_of(project: Project, *paths: str, folder: Path | None = None) -> Any:
    scope = Scope.of(project, paths, folder or project.root)
    return "everything" if scope.everything else set(scope.names)


def test_paths_are_resolved_against_the_folder(baking: Path) -> None:
    project = load_project(baking)
    knead = {"source/prepare/knead.md"}
    below = baking / "source" / "bake"
    assert names_of(project, "source/prepare/knead.md") == knead
    assert names_of(project, "./source//bake/../prepare/knead.md") == knead
    assert names_of(project, "../prepare/knead.md", folder=below) == knead
    assert names_of(project, str(baking / "source/prepare/knead.md")) == knead
    assert names_of(project, "source/prepare/") == {"source/prepare"}
    assert names_of(project, "source/prepare/gone.md") == {"source/prepare/gone.md"}
    assert names_of(project, "README.md") == {"README.md"}


def test_a_list_made_on_windows_is_read_elsewhere(baking: Path) -> None:
    project = load_project(baking)
    listed = str(PureWindowsPath("source", "prepare", "knead.md"))
    assert "\\" in listed
    assert names_of(project, listed) == {"source/prepare/knead.md"}


def test_reported_paths_are_posix_on_windows() -> None:
    def windows(path: str) -> Any:
        return PureWindowsPath(path)

    root = windows("C:\\Course")
    project = Project(root=root, source=root, schemas=root, data=root)
    for path in ("C:\\Course\\source\\one\\first.md", "c:/course/source/one/first.md"):
        assert project.relative(windows(path)) == "source/one/first.md"


@pytest.mark.parametrize(
    "path",
    [
        *(".", "source", "schemas", "pyproject.toml", "schemas/step.schema.json"),
        *("schemas/gone.schema.json", "source/bake/.."),
    ],
)
def test_what_touches_everything(baking: Path, path: str) -> None:
    project = load_project(baking)
    assert names_of(project, path) == "everything"
    assert names_of(project, "source/index.md", path) == "everything"
    assert names_of(project) == "everything"


def test_names_are_whole(baking: Path) -> None:
    scope = Scope.of(load_project(baking), ["source/ba"], baking)
    assert not scope.holds("source/bake/shape.md")
    assert scope.missing == ("source/ba",)


def test_a_link_is_known_by_both_its_names(baking: Path) -> None:
    (baking / "source/link.md").symlink_to(baking / "source/welcome.md")
    scope = Scope.of(load_project(baking), ["source/link.md"], baking)
    assert scope.holds("source/link.md")
    assert scope.holds("source/welcome.md")
    assert scope.missing == ()


def test_a_link_that_leads_nowhere_is_not_missing(baking: Path) -> None:
    (baking / "source/link.md").symlink_to(baking / "nowhere.md")
    (baking / "source/loop.md").symlink_to("loop.md")
    names = ["source/link.md", "source/loop.md"]
    scope = Scope.of(load_project(baking), names, baking)
    assert scope.missing == ()
    assert all(scope.holds(name) for name in names)


def test_codes_are_named_with_commas_or_apart() -> None:
    both = frozenset({Code.SCHEMA, Code.REVIEW_DUE})
    assert codes_named(["schema,review_due"]) == both
    assert codes_named(["schema", " review_due "]) == both
    assert codes_named([]) == frozenset()


def test_unknown_codes_are_named_all_at_once() -> None:
    with pytest.raises(ProjectError) as raised:
        codes_named(["scema,schema", "", "Review_Due"])
    first, second, third = raised.value.faults
    assert "`schema`" in first
    assert "``" in second
    assert "`review_due`" in third


def test_selection_is_counted(baking: Path) -> None:
    knead = baking / "source/prepare/knead.md"
    knead.write_text(knead.read_text().replace("[prove]", "[a]\nb: 1"))
    project = load_project(baking)
    _, report = check_project(project)
    whole = Outcome(project=project, report=report, pages=13)
    codes = {d.code for d in report.diagnostics}
    assert codes == {Code.REFERENCE_UNKNOWN, Code.SCHEMA}
    none: frozenset[Code] = frozenset()
    for wanted, unwanted, kept in (
        (none, none, codes),
        ({Code.SCHEMA}, none, {Code.SCHEMA}),
        (none, {Code.SCHEMA}, {Code.REFERENCE_UNKNOWN}),
        ({Code.SCHEMA}, {Code.SCHEMA}, none),
        ({Code.REVIEW_DUE}, none, none),
    ):
        outcome = whole.select(frozenset(wanted), frozenset(unwanted))
        assert {d.code for d in outcome.report.diagnostics} == kept
        assert outcome.deselected == len(codes) - len(kept)
        assert outcome.report.failed is bool(kept)

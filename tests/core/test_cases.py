"""Every rule has a smallest failing toolkit, found alike through both doors."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sphinx_stepwise.cli import main
from sphinx_stepwise.core.codes import OF_BOTH_ENDS, OF_ONE_FILE, Code, Severity
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project
from sphinx_stepwise.core.rules.examples import EXAMPLES as CASES
from sphinx_stepwise.core.rules.examples import load_example

if TYPE_CHECKING:
    from builds import Builder
    from sphinx_stepwise.core.diagnostics import Report

BAKING = Path(__file__).parents[1] / "roots" / "baking"
#: Every code with its case.
EACH_CASE = pytest.mark.parametrize(
    ("case", "code"), [(c, c) for c in Code], indirect=["case"]
)


def expected(code: str) -> list[str]:
    return (CASES / code / "expected.txt").read_text("utf-8").splitlines()


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a copy of a case with the miniature toolkit's schemas and settings."""
    root = tmp_path / "case"
    shutil.copytree(BAKING, root, ignore=shutil.ignore_patterns("source"))
    shutil.copytree(CASES / request.param / "source", root / "source")
    return root


def check(root: Path, day: dt.date | None = None) -> Report:
    return check_project(load_project(root), day)[1]


def found(root: Path, code: str, path: str = "") -> set[str]:
    """Return the findings of a code in one file, or in all."""
    return {
        f"{d.location} {d.message}"
        for d in check(root).diagnostics
        if d.code == code and path in {"", d.location.path}
    }


def test_every_code_has_a_case() -> None:
    assert {folder.name for folder in CASES.iterdir()} == set(Code)


@pytest.mark.parametrize("code", Code)
def test_expectation_names_its_code(code: Code) -> None:
    assert f" {code.value}\n" in "\n".join([*expected(code), ""])


@EACH_CASE
def test_the_command_finds_what_is_expected(
    case: Path, code: Code, capsys: pytest.CaptureFixture[str]
) -> None:
    report = check(case)
    assert [f"{d.location} {d.code.value}" for d in report.diagnostics] == expected(
        code
    )

    exit_code = main(["check", "--project", str(case)])
    printed = capsys.readouterr().out.splitlines()
    places = [line for line in printed if line.startswith("source/")]
    assert [line.split(": ")[0] for line in places] == [
        line.split(" ")[0] for line in expected(code)
    ]
    assert all(line.endswith("]") for line in places)

    fails = any(d.severity is Severity.ERROR for d in report.diagnostics)
    assert exit_code == int(fails)


#: A fourth of them in every run, all in the long proof: each takes two builds.
BUILT_CASES = pytest.mark.parametrize(
    ("case", "code"),
    [
        pytest.param(code, code, marks=pytest.mark.long if number % 4 else ())
        for number, code in enumerate(Code)
    ],
    indirect=["case"],
)


@BUILT_CASES
def test_both_doors_agree(case: Path, code: Code, builder: Builder) -> None:
    report = check(case)
    fails = any(d.severity is Severity.ERROR for d in report.diagnostics)
    quiet = [
        f"{d.location} {d.code.value}"
        for d in report.diagnostics
        if d.severity is Severity.INFO
    ]
    for _ in range(2):  # what is broken stays broken
        built = builder(case)
        assert built.findings == [e for e in expected(code) if e not in quiet]
        assert built.notices == quiet
        assert (built.code != 0) == fails
        assert "Traceback" not in built.warnings


@pytest.mark.parametrize("case", Code, indirect=True)
def test_every_finding_says_what_to_do(case: Path) -> None:
    assert all(found.hint and found.message for found in check(case).diagnostics)


@EACH_CASE
def test_mended_case_is_clean(case: Path, code: Code) -> None:
    example = load_example(code)
    for path in example.failing.keys() - example.mended.keys():
        (case / path).unlink()
    mended = CASES / code / "mended"
    overlaid = [file for file in mended.rglob("*") if file.is_file()]
    shutil.copytree(mended, case / "source", dirs_exist_ok=True)
    assert check(case, example.day).diagnostics == ()
    # The overlay holds only what differs.
    for file in overlaid:
        before = CASES / code / "source" / file.relative_to(mended)
        assert not before.exists() or before.read_bytes() != file.read_bytes()


@EACH_CASE
def test_case_fails_on_the_day_that_it_names_or_on_any(case: Path, code: Code) -> None:
    example = load_example(code)
    own = [e for e in expected(code) if e.endswith(f" {code.value}")]
    days = [example.day] if example.day else [dt.date(2020, 1, 1), dt.date(2050, 1, 1)]
    for day in days:
        report = check(case, day)
        places = [
            f"{d.location} {d.code.value}" for d in report.diagnostics if d.code is code
        ]
        assert places == own


@pytest.mark.parametrize("code", Code)
def test_shown_mend_is_the_one_that_is_tested(
    code: Code, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    example = load_example(code)
    for path, text in example.failing.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    assert main(["check", "--explain", code.value]) == 0
    shown = capsys.readouterr().out.partition("The same, mended:\n\n")[2]
    patch = "".join(f"{line[2:]}\n" for line in shown.splitlines())
    subprocess.run(
        ["git", "apply", "-p0"], cwd=tmp_path, input=patch.encode(), check=True
    )
    after = {
        file.relative_to(tmp_path).as_posix(): file.read_text("utf-8")
        for file in tmp_path.rglob("*")
        if file.is_file()
    }
    assert after == example.mended


def spoilt(file: Path, way: str) -> None:
    """Delete a file, or break it."""
    if way == "deleted":
        file.unlink()
    else:
        file.write_text("---\nkind: [\n---\n")


@pytest.mark.parametrize("way", ["deleted", "broken"])
@pytest.mark.parametrize(
    ("case", "code"),
    [(c, c) for c in sorted(OF_ONE_FILE | OF_BOTH_ENDS)],
    indirect=["case"],
)
def test_only_its_own_files_are_to_blame(case: Path, code: Code, way: str) -> None:
    at_fault: dict[str, set[str]] = {}
    for finding in check(case).diagnostics:
        if finding.code is code:
            ends = finding.related if code in OF_BOTH_ENDS else ()
            paths = {finding.location.path, *(end.path for end in ends)}
            at_fault.setdefault(finding.location.path, set()).update(paths)
            assert len(paths) == (2 if code in OF_BOTH_ENDS else 1)
    pages = sorted(p for p in (case / "source").rglob("*") if p.suffix == ".md")
    for path, own in at_fault.items():
        before = found(case, code, path)
        assert before
        for page in pages:
            if page.relative_to(case).as_posix() not in own:
                text = page.read_bytes()
                spoilt(page, way)
                assert found(case, code, path) == before
                page.write_bytes(text)


DO = "\n## Do\n\n## Watch out\n"
#: What another file can do about a finding: its path, and its text or ``None``.
ELSEWHERE: dict[Code, tuple[str, str | None]] = {
    Code.ID_DUPLICATE: ("one/first.md", None),
    Code.TITLE_DUPLICATE: ("one/first.md", None),
    Code.TOOLKIT_MISSING: ("other.md", "---\nkind: toolkit\ntitle: Other\n---\n"),
    Code.TOOLKIT_DUPLICATE: ("index.md", None),
    Code.REFERENCE_UNKNOWN: (
        "one/third.md",
        f"---\nkind: step\ntitle: Third\n---\n{DO}",
    ),
    Code.REFERENCE_WRONG_KIND: ("one.md", f"---\nkind: step\ntitle: A\n---\n{DO}"),
    Code.STAGE_UNLISTED: (
        "index.md",
        "---\nkind: toolkit\ntitle: Course\nstages: [one, two]\n---\n",
    ),
    Code.STEP_UNLISTED: (
        "one/index.md",
        "---\nkind: stage\ntitle: One\nsteps: [first, second]\n---\n",
    ),
    Code.STEP_IN_TWO_STAGES: ("one/index.md", None),
    Code.TRACK_COUNT: ("one/first.md", None),
    Code.TRACK_ORDER: (
        "one/index.md",
        "---\nkind: stage\ntitle: One\nsteps: [second, first]\n---\n",
    ),
    Code.GUIDEBOOK_UNLISTED: (
        "index.md",
        "---\nkind: toolkit\ntitle: A\nstages: [one]\nguidebooks: [guide]\n---\n",
    ),
    Code.PAGE_UNREACHABLE: (
        "index.md",
        "---\nkind: toolkit\ntitle: A\nstages: [one]\npages: [lost]\n---\n",
    ),
    Code.PAGE_IN_TWO_LISTS: ("a.md", None),
    Code.RECORD_UNUSED: (
        "one/first.md",
        f"---\nkind: step\ntitle: First\nsuits: {{best: [deck]}}\n---\n{DO}",
    ),
    Code.REDIRECT_LOOP: ("old.md", "---\nkind: page\ntitle: Old\n---\n"),
    Code.REDIRECT_TARGET_MISSING: (
        "one/frist.md",
        f"---\nkind: step\ntitle: A\n---\n{DO}",
    ),
    Code.REDIRECT_OVER_PAGE: ("one/index.md", None),
    Code.REDIRECT_TWICE: ("one/first.md", None),
    Code.ADDRESS_REMOVED: ("one/gone.md", f"---\nkind: step\ntitle: A\n---\n{DO}"),
    Code.FILE_MISSING: ("bred.jpg", "not a picture"),
}


def test_every_code_has_its_files_to_blame() -> None:
    assert not OF_ONE_FILE & OF_BOTH_ENDS
    assert set(ELSEWHERE) == set(Code) - OF_ONE_FILE


@pytest.mark.parametrize(
    ("case", "code"), [(c, c) for c in ELSEWHERE], indirect=["case"]
)
def test_another_file_may_be_to_blame(case: Path, code: Code) -> None:
    name, text = ELSEWHERE[code]
    file = case / "source" / name
    before = found(case, code)
    if text is None:
        file.unlink()
    else:
        file.write_text(text)
    gone = before - found(case, code)
    assert gone
    assert not any(finding.startswith(f"source/{name}:") for finding in gone)

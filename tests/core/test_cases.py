"""Every rule has a smallest failing toolkit, found alike through both doors."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sphinx_stepwise
from sphinx_stepwise.cli import main
from sphinx_stepwise.core.checks import check_project
from sphinx_stepwise.core.codes import Code, Severity
from sphinx_stepwise.core.project import load_project

if TYPE_CHECKING:
    from builds import Builder

CASES = Path(sphinx_stepwise.__file__).parent / "examples"
BAKING = Path(__file__).parents[1] / "roots" / "baking"


def expected(code: str) -> list[str]:
    return (CASES / code / "expected.txt").read_text("utf-8").splitlines()


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a copy of a case with the miniature toolkit's schemas and settings."""
    root = tmp_path / "case"
    shutil.copytree(BAKING, root, ignore=shutil.ignore_patterns("source"))
    shutil.copytree(CASES / request.param / "source", root / "source")
    return root


def test_every_code_has_a_case() -> None:
    assert {folder.name for folder in CASES.iterdir()} == set(Code)


@pytest.mark.parametrize("code", Code)
def test_expectation_names_its_code(code: Code) -> None:
    assert f" {code.value}\n" in "\n".join([*expected(code), ""])


@pytest.mark.parametrize(("case", "code"), [(c, c) for c in Code], indirect=["case"])
def test_both_doors_agree(
    case: Path, code: Code, builder: Builder, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = check_project(load_project(case))
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
    _, report = check_project(load_project(case))
    assert all(found.hint and found.message for found in report.diagnostics)

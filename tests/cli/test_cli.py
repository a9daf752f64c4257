"""The command: exit codes, output, and no Sphinx."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from sphinx_stepwise import __version__
from sphinx_stepwise.cli import main

if TYPE_CHECKING:
    from pathlib import Path

BLOCKED = """
import sys
for name in ("sphinx", "docutils", "myst_parser"):
    sys.modules[name] = None
from sphinx_stepwise.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_clean(baking: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--project", str(baking)]) == 0
    assert capsys.readouterr().out == "13 pages checked: no errors\n"


def test_findings(baking: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = baking / "source/prepare/knead.md"
    page.write_text(page.read_text().replace("[prove]", "[proof]"))
    assert main(["check", "--project", str(baking)]) == 1
    first, *_, hint, summary = capsys.readouterr().out.splitlines()
    place = r"source/prepare/knead\.md:5:11: error: .*`proof`.* \[reference_unknown\]"
    assert re.fullmatch(place, first)
    assert "`prove`" in hint
    assert summary == "13 pages checked: 1 error"


def test_cannot_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--project", str(tmp_path)]) == 2
    assert "pyproject.toml" in capsys.readouterr().err


def test_runs_from_a_folder_below_without_sphinx(baking: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", BLOCKED, "check"],
        cwd=baking / "source" / "bake",
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    assert run.returncode == 0


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["check", "--help"]])
def test_module_runs_and_explains_itself(arguments: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "sphinx_stepwise", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    assert __version__ in run.stdout or "check" in run.stdout

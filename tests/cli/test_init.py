"""``stepwise init``: a toolkit of one's own that checks clean and builds."""

from __future__ import annotations

import compileall
import os
import re
import runpy
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sphinx_stepwise
from sphinx_stepwise.cli import main
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from builds import Builder

    Run = Callable[..., tuple[int, str]]

REPOSITORY = Path(__file__).parents[2]
STARTER = Path(sphinx_stepwise.__file__).parent / "starter"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Return a function that runs the command."""

    def command(*arguments: str | Path) -> tuple[int, str]:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return command


def files(root: Path) -> set[str]:
    return {
        file.relative_to(root).as_posix()
        for file in root.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def clean(root: Path) -> bool:
    _, report = check_project(load_project(root))
    return report.diagnostics == () and report.suppressed == 0


def test_it_checks_clean_and_builds(tmp_path: Path, run: Run, builder: Builder) -> None:
    root = tmp_path / "new" / "toolkit"
    code, printed = run("init", root)
    assert code == 0
    assert str(root) in printed
    assert files(root) == files(STARTER)
    assert run("check", "--project", root)[0] == 0
    assert clean(root)
    navigation, _ = check_project(load_project(root))
    assert (len(navigation.stages), len(navigation.canonical)) == (2, 4)
    assert len(navigation.guidebooks) == 2
    for name in ("html", "epub"):
        built = builder(root, name, "-W")
        assert (built.code, built.warnings) == (0, "")


def test_it_is_of_today(tmp_path: Path, run: Run) -> None:
    assert run("init", tmp_path / "a", "--as-of", "2031-05-06")[0] == 0
    checked = run("check", "--project", tmp_path / "a", "--as-of", "2031-05-06")
    assert checked == (0, "11 pages checked: no errors\n")
    assert "2026-01-01" not in (tmp_path / "a/source/index.md").read_text()


@pytest.mark.parametrize(
    "title",
    [
        "Tea and coffee",
        'Tea: "green" \\ #1 {x} \\N',
        "A first vegetable bed for two",
        "'no'",
        "2026-01-01",
        "日本のパン",
    ],
)
def test_a_title_may_hold_anything(tmp_path: Path, run: Run, title: str) -> None:
    root = tmp_path / "a"
    assert run("init", root, "--title", title)[0] == 0
    navigation, _ = check_project(load_project(root))
    assert navigation.home
    assert navigation.home.title == title
    settings = runpy.run_path(str(root / "conf.py"))
    assert settings["project"] == title
    assert (root / "README.md").read_text("utf-8").startswith(f"# {title}\n")
    assert clean(root)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("x" * 90, "at most 80"),
        ("Crops", "source/crops.md"),
        (" ", "title"),
        ("a\x1bb", "title"),
    ],
)
def test_a_title_that_would_be_found_fault_with(
    tmp_path: Path, run: Run, title: str, words: str
) -> None:
    code, printed = run("init", tmp_path / "a", "--title", title)
    assert (code, words in printed) == (2, True)
    assert not (tmp_path / "a").exists()


def test_a_folder_with_anything_in_it_is_refused(tmp_path: Path, run: Run) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    code, printed = run("init", tmp_path)
    assert (code, str(tmp_path) in printed) == (2, True)
    assert run("init", tmp_path / "mine.txt")[0] == 2
    assert run("init", tmp_path / "mine.txt" / "below")[0] == 2
    assert files(tmp_path) == {"mine.txt"}
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_an_empty_folder_or_repository_will_do(tmp_path: Path, run: Run) -> None:
    (tmp_path / ".git").mkdir()
    assert run("init", tmp_path)[0] == 0
    assert run("init", tmp_path)[0] == 2


def test_from_nothing_to_a_toolkit_of_ones_own(
    tmp_path: Path, run: Run, builder: Builder
) -> None:
    root = tmp_path / "a"
    assert run("init", root, "--title", "My garden")[0] == 0
    # What its README tells, and a little more.
    told = re.findall(r"stepwise (?!move)([^`#|\n]+)", (root / "README.md").read_text())
    assert [words.split()[0] for words in told].count("new") == 4
    told += [
        "new step 'Store the rest' --after pick-what-is-ripe",
        "new page Questions",
    ]
    for words in told:
        code, printed = run(*shlex.split(words), "--project", root)
        assert code == 0, printed
        assert clean(root)
    built = builder(root, "html", "-W")
    assert (built.code, built.warnings) == (0, "")

    for page in (root / "source").rglob("*.md"):
        page.write_text(page.read_text().replace("\nstatus: draft\n", "\n"))
    home = root / "source/index.md"
    text = home.read_text().replace("  stages: 2\n", "  stages: 3\n")
    home.write_text(text.replace("  steps: 4\n", "  steps: 6\n"))
    assert clean(root)
    navigation, _ = check_project(load_project(root))
    assert [step.id for step in navigation.canonical][4:] == [
        "pick-what-is-ripe",
        "store-the-rest",
    ]
    built = builder(root, "html", "-W")
    assert (built.code, built.warnings) == (0, "")


def test_an_installed_wheel_holds_all_of_it(tmp_path: Path) -> None:
    build = ["-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(
        [sys.executable, *build], cwd=REPOSITORY, check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    # As an installer does; what it leaves behind is no part of a toolkit.
    assert compileall.compile_dir(site / "sphinx_stepwise" / "starter", quiet=2)
    command = "from sphinx_stepwise.cli import main; import sys; sys.exit(main())"
    subprocess.run(
        [sys.executable, "-c", command, "init", str(tmp_path / "a")],
        env=os.environ | {"PYTHONPATH": str(site)},
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert files(tmp_path / "a") == files(STARTER)
    assert not (tmp_path / "a" / "__pycache__").exists()

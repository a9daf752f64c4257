"""What runs on pull requests and by the clock: safe, pinned, and it does what it says.

The steps that call us are run here as they stand, in a toolkit in a git repository and
without Sphinx, which those jobs do not install.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ext" / "sphinx_stepwise"
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS = {file.stem: yaml.safe_load(file.read_text("utf-8")) for file in FILES}
TABLES = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
#: What may stand before our own command in a step.
PYTHON = "python -m sphinx_stepwise "


def jobs() -> Iterator[tuple[str, Any]]:
    for name, workflow in WORKFLOWS.items():
        for key, job in workflow["jobs"].items():
            yield f"{name}.{key}", job


def steps(key: str) -> Iterator[tuple[str, Any]]:
    """Yield every step that has *key*, with the name of its job."""
    for name, job in jobs():
        for step in job["steps"]:
            if key in step:
                yield name, step


def step(job: str, name: str) -> str:
    """Return the script of one step."""
    (found,) = (s["run"] for j, s in steps("run") if (j, s["name"]) == (job, name))
    return str(found)


def locked(name: str) -> dict[str, str]:
    """Return package -> version of a file of locked versions."""
    text = (ROOT / "requirements" / name).read_text("utf-8")
    return dict(re.findall(r"(?m)^([\w.-]+)==([^\s;]+)", text))


# Safe


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_workflow_begins_with_no_permission_and_does_not_pile_up(workflow: Any) -> None:
    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["group"].startswith("${{ github.workflow }}")
    triggers = workflow[True]  # YAML 1.1 reads the key `on` as true
    assert "pull_request_target" not in triggers
    assert "workflow_run" not in triggers


@pytest.mark.parametrize("name", dict(jobs()))
def test_job_asks_for_little_and_comes_to_an_end(name: str) -> None:
    job = dict(jobs())[name]
    publishes = {"pages": "write", "id-token": "write"}
    expected = publishes if name == "pages.deploy" else {"contents": "read"}
    assert job["permissions"] == expected
    assert 0 < job["timeout-minutes"] <= 60


def test_no_action_can_change_under_us() -> None:
    used: dict[str, set[str]] = {}
    for file in FILES:
        for line in re.findall(r"(?m)^.*\buses:.*$", file.read_text("utf-8")):
            found = re.search(r"uses: (actions/[\w-]+)@([0-9a-f]{40} # v[\d.]+)$", line)
            assert found, f"{file.name}: {line}"
            used.setdefault(found[1], set()).add(found[2])
    assert {name: len(pins) for name, pins in used.items() if len(pins) > 1} == {}


def test_no_check_out_leaves_a_token_behind() -> None:
    for name, found in steps("uses"):
        if found["uses"].startswith("actions/checkout@"):
            assert found["with"]["persist-credentials"] is False, name


def test_no_script_holds_what_a_stranger_wrote() -> None:
    for name, found in steps("run"):
        assert "${{" not in found["run"], name
        for value in found.get("env", {}).values():
            assert "github.event" not in value, name


# Alive


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield each simple command of every script, in words."""
    for name, found in steps("run"):
        text = found["run"].replace("\\\n", " ")
        for part in re.split(r"\n|\|\||&&|>>[^|\n]*", text):
            if words := shlex.split(part):
                yield name, words


#: Run here but for apt, which belongs to the machine.
KNOWN = (PYTHON, "echo ", "grep ", "[ ", "sudo apt-get ")


def test_every_command_is_of_a_sort_that_is_tested_here() -> None:
    sorts = set()
    for name, words in commands():
        if words[:5] == ["python", "-m", "pip", "install", "--require-hashes"]:
            assert words[5] == "-r"
            assert (ROOT / words[6]).is_file()
            sorts.add("install")
        elif words[0] == "make":
            run = subprocess.run(
                ["make", "--dry-run", *words[1:]],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert run.returncode == 0, f"{name}: {run.stderr}"
            sorts.add("make")
        elif words[0].endswith("run"):
            assert os.access(ROOT / words[0], os.X_OK)
            sorts.add("run")
        else:
            assert " ".join(words).startswith(KNOWN)
    assert sorts == {"install", "make", "run"}


@pytest.fixture
def act(baking: Path, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs a job's script in a toolkit under git.

    It gives the exit code, the output and the job's summary.
    """
    (baking / "ext").symlink_to(ROOT / "ext")
    absent = tmp_path / "absent"
    absent.mkdir()
    for name in ("sphinx", "docutils", "myst_parser"):
        (absent / f"{name}.py").write_text("raise ImportError(__name__)\n")
    summary = tmp_path / "summary.md"
    summary.touch()

    def run(job: str, name: str) -> tuple[int, str, str]:
        path = dict(jobs())[job]["env"]["PYTHONPATH"]
        env = os.environ | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": f"{absent}{os.pathsep}{path}",
            "GITHUB_STEP_SUMMARY": str(summary),
        }
        script = ["bash", "-e", "-c", step(job, name)]
        done = subprocess.run(
            script, cwd=baking, env=env, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout, summary.read_text("utf-8")

    return run


def git(root: Path, *arguments: str) -> None:
    own = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    apart = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=A. Baker", "-c", "user.email=baker@example.org")
    subprocess.run(["git", *who, *arguments], cwd=root, env=own | apart, check=True)


def test_check_marks_the_line(
    baking: Path, act: Callable[..., tuple[int, str, str]]
) -> None:
    run = ("check.check", "Check every page and data file")
    code, told, _ = act(*run)
    assert (code, "::error" in told) == (0, False)
    page = baking / "source/prepare/knead.md"
    page.write_text(page.read_text("utf-8").replace("[prove]", "[proof]"), "utf-8")
    code, told, _ = act(*run)
    assert code == 1
    assert re.search(r"(?m)^::error file=source/prepare/knead\.md,line=5,", told)


def test_the_summary_tells_what_changes(
    baking: Path, act: Callable[..., tuple[int, str, str]]
) -> None:
    git(baking, "init", "--quiet", "--initial-branch=main")
    git(baking, "add", "--all")
    git(baking, "commit", "--quiet", "--message=Bake")
    git(baking, "checkout", "--quiet", "-b", "topic")
    page = baking / "source/prepare/knead.md"
    page.write_text(
        page.read_text("utf-8").replace("title: Knead the dough", "title: Fold it"),
        "utf-8",
    )
    git(baking, "commit", "--quiet", "--all", "--message=Fold")
    # As the check-out of a pull request: its merge, with the base as first parent.
    git(baking, "checkout", "--quiet", "main")
    git(baking, "merge", "--quiet", "--no-ff", "--message=Merge", "topic")
    run = ("check.changes", "Tell what changes")
    code, _, summary = act(*run)
    assert code == 0
    assert "Fold it" in summary
    git(baking, "update-ref", "-d", "HEAD")  # nothing to compare with is no success
    assert act(*run)[0] != 0


def test_the_review_fails_where_something_is_overdue(
    baking: Path, act: Callable[..., tuple[int, str, str]]
) -> None:
    run = ("upkeep.review", "List what is due")
    assert act(*run)[0] == 0
    page = baking / "source/prepare/knead.md"
    old = 'reviewed: "2020-01-31"\nagain: 6 months\ntitle:'
    page.write_text(page.read_text("utf-8").replace("title:", old, 1), "utf-8")
    code, _, summary = act(*run)
    assert code == 1
    assert "knead" in summary


@pytest.mark.long
def test_read_the_docs_finds_site_and_epub(baking: Path, tmp_path: Path) -> None:
    build = yaml.safe_load((ROOT / ".readthedocs.yaml").read_text("utf-8"))["build"]
    env = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "READTHEDOCS_OUTPUT": str(tmp_path / "out"),
    }
    for line in [*build["jobs"]["build"]["html"], *build["jobs"]["build"]["epub"]]:
        subprocess.run(["bash", "-e", "-c", line], cwd=baking, env=env, check=True)
    assert (tmp_path / "out/html/index.html").is_file()
    (book,) = (tmp_path / "out/epub").iterdir()  # one file, or it refuses them all
    assert book.suffix == ".epub"
    for line in build["jobs"]["install"]:
        for name in re.findall(r"-r (\S+)", line):
            assert (ROOT / name).is_file()


# In step


def imported() -> set[str]:
    """Return the packages that core and the command import, ours and Python's apart."""
    found = set()
    for module in [*PACKAGE.glob("core/**/*.py"), *PACKAGE.glob("cli/*.py")]:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"sphinx_stepwise"}


def test_the_check_installs_what_it_imports_and_no_sphinx() -> None:
    wheels = packages_distributions()
    needed = {wheels[name][0].lower().replace("_", "-") for name in imported()}
    assert needed
    assert needed <= locked("check.txt").keys()
    assert not {"sphinx", "docutils", "myst-parser"} & locked("check.txt").keys()


def test_the_check_and_the_site_have_the_same_versions() -> None:
    site = locked("docs.txt")
    assert {n: v for n, v in locked("check.txt").items() if site.get(n) != v} == {}


def test_the_check_is_locked_from_the_dependencies_without_sphinx() -> None:
    group = TABLES["dependency-groups"]["check"]
    others = ("jinja2", "myst-parser", "sphinx", "tinyhtml5")  # they build
    needed = TABLES["project"]["dependencies"]
    assert group == [line for line in needed if not line.startswith(others)]


def test_hooks_before_a_commit_have_the_locked_versions() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    pins = [
        pin
        for repository in config["repos"]
        for hook in repository["hooks"]
        for pin in hook.get("additional_dependencies", ())
    ]
    assert pins
    versions = locked("dev.txt")
    names = [pin.partition("==")[0] for pin in pins]
    assert pins == [f"{name}=={versions[name]}" for name in names]


def test_our_hook_for_others_checks_the_whole_toolkit_always() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert (hook["pass_filenames"], hook["always_run"]) == (False, True)
    command, *arguments = shlex.split(hook["entry"])
    assert command in TABLES["project"]["scripts"]
    run = [sys.executable, "-m", "sphinx_stepwise", *arguments]
    subprocess.run(run, cwd=ROOT, check=True, capture_output=True)

"""Every command in the guides and the README does what the text around it needs.

The commands of one text are run in order, in one copy of the toolkit.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GUIDES = [*sorted((ROOT / "source/contributing").glob("*.md")), ROOT / "README.md"]
TEXTS = [guide for guide in GUIDES if "```sh\n" in guide.read_text("utf-8")]
#: Run elsewhere: by test_live, by .ci/run with a new environment, or never in a test
#: (the web), with the reason that a reader needs.
ELSEWHERE = {
    "source .venv/bin/activate": "the commands are on the path",
    "make html    # build the site: open build/html/index.html": ".ci/run",
    "make test    # run the tests": ".ci/run",
    "make html": ".ci/run",
    "make live": "tests/sphinx_ext/test_live.py",
    "make linkcheck": "asks the web; upkeep.yml runs it each week",
}
#: Those that find something to tell exit with 1, as docs/manual.md says.
TELLING = ("stepwise diff", "stepwise fix --diff")


def commands(text: Path) -> list[str]:
    blocks = re.findall(
        r"^```sh\n(.*?)^```$", text.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return [line for block in blocks for line in block.strip().split("\n")]


@pytest.fixture
def toolkit(tmp_path: Path) -> Path:
    """Return a copy of the project in git, with an environment that make accepts."""
    root = tmp_path / "toolkit"
    root.mkdir()
    for name in ("source", "schemas", "requirements", "tests/prose"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("Makefile", "pyproject.toml", "conf.py"):
        shutil.copy(ROOT / name, root)
    (root / ".gitignore").write_text(".venv\n")
    venv = root / ".venv"
    venv.mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):  # this environment, and make's stamps
        (venv / part).symlink_to(Path(sys.prefix) / part)
    for stamp in ("docs", "dev"):
        (venv / stamp).touch()
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "gc.auto=0")
    subprocess.run([*git, "init", "-q"], cwd=root, check=True)
    subprocess.run([*git, "add", "."], cwd=root, check=True)
    subprocess.run([*git, "commit", "-qm", "Begin"], cwd=root, check=True)
    return root


@pytest.mark.long
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.stem)
def test_every_command_works(text: Path, toolkit: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    # What a make that runs the tests hands down is not for the make that is tested.
    own = {"VENV", "PYTHON", "SPHINXOPTS", "MAKEFLAGS", "MFLAGS", "MAKELEVEL"}
    environment = {k: v for k, v in os.environ.items() if k not in own} | {"PATH": path}
    folder = toolkit
    for line in commands(text):
        if line in ELSEWHERE:
            continue
        if line.startswith("cd "):
            folder /= line.removeprefix("cd ")
            continue
        done = subprocess.run(
            ["bash", "-c", line],
            check=False,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        allowed = {0, 1} if line.startswith(TELLING) else {0}
        assert done.returncode in allowed, f"{line}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr


def test_nothing_is_excused_that_no_text_names() -> None:
    named = {line for text in TEXTS for line in commands(text)}
    assert named >= ELSEWHERE.keys()


def test_every_guide_is_looked_at() -> None:
    assert {text.stem for text in TEXTS} == {
        "README",
        "add-to-the-toolkit",
        "change-a-page",
        "keep-it-current",
        "start-your-own-toolkit",
    }

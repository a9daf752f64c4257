"""A newcomer's first day: make a toolkit, break it, follow the messages, build it.

Whatever the check says to do is done by :class:`Newcomer`, who knows nothing but the
message, its place and its hint.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx_stepwise.core.diagnostics import Diagnostic


class Newcomer:
    """Runs commands in a toolkit, and does what findings say."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *words: str, code: int = 0) -> str:
        done = self._run(*words)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done.stdout

    def findings(self) -> list[Diagnostic]:
        """Return what the check shows; the same in this process as in its own."""
        return list(check_project(load_project(self.root))[1].diagnostics)

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *words],
            check=False,
            cwd=self.root,
            capture_output=True,
            text=True,
        )

    def lines(self, path: str) -> list[str]:
        return (self.root / path).read_text("utf-8").split("\n")

    def write(self, path: str, lines: list[str]) -> None:
        (self.root / path).write_text("\n".join(lines), "utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        text = "\n".join(self.lines(path))
        assert old in text
        self.write(path, text.replace(old, new, 1).split("\n"))

    def follow(self, found: Diagnostic) -> None:
        """Do what the hint says, at the place; an unknown hint is a failure."""
        for pattern, action in FOLLOWED.items():
            if match := re.search(pattern, found.hint):
                action(self, found, match)
                return
        pytest.fail(f"what is to be done? {found}")

    def replace_word(self, found: Diagnostic, match: re.Match[str]) -> None:
        """Did you mean `x`?"""
        lines, at = self.lines(found.location.path), found.location.line - 1
        head, rest = (
            lines[at][: found.location.column - 1],
            lines[at][found.location.column - 1 :],
        )
        lines[at] = head + re.sub(r"^[\w-]+", match[1], rest, count=1)
        self.write(found.location.path, lines)

    def add_key(self, found: Diagnostic, match: re.Match[str]) -> None:
        """Add `key: ...` after `other`."""
        lines = self.lines(found.location.path)
        at = next(n for n, line in enumerate(lines) if line.startswith(f"{match[2]}:"))
        lines.insert(at + 1, f"{match[1]}: Something new to say.")
        self.write(found.location.path, lines)

    def delete_line(self, found: Diagnostic, _: re.Match[str]) -> None:
        """Keep one of the two; delete it."""
        lines = self.lines(found.location.path)
        del lines[found.location.line - 1]
        self.write(found.location.path, lines)

    def close_block(self, found: Diagnostic, match: re.Match[str]) -> None:
        """Add a line `---` after line n."""
        lines = self.lines(found.location.path)
        lines.insert(int(match[1]), "---")
        self.write(found.location.path, lines)

    def delete_above(self, found: Diagnostic, _: re.Match[str]) -> None:
        """Delete everything before `---`."""
        self.write(
            found.location.path,
            self.lines(found.location.path)[found.location.line - 1 :],
        )

    def list_it(self, found: Diagnostic, match: re.Match[str]) -> None:
        """Add `- id` to `steps` of its stage's page."""
        page = str(Path(found.location.path).with_name("index.md"))
        items = re.compile(rf"(\n{match[2]}:(\n  - [\w-]+)+)")
        text = items.sub(rf"\1\n  {match[1]}", "\n".join(self.lines(page)))
        self.write(page, text.split("\n"))

    def mend_number(self, found: Diagnostic, _: re.Match[str]) -> None:
        """Mend the number here."""
        has = re.search(r"has (\d+)", found.message)
        assert has
        lines, at = self.lines(found.location.path), found.location.line - 1
        start = found.location.column - 1
        lines[at] = lines[at][:start] + re.sub(r"^\d+", has[1], lines[at][start:])
        self.write(found.location.path, lines)

    def add_section(self, found: Diagnostic, match: re.Match[str]) -> None:
        """Add `## Heading` after `## Other`: before the one that follows."""
        lines = self.lines(found.location.path)
        at = lines.index(match[2])
        ends = [n for n, line in enumerate(lines) if n > at and line.startswith("## ")]
        lines[ends[0] : ends[0]] = [match[1], ""]
        self.write(found.location.path, lines)

    def quote(self, found: Diagnostic, _: re.Match[str]) -> None:
        """Put quotes round a value that holds a colon."""
        lines, at = self.lines(found.location.path), found.location.line - 1
        key, value = lines[at].split(": ", 1)
        lines[at] = f'{key}: "{value}"'
        self.write(found.location.path, lines)


FOLLOWED: dict[str, Callable[[Newcomer, Diagnostic, re.Match[str]], None]] = {
    r"Did you mean `([^`]+)`\?": Newcomer.replace_word,
    r"^Add `(\w+): \.\.\.` after `(\w+)`": Newcomer.add_key,
    r"Keep one of the two|Delete it\.|Delete one\.": Newcomer.delete_line,
    r"Add a line `---` after line (\d+)": Newcomer.close_block,
    r"Delete everything before `---`": Newcomer.delete_above,
    r"Add `(- [\w-]+)` to `(\w+)` of its stage's page": Newcomer.list_it,
    r"the number here": Newcomer.mend_number,
    r"Add `(## [^`]+)` after `(## [^`]+)`": Newcomer.add_section,
    r"Put quotes round a value": Newcomer.quote,
}

STAGE, STEP = "source/open/index.md", "source/open/choose-the-building.md"
BOOK = "source/guidebooks/for-volunteers.md"
#: What goes wrong, in which file: (old, new).
BREAKS = {
    "an id is mistyped": (BOOK, "- choose-the-building", "- chose-the-building"),
    "a key is mistyped": (STEP, "\nsummary: ", "\nsumary: "),
    "a key is missing": (BOOK, "\nsummary: Summary to be written.", ""),
    "a key stands twice": (STAGE, "\nsteps:", "\nreview_in: 6 months\nsteps:"),
    "the block is not closed": (STEP, "\n---\n\n% Lines", "\n\n% Lines"),
    "something stands above": (STEP, "---\n", "Draft\n\n---\n"),
    "a step is in no list": (STAGE, "\n  - order-the-shelves", ""),
    "a step is listed twice": (
        STAGE,
        "\n  - order-the-shelves",
        "\n  - order-the-shelves\n  - order-the-shelves",
    ),
    "a number is not kept": ("source/index.md", "stages: 3", "stages: 4"),
    "a section is missing": (STEP, "## Why it matters\n", ""),
    "a value holds a colon": (STEP, "title: Choose", "title: First: choose"),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a toolkit to which a newcomer has added something, all published."""
    folder = tmp_path_factory.mktemp("first-day")
    Newcomer(folder).run("sphinx_stepwise", "init", "library", "--title", "A library")
    someone = Newcomer(folder / "library")
    new = ("sphinx_stepwise", "new")
    someone.run(*new, "stage", "Before you open", "--id", "open")
    someone.run(*new, "step", "Choose the building", "--stage", "open")
    someone.run(*new, "step", "Order the shelves", "--stage", "open")
    steps = ("--steps", "choose-the-building", "order-the-shelves")
    someone.run(*new, "guidebook", "For volunteers", *steps)
    someone.run("sphinx_stepwise", "check")
    for path in (
        STAGE,
        STEP,
        BOOK,
        STEP.replace("choose-the-building", "order-the-shelves"),
    ):
        someone.change(path, "status: draft", "status: published")
    while found := someone.findings():  # the numbers that the home page promises
        someone.follow(found[0])
    return someone.root


@pytest.fixture
def newcomer(library: Path, tmp_path: Path) -> Newcomer:
    """Return a newcomer with a copy of the toolkit."""
    return Newcomer(shutil.copytree(library, tmp_path / "library"))


@pytest.mark.parametrize("what", BREAKS)
def test_what_is_broken_is_mended_by_its_message(newcomer: Newcomer, what: str) -> None:
    path, old, new = BREAKS[what]
    newcomer.change(path, old, new)
    assert newcomer.findings()
    mend_all(newcomer)


def mend_all(newcomer: Newcomer) -> None:
    for _ in range(30):  # one mend may uncover the next finding
        if not (found := newcomer.findings()):
            return
        newcomer.follow(found[0])
    pytest.fail(f"this does not end: {newcomer.findings()}")


def test_all_at_once_and_then_it_builds(newcomer: Newcomer) -> None:
    for path, old, new in BREAKS.values():
        if old in "\n".join(newcomer.lines(path)):  # some undo each other
            newcomer.change(path, old, new)
    mend_all(newcomer)
    newcomer.run("sphinx", "-W", "-q", "-b", "html", "-c", ".", "source", "build/html")
    for name in ("choose-the-building", "order-the-shelves"):
        html = (newcomer.root / f"build/html/open/{name}.html").read_text("utf-8")
        assert "For volunteers" in html

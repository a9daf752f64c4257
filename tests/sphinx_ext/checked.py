"""The miniature toolkit with checklists, and a page that counts them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KNEAD = (
    "- The dough is smooth.\n"
    "- The {oven}`deck` is hot, as {step}`prove` says.\n"
    "- [The ovens](../ovens.md) are *clean*.\n"
    "- The dough is smooth!\n"
    "- It rests.\n\n"
    "  - In a bowl.\n\n"
    "-\n"
)
PROVE = "- It is twice as large.\n"
PROGRESS = (
    "---\nkind: page\ntitle: How far\n---\n\n"
    "## Steps\n\n```{progress}\n```\n\n"
    "## Courses\n\n```{progress} guidebooks\n```\n\n"
    "## Others\n\n```{progress} pages\n```\n"
)


def make_checks(root: Path, theme: str = "stepwise") -> None:
    """Give two steps and a page of the toolkit in *root* checks, and count them."""
    conf = root / "conf.py"
    text = conf.read_text().replace('"alabaster"', f'"{theme}"')
    conf.write_text(f"{text}\nstepwise_sections = {{'Watch out': 'checklist'}}\n")
    set_checks(root / "source/prepare/knead.md", KNEAD)
    set_checks(root / "source/prepare/prove.md", PROVE)
    with (root / "source/welcome.md").open("a") as welcome:
        welcome.write("\n## Watch out\n\n- Your hands are dry.\n")
    (root / "source/progress.md").write_text(PROGRESS)
    replace(root / "source/index.md", "pages: [courses", "pages: [progress, courses")


def set_checks(page: Path, checks: str) -> None:
    """Write the checks of a step."""
    text = page.read_text()
    page.write_text(re.sub(r"(?s)(?<=## Watch out\n\n).*", lambda _: checks, text))


def replace(file: Path, old: str, new: str) -> None:
    """Replace what must be there."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))

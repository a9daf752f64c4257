"""An incremental build equals a clean one, whatever was edited."""

from __future__ import annotations

import os
import time
from random import Random
from typing import TYPE_CHECKING

import pytest
from builds import contents
from edits import Editor

if TYPE_CHECKING:
    from pathlib import Path

    from builds import Builder, Result


def assert_same(kept: Result, fresh: Result, story: list[str]) -> None:
    """Compare exit code, findings and every file of two builds."""
    told = " > ".join(story)
    assert kept.code == fresh.code, told
    assert kept.findings == fresh.findings, told
    before, after = contents(kept.out), contents(fresh.out)
    assert before.keys() == after.keys(), told
    different = [name for name in before if before[name] != after[name]]
    assert not different, told


def edit_and_compare(
    root: Path, builder: Builder, seed: int, edits: int, *jobs: int
) -> None:
    """Make random edits and compare after each, with that many jobs in turn.

    What is built afresh has other jobs than what is kept, so that the files of serial
    and parallel builds are compared as well.
    """
    editor = Editor(root / "source", Random(seed))
    builder(root, "html")
    story = []
    for number in range(edits):
        # File systems stamp whole milliseconds; an edit must be seen as newer.
        time.sleep(0.01)
        story.append(editor.edit())
        kept, fresh = (jobs[(number + turn) % len(jobs)] for turn in (0, 1))
        first = builder(root, "html", "-j", str(kept))
        second = builder(root, "html", "-j", str(fresh), fresh=True)
        assert_same(first, second, story)


def test_random_edits(baking: Path, builder: Builder) -> None:
    edit_and_compare(baking, builder, 3, 4, 1, 2)


@pytest.mark.long
@pytest.mark.parametrize("jobs", [1, 2], ids=["serial", "parallel"])
@pytest.mark.parametrize("seed", range(10, 10 + int(os.environ.get("SEEDS", "10"))))
def test_many_random_edits(real: Path, builder: Builder, seed: int, jobs: int) -> None:
    edit_and_compare(real, builder, seed, 5, jobs, 3 - jobs)

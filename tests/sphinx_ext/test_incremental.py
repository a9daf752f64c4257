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
    root: Path, builder: Builder, seed: int, edits: int, *options: str
) -> None:
    """Make random edits and compare after each."""
    editor = Editor(root / "source", Random(seed))
    builder(root, "html", *options)
    story = []
    for _ in range(edits):
        # File systems stamp whole milliseconds; an edit must be seen as newer.
        time.sleep(0.01)
        story.append(editor.edit())
        kept = builder(root, "html", *options)
        assert_same(kept, builder(root, "html", fresh=True), story)


@pytest.mark.parametrize("options", [(), ("-j", "2")], ids=["serial", "parallel"])
def test_random_edits(real: Path, builder: Builder, options: tuple[str, ...]) -> None:
    edit_and_compare(real, builder, 1, 3, *options)


@pytest.mark.long
@pytest.mark.parametrize("options", [(), ("-j", "2")], ids=["serial", "parallel"])
@pytest.mark.parametrize("seed", range(10, 10 + int(os.environ.get("SEEDS", "10"))))
def test_many_random_edits(
    real: Path, builder: Builder, seed: int, options: tuple[str, ...]
) -> None:
    edit_and_compare(real, builder, seed, 10, *options)

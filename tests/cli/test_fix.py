"""``stepwise fix``: what it writes, what it says and how it ends."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from sphinx_stepwise.cli import fix, main
from sphinx_stepwise.core.project import ProjectError, load_project

if TYPE_CHECKING:
    from pathlib import Path

KNEAD, PROVE = "source/prepare/knead.md", "source/prepare/prove.md"
OVENS, QUICK = "source/data/ovens.yml", "source/courses/quick.md"


@pytest.fixture
def tidy(baking: Path) -> Path:
    """Return the miniature toolkit, with nothing for the command to do."""
    assert main(["fix", "--project", str(baking)]) == 0
    return baking


def texts(root: Path) -> dict[str, bytes]:
    files = sorted(p for p in root.rglob("*") if p.is_file())
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in files}


def change(root: Path, path: str, old: str, new: str) -> None:
    raw = (root / path).read_bytes()
    assert old.encode() in raw
    (root / path).write_bytes(raw.replace(old.encode(), new.encode()))


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    words = [sys.executable, "-m", "sphinx_stepwise", "fix", *arguments]
    return subprocess.run(words, cwd=root, capture_output=True, check=False)


def test_every_mend_is_told_with_its_place(
    tidy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(tidy, KNEAD, "[prove]", "[prov]")
    change(tidy, QUICK, "title: Bread in a hurry\n", "")
    change(tidy, QUICK, "kind:", "title: Bread in a hurry\nkind:")
    capsys.readouterr()
    assert main(["fix", "--project", str(tidy)]) == 0
    first, second, mends, checked = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"source/courses/quick\.md:2:1: mended: [^\[]+", first)
    told = r"source/prepare/knead\.md:5:11: mended: `prov` .* `prove` \[(\w+)\]"
    assert re.findall(told, second) == ["reference_unknown"]
    assert mends == "mends: 2, files changed: 2"
    assert checked == "13 pages checked: no errors"


def test_a_second_run_finds_nothing_to_do(
    tidy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = texts(tidy)
    capsys.readouterr()
    assert main(["fix", "--project", str(tidy)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "mends: none, files changed: none",
        "13 pages checked: no errors",
    ]
    assert texts(tidy) == before


def test_what_is_left_is_shown_and_fails(
    tidy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(tidy, KNEAD, "[prove]", "[proof]")
    change(tidy, "source/bake/index.md", "[shape, bake-it]", "[bake-it]")
    change(tidy, "source/index.md", "steps: 5", "steps: 4")
    before = texts(tidy)
    assert main(["fix", "--project", str(tidy)]) == 1
    printed = capsys.readouterr().out
    assert "source/prepare/knead.md:5:11: error: " in printed
    # At the end of its stage, the step would come too late for a guidebook.
    assert "source/bake/shape.md:2:1: not mended" in printed
    assert "[track_order]" in printed
    assert "files changed: none, 1 refused\n" in printed
    assert texts(tidy) == before


def slips(root: Path) -> None:
    """Make slips in files with every kind of line end."""
    change(root, KNEAD, "title:", "titel:")
    change(root, KNEAD, "\n", "\r\n")
    (root / PROVE).write_bytes(b"\xef\xbb\xbf" + (root / PROVE).read_bytes())
    change(root, PROVE, "<knead>", "<kneed>")
    data = (root / OVENS).read_bytes() + b"- name: Last\n  spare: So\n  id: last"
    (root / OVENS).write_bytes(data)
    (root / "source/bake/cool.md").write_text(
        "---\nkind: step\ntitle: Cool\n---\n\n## Do\n\n## Watch out\n"
    )


def test_a_diff_is_what_would_be_written(tidy: Path) -> None:
    slips(tidy)
    before = texts(tidy)
    shown = run(tidy, "--diff")
    assert shown.returncode == 1
    assert shown.stderr == b""
    assert texts(tidy) == before

    copy = tidy.with_name("copy")
    shutil.copytree(tidy, copy)
    assert run(tidy).returncode == 0
    assert texts(tidy) != before
    subprocess.run(["git", "apply", "-"], cwd=copy, input=shown.stdout, check=True)
    assert texts(copy) == texts(tidy)
    assert run(tidy, "--diff").returncode == 0
    assert run(tidy, "--diff").stdout == b""


def test_only_what_is_found_in_the_paths_is_mended(tidy: Path) -> None:
    slips(tidy)
    before = texts(tidy)
    done = run(tidy / "source", "prepare/knead.md", "bake", "gone.md")
    assert done.stderr == b"gone.md: not there\n"
    changed = {p for p, raw in texts(tidy).items() if before[p] != raw}
    assert changed == {KNEAD, "source/bake/index.md", "source/index.md"}
    assert done.returncode == 0
    assert b"1 finding in other files" in done.stdout


def test_nothing_outside_the_source_folder_is_touched(tidy: Path) -> None:
    slips(tidy)
    (tidy / "NOTES.md").write_text("---\ntitel: A\nkind: page\n---\n")
    before = texts(tidy)
    run(tidy, "NOTES.md")
    assert texts(tidy) == before
    run(tidy)
    after = texts(tidy)
    assert before.keys() == after.keys()
    assert all(p.startswith("source/") for p in after if before[p] != after[p])


def test_a_file_keeps_its_mode_and_a_link_stays_one(tidy: Path) -> None:
    change(tidy, KNEAD, "title:", "titel:")
    page = tidy / KNEAD
    page.chmod(0o640)
    (tidy / "source/shared").mkdir()
    real = tidy / "source/shared/_knead.txt"
    page.rename(real)
    page.symlink_to(os.path.relpath(real, page.parent))
    assert run(tidy).returncode == 0
    assert page.is_symlink()
    assert b"\ntitle: Knead" in real.read_bytes()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert not list(tidy.rglob("*.tmp"))


def test_a_file_that_was_saved_meanwhile_is_not_overwritten(tidy: Path) -> None:
    project = load_project(tidy)
    old, page = texts(tidy), tidy / KNEAD
    changes = {
        PROVE: (old[PROVE].decode(), "other"),
        KNEAD: ("as it was read", "as it would be written"),
    }
    with pytest.raises(ProjectError, match=r"knead\.md"):
        fix._write(project, changes)
    assert texts(tidy) == old
    changes = {PROVE: changes[PROVE], "source/none.md": ("", "")}
    with pytest.raises(ProjectError, match=r"none\.md"):
        fix._write(project, changes)
    assert texts(tidy) == old
    assert page.exists()


def test_cannot_run(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_the_real_toolkit_is_in_order(real: Path) -> None:
    shown = run(real, "--diff")
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, b"", b"")

"""``stepwise diff`` in real git repositories: exit codes, formats and git itself."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt
from sphinx_stepwise.cli import main
from sphinx_stepwise.core.changes.git import changed_files, export
from sphinx_stepwise.core.project import ProjectError

if TYPE_CHECKING:
    from pathlib import Path

KNEAD = "source/prepare/knead.md"


def git(root: Path, *arguments: str) -> None:
    # Not the maintainer's own settings, and not the repository whose hook runs us.
    own = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    apart = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=root, env=own | apart, check=True)


def commit(root: Path) -> None:
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "config", "user.name", "A. Baker")
    git(root, "config", "user.email", "baker@example.org")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=Bake")


@pytest.fixture
def repository(baking: Path) -> Path:
    """Return the miniature toolkit, committed."""
    commit(baking)
    return baking


def edit(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def diff(root: Path, *arguments: str) -> int:
    return main(["diff", "--project", str(root), *arguments])


def test_nothing_differs(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for style in ("text", "markdown"):
        assert diff(repository, "HEAD", "--format", style) == 0
        assert capsys.readouterr().out == "Nothing differs from `HEAD`.\n"
    assert diff(repository, "HEAD", "--format=json", "--as-of=2026-11-20") == 0
    found = json.loads(capsys.readouterr().out)
    assert [key for key, value in found.items() if value] == ["version", "ref"]


def test_text(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = repository / "source/bake/score.md"
    text = (repository / KNEAD).read_text().replace("Knead the dough", "Score the loaf")
    new.write_text(text.replace("related: [prove]\n", ""))
    edit(repository, "source/bake/index.md", "[shape,", "[score, shape,")
    edit(repository, KNEAD, "[prove]", "[weigh, proof]")
    assert diff(repository, "main") == 1
    lines = capsys.readouterr().out.splitlines()
    # How findings are worded is not ours.
    lines[-2:] = [re.sub(r"error: .* \[", "error [", line) for line in lines[-2:]]
    assert lines == [
        "1 step added, 1 stage with other steps, 1 page edited, 2 new findings, "
        "compared with `main`",
        "",
        "Pages added",
        "  step `score`, `Score the loaf`",
        "",
        "Stages and guidebooks",
        "  stage `bake`",
        "    added: `score`",
        "    before: `shape`, `bake-it`",
        "    now: `score`, `shape`, `bake-it`",
        "",
        "Pages edited",
        "  step `knead`",
        "    `related` from `prove` to `weigh, proof`",
        "",
        "New findings",
        "  `source/index.md`: error [track_count]",
        f"  `{KNEAD}`: error [reference_unknown]",
    ]


def test_json(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(repository, "source/data/ovens.yml", "Coals.", "Coals. " * 30)
    assert diff(repository, "HEAD", "--format=json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["version"] == 1
    assert found["summary"] == "1 record changed"
    assert list(found) == [
        *("version", "ref", "summary", "added", "removed", "renamed", "retitled"),
        *("moved", "tracks", "edited", "records", "healed", "broken"),
    ]
    (record,) = found["records"]
    assert record["changes"][0]["new"] == ("Coals. " * 30).strip()
    assert list(record) == ["collection", "id", "label", "what", "changes", "pages"]


def test_long_values_are_shown_where_they_part(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = "All of this is the same on both sides, " * 4
    summary = "How to knead the dough."
    edit(repository, KNEAD, summary, f'"{long}and then left"')
    git(repository, "commit", "--quiet", "--all", "--message=Long")
    edit(repository, KNEAD, "then left", "then right, " + "and on " * 30)
    assert diff(repository, "HEAD") == 1
    line = capsys.readouterr().out.splitlines()[-1]
    assert re.fullmatch(
        r"    `summary` from `\.\.\. .* left` to `\.\.\. .* right, .*\.\.\.`", line
    )
    assert len(line) < 200


HOSTILE = (
    "a ``` b ` c",
    "`</details>`",
    "<script>alert(1)</script>",
    "](https://evil.example) ![x](y)",
    "@someone #12 https://evil.example",
    "\\n\\n# Heading\\n\\n<!-- ",
    "* _x_ ~~y~~ | z",
    "\\e[31m\\u202etxt",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_content_cannot_break_out(
    words: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(repository, KNEAD, "title: Knead the dough", f'title: "{words}"')
    edit(repository, KNEAD, "[prove]", f'["{words}"]')
    assert diff(repository, "HEAD", "--format=markdown") == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(out)
    kinds = {
        token.type.removesuffix("_open").removesuffix("_close") for token in tokens
    }
    assert kinds <= {"paragraph", "heading", "inline", "bullet_list", "list_item"}
    inside = {child.type for token in tokens for child in token.children or ()}
    assert inside <= {"text", "code_inline", "softbreak"}
    plain = [
        child.content
        for token in tokens
        for child in token.children or ()
        if child.type == "text"
    ]
    assert not any(set("@#<*|\\") & set(words) for words in plain)


def test_markdown_folds_long_lists(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(12):
        page = f"---\nkind: page\ntitle: Page {number}\nstatus: draft\n---\n"
        (repository / f"source/page-{number:02}.md").write_text(page)
    edit(repository, "source/courses/index.md", "title: Courses", "title: All courses")
    assert diff(repository, "HEAD", "--format=markdown") == 1
    first, _, *lines = capsys.readouterr().out.splitlines()
    assert first == "12 pages added, 1 page retitled, compared with `HEAD`"
    assert lines[:5] == [
        *("### Pages added", "", "<details>", "<summary>12 entries</summary>", "")
    ]
    assert lines[5] == "- page `page-00`, `Page 0`"
    assert lines[17:22] == ["", "</details>", "", "### Pages retitled", ""]
    assert lines[22] == "- page `courses` from `Courses` to `All courses`"


def test_markdown_stays_below_the_limit_of_a_comment(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(700):
        page = f"---\nkind: page\ntitle: {number} {'x' * 90}\nstatus: draft\n---\n"
        (repository / f"source/page-{number}.md").write_text(page)
    assert diff(repository, "HEAD", "--format=markdown") == 1
    out = capsys.readouterr().out
    assert len(out) < 65_000
    assert re.search(r"\n- and \d+ more\n\n</details>\n$", out)


def test_findings_mended(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(repository, KNEAD, "[prove]", "[proof]")
    git(repository, "commit", "--quiet", "--all", "--message=Slip")
    assert diff(repository, "HEAD~1") == 1
    assert "New findings" in capsys.readouterr().out
    edit(repository, KNEAD, "[proof]", "[prove]")
    assert diff(repository, "HEAD") == 1
    assert "1 finding mended" in capsys.readouterr().out.splitlines()[0]
    assert diff(repository, "HEAD~1") == 0


def test_equal_runs_print_the_same(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(repository / "source/bake")
    edit(repository, KNEAD, "[prove]", "[proof]")
    printed = []
    for _ in range(2):
        assert diff(repository, "HEAD") == 1
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


@pytest.mark.parametrize("ref", ["nowhere", "-h", "main..HEAD", "^main", "", "main:x"])
def test_unknown_revision(
    ref: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", "--project", str(repository), "--", ref]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        f"git knows no revision `{ref}`; a shallow clone may have to fetch it"
    ]


def test_no_repository(
    baking: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(baking.parent))
    assert diff(baking, "HEAD") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "not a git repository" in line


def test_no_git(
    repository: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(repository))
    assert diff(repository, "HEAD") == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("pyproject.toml", "[tool.stepwise]\nsauce = 'x'\n", "pyproject.toml:2:1"),
        ("pyproject.toml", "[tool", "pyproject.toml:1:1"),
        ("schemas/step.schema.json", "{", "schemas/step.schema.json:1:2"),
    ],
)
def test_old_settings_are_unusable(
    file: str, text: str, fault: str, baking: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = (baking / file).read_text()
    (baking / file).write_text(text)
    commit(baking)
    (baking / file).write_text(good)
    assert diff(baking, "HEAD") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"the toolkit of `HEAD` cannot be read: {fault}")


def test_project_below_the_top(
    baking: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    top = baking.parent
    (top / "other.txt").write_text("Not the toolkit's.\n")
    commit(top)
    # As in a hook, where git points at the repository that it commits to.
    monkeypatch.setenv("GIT_DIR", ".git")
    (top / "other.txt").write_text("Changed.\n")
    assert diff(baking, "HEAD") == 0
    assert changed_files(baking, "HEAD") == set()
    edit(baking, KNEAD, "Do it.", "Do it well.")
    assert diff(baking, "HEAD") == 1
    assert "the text changed" in capsys.readouterr().out
    assert changed_files(baking, "HEAD") == {baking / KNEAD}


def test_folder_that_the_revision_lacks(
    baking: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".gitignore").write_text("toolkit/\nout/\n")
    commit(tmp_path)
    assert diff(baking, "HEAD") == 2
    assert capsys.readouterr().err == f"`HEAD` has no folder {baking}\n"


def test_changed_files(repository: Path) -> None:
    assert changed_files(repository, "HEAD") == set()
    (repository / ".gitignore").write_text("*.log\n")
    for name in ("new folder/née.md", "build.log", "staged.md"):
        (repository / name).parent.mkdir(exist_ok=True)
        (repository / name).write_text("")
    git(repository, "add", "staged.md")
    git(repository, "mv", "source/welcome.md", "source/hello.md")
    (repository / "source/ovens.md").unlink()
    (repository / KNEAD).touch()  # a newer file that says the same
    edit(repository, "source/index.md", "bread", "cake")
    names = (
        *(".gitignore", "new folder/née.md", "staged.md", "source/index.md"),
        *("source/welcome.md", "source/hello.md", "source/ovens.md"),
    )
    assert changed_files(repository, "HEAD") == {repository / name for name in names}
    with pytest.raises(ProjectError, match="no revision"):
        changed_files(repository, "--output=x")


def test_export_leaves_out_links_that_lead_away(
    repository: Path, tmp_path: Path
) -> None:
    (repository / "source/away.md").symlink_to("/etc/hostname")
    (repository / "source/near.md").symlink_to("ovens.md")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=Links")
    target = tmp_path / "old"
    export(repository, "HEAD", target)
    assert not (target / "source/away.md").is_symlink()
    assert (target / "source/near.md").read_text().startswith("---")
    assert not (target / ".git").exists()

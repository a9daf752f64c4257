"""``stepwise review``, ``move`` and ``addresses``."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import icalendar
import pytest
from sphinx_stepwise.cli import main
from sphinx_stepwise.core.content.redirects import resolve
from sphinx_stepwise.core.dates import add_span
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from collections.abc import Callable

Run = "Callable[..., tuple[int, str]]"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Return a function that runs the command on a project."""

    def command(root: Path, *arguments: str) -> tuple[int, str]:
        code = main([*arguments, "--project", str(root)])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return command


def keep(root: Path, reviewed: str, owner: str = "deck") -> Path:
    page = root / "source/prepare/knead.md"
    kept = f"owner: {owner}\nreviewed: {reviewed}\nagain: 6 months\n"
    page.write_text(page.read_text().replace("related:", f"{kept}related:"))
    return page


# Review


@pytest.mark.parametrize(
    ("day", "code", "word"),
    [
        ("2026-09-30", 0, "0 overdue, 0 due soon"),
        ("2026-10-01", 0, "due: the step `knead`"),
        ("2026-11-30", 0, "due: the step `knead`"),
        ("2026-12-01", 1, "overdue: the step `knead`"),
    ],
)
def test_review_on_a_day(
    baking: Path, run: Callable[..., tuple[int, str]], day: str, code: int, word: str
) -> None:
    keep(baking, "2026-05-31")
    found, printed = run(baking, "review", "--as-of", day)
    assert found == code
    assert word in printed


def test_review_of_records_names_the_owners_of_pages_that_use_them(
    baking: Path, run: Callable[..., tuple[int, str]]
) -> None:
    page = baking / "source/bake/bake-it.md"
    page.write_text(page.read_text().replace("suits:", "owner: camp\nsuits:"))
    arguments = ("review", "--as-of", "2031-01-01", "--format", "json")
    code, printed = run(baking, *arguments)
    assert code == 1
    tasks = {task["id"]: task for task in json.loads(printed)["tasks"]}
    assert tasks["deck"]["owners"] == ["camp"]
    assert (tasks["deck"]["path"], tasks["deck"]["line"]) == (
        "source/data/ovens.yml",
        8,
    )
    assert run(baking, *arguments, "--owner", "nobody")[0] == 0
    assert run(baking, *arguments, "--owner", "camp")[0] == 1


def test_review_for_a_calendar(
    baking: Path, run: Callable[..., tuple[int, str]]
) -> None:
    page = keep(baking, "2026-05-31")
    title = "Knead; the dough, \\ and " + "then knead it once more " * 4
    page.write_text(page.read_text().replace("Knead the dough", title))
    _, printed = run(baking, "review", "--as-of", "2026-12-01", "--format", "ics")
    assert all(len(line.encode()) <= 75 for line in printed.split("\r\n"))
    calendar = icalendar.Calendar.from_ical(printed)
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("DTSTART") == dt.date(2026, 11, 30)
    assert str(event["SUMMARY"]) == f"Review: {title.strip()}"


def test_review_as_a_table(baking: Path, run: Callable[..., tuple[int, str]]) -> None:
    page = keep(baking, "2026-05-31")
    text = page.read_text().replace("Knead the dough", "Knead | the <b>dough")
    page.write_text(text)
    _, printed = run(baking, "review", "--as-of", "2026-12-01", "--format", "markdown")
    row = printed.splitlines()[2]
    assert row.startswith("| 2026-11-30 **overdue** | Knead \\| the &lt;b>dough (step)")
    assert row.endswith("| deck |")


def git(root: Path, *arguments: str) -> None:
    names = ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL")
    env = os.environ | dict.fromkeys((*names, "GIT_COMMITTER_EMAIL"), "a@example.org")
    subprocess.run(
        ["git", *arguments], cwd=root, check=True, capture_output=True, env=env
    )


def test_only_what_a_change_touches_can_fail(
    baking: Path, run: Callable[..., tuple[int, str]]
) -> None:
    page = keep(baking, "2026-01-01")
    git(baking, "init", "-q")
    git(baking, "add", ".")
    git(baking, "commit", "-qm", "x")
    arguments = ("review", "--as-of", "2031-01-01", "--changed-since", "HEAD")
    code, printed = run(baking, *arguments)
    assert code == 0  # all of it is old, none of it touched
    assert "overdue" in printed

    (baking / "source/welcome.md").write_text("---\nkind: page\ntitle: Hello\n---\n")
    assert run(baking, *arguments)[0] == 0
    page.write_text(f"{page.read_text()}\nMore.\n")
    assert run(baking, *arguments)[0] == 1
    git(baking, "checkout", "-q", ".")

    data = baking / "source/data/ovens.yml"
    data.write_text(data.read_text().replace("Coals.", "Embers."))
    assert run(baking, *arguments)[0] == 0  # another record of the file
    data.write_text(data.read_text().replace("Even heat", "Good heat"))
    assert run(baking, *arguments)[0] == 1
    git(baking, "checkout", "-q", ".")

    user = baking / "source/bake/bake-it.md"
    user.write_text(f"{user.read_text()}\nMore.\n")
    code, printed = run(baking, *arguments)
    assert code == 1  # it relies on a record that holds no more
    assert run(baking, *arguments[:-1], "nowhere")[0] == 2


@pytest.mark.parametrize(
    ("day", "span", "end"),
    [
        ("2026-08-31", "6 months", "2027-02-28"),
        ("2027-08-31", "6 months", "2028-02-29"),
        ("2028-02-29", "1 year", "2029-02-28"),
        ("2026-12-31", "1 month", "2027-01-31"),
        ("2026-12-31", "2 weeks", "2027-01-14"),
        ("2026-12-31", "1 day", "2027-01-01"),
        ("2026-11-20", "12 months", "2027-11-20"),
        ("2026-11-20", "soon", None),
    ],
)
def test_time_is_added_as_people_do(day: str, span: str, end: str | None) -> None:
    found = add_span(dt.date.fromisoformat(day), span)
    assert found == (dt.date.fromisoformat(end) if end else None)


# Addresses


def test_addresses_are_kept_and_missed(
    baking: Path, run: Callable[..., tuple[int, str]]
) -> None:
    code, printed = run(baking, "addresses")
    assert code == 1
    assert "not kept yet: prepare/knead" in printed
    assert run(baking, "addresses", "--write")[0] == 0
    assert run(baking, "addresses") == (0, "")
    file = baking / "source/data/addresses.txt"
    kept = file.read_text()
    assert run(baking, "addresses", "--write")[0] == 0
    assert file.read_text() == kept
    (baking / "source/bake/shape.md").unlink()
    _, report = check_project(load_project(baking))
    removed = [d for d in report.diagnostics if d.code == "address_removed"]
    assert [d.location.path for d in removed] == ["source/data/addresses.txt"]
    run(baking, "addresses", "--write")
    assert "bake/shape" in file.read_text().splitlines()


def test_merge_marks_in_the_list_are_found(
    baking: Path, run: Callable[..., tuple[int, str]]
) -> None:
    file = baking / "source/data/addresses.txt"
    run(baking, "addresses", "--write")
    lines = file.read_text().splitlines()
    file.write_text("\n".join([*lines[:2], "<<<<<<< ours", *lines[2:], "======="]))
    _, report = check_project(load_project(baking))
    places = [d.location.line for d in report.diagnostics]
    assert places == [3, len(lines) + 2]
    assert run(baking, "addresses")[0] == 1


# Move


def others(root: Path) -> dict[str, bytes]:
    files = sorted(p for p in (root / "source").rglob("*") if p.is_file())
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in files}


def assert_moved(root: Path, old: str, new: str, before: dict[str, bytes]) -> None:
    """The tree is clean, the old address leads on, and only names have changed."""
    navigation, report = check_project(load_project(root))
    assert report.diagnostics == ()
    assert resolve(navigation.catalogue)[old] == new
    old_id, new_id = (name.rpartition("/")[2].encode() for name in (old, new))
    redirect = b"redirect_from:\n  - " + old.encode() + b"\n"
    for path, raw in before.items():
        moved = path == f"source/{old}.md"
        now = (root / (f"source/{new}.md" if moved else path)).read_bytes()
        if moved:
            assert redirect in now
            now = now.replace(redirect, b"")
        assert now.replace(new_id, old_id) == raw


REAL = Path(__file__).parents[2]
STEPS = sorted(
    p.relative_to(REAL / "source").with_suffix("").as_posix()
    for p in (REAL / "source").glob("*/*.md")
    if "\nkind: step\n" in p.read_text("utf-8")
)


def move_and_look(root: Path, run: Callable[..., tuple[int, str]], old: str) -> None:
    before = others(root)
    new = old.rpartition("/")[0] + "/entirely-new"
    code, printed = run(root, "move", old, "entirely-new")
    assert code == 0, printed
    assert_moved(root, old, new, before)


@pytest.mark.parametrize("old", STEPS[::6])
def test_moving_a_real_step(
    real: Path, run: Callable[..., tuple[int, str]], old: str
) -> None:
    move_and_look(real, run, old)


@pytest.mark.long
@pytest.mark.parametrize("old", STEPS)
def test_moving_every_real_step(
    real: Path, run: Callable[..., tuple[int, str]], old: str
) -> None:
    move_and_look(real, run, old)


#: Every way in which text can name a page, and what it must become.
NAMED = """\
{step}`knead` {guide:step}`it <knead>`
{doc}`knead` {doc}`k </prepare/knead>`
[a](knead.md) [b](knead.md#do 'title') [c](<knead.md>) [d](/prepare/knead.md)
[e][k] [w](https://x.test/knead.md) and in code: ``{step}`knead` ``

[k]: knead.md

:::{tip}
{step}`knead`
:::"""
RENAMED = """\
{step}`work-it` {guide:step}`it <work-it>`
{doc}`../bake/work-it` {doc}`k </bake/work-it>`
[a](../bake/work-it.md) [b](../bake/work-it.md#do 'title') [c](<../bake/work-it.md>) \
[d](/bake/work-it.md)
[e][k] [w](https://x.test/knead.md) and in code: ``{step}`knead` ``

[k]: ../bake/work-it.md

:::{tip}
{step}`work-it`
:::"""


def test_move_mends_every_way_of_naming_a_page(
    baking: Path, run: Callable[..., tuple[int, str]]
) -> None:
    page = baking / "source/prepare/weigh.md"
    page.write_text(page.read_text().replace("Do it.", NAMED))
    knead = baking / "source/prepare/knead.md"
    knead.write_text(f"{knead.read_text()}\n[scales](weigh.md) ![](../photo.jpg)\n")
    (baking / "source/photo.jpg").write_bytes(b"")
    quick = baking / "source/courses/quick.md"
    text = quick.read_text().replace("- knead", "- 'knead'  # by hand")
    quick.write_bytes(text.replace("\n", "\r\n").encode())
    assert main(["check", "--project", str(baking)]) == 0

    code, printed = run(baking, "move", "knead", "bake/work-it")
    assert code == 0, printed
    assert RENAMED in page.read_text()
    moved = (baking / "source/bake/work-it.md").read_text()
    assert "[scales](../prepare/weigh.md) ![](../photo.jpg)" in moved
    assert "redirect_from:\n  - prepare/knead\n---" in moved
    assert b"- 'work-it'  # by hand\r\n" in quick.read_bytes()


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("redirect_from: [older]\n", "redirect_from: [prepare/knead, older]\n"),
        ("redirect_from: []\n", "redirect_from:\n  - prepare/knead\n"),
        (
            "redirect_from:\n    - older  # once\n",
            "redirect_from:\n    - prepare/knead\n    - older  # once\n",
        ),
    ],
)
def test_old_addresses_are_kept_in_their_own_layout(
    baking: Path, run: Callable[..., tuple[int, str]], front: str, expected: str
) -> None:
    page = baking / "source/prepare/knead.md"
    page.write_text(page.read_text().replace("related:", f"{front}related:"))
    assert run(baking, "move", "knead", "work-it")[0] == 0
    assert expected in (baking / "source/prepare/work-it.md").read_text()


def test_an_index_page_takes_its_folder_along(
    baking: Path, run: Callable[..., tuple[int, str]]
) -> None:
    code, printed = run(baking, "move", "prepare", "get-ready")
    assert code == 0, printed
    assert not (baking / "source/prepare").exists()
    navigation, report = check_project(load_project(baking))
    assert report.diagnostics == ()
    assert [s.docname for s in navigation.stages[0].steps] == [
        "get-ready/weigh",
        "get-ready/knead",
        "get-ready/prove",
    ]
    assert resolve(navigation.catalogue)["prepare/knead"] == "get-ready/knead"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kneed", "x", "`knead`"),
        ("knead", "weigh", "already"),
        ("knead", "bake/weigh", "the id `weigh`"),
        ("knead", "../x", "no address"),
        ("knead", "A b", "no address"),
        ("knead", "knead", "where the page is"),
        ("index", "home", "home page"),
    ],
)
def test_what_would_break_is_refused_and_nothing_changes(
    baking: Path,
    run: Callable[..., tuple[int, str]],
    old: str,
    new: str,
    words: str,
) -> None:
    before = others(baking)
    code, printed = run(baking, "move", old, new)
    assert code == 2
    assert words in printed
    assert others(baking) == before


def test_move_is_refused_while_a_page_cannot_be_read(
    baking: Path, run: Callable[..., tuple[int, str]]
) -> None:
    (baking / "source/welcome.md").write_text("nothing")
    code, printed = run(baking, "move", "knead", "work-it")
    assert code == 2
    assert "welcome" in printed


def test_dry_run_shows_all_and_changes_nothing(
    baking: Path, run: Callable[..., tuple[int, str]]
) -> None:
    before = others(baking)
    code, printed = run(baking, "move", "knead", "work-it", "--dry-run")
    assert code == 0
    assert "rename source/prepare/knead.md => source/prepare/work-it.md" in printed
    assert "-steps: [weigh, knead, prove]" in printed
    assert "+steps: [weigh, work-it, prove]" in printed
    assert others(baking) == before

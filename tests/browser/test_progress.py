"""Readers tick checks, see how far they are, and take that with them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from browser.serving import serve
from browser.test_accessibility import faults
from builds import Builder
from checked import KNEAD, make_checks, set_checks
from sphinx_stepwise.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from browser.serving import Server, Watch
    from playwright.sync_api import Browser, FilePayload, Page

STEP = "strategy/define-the-need.html"
OTHER = "strategy/learn-from-users.html"
PROGRESS = "your-progress.html"
TITLE = "Define the business need before the solution"
#: A browser that keeps nothing.
REFUSE = """
for (const area of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, area, {
    get() { throw new DOMException("refused", "SecurityError"); },
  });
}
"""


def boxes(page: Page) -> Any:
    return page.locator(".stepwise-checklist").get_by_role("checkbox")


def ticked(page: Page) -> list[bool]:
    return [box.is_checked() for box in boxes(page).all()]


def tick(page: Page, server: Server, address: str, *places: int) -> None:
    page.goto(server(address))
    for place in places:
        boxes(page).nth(place).check()


def row(page: Page, text: str) -> str:
    """Return the words of the first line that holds a link with *text*."""
    lines = page.locator("li p", has=page.get_by_role("link", name=text))
    return lines.first.inner_text()


def told(page: Page) -> str:
    """Return what is said, once something is."""
    status = page.locator(".stepwise-desk [role=status]")
    status.filter(has_text=re.compile(r"\S")).wait_for()
    return status.inner_text()


def press(page: Page, name: str) -> None:
    page.locator(".stepwise-desk > .answers").get_by_role("button", name=name).click()


def payload(content: Any, name: str = "progress.json") -> FilePayload:
    text = content if isinstance(content, str) else json.dumps(content)
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}


def load(page: Page, content: Any) -> str:
    page.locator(".stepwise-desk [role=status]").evaluate("p => { p.textContent = '' }")
    with page.expect_file_chooser() as choosing:
        press(page, "Load from a file")
    choosing.value.set_files(payload(content))
    return told(page)


def kept(page: Page) -> list[str]:
    """Return what the browser keeps."""
    found = page.evaluate("localStorage.getItem('stepwise-ticks')")
    return list(json.loads(found or "[]"))


# Ticking


def test_ticks_are_there_again_and_counted(page: Page, server: Server) -> None:
    tick(page, server, STEP, 0, 2)
    count = page.locator(".stepwise-checklist").get_by_role("status")
    assert count.inner_text() == "2 of 7 checks"
    page.reload()
    assert ticked(page) == [True, False, True, *[False] * 4]
    boxes(page).nth(0).uncheck()
    assert count.inner_text() == "1 of 7 checks"
    tick(page, server, OTHER, *range(8))
    page.goto(server("index.html"))
    assert row(page, TITLE).endswith("1 of 7 checks")
    steps = page.locator(".stepwise-step-map ol > li")
    marked = steps.filter(has=page.locator(".is-done"))
    assert [re.sub(r"\s+", " ", li) for li in marked.all_inner_texts()] == [
        "Learn from the people who will use it (Essential) 8 of 8 checks"
    ]
    assert page.locator(".stepwise-done").inner_text().startswith("9 of 1")
    page.goto(server("strategy/index.html"))
    assert page.locator(".stepwise-done").inner_text().startswith("9 of 50 checks")
    page.locator(".stepwise-done a").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Your progress"
    assert row(page, TITLE).endswith("1 of 7 checks")
    strategy = page.locator(".stepwise-progress > li").nth(1)
    assert "9 of 50 checks" in strategy.locator("> p").inner_text()
    assert strategy.locator("progress").evaluate("bar => [bar.value, bar.max]") == [
        9,
        50,
    ]
    essential = row(page, "15 Essential Activities")
    assert re.search(r"\b9 of \d+ checks", essential)


def test_nothing_is_said_before_a_first_tick(page: Page, server: Server) -> None:
    page.goto(server("index.html"))
    assert page.locator(".stepwise-tally").first.inner_text() == ""
    assert page.locator(".stepwise-done:visible").count() == 0


def test_a_check_is_ticked_in_every_way(page: Page, server: Server) -> None:
    page.goto(server(STEP))
    box = boxes(page).first
    name = "The page fits on one side and names no product or supplier."
    assert page.get_by_role("checkbox", name=name, exact=True).count() == 1
    page.get_by_text(name).click()
    assert box.is_checked()
    box.focus()
    page.keyboard.press("Space")
    assert not box.is_checked()
    assert box.evaluate("b => b.matches(':focus-visible')")
    assert box.evaluate("b => getComputedStyle(b).outlineStyle") == "solid"
    page.keyboard.press("Tab")
    assert boxes(page).nth(1).evaluate("b => b === document.activeElement")
    for found in boxes(page).all():
        size = found.bounding_box()
        assert size
        assert min(size["width"], size["height"]) >= 24


@pytest.mark.long
def test_whole_guidebook_ticks_the_same_checks(page: Page, server: Server) -> None:
    tick(page, server, STEP, 1)
    page.goto(server("guidebooks/essential-activities/all.html"))
    member = page.locator(
        ".stepwise-member", has=page.get_by_role("heading", name=TITLE)
    )
    box = member.locator(".stepwise-checklist input")
    assert [b.is_checked() for b in box.all()] == [False, True, *[False] * 5]
    box.nth(3).check()
    page.goto(server(STEP))
    assert ticked(page) == [False, True, False, True, False, False, False]


@pytest.mark.long
def test_two_tabs_stay_alike(page: Page, server: Server, watch: Watch) -> None:
    page.goto(server(STEP))
    other = page.context.new_page()
    other.goto(server(PROGRESS))
    boxes(page).first.check()
    other.get_by_text("1 of 7 checks").wait_for()
    third = page.context.new_page()
    third.goto(server(STEP))
    boxes(third).nth(1).check()
    page.get_by_text("2 of 7 checks").wait_for()
    assert ticked(page)[:3] == [True, True, False]
    boxes(page).nth(2).check()
    third.get_by_text("3 of 7 checks").wait_for()
    assert len(kept(page)) == 3


@pytest.mark.long
def test_going_back_shows_what_was_ticked_since(page: Page, server: Server) -> None:
    page.goto(server("index.html"))
    page.locator(".stepwise-step-map").get_by_role("link", name=TITLE).click()
    boxes(page).first.check()
    page.go_back()
    page.get_by_text("1 of 7 checks").wait_for()


def test_a_browser_that_keeps_nothing_is_told_of_once(
    page: Page, server: Server
) -> None:
    page.add_init_script(REFUSE)
    page.goto(server(STEP))
    for place in (0, 1):
        boxes(page).nth(place).check()
    assert page.get_by_role("alert").count() == 1
    assert "close this page" in page.get_by_role("alert").inner_text()
    assert ticked(page)[:3] == [True, True, False]
    assert page.get_by_text("2 of 7 checks").is_visible()
    page.goto(server(PROGRESS))
    assert "close this page" in load(page, file_with("a/1", "b/2"))
    press(page, "Clear all")
    assert "2 ticks" in page.get_by_role("dialog").inner_text()


@pytest.mark.long
def test_what_cannot_be_read_counts_as_nothing(page: Page, server: Server) -> None:
    page.goto(server(STEP))
    for found in ("{", '{"a": 1}', '[1, null, "x"]', "[[]]"):
        page.evaluate("text => localStorage.setItem('stepwise-ticks', text)", found)
        page.reload()
        assert not any(ticked(page)), found
    boxes(page).first.check()
    assert len(kept(page)) == 1


# What outlasts a change


@pytest.fixture
def kit(baking: Path, tmp_path: Path) -> Iterator[tuple[Path, Server]]:
    """Return the miniature toolkit with checks and, served, where it is built."""
    make_checks(baking)
    out = Builder(tmp_path / "out")(baking).out
    with serve(out) as server:
        yield baking, server


def test_ticks_outlast_new_titles_places_orders_and_ids(
    kit: tuple[Path, Server], browser: Browser, tmp_path: Path
) -> None:
    root, server = kit
    context = browser.new_context()
    page = context.new_page()
    tick(page, server, "prepare/knead.html", 0, 4)

    # A link in a check leads on, and ticks nothing.
    page.get_by_role("main").get_by_role("link", name="The ovens").click()
    assert page.url == server("ovens.html")
    page.go_back()
    assert ticked(page) == [True, False, False, False, True]

    text = root / "source/prepare/knead.md"
    lines = KNEAD.splitlines(keepends=True)
    set_checks(text, "".join(["- It is new.\n", *lines[:1], *lines[4:]]))
    text.write_text(text.read_text().replace("title: Knead", "title: Work"))
    moves = [("prepare/knead", "bake/knead"), ("bake/knead", "bake/work")]
    for old, new in moves:
        assert main(["move", "--project", str(root), old, new]) == 0
    Builder(tmp_path / "out")(root)

    page.goto(server("bake/work.html"))
    assert ticked(page) == [False, True, True]
    page.goto(server("index.html"))
    assert page.get_by_text("2 of 3 checks").is_visible()
    assert {tick.partition("/")[0] for tick in kept(page)} == {"work"}
    context.close()


# The page of progress


def file_with(*ticks: str, **other: Any) -> dict[str, Any]:
    return {"format": "stepwise-ticks", "version": 1, "ticks": list(ticks)} | other


def test_a_file_brings_back_what_was_cleared(page: Page, server: Server) -> None:
    tick(page, server, STEP, 0, 3)
    tick(page, server, OTHER, 1)
    before = kept(page)
    page.goto(server(PROGRESS))
    with page.expect_download() as saving:
        press(page, "Save to a file")
    name = saving.value.suggested_filename
    assert re.fullmatch(r"progress-\d{4}-\d\d-\d\d\.json", name)
    assert name in told(page)
    content = json.loads(saving.value.path().read_text("utf-8"))
    assert content["ticks"] == before
    assert (content["format"], content["version"]) == ("stepwise-ticks", 1)
    assert content["toolkit"] == "Innovation in Procurement Toolkit"
    assert content["release"]
    assert content["saved"].startswith(name[9:19])

    press(page, "Clear all")
    dialog = page.get_by_role("dialog", name="Clear all ticks?")
    assert "3 ticks" in dialog.inner_text()
    assert dialog.get_by_role("button", name="Keep them").evaluate(
        "b => b === document.activeElement"
    )
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert kept(page) == before
    assert page.evaluate("document.activeElement.textContent") == "Clear all"
    press(page, "Clear all")
    dialog.get_by_role("button", name="Clear all").click()
    assert kept(page) == []
    assert "cleared" in page.get_by_text("All ticks are cleared.").inner_text()
    assert page.evaluate("document.activeElement.textContent") == "Clear all"
    assert page.get_by_text(re.compile(r"^In the whole toolkit: 0 of")).is_visible()
    press(page, "Clear all")
    page.get_by_text("Nothing is ticked yet.").wait_for()
    assert not dialog.is_visible()

    assert load(page, content) == "Ticks added: 3. Here already: 0."
    assert kept(page) == before
    page.goto(server(STEP))
    assert ticked(page) == [True, False, False, True, False, False, False]


@pytest.mark.long
def test_loading_adds_and_takes_nothing_away(page: Page, server: Server) -> None:
    tick(page, server, STEP, 0, 1)
    before = kept(page)
    page.goto(server(PROGRESS))
    said = load(page, file_with(before[0], before[0], "gone/12345678", "a/b-2", more=1))
    assert said == (
        "Ticks added: 2. Here already: 1. "
        "Not of this toolkit as it is now, but kept: 2."
    )
    assert kept(page) == sorted([*before, "gone/12345678", "a/b-2"])
    assert row(page, TITLE).endswith("2 of 7 checks")


def test_a_wrong_file_changes_nothing(page: Page, server: Server) -> None:
    tick(page, server, STEP, 0)
    before = kept(page)
    page.goto(server(PROGRESS))
    for content in (
        "",
        "not JSON",
        "[]",
        "null",
        '{"ticks": ["a/b"]}',
        file_with("a/b", format="other"),
        file_with("a/b", version="1"),
        file_with("a/b", version=2),
        file_with("a/b", ticks={"a": "b"}),
        file_with("a/b", ticks=["a/b", 1]),
        file_with("a/b", ticks=["a/b", "<b>"]),
        file_with("a/" + "b" * 60),
        " " * 1_000_001,
    ):
        assert "Nothing was changed." in load(page, content), content
        assert kept(page) == before


@pytest.mark.long
def test_progress_has_no_faults_and_needs_no_mouse(page: Page, server: Server) -> None:
    tick(page, server, STEP, 0)
    assert faults(page) == []
    tick(page, server, OTHER, *range(8))
    page.goto(server("index.html"))
    assert faults(page) == []
    page.goto(server(PROGRESS))
    assert faults(page) == []
    names = ["Save to a file", "Load from a file", "Print", "Clear all"]
    first = page.get_by_role("button", name=names[0])
    first.focus()
    reached = []
    for _ in names:
        reached.append(page.evaluate("document.activeElement.textContent"))
        page.keyboard.press("Tab")
    assert reached == names
    page.evaluate("window.print = () => { window.printed = true; }")
    press(page, "Print")
    assert page.evaluate("window.printed")


# Without a script, and on paper


def test_paper_shows_what_is_ticked(page: Page, server: Server) -> None:
    tick(page, server, STEP, 1)
    page.emulate_media(media="print")
    assert boxes(page).nth(1).is_visible()
    assert ticked(page)[:2] == [False, True]
    page.goto(server(PROGRESS))
    assert row(page, TITLE).endswith("1 of 7 checks")
    assert not page.get_by_role("button", name="Clear all").is_visible()
    box = page.locator(".stepwise-progress ol > li").first
    assert box.evaluate("li => getComputedStyle(li, '::before').borderStyle") == "solid"


def test_without_a_script_there_are_boxes_to_print(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(server(STEP))
    assert boxes(page).count() == 0
    assert page.locator(".stepwise-checklist li").count() == 7
    page.goto(server(PROGRESS))
    assert row(page, TITLE).endswith("(7 checks)")
    assert page.get_by_role("main").get_by_role("button").count() == 0
    assert page.locator(".stepwise-desk").is_hidden()

"""Words that try to be markup stay words on every page, and break no page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.serving import serve
from builds import Builder
from hostile import WORDS, make_hostile, plain, title_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from browser.serving import Server, Watch
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.long

#: Elements that hostile words would make, and what such elements would do.
MADE = """
() => [
  ...document.querySelectorAll("body script:not([src])"),
  ...document.querySelectorAll("a[href^='javascript' i], [onerror]"),
  ...[...document.querySelectorAll("em, code")]
    .filter((part) => /^[bcd]$/.test(part.textContent)),
].map((part) => part.outerHTML)
"""
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def hostile_toolkit(baking: Path) -> Path:
    """Return the miniature toolkit in our theme, with hostile words everywhere."""
    make_hostile(baking)
    conf = baking / "conf.py"
    conf.write_text(conf.read_text().replace('"alabaster"', '"stepwise"'))
    return baking


@pytest.fixture
def hostile_site(hostile_toolkit: Path, tmp_path: Path) -> Iterator[Server]:
    """Return it, built and served."""
    built = Builder(tmp_path / "out")(hostile_toolkit)
    assert built.code == 0, built.warnings
    with serve(built.out, "/b") as server:
        yield server


@pytest.fixture
def tab(browser: Browser, watch: Watch) -> Iterator[Callable[[int], Page]]:
    """Return what opens a tab of a width that notes every dialogue."""
    from browser.serving import open_tab

    contexts = []

    def open_(width: int) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 720})
        contexts.append(context)
        page = open_tab(context, watch)

        def note(dialog: object) -> None:
            watch.errors.append("a dialogue opened")
            dialog.dismiss()  # type: ignore[attr-defined]

        page.on("dialog", note)
        return page

    yield open_
    for context in contexts:
        context.close()


def test_hostile_words_are_words_on_every_page(
    hostile_site: Server, tab: Callable[[int], Page], watch: Watch
) -> None:
    files = sorted(hostile_site.folder.rglob("*.html"))
    assert len(files) > 15
    found = {}
    said = 0
    for width in (320, 1280):
        page = tab(width)
        for file in files:
            address = file.relative_to(hostile_site.folder).as_posix()
            page.goto(hostile_site(address))
            wrong = [page.evaluate(MADE), page.evaluate(WIDE), watch.errors.copy()]
            watch.errors.clear()
            said += "<script>alert(1)</script>" in page.inner_text("body")
            if any(wrong):
                found[address, width] = wrong
    assert found == {}
    assert said > 2 * 10


def test_hostile_words_are_words_in_what_is_found(
    hostile_site: Server, tab: Callable[[int], Page], watch: Watch
) -> None:
    page = tab(320)
    page.goto(hostile_site("search.html?q=knead+alert"))
    names = page.locator(".search-results h2 a").all_inner_texts()
    assert plain(title_of("prepare/knead")).split()[:2] == names[0].split()[:2]
    assert page.evaluate(MADE) == []
    assert page.evaluate(WIDE) <= 0
    assert "<script>alert(1)</script>" in page.inner_text(".search-results")
    assert watch.errors == []


def test_a_guidebook_with_a_hostile_name_is_followed(
    hostile_site: Server, tab: Callable[[int], Page], watch: Watch
) -> None:
    page = tab(320)
    page.goto(hostile_site("prepare/knead.html?guide=quick"))
    bar = page.locator("nav.guide-bar")
    assert bar.is_visible()
    label = bar.get_attribute("aria-label") or ""
    assert plain(WORDS).split()[0] in label
    assert page.evaluate(MADE) == []
    assert page.evaluate(WIDE) <= 0
    assert watch.errors == []

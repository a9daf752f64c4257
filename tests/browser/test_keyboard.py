"""Everything can be reached, seen and used by keyboard, and nothing needs a mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from browser.serving import Server
    from playwright.sync_api import Page
    from sites import Site

STEP = "strategy/engage-the-market-early.html"
#: A page of each kind.
KINDS = [
    "index.html",
    "strategy/index.html",
    f"{STEP}?guide=market-engagement",
    "guidebooks/market-engagement.html",
    "reference/which-route.html",
    "contributing/start-your-own-toolkit.html",
    "search.html?q=exit+plan",
    "404.html",
]
#: One in every run, all in the long proof.
EACH = [
    pytest.param(kind, marks=() if "?guide" in kind else pytest.mark.long)
    for kind in KINDS
]
NARROW, WIDE = 320, 1280
#: What the reader can come to, in the order of the page.
STOPS = """
() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary"
)].filter((part) => part.checkVisibility({ visibilityProperty: true })
    && part.type !== "hidden" && !part.disabled && part.tabIndex >= 0).length
"""
#: How the stop where the reader is looks: what shows it, and whether all of it is
#: hidden behind something else (WCAG 2.4.7 and 2.4.11).
LOOK = """
() => {
  const stop = document.activeElement;
  if (stop === document.body) return null;
  const all = [...document.querySelectorAll("*")];
  const style = getComputedStyle(stop);
  const boxes = [...stop.getClientRects()];
  const inside = (x, y) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
  const seen = boxes.some((box) => [.5, .05, .95].some((right) => {
    const x = box.left + box.width * right;
    const y = box.top + box.height / 2;
    const top = inside(x, y) && document.elementFromPoint(x, y);
    return top && (stop.contains(top) || top.contains(stop));
  }));
  return {
    at: all.indexOf(stop),
    name: `${stop.localName} ${stop.textContent.trim().slice(0, 40)}`,
    ring: style.outlineStyle === "solid" ? parseFloat(style.outlineWidth) : 0,
    seen,
  };
}
"""
#: Rules that change more on hover than how a thing looks, unless focus does the same.
HOVER = """
() => {
  const looks =
    /^(text-decoration|text-underline|border-.*color|box-shadow|color|background)/;
  const rules = (list) => [...list].flatMap(
    (rule) => [rule, ...(rule.cssRules ? rules(rule.cssRules) : [])]);
  return [...document.styleSheets].flatMap((sheet) => rules(sheet.cssRules))
    .filter((rule) => rule.selectorText && rule.selectorText.includes(":hover"))
    .filter((rule) => !rule.selectorText.includes(":focus"))
    .filter((rule) => ![...rule.style].every((name) => looks.test(name)))
    .map((rule) => rule.cssText);
}
"""


@pytest.fixture
def screen(open_page: Callable[..., Page], width: int) -> Page:
    """Return a tab of a width, in which nothing is still on its way."""
    viewport = {"width": width, "height": 720}
    return open_page(viewport=viewport, reduced_motion="reduce")


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("address", EACH)
def test_every_stop_is_come_to_once_and_seen(
    screen: Page, server: Server, address: str
) -> None:
    """From the first to the last and out of the page, in its order, without a trap."""
    screen.goto(server(address))
    stops = screen.evaluate(STOPS)
    looks = []
    for _ in range(stops + 5):
        screen.keyboard.press("Tab")
        if (look := screen.evaluate(LOOK)) is None:
            break
        looks.append(look)
    assert len(looks) == stops > 5
    order = [look["at"] for look in looks]
    assert order == sorted(set(order))
    assert [look for look in looks if look["ring"] < 2 or not look["seen"]] == []


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def tab_to(page: Page, name: str, within: str) -> None:
    """Press Tab until the reader is at the link *name* in *within*."""
    is_there = """([name, within]) => {
      const stop = document.activeElement;
      return stop.textContent.trim() === name && Boolean(stop.closest(within));
    }"""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate(is_there, [name, within]):
            return
    pytest.fail(f"no way to {name} in {within}")


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.long
def test_links_on_top_skip_what_every_page_has(
    screen: Page, server: Server, width: int
) -> None:
    screen.goto(server(STEP))
    for number, (name, place) in enumerate((("main", "main"), ("rail", ".rail")), 1):
        screen.reload()
        for _ in range(number):
            screen.keyboard.press("Tab")
        link = screen.locator("a.skip:focus")
        box = link.bounding_box()
        assert box
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width, name
        assert box["y"] >= 0
        screen.keyboard.press("Enter")
        assert screen.evaluate("document.activeElement.id") == name
        screen.keyboard.press("Tab")
        assert screen.locator(f"{place} :focus").count() == 1


@pytest.mark.parametrize("width", [NARROW, pytest.param(WIDE, marks=pytest.mark.long)])
def test_a_guidebook_is_walked_from_home_to_its_last_step(
    screen: Page, server: Server, real_site: Site, width: int
) -> None:
    book = real_site.navigation.guidebooks[0]
    assert len(book.steps) == 15
    screen.goto(server("index.html"))
    if width == NARROW:
        screen.keyboard.press("Tab")
        tab_to(screen, "Menu", "header")
        screen.keyboard.press("Enter")
    tab_to(screen, "Guidebooks", "header nav")
    screen.keyboard.press("Enter")
    screen.wait_for_url("**/guidebooks/index.html")
    tab_to(screen, book.page.title, "main")
    screen.keyboard.press("Enter")
    screen.wait_for_url(f"**/{book.page.docname}.html")
    tab_to(screen, book.steps[0].title, "ol.stepwise-journey")
    screen.keyboard.press("Enter")
    # The way on stands below the title on a phone, and beside the text else.
    skips, panel = (1, "nav.guide-bar") if width == NARROW else (2, "nav.is-chosen")
    for step, following in zip(book.steps, [*book.steps[1:], None], strict=True):
        screen.wait_for_url(f"**/{step.docname}.html?guide={book.page.id}")
        assert screen.get_by_role("heading", level=1).inner_text() == step.title
        if not following:
            break
        for _ in range(skips):
            screen.keyboard.press("Tab")
        screen.keyboard.press("Enter")
        for _ in range(8):
            screen.keyboard.press("Tab")
            if screen.locator(f"{panel} .stepwise-forward a:focus").count():
                break
        assert following.title in focused(screen)
        screen.keyboard.press("Enter")
    assert screen.locator(f"{panel} .stepwise-forward").count() == 0


def test_a_menu_closes_with_escape_and_keeps_the_place(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(viewport={"width": NARROW, "height": 720})
    page.goto(server(STEP))
    tab_to(page, "Menu", "header")
    page.keyboard.press("Space")
    menu = page.get_by_role("navigation", name="Main")
    assert menu.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    assert focused(page) == "Menu"


def test_a_meaning_shows_for_pointer_and_keyboard_and_can_be_dismissed(
    page: Page, server: Server
) -> None:
    """Without leaving the word; and the pointer may move onto it (WCAG 1.4.13)."""
    page.goto(server(STEP))
    term = page.locator("main a.stepwise-term").first
    tip = page.locator(f"#{term.get_attribute('aria-describedby')}")
    term.focus()
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    term.blur()
    term.hover()
    assert tip.is_visible()
    tip.hover()
    page.wait_for_timeout(400)  # it would close after 200 ms
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert not tip.is_visible()


@pytest.mark.parametrize("address", [STEP, "contributing/start-your-own-toolkit.html"])
def test_nothing_shows_on_hover_alone(page: Page, server: Server, address: str) -> None:
    page.goto(server(address))
    assert page.evaluate(HOVER) == []

"""No page has a fault that axe-core can find: WCAG 2.2 A and AA, and best practice.

axe comes in the wheel of ``axe-playwright-python``.  It says of some words that it
could not tell whether they can be read, mostly where a pseudo element stands behind
them.  Ours hold only numbers and marks beside words, so it may pass over them; what
is left that it cannot tell fails a test as a fault does.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Callable

    from browser.serving import Server
    from playwright.sync_api import Page

OPTIONS = {
    "runOnly": [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
    ],
    "rules": {"target-size": {"enabled": True}},  # new, and off unless asked for
    "checks": {"color-contrast": {"options": {"ignorePseudo": True}}},
    "resultTypes": ["violations", "incomplete"],
}
SCREENS = list(itertools.product((320, 1280), ("light", "dark")))
AXE = Axe()
#: Its words are checked where its picture is strongest.
FLATTEN = """
for (const part of document.querySelectorAll(".page")) {
  const first = getComputedStyle(part).backgroundImage
    .match(/^linear-gradient\\(((?:rgb|color)\\([^)]*\\))/);
  if (first) part.style.background = first[1];
}
"""


def faults(page: Page, *kinds: str) -> list[str]:
    """Return what axe finds on the page as it is now, a line for each place."""
    page.evaluate(FLATTEN)
    response = AXE.run(page, options=OPTIONS).response
    assert {"color-contrast", "target-size", "region"} <= {
        rule["id"] for kind in ("passes", "inapplicable") for rule in response[kind]
    } | {rule["id"] for rule in response["violations"] + response["incomplete"]}
    return [
        f"{kind} {rule['id']} {node['target']}: {node['failureSummary']}"
        for kind in kinds
        for rule in response[kind]
        for node in rule["nodes"]
    ]


def check(page: Page, server: Server, addresses: list[str]) -> None:
    found: dict[str, list[str]] = {}
    for address in addresses:
        page.goto(server(address))
        if wrong := faults(page, "violations", "incomplete"):
            found[address] = wrong
    assert found == {}


@pytest.fixture
def screen(open_page: Callable[..., Page], width: int, scheme: str) -> Page:
    """Return a tab on a screen of a width, in a scheme of colours."""
    viewport = {"width": width, "height": 900}
    return open_page(viewport=viewport, color_scheme=scheme)


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_a_page_of_each_kind_is_without_faults(
    screen: Page, server: Server, samples: list[str], width: int, scheme: str
) -> None:
    """Each on one screen; every page on every screen takes minutes."""
    at = SCREENS.index((width, scheme))
    check(screen, server, samples[at :: len(SCREENS)])


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_every_page_is_without_faults_on_every_screen(
    screen: Page, server: Server, addresses: list[str]
) -> None:
    check(screen, server, addresses)


STEP = "strategy/engage-the-market-early.html"


def open_menu(page: Page) -> None:
    if page.locator("details.menu > summary").is_visible():
        page.locator("details.menu > summary").click()
        assert page.get_by_role("navigation", name="Main").is_visible()


def open_tip(page: Page) -> None:
    page.locator("main a.stepwise-term").first.focus()
    assert page.locator(".stepwise-tip.is-open").is_visible()


def follow_guidebook(page: Page) -> None:
    page.goto(f"{page.url}?guide=market-engagement")
    assert page.locator("nav.is-chosen").count() == 1


def fold_map(page: Page) -> None:
    if page.locator(".fold").first.is_visible():
        page.locator(".fold").first.click()
        assert page.locator(".is-folded ol").first.is_hidden()


def search(page: Page) -> None:
    page.fill("#search [type=search]", "tender exit")
    page.press("#search [type=search]", "Enter")
    facets = page.locator(".search-facets")
    if not facets.get_by_role("group").first.is_visible():
        facets.locator("summary").click()
    facets.get_by_role("checkbox").first.check()
    assert page.locator("mark").first.is_visible()


def miss(page: Page) -> None:
    page.fill("#search [type=search]", "qqqqqq")
    page.press("#search [type=search]", "Enter")


@pytest.mark.parametrize(("width", "scheme"), SCREENS[::3])
@pytest.mark.parametrize(
    ("address", "act"),
    [
        ("index.html", open_menu),
        ("index.html", fold_map),
        (STEP, open_tip),
        (STEP, follow_guidebook),
        ("search.html", search),
        ("search.html", miss),
    ],
)
@pytest.mark.long
def test_what_a_reader_opens_is_without_faults(
    screen: Page, server: Server, address: str, act: Callable[[Page], None]
) -> None:
    screen.goto(server(address))
    act(screen)
    assert faults(screen, "violations") == []  # it cannot tell what lies below

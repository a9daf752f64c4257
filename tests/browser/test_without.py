"""The site works from files, without a server; and without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.serving import EXTENT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from browser.serving import Server
    from playwright.sync_api import Page

STEP = "strategy/engage-the-market-early.html"


# From files


def test_pages_open_from_files(page: Page, site: Path, addresses: list[str]) -> None:
    """Without an error, and with its styles; the error page is for servers."""
    for address in addresses[1::4]:
        assert address != "404.html"
        page.goto((site / address).as_uri())
        assert page.evaluate("getComputedStyle(document.body).display") == "flex"


def test_links_of_files_lead_on(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.get_by_role("link", name="Guidebooks", exact=True).first.click()
    page.wait_for_url("file://**/guidebooks/index.html")
    page.locator("main").get_by_role("link", name="Guide to Market Engagement").click()
    page.locator("ol.stepwise-journey a").first.click()
    page.wait_for_url("**?guide=market-engagement")
    panel = page.locator("nav.is-chosen")
    assert panel.is_visible()
    panel.locator(".stepwise-forward a").click()
    page.wait_for_url("**?guide=market-engagement")
    assert page.locator("nav.is-chosen").is_visible()


def test_a_question_is_answered_from_files(page: Page, site: Path) -> None:
    page.goto((site / STEP).as_uri())
    page.locator("header [type=search]").fill("exit plan")
    page.locator("header [type=search]").press("Enter")
    page.wait_for_url("**/search.html?q=exit+plan")
    page.locator(".search-results h2 a").first.click()
    page.wait_for_url("file://**/management/plan-the-exit.html")


def test_what_is_kept_may_be_refused(page: Page, site: Path, server: Server) -> None:
    """As it is in private windows of some browsers, and from files in others."""
    page.add_init_script(
        "for (const area of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, area, { get() { throw new Error('no'); } });"
    )
    page.goto(server(f"{STEP}?guide=market-engagement"))
    assert page.locator("nav.is-chosen").is_visible()
    page.get_by_role("button", name="Dark colours").click()
    assert page.get_by_role("button", name="Light colours").is_visible()
    for box in page.locator(".stepwise-checklist input >> visible=true").all():
        box.check()


# Without script


@pytest.fixture
def plain(open_page: Callable[..., Page], width: int) -> Page:
    """Return a tab without script."""
    viewport = {"width": width, "height": 720}
    return open_page(java_script_enabled=False, viewport=viewport)


@pytest.mark.parametrize("width", [320])
@pytest.mark.parametrize("pages", EXTENT)
def test_every_page_is_whole_without_script(
    request: pytest.FixtureRequest, plain: Page, server: Server, pages: str
) -> None:
    """Its text is there, and no button that would do nothing.

    Forms that a server answers, and the one that leads to the search page, are alive.
    """
    dead = "main button, footer button, header button:not(form[action] button)"
    for address in request.getfixturevalue(pages):
        plain.goto(server(address))
        shown = plain.locator("main").inner_text()
        assert len(shown.split()) > 15, address
        assert plain.locator("h1").is_visible()
        boxes = "input:not(.sd-tab-set > input) >> visible=true"  # tabs need no script
        for box in plain.locator(boxes).all():
            assert box.locator("xpath=ancestor::form[@action]").count(), address
        visible = plain.locator(f":is({dead}) >> visible=true")
        within_form = visible.locator("xpath=ancestor::form[@action]")
        assert visible.count() == within_form.count(), address


@pytest.mark.parametrize("width", [320, 1280])
def test_menu_opens_without_script(plain: Page, server: Server, width: int) -> None:
    plain.goto(server(STEP))
    menu = plain.get_by_role("navigation", name="Main")
    if width == 320:
        assert not menu.is_visible()
        plain.locator("details.menu > summary").click()
    menu.get_by_role("link", name="Guidebooks").click()
    plain.wait_for_url("**/guidebooks/index.html")


@pytest.mark.parametrize("width", [320])
def test_step_map_and_meanings_need_no_script(plain: Page, server: Server) -> None:
    plain.goto(server("index.html"))
    steps = plain.locator(".stepwise-step-map ol > li a >> visible=true")
    assert steps.count() == 24
    assert plain.locator(".fold").count() == 0
    plain.goto(server(STEP))
    term = plain.locator("main a.stepwise-term").first
    term.click()
    plain.wait_for_url("**/reference/glossary.html#**")

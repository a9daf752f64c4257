"""Readers find their way: Forward through all steps, Next through a guidebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from browser.serving import Server
    from playwright.sync_api import Page
    from sites import Site

BOOKS = [
    "essential-activities",
    "additional-activities",
    "collaboration",
    "market-engagement",
    "interoperability",
]


@pytest.fixture
def reader(open_page: Callable[..., Page], *, script: bool) -> Page:
    """Return a tab with or without script."""
    return open_page(java_script_enabled=script)


def walk(page: Page, way: str) -> list[str]:
    """Follow the link *way* as long as there is one; return the titles met."""
    titles = []
    while True:
        titles.append(page.locator("h1").inner_text())
        assert len(titles) < 50
        link = page.locator(way)
        if link.count() == 0:
            return titles
        with page.expect_navigation():
            link.click()


def test_forward_visits_every_step_once_in_order(
    page: Page, server: Server, real_site: Site
) -> None:
    """Without script as well: see ``test_links.py``."""
    steps = real_site.navigation.canonical
    assert len(steps) == 24
    page.goto(server(f"{steps[0].docname}.html"))
    way = "nav[aria-label='Back and Forward'] .stepwise-forward a"
    assert walk(page, way) == [step.title for step in steps]


@pytest.mark.parametrize(
    ("book_id", "script"),
    [
        (BOOKS[-1], True),
        (BOOKS[-1], False),
        *(pytest.param(book, True, marks=pytest.mark.long) for book in BOOKS[:-1]),
    ],
)
def test_next_visits_a_guidebooks_steps_in_order(
    reader: Page, server: Server, real_site: Site, book_id: str, *, script: bool
) -> None:
    navigation = real_site.navigation
    assert [book.page.id for book in navigation.guidebooks] == BOOKS
    (book,) = (b for b in navigation.guidebooks if b.page.id == book_id)
    reader.goto(server(f"{book.page.docname}.html"))
    with reader.expect_navigation():
        reader.locator("ol.stepwise-journey a").first.click()
    panel = f".rail nav[data-guide='{book_id}']"
    assert walk(reader, f"{panel} .stepwise-forward a") == [
        step.title for step in book.steps
    ]
    place = f"{len(book.steps)} of {len(book.steps)}"
    assert place in reader.locator(panel).inner_text()
    assert reader.locator(f"{panel}.is-chosen").count() == int(script)


def labels(page: Page) -> list[str]:
    """Return the guidebooks beside the text, in the order in which they stand."""
    found = page.eval_on_selector_all(
        ".rail nav[data-guide]", "panels => panels.map(panel => panel.dataset.guide)"
    )
    return [str(guide) for guide in found]


def test_a_guidebook_is_kept_through_links_in_the_text(
    page: Page, server: Server
) -> None:
    """And forgotten by the next visit."""
    page.goto(server("strategy/engage-the-market-early.html?guide=market-engagement"))
    assert labels(page) == ["market-engagement", "essential-activities"]
    way = "nav[aria-label='Back and Forward'] .stepwise-back a"
    with page.expect_navigation():
        page.locator(way).click()
    assert page.url.partition("?")[2] == ""
    page.goto(server("reference/notices.html"))
    page.goto(server("preparation/keep-talking-to-the-market.html"))
    assert labels(page)[0] == "market-engagement"
    assert page.locator(".rail nav.is-chosen").count() == 1
    new = page.context.browser
    assert new
    context = new.new_context()
    other = context.new_page()
    other.goto(server("strategy/engage-the-market-early.html"))
    assert labels(other) == ["essential-activities", "market-engagement"]
    context.close()


@pytest.mark.parametrize("guide", ["nowhere", "<b>", "collaboration", "a'b\"]"])
def test_a_guidebook_that_the_step_is_not_in_changes_nothing(
    page: Page, server: Server, guide: str
) -> None:
    page.goto(server("strategy/engage-the-market-early.html"))
    before = page.inner_html("body")
    page.goto(f"{page.url}?guide={guide}")
    assert page.inner_html("body") == before


def test_a_chosen_scheme_of_colours_stays(page: Page, server: Server) -> None:
    page.goto(server("index.html"))
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Dark colours").click()
    dark = page.evaluate(ground)
    assert dark != light
    page.goto(server("reference/facts.html"))
    assert page.evaluate(ground) == dark
    page.get_by_role("button", name="Light colours").click()
    assert page.evaluate(ground) == light

"""Readers narrow the list of all steps: by choices, an address, or not at all."""

from __future__ import annotations

import itertools
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from sphinx_stepwise.core.content.views import badge_of

if TYPE_CHECKING:
    from browser.serving import Server
    from playwright.sync_api import Browser, Page
    from sites import Site

PATH = "your-team/index.html"
FORM = "form.finder-form"
ITEMS = ".stepwise-finder li[data-found]"
NAMES = ("stage", "guidebook", "team", "by")


@pytest.fixture
def finder(page: Page, server: Server) -> Page:
    """Return the page with the list of all steps."""
    page.goto(server(PATH))
    return page


class Truth:
    """What the catalogue says of each step, apart from what the page was told."""

    def __init__(self, site: Site) -> None:
        navigation = site.navigation
        self.steps = navigation.canonical
        self.words = {
            "stage": {s.page.id: s.page.title for s in navigation.stages},
            "guidebook": {b.page.id: badge_of(b) for b in navigation.guidebooks},
            "team": {
                r.id: r.label
                for r in navigation.catalogue.collection("teams")
                if any(
                    r.id in names
                    for s in self.steps
                    for names in s.data["roles"].values()
                )
            },
            "by": {
                name: name.capitalize()
                for name in ("responsible", "accountable", "consulted", "informed")
            },
        }
        tracks = {
            t.page.id: t.steps for t in (*navigation.stages, *navigation.guidebooks)
        }
        self._tracks = tracks

    def found(self, choices: dict[str, str]) -> list[str]:
        """Return the titles of the steps that fit."""
        return [step.title for step in self.steps if self._fits(step, choices)]

    def _fits(self, step: object, choices: dict[str, str]) -> bool:
        asked = [choices[name] for name in ("stage", "guidebook") if name in choices]
        if not all(step in self._tracks[name] for name in asked):
            return False
        roles = step.data["roles"]  # type: ignore[attr-defined]
        rows = [choices["by"]] if "by" in choices else roles
        teams = {team for row in rows for team in roles.get(row, ())}
        return choices["team"] in teams if "team" in choices else bool(teams)

    def some(self, random: Random) -> dict[str, str]:
        """Return a random choice of one to four kinds."""
        names = random.sample(NAMES, random.randint(1, 4))
        return {n: random.choice(list(self.words[n])) for n in NAMES if n in names}


@pytest.fixture
def truth(real_site: Site) -> Truth:
    """Return what the page should find."""
    return Truth(real_site)


def choose(finder: Page, choices: dict[str, str]) -> None:
    for name in NAMES:
        finder.select_option(f"{FORM} [name={name}]", choices.get(name, ""))


def shown(finder: Page) -> list[str]:
    links = finder.locator(f"{ITEMS}:visible p:first-child a")
    return links.all_inner_texts()


def told(finder: Page) -> str:
    return finder.get_by_role("status").inner_text()


def asked(finder: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(finder.url).query))


def numbers(finder: Page, name: str) -> dict[str, str]:
    """Return the words of each choice, by its value."""
    pairs = finder.eval_on_selector_all(
        f"{FORM} [name={name}] option", "all => all.map(o => [o.value, o.textContent])"
    )
    return dict(pairs)


def test_choices_narrow_together_and_tell_what_is_left(
    finder: Page, truth: Truth
) -> None:
    random = Random(6)
    sizes = set()
    for _ in range(12):
        choices = truth.some(random)
        choose(finder, choices)
        wanted = truth.found(choices)
        assert shown(finder) == wanted, choices
        assert asked(finder) == choices
        said = ", ".join(truth.words[name][choices[name]] for name in choices)
        if wanted:
            assert told(finder) == f"{len(wanted)} of 24 steps: {said}"
        else:
            assert told(finder).startswith(f"No step fits: {said}.")
        for name in NAMES:
            left = {
                "": len(truth.found({k: v for k, v in choices.items() if k != name}))
            }
            for value in truth.words[name]:
                left[value] = len(truth.found(choices | {name: value}))
            words = {"": "Any"} | truth.words[name]
            assert numbers(finder, name) == {
                value: f"{words[value]} ({number})" for value, number in left.items()
            }
        sizes.add(bool(wanted))
    assert sizes == {True, False}  # both were met


@pytest.mark.long
def test_a_team_and_a_role_belong_together(finder: Page, truth: Truth) -> None:
    """A step that Legal hears of, and another team does, is not Legal's to do."""
    for team, by in itertools.product(truth.words["team"], truth.words["by"]):
        choices = {"team": team, "by": by}
        choose(finder, choices)
        assert shown(finder) == truth.found(choices), choices


def test_stages_without_a_step_left_are_hidden(finder: Page) -> None:
    choose(finder, {"stage": "design"})
    headings = finder.locator(".stepwise-finder h3:visible").all_inner_texts()
    assert headings == ["Design"]
    numbers = finder.eval_on_selector_all(
        f"{ITEMS}:not([hidden])", "all => all.map(i => i.value)"
    )
    assert numbers == [13, 14, 15, 16]


def test_an_address_is_a_state(finder: Page, server: Server, truth: Truth) -> None:
    choices = {"stage": "strategy", "team": "it", "by": "consulted"}
    address = (
        f"{server(PATH)}?guide=x&{urlencode(choices)}#all-steps-and-who-takes-part"
    )
    finder.goto(address)
    assert finder.url == address
    assert shown(finder) == truth.found(choices)
    # Another choice keeps the rest of the address; going away and back keeps it all.
    finder.select_option(f"{FORM} [name=by]", "")
    assert asked(finder) == {"guide": "x", "stage": "strategy", "team": "it"}
    assert finder.url.endswith("#all-steps-and-who-takes-part")
    wanted = shown(finder)
    finder.locator(f"{ITEMS}:visible a").first.click()
    finder.wait_for_url("**/strategy/**")
    finder.go_back()
    finder.wait_for_url("**/your-team/**")
    assert shown(finder) == wanted == truth.found({"stage": "strategy", "team": "it"})


def test_a_choice_that_there_is_not_counts_as_none(
    finder: Page, server: Server
) -> None:
    finder.goto(server(f"{PATH}?team=%3Cscript%3E&stage=nowhere&by="))
    assert told(finder) == "All 24 steps"
    assert len(shown(finder)) == 24


def test_clear_puts_all_back_and_keeps_the_focus(finder: Page) -> None:
    clear = finder.get_by_role("button", name="Clear all choices")
    assert not clear.is_visible()
    choose(finder, {"team": "information-governance", "by": "responsible"})
    assert shown(finder) == []
    clear.click()
    assert told(finder) == "All 24 steps"
    assert len(shown(finder)) == 24
    assert asked(finder) == {}
    assert not clear.is_visible()
    assert finder.evaluate("document.activeElement.name") == "stage"


def test_all_of_it_by_keyboard(finder: Page) -> None:
    finder.locator(".stepwise-index a").last.focus()
    met = []
    for _ in NAMES:
        finder.keyboard.press("Tab")
        met.append(finder.evaluate("document.activeElement.name"))
    assert met == list(NAMES)
    finder.keyboard.type("Inf")  # selects Informed
    finder.keyboard.press("Tab")
    assert finder.evaluate("document.activeElement.textContent") == "Clear all choices"
    assert asked(finder) == {"by": "informed"}
    finder.keyboard.press("Tab")
    assert finder.evaluate("document.activeElement.closest('li').dataset.found")


def test_names_are_heard(finder: Page) -> None:
    form = finder.get_by_role("form", name="Narrow the steps down")
    for label in ("Stage", "Guidebook", "Team", "Role"):
        assert (
            form.get_by_label(label, exact=True).evaluate("e => e.tagName") == "SELECT"
        )
    status = finder.get_by_role("status")
    assert status.get_attribute("aria-live") == "polite"


def test_without_script_the_list_is_whole(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server(f"{PATH}?stage=design"))
    assert page.locator(ITEMS).count() == 24
    assert page.locator(f"{ITEMS}:visible").count() == 24
    assert page.locator("main form, main select, main button").count() == 0
    context.close()


def test_it_fits_a_narrow_screen(finder: Page) -> None:
    for team in ("", "technology-lead"):
        choose(finder, {"team": team})
        for width in (320, 1280):
            finder.set_viewport_size({"width": width, "height": 800})
            wide = finder.evaluate("document.documentElement.scrollWidth")
            assert wide <= width

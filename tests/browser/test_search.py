"""Readers find what they look for: in a browser, on a strict server and on none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from sphinx.search.en import SearchEnglish

if TYPE_CHECKING:
    from browser.serving import Server, Watch
    from playwright.sync_api import Browser, Page
    from sites import Site

QUERIES = Path(__file__).with_name("queries.yml")
FORTY: dict[str, str] = yaml.safe_load(QUERIES.read_text("utf-8"))
LINKS = ".search-results h2 a"
ADDRESSES = "links => links.map(link => link.getAttribute('href'))"


@pytest.fixture
def search(page: Page, server: Server) -> Page:
    """Return the search page."""
    page.goto(server("search.html"))
    return page


def ask(search: Page, query: str) -> list[str]:
    """Type a query and send it; return the addresses found, from the site's root."""
    search.fill("#search [type=search]", query)
    search.press("#search [type=search]", "Enter")
    return found(search)


def found(search: Page) -> list[str]:
    root = search.url.partition("search.html")[0]
    return [
        address.removeprefix(root)
        for address in search.eval_on_selector_all(LINKS, ADDRESSES)
    ]


def told(search: Page) -> str:
    return search.get_by_role("status").inner_text()


def check_first(
    search: Page, site: Site, wanted: dict[str, str], *, within: int = 3
) -> None:
    """Every query finds the page of its id among the first."""
    missed = {}
    for query, id_ in wanted.items():
        page = site.navigation.catalogue.page(id_)
        assert page, id_
        first = ask(search, query)[:within]
        if f"{page.docname}.html" not in first:
            missed[query] = first
    assert missed == {}


# What is found


def test_forty_questions_are_answered(search: Page, real_site: Site) -> None:
    assert len(FORTY) == 40
    check_first(search, real_site, FORTY)


def test_other_words_for_a_thing_find_it(search: Page, real_site: Site) -> None:
    wanted = {
        "ITT": "optimise-the-process",
        "invitation to tender": "optimise-the-process",
        "RFP": "choose-the-procurement-tool",
        "SQ": "optimise-the-process",
        "PQQ": "welcome-smaller-suppliers",
        "PSQ": "optimise-the-process",
        "OJEU": "notices",
        "prior information notice": "notices",
        "DPS": "choose-the-procurement-tool",
        "CCS": "choose-the-procurement-tool",
        "spec": "start-with-user-needs",
        "renewal": "line-up-contract-end-dates",
        "SLA": "set-improvement-standards",
    }
    check_first(search, real_site, wanted)


def test_slips_and_other_forms_find_the_same(search: Page, real_site: Site) -> None:
    wanted = {
        "procurment pipelnie": "set-up-pipelines-and-registers",
        "market engagment": "engage-the-market-early",
        "liqidlogic": "share-insight",
        "exti plan": "plan-the-exit",
        "contracts registers": "set-up-pipelines-and-registers",
        "smaller supplier\u2019s bids": "welcome-smaller-suppliers",
        "co-terminate": "line-up-contract-end-dates",
        "coterminate contracts": "line-up-contract-end-dates",
        "gcloud": "choose-the-procurement-tool",
        "G-CLOUD": "choose-the-procurement-tool",
        "premarket engagement": "engage-the-market-early",
        "interop": "interoperability",
    }
    check_first(search, real_site, wanted)


@pytest.mark.parametrize(
    ("query", "same"),
    [("£207,720", "207720"), ("£30,000", "30k"), ("tender", "TENDERS")],
)
def test_one_thing_written_in_two_ways(search: Page, query: str, same: str) -> None:
    assert ask(search, query) == ask(search, same) != []


def test_a_slip_is_told(search: Page) -> None:
    ask(search, "tneder zzzzzz")
    lines = told(search).splitlines()
    assert [line for line in lines if "“tneder”" in line and "“tender”" in line]
    assert [line for line in lines if line.endswith("“zzzzzz”.")]


@pytest.mark.long
def test_every_kind_is_found_with_its_place(search: Page, real_site: Site) -> None:
    """A record and a term are found by name, and the link leads to where they are."""
    catalogue = real_site.navigation.catalogue
    wanted = {record.kind: record for record in reversed(catalogue.records)}
    del wanted["synonym"]  # on no page
    del wanted["team"]  # each has a page of its own, which is found instead
    assert len(wanted) == 5
    names = {f"{kind}-{r.id}": (kind, r.label) for kind, r in wanted.items()}
    names["term-Standstill"] = ("term", "Alcatel period")
    for anchor, (kind, name) in names.items():
        ask(search, name)
        search.get_by_role("group", name="Kind").locator(f"[value={kind}]").check()
        link = search.locator(LINKS).first
        assert link.get_attribute("href").partition("#")[2] == anchor  # type: ignore[union-attr]
        link.click()
        assert search.locator(":target").get_attribute("id") == anchor
        search.go_back()


@pytest.mark.long
def test_every_word_of_the_index_is_known(search: Page) -> None:
    """The index is made with one stemmer and read with another."""
    text = search.evaluate("stepwiseSearch.entries.flat(2).join(' ')")
    words = {word.lower() for word in text.split() if word.isalpha()}
    words -= SearchEnglish.stopwords
    assert len(words) > 2000
    unknown = """words => {
        const stemmer = new Stemmer();
        const stem = word => stemmer.stemWord(word);
        const known = Object.keys(stepwiseSearch.words).map(stem);
        return words.filter(word => !known.includes(stem(word)));
    }"""
    assert search.evaluate(unknown, sorted(words)) == []


# Odd queries


@pytest.mark.parametrize("query", ["", "   ", "?!", "£"])
def test_nothing_asked_finds_nothing(search: Page, query: str) -> None:
    assert ask(search, query) == []
    assert search.get_by_role("heading", name="Other ways").is_visible()
    assert not search.locator(".search-frame").is_visible()


def test_nothing_found_says_so_and_offers_lists(search: Page) -> None:
    assert ask(search, "qqqqqq") == []
    assert "“qqqqqq”" in told(search)
    ways = search.get_by_role("region", name="Other ways")
    assert ways.get_by_role("link", name="Glossary").is_visible()
    ask(search, "tender")
    assert not ways.is_visible()


@pytest.mark.parametrize(
    "query",
    [
        "<script>tellTest('ran')</script> tender",
        "<img src=x onerror=tellTest('ran')>",
        "constructor __proto__ hasOwnProperty toString",
        '"tender" & {query} %s $& \\',
        "مرحبا \u202e tender 入札 🙂",
    ],
)
def test_a_query_is_words_and_never_markup(search: Page, query: str) -> None:
    ask(search, query)
    assert f"“{query}”" in told(search)
    assert search.locator("main script, main img").count() == 0


def test_a_long_query_is_cut(page: Page, server: Server) -> None:
    page.goto(server(f"search.html?q={'tender+' * 2000}zzzzzz"))
    assert len(page.input_value("#search [type=search]")) == 300
    assert found(page) == ask(page, "tender")


# Facets


def total(search: Page) -> int:
    return int(told(search).split()[0])


def counts(search: Page, facet: str) -> dict[str, int]:
    """Return the number beside each value of a facet that is shown."""
    labels = search.get_by_role("group", name=facet).locator("label:visible")
    parts = [text.rpartition("(") for text in labels.all_inner_texts()]
    return {name.strip(): int(number.strip(")")) for name, _, number in parts}


def show_all(search: Page) -> list[str]:
    more = search.get_by_role("button", name="Show more")
    while more.is_visible():
        more.click()
    return found(search)


def test_facets_count_what_they_would_leave(search: Page) -> None:
    ask(search, "market engagement")
    all_ = total(search)
    assert len(show_all(search)) == all_
    kinds, stages = counts(search, "Kind"), counts(search, "Stage")
    assert sum(kinds.values()) == all_  # everything is of one kind
    search.get_by_role("group", name="Stage").get_by_label("Strategy").check()
    assert total(search) == stages["Strategy"] == len(show_all(search))
    assert counts(search, "Stage") == stages  # as if only the others were chosen
    steps = counts(search, "Kind")["Step"]
    search.get_by_role("group", name="Kind").get_by_label("Step", exact=False).check()
    assert total(search) == steps == len(found(search))
    assert all(address.startswith("strategy/") for address in found(search))
    search.get_by_role("group", name="Stage").get_by_label("Design").check()
    assert total(search) > steps  # two values of a facet: either
    search.get_by_role("button", name="Clear all").click()
    assert total(search) == all_
    assert urlsplit(search.url).query == "q=market+engagement"


def test_teams_and_guidebooks_narrow_too(search: Page, real_site: Site) -> None:
    ask(search, "contract")
    search.get_by_role("group", name="Team").get_by_label("Legal team").check()
    search.get_by_role("group", name="Guidebook").get_by_label("Collaboration").check()
    navigation = real_site.navigation
    (book,) = (b for b in navigation.guidebooks if b.page.id == "collaboration")
    steps = {
        f"{step.docname}.html"
        for step in book.steps
        if any(r.target == "legal" for r in navigation.catalogue.references_of(step))
    }
    assert set(show_all(search)) == steps


def test_the_address_holds_all_and_goes_back(page: Page, server: Server) -> None:
    page.goto(server("search.html?q=exit&stage=management&kind=step&kind=tool"))
    first, number = found(page), total(page)
    assert parse_qs(urlsplit(page.url).query)["kind"] == ["step", "tool"]
    ask(page, "price")
    assert parse_qs(urlsplit(page.url).query) == {
        "q": ["price"],
        "stage": ["management"],
        "kind": ["step", "tool"],
    }
    page.go_back()
    assert (found(page), total(page)) == (first, number)
    page.reload()
    assert (found(page), total(page)) == (first, number)
    page.goto(server("search.html?q=exit&stage=nowhere&team=<b>&nothing=1"))
    assert total(page) > number


# For everybody


def test_a_search_from_any_page_by_keyboard(page: Page, server: Server) -> None:
    page.goto(server("design/start-with-user-needs.html"))
    page.get_by_role("searchbox").focus()
    page.keyboard.type("exit plan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=exit+plan")
    assert found(page)[0] == "management/plan-the-exit.html"
    page.get_by_role("searchbox").focus()
    for __ in range(60):  # through facets to the first result
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.search-results h2 a')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/management/plan-the-exit.html")


def test_focus_stays_where_the_reader_is(search: Page) -> None:
    ask(search, "tender")
    active = "document.activeElement"
    assert search.evaluate(f"{active}.name") == "q"
    box = search.get_by_role("group", name="Stage").get_by_label("Design")
    box.focus()
    search.keyboard.press("Space")
    assert search.evaluate(f"{active}.value") == "design"
    search.get_by_role("button", name="Show more").click()
    eleventh = search.locator(LINKS).nth(10)
    assert eleventh.evaluate(f"link => link === {active}")


def test_results_are_a_list_with_headings_and_marks(search: Page) -> None:
    ask(search, "exit plan")
    items = search.locator("main").get_by_role("list").last.get_by_role("listitem")
    assert items.count() == 10
    assert items.first.get_by_role("heading", level=2).count() == 1
    marks = {text.lower() for text in items.first.locator("mark").all_inner_texts()}
    assert marks == {"exit", "plan"}
    section = items.first.get_by_role("link", name="Section")
    section.click()
    anchor = urlsplit(search.url).fragment
    assert search.locator(":target").get_attribute("id") == anchor


def test_every_result_says_more_than_its_name(search: Page) -> None:
    for query in ("framework", "PIN", "lots"):
        ask(search, query)
        results = search.locator(".search-results > li")
        for number in range(results.count()):
            words = results.nth(number).locator("p:not(.where, .part)")
            assert words.inner_text().strip(), (query, number)


def test_without_script_the_page_offers_lists(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server("index.html"))
    page.locator("header form [name=q]").fill("tender")
    page.locator("header form [name=q]").press("Enter")
    page.wait_for_url("**/search.html?q=tender")
    assert page.locator("noscript p").is_visible()
    ways = page.get_by_role("region", name="Other ways").get_by_role("link")
    names = ways.all_inner_texts()
    assert {"Preparation", "15 Essential Activities", "Glossary"} <= set(names)
    for address in ways.evaluate_all(ADDRESSES):
        assert page.request.get(server(address)).ok
    context.close()


def test_search_works_from_files(page: Page, site: Path) -> None:
    page.goto(f"{site.as_uri()}/search.html?q=exit+plan&kind=step")
    assert found(page)[0] == "management/plan-the-exit.html"
    assert ask(page, "do I need a PIN")[0] == FORTY["do I need a PIN"].join(
        ["strategy/", ".html"]
    )
    page.locator(LINKS).first.click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Engage")


def test_an_index_that_is_missing_is_told(
    page: Page, server: Server, watch: Watch
) -> None:
    page.route("**/stepwise-search.js", lambda route: route.abort())
    page.goto(server("search.html?q=tender"))
    assert "could not be loaded" in told(page)
    assert page.get_by_role("link", name="Glossary").is_visible()
    watch.errors.clear()


def test_search_is_loaded_only_when_asked_for(page: Page, server: Server) -> None:
    server.sent.clear()
    page.goto(server("strategy/engage-the-market-early.html"))
    page.wait_for_load_state("networkidle")
    files = [path for path, *_ in server.sent]
    server.sent.clear()
    page.goto(server("search.html?q=tender"))
    page.wait_for_load_state("networkidle")
    assert len(server.sent) <= 9
    assert sum(size for *_, size in server.sent) < 300_000
    assert not {path for path in files if "search" in path or "language" in path}

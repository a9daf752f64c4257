"""Whatever a built site names is there, and every page leads on and can be reached."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from hostile import BASE
from lxml import etree, html
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sites import Site

#: All attributes that hold an address.
LINKS = (
    "//a/@href | //link/@href | //script/@src | //img/@src | //form/@action"
    " | //iframe/@src | //source/@src | //*/@data-address"
)
MARKDOWN = MarkdownIt("commonmark").enable("table")


class Crawl:
    """The files of a site by their path from its root, and where they lead."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self.trees: dict[str, Any] = {
            file.relative_to(out).as_posix(): html.parse(str(file)).getroot()
            for file in sorted(out.rglob("*.html"))
        }
        self._ids: dict[str, set[str]] = {}

    def place(self, base: str, uri: str) -> tuple[str, str] | None:
        """Return path and anchor of an address on the page *base*, if it is ours."""
        absolute = urljoin(f"{BASE}/{base}", uri)
        if not f"{absolute}/".startswith(f"{BASE}/"):
            return None
        address, anchor = urldefrag(absolute.removeprefix(f"{BASE}/").partition("?")[0])
        anchor = anchor or urldefrag(uri)[1]
        path = unquote(address)
        path = posixpath.join(path, "index.html") if path[-1:] in {"", "/"} else path
        return path, unquote(anchor)

    def is_there(self, place: tuple[str, str]) -> bool:
        """Whether there is such a file, and such an anchor in it."""
        path, anchor = place
        if anchor and path in self.trees:
            if path not in self._ids:
                self._ids[path] = set(self.trees[path].xpath("//@id"))
            return anchor in self._ids[path]
        return (self._out / path).is_file()

    def links(self, page: str, where: str = LINKS) -> Iterator[tuple[str, str]]:
        """Yield the places of ours that a page names."""
        for uri in self.trees[page].xpath(where):
            if place := self.place(page, uri):
                yield place


@pytest.fixture(scope="module")
def crawl(real_site: Site) -> Crawl:
    return Crawl(real_site.built.out)


def test_every_link_and_anchor_of_every_page_leads_somewhere(crawl: Crawl) -> None:
    broken = {
        (page, place)
        for page in crawl.trees
        for place in crawl.links(page)
        if not crawl.is_there(place)
    }
    assert broken == set()
    assert sum(1 for page in crawl.trees for _ in crawl.links(page)) > 5000


def test_ids_that_describe_and_label_are_there(crawl: Crawl) -> None:
    names = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers")
    for page, tree in crawl.trees.items():
        for name in names:
            for ids in tree.xpath(f"//@{name}"):
                for id_ in ids.split():
                    assert crawl.is_there((page, id_)), (page, name, id_)


def test_cards_and_data_name_what_is_there(crawl: Crawl) -> None:
    """Canonical addresses, Open Graph's and schema.org's, which are whole."""
    count = 0
    for page, tree in crawl.trees.items():
        named = tree.xpath(
            "//meta[@property='og:url' or @property='og:image']/@content"
        )
        for script in tree.xpath("//script[@type='application/ld+json']/text()"):
            named += re.findall(rf'"({re.escape(BASE)}/[^"]*)"', script)
            json.loads(script)
        for address in named:
            place = crawl.place(page, address)
            assert place, address
            assert crawl.is_there(place), (page, address)
            count += 1
    assert count > 200


def test_no_page_is_a_dead_end(crawl: Crawl) -> None:
    """Every page leads on from its own text, to another page."""
    for page in crawl.trees:
        onward = {path for path, _ in crawl.links(page, "//main//a/@href")}
        redirect = crawl.trees[page].xpath("//meta[@http-equiv='refresh']")
        if redirect:
            onward |= {path for path, _ in crawl.links(page, "//body//a/@href")}
        assert onward - {page}, page


def test_every_page_can_be_reached_from_home(crawl: Crawl) -> None:
    """But for the error page, and those at old addresses."""
    met, waiting = {"index.html"}, ["index.html"]
    while waiting:
        page = waiting.pop()
        found = {path for path, _ in crawl.links(page, "//a/@href | //form/@action")}
        waiting += sorted(found & crawl.trees.keys() - met)
        met |= found
    missed = crawl.trees.keys() - met
    for page in missed - {"404.html"}:
        assert crawl.trees[page].xpath("//meta[@http-equiv='refresh']"), page
    assert "404.html" in missed


def walk(crawl: Crawl, first: str, panel: str, way: str) -> list[str]:
    """Follow a link of a panel, without script, as long as there is one."""
    where = f"//nav[{panel}]//li[contains(@class, 'stepwise-{way}')]//a/@href"
    pages = [first]
    while onward := [path for path, _ in crawl.links(pages[-1], where)]:
        pages += onward
        assert len(onward) == 1
        assert len(pages) < 50
    return pages


def test_journeys_need_no_script(crawl: Crawl, real_site: Site) -> None:
    """Forward and Back visit all steps once, Next and Back those of a guidebook."""
    navigation = real_site.navigation
    journeys = [
        ("@aria-label='Back and Forward'", navigation.canonical),
        *((f"@data-guide='{b.page.id}'", b.steps) for b in navigation.guidebooks),
    ]
    assert len(navigation.canonical) == 24
    assert len(journeys) == 1 + 5
    for panel, steps in journeys:
        files = [f"{step.docname}.html" for step in steps]
        assert walk(crawl, files[0], panel, "forward") == files
        if panel.startswith("@data"):
            assert walk(crawl, files[-1], panel, "back") == files[::-1]


def test_files_for_machines_name_what_is_there(crawl: Crawl, real_site: Site) -> None:
    out = real_site.built.out
    named: dict[str, list[str]] = {}
    for name in ("sitemap.xml", "feed.xml"):
        root = etree.fromstring((out / name).read_bytes())
        texts = root.xpath("//*[local-name()='loc']/text()")
        named[name] = [*texts, *root.xpath("//*[local-name()='link']/@href")]
    robots = (out / "robots.txt").read_text("utf-8")
    named["robots.txt"] = re.findall(r"https?://\S+", robots)
    tokens = MARKDOWN.parse((out / "llms.txt").read_text("utf-8"))
    named["llms.txt"] = [
        str(child.attrs["href"])
        for token in tokens
        for child in token.children or ()
        if child.type == "link_open"
    ]
    assert len(named) == 4
    for name, addresses in named.items():
        assert addresses, name
        for address in addresses:
            place = crawl.place(name, address)
            if place is None:
                assert urlsplit(address).scheme == "https", (name, address)
            else:
                assert crawl.is_there(place), (name, address)


def test_search_names_what_is_there(crawl: Crawl, real_site: Site) -> None:
    text = (real_site.built.out / "stepwise-search.js").read_text("utf-8")
    found = re.search(r"window\.stepwiseSearch = (.*);\n", text)
    assert found
    entries = json.loads(found[1])["entries"]
    assert len(entries) > 500
    for address, *_, sections in entries:
        for anchor in ["", *filter(None, sections[::3])]:
            place = crawl.place(
                "search.html", f"{address}#{anchor}" if anchor else address
            )
            assert place
            assert crawl.is_there(place), (address, anchor)

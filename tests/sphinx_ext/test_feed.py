"""What is new: the feed, the list on a page, and what pages tell of themselves."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import feedparser
import pytest
from builds import contents
from hostile import BASE, WORDS, add_front_matter, make_hostile, plain, title_of
from lxml import etree
from sphinx_stepwise.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from builds import Builder, Result
    from sites import Site

HAS_BASE = ("-D", f"html_baseurl={BASE}")
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def dated(baking: Path) -> Path:
    """Return the miniature toolkit with a dated page and changes on two others."""
    add_front_matter(baking / "source/welcome.md", "published: 2026-11-02")
    changes = "{date: 2026-11-05, what: More salt.}, {date: 2026-10-01, what: Less.}"
    add_front_matter(baking / "source/prepare/knead.md", f"changes: [{changes}]")
    changes = "{date: 2026-10-01, what: One.}, {date: 2026-10-01, what: Two.}"
    add_front_matter(baking / "source/bake/shape.md", f"changes: [{changes}]")
    home = baking / "source/index.md"
    home.write_text(f"{home.read_text()}\n```{{updates}}\n```\n")
    return baking


def feed_of(built: Result) -> Any:
    assert built.code == 0, built.warnings
    return etree.parse(str(built.out / "feed.xml")).getroot()


def entries(built: Result) -> list[tuple[str, str, str, str]]:
    """Return title, address, days of publication and change of each entry."""
    return [
        (
            entry.findtext("a:title", None, ATOM),
            entry.find("a:link", ATOM).get("href").removeprefix(BASE),
            entry.findtext("a:published", None, ATOM)[:10],
            entry.findtext("a:updated", None, ATOM)[:10],
        )
        for entry in feed_of(built).findall("a:entry", ATOM)
    ]


def check_feed(feed: Any) -> None:
    """Hold up what RFC 4287 asks of a feed (4.1.1) and of its entries (4.1.2)."""
    assert feed.tag == f"{{{ATOM['a']}}}feed"
    assert len(feed.findall("a:author/a:name", ATOM)) == 1
    for item in [feed, *feed.findall("a:entry", ATOM)]:
        for name in ("id", "title", "updated"):
            (found,) = item.findall(f"a:{name}", ATOM)
            assert found.text
        identity = item.findtext("a:id", None, ATOM)
        assert re.match(r"[a-z][a-z0-9+.-]*:\S+$", identity)  # an absolute IRI
        for name in ("updated", "published"):
            for found in item.findall(f"a:{name}", ATOM):
                assert dt.datetime.fromisoformat(found.text).tzinfo
        links = item.findall("a:link", ATOM)
        kinds = [(link.get("rel"), link.get("type")) for link in links]
        assert len(kinds) == len(set(kinds))
        # No entry has content, so each must lead to a page (4.1.1.1).
        assert ("alternate", "text/html") in kinds
    assert feed.find("a:link", ATOM).get("rel") == "self"
    every = [i.text for i in feed.iterfind(".//a:id", ATOM)]
    assert len(every) == len(set(every))
    last = max(e.text for e in feed.findall("a:entry/a:updated", ATOM))
    assert feed.findtext("a:updated", None, ATOM) == last
    namespaces = {element.tag.rpartition("}")[0] for element in feed.iter()}
    assert namespaces == {f"{{{ATOM['a']}"}


def test_feed_holds_dated_pages_and_changes(dated: Path, builder: Builder) -> None:
    built = builder(dated, "html", *HAS_BASE)
    check_feed(feed_of(built))
    assert entries(built) == [
        ("Changed: Knead the dough", "/prepare/knead.html", "2026-11-05", "2026-11-05"),
        ("Welcome", "/welcome.html", "2026-11-02", "2026-11-02"),
        ("Changed: Knead the dough", "/prepare/knead.html", "2026-10-01", "2026-10-01"),
        ("Changed: Shape a loaf", "/bake/shape.html", "2026-10-01", "2026-10-01"),
    ]
    summaries = feed_of(built).findall("a:entry/a:summary", ATOM)
    assert [s.text for s in summaries] == [
        "More salt.",
        "Welcome",
        "Less.",
        "One. Two.",
    ]


def test_another_program_reads_the_feed(dated: Path, builder: Builder) -> None:
    built = builder(dated, "html", *HAS_BASE, "-D", "language=en_GB")
    found = feedparser.parse((built.out / "feed.xml").read_bytes())
    assert not found.bozo
    assert found.version == "atom10"
    assert found.feed.title == found.feed.author == "Baking course"
    assert found.feed.language == "en-GB"
    assert [entry.link for entry in found.entries][1] == f"{BASE}/welcome.html"
    assert all(entry.updated_parsed for entry in found.entries)


def test_real_feed_is_sound(real_site: Site) -> None:
    built = real_site.built
    check_feed(feed_of(built))
    for _, address, _, _ in entries(built):
        assert (built.out / address.removeprefix("/")).is_file()
    assert not feedparser.parse((built.out / "feed.xml").read_bytes()).bozo


def test_feed_names_its_maker(dated: Path, builder: Builder) -> None:
    conf = dated / "conf.py"
    maker = {"name": "Bakers' guild", "url": "https://example.org/guild"}
    conf.write_text(f"{conf.read_text()}\nstepwise_publisher = {maker!r}\n")
    feed = feed_of(builder(dated, "html", *HAS_BASE))
    assert feed.findtext("a:author/a:name", None, ATOM) == "Bakers' guild"
    assert feed.findtext("a:author/a:uri", None, ATOM) == "https://example.org/guild"


def test_hostile_words_are_words(baking: Path, builder: Builder) -> None:
    make_hostile(baking)
    built = builder(baking)
    feed = feed_of(built)
    check_feed(feed)
    expected = WORDS.replace("\x07", "\ufffd")
    titles = feed.findall("a:entry/a:title", ATOM)
    assert [plain(t.text) for t in titles] == [
        plain(title_of("welcome").replace("\x07", "\ufffd")),
        plain(f"Changed: {title_of('prepare/knead')}".replace("\x07", "\ufffd")),
    ]
    (_, summary) = feed.findall("a:entry/a:summary", ATOM)
    assert plain(summary.text) == plain(expected)
    assert not feedparser.parse((built.out / "feed.xml").read_bytes()).bozo


def ids(built: Result) -> dict[str, str]:
    return {
        entry.findtext("a:title", None, ATOM): entry.findtext("a:id", None, ATOM)
        for entry in feed_of(built).findall("a:entry", ATOM)
    }


def test_entry_keeps_its_id(dated: Path, builder: Builder) -> None:
    before = ids(builder(dated, "html", *HAS_BASE))
    assert before["Welcome"] == "tag:example.org,2026-11-02:welcome"
    folder = dated / "source/courses"
    (dated / "source/welcome.md").rename(folder / "welcome.md")
    page = folder / "welcome.md"
    page.write_text(
        page.read_text().replace("kind: page\n", "kind: page\nsummary: New.\n")
    )
    knead = dated / "source/prepare/knead.md"
    knead.write_text(knead.read_text().replace("More salt.", "More salt, by weight."))
    assert ids(builder(dated, "html", *HAS_BASE)) == before
    assert ids(builder(dated, "dirhtml", *HAS_BASE)) == before


def test_dated_page_that_changes_is_one_entry(dated: Path, builder: Builder) -> None:
    changes = "changes: [{date: 2026-11-20, what: A door.}]"
    add_front_matter(dated / "source/welcome.md", changes)
    built = builder(dated, "html", *HAS_BASE)
    assert ("Welcome", "/welcome.html", "2026-11-02", "2026-11-20") in entries(built)
    assert len(entries(built)) == 4


def test_feed_keeps_to_the_newest(dated: Path, builder: Builder) -> None:
    changes = ", ".join(
        f"{{date: 20{year}-01-01, what: Year {year}.}}" for year in range(30, 90)
    )
    add_front_matter(dated / "source/prepare/weigh.md", f"changes: [{changes}]")
    built = builder(dated, "html", *HAS_BASE)
    assert [entry[2][:4] for entry in entries(built)] == [
        str(year) for year in range(2089, 2039, -1)
    ]
    listed = built.tree("index").xpath("//ul[contains(@class, 'stepwise-updates')]/li")
    assert len(listed) == 64


def test_every_page_leads_to_the_feed(dated: Path, builder: Builder) -> None:
    out = builder(dated, "html", *HAS_BASE).out
    for page, address in [
        ("index", "feed.xml"),
        ("prepare/knead", "../feed.xml"),
        ("search", f"{BASE}/feed.xml"),  # as all pages that Sphinx adds
    ]:
        tree = etree.parse(str(out / f"{page}.html"), etree.HTMLParser())
        links = tree.xpath("//link[@type='application/atom+xml']/@href")
        assert links == [address]


def test_no_address_of_the_site_no_feed(dated: Path, builder: Builder) -> None:
    built = builder(dated)
    assert built.code == 0
    assert not built.warnings
    assert not (built.out / "feed.xml").exists()
    for page in built.out.rglob("*.html"):
        assert "atom+xml" not in page.read_text("utf-8")
    listed = built.tree("index").xpath("//ul[contains(@class, 'stepwise-updates')]/li")
    assert len(listed) == 4


# On the pages


def test_list_of_updates_shows_what_the_feed_holds(
    dated: Path, builder: Builder
) -> None:
    built = builder(dated, "html", *HAS_BASE)
    items = built.tree("index").xpath("//ul[contains(@class, 'stepwise-updates')]/li")
    shown = [
        (plain(item.xpath("string(p[1])")), item.xpath("p[1]//a/@href")[0])
        for item in items
    ]
    assert shown == [
        ("5 November 2026: Knead the dough", "prepare/knead.html"),
        ("2 November 2026: Welcome", "welcome.html"),
        ("1 October 2026: Knead the dough", "prepare/knead.html"),
        ("1 October 2026: Shape a loaf", "bake/shape.html"),
    ]
    assert items[3].xpath("p[position() > 1]/text()") == ["One.", "Two."]


def test_list_says_so_where_nothing_is_new(baking: Path, builder: Builder) -> None:
    home = baking / "source/index.md"
    home.write_text(f"{home.read_text()}\n```{{updates}}\n```\n")
    built = builder(baking, "html", *HAS_BASE)
    assert built.code == 0, built.warnings
    assert "There are no updates yet." in built.tree("index").text_content()
    assert not (built.out / "feed.xml").exists()


def test_page_tells_its_changes_below_its_dates(dated: Path, builder: Builder) -> None:
    knead = dated / "source/prepare/knead.md"
    add_front_matter(knead, "owner: deck\nreviewed: 2026-11-01\nagain: 1 year")
    tree = builder(dated).tree("prepare/knead")
    (told,) = tree.xpath("//*[contains(@class, 'stepwise-changes')]")
    assert [plain(li.text_content()) for li in told.xpath(".//li")] == [
        "5 November 2026: More salt.",
        "1 October 2026: Less.",
    ]
    upkeep = told.xpath("preceding::*[contains(., 'Last reviewed')]")
    assert upkeep
    assert (
        not builder(dated)
        .tree("prepare/prove")
        .xpath("//*[contains(@class, 'stepwise-changes')]")
    )


def test_dated_page_shows_its_day(dated: Path, builder: Builder) -> None:
    tree = builder(dated).tree("welcome")
    (day,) = tree.xpath("//p[contains(@class, 'stepwise-published')]")
    assert day.text_content() == "2 November 2026"


@pytest.mark.parametrize(
    "address", ["https://example.org/?a&b", "mailto:a@example.org"]
)
def test_sign_up_is_shown_where_it_is_set(
    dated: Path, builder: Builder, address: str
) -> None:
    follow = "//ul[contains(@class, 'stepwise-follow')]//a/@href"
    without = builder(dated, "html", *HAS_BASE)
    assert without.tree("index").xpath(follow) == ["feed.xml"]
    sign_up = ("-D", f"stepwise_sign_up={address}")
    built = builder(dated, "html", *HAS_BASE, *sign_up)
    found = [unquote(a) for a in built.tree("index").xpath(follow)]
    assert found == [address, "feed.xml"]


@pytest.mark.parametrize("name", ["singlehtml", "epub", "text", "latex"])
def test_other_builders_show_updates(dated: Path, builder: Builder, name: str) -> None:
    built = builder(dated, name, *HAS_BASE)
    assert built.code == 0, built.warnings
    every = "".join(
        file.read_text("utf-8", "replace")
        for file in built.out.rglob("*")
        if file.suffix in {".html", ".xhtml", ".txt", ".tex"}
    )
    assert "More salt." in every
    assert not [*built.out.rglob("feed.xml")]


# What is no date or change is a finding, and does no harm


def test_bad_dates_are_findings_and_no_entries(dated: Path, builder: Builder) -> None:
    add_front_matter(dated / "source/ovens.md", "published: soon")
    weigh = dated / "source/prepare/weigh.md"
    add_front_matter(weigh, "changes: [{date: 2026-13-01, what: x}, x, {what: 1}]")
    built = builder(dated, "html", *HAS_BASE)
    assert {f.split()[1] for f in built.findings} == {"schema"}
    assert {f.split(":")[0] for f in built.findings} == {
        "source/ovens.md",
        "source/prepare/weigh.md",
    }
    feed = etree.parse(str(built.out / "feed.xml")).getroot()
    assert len(feed.findall("a:entry", ATOM)) == 4


# Nothing is stale


@pytest.mark.long
def test_each_build_equals_a_clean_one(dated: Path, builder: Builder) -> None:
    """As ``test_incremental``, with an address of the site and edits of what is new."""
    source = dated / "source"
    knead, welcome = source / "prepare/knead.md", source / "welcome.md"

    def edit(page: Path, old: str, new: str) -> None:
        assert old in page.read_text()
        page.write_text(page.read_text().replace(old, new))

    def leave() -> None:
        edit(source / "index.md", "title: Baking course", "title: A course")
        edit(welcome, "published: 2026-11-02\n", "")
        (source / "bake/shape.md").unlink()

    steps = [
        lambda: edit(knead, "More salt.", "Much more salt."),
        lambda: add_front_matter(welcome, "status: draft"),
        lambda: main(["move", "knead", "push", "--project", str(dated)]),
        lambda: edit(welcome, "status: draft", "status: published"),
        leave,
    ]
    builder(dated, "html", *HAS_BASE)
    for number, change in enumerate(steps):
        change()
        kept = builder(dated, "html", *HAS_BASE)
        fresh = builder(dated, "html", *HAS_BASE, fresh=True)
        before, after = contents(kept.out), contents(fresh.out)
        assert before.keys() == after.keys(), number
        assert [n for n in before if before[n] != after[n]] == [], number


def test_last_update_takes_the_feed_with_it(baking: Path, builder: Builder) -> None:
    welcome = baking / "source/welcome.md"
    add_front_matter(welcome, "published: 2026-11-02")
    out = builder(baking, "html", *HAS_BASE).out
    assert (out / "feed.xml").exists()
    welcome.write_text(welcome.read_text().replace("published: 2026-11-02\n", ""))
    built = builder(baking, "html", *HAS_BASE)
    assert not (out / "feed.xml").exists()
    for page in ("index", "prepare/knead", "ovens"):
        assert not built.tree(page).xpath("//link[@type='application/atom+xml']")

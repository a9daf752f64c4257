"""What the head of a page tells machines."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hostile import BASE, WORDS, add_front_matter, make_hostile, plain, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builds import Builder, Result
    from sites import Site
    from sphinx_stepwise.core.content.navigation import Navigation

#: The vocabulary, as it was published.
TABLES = Path(__file__).parents[1] / "data" / "schema-org"
HAS_BASE = ("-D", f"html_baseurl={BASE}")


def card(tree: Any) -> dict[str, str]:
    metas = tree.xpath("//meta[starts-with(@property, 'og:')]")
    return {
        meta.get("property").removeprefix("og:"): meta.get("content") for meta in metas
    }


def linked(tree: Any) -> list[dict[str, Any]]:
    (script,) = tree.xpath("//head/script[@type='application/ld+json']")
    data = json.loads(script.text)
    assert data["@context"] == "https://schema.org"
    return list(data["@graph"])


def other_forms(tree: Any) -> dict[str, str]:
    links = tree.xpath("//head/link[@rel='alternate']")
    return {link.get("type"): link.get("href") for link in links}


# Cards and addresses


def test_card_says_what_the_page_is(baking: Path, builder: Builder) -> None:
    out = builder(baking, "html", *HAS_BASE, "-D", "language=en_GB")
    assert out.code == 0, out.warnings
    assert card(out.tree("prepare/knead")) == {
        "title": "Knead the dough",
        "description": "How to knead the dough.",
        "type": "article",
        "url": f"{BASE}/prepare/knead.html",
        "site_name": "Baking course",
        "locale": "en_GB",
    }
    assert card(out.tree("index"))["type"] == "website"
    assert "description" not in card(out.tree("welcome"))  # it has no summary


@pytest.mark.parametrize("image", ["_static/card.png", f"{BASE}/_static/card.png"])
def test_card_has_a_picture_where_one_is_set(
    baking: Path, builder: Builder, image: str
) -> None:
    picture = ("-D", f"stepwise_social_image={image}")
    tree = builder(baking, "html", *HAS_BASE, *picture).tree("prepare/knead")
    assert card(tree)["image"] == f"{BASE}/_static/card.png"


@pytest.mark.parametrize(
    ("name", "page", "file"),
    [
        ("html", "prepare/knead.html", "prepare/knead"),
        ("html", "index.html", "index"),
        ("dirhtml", "prepare/knead/", "prepare/knead/index"),
        ("dirhtml", "", "index"),
    ],
)
def test_every_address_of_a_page_is_the_same(
    baking: Path, builder: Builder, name: str, page: str, file: str
) -> None:
    tree = builder(baking, name, *HAS_BASE).tree(file)
    address = f"{BASE}/{page}"
    assert tree.xpath("//link[@rel='canonical']/@href") == [address]
    assert card(tree)["url"] == address
    assert linked(tree)[0]["url"] == address


def test_without_an_address_of_the_site_links_are_relative(
    baking: Path, builder: Builder
) -> None:
    out = builder(baking)
    assert out.code == 0
    assert not out.warnings
    tree = out.tree("prepare/knead")
    assert not tree.xpath("//link[@rel='canonical']")
    assert "url" not in card(tree)
    page, trail = linked(tree)
    assert "url" not in page
    assert page["isPartOf"]["url"] == "../index.html"
    assert [item.get("item") for item in trail["itemListElement"]] == [
        "../index.html",
        "index.html",
        None,
    ]
    assert other_forms(tree) == {"text/markdown": "knead.md"}


@pytest.mark.parametrize("name", ["singlehtml", "epub"])
def test_other_builders_have_heads_of_their_own(
    baking: Path, builder: Builder, name: str
) -> None:
    out = builder(baking, name, *HAS_BASE).out
    pages = [*out.rglob("*.html"), *out.rglob("*.xhtml")]
    assert pages
    assert not [page for page in pages if "og:title" in page.read_text("utf-8")]
    assert not [*out.rglob("*.md"), *out.rglob("toolkit.json")]


def test_draft_asks_to_be_left_out(baking: Path, builder: Builder) -> None:
    page = baking / "source/bake/secret.md"
    page.write_text((baking / "source/bake/shape.md").read_text())
    add_front_matter(page, "status: draft")
    tree = builder(baking, "html", *HAS_BASE).tree("bake/secret")
    assert tree.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert not card(tree)
    other = builder(baking, "html", *HAS_BASE).tree("bake/shape")
    assert not other.xpath("//meta[@name='robots']")


# schema.org


class Vocabulary:
    """Release 12.0 of schema.org, as its own tables tell it."""

    def __init__(self) -> None:
        self.parents = {r["label"]: _names(r["subTypeOf"]) for r in _rows("types")}
        properties = list(_rows("properties"))
        self.domains = {p["label"]: _names(p["domainIncludes"]) for p in properties}
        self.ranges = {p["label"]: _names(p["rangeIncludes"]) for p in properties}

    def above(self, type_: str) -> set[str]:
        """Return a type with all that it is a kind of."""
        found = {type_}
        for parent in self.parents[type_]:
            found |= self.above(parent)
        return found

    def faults(self, thing: dict[str, Any]) -> Iterator[str]:
        """Yield what in *thing* the vocabulary does not know."""
        type_ = thing["@type"]
        if type_ not in self.parents:
            yield f"no type {type_}"
            return
        for name, value in thing.items():
            if name == "@type":
                continue
            if name not in self.domains or not self.domains[name] & self.above(type_):
                yield f"{type_} has no {name}"
                continue
            for item in value if isinstance(value, list) else [value]:
                if not self.ranges[name] & self.kinds(item):
                    yield f"{type_}.{name} is no {item!r}"
                if isinstance(item, dict):
                    yield from self.faults(item)

    def kinds(self, value: Any) -> set[str]:
        """Return all that *value* may be taken for."""
        if isinstance(value, dict):
            return self.above(value["@type"])
        if isinstance(value, int):
            return {"Integer", "Number"}
        kinds = {"Text"}
        if value.count("-") == 2 and value.replace("-", "").isdigit():
            kinds |= {"Date"}
        if value.startswith("https://"):
            # An address may stand for the thing that is there.
            kinds |= {"URL", "Thing"}
        return kinds


def _rows(table: str) -> list[dict[str, str]]:
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _names(words: str) -> set[str]:
    return set(words.split())


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary()


@pytest.mark.parametrize(
    ("thing", "fault"),
    [
        ({"@type": "HowtoStep"}, "no type HowtoStep"),
        ({"@type": "HowTo", "steps2": "x"}, "HowTo has no steps2"),
        ({"@type": "ListItem", "step": "x"}, "ListItem has no step"),
        ({"@type": "HowTo", "dateModified": "soon"}, "HowTo.dateModified is no 'soon'"),
        (
            {"@type": "HowTo", "publisher": {"@type": "WebSite"}},
            "HowTo.publisher is no {'@type': 'WebSite'}",
        ),
        (
            {"@type": "HowTo", "step": [{"@type": "HowToStep", "isbn": "x"}]},
            "HowToStep has no isbn",
        ),
    ],
)
def test_the_vocabulary_finds_faults(thing: dict[str, Any], fault: str) -> None:
    assert list(vocabulary().faults(thing)) == [fault]


def test_every_page_speaks_schema_org(real_site: Site) -> None:
    _, out, navigation = real_site
    found = {}
    for page in navigation.walk():
        things = linked(out.tree(page.docname))
        assert [f for thing in things for f in vocabulary().faults(thing)] == []
        found[page.kind] = things[0]["@type"]
        assert things[0]["name"] == page.title
        assert things[0]["description"] == page.summary
        assert things[0]["dateModified"] == page.data["last_reviewed"]
        assert things[0]["publisher"]["name"] == "Bakers' guild"
        assert things[0]["author"] == {"@type": "Person", "name": "A. Baker"}
        _check_trail(navigation, page.docname, things)
        _check_steps(navigation, page.docname, things[0], out)
    assert found["step"] == found["stage"] == found["guidebook"] == "HowTo"
    assert found["toolkit"] == "WebSite"


def _check_trail(
    navigation: Navigation, docname: str, things: list[dict[str, Any]]
) -> None:
    page = navigation.catalogue.at(docname)
    assert page
    if page == navigation.home:
        assert len(things) == 1
        return
    trail = things[1]["itemListElement"]
    expected = [*navigation.parents(page), page]
    assert [item["name"] for item in trail] == [above.title for above in expected]
    assert [item["position"] for item in trail] == list(range(1, len(expected) + 1))
    assert trail[-1]["item"] == f"{BASE}/{docname}.html"


def _check_steps(
    navigation: Navigation, docname: str, thing: dict[str, Any], out: Result
) -> None:
    page = navigation.catalogue.at(docname)
    assert page
    steps = thing.get("step", [])
    if track := navigation.track(page):
        assert [(s["name"], s["url"]) for s in steps] == [
            (step.title, f"{BASE}/{step.docname}.html") for step in track.steps
        ]
        notes = [page.note("steps", s.id) or s.summary for s in track.steps]
        assert [s["text"] for s in steps] == notes
    elif page.kind == "step":
        (items, *_) = out.tree(docname).xpath("//section/ol[not(@start)]")
        bold = [li.xpath("string(.//strong)").rstrip(".:") for li in items]
        assert [s["name"] for s in steps] == bold
        assert len(steps) >= 3
    else:
        assert not steps


def test_steps_without_bold_words_are_told_by_their_text(
    baking: Path, builder: Builder
) -> None:
    page = baking / "source/prepare/knead.md"
    words = "1. Push *hard*.\n\n   Again.\n2. **Turn**\n3. **Rest:** an hour."
    page.write_text(page.read_text().replace("Do it.", f"{words}\n   1. Wait.\n"))
    thing = linked(builder(baking).tree("prepare/knead"))[0]
    assert thing["step"] == [
        {"@type": "HowToStep", "position": 1, "text": "Push hard. Again."},
        {"@type": "HowToStep", "position": 2, "name": "Turn", "text": "Turn"},
        {"@type": "HowToStep", "position": 3, "name": "Rest", "text": "an hour. Wait."},
    ]


def test_dated_page_is_an_article(baking: Path, builder: Builder) -> None:
    page = baking / "source/welcome.md"
    add_front_matter(page, "published: 2026-11-02")
    add_front_matter(page, "changes: [{date: 2026-11-05, what: A door.}]")
    thing = linked(builder(baking, "html", *HAS_BASE).tree("welcome"))[0]
    assert thing["@type"] == "Article"
    assert thing["headline"] == "Welcome"
    assert (thing["datePublished"], thing["dateModified"]) == (
        "2026-11-02",
        "2026-11-05",
    )
    assert list(vocabulary().faults(thing)) == []


# Words that try to be markup


def test_hostile_words_are_words(baking: Path, builder: Builder) -> None:
    plain_tree = builder(baking, "html", *HAS_BASE).tree("prepare/knead")
    make_hostile(baking)
    out = builder(baking)
    assert out.code == 0, out.warnings
    for docname in ("index", "prepare/index", "prepare/knead", "courses/quick"):
        tree = out.tree(docname)
        title = plain(title_of(docname))
        assert plain(card(tree)["title"]) == title
        assert plain(card(tree)["description"]) == plain(WORDS)
        page, *trail = linked(tree)
        assert page["name"] == title
        assert page["publisher"]["name"] == WORDS
        for list_ in trail:
            assert list_["itemListElement"][-1]["name"] == title
        assert not [s for s in tree.xpath("//script/text()") if s.strip() == "alert(1)"]
    tree = out.tree("prepare/knead")
    assert len(tree.xpath("//script")) == len(plain_tree.xpath("//script"))
    assert len(tree.xpath("//head/meta")) == len(plain_tree.xpath("//head/meta"))


# What the head shows of others


def test_head_follows_what_it_shows_of_others(baking: Path, builder: Builder) -> None:
    """A guidebook's page that lists no steps in its text tells them in its head."""
    book = baking / "source/courses/thorough.md"
    book.write_text(book.read_text().split("\n---\n")[0] + "\n---\n\nWords.\n")
    builder(baking)
    step = baking / "source/prepare/prove.md"
    step.write_text(step.read_text().replace("How to let", "The way to let"))
    thing = linked(builder(baking).tree("courses/thorough"))[0]
    assert thing["step"][2]["text"] == "The way to let it prove."


# Settings


@pytest.mark.parametrize(
    "setting",
    [
        'html_baseurl = "/docs/"',
        'stepwise_sign_up = "javascript:alert(1)"',
        'stepwise_publisher = {"nam": "x"}',
        'stepwise_publisher = {"name": "x", "email": "y"}',
        'stepwise_author = {"name": "x", "type": "Robot"}',
    ],
)
def test_unusable_setting_stops_the_build_and_says_why(
    baking: Path, builder: Builder, setting: str
) -> None:
    conf = baking / "conf.py"
    conf.write_text(f"{conf.read_text()}\n{setting}\n")
    out = builder(baking)
    assert out.code == 2
    assert not (out.out / "index.html").exists()

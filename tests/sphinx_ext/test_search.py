"""The index of our search: what stands in it, and that it is never stale."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

import pytest
from builds import contents
from hostile import WORDS, add_front_matter, make_hostile, plain, title_of
from sphinx.search import SearchLanguage
from sphinx.search.en import SearchEnglish
from sphinx_stepwise.sphinx_ext.search.entries import Entry
from sphinx_stepwise.sphinx_ext.search.index import Synonym, Words, document

if TYPE_CHECKING:
    from pathlib import Path

    from builds import Builder, Result
    from sites import Site

INDEX = "stepwise-search.js"
OURS = ("-D", "html_theme=stepwise")


def index_of(built: Result) -> dict[str, Any]:
    text = (built.out / INDEX).read_text("utf-8")
    found = re.fullmatch(r"/\* [0-9a-f]{32} \*/ window\.stepwiseSearch = (.*);\n", text)
    assert found
    return dict(json.loads(found[1]))


def entries(built: Result) -> dict[str, list[Any]]:
    """Return what can be found, by address."""
    return {entry[0]: entry for entry in index_of(built)["entries"]}


def kinds(built: Result) -> dict[str, str]:
    return {address: e[3]["kind"][0] for address, e in entries(built).items()}


def found(built: Result, word: str) -> list[str]:
    """Return the addresses that a word of the index finds, the best first."""
    index = index_of(built)
    pairs = index["words"].get(word, [])
    ranked = sorted(zip(pairs[1::2], pairs[::2], strict=True), reverse=True)
    return [index["entries"][number][0] for _, number in ranked]


# What stands in it


def test_every_page_record_and_term_stands_in_it_once(real_site: Site) -> None:
    navigation = real_site.navigation
    rows = index_of(real_site.built)["entries"]
    addresses = [row[0] for row in rows]
    assert len(set(addresses)) == len(addresses)
    pages = [f"{page.docname}.html" for page in navigation.walk()]
    assert [address for address in addresses if "#" not in address] == pages
    anchors: dict[str, set[str]] = {}
    for path, anchor in map(urldefrag, addresses):
        if path not in anchors:
            tree = real_site.built.tree(path.removesuffix(".html"))
            anchors[path] = set(tree.xpath("//@id"))
        assert not anchor or anchor in anchors[path]
    catalogue = navigation.catalogue
    # Where a record has a page of its own, that is found.
    shelved = [r for r in catalogue.records if not catalogue.own_page(r)]
    records = [f"{r.kind}-{r.id}" for r in shelved]
    listed = {anchor for address in addresses if (anchor := urldefrag(address)[1])}
    assert {r for r in records if r not in listed and "synonym-" not in r} == {
        "team-content-team"  # no page lists it
    }
    terms = real_site.built.tree("reference/glossary").xpath("//dt/@id")
    firsts = [anchor for anchor in terms if anchor in listed]
    assert len(firsts) == len([a for a in listed if a.startswith("term-")]) > 100


def test_sections_lead_to_where_they_are(real_site: Site) -> None:
    for address, *_, sections in index_of(real_site.built)["entries"]:
        path, own = urldefrag(address)
        if own:
            continue
        tree = real_site.built.tree(path.removesuffix(".html"))
        for tip in tree.xpath("//*[@role='tooltip']"):
            tip.drop_tree()
        for anchor, heading, text in zip(*[iter(sections)] * 3, strict=True):
            if not anchor:
                assert not heading
                continue
            (section,) = tree.xpath("//section[@id=$id]", id=anchor)
            # Before it stands an empty <span> where a section has two anchors.
            (said,) = section.xpath("./*[self::h2 or self::h3 or self::h4]")
            assert said.text_content() == heading
            shown = set(section.text_content().split())
            assert set(text.split()[:5]) <= shown  # records may stand in between


def test_drafts_and_hidden_pages_stay_out(baking: Path, builder: Builder) -> None:
    draft = baking / "source/bake/secret.md"
    shape = (baking / "source/bake/shape.md").read_text()
    draft.write_text(shape.replace("title: Shape", "title: Hide"))
    add_front_matter(draft, "status: draft")
    add_front_matter(baking / "source/prepare/weigh.md", "redirect_from: [old/weigh]")
    schema = baking / "schemas/page.schema.json"
    text = schema.read_text().replace('"kind": {', '"myst": {}, "kind": {', 1)
    schema.write_text(text)
    add_front_matter(
        baking / "source/ovens.md", "myst: {html_meta: {robots: 'noindex, follow'}}"
    )
    built = builder(baking, "html", *OURS)
    assert built.code == 0, built.warnings
    addresses = list(kinds(built))
    assert "prepare/weigh.html" in addresses
    assert (built.out / "bake/secret.html").is_file()
    assert (built.out / "old/weigh.html").is_file()
    assert (built.out / "courses/quick/all.html").is_file()
    # Records have no place but on the hidden page.
    assert not [a for a in addresses if re.search("secret|old|all|oven|search", a)]


WORDY = """
## Wordy

Use {oven}`camp`, {oven}`a tinderbox <deck>`, {page}`ovens`.

```{note}
Quicksilver.
```

% Silentium

```{glossary}
Poolish
Biga
  A {step}`weigh` of flour.
```
"""


def test_words_come_from_where_they_are_written(baking: Path, builder: Builder) -> None:
    page = baking / "source/welcome.md"
    page.write_text(page.read_text() + WORDY)
    built = builder(baking, "html", *OURS)
    assert built.code == 0, built.warnings
    rows = entries(built)
    sections = rows["welcome.html"][4]
    at = sections.index("wordy")
    assert sections[at + 1 : at + 3] == [
        "Wordy",
        "Use Camp oven, a tinderbox, Ovens. Quicksilver.",
    ]
    term = rows["welcome.html#term-Poolish"]
    assert term[1] == "Poolish"
    assert term[4] == ["", "", "A Weigh the flour of flour."]
    assert found(built, "biga") == ["welcome.html#term-Poolish"]
    assert dict(index_of(built)["phrases"])["Biga"] == {"poolish": 0.5}


def test_facets_are_the_toolkits_own(baking: Path, builder: Builder) -> None:
    built = builder(baking, "html", *OURS)
    index = index_of(built)
    facets = {name: dict(values) for name, _, values in index["facets"]}
    assert list(facets["stage"]) == ["prepare", "bake"]
    assert list(facets["guidebook"]) == ["quick", "thorough"]
    assert list(facets["kind"]) == [
        "stage",
        "step",
        "guidebook",
        "page",
        "toolkit",
        "oven",
    ]
    rows = entries(built)
    assert rows["bake/bake-it.html"][3]["stage"] == ["bake"]
    for _, _, _, own, _ in rows.values():
        assert {n: set(v) <= facets[n].keys() for n, v in own.items()} == dict.fromkeys(
            own, True
        )


def test_hostile_words_are_words(baking: Path, builder: Builder) -> None:
    make_hostile(baking)
    built = builder(baking, "html", *OURS)
    assert built.code == 0, built.warnings
    text = (built.out / INDEX).read_text("utf-8")
    assert not re.search("[<>&\u2028\u2029]", text)
    row = entries(built)["prepare/knead.html"]
    assert plain(row[1]) == plain(title_of("prepare/knead"))
    assert plain(row[2]) == plain(WORDS)
    for value in built.tree("search").xpath("//main//a/text()"):
        assert "script" not in value or "<script>" in value  # words, not an element
    assert not built.tree("search").xpath("//main//script")


# How well words find


def english(*rows: Entry, synonyms: tuple[Synonym, ...] = ()) -> dict[str, Any]:
    return document(rows, [], synonyms, SearchEnglish({}))


def entry(title: str, text: str = "", kind: str = "page", **more: Any) -> Entry:
    return Entry(
        address=title, kind=kind, title=title, sections=(("", "", text),), **more
    )


def ranked(index: dict[str, Any], word: str) -> list[str]:
    pairs = index["words"][word]
    order = sorted(zip(pairs[::2], pairs[1::2], strict=True), key=lambda pair: -pair[1])
    return [index["entries"][number][1] for number, _ in order]


def test_titles_count_more_than_text_and_short_more_than_long() -> None:
    filler = "words and other words that say nothing of the kind " * 20
    index = english(
        entry("Long", f"bread {filler}"),
        entry("Bread", filler),
        entry("Short", "bread"),
        entry("Often", f"bread bread bread {filler}"),
        entry("Other", filler),
    )
    order = ranked(index, "bread")
    assert order[0] == "Bread"
    assert order.index("Short") < order.index("Long")
    assert order.index("Often") < order.index("Long")
    assert "Other" not in order


def test_steps_come_before_pages_and_pages_before_records() -> None:
    same = [entry(kind, "bread", kind) for kind in ("oven", "page", "step")]
    others = [entry("Other", "words") for _ in range(9)]
    assert ranked(english(*same, *others), "bread") == ["step", "page", "oven"]


def test_rare_words_count_more() -> None:
    index = english(
        entry("A", "bread rye"), entry("B", "bread"), entry("C", "bread"), entry("D")
    )
    words = dict(zip(index["words"]["bread"][::2], index["words"]["bread"][1::2]))  # noqa: B905
    assert index["words"]["rye"] == [0, index["words"]["rye"][1]]
    assert index["words"]["rye"][1] > words[0]


def test_synonyms_find_what_is_meant_and_whole_names_their_own() -> None:
    index = english(
        entry("Sour dough starter", marks=("leaven",)),
        entry("Bread", names=("Loaf of bread",)),
        synonyms=(
            Synonym(("levain", "the of"), ("sour dough",), "leaven"),
            Synonym(("dough",), ("dough",)),  # says nothing new
        ),
    )
    meant = {"@leaven": 1.0, "dough": 0.35, "sour": 0.35}
    assert index["phrases"] == [["levain", meant]]
    assert ranked(index, "@leaven") == ["Sour dough starter"]
    assert ranked(index, "=sour dough starter") == ["Sour dough starter"]
    assert ranked(index, "=loaf bread") == ["Bread"]


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Contracts, contracting: CONTRACT!", ["contract"] * 3),
        ("The buyer\u2019s and buyer's own", ["buyer", "buyer"]),
        ("£207,720 and £5.5m or 30k", ["207720", "5.5", "m", "30000"]),
        ("co-terminate G-Cloud", ["co", "termin", "g", "cloud"]),
        ("a_b caf\u00e9 \u0645\u0631\u062d", ["b", "caf\u00e9", "\u0645\u0631\u062d"]),
        ("the and of \u2028 ?!", []),
    ],
)
def test_words_are_taken_apart(text: str, stems: list[str]) -> None:
    assert Words(SearchEnglish({}))(text) == stems


def test_a_language_without_a_stemmer_finds_whole_words() -> None:
    index = document([entry("Kenyér")], [], [], SearchLanguage({}))
    assert list(index["words"]) == ["=kenyér", "kenyér"]


# Where it is ours


@pytest.mark.long
def test_other_themes_keep_sphinx_search(baking: Path, builder: Builder) -> None:
    builder(baking, "html", *OURS)
    built = builder(baking)
    assert not (built.out / INDEX).exists()  # nor that of the build before
    scripts = built.tree("search").xpath("//script/@src")
    assert any("searchtools.js" in script for script in scripts)
    assert not any("stepwise" in script for script in scripts)


def test_so_do_languages_without_spaces(baking: Path, builder: Builder) -> None:
    built = builder(baking, "html", *OURS, "-D", "html_search_language=zh")
    assert built.code == 0, built.warnings
    assert not (built.out / INDEX).exists()
    page = built.tree("search")
    assert page.xpath("//div[@id='search-results']")
    assert any("searchtools.js" in s for s in page.xpath("//script/@src"))


def test_page_loads_our_search_and_offers_lists(baking: Path, builder: Builder) -> None:
    for name, root in (("html", ""), ("dirhtml", "../")):
        built = builder(baking, name, *OURS)
        page = built.tree("search" if name == "html" else "search/index")
        scripts = [s.partition("?")[0] for s in page.xpath("//script/@src")]
        assert scripts == [
            f"{root}_static/stepwise.js",
            f"{root}_static/language_data.js",
            f"{root}{INDEX}",
            f"{root}_static/search.js",
        ]
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
        for address in entries(built):
            path = urldefrag(address)[0]
            path += "index.html" if path.endswith("/") or not path else ""
            assert (built.out / path).is_file()
        ways = page.xpath("//section[@class='search-ways']//a")
        assert [way.text for way in ways] == [
            "Prepare",
            "Bake",
            "Bread in a hurry",
            "Bread with care",
            "Ovens",
        ]


# Synonyms as data


SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "words": {"type": "array", "items": {"type": "string"}},
        "means": {"type": "array", "items": {"type": "string"}},
        "pages": {"type": "array", "items": {"type": "string", "x-ref": "step"}},
    },
    "unevaluatedProperties": False,
}
SYNONYMS = """
- id: pummel
  words: [pummel, beat up]
  pages: [knead]
- id: warmth
  words: [warmth]
  means: [heat]
"""


@pytest.fixture
def wordy(baking: Path) -> Path:
    """Return the miniature toolkit with synonyms."""
    settings = baking / "pyproject.toml"
    settings.write_text(f'{settings.read_text()}synonyms = "synonym"\n')
    (baking / "schemas/synonym.schema.json").write_text(json.dumps(SCHEMA))
    (baking / "source/data/synonyms.yml").write_text(SYNONYMS)
    conf = baking / "conf.py"
    conf.write_text(f'{conf.read_text()}\nstepwise_search_words = "synonyms"\n')
    return baking


@pytest.mark.long
def test_synonyms_are_records(wordy: Path, builder: Builder) -> None:
    built = builder(wordy, "html", *OURS)
    assert built.code == 0, built.warnings
    phrases = dict(index_of(built)["phrases"])
    assert phrases["pummel"] == phrases["beat up"] == {"@pummel": 1.0}
    assert phrases["warmth"]["heat"] == 0.5
    assert found(built, "@pummel") == ["prepare/knead.html"]
    data = wordy / "source/data/synonyms.yml"
    data.write_text(SYNONYMS.replace("[knead]", "[weigh]"))
    built = builder(wordy, "html", *OURS)
    assert found(built, "@pummel") == ["prepare/weigh.html"]
    data.write_text(SYNONYMS.replace("[knead]", "[kneed]"))
    built = builder(wordy, "html", *OURS)
    assert built.findings == ["source/data/synonyms.yml:4:11 reference_unknown"]
    assert found(built, "@pummel") == []


def test_a_collection_that_there_is_not_stops_the_build(
    wordy: Path, builder: Builder
) -> None:
    conf = wordy / "conf.py"
    conf.write_text(conf.read_text().replace('"synonyms"', '"synonym"'))
    built = builder(wordy)
    assert built.code == 2
    assert "no collection `synonym`. Did you mean `synonyms`?" in built.warnings


# Nothing is stale


@pytest.mark.long
def test_each_build_equals_a_clean_one(wordy: Path, builder: Builder) -> None:
    source = wordy / "source"
    knead, weigh = (source / f"prepare/{name}.md" for name in ("knead", "weigh"))

    def edit(page: Path, old: str, new: str) -> None:
        assert old in page.read_text()
        page.write_text(page.read_text().replace(old, new))

    builder(wordy, "html", *OURS)
    for change in (
        lambda: add_front_matter(knead, "status: draft"),
        lambda: edit(knead, "status: draft", "redirect_from: [old]"),
        lambda: edit(weigh, "## Do", "## Do this"),
        lambda: edit(source / "data/ovens.yml", "Deck oven", "Pizza oven"),
        lambda: edit(source / "data/synonyms.yml", "warmth", "glow"),
        lambda: edit(source / "prepare/index.md", "title: Prepare", "title: Ready"),
        lambda: edit(source / "bake/index.md", "shape, ", ""),
        lambda: knead.rename(knead.with_name("push.md")),
        knead.with_name("push.md").unlink,
    ):
        change()
        kept = builder(wordy, "html", *OURS)
        fresh = builder(wordy, "html", *OURS, "-j", "2", fresh=True)
        assert index_of(kept) == index_of(fresh)
        assert contents(kept.out)[INDEX] == contents(fresh.out)[INDEX]


def test_an_index_that_is_right_is_left_alone(baking: Path, builder: Builder) -> None:
    file = builder(baking, "html", *OURS).out / INDEX
    before = file.stat().st_mtime_ns
    builder(baking, "html", *OURS)
    assert file.stat().st_mtime_ns == before
    file.unlink()
    builder(baking, "html", *OURS)
    assert file.is_file()

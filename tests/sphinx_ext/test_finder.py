"""Pages about records, and the list of all steps with what they name."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from builds import contents
from hostile import WORDS, make_hostile, plain
from sphinx_stepwise.core.content.model import Record
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from pathlib import Path

    from builds import Builder, Result
    from sites import Site

FIND = "```{{finder}} {}\n:fields: suits\n```\n"


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def ovens(baking: Path) -> Path:
    """Return a miniature toolkit whose deck oven has a page of its own."""
    source = baking / "source"
    file = baking / "schemas/oven.schema.json"
    schema = json.loads(file.read_text("utf-8"))
    schema["x-page"] = "about"
    schema["properties"]["about"] = {"type": "string", "x-ref": "page"}
    file.write_text(json.dumps(schema), "utf-8")
    change(
        source / "data/ovens.yml", "- id: deck\n", "- id: deck\n  about: deck-page\n"
    )
    change(source / "index.md", "[courses, ovens]", "[courses, ovens, deck-page, find]")
    change(
        source / "bake/bake-it.md",
        "Any will do.\n",
        "Any will do.\n\n- {oven}`deck`: bakes *evenly*, after {step}`knead`.\n",
    )
    change(
        source / "prepare/prove.md",
        "kind: step\n",
        "kind: step\nsuits: {possible: [deck]}\n",
    )
    change(
        source / "prepare/weigh.md",
        "kind: step\n",
        "kind: step\nsuits: {possible: [deck, home]}\n",
    )
    (source / "deck-page.md").write_text(
        "---\nkind: page\ntitle: All about the deck\n---\n\n"
        "## Steps\n\n```{uses}\n:fields: suits\n```\n",
        "utf-8",
    )
    (source / "find.md").write_text(
        "---\nkind: page\ntitle: Find a step\n---\n\n"
        "```{records} ovens\n:as: links\n:show: heat\n:fields: suits\n```\n\n"
        f"## All\n\n{FIND.format('ovens')}",
        "utf-8",
    )
    return baking


@pytest.fixture
def themed(ovens: Path) -> Path:
    """Return it in our theme."""
    change(ovens / "conf.py", '"alabaster"', '"stepwise"')
    return ovens


def words(element: Any) -> str:
    return plain(element.text_content().replace("¶", ""))


def uses(tree: Any) -> dict[str, list[list[str]]]:
    """Return heading -> the paragraphs of each step below it."""
    found = {}
    for section in tree.xpath("//section[contains(@class, 'stepwise-part')]"):
        items = section.xpath("./ul/li")
        heading = words(section.xpath("./h2 | ./h3")[0])
        found[heading] = [[words(p) for p in item.xpath("./p")] for item in items]
    return found


# A page about a record


def test_page_of_a_record_lists_the_steps_that_name_it(
    ovens: Path, builder: Builder
) -> None:
    built = builder(ovens)
    assert built.code == 0, built.warnings
    tree = built.tree("deck-page")
    summaries = {
        page.id: page.summary
        for page in check_project(load_project(ovens))[0].canonical
    }
    # What the step says of it, or else the step's summary; in canonical order.
    assert uses(tree) == {
        "Works best": [
            [
                "Bake the loaf",
                "Bakes evenly, after Knead the dough.",
                "Step 5 · Bake",
            ],
        ],
        "Possible": [
            ["Weigh the flour", summaries["weigh"], "Step 1 · Prepare"],
            ["Let it prove", summaries["prove"], "Step 3 · Prepare"],
        ],
    }
    links = tree.xpath("//section[contains(@class, 'stepwise-part')]//a/@href")
    assert [link for link in links if not link.startswith("#")] == [
        "bake/bake-it.html",
        "prepare/knead.html",
        "prepare/weigh.html",
        "prepare/prove.html",
    ]


def test_links_to_a_record_lead_to_its_own_page(ovens: Path, builder: Builder) -> None:
    built = builder(ovens)
    grid = built.tree("bake/bake-it").xpath("//section[@id='which-oven']//td//a/@href")
    assert grid == [
        "../deck-page.html",
        "../ovens.html#oven-home",
        "../ovens.html#oven-camp",
    ]
    told = json.loads((built.out / "toolkit.json").read_text("utf-8"))
    addresses = {record["id"]: record["address"] for record in told["records"]}
    assert addresses["deck"] == "deck-page.html"
    assert addresses["home"] == "ovens.html#oven-home"


def test_a_draft_is_no_page_to_lead_to(ovens: Path, builder: Builder) -> None:
    change(ovens / "source/deck-page.md", "title:", "status: draft\ntitle:")
    change(ovens / "source/index.md", ", deck-page, find", ", find")
    built = builder(ovens)
    assert built.code == 0, built.warnings
    links = built.tree("bake/bake-it").xpath("//a[.='a deck oven']/@href")
    assert set(links) == {"../ovens.html#oven-deck"}
    assert uses(built.tree("deck-page")).keys() == {"Works best", "Possible"}


def test_search_finds_the_page_and_not_the_record(
    themed: Path, builder: Builder
) -> None:
    index = (builder(themed).out / "stepwise-search.js").read_text("utf-8")
    assert '"deck-page.html"' in index
    assert "#oven-deck" not in index
    assert '"ovens.html#oven-home"' in index


def test_pages_and_collections_that_are_none_are_told(
    ovens: Path, builder: Builder
) -> None:
    for name, text in {
        "welcome": "\n```{uses}\n```\n",
        "ovens": f"\n{FIND.format('oven')}",
    }.items():
        page = ovens / f"source/{name}.md"
        page.write_text(page.read_text("utf-8") + text, "utf-8")
    built = builder(ovens)
    assert built.code == 1
    assert "x-page" in built.warnings
    assert "Did you mean `ovens`?" in built.warnings
    assert built.warnings.count("[stepwise.reference_unknown]") == 2


# The list of all steps


def test_list_holds_every_step_with_what_it_names(
    themed: Path, builder: Builder
) -> None:
    built = builder(themed)
    assert built.code == 0, built.warnings
    (finder,) = built.tree("find").xpath("//div[@class='stepwise-finder']")
    stages = {
        words(section.find("h3")): [
            (li.get("value"), [words(p) for p in li.xpath("./p")])
            for li in section.xpath("./ol/li")
        ]
        for section in finder.xpath("./section")
    }
    assert stages == {
        "Prepare": [
            ("1", ["Weigh the flour", "Possible: Deck oven, Home oven"]),
            ("2", ["Knead the dough"]),
            ("3", ["Let it prove", "Possible: Deck oven"]),
        ],
        "Bake": [
            ("4", ["Shape a loaf"]),
            (
                "5",
                [
                    "Bake the loaf",
                    "Works best: Deck oven",
                    "Possible: Home oven, Camp oven",
                ],
            ),
        ],
    }
    assert not finder.xpath(".//form | .//select | .//input | .//button")
    assert json.loads(finder.get("data-facets")) == [
        ["stage", "Stage", [["prepare", "Prepare"], ["bake", "Bake"]]],
        [
            "guidebook",
            "Guidebook",
            [["quick", "Quick"], ["thorough", "Bread with care"]],
        ],
        [
            "oven",
            "Oven",
            [["deck", "Deck oven"], ["home", "Home oven"], ["camp", "Camp oven"]],
        ],
        ["by", "Suits", [["best", "Works best"], ["possible", "Possible"]]],
    ]
    found = [json.loads(li.get("data-found")) for li in finder.xpath(".//li")]
    assert found[4] == [
        "bake",
        ["quick", "thorough"],
        {"best": ["deck"], "possible": ["home", "camp"]},
    ]


def test_records_as_links_lead_to_pages_and_are_no_shelf(
    ovens: Path, builder: Builder
) -> None:
    tree = builder(ovens).tree("find")
    (listed,) = tree.xpath("//ul[contains(@class, 'stepwise-index')]")
    assert [words(item) for item in listed] == [
        "Deck oven Even heat from below.",
        "Home oven",
        "Camp oven Coals.",
    ]
    assert listed.xpath(".//a/@href") == [
        "deck-page.html",
        "ovens.html#oven-home",
        "ovens.html#oven-camp",
    ]


def test_script_is_loaded_only_where_it_is_needed(
    themed: Path, builder: Builder
) -> None:
    built = builder(themed)
    loaded = {
        file.relative_to(built.out).as_posix()
        for file in built.out.rglob("*.html")
        if re.search(r'<script [^>]*src="[^"]*finder\.js', file.read_text("utf-8"))
    }
    assert loaded == {"find.html"}
    assert (built.out / "_static/finder.js").stat().st_size <= 6_000


@pytest.mark.parametrize(
    "name", ["html", "dirhtml", "singlehtml", "epub", "text", "latex"]
)
def test_elsewhere_it_is_a_plain_list(ovens: Path, builder: Builder, name: str) -> None:
    built = builder(ovens, name)
    assert built.code == 0, built.warnings
    if name in {"text", "latex"}:
        files = [*built.out.rglob("*.txt"), *built.out.rglob("*.tex")]
    else:
        files = [*built.out.rglob("*.html"), *built.out.rglob("*.xhtml")]
    text = "".join(file.read_text("utf-8") for file in files)
    assert "Camp oven" in text
    assert "Bakes" in text
    assert "data-found" not in text
    assert "finder.js" not in text


def test_words_stay_words(themed: Path, builder: Builder) -> None:
    make_hostile(themed)
    built = builder(themed)
    assert built.code == 0, built.warnings
    tree = built.tree("find")
    (finder,) = tree.xpath("//div[@class='stepwise-finder']")
    facets = json.loads(finder.get("data-facets"))
    assert facets[2][2][0] == ["deck", WORDS]
    assert not finder.xpath(".//script")
    names = [words(li.xpath("./p")[0]) for li in finder.xpath(".//li")]
    wanted = plain(WORDS.replace("\x07", ""))
    assert all(wanted in plain(name.replace("\x07", "")) for name in names)


# What is written again


@pytest.mark.long
def test_what_is_shown_of_others_is_never_stale(themed: Path, builder: Builder) -> None:
    source = themed / "source"
    builder(themed)
    edits = [
        (source / "prepare/weigh.md", "possible: [deck, home]", "best: [deck]"),
        (source / "bake/bake-it.md", "bakes *evenly*", "bakes in an hour"),
        (source / "prepare/knead.md", "title: Knead", "title: Pull"),
        (source / "data/ovens.yml", "  about: deck-page\n", "  about: find\n"),
        (source / "data/ovens.yml", "name: Home oven", "name: Stove"),
    ]
    for file, old, new in edits:
        change(file, old, new)
        kept, fresh = builder(themed), builder(themed, fresh=True)
        assert kept.findings == fresh.findings
        assert contents(kept.out) == contents(fresh.out), new


def test_only_pages_that_show_a_step_are_written_again(
    ovens: Path, builder: Builder
) -> None:
    before = written(builder(ovens))
    change(ovens / "source/bake/bake-it.md", "bakes *evenly*", "bakes in an hour")
    after = written(builder(ovens))
    assert {name for name in before if before[name] != after[name]} == {
        "bake/bake-it.html",
        "deck-page.html",
    }


def written(built: Result) -> dict[str, int]:
    assert built.code == 0, built.warnings
    return {
        file.relative_to(built.out).as_posix(): file.stat().st_mtime_ns
        for file in built.out.rglob("*.html")
        if file.stem not in {"search", "genindex"}
    }


def test_a_page_that_becomes_a_folder_is_not_replaced_by_its_redirect(
    baking: Path, builder: Builder
) -> None:
    """As folders, `ovens` and `ovens/index` have one address."""
    source = baking / "source"
    (source / "ovens").mkdir()
    (source / "ovens.md").rename(source / "ovens/index.md")
    change(source / "ovens/index.md", "title:", "redirect_from: [ovens]\ntitle:")
    change(source / "index.md", "ovens.md", "ovens/index.md")
    for name, redirected in {"dirhtml": False, "html": True}.items():
        built = builder(baking, name)
        assert built.code == 0, built.warnings
        page = "ovens/index"
        assert words(built.tree(page).find(".//h1")).startswith("Ovens")
        assert (built.out / "ovens.html").is_file() == redirected


# The real toolkit


def test_every_team_that_takes_part_has_a_page_with_its_steps(real_site: Site) -> None:
    navigation = real_site.navigation
    catalogue = navigation.catalogue
    schema = catalogue.schemas["step"]
    teams = {
        name
        for step in navigation.canonical
        for names in step.data["roles"].values()
        for name in names
    }
    index = catalogue.page("your-team")
    assert index
    pages = []
    for name in teams:
        record = catalogue.find(("team",), name)
        assert isinstance(record, Record)
        page = catalogue.own_page(record)
        assert page, name
        assert page.docname == f"your-team/{name}"
        pages.append(page)
        shown = {
            heading: [step[0] for step in steps]
            for heading, steps in uses(real_site.built.tree(page.docname)).items()
        }
        wanted = {
            schema.title_of("roles", role): [
                step.title
                for step in navigation.canonical
                if name in step.data["roles"].get(role, ())
            ]
            for role in schema.properties("roles")
        }
        assert shown == {role: steps for role, steps in wanted.items() if steps}
    assert set(navigation.children(index)) == set(pages)


def test_every_step_says_what_each_team_does(real_site: Site) -> None:
    """No team's page falls back on a step's summary."""
    summaries = {step.summary for step in real_site.navigation.canonical}
    for page in real_site.navigation.walk():
        if page.docname.startswith("your-team/") and page.id != "your-team":
            for steps in uses(real_site.built.tree(page.docname)).values():
                assert not summaries & {told for _, told, _ in steps}, page.id

"""Checks have ids that last, and pages that list steps know how many there are."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from builds import contents
from checked import KNEAD, make_checks, replace, set_checks
from hostile import WORDS, plain
from sphinx_stepwise.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from builds import Builder, Result
    from sites import Site

TALLIES = "//*[contains(concat(' ', @class, ' '), ' stepwise-tally ')]"
LINES = "//section[contains(@class, 'stepwise-checklist')]/ul/li"
BOXES = f"{LINES}[@id]"


@pytest.fixture
def kit(baking: Path) -> Path:
    """Return the miniature toolkit with checks, in our theme."""
    make_checks(baking)
    return baking


def words(element: Any) -> str:
    return plain(element.text_content())


def ids(built: Result, docname: str = "prepare/knead") -> list[str]:
    """Return the ids of a page's checks, in their order."""
    return [str(item.get("id")) for item in built.tree(docname).xpath(BOXES)]


def counted(built: Result, docname: str) -> list[str]:
    """Return what a page's tallies count."""
    tallies = built.tree(docname).xpath(TALLIES)
    return [tally.get("data-checks") for tally in tallies]


def tally(built: Result, *pages: tuple[str, str]) -> str:
    """Return what a tally of pages must hold, each with its id and docname."""
    parts = []
    for page, docname in pages:
        names = (i.removeprefix("check-") for i in ids(built, docname))
        parts.append(f"{page}:{','.join(names)}")
    return " ".join(parts)


KNEADING = ("knead", "prepare/knead")
PROVING = ("prove", "prepare/prove")


# Ids


def test_every_check_of_the_toolkit_has_an_id_and_is_counted(real_site: Site) -> None:
    built, navigation = real_site.built, real_site.navigation
    listed = counted(built, "index")
    assert len(listed) == len(navigation.canonical)
    for step, found in zip(navigation.canonical, listed, strict=True):
        names = ids(built, step.docname)
        assert len(names) >= 3
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"check-[0-9a-f]{8}(-\d+)?", name) for name in names)
        assert found == tally(built, (step.id, step.docname))
        body = built.tree(step.docname).find("body")
        assert body.get("data-page") == step.id
        assert body.get("data-progress") == "../your-progress.html"


def test_checks_with_the_same_words_are_told_apart(kit: Path, builder: Builder) -> None:
    built = builder(kit)
    assert built.code == 0, built.warnings
    names = ids(built)
    assert len(set(names)) == len(names) == 5  # what is nested is no check
    assert len(built.tree("prepare/knead").xpath(LINES)) == 6  # nor is an empty line
    assert names[3] == f"{names[0]}-2"
    assert not {*ids(built, "prepare/prove")} & {*names}


@pytest.mark.long
def test_an_id_outlasts_all_but_other_words(kit: Path, builder: Builder) -> None:
    before = ids(builder(kit))
    smooth, hot, clean, again, rests = before
    page = kit / "source/prepare/knead.md"

    lines = KNEAD.splitlines(keepends=True)
    set_checks(page, "".join([lines[2], lines[1], lines[0]]))
    assert ids(builder(kit)) == [clean, hot, smooth]

    # Words that come from elsewhere are not the check's own.
    replace(kit / "source/prepare/prove.md", "title: Let it", "title: Make it")
    replace(kit / "source/data/ovens.yml", "short: a deck oven", "short: the deck")
    set_checks(page, KNEAD.replace("The dough is smooth.", "the *dough* is  Smooth"))
    assert ids(builder(kit)) == before

    # Nor is the place of this page, or of one that it links to.
    for old, new in (("prepare/knead", "bake/knead"), ("ovens", "courses/ovens")):
        assert main(["move", "--project", str(kit), old, new]) == 0
    assert ids(builder(kit), "bake/knead") == before

    moved = kit / "source/bake/knead.md"
    set_checks(moved, KNEAD.replace("It rests", "It sleeps").replace("prove", "shape"))
    now = ids(builder(kit), "bake/knead")
    assert [now[0], now[2], now[3]] == [smooth, clean, again]
    assert not {now[1], now[4]} & {hot, rests}


def test_a_renamed_page_tells_its_former_ids(kit: Path, builder: Builder) -> None:
    assert main(["move", "--project", str(kit), "prepare/knead", "prepare/work"]) == 0
    built = builder(kit)
    assert built.code == 0, built.warnings
    body = built.tree("prepare/work").find("body")
    assert (body.get("data-page"), body.get("data-was")) == ("work", "knead")
    (told,) = built.tree("index").xpath(f"{TALLIES}[@data-was]")
    assert (told.get("data-page"), told.get("data-was")) == ("work", "knead")

    # Until another page takes the id: its ticks are its own.
    other = "---\nkind: page\ntitle: Knees\nstatus: draft\n---\n\nSoon.\n"
    (kit / "source/knead.md").write_text(other)
    built = builder(kit)
    assert built.tree("prepare/work").find("body").get("data-was") is None
    assert not built.tree("index").xpath(f"{TALLIES}[@data-was]")


# Where they are counted


def test_lists_of_steps_count_the_checks_of_each(kit: Path, builder: Builder) -> None:
    built = builder(kit)
    both = [tally(built, KNEADING), tally(built, PROVING)]
    assert counted(built, "index") == both
    assert counted(built, "prepare/index") == both
    assert counted(built, "courses/quick") == both[:1]
    for docname in ("index", "prepare/index", "courses/quick"):
        # Only the script fills them.
        tallies = built.tree(docname).xpath(TALLIES)
        assert [t.text_content() for t in tallies] == [""] * len(tallies)
    # In the document with all steps each check says of which page it is.
    whole = built.tree("courses/quick/all").xpath(BOXES)
    assert [item.get("id") for item in whole] == [f"knead--{i}" for i in ids(built)]


def test_page_of_progress_is_a_list_to_print(kit: Path, builder: Builder) -> None:
    built = builder(kit)
    tree = built.tree("progress")
    stages, courses, others = tree.xpath("//ul[contains(@class, 'stepwise-progress')]")
    assert [words(stage[0]) for stage in stages] == ["Prepare (6 checks)", "Bake"]
    assert [words(step) for step in stages[0].xpath("./ol/li")][1:] == [
        "Knead the dough (5 checks)",
        "Let it prove (1 check)",
    ]
    assert [list_.get("start") for list_ in stages.xpath("./li/ol")] == ["1", "4"]
    assert words(courses[0]) == "Bread in a hurry (5 checks)"
    assert [words(page) for page in others] == ["Welcome (1 check)"]
    links = stages.xpath("./li/ol/li//a/@href")
    assert links[1:3] == ["prepare/knead.html", "prepare/prove.html"]
    assert counted(built, "progress")[:3] == [
        tally(built, KNEADING, PROVING),
        tally(built, KNEADING),
        tally(built, PROVING),
    ]


def test_its_script_is_loaded_there_and_nowhere_else(
    kit: Path, builder: Builder
) -> None:
    out = builder(kit).out
    with_it = {
        file.relative_to(out).as_posix()
        for file in out.rglob("*.html")
        if "_static/progress." in file.read_text("utf-8")
    }
    assert with_it == {"progress.html"}


def test_without_such_a_page_nothing_leads_to_it(kit: Path, builder: Builder) -> None:
    builder(kit)
    (kit / "source/progress.md").unlink()
    replace(kit / "source/index.md", "progress, ", "")
    built = builder(kit)
    assert built.code == 0, built.warnings
    body = built.tree("prepare/knead").find("body")
    assert body.get("data-page") == "knead"
    assert body.get("data-progress") is None


def test_a_wrong_argument_is_told(kit: Path, builder: Builder) -> None:
    replace(kit / "source/progress.md", "{progress} pages", "{progress} ovens")
    built = builder(kit)
    assert built.code == 1
    assert "progress.md:18" in built.warnings
    assert '"guidebooks"' in built.warnings


def test_hostile_words_are_words(kit: Path, builder: Builder) -> None:
    titled = f"title: {json.dumps(WORDS)}"
    replace(kit / "source/prepare/knead.md", "title: Knead the dough", titled)
    replace(kit / "conf.py", '"Baking course"', f"{WORDS!r}\nsmartquotes = False")
    hostile = "- </li><script>alert(1)</script> & \u202e\u0645\u202c " + "x" * 300
    set_checks(kit / "source/prepare/prove.md", f"{hostile}\n- \\!?\n- \u2026\n")
    built = builder(kit)
    tree = built.tree("progress")
    assert not tree.xpath("//script[not(@src) and not(@type)]")
    (desk,) = tree.xpath("//div[@class='stepwise-desk']")
    assert desk.get("data-toolkit").replace("\r", "") == WORDS
    assert set(json.loads(desk.get("data-words"))) >= {"save", "load", "clear"}
    assert plain(WORDS) in words(tree.xpath("//ol/li")[1])
    names = ids(built, "prepare/prove")
    assert len(set(names)) == 3  # two have no words at all
    assert all(re.fullmatch(r"check-[0-9a-f]{8}(-2)?", name) for name in names)


# Other themes and formats, and builds that are like clean ones


@pytest.mark.parametrize(
    ("theme", "name"), [("alabaster", "html"), ("stepwise", "singlehtml")]
)
def test_elsewhere_nothing_waits_for_a_script(
    baking: Path, builder: Builder, theme: str, name: str
) -> None:
    make_checks(baking, theme)
    built = builder(baking, name)
    assert built.code == 0, built.warnings
    for file in built.out.rglob("*.html"):
        text = file.read_text("utf-8")
        assert "data-checks" not in text
        assert "stepwise-desk" not in text
        assert "progress.js" not in text
    text = words(built.tree("progress" if name == "html" else "index"))
    assert "Knead the dough (5 checks)" in text


def test_text_holds_the_list_as_well(kit: Path, builder: Builder) -> None:
    built = builder(kit, "text")
    assert built.code == 0, built.warnings
    text = (built.out / "progress.txt").read_text("utf-8")
    assert "Let it prove (1 check)" in text
    assert "(5" not in (built.out / "index.txt").read_text("utf-8")


@pytest.mark.long
def test_each_build_equals_a_clean_one(kit: Path, builder: Builder) -> None:
    source = kit / "source"
    edits = [
        (source / "prepare/knead.md", "It rests", "It sleeps"),
        (source / "prepare/knead.md", "- It sleeps.", "It sleeps."),
        (source / "prepare/prove.md", "## Watch", "- one more\n\n## Watch"),
        (source / "prepare/index.md", "knead, prove", "prove, knead"),
        (source / "courses/quick.md", "  - knead\n", "  - knead\n  - prove\n"),
        (source / "welcome.md", "- Your hands are dry.", "Dry."),
        (source / "progress.md", "{progress} guidebooks", "{progress}"),
        (source / "prepare/prove.md", "title: Let", "redirect_from: [a]\ntitle: Let"),
    ]
    builder(kit, "html", "-j", "2")
    for pair in (edits[:2], edits[2:4], edits[4:6], edits[6:]):
        for file, old, new in pair:
            replace(file, old, new)
        kept = builder(kit, "html", "-j", "2")
        fresh = builder(kit, fresh=True)
        assert kept.code == fresh.code, pair
        assert contents(kept.out) == contents(fresh.out), pair

"""What readers get from each builder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builds import Builder

if TYPE_CHECKING:
    from builds import Result

BAKING = Path(__file__).parents[1] / "roots" / "baking"


def ways(tree: Any, xpath: str) -> dict[str, tuple[str, str]]:
    """Return "Back": (title, address) and so on of one group of links."""
    found = {}
    for item in tree.xpath(f"{xpath}//li"):
        word, _, title = item.text_content().strip().partition(": ")
        found[word] = (title, item.xpath(".//a/@href")[0])
    return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return the miniature toolkit as HTML; nothing changes it."""
    return Builder(tmp_path_factory.mktemp("baking"))(BAKING)


@pytest.fixture
def step_page(built: Result) -> Any:
    """Return the last step of the miniature toolkit, in two guidebooks."""
    return built.tree("bake/bake-it")


def test_step_says_where_it_stands(step_page: Any) -> None:
    trail = step_page.xpath("//nav[@aria-label='Breadcrumb']//a")
    assert [(a.text_content(), a.get("href")) for a in trail] == [
        ("Baking course", "../index.html"),
        ("Bake", "index.html"),
    ]
    place = step_page.xpath("//p[contains(@class, 'stepwise-place')]")[0]
    assert place.text_content() == "Step 5 of 5 · Bake 2 of 2"


def test_step_has_back_forward_and_home(built: Result) -> None:
    nav = "//nav[@aria-label='Back and Forward']"
    assert ways(built.tree("bake/shape"), nav) == {
        "Back": ("Let it prove", "../prepare/prove.html"),
        "Forward": ("Bake the loaf", "bake-it.html"),
        "Home": ("Baking course", "../index.html"),
    }
    assert set(ways(built.tree("bake/bake-it"), nav)) == {"Back", "Home"}
    assert set(ways(built.tree("prepare/weigh"), nav)) == {"Forward", "Home"}


def test_step_has_a_panel_for_each_guidebook(step_page: Any) -> None:
    panels = step_page.xpath("//nav[contains(@class, 'stepwise-panel')]")
    assert [p.get("aria-label") for p in panels] == [
        "Bread in a hurry",
        "Bread with care",
    ]
    assert [p.xpath("./p[2]")[0].text_content() for p in panels] == [
        "Step 2 of 2",
        "Step 5 of 5",
    ]
    quick = "//nav[@aria-label='Bread in a hurry']"
    assert ways(step_page, quick) == {
        "Back": ("Knead the dough", "../prepare/knead.html")
    }
    assert step_page.xpath(f"{quick}/p/a/@href") == ["../courses/quick.html"]


def test_theme_is_told_the_same(built: Result) -> None:
    head = built.tree("bake/shape")
    assert head.xpath("//link[@rel='prev']/@href") == ["../prepare/prove.html"]
    assert head.xpath("//link[@rel='next']/@href") == ["bake-it.html"]


def test_grid_is_a_table_with_row_headers(step_page: Any) -> None:
    rows = step_page.xpath("//section[@id='which-oven']//table//tr")
    assert [
        (row.xpath("string(th)").strip(), row.xpath("string(td)").strip())
        for row in rows
    ] == [("Works best", "Deck oven"), ("Possible", "Home oven, Camp oven")]
    links = step_page.xpath("//section[@id='which-oven']//td//a/@href")
    assert links[0] == "../ovens.html#oven-deck"


def test_roles_link_by_id(built: Result) -> None:
    home = built.tree("index").xpath("//a[.='Knead the dough']/@href")
    assert home[0] == "prepare/knead.html"
    prove = built.tree("prepare/prove").xpath("//a[.='kneading']/@href")
    assert prove == ["knead.html"]
    stage = built.tree("welcome").xpath("//a[.='Prepare']/@href")
    assert "prepare/index.html" in stage
    oven = built.tree("bake/bake-it").xpath("//a[.='a deck oven']/@href")
    assert oven == ["../ovens.html#oven-deck"]


def test_listings_show_all_in_order(baking: Path, builder: Builder) -> None:
    out = builder(baking)
    home = out.tree("index")
    stages = home.xpath("//ul[contains(@class, 'stepwise-stages')]/li")
    assert [li.xpath("string(.//a)") for li in stages] == ["Prepare", "Bake"]
    maps = home.xpath("//ul[contains(@class, 'stepwise-step-map')]/li")
    assert [len(li.xpath("./ol/li")) for li in maps] == [3, 2]
    assert [li.xpath("string(./ol/@start)") for li in maps] == ["1", "4"]
    quick = out.tree("courses/quick").xpath("//ol/li//a")
    assert [a.text_content() for a in quick] == ["Knead the dough", "Bake the loaf"]
    books = out.tree("courses/index")
    listed = books.xpath("//ul[contains(@class, 'stepwise-guidebooks')]/li//a")
    assert [a.get("href") for a in listed] == ["quick.html", "thorough.html"]


def test_records_show_who_refers_to_them(built: Result) -> None:
    section = built.tree("ovens").xpath("//section[@id='oven-camp']")[0]
    text = section.text_content().split()
    assert "Coals." in text
    assert section.xpath("string(.//p[contains(@class, 'label')])") == "Possible"
    assert section.xpath(".//li//a/@href") == ["bake/bake-it.html"]


def test_objects_are_in_inventory_and_search(baking: Path, builder: Builder) -> None:
    from builds import contents

    found = contents(builder(baking).out)
    assert (
        "knead guide:step 1 prepare/knead.html Knead the dough" in found["objects.inv"]
    )
    # An inventory writes $ for the object's own name.
    assert "deck guide:oven 1 ovens.html#oven-$ Deck oven" in found["objects.inv"]
    searched = {entry[1] for entry in found["searchindex.js"]["objects"]}
    assert {"prepare/knead", "ovens"} <= searched


def test_description_is_the_summary(built: Result) -> None:
    tree = built.tree("prepare/knead")
    assert tree.xpath("//meta[@name='description']/@content") == [
        "How to knead the dough."
    ]


def test_dirhtml(baking: Path, builder: Builder) -> None:
    out = builder(baking, "dirhtml")
    assert out.code == 0
    tree = out.tree("bake/shape/index")
    assert ways(tree, "//nav[@aria-label='Back and Forward']")["Back"][1] == (
        "../../prepare/prove/"
    )


def test_singlehtml(baking: Path, builder: Builder) -> None:
    out = builder(baking, "singlehtml")
    assert out.code == 0
    tree = out.tree("index")
    panels = tree.xpath("//nav[contains(@class, 'stepwise-panel')]")
    assert len(panels) == 7  # two steps in a hurry, five with care
    ids = set(tree.xpath("//@id"))
    hrefs = tree.xpath("//nav[contains(@class, 'stepwise')]//a/@href")
    assert hrefs
    assert {h.partition("#")[2] for h in hrefs if "#" in h} <= ids


def test_gettext(baking: Path, builder: Builder) -> None:
    out = builder(baking, "gettext")
    assert out.code == 0
    template = (out.out / "prepare.pot").read_text("utf-8")
    assert 'msgid "Knead the dough"' in template
    assert 'msgid "How to knead the dough."' in template


def test_linkcheck(baking: Path, builder: Builder) -> None:
    """Links inside the toolkit are not fetched; the one outside is left alone."""
    ignored = "linkcheck_ignore=https://example.org/.*"
    built = builder(baking, "linkcheck", "-D", ignored)
    assert built.code == 0
    listed = (built.out / "output.json").read_text("utf-8")
    assert "https://example.org/deck" in listed
    assert "knead" not in listed


@pytest.mark.parametrize("name", ["text", "latex", "man", "texinfo"])
def test_other_builders_write_the_words(
    baking: Path, builder: Builder, name: str
) -> None:
    out = builder(baking, name)
    assert out.code == 0, out.warnings
    text = "".join(f.read_text("utf-8", "replace") for f in out.out.rglob("*.t*xt"))
    if name == "text":
        assert "Step 5 of 5 · Bake 2 of 2" in text


def test_guidebook_shows_its_own_notes(baking: Path, builder: Builder) -> None:
    steps = builder(baking).tree("courses/quick").xpath("//ol/li")
    notes = [li.xpath("string(p[2])") for li in steps]
    assert notes == ["How to knead the dough.", "Hotter, and shorter."]


def test_one_record_stands_in_a_box(baking: Path, builder: Builder) -> None:
    page = baking / "source/prepare/knead.md"
    box = "```{record} oven camp\n:show: heat\n```"
    page.write_text(f"{page.read_text()}\n{box}\n")
    out = builder(baking)
    assert out.code == 0, out.warnings
    (drawn,) = out.tree("prepare/knead").xpath(
        "//*[contains(@class, 'stepwise-record')]"
    )
    words = " ".join(drawn.text_content().split())
    assert words.startswith("Camp oven Nobody here has seen it.")
    assert "Coals." in words
    assert drawn.xpath(".//a/@href") == ["../ovens.html#oven-camp"]

    line = page.read_text().split("\n").index("```{record} oven camp") + 1
    page.write_text(page.read_text().replace("oven camp", "oven kamp"))
    place = f"source/prepare/knead.md:{line}:18"
    assert builder(baking).findings == [f"{place} reference_unknown"]

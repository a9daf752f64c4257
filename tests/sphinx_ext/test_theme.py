"""The theme `stepwise`: what stands where, what it weighs, and what it never does."""

from __future__ import annotations

import gzip
import posixpath
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from builds import contents
from hostile import BASE
from lxml import html
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builds import Builder, Result
    from sites import Site

ROOT = Path(__file__).parents[2]
#: The path of the site.
ROOTED = f"{urlsplit(BASE).path}/"
STEP = "strategy/engage-the-market-early"
NAVIGATION, _ = check_project(load_project(ROOT))


@pytest.fixture(scope="session")
def site(real_site: Site) -> Result:
    """Return the real site, as it is published."""
    return real_site.built


@pytest.fixture
def themed(baking: Path) -> Path:
    """Return the miniature toolkit in our theme."""
    conf = baking / "conf.py"
    conf.write_text(conf.read_text().replace('"alabaster"', '"stepwise"'))
    return baking


def pages(out: Path) -> Iterator[tuple[str, Any]]:
    """Yield the address and tree of every page; one that only redirects is none."""
    for file in sorted(out.rglob("*.html")):
        tree = html.parse(str(file)).getroot()
        if not tree.xpath("//meta[@http-equiv='refresh']"):
            yield file.relative_to(out).as_posix(), tree


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def has(name: str) -> str:
    """Return the XPath condition that an element has a class."""
    return f"contains(concat(' ', @class, ' '), ' {name} ')"


# What stands where


def test_parts_of_a_step_stand_in_their_places(site: Result) -> None:
    tree = site.tree(STEP)
    (main,) = tree.xpath("//main")
    (rail,) = tree.xpath(f"//div[{has('rail')}]")
    (crumbs,) = tree.xpath("//nav[@aria-label='Breadcrumb']")
    assert not {main, rail} & set(crumbs.iterancestors())
    order = [crumbs, main, rail]
    assert order == sorted(order, key=list(tree.iter()).index)
    place, section = main[0], main[1]
    assert words(place) == "Step 9 of 24 · Strategy 4 of 7"
    assert [part.tag for part in section[:3]] == ["h1", "p", "ul"]
    labels = [nav.get("aria-label") for nav in rail.xpath("./nav")]
    assert labels[:4] == [
        "15 Essential Activities",
        "Guide to Market Engagement",
        "On this page",
        "Related steps",
    ]
    assert not main.xpath(f".//*[{has('stepwise-panel')}]")
    assert [nav.get("aria-label") for nav in main.xpath(".//nav")] == [
        "Sources for this page",
        "Back and Forward",
    ]


def test_bar_has_a_tick_for_each_step_and_is_only_for_the_eye(site: Result) -> None:
    (bar,) = site.tree(STEP).xpath(f"//*[{has('stepwise-ticks')}]")
    assert bar.get("aria-hidden") == "true"
    assert [len(stage) for stage in bar] == [5, 7, 4, 4, 4]
    assert [tick.get("class") for tick in bar.iter("i")] == (
        ["done"] * 8 + ["here"] + [None] * 15
    )


def test_contents_list_the_sections_that_readers_see(site: Result) -> None:
    for docname in (STEP, "reference/facts"):
        tree = site.tree(docname)
        listed = tree.xpath("//nav[@aria-label='On this page']//a")
        sections = tree.xpath("//main/section/section")
        assert len(sections) > 3
        assert [a.get("href") for a in listed] == [f"#{s.get('id')}" for s in sections]
        assert [words(a) for a in listed] == [words(s.find("h2")) for s in sections]
    assert not site.tree("index").xpath("//nav[@aria-label='On this page']")


def test_things_to_use_stand_before_the_checklist(site: Result) -> None:
    things, checklist = site.tree(STEP).xpath("//main/section/section")[-2:]
    assert "stepwise-things" in things.get("class")
    kinds = things.xpath(f".//li//*[{has('stepwise-sort')}]/text()")
    assert kinds == ["Template", "Template", "Example"]
    assert "stepwise-checklist" in checklist.get("class")
    (rules,) = site.tree(STEP).xpath(f"//section[{has('stepwise-rules')}]/h3")
    assert words(rules) == "What the law asks"


def test_grid_takes_up_what_the_list_below_it_says(site: Result) -> None:
    for step in NAVIGATION.canonical:
        (section,) = site.tree(step.docname).xpath("//section[@id='who-should-do-it']")
        (grid,) = section.xpath("./table")
        cells = [words(p) for p in grid.xpath(".//td/p")]
        assert all(re.fullmatch(r"[^:]+: .+", cell) for cell in cells), step.id
        assert not section.xpath("./ul"), step.id


@pytest.mark.parametrize(
    ("below", "taken"),
    [
        (
            "- {oven}`deck`: even.\n- {oven}`home`: slow.\n- {oven}`camp`: *wild*.\n",
            True,
        ),
        ("- {oven}`deck`: even.\n- {oven}`home`: slow.\n", False),
        ("- {oven}`deck`: a.\n- {oven}`home`: b.\n- {oven}`camp`\n", False),
        ("- {oven}`deck`: a.\n- {oven}`home`: b.\n- {oven}`nothing`: c.\n", False),
        ("- {oven}`deck`: a.\n- {oven}`deck`: b.\n- {oven}`home`: c.\n", False),
    ],
)
def test_list_below_a_grid_is_taken_only_if_it_tells_of_all(
    themed: Path, builder: Builder, below: str, *, taken: bool
) -> None:
    page = themed / "source/bake/bake-it.md"
    page.write_text(page.read_text().replace("Any will do.\n", below))
    (section,) = (
        builder(themed).tree("bake/bake-it").xpath("//section[@id='which-oven']")
    )
    assert bool(section.xpath("./ul")) is not taken
    assert len(section.xpath(".//td/p")) == (3 if taken else 2)
    if taken:
        assert words(section.xpath(".//tr[2]/td")[0]) == (
            "Home oven: slow. Camp oven: wild."
        )


def test_step_map_is_a_nested_list_that_says_what_its_circles_mean(
    site: Result,
) -> None:
    tree = site.tree("index")
    columns = tree.xpath(f"//ul[{has('stepwise-step-map')}]/li")
    assert [li.get("class") for li in columns] == [
        f"stepwise-stage-{number}" for number in range(1, 6)
    ]
    assert [li.find("ol").get("start") for li in columns] == [
        "1",
        "6",
        "13",
        "17",
        "21",
    ]
    essential = [
        i for li in columns for i in li.xpath(f"./ol/li[{has('stepwise-filled')}]")
    ]
    assert len(essential) == 15
    assert all(words(li).endswith(" (Essential)") for li in essential)
    legend = tree.xpath(f"//ul[{has('stepwise-legend')}]/li")
    assert [words(li) for li in legend] == ["Essential", "Additional", "Other steps"]


def test_without_marked_guidebooks_there_is_no_legend(
    themed: Path, builder: Builder
) -> None:
    tree = builder(themed).tree("index")
    assert len(tree.xpath(f"//ul[{has('stepwise-step-map')}]//ol/li")) == 5
    assert not tree.xpath(f"//*[{has('stepwise-legend')} or {has('stepwise-mark')}]")


def test_journey_is_numbered_with_notes_and_stages(site: Result) -> None:
    book = NAVIGATION.guidebooks[3]
    tree = site.tree(book.page.docname)
    assert tree.find("body").get("data-guide") == book.page.id
    (journey,) = tree.xpath(f"//ol[{has('stepwise-journey')}]")
    for item, step in zip(journey, book.steps, strict=True):
        assert step.title in words(item[0])
        assert words(item[1]) == book.page.note("steps", step.id)
    assert words(journey[0][-1]) == "Preparation"
    stage = site.tree("strategy/index")
    assert words(stage.xpath("//main/p")[0]) == "Stage 2 of 5"
    assert stage.xpath(f"//ol[{has('stepwise-journey')}]/@start") == ["6"]


def test_menu_and_footer_say_where_the_reader_is(site: Result) -> None:
    def current(docname: str) -> list[tuple[str, str]]:
        links = site.tree(docname).xpath("//a[@aria-current]")
        return [(words(a), a.get("aria-current")) for a in links]

    assert current("guidebooks/index") == [("Guidebooks", "page")]
    assert current("guidebooks/collaboration") == [("Guidebooks", "true")]
    assert current("reference/tools") == [("Tools", "page")]
    assert current(STEP) == []
    assert current("about/privacy") == [("Privacy", "page")]
    assert current("about/index") == [("About this toolkit", "page")]
    heading = site.tree("index").find(".//h1")
    assert words(heading) == "Buy technology better"
    assert site.tree("index").find(".//title").text.startswith("Innovation in")


def test_without_a_menu_the_toolkits_own_pages_are_shown(
    themed: Path, builder: Builder
) -> None:
    links = builder(themed).tree("welcome").xpath("//nav[@aria-label='Main']//a")
    assert [(words(a), a.get("href")) for a in links] == [
        ("Courses", "courses/index.html"),
        ("Ovens", "ovens.html"),
    ]


def test_links_of_settings_that_lead_nowhere_fail_on_every_run(
    themed: Path, builder: Builder
) -> None:
    conf = themed / "conf.py"
    conf.write_text(
        f"{conf.read_text()}\nhtml_theme_options = {{'menu': ['ovans'], "
        "'footer_links': ['More <https://example.org/?a=1&b=2>']}\n"
        "stepwise_marked = ['knead']\n"
    )
    for _ in range(2):
        built = builder(themed)
        assert built.code == 1
        assert built.warnings.count("[stepwise.reference_unknown]") == 2
        assert "`ovens`" in built.warnings
    (link,) = built.tree("index").xpath("//footer//a")
    assert link.get("href") == "https://example.org/?a=1&b=2"


# What it weighs, and what it never does


def test_first_view_of_a_step_is_light(site: Result) -> None:
    page = (site.out / f"{STEP}.html").read_bytes()
    tree = html.fromstring(page)
    files = tree.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src")
    paths = [
        posixpath.normpath(posixpath.join("strategy", urlsplit(uri).path))
        for uri in files
    ]
    assert paths == [
        "_static/stepwise.svg",
        "_static/stepwise.css",
        "_static/stepwise.js",
    ]
    weight = sum(
        len(gzip.compress(data))
        for data in (page, *((site.out / path).read_bytes() for path in paths))
    )
    assert weight <= 30_000
    assert (site.out / "_static/stepwise.css").stat().st_size <= 30_000
    assert (site.out / "_static/stepwise.js").stat().st_size <= 20_000


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(site: Result) -> None:
    ours = "/(design-tabs|finder|progress|pygments|sphinx-design|stepwise)[.]"
    for name, tree in pages(site.out):
        assert not tree.xpath("//style | //@style"), name
        handlers = [a for a in tree.xpath("//@*") if a.attrname.startswith("on")]
        assert not handlers, name
        for script in tree.xpath("//script[not(@src)]"):
            assert script.get("type") == "application/ld+json", name
        loaded = tree.xpath(
            "//script/@src | //img/@src | //iframe/@src"
            " | //link[@rel='stylesheet' or @rel='icon']/@href"
        )
        assert not [uri for uri in loaded if urlsplit(uri).netloc], name
        if name != "search.html":
            assert all(re.search(ours, uri) for uri in loaded), name


def test_code_brings_its_colours_only_where_there_is_code(site: Result) -> None:
    def styled(docname: str) -> bool:
        return bool(site.tree(docname).xpath("//link[contains(@href, 'pygments')]"))

    assert styled("contributing/style-guide")
    assert not styled(STEP)


def test_design_components_bring_their_styles_only_where_they_are(
    site: Result,
) -> None:
    with_tabs = {"contributing/change-a-page.html"}
    for name, tree in pages(site.out):
        loaded = tree.xpath("//head/link/@href | //head/script/@src")
        design = [file for file in loaded if re.search("design[.-](min|tabs)", file)]
        assert len(design) == (2 if name in with_tabs else 0), name


def test_every_page_has_its_landmarks_and_no_id_twice(site: Result) -> None:
    for name, tree in pages(site.out):
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), name
        assert len(tree.xpath("//main")) == 1, name
        assert len(tree.xpath("//h1")) == 1, name
        labels = tree.xpath("//nav/@aria-label")
        assert len(labels) == len(tree.xpath("//nav")), name
        assert len(labels) == len(set(labels)), name
        levels = [
            int(h.tag[1])
            for h in tree.xpath(
                "//main//*[self::h1 or self::h2 or self::h3 or self::h4]"
            )
        ]
        assert all(after - before <= 1 for before, after in pairwise(levels)), name


def test_every_link_and_anchor_leads_somewhere(site: Result) -> None:
    trees = dict(pages(site.out))
    ids = {name: set(tree.xpath("//@id")) for name, tree in trees.items()}
    for name, tree in trees.items():
        for uri in tree.xpath("//a/@href | //form/@action"):
            path, anchor = urldefrag(uri)
            if urlsplit(uri).scheme or name == "404.html":
                continue
            folder = posixpath.dirname(name)
            target = posixpath.normpath(posixpath.join(folder, path)) if path else name
            assert (site.out / unquote(target)).is_file(), (name, uri)
            assert not anchor or unquote(anchor) in ids[target], (name, uri)


def test_words_from_pages_are_never_markup(themed: Path, builder: Builder) -> None:
    hostile = "</title><script>alert(1)</script> & > < %s {{ 1 }} עברית"
    for name in ("prepare/knead", "courses/quick", "courses/index"):
        page = themed / f"source/{name}.md"
        text = re.sub(r"(?m)^(title|summary|badge): .*\n", "", page.read_text())
        fields = f"title: '{name} {hostile}'\nsummary: '{hostile}'\n"
        if "guidebook" in text:
            fields += f"badge: '{hostile}'\n"
        page.write_text(text.replace("---\n", f"---\n{fields}", 1))
    out = builder(themed).out
    for name, tree in pages(out):
        assert not tree.xpath("//script[contains(., 'alert') and not(@type)]"), name
    tree = html.parse(str(out / "prepare/knead.html")).getroot()
    for shown in (
        "//h1",
        f"//nav[{has('stepwise-panel')}]",
        "//nav[@aria-label='Main']",
    ):
        assert hostile in words(tree.xpath(shown)[0]), shown


def channel(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    short = colour.lstrip("#")
    full = "".join(c * 2 for c in short) if len(short) == 3 else short
    red, green, blue = (channel(int(full[at : at + 2], 16)) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_of_text_can_be_read_on_every_ground(site: Result) -> None:
    sheet = (site.out / "_static/stepwise.css").read_text("utf-8")
    found = re.findall(r"--([a-z]+): light-dark\((#\w+), (#\w+)\)", sheet)
    grounds = {"page", "panel"}
    texts = [
        pair
        for name, *pair in found
        if name in {"ink", "muted", "accent", "stage", "warn"}
    ]
    assert len(texts) == 4 + 5
    for at in (0, 1):
        for name, *ground in found:
            if name in grounds:
                for text in texts:
                    light, dark = sorted(
                        map(luminance, (text[at], ground[at])), reverse=True
                    )
                    assert (light + 0.05) / (dark + 0.05) >= 6, (text, ground)


# A guidebook as one document


@pytest.mark.parametrize("book", NAVIGATION.guidebooks, ids=lambda b: b.page.id)
def test_whole_guidebook_holds_its_steps_in_its_order(site: Result, book: Any) -> None:
    docname = book.page.docname
    tree = site.tree(f"{docname}/all")
    headings = [words(h) for h in tree.xpath("//main/section/section/h2")]
    assert headings[-len(book.steps) :] == [step.title for step in book.steps]
    (canonical,) = tree.xpath("//link[@rel='canonical']/@href")
    assert canonical == f"{BASE}/{docname}.html"
    assert tree.xpath("//meta[@name='robots']/@content") == ["noindex"]
    # Its own list of steps, and links between its steps, stay on the page.
    journey = tree.xpath(f"//ol[{has('stepwise-journey')}]//a/@href")
    assert journey == [f"#{step.id}--top" for step in book.steps]
    held = {f"{step.docname}.html" for step in book.steps}
    folder = posixpath.dirname(f"{docname}/all")
    for uri in tree.xpath("//main//a/@href"):
        target = posixpath.normpath(posixpath.join(folder, urldefrag(uri)[0]))
        assert target not in held
    (link,) = site.tree(docname).xpath("//nav[@aria-label='Print or save']//a/@href")
    assert posixpath.join(posixpath.dirname(docname), link) == f"{docname}/all.html"


@pytest.mark.parametrize("name", ["html", "dirhtml"])
@pytest.mark.long
def test_whole_guidebook_follows_its_steps(
    themed: Path, builder: Builder, name: str
) -> None:
    whole = (
        "courses/quick/all.html" if name == "html" else "courses/quick/all/index.html"
    )
    page = themed / "source/prepare/knead.md"
    out = builder(themed, name).out
    before = {f: f.stat().st_mtime_ns for f in out.rglob("*.html")}
    page.write_text(page.read_text().replace("Do it.", "Do it [now](prove.md)."))
    builder(themed, name)
    assert "now</span></a>" in (out / whole).read_text("utf-8")
    other = out / "ovens.html" if name == "html" else out / "ovens/index.html"
    assert other.stat().st_mtime_ns == before[other]
    edits = [
        (themed / "source/courses/quick.md", "  - knead\n", "  - knead\n  - prove\n"),
        (themed / "source/bake/index.md", "[shape, bake-it]", "[bake-it, shape]"),
        (themed / "source/data/ovens.yml", "short: a deck oven", "short: any oven"),
        (themed / "source/index.md", "[quick, thorough]", "[thorough]"),
    ]
    for file, old, new in edits:
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
        kept, fresh = builder(themed, name), builder(themed, name, fresh=True)
        assert contents(kept.out) == contents(fresh.out), new
    assert not (out / whole).exists()


# The error page


@pytest.mark.parametrize("uri", ["href", "src", "action"])
def test_error_page_works_at_any_depth(site: Result, uri: str) -> None:
    tree = site.tree("404")
    found = [
        value
        for value in tree.xpath(f"//@{uri}")
        if not value.startswith("#") and not urlsplit(value).scheme
    ]
    assert found
    assert all(value.startswith(ROOTED) for value in found), found
    for value in found:
        path = urlsplit(value.removeprefix(ROOTED)).path
        assert (site.out / path).exists(), value


def test_error_page_of_a_site_without_an_address_is_relative(
    themed: Path, builder: Builder
) -> None:
    links = builder(themed).tree("404").xpath("//main//a/@href")
    assert links == ["index.html", "search.html"]


# Languages, and other themes


def test_words_of_the_theme_can_be_translated(themed: Path, builder: Builder) -> None:
    catalogue = themed / "source/locale/de/LC_MESSAGES/sphinx.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Back and Forward"\nmsgstr "Zurück und weiter"\n\n'
        'msgid "Step %(number)d of %(total)d"\n'
        'msgstr "Schritt %(number)d von %(total)d"\n\n'
        'msgid "Skip to the main text"\nmsgstr "Zum Text"\n'
    )
    built = builder(themed, "html", "-D", "language=de", "-D", "locale_dirs=locale")
    tree = built.tree("bake/shape")
    assert tree.get("lang") == "de"
    assert tree.xpath("//nav[@aria-label='Zurück und weiter']")
    assert words(tree.xpath("//main/p")[0]).startswith("Schritt 4 von 5")
    assert words(tree.xpath("//body/a")[0]) == "Zum Text"


@pytest.mark.parametrize("theme", ["alabaster", "furo", "pydata_sphinx_theme"])
def test_other_themes_show_everything_in_the_text(
    baking: Path, builder: Builder, theme: str
) -> None:
    conf = baking / "conf.py"
    conf.write_text(conf.read_text().replace('"alabaster"', f'"{theme}"'))
    built = builder(baking)
    assert built.code == 0, built.warnings
    tree = built.tree("bake/bake-it")
    parts = tree.xpath("//*[@role='main' or self::main or self::article]")
    (text,) = parts[-1].xpath(".//section[@id='bake-the-loaf']") or [None]
    assert text is not None
    labels = text.xpath(".//nav/@aria-label")
    assert labels == [
        "Breadcrumb",
        "Bread in a hurry",
        "Bread with care",
        "Related steps",
        "Sources for this page",
        "Back and Forward",
    ]
    assert "Step 5 of 5 · Bake 2 of 2" in words(text)
    assert not text.xpath(
        f".//*[{has('stepwise-ticks')} or {has('stepwise-contents')}]"
    )
    sheet = (built.out / "_static/stepwise.css").read_text("utf-8")
    assert "light-dark" not in sheet  # the small one, which leaves colours alone
    assert tree.xpath("//link[contains(@href, '_static/stepwise.css')]")
    assert not list(built.out.rglob("404.html"))
    assert not list(built.out.rglob("all.html"))


def test_a_theme_of_ones_own_may_inherit_ours(themed: Path, builder: Builder) -> None:
    own = themed / "themes/own"
    own.mkdir(parents=True)
    (own / "theme.toml").write_text('[theme]\ninherit = "stepwise"\n')
    (own / "layout.html").write_text(
        '{% extends "stepwise/layout.html" %}'
        "{% block footertext %}<p>Ours.</p>{% endblock %}"
    )
    conf = themed / "conf.py"
    text = conf.read_text().replace(
        '"stepwise"\n', '"own"\nhtml_theme_path = ["themes"]\n'
    )
    conf.write_text(text)
    built = builder(themed)
    assert built.code == 0, built.warnings
    tree = built.tree("bake/bake-it")
    assert words(tree.xpath("//footer//p")[0]) == "Ours."
    assert len(tree.xpath(f"//div[{has('rail')}]/nav")) == 4

"""The toolkit as an ePub: valid, in order, its links land, the same every time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED

import pytest
from books import NAMES, Book, add_components, check
from builds import Builder
from hostile import BASE, make_hostile, plain, title_of
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sphinx_stepwise.core.content.navigation import Navigation

GLOSSARY = (
    "\n```{glossary}\nDough\n  Flour and water.\n\nCrumb\n  What is inside.\n```\n"
)
REAL_GUIDEBOOKS = (
    "essential-activities",
    "additional-activities",
    "collaboration",
    "market-engagement",
    "interoperability",
)


def build(builder: Builder, root: Path, *options: str) -> Book:
    built = builder(root, "epub", *options)
    assert built.code == 0, built.warnings
    return Book.of(built)


def navigation_of(root: Path) -> Navigation:
    return check_project(load_project(root))[0]


def append(page: Path, text: str) -> None:
    page.write_text(page.read_text("utf-8") + text, "utf-8")


def titles(book: Book, query: str) -> list[str]:
    return [link.text for link in book.find("nav.xhtml", query)]


def assert_sound(book: Book) -> None:
    """Hold up what every book must be."""
    assert book.dangling() == []
    for path in book.spine:
        (html,) = book.find(path, "/h:html")
        language = html.get("{http://www.w3.org/XML/1998/namespace}lang")
        assert html.get("lang") == language == book.meta("dc:language")[0]
        for element in html.iter("{*}*"):
            name = element.tag.rpartition("}")[2]
            assert name not in {"script", "input", "iframe", "button", "form"}, path
            assert not any(key.startswith("on") for key in element.attrib), path
        assert not book.find(path, "//@src[contains(., ':')]")
    listed = {f"EPUB/{path}" for path in book.files} | {"EPUB/package.opf"}
    assert listed == {n for n in book.raw if n.startswith("EPUB/")}
    toc = "//h:nav[@epub:type='toc']//h:a/@href"
    pages = [path for path in book.spine if path.startswith("pages/")]
    assert book.find("nav.xhtml", toc) == pages
    breaks = book.find("nav.xhtml", "//h:nav[@epub:type='page-list']//h:a/@href")
    assert breaks == [f"{path}#page-{n}" for n, path in enumerate(pages, 1)]


# The whole toolkit


@pytest.mark.long
def test_the_real_book(real: Path, builder: Builder, java: None) -> None:
    book = build(builder, real)
    assert check(book.file) == []
    assert_sound(book)
    navigation = navigation_of(real)
    assert book.docnames == [page.docname for page in navigation.walk()]
    assert book.spine[:3] == ["cover.xhtml", "title.xhtml", "nav.xhtml"]
    assert book.file.stem == "innovation-in-procurement-toolkit"
    for book_, found in zip(
        navigation.guidebooks,
        book.find("nav.xhtml", "//h:nav[@id='by-guidebook']/h:ol/h:li"),
        strict=True,
    ):
        links = [a.text for a in found.iter("{*}a")]
        assert links == [book_.page.title, *(step.title for step in book_.steps)]
    (svg,) = book.find("pages/index.xhtml", "//svg:svg")
    told = {i.get("id"): i.text for i in svg if i.get("id")}
    assert "1, 2, 3, 4, 5" in told[svg.get("aria-describedby")]
    assert book.files["pages/index.xhtml"][1] == "svg"
    (step,) = book.find(
        "pages/strategy/define-the-need.xhtml", "/h:html/h:body/h:section"
    )
    assert step.get("role") == "doc-chapter"
    rows = step.xpath(".//h:table[contains(@class, 'grid')]//h:th", namespaces=NAMES)
    assert {cell.get("scope") for cell in rows} == {"row"}
    facts = book.find("pages/reference/facts.xhtml", "//h:th[@scope='col']")
    assert facts


@pytest.mark.long
@pytest.mark.parametrize("guide", REAL_GUIDEBOOKS)
def test_the_real_guidebooks(
    real: Path, builder: Builder, java: None, guide: str
) -> None:
    book = build(builder, real, "-D", f"stepwise_guidebook={guide}")
    assert check(book.file) == []
    assert_sound(book)
    assert book.file.stem == f"innovation-in-procurement-toolkit-{guide}"
    navigation = navigation_of(real)
    track = next(t for t in navigation.guidebooks if t.page.id == guide)
    held = [page.docname for page in (track.page, *track.steps)]
    assert book.docnames[: len(held)] == held
    assert {"reference/facts", "reference/glossary"} <= {*book.docnames[len(held) :]}


def test_baking_with_all_components(baking: Path, builder: Builder, java: None) -> None:
    add_components(baking)
    book = build(builder, baking)
    assert check(book.file) == []
    assert_sound(book)
    page = "pages/components.xhtml"
    text = " ".join("".join(book.page(page).itertext()).split())
    for words in (
        "Fold it.",
        "Slow speed.",
        "The gluten relaxes.",
        "No title.",
        "A cell.",
    ):
        assert words in text
    assert "alert" not in text
    heads = book.find(page, "//h:h2[contains(@class, 'rubric')]")
    told = ["".join(head.itertext()) for head in heads]
    assert told == ["By hand", "By machine", "PYTHON", "JAVASCRIPT", "Why rest?"]
    boxes = book.find(page, "//h:li/h:p/h:span[@role='img']")
    assert [(b.text, b.get("aria-label")) for b in boxes] == [
        ("\N{BALLOT BOX WITH CHECK}", "done"),
        ("\N{BALLOT BOX}", "to do"),
    ]
    assert not book.find(page, "//svg:svg[@aria-hidden]")
    card = "//h:div[contains(@class, 'sd-card')]/h:a/@href"
    assert book.find(page, card) == ["ovens.xhtml", "https://example.org/deck"]
    assert "pages/_images/pixel.png" in book.files
    index = book.find("pages/genindex.xhtml", "//h:a/@href")
    assert "components.xhtml#term-Sourdough" in index
    assert "index" in book.meta("schema:accessibilityFeature")


def test_nothing_of_the_site_is_in_the_book(baking: Path, builder: Builder) -> None:
    from test_staleness import redirect

    redirect(baking, "old/place")
    append(baking / "conf.py", f"\nhtml_baseurl = {BASE!r}\n")
    book = build(builder, baking)
    pages = {page.docname for page in navigation_of(baking).walk()}
    wanted = {f"EPUB/pages/{name}.xhtml" for name in pages}
    wanted |= {
        f"EPUB/{name}"
        for name in ("package.opf", "nav.xhtml", "cover.xhtml", "cover.svg")
    }
    wanted |= {
        "EPUB/title.xhtml",
        "EPUB/book.css",
        "mimetype",
        "META-INF/container.xml",
    }
    assert set(book.raw) == wanted


def test_terms_and_their_uses_are_linked_both_ways(
    baking: Path, builder: Builder
) -> None:
    append(baking / "source/welcome.md", GLOSSARY)
    append(baking / "source/prepare/knead.md", "\nTake {term}`dough`.\n")
    book = build(builder, baking)
    (link,) = book.find("pages/prepare/knead.xhtml", "//h:a[@role='doc-glossref']")
    assert link.get("href") == "../welcome.xhtml#term-Dough"
    users = "//h:p[contains(@class, 'stepwise-uses')]//h:a"
    (user,) = book.find("pages/welcome.xhtml", users)
    assert (user.text, user.get("href")) == ("Knead the dough", "prepare/knead.xhtml")
    uses = "//h:section[@id='oven-deck']//h:a/@href"
    assert "bake/bake-it.xhtml" in book.find("pages/ovens.xhtml", uses)
    (section,) = book.find("pages/welcome.xhtml", "//h:section[@role='doc-glossary']")
    assert section.get("{http://www.idpf.org/2007/ops}type") == "glossary"


def test_a_draft_is_not_in_the_book(baking: Path, builder: Builder) -> None:
    page = baking / "source/welcome.md"
    text = page.read_text("utf-8")
    page.write_text(text.replace("kind: page", "kind: page\nstatus: draft"), "utf-8")
    append(baking / "source/prepare/knead.md", "\nSee {page}`welcome`.\n")
    book = build(builder, baking)
    assert "welcome" not in book.docnames
    assert book.dangling() == []
    words = "//h:span[contains(@class, 'stepwise-unlinked')]"
    found = book.find("pages/prepare/knead.xhtml", words)
    assert ["".join(word.itertext()) for word in found] == ["Welcome"]


# One guidebook


def quick(builder: Builder, root: Path, *options: str) -> Book:
    return build(builder, root, "-D", "stepwise_guidebook=quick", *options)


def test_a_guidebook_is_a_book_in_its_own_order(baking: Path, builder: Builder) -> None:
    append(baking / "source/courses/thorough.md", GLOSSARY)
    append(baking / "source/prepare/knead.md", "\nTake {term}`dough`.\n")
    guide = baking / "source/courses/quick.md"
    text = guide.read_text("utf-8")
    turned = text.replace("  - knead\n", "").replace("---\n\n", "  - knead\n---\n\n", 1)
    guide.write_text(turned, "utf-8")
    conf = baking / "conf.py"
    append(conf, "\nsuppress_warnings = ['stepwise.track_order']\n")
    built = builder(baking, "epub", "-D", "stepwise_guidebook=quick")
    book = Book.of(built)
    assert book.file.name == "baking-course-quick.epub"
    held = ["courses/quick", "bake/bake-it", "prepare/knead"]
    assert book.docnames == [*held, "courses/thorough", "ovens"]
    assert_sound(book)
    assert book.meta("dc:title") == ["Bread in a hurry"]
    assert book.meta("belongs-to-collection") == ["Baking course"]
    assert "Hotter, and shorter." in "".join(
        book.page("pages/courses/quick.xhtml").itertext()
    )
    step = book.page("pages/bake/bake-it.xhtml")
    told = [nav.get("aria-label") for nav in step.iter("{*}nav")]
    assert "Bread in a hurry" in told
    assert not {"Bread with care", "Breadcrumb", "Back and Forward"} & {*told}
    terms = book.find("pages/courses/thorough.xhtml", "//h:dt/@id")
    assert terms == ["term-Dough"]


def test_records_that_a_guidebook_does_not_use_are_left_out(
    baking: Path, builder: Builder
) -> None:
    step = baking / "source/bake/bake-it.md"
    text = step.read_text("utf-8").replace("[home, camp]", "[home]")
    step.write_text(text.replace("<home>", "<deck>"), "utf-8")
    append(baking / "source/prepare/weigh.md", "\nNot {oven}`camp`.\n")
    book = quick(builder, baking)
    assert book.find("pages/ovens.xhtml", "//h:section/h:section/@id") == [
        "oven-deck",
        "oven-home",
    ]
    assert book.dangling() == []
    users = book.find("pages/ovens.xhtml", "//h:section[@id='oven-deck']//h:li//h:a")
    assert [a.get("href") for a in users] == ["bake/bake-it.xhtml"]
    append(baking / "source/prepare/weigh.md", "\nUse {oven}`deck`.\n")
    records = baking / "source/ovens.md"
    text = records.read_text("utf-8").replace(":show: heat", ":group: heat")
    records.write_text(text, "utf-8")
    heads = quick(builder, baking).find("pages/ovens.xhtml", "//h:h2")
    assert [head.text for head in heads] == ["Even heat from below."]


def test_links_out_of_a_guidebook_lead_to_the_site_or_are_words(
    baking: Path, builder: Builder
) -> None:
    append(baking / "source/prepare/knead.md", "\nThen {step}`shape` it.\n")
    page, link = "pages/prepare/knead.xhtml", "//h:a[contains(@href, 'shape')]/@href"
    assert quick(builder, baking).find(page, link) == []
    book = quick(builder, baking, "-D", f"html_baseurl={BASE}")
    assert book.find(page, link) == [f"{BASE}/bake/shape.html"]


def test_an_unknown_guidebook_is_told(baking: Path, builder: Builder) -> None:
    built = builder(baking, "epub", "-D", "stepwise_guidebook=quik")
    assert built.code == 2
    assert "there is no guidebook `quik`" in built.warnings
    assert "`quick`" in built.warnings
    assert not list(built.out.glob("*.epub"))


# The same every time


def test_equal_books_have_equal_bytes(baking: Path, builder: Builder) -> None:
    first = build(builder, baking).file.read_bytes()
    quick(builder, baking)
    append(baking / "source/welcome.md", "\nMore.\n")
    builder(baking, "epub")
    page = baking / "source/welcome.md"
    page.write_text(page.read_text("utf-8").replace("\nMore.\n", ""), "utf-8")
    other = Builder(builder.folder / "other")
    for found in (
        builder(baking, "epub"),
        other(baking, "epub", "-j", "2", fresh=True),
    ):
        assert (found.out / "baking-course.epub").read_bytes() == first


def test_the_archive_is_as_the_standard_asks(baking: Path, builder: Builder) -> None:
    first, *rest = build(builder, baking).entries
    assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
    assert not first.extra
    assert {entry.date_time for entry in rest} == {(2026, 11, 22, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in rest} == {0o644}


# What the book says of itself


def test_metadata(baking: Path, builder: Builder) -> None:
    book = build(builder, baking)
    assert book.meta("dc:title") == ["Baking course"]
    assert book.meta("dc:language") == ["en"]
    assert book.meta("dc:identifier") == ["baking-course"]
    assert book.meta("dc:date") == ["2026-11-22"]
    assert book.meta("dcterms:modified") == ["2026-11-22T00:00:00Z"]
    assert book.meta("dc:description") == ["How to bake bread."]
    assert set(book.meta("schema:accessMode")) == {"textual", "visual"}
    assert book.meta("schema:accessModeSufficient") == ["textual"]
    assert book.meta("schema:accessibilityHazard") == ["none"]
    assert book.meta("pageBreakSource") == ["none"]
    assert len(book.meta("schema:accessibilitySummary")) == 1
    features = set(book.meta("schema:accessibilityFeature"))
    assert {"tableOfContents", "readingOrder", "pageNavigation"} <= features
    assert book.meta("dcterms:conformsTo") == []


def test_metadata_from_settings(baking: Path, builder: Builder) -> None:
    settings = {
        "language": "en_GB",
        "stepwise_epub_summary": "Read it as you like.",
        "stepwise_epub_evaluated": {"conforms_to": "WCAG", "by": "A. Baker"},
        "stepwise_publisher": {"name": "Bakers' guild"},
        "epub_identifier": "unknown",
        "html_baseurl": BASE,
    }
    lines = [f"{name} = {value!r}" for name, value in settings.items()]
    append(baking / "conf.py", "\n" + "\n".join(lines) + "\n")
    book = build(builder, baking)
    assert book.meta("dc:language") == ["en-GB"]
    assert book.meta("schema:accessibilitySummary") == ["Read it as you like."]
    assert book.meta("dcterms:conformsTo") == ["WCAG"]
    assert book.meta("a11y:certifiedBy") == ["A. Baker"]
    assert book.meta("dc:publisher") == ["Bakers' guild"]
    (known,) = book.meta("dc:identifier")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", known)
    builder.days_later = 40
    assert build(builder, baking, "-D", "release=2").meta("dc:identifier") == [known]
    (own,) = quick(builder, baking).meta("dc:identifier")
    assert own != known


def test_half_a_claim_is_refused(baking: Path, builder: Builder) -> None:
    append(baking / "conf.py", "\nstepwise_epub_evaluated = {'by': 'A. Baker'}\n")
    built = builder(baking, "epub")
    assert built.code == 2
    assert "stepwise_epub_evaluated" in built.warnings


def test_cover(baking: Path, builder: Builder) -> None:
    book = build(builder, baking)
    assert book.files["cover.svg"] == ("image/svg+xml", "cover-image")
    (picture,) = book.find("cover.xhtml", "//h:img")
    for words in ("Baking course", "Version 1", "22 November 2026"):
        assert words in picture.get("alt")
        assert words in "".join(book.page("cover.svg").itertext())
    own = baking / "loaf.png"
    own.write_bytes(b"\x89PNG\r\n\x1a\n")
    append(baking / "conf.py", "\nepub_cover = ('loaf.png', '')\n")
    book = build(builder, baking)
    assert book.files["cover.png"] == ("image/png", "cover-image")
    assert book.raw["EPUB/cover.png"] == own.read_bytes()
    own.unlink()
    built = builder(baking, "epub")
    assert "there is no picture loaf.png" in built.warnings


# Words that try to be markup


def hostile(builder: Builder, root: Path) -> Book:
    make_hostile(root)
    append(root / "conf.py", "\nstepwise_fail_on_warning = False\n")
    return Book.of(builder(root, "epub"))


@pytest.mark.long
def test_hostile_words_are_valid(baking: Path, builder: Builder, java: None) -> None:
    assert check(hostile(builder, baking).file) == []


def test_hostile_words_are_words(baking: Path, builder: Builder) -> None:
    book = hostile(builder, baking)
    assert_sound(book)
    wanted = plain(title_of("prepare/knead").replace("\x07", ""))
    (heading,) = book.find("pages/prepare/knead.xhtml", "//h:h1")
    assert plain("".join(heading.itertext())) == wanted
    listed = book.find("nav.xhtml", "//h:nav[@epub:type='toc']//h:a")
    assert wanted in {plain(link.text) for link in listed}
    told = [plain(text) for text in book.meta("dc:title")]
    assert told == [plain(title_of("index").replace("\x07", ""))]


def test_every_file_is_text_that_xml_can_hold(baking: Path, builder: Builder) -> None:
    page = baking / "source/welcome.md"
    append(page, "\n<details><summary>More</summary>\n\nA *word*.<br>\n\n</details>\n")
    append(
        page, "\n<p onclick='x()'>Open <b>bold\n\n&nbsp;&copy; <ul><li>a<li>b</ul>\n"
    )
    book = build(builder, baking)
    assert_sound(book)
    items: Iterable[str] = (
        "".join(found.itertext()).strip()
        for found in book.find("pages/welcome.xhtml", "//h:ul[not(@class)]/h:li")
    )
    assert list(items) == ["a", "b"]

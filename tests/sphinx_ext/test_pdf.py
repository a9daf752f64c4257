"""The toolkit as a PDF: tags, bookmarks, links, contents, the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from pdfs import Pdf
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from builds import Builder, Result
    from sphinx_stepwise.core.content.model import Page
    from sphinx_stepwise.core.content.navigation import Navigation

NAME = "stepwise-pdf"
CONTENTS = "Contents"


def navigation_of(root: Path) -> Navigation:
    return check_project(load_project(root))[0]


def titles(pages: Sequence[Page]) -> list[str]:
    return [page.title for page in pages]


def read(built: Result, name: str) -> Pdf:
    assert built.code == 0, built.warnings
    assert [file.name for file in built.out.glob("*.pdf")] == [name]
    return Pdf(built.out / name)


def check_tags(pdf: Pdf) -> None:
    """Whether assistive technology learns what the eye sees."""
    assert pdf.root["/MarkInfo"]["/Marked"]
    assert pdf.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.root["/Lang"] in {"en", "en-GB"}
    xmp = pdf.root["/Metadata"].get_data().decode()
    assert "dc:title" in xmp
    assert "pdfuaid" not in xmp  # nobody has validated it
    kinds: Counter[str] = Counter()
    for element, above in pdf.elements():
        kind = str(element["/S"])
        kinds[kind] += 1
        if kind == "/LI":
            assert above[-1] == "/L"
            inside = [str(kid.get_object()["/S"]) for kid in element["/K"]]
            assert inside in (["/LBody"], ["/Lbl", "/LBody"])
        if kind == "/TH":
            wanted = "/Column" if "/THead" in above else "/Row"
            assert element["/A"]["/Scope"] == wanted
        if kind == "/Link":
            assert "/Link" not in above
        if kind == "/Figure":
            assert element["/Alt"]
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Link", "/Table", "/TH"} <= kinds.keys()
    levels = [
        int(str(e["/S"])[2:]) for e, _ in pdf.elements() if str(e["/S"])[2:].isdigit()
    ]
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def check_links(pdf: Pdf) -> None:
    """Whether every link lands, says where it goes and is told as a link."""
    assert pdf.annotations
    names = pdf.reader.named_destinations
    for link in pdf.annotations:
        assert link["/Subtype"] == "/Link"
        assert link["/Contents"].strip()
        assert link["/F"] & 4
        if "/Dest" in link:
            assert link["/Dest"] in names
        else:
            assert link["/A"]["/S"] == "/URI"
            assert link["/A"]["/URI"].startswith(("https:", "http:", "mailto:"))
    owned = {
        kid.get_object().raw_get("/Obj").idnum
        for element, _ in pdf.elements()
        if element["/S"] == "/Link"
        for kid in element["/K"]
        if not isinstance(kid, int) and "/Obj" in kid.get_object()
    }
    assert owned == {link.indirect_reference.idnum for link in pdf.annotations}


def check_pages(pdf: Pdf, chapters: list[tuple[str, int]]) -> None:
    """Whether contents and running heads are right, and no page is empty."""
    for title, page in chapters:
        assert pdf.number_in_contents(title) == page
    for number, text in enumerate(pdf.texts[1:], start=2):
        assert str(number) in text.split()
        # Running heads and number make three lines at most.
        assert len(text.split("\n")) > 3, f"page {number} is empty"
    sizes = [page.mediabox for page in pdf.reader.pages]
    assert {(round(size.width), round(size.height)) for size in sizes} == {(595, 842)}


def check_safe(pdf: Pdf) -> None:
    """Whether there is nothing that runs, and nothing from elsewhere."""
    assert all(pdf.fonts().values())
    assert {name.split("-Pro")[0] for name in pdf.fonts()} <= {
        "Source-Sans",
        "DejaVu-Sans-Mono",
        "DejaVu-Sans-Mono-Bold",
    }
    assert not {"/OpenAction", "/AA", "/AcroForm"} & pdf.root.keys()
    assert not {"/JavaScript", "/EmbeddedFiles"} & pdf.root.get("/Names", {}).keys()


def check_book(pdf: Pdf, pages: Sequence[tuple[Page, int]]) -> None:
    """Whether the book holds *pages* in order, each a bookmark at its depth."""
    starts = [pdf.page_of(f"{page.id}--top") for page, _ in pages]
    assert starts == sorted(starts)
    wanted = [
        (depth, page.title, start)
        for (page, depth), start in zip(pages, starts, strict=True)
    ]
    assert [entry for entry in pdf.outline if entry in wanted] == wanted
    check_tags(pdf)
    check_links(pdf)
    check_pages(pdf, [(title, start) for _, title, start in wanted])
    check_safe(pdf)


def all_pages(navigation: Navigation) -> list[tuple[Page, int]]:
    """Return all pages with the depth of their bookmarks."""
    return [
        (page, max(0, len(navigation.parents(page)) - 1)) for page in navigation.walk()
    ]


def test_toolkit(baking: Path, builder: Builder) -> None:
    built = builder(baking, NAME)
    pdf = read(built, "baking-course.pdf")
    check_book(pdf, all_pages(navigation_of(baking)))
    assert pdf.reader.metadata is not None
    assert pdf.reader.metadata.title == "Baking course"
    assert "Version 1" in pdf.texts[0]
    assert "22 November 2026" in pdf.texts[0]
    assert "nobody" in pdf.texts[0]
    (step,) = (page for title, page in pdf.chapters(1) if title == "Bake the loaf")
    head = pdf.texts[step - 1]
    assert head.endswith(f"Bake Bake the loaf\n{step}")
    assert "https://example.org/deck" in head  # can be read on paper
    assert (
        builder(baking, NAME, fresh=True).out.joinpath("baking-course.pdf").read_bytes()
        == (built.out / "baking-course.pdf").read_bytes()
    )


LONG = """\
---
kind: page
title: Welcome
summary: Where to begin.
---

| Loaf | Flour |
|---|---|
{rows}

{items}

{words}
"""


@pytest.mark.long
def test_what_pages_tear_is_told_as_one(baking: Path, builder: Builder) -> None:
    rows = "\n".join(f"| loaf {number} | rye |" for number in range(150))
    items = "\n".join(f"1. item {n}\n   - inner {n}" for n in range(1, 101))
    words = "Knead it well. " * 1500
    text = LONG.format(rows=rows, items=items, words=words)
    (baking / "source" / "welcome.md").write_text(text, "utf-8")
    pdf = read(builder(baking, NAME), "baking-course.pdf")
    (begin,) = (page for title, page in pdf.chapters(0) if title == "Welcome")
    (end,) = (page for title, page in pdf.chapters(0) if title == "Prepare")
    assert end - begin > 6
    check_tags(pdf)
    found = [(e, above) for e, above in pdf.elements()]
    long = [e for e, _ in found if e["/S"] == "/Table" and len(rows_of(e)) == 151]
    assert len(long) == 1
    parts = [str(kid.get_object()["/S"]) for kid in long[0]["/K"]]
    assert parts == ["/THead", "/TBody"]
    lists = [e for e, _ in found if e["/S"] == "/L"]
    assert [len(kinds_in(e)) for e in lists if kinds_in(e)["/LI"] == 100] == [2]
    paragraphs = [e for e, _ in found if e["/S"] == "/P" and len(e["/K"]) > 50]
    assert len(paragraphs) == 1


@pytest.mark.long
def test_pictures_have_words_and_none_comes_from_elsewhere(
    baking: Path, builder: Builder
) -> None:
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">'
        '<rect width="40" height="40"/></svg>'
    )
    (baking / "source" / "boxes.svg").write_text(picture, "utf-8")
    page = baking / "source" / "welcome.md"
    text = page.read_text("utf-8") + "\n![Boxes in a row](boxes.svg)\n"
    page.write_text(text, "utf-8")
    built = builder(baking, NAME)
    assert built.code == 0, built.warnings
    elements = Pdf(built.out / "baking-course.pdf").elements()
    assert [e["/Alt"] for e, _ in elements if e["/S"] == "/Figure"] == [
        "Boxes in a row"
    ]
    page.write_text(text + "\n![far](https://example.org/far.png)\n", "utf-8")
    built = builder(baking, NAME)
    assert built.code == 1
    assert "https://example.org/far.png" in built.warnings


def kinds_in(element: Any) -> Counter[str]:
    return Counter(str(kid.get_object()["/S"]) for kid in element["/K"])


def rows_of(table: Any) -> list[Any]:
    return [
        row
        for part in table["/K"]
        for row in part.get_object()["/K"]
        if row.get_object()["/S"] == "/TR"
    ]


@pytest.mark.long
def test_guidebook(baking: Path, builder: Builder) -> None:
    built = builder(baking, NAME, "-D", "stepwise_guidebook=thorough")
    pdf = read(built, "baking-course-thorough.pdf")
    (book,) = (b for b in navigation_of(baking).guidebooks if b.page.id == "thorough")
    own = [book.page, *book.steps]
    chapters = [title for title, _ in pdf.chapters(0)]
    assert chapters[: len(own) + 1] == [CONTENTS, *titles(own)]
    assert "Baking course" in pdf.texts[0]
    check_links(pdf)
    inside = {str(link.get("/Dest", "")).partition("--")[0] for link in pdf.annotations}
    assert "welcome" not in inside  # is not in the book


@pytest.mark.long
def test_links_to_what_is_left_out_go_to_the_site(
    baking: Path, builder: Builder
) -> None:
    base = "https://example.org/bread"
    told = ("-D", "stepwise_guidebook=quick", "-D", f"html_baseurl={base}")
    pdf = read(builder(baking, NAME, *told), "baking-course-quick.pdf")
    there = {link["/A"]["/URI"] for link in pdf.annotations if "/A" in link}
    assert f"{base}/bake/shape.html" in there


def test_unknown_guidebook(baking: Path, builder: Builder) -> None:
    built = builder(baking, NAME, "-D", "stepwise_guidebook=quik")
    assert built.code == 2
    assert "`quik`" in built.warnings
    assert "`quick`" in built.warnings
    assert not list(built.out.glob("*.pdf"))


@pytest.mark.parametrize("fault", ["ImportError", "OSError"])
def test_without_the_tool(baking: Path, tmp_path: Path, fault: str) -> None:
    fake = tmp_path / "fake" / "weasyprint"
    fake.mkdir(parents=True)
    (fake / "__init__.py").write_text(f"raise {fault}('libpango is not here')\n")
    out = tmp_path / "out"
    found = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-q", "-b", NAME, "-c", str(baking)),
            *(str(baking / "source"), str(out)),
        ],
        env={**os.environ, "PYTHONPATH": str(fake.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 2
    assert "libpango is not here" in found.stderr
    assert "sphinx-stepwise[pdf]" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.long
def test_real_toolkit(real: Path, builder: Builder) -> None:
    built = builder(real, NAME)
    name = "innovation-in-procurement-toolkit.pdf"
    pdf = read(built, name)
    check_book(pdf, all_pages(navigation_of(real)))


@pytest.mark.long
@pytest.mark.parametrize(
    "guide",
    [
        "collaboration",
        "market-engagement",
    ],
)
def test_real_guidebook(real: Path, builder: Builder, guide: str) -> None:
    built = builder(real, NAME, "-D", f"stepwise_guidebook={guide}")
    name = f"innovation-in-procurement-toolkit-{guide}.pdf"
    pdf = read(built, name)
    (book,) = (b for b in navigation_of(real).guidebooks if b.page.id == guide)
    check_book(pdf, [(page, 0) for page in (book.page, *book.steps)])

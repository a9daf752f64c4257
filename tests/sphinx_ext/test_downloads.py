"""Files to take along: offered with format and size where they are, and only there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builds import contents

if TYPE_CHECKING:
    from pathlib import Path

    from builds import Builder, Result

PAGE = """\
---
kind: page
title: Welcome
summary: Where to begin.
---

Take it along.

```{downloads}
```
"""
SETTINGS = """
html_theme = "stepwise"
stepwise_downloads = ["made/*.epub", "made/*.pdf"]
"""


@pytest.fixture
def taking(baking: Path) -> Path:
    """Return a toolkit with a page that offers files, and the files."""
    conf = baking / "conf.py"
    conf.write_text(conf.read_text("utf-8") + SETTINGS, "utf-8")
    (baking / "source" / "welcome.md").write_text(PAGE, "utf-8")
    made = baking / "made"
    made.mkdir()
    (made / "baking-course.epub").write_bytes(b"e" * 640_400)
    (made / "baking-course.pdf").write_bytes(b"p" * 1_260_000)
    (made / "baking-course-quick.pdf").write_bytes(b"q" * 10)
    (made / "baking-course-gone.pdf").write_bytes(b"no guidebook of this name")
    return baking


def offered(built: Result) -> list[str]:
    items = built.tree("welcome").xpath("//ul[contains(@class, 'downloads')]/li")
    return [" ".join(item.text_content().split()) for item in items]


def addresses(built: Result, docname: str) -> list[str]:
    found: list[str] = built.tree(docname).xpath("//a/@href[contains(., 'downloads/')]")
    return found


def test_files_are_offered_with_format_and_size(taking: Path, builder: Builder) -> None:
    built = builder(taking)
    assert built.code == 0, built.warnings
    assert offered(built) == [
        "Baking course: ePub, 640 kB, PDF, 1.3 MB",
        "Bread in a hurry: PDF, 1 kB",
    ]
    assert addresses(built, "welcome") == [
        "downloads/baking-course.epub",
        "downloads/baking-course.pdf",
        "downloads/baking-course-quick.pdf",
    ]
    for address in addresses(built, "welcome"):
        copied = (built.out / address).read_bytes()
        assert copied == (taking / "made" / address.rpartition("/")[2]).read_bytes()
    assert len(list((built.out / "downloads").iterdir())) == 3


def test_a_guidebook_shows_its_own(taking: Path, builder: Builder) -> None:
    built = builder(taking)
    rail = built.tree("courses/quick").xpath("//div[@id='rail']")[0]
    (link,) = rail.xpath(".//a[contains(@href, 'downloads/')]")
    assert link.get("href") == "../downloads/baking-course-quick.pdf"
    assert link.text_content() == "This guidebook as a file: PDF, 1\N{NO-BREAK SPACE}kB"
    assert addresses(built, "courses/thorough") == []


def test_without_files_nothing_is_linked(taking: Path, builder: Builder) -> None:
    for file in (taking / "made").iterdir():
        file.unlink()
    built = builder(taking)
    assert offered(built) == []
    assert addresses(built, "welcome") == addresses(built, "courses/quick") == []
    assert "No files were made" in built.tree("welcome").text_content()
    assert not (built.out / "downloads").exists()


def test_incremental_build_equals_a_clean_one(taking: Path, builder: Builder) -> None:
    builder(taking)
    made = taking / "made"
    (made / "baking-course.epub").unlink()
    (made / "baking-course-quick.pdf").write_bytes(b"q" * 99_000)
    (made / "baking-course-thorough.epub").write_bytes(b"t" * 5_000)
    kept = builder(taking)
    assert kept.code == 0, kept.warnings
    assert contents(kept.out) == contents(builder(taking, fresh=True).out)
    assert "PDF, 99" in kept.tree("courses/quick").text_content()


def test_folders_as_addresses(taking: Path, builder: Builder) -> None:
    built = builder(taking, "dirhtml")
    page = (built.out / "welcome" / "index.html").read_text("utf-8")
    assert 'href="../downloads/baking-course.epub"' in page


def test_a_book_does_not_offer_itself(taking: Path, builder: Builder) -> None:
    built = builder(taking, "singlehtml")
    assert built.code == 0, built.warnings
    assert "downloads/" not in (built.out / "index.html").read_text("utf-8")

"""A toolkit whose words try to be markup, and what should be left of them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: Words as front matter may hold them.  The bell is no character of XML.
WORDS = (
    "</script><script>alert(1)</script> <!-- --> ]]> \"double\" 'single' & &amp; &#60; "
    "[a](javascript:alert(1)) *b* `c` _d_ | \\ {{ e }} {step}`x` "
    "\u202e\u0645\u0631\u062d\u0628\u0627\u202c \u2028 \x07 " + "x" * 300
)
BASE = "https://example.org/b"


def title_of(docname: str) -> str:
    """Return the title that a page of the hostile toolkit has."""
    return f"{docname} {WORDS}"


def make_hostile(root: Path) -> None:
    """Give every page of the toolkit in *root* hostile words, and one a change."""
    for page in (root / "source").rglob("*.md"):
        docname = page.relative_to(root / "source").with_suffix("").as_posix()
        text = page.read_text("utf-8")
        written = {
            "title": json.dumps(title_of(docname)),
            "summary": json.dumps(WORDS),
        }
        for key, words in written.items():
            text = _replaced(text, key, words)
        page.write_text(text, "utf-8")
    change = f"changes: [{{date: 2026-11-20, what: {json.dumps(WORDS)}}}]"
    add_front_matter(root / "source/prepare/knead.md", change)
    add_front_matter(root / "source/welcome.md", "published: 2026-11-21")
    ovens = root / "source/data/ovens.yml"
    words = json.dumps(WORDS)
    text = ovens.read_text("utf-8")
    for key in ("name: Deck oven", "short: a deck oven", "heat: Coals."):
        text = text.replace(key, f"{key.partition(':')[0]}: {words}")
    ovens.write_text(text, "utf-8")
    conf = root / "conf.py"
    maker = {"name": WORDS, "url": "https://example.org/?a=1&b=<2>"}
    settings = f"stepwise_publisher = {maker!r}\nhtml_baseurl = {BASE!r}\n"
    settings += "smartquotes = False  # so that words can be compared\n"
    conf.write_text(f"{conf.read_text('utf-8')}\n{settings}", "utf-8")


def _replaced(text: str, key: str, words: str) -> str:
    line = re.compile(rf"(?m)^{key}: .*$")
    return line.sub(lambda _: f"{key}: {words}", text, count=1)


def add_front_matter(page: Path, line: str) -> None:
    """Put a line at the end of a page's front matter."""
    front, body = page.read_text("utf-8").removeprefix("---\n").split("\n---\n", 1)
    page.write_text(f"---\n{front}\n{line}\n---\n{body}", "utf-8")


def plain(text: str) -> str:
    """Return words with single spaces between them."""
    return " ".join(text.split())

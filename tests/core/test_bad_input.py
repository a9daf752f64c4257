"""Bad input gives a finding with a place: never a traceback, hang or raw HTML."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from pathlib import Path

    from builds import Builder

STEP = "---\nkind: step\ntitle: {}\n{}---\n\n## Do\n\n## Watch out\n"
KNEAD = "source/prepare/knead.md"

#: What is in the file, and where the finding stands.
BAD: dict[str, tuple[bytes, str]] = {
    "empty file": (b"", "1:1 front_matter_missing"),
    "only spaces": (b"  \n\n", "1:1 front_matter_missing"),
    "not utf-8": (b"---\nkind: step\ntitle: Caf\xe9\n---\n", "3:11 file_unreadable"),
    "blank line first": (b"\n---\nkind: step\n---\n", "2:1 front_matter_not_first"),
    "indented block": (b"  ---\nkind: step\n---\n", "1:3 front_matter_not_first"),
    "unclosed": (b"---\nkind: step\ntitle: Knead\n", "1:1 front_matter_unclosed"),
    "empty block": (b"---\n---\n", "2:1 schema"),
    "comment only": (b"---\n# nothing\n---\n", "2:1 schema"),
    "tab": (b"---\nkind: step\n\ttitle: A\n---\n", "3:1 front_matter_yaml"),
    "duplicate": (
        b"---\nkind: step\ntitle: A\ntitle: B\n---\n## Do\n## Watch out\n",
        "4:1 front_matter_duplicate_key",
    ),
    "anchor": (b"---\nkind: &k step\ntitle: A\n---\n", "2:7 front_matter_yaml"),
    "alias": (b"---\nkind: *k\ntitle: A\n---\n", "2:7 front_matter_yaml"),
    "merge key": (b"---\n<<: {a: b}\nkind: step\n---\n", "2:1 front_matter_yaml"),
    "tag": (b"---\nkind: !!python/object:os.system x\n---\n", "2:7 front_matter_yaml"),
    "second document": (b"---\nkind: step\n--- x\n---\n", "3:1 front_matter_yaml"),
    "list for map": (b"---\n- kind: step\n---\n", "2:1 schema"),
    "text for map": (b"---\nkind\n---\n", "2:1 schema"),
    "bell": (b"---\nkind: st\x07ep\n---\n", "2:1 front_matter_yaml"),
    "colon": (b"---\nkind: step\ntitle: a: b\n---\n", "3:9 front_matter_yaml"),
    "open bracket": (b"---\nkind: [step\n---\n", "3:1 front_matter_yaml"),
    "deep": (
        b"---\nkind: " + b"[" * 5000 + b"]" * 5000 + b"\n---\n",
        "2:23 front_matter_yaml",
    ),
    "big block": (
        b"---\nkind: step\ntitle: " + b"x" * 5_000_000 + b"\n---\n",
        "1:1 file_unreadable",
    ),
    "large block": (
        b"---\nkind: step\ntitle: " + b"x" * 100_000 + b"\n---\n",
        "1:1 file_unreadable",
    ),
    "list for text": (
        STEP.format("[a, b]", "").encode(),
        "3:8 schema",
    ),
    "text for list": (STEP.format("A", "related: prove\n").encode(), "4:10 schema"),
    "number for id": (STEP.format("A", "related: [12]\n").encode(), "4:11 schema"),
    "no such day": (STEP.format("A", "baked: 2026-02-30\n").encode(), "4:8 schema"),
    "twice in a list": (
        STEP.format("A", "related: [prove, prove]\n").encode(),
        "4:18 schema",
    ),
    "null": (STEP.format("A", "minutes:\n").encode(), "4:9 schema"),
    "path out": (
        STEP.format("A", "photo: ../conf.py\n").encode(),
        "4:8 link_broken",
    ),
    "absolute path": (
        STEP.format("A", "photo: /etc/passwd\n").encode(),
        "4:8 link_broken",
    ),
    "javascript": (
        STEP.format("A", "photo: javascript:alert(1)\n").encode(),
        "4:8 link_broken",
    ),
    "data address": (
        STEP.format("A", "photo: data:text/html,x\n").encode(),
        "4:8 link_broken",
    ),
    "markup in address": (
        STEP.format("A", "photo: 'https://x.test/\"><script>'\n").encode(),
        "4:8 link_broken",
    ),
    "broken address": (
        STEP.format("A", "photo: 'https://[x'\n").encode(),
        "4:8 link_broken",
    ),
}
for word in (
    *("no", "Yes", "on", "OFF", "y", "True", "NULL", "~"),
    *("017", "0x1F", "0o17", "1_000", "12:30:45", "12:30", "1.10", "1e3", ".5", ".inf"),
    *("2026-1-2", "2026-01-02T10:00:00Z", "2026-01-02 10:00"),
):
    BAD[f"ambiguous {word}"] = (
        STEP.format(word, "").encode(),
        "3:8 front_matter_ambiguous",
    )


def places(root: Path) -> list[str]:
    _, report = check_project(load_project(root))
    return [f"{d.location} {d.code.value}" for d in report.diagnostics]


@pytest.mark.parametrize("name", BAD)
def test_bad_page_has_a_finding_at_its_place(baking: Path, name: str) -> None:
    content, place = BAD[name]
    (baking / KNEAD).write_bytes(content)
    assert f"{KNEAD}:{place}" in places(baking)


#: A fourth of them in every run, all in the long proof: each takes a build.
FOURTH = [
    pytest.param(name, marks=pytest.mark.long if number % 4 else ())
    for number, name in enumerate(BAD)
]


@pytest.mark.parametrize("name", FOURTH)
def test_bad_page_fails_the_build_and_spares_the_rest(
    baking: Path, builder: Builder, name: str
) -> None:
    content, place = BAD[name]
    (baking / KNEAD).write_bytes(content)
    built = builder(baking)
    assert built.code == 1
    assert f"{KNEAD}:{place}" in built.findings
    assert "Traceback" not in built.warnings
    assert (built.out / "prepare" / "weigh.html").is_file()
    if not content.startswith(b"\n"):  # shown as text there, which is no script
        html = "".join(f.read_text("utf-8") for f in built.out.rglob("*.html"))
        assert "<script>alert" not in html
        assert "javascript:alert" not in html


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + STEP.format("Knead", "").encode(),
        STEP.format("Knead", "").replace("\n", "\r\n").encode(),
        STEP.format("Knead", "").replace("---\n\n", "...\n\n").encode(),
        STEP.format("Knead", "").replace("---\n", "-----\n").encode(),
        STEP.format('"No"', "baked: 2026-02-28\nminutes: 12\n").encode(),
        STEP.format("'1.10'", "").encode(),
        STEP.format(">\n  Folded\n  title", "").encode(),
        STEP.format("Ünïcödé 🍞 丂", "").encode(),
    ],
    ids=["bom", "crlf", "dots", "more dashes", "quoted", "quoted 1.10", "folded", "🍞"],
)
def test_good_page_is_good(baking: Path, builder: Builder, content: bytes) -> None:
    (baking / KNEAD).write_bytes(content)
    assert places(baking) == []
    assert builder(baking).code == 0


EVIL = "<script>alert(1)</script> & \\\"' `x` *y* [z](javascript:alert(1)) {a}`b` $c$"


def test_nothing_from_front_matter_is_markup(baking: Path, builder: Builder) -> None:
    """Every text that reaches a page, on the page itself and on all others."""
    quoted = "'" + EVIL.replace("'", "''") + "'"
    for name, old in (
        ("prepare/knead.md", "Knead the dough"),
        ("prepare/index.md", "Prepare"),
        ("courses/quick.md", "Bread in a hurry"),
    ):
        page = baking / "source" / name
        text = page.read_text().replace(f"title: {old}", f"title: {quoted[:-1]}{old}'")
        page.write_text(text.replace("badge: Quick", f"badge: {quoted}"))
    page = baking / "source/prepare/knead.md"
    page.write_text(page.read_text().replace("How to knead the dough.", quoted))
    ovens = baking / "source/data/ovens.yml"
    text = ovens.read_text().replace("a deck oven", quoted).replace("Deck oven", quoted)
    ovens.write_text(text.replace("Coals.", quoted))

    assert places(baking) == []
    built = builder(baking)
    assert built.code == 0, built.warnings
    for file in built.out.rglob("*.html"):
        tree = built.tree(file.relative_to(built.out).with_suffix("").as_posix())
        for script in tree.xpath("//script[contains(., 'alert(1)')]"):
            # A block of data, which no browser runs, and the words whole in it.
            assert script.get("type") == "application/ld+json", file
            assert "<script>alert(1)</script>" in str(json.loads(script.text)), file
        assert not tree.xpath("//a[starts-with(@href, 'javascript:')]"), file
        assert not tree.xpath("//em[.='y']"), file
    heading = built.tree("prepare/knead").xpath("string(//h1)")
    assert "<script>alert(1)</script>" in heading


def test_link_out_of_the_source_folder_is_not_followed(
    baking: Path, builder: Builder
) -> None:
    secret = baking.parent / "secret.md"
    secret.write_text(STEP.format("Secret", ""))
    (baking / "source/prepare/knead.md").unlink()
    (baking / "source/prepare/knead.md").symlink_to(secret)
    assert f"{KNEAD}:1:1 file_unreadable" in places(baking)
    built = builder(baking)
    assert built.code == 1
    assert not (built.out / "prepare/knead.html").exists()


@pytest.mark.parametrize("kind", ["dangling link", "link to itself", "pipe", "folder"])
def test_what_is_no_file_is_reported(baking: Path, builder: Builder, kind: str) -> None:
    page = baking / KNEAD
    page.unlink()
    if kind == "dangling link":
        page.symlink_to("nowhere.md")
    elif kind == "link to itself":
        page.symlink_to("knead.md")
    elif kind == "pipe":
        os.mkfifo(page)
    else:
        page.mkdir()
    code = "reference_unknown" if kind == "folder" else "file_unreadable"
    assert any(found.endswith(code) for found in places(baking))
    assert builder(baking).code == 1


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "1:1 schema"),
        ("ovens: []\n", "1:1 schema"),
        ("- deck\n", "1:3 schema"),
        ("- id: deck\n", "1:3 schema"),
        ("- id: deck\n  name: A\n- id: deck\n  name: B\n", "3:7 id_duplicate"),
        ("- id: deck\n  name: 1.10\n", "2:9 front_matter_ambiguous"),
        ("- &a\n  id: deck\n", "1:3 front_matter_yaml"),
        ("- id: deck\n  nam: A\n", "2:3 schema"),
        ("- id: deck\n  name: A\n  until: 2026-02-30\n", "3:10 schema"),
        (
            "- id: deck\n  name: A\n  source:\n    url: the book\n",
            "4:10 file_missing",
        ),
        (
            "- id: deck\n  name: A\n  source:\n    url: javascript:x\n",
            "4:10 link_broken",
        ),
        ("- id: deck\n name: A\n", "2:2 front_matter_yaml"),
    ],
)
def test_bad_data_has_a_finding_at_its_place(
    baking: Path, text: str, place: str
) -> None:
    (baking / "source/data/ovens.yml").write_text(text)
    assert f"source/data/ovens.yml:{place}" in places(baking)

"""Both readers of a page's text find the same headings and roles."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sphinx_stepwise.core.text.body import read_body
from sphinx_stepwise.core.text.body_parse import parse
from sphinx_stepwise.core.text.body_scan import scan
from sphinx_stepwise.core.text.frontmatter import split_front_matter

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "source").rglob("*.md"))

BLOCKS = (
    *("\n", "\n\n", "# ", "## Two\n", "###### ", "#", " # ", "---\n", "===\n", "-\n"),
    *("- ", "* ", "1. ", "12) ", "> ", "  ", "   ", "    ", "\t", "| a |\n", "+++\n"),
    *("```\n", "```{note}\n", "````{a}\n", "``` `\n", ":::\n", ":::{tip} One\n"),
    *("::::{a}\n", "~~~\n", "```{code-block} md\n", "```{record} step a-b\n", "% "),
    *("<div>\n", "<!-- ", " -->", "[x]: y\n", "***\n", "___\n", ":::{record} a b\n"),
)
INLINE = (
    *("`", "``", "```", "{step}`", "{step}`a`", "{guide:step}`one two <a-b>`", "{"),
    *("{a b}`c`", "{step}``a``", "<a-b>", "<b>", "</b>", "<", ">", "<https://a.b>"),
    *("[x](y)", "[", "](", ")", "](`", "![", "\\", "\\`", "*", "_", "&#96;", "&", "!"),
    *(
        "word",
        "two words ",
        "}",
        "é",
        "\u00a0",
        "\u2028",
        "\x0c",
        "\0",
        ".",
        ":",
        "~",
        "= ",
    ),
    *("{term}`a\n  b`", "`a\nb`", "{step}`a\n<b-c>`", "{step}`a\n<b>`", "a#", " ## "),
)
TEXTS = st.lists(st.sampled_from(BLOCKS + INLINE), max_size=14).map("".join)


@given(TEXTS)
@settings(max_examples=500)
@example("- a ` b\n- {step}`c`")
@example("a\n    {step}`b`")
@example("\n    {step}`b`")
@example("# a\n    {step}`b`")
@example("```{note}\n    {step}`b`\n```")
def test_what_is_scanned_is_what_is_parsed(text: str) -> None:
    scanned = scan(text)
    assert scanned is None or scanned == parse(text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_of_the_toolkit_reads_alike(page: Path) -> None:
    text = page.read_text("utf-8")
    split = split_front_matter(text)
    assert split
    body = "\n".join(text.split("\n")[split[1] - 1 :])
    scanned = scan(body)
    assert scanned is None or scanned == parse(body)


def test_nearly_every_step_is_scanned() -> None:
    steps = [t for page in PAGES if "\nkind: step\n" in (t := page.read_text("utf-8"))]
    bodies = [text.split("\n---\n", 1)[1] for text in steps]
    assert sum(scan(body) is not None for body in bodies) >= 0.9 * len(bodies)


def test_places_count_from_one() -> None:
    text = "a {step}`b`\n\n## Two\n\n- {guide:step}`three\n  four <five>`\n"
    headings, roles = read_body(text, "page.md", 10)
    assert [(h.level, h.text, str(h.location)) for h in headings] == [
        (2, "Two", "page.md:12:1")
    ]
    assert [(r.name, r.target, str(r.location)) for r in roles] == [
        ("step", "b", "page.md:10:10"),
        ("step", "five", "page.md:15:9"),
    ]


def test_a_sample_in_code_is_passed_over() -> None:
    _, roles = read_body("As in `` {step}`a` `` or {step}`a`.", "page.md", 1)
    assert [(r.target, str(r.location)) for r in roles] == [("a", "page.md:1:33")]

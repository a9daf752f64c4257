"""Words stay words in Markdown, XML and scripts, whatever they are."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt
from sphinx_stepwise.core.text.escaping import (
    markdown_line,
    markdown_link,
    markdown_text,
    script_json,
    xml_text,
)

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
#: All that a page may hold: no surrogates, which are no text, and no controls, which
#: CommonMark changes itself.
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")))
#: What Markdown gives a meaning to, more often than chance would.
MARKS = st.text(st.sampled_from("\\`*_[]()<>#+-=~|!&;:.1 x\n"))


def plain(text: str) -> str:
    return " ".join(text.split())


@given(st.one_of(WORDS, MARKS))
@example("1. one")
@example("# Heading #")
@example("#")
@example("- - -")
@example("&lt;script&gt; &#60; &copy;")
@example("<script>alert(1)</script>")
@example("[x](javascript:alert(1)) ![x](y) [x]: y")
@example("    four spaces")
def test_a_line_of_markdown_is_read_as_the_words(text: str) -> None:
    tokens = MARKDOWN.parse(markdown_line(markdown_text(text)))
    assert [token.type for token in tokens] in (
        [],
        ["paragraph_open", "inline", "paragraph_close"],
    )
    read = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in read} <= {"text", "text_special"}
    assert plain("".join(child.content for child in read)) == plain(text)


@given(MARKS)
@example("a #")
@example("a ##")
def test_words_stay_in_their_heading(text: str) -> None:
    line = markdown_line(markdown_text(text))
    (heading,) = html.fragments_fromstring(MARKDOWN.render(f"## {line}"))
    assert (heading.tag, plain(heading.text_content())) == ("h2", plain(text))


@given(MARKS)
def test_words_stay_in_their_cell(text: str) -> None:
    cell = markdown_line(markdown_text(text))
    tree = html.fromstring(MARKDOWN.render(f"| a | b |\n| --- | --- |\n| {cell} | c |"))
    cells = [plain(td.text_content()) for td in tree.xpath("//td")]
    assert cells == [plain(text), "c"]


@given(st.one_of(WORDS, MARKS), st.one_of(WORDS, MARKS))
def test_a_link_is_one_link(words: str, address: str) -> None:
    """An address that no browser should follow is refused by the checks, not here."""
    line = f"before {markdown_link(markdown_text(words), f'/{address}')} after"
    (inline,) = [t for t in MARKDOWN.parse(line) if t.type == "inline"]
    kinds = [t.type for t in inline.children or () if not t.type.startswith("text")]
    assert kinds == ["link_open", "link_close"]


@given(st.text())
def test_xml_can_be_read_again(text: str) -> None:
    element = ET.Element("a")
    element.text = xml_text(text.encode("utf-8", "replace").decode())
    read = ET.fromstring(ET.tostring(element)).text or ""
    # XML reads every end of a line as \n.
    assert read == re.sub("\r\n?", "\n", element.text)


def test_xml_keeps_what_it_may() -> None:
    assert xml_text("a\x00\x0bé\u202e😀\ufffe") == "a\ufffd\ufffdé\u202e😀\ufffd"


@given(st.recursive(st.text(), lambda inner: st.dictionaries(st.text(), inner)))
def test_script_holds_no_tag_and_the_same_value(value: object) -> None:
    text = script_json(value)
    assert json.loads(text) == value
    assert not re.search("[<>&\u2028\u2029]", text)


@pytest.mark.parametrize("word", ["</script>", "<!--", "]]>", "&lt;"])
def test_script_ends_where_it_should(word: str) -> None:
    page = f"<script>{script_json([word])}</script><p>after</p>"
    script, after = html.fragments_fromstring(page)
    assert json.loads(script.text) == [word]
    assert after.text == "after"

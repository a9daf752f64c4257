"""HTML of any kind becomes XML that reading systems can show, with all its words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from sphinx_stepwise.sphinx_ext.epub.xhtml import parse, words, write

NAMES = ("p", "div", "ul", "li", "b", "br", "table", "tr", "td", "dl", "dt", "dd")
OTHERS = (
    "svg",
    "math",
    "frameset",
    "template",
    "path",
    "script",
    "input",
    "form",
    "blink",
    "iframe",
    "x:y",
)
WORDS = st.text(max_size=8)
TAGS = st.builds(
    lambda slash, name, attribute, end: f"<{slash}{name}{attribute}{end}>",
    st.sampled_from(["", "/"]),
    st.sampled_from(NAMES + OTHERS),
    st.sampled_from(
        [
            "",
            " id=a",
            ' class="c" onclick="x"',
            " a:b='<'",
            ' viewBox="0"',
            " xlink:href='#a'",
        ]
    ),
    st.sampled_from(["", "/"]),
)


@given(
    st.lists(st.one_of(TAGS, WORDS, st.sampled_from(["&amp;", "&#0;", "<!--", "<"])))
)
def test_whatever_comes_is_well_formed(parts: list[str]) -> None:
    written = write(parse("".join(parts)))
    found = etree.fromstring(f"<x xmlns:epub='e'>{written}</x>".encode())
    tags = {etree.QName(element).localname for element in found.iter()}
    assert not tags & {"script", "input", "form", "blink", "iframe"}
    ids = found.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert "onclick" not in {name for e in found.iter() for name in e.attrib}


@given(
    st.lists(st.one_of(st.sampled_from([f"<{n}>" for n in NAMES]), st.just("word ")))
)
def test_words_are_kept(parts: list[str]) -> None:
    expected = parts.count("word ")
    assert words(parse(" ".join(parts))).split().count("word") == expected


def test_browsers_and_books_agree_on_what_is_left_open() -> None:
    html = "<ul><li>a<li>b<ul><li>c</ul></ul><p>d<p>e<div>f</div><dl><dt>g<dd>h</dl>"
    assert write(parse(html)) == (
        "<body><ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><p>d</p><p>e</p>"
        "<div>f</div><dl><dt>g</dt><dd>h</dd></dl></body>"
    )


def test_only_what_a_book_may_have_is_kept() -> None:
    html = (
        '<p style="color:red" epub:type="note" aria-label="n">a<script>b</script>'
        "<input type=checkbox checked>c<button>d</button><font>e</font>"
        '<svg aria-hidden="true"><path/></svg>'
        '<svg viewBox="0 0 1 1"><path d="M0"/></svg>'
    )
    assert write(parse(html)) == (
        '<body><p epub:type="note" aria-label="n">a<span role="img" aria-label="done">'
        '\N{BALLOT BOX WITH CHECK}</span> ce<svg xmlns="http://www.w3.org/2000/svg" '
        'viewBox="0 0 1 1"><path d="M0" /></svg></p></body>'
    )


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    assert write(parse("a\x07b\x0b&#1;c\ufffe")) == "<body>abc</body>"

"""Front matter and YAML: one verdict with MyST, places that are true."""

from __future__ import annotations

import json
import string

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.front_matter import front_matter_plugin
from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.text.frontmatter import decode, read_page, split_front_matter
from sphinx_stepwise.core.text.yaml_source import read_yaml

MYST = MarkdownIt("commonmark").use(front_matter_plugin)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        "---\na: 1\n---\nbody",
        "---\na: 1\n---",
        "---\n---\n",
        "---\na: 1\n...\nbody",
        "---\na: 1\n... \nbody",
        "---\na: 1\n....\n---\nbody",
        "----\na: 1\n---\n----\nbody",
        "---\na: 1\n-----\nbody",
        "---\na: 1\n --- \nbody",
        "---\na: 1\n    ---\n---\nbody",
        "---\na: 1\n",
        "\n---\na: 1\n---\n",
        " ---\na: 1\n---\n",
        "--\na: 1\n--\n",
        "---\na: |\n  b\n  c\n---\nbody",
    ],
)
def test_block_is_what_myst_takes_for_it(text: str) -> None:
    tokens = MYST.parse(text)
    theirs = tokens[0] if tokens and tokens[0].type == "front_matter" else None
    ours = split_front_matter(text)
    assert (ours is None) == (theirs is None)
    if ours and theirs:
        assert ours[1] == (theirs.map or [0, 0])[1] + 1


def test_opening_line_holds_nothing_else() -> None:
    """MyST ignores words after the dashes; we do not lose them."""
    assert split_front_matter("--- title: A\n---\n") is None


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"\xff", (1, 1)),
        (b"ab\xff", (1, 3)),
        (b"a\n\xc3\xa9\xff", (2, 2)),
        (b"\xef\xbb\xbfa\xff", (1, 2)),
    ],
)
def test_bad_byte_has_its_place(raw: bytes, place: tuple[int, int]) -> None:
    text, found = decode(raw, "page.md")
    assert text is None
    assert [(d.location.line, d.location.column) for d in found] == [place]


def test_headings_are_those_of_the_page_itself() -> None:
    body = (
        "---\nkind: page\n---\n\n## One ##\n\n```\n## not\n```\n\n"
        ":::{tip}\n## nor this\n:::\n\n> ## nor that\n\nTwo\n---\n\n"
        "    ## nor code\n### Three `x`\n"
    )
    page, _ = read_page(body, "page.md")
    found = [(h.level, h.text, h.location.line) for h in page.headings]
    assert found == [(2, "One", 5), (2, "Two", 17), (3, "Three `x`", 21)]


def test_every_key_and_item_has_its_place() -> None:
    text = "a: 1\nb:\n  - x\n  - c: [w, 'z']\n"
    source, found = read_yaml(text, "p.yml", first_line=2)
    assert not found
    assert str(source.at("a")) == "p.yml:2:1"
    assert str(source.value_at("a")) == "p.yml:2:4"
    assert str(source.at("b", 0)) == "p.yml:4:5"
    assert str(source.at("b", 1, "c")) == "p.yml:5:5"
    assert str(source.value_at("b", 1, "c", 1)) == "p.yml:5:12"
    assert str(source.at("b", 7, "gone")) == "p.yml:3:1"


def test_faults_that_leave_the_rest_readable_come_together() -> None:
    source, found = read_yaml("a: no\na: 1\nb: 017\nc: 1.10\n", "p.yml")
    assert [d.code for d in found] == [
        Code.FRONT_MATTER_AMBIGUOUS,
        Code.FRONT_MATTER_DUPLICATE_KEY,
        Code.FRONT_MATTER_AMBIGUOUS,
        Code.FRONT_MATTER_AMBIGUOUS,
    ]
    assert source.data == {"a": "no", "b": "017", "c": "1.10"}


KEYS = st.text(string.ascii_lowercase, min_size=3, max_size=8)
SCALARS = st.one_of(
    st.text(
        st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=20
    ),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.none(),
    st.sampled_from(["no", "1.10", "12:30", "2026-01-01", "~", "017", "- a", "a: b"]),
)
DATA = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, DATA, min_size=1, max_size=5))
def test_quoted_data_is_read_as_meant(data: dict[str, object]) -> None:
    """Whatever is quoted plainly comes back as it was, without a finding."""
    text = json.dumps(data, indent=1)
    source, found = read_yaml(text, "p.yml")
    assert not found
    assert source.data == data


@given(st.text(max_size=200))
def test_any_text_gives_data_or_a_finding(text: str) -> None:
    source, found = read_yaml(text, "p.yml")
    assert source.readable or found


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_plain_scalars_are_refused_or_read_alike_by_pyyaml(text: str) -> None:
    """What we accept without a finding means the same to a YAML 1.1 reader."""
    block = f"key: {text}\n"
    source, found = read_yaml(block, "p.yml")
    if found or not isinstance(source.data, dict):
        return
    theirs = yaml.load(block, Loader=yaml.CSafeLoader)["key"]
    ours = source.data["key"]
    assert ours == theirs or str(theirs) == ours


@given(st.binary(max_size=300))
def test_any_bytes_give_a_page_or_a_finding(raw: bytes) -> None:
    text, found = decode(raw, "p.md")
    if text is None:
        assert found
        return
    page, found = read_page(text, "p.md")
    assert page.front is not None or found
    for finding in found:
        assert finding.location.line <= text.count("\n") + 2
        assert finding.location.column >= 1


def test_roles_have_the_place_of_their_id() -> None:
    body = (
        "---\nkind: page\n---\n\nA {step}`knead` and {guide:oven}`the\n"
        "deck oven <deck>`, {step}`to\n  knead\n  <knead>` ``{step}`no` ``.\n\n"
        ":::{tip}\n- {step}`in`\n:::\n\n```{code-block} md\n{step}`no`\n```\n\n"
        "```{record}  oven   deck\n:show: heat\n```\n"
    )
    page, _ = read_page(body, "page.md")
    lines = body.split("\n")
    found = [(r.name, r.target, r.location) for r in page.roles]
    assert [(name, target) for name, target, _ in found] == [
        *(("step", "knead"), ("oven", "deck"), ("step", "knead")),
        *(("step", "in"), ("oven", "deck")),
    ]
    for _, target, place in found:
        assert lines[place.line - 1][place.column - 1 :].startswith(target)

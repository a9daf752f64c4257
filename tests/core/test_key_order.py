"""Keys take the order of their schema, with their comments, and nothing is lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.schema.key_order import order_edits
from sphinx_stepwise.core.schema.schema_store import SchemaStore
from sphinx_stepwise.core.text.frontmatter import read_page
from sphinx_stepwise.core.text.text_edits import apply_edits
from sphinx_stepwise.core.text.yaml_source import read_yaml

if TYPE_CHECKING:
    from sphinx_stepwise.core.text.yaml_source import YamlSource

BAKING = Path(__file__).parents[1] / "roots" / "baking"
SCHEMAS = SchemaStore.load(load_project(BAKING))
STEP, OVEN = SCHEMAS["step"], SCHEMAS["oven"]


def page(block: str) -> str:
    return f"---\n{block}---\n\n## Do\n"


def front(text: str) -> YamlSource:
    found, faults = read_page(text.removeprefix("\ufeff").replace("\r\n", "\n"), "p.md")
    assert found.front is not None
    assert not faults
    return found.front


def ordered(text: str) -> str:
    return apply_edits(text, order_edits(front(text), STEP))


def ordered_records(text: str) -> str:
    return apply_edits(text, order_edits(read_yaml(text, "p.yml")[0], OVEN))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: A\nkind: step\n", "kind: step\ntitle: A\n"),
        (
            "# About the title.\ntitle: A  # trailing\n# kind\nkind: step\n# end\n",
            "# kind\nkind: step\n# About the title.\ntitle: A  # trailing\n# end\n",
        ),
        (
            "# A word before all.\n\ntitle: A\nkind: step\n",
            "# A word before all.\n\nkind: step\ntitle: A\n",
        ),
        (
            "title: A\n\n# who\nkind: step\n\nstatus: draft\n",
            "# who\nkind: step\n\ntitle: A\n\nstatus: draft\n",
        ),
        (
            "related:\n- prove\n# - knead\n- weigh\nkind: step\n",
            "kind: step\nrelated:\n- prove\n# - knead\n- weigh\n",
        ),
        (
            "related:\n  - prove\n  # - knead\nkind: step\n",
            "kind: step\nrelated:\n  - prove\n  # - knead\n",
        ),
        (
            "kind: step\nsuits:\n  # maybe\n  possible: [home]\n  best: [deck]\n",
            "kind: step\nsuits:\n  best: [deck]\n  # maybe\n  possible: [home]\n",
        ),
        (
            "summary: |-\n  # no comment\n\n  more\nkind: step\n",
            "kind: step\nsummary: |-\n  # no comment\n\n  more\n",
        ),
    ],
)
def test_blocks_move_with_what_is_theirs(before: str, after: str) -> None:
    assert ordered(page(before)) == page(after)


@pytest.mark.parametrize(
    "block",
    [
        "kind: step\ntitle: A\n",
        "{title: A, kind: step}\n",
        "{\n  title: A,\n  kind: step,\n}\n",
        "kind: step\nsuits: {possible: [home], best: [deck]}\n",
        "title: A\nkind: step\nunheard_of: 1\n",  # it has no place
        'title: "a\n# b"\nkind: step\n',  # what looks like a comment is text
        "summary: |+\n  text\n\nkind: step\n",  # the blank line is text
        "summary: |\n  text\nkind: step\n",  # the last line end of a block is not read
    ],
)
def test_what_cannot_move_safely_stays(block: str) -> None:
    assert ordered(page(block)) == page(block)


def test_records_keep_their_dashes_and_comments() -> None:
    before = (
        "# The ovens.\n- name: Deck\n  # its own\n  heat: Even\n  source:\n"
        "    url: https://x.test/\n    title: A\n  id: deck\n\n# The other.\n"
        "- id: home\n  name: Home\n-   maker: forge\n    id: camp\n    name: Camp"
    )
    after = (
        "# The ovens.\n- id: deck\n  name: Deck\n  # its own\n  heat: Even\n  source:\n"
        "    title: A\n    url: https://x.test/\n\n# The other.\n"
        "- id: home\n  name: Home\n-   id: camp\n    name: Camp\n    maker: forge"
    )
    assert ordered_records(before) == after


def test_no_comment_comes_between_a_dash_and_its_key() -> None:
    text = "- name: Deck\n  # what names it\n  id: deck\n"
    assert ordered_records(text) == text


#: Every key of a step in several layouts.
LAYOUTS = {
    "kind": ["kind: step"],
    "title": ["title: A b", "title: >-\n  Folded\n  words", '"title": "a\n  b"'],
    "summary": [
        "summary: S  # why",
        "summary: |-\n  # text\n\n  more",
        "summary: 'a''s'",
    ],
    "suits": ["suits:\n  possible: [home]\n  # first\n  best:\n  - deck", "suits: {}"],
    "related": [
        "related:\n- prove\n# c\n- weigh",
        "related: [\n  prove,  # c\n  weigh,\n  ]",
    ],
    "minutes": ["minutes: 12", "minutes:\n  12"],
    "baked": ["baked: 2026-01-05", "baked: '2026-01-05'"],
    "photo": ["photo: https://x.test/#a"],
}
FAR = "   # far in\n"
ABOVE = [
    "",
    "",
    "",
    "# note\n",
    "\n",
    "\n# group\n\n",
    "# one\n# two\n",
    FAR,
]


@st.composite
def blocks(draw: st.DrawFn) -> str:
    keys = draw(st.lists(st.sampled_from(list(LAYOUTS)), min_size=1, unique=True))
    parts = [
        draw(st.sampled_from(ABOVE)) + draw(st.sampled_from(LAYOUTS[key])) + "\n"
        for key in keys
    ]
    return "".join(parts) + draw(st.sampled_from(["", "# end\n", "\n"]))


@given(blocks())
def test_order_changes_nothing_but_order(block: str) -> None:
    text = page(block)
    after = ordered(text)
    source = front(after)
    assert source.data == front(text).data
    assert Counter(after.split("\n")) == Counter(text.split("\n"))
    order = [key for key in STEP.properties() if key in source.data]
    # Below a block of text, an indented comment would become text: so it stays.
    assert list(source.data) == order or FAR in block
    assert ordered(after) == after
    windows = "\ufeff" + text.replace("\n", "\r\n")
    assert ordered(windows) == "\ufeff" + after.replace("\n", "\r\n")


RECORD_KEYS = {
    "id": "id: {}",
    "name": "name: Oven",
    "heat": "heat: >\n    Even\n    heat",
    "maker": "maker: forge  # who",
    "steps": "steps: [prove]",
    "loaves": "loaves:\n  - Cob\n  # - Tin",
}


@given(st.lists(st.permutations(list(RECORD_KEYS)), min_size=1, max_size=4))
def test_records_change_nothing_but_order(records: list[list[str]]) -> None:
    text = ""
    for number, keys in enumerate(records):
        lines = "\n".join(RECORD_KEYS[key].format(f"r{number}") for key in keys)
        text += "- " + lines.replace("\n", "\n  ") + "\n# next\n"
    after = ordered_records(text)
    source, faults = read_yaml(after, "p.yml")
    assert not faults
    assert source.data == read_yaml(text, "p.yml")[0].data
    assert all(list(record) == list(RECORD_KEYS) for record in source.data)
    plain = [
        Counter(line.replace("- ", "  ", 1) for line in t.split("\n"))
        for t in (text, after)
    ]
    assert plain[0] == plain[1]
    assert ordered_records(after) == after

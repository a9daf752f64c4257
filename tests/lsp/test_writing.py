"""Completion and hover; tests/core/test_cursor.py has what is offered where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types

if TYPE_CHECKING:
    from lsp.editor import Editor

KNEAD = "source/prepare/knead.md"
OVENS = "source/data/ovens.yml"
#: Where the cursor is.
HERE = "¦"


def type_at(editor: Editor, path: str, text: str) -> types.Position:
    """Type a text and return where the cursor is in it."""
    editor.type(path, text)
    place = editor.at(path, HERE)
    editor.type(path, text.replace(HERE, ""))
    return place


def complete(editor: Editor, path: str, text: str) -> list[Any]:
    place = type_at(editor, path, text)
    asked = types.CompletionParams(editor.document(path), place)
    found = editor.ask(types.TEXT_DOCUMENT_COMPLETION, asked)
    return sorted(found.items, key=lambda item: item.sort_text) if found else []


def hover(editor: Editor, path: str, text: str) -> tuple[str, str] | None:
    """Return the word and what is said of it."""
    place = type_at(editor, path, text)
    asked = types.HoverParams(editor.document(path), place)
    found = editor.ask(types.TEXT_DOCUMENT_HOVER, asked)
    return (editor.word(path, found.range), found.contents.value) if found else None


@pytest.mark.parametrize(
    ("before", "typed", "after", "first", "written"),
    [
        ("kind: step\n", "", "\n---\n", "title", "title: "),
        ("kind: step\ntitle: '🍞\n", "su", "", "summary", "summary: "),
        ("kind: step\nrelated: [", "pr", ", weigh", "bake-it", "bake-it"),
        ("kind: step\nrelated: ['", "pr", "'", "bake-it", "bake-it"),
        ("kind: step\nrelated:\n  ", "", "", "bake-it", "- bake-it"),
        ("kind: step\nstatus: ", "pub", " # yes", "published", "published"),
        ("kind: step\n---\n🍞 {", "", "", "toolkit", "toolkit}`"),
        ("kind: step\n---\n🍞 {step}`", "ne", "`", "bake-it", "bake-it"),
        ("kind: step\n---\n{step}`it <", "ne", ">`", "bake-it", "bake-it"),
        ("kind: step\n---\n```{record} oven ", "", "", "camp", "camp"),
    ],
)
def test_completion_replaces_the_word_that_is_typed(
    reader: Editor, before: str, typed: str, after: str, first: str, written: str
) -> None:
    """The text is no YAML, or not yet: nothing but its lines is needed."""
    text = f"---\n{before}{typed}{HERE}{after}"
    items = complete(reader, KNEAD, text)
    assert items[0].label == first
    assert items[0].text_edit.new_text == written
    area = items[0].text_edit.range
    assert reader.word(KNEAD, area) == typed


def test_completion_tells_what_it_offers(reader: Editor) -> None:
    (prove,) = (
        item
        for item in complete(reader, KNEAD, f"---\nkind: step\nrelated: [{HERE}")
        if item.label == "prove"
    )
    assert prove.detail == "Let it prove"
    assert prove.documentation == "How to let it prove."
    (minutes,) = (
        item
        for item in complete(reader, KNEAD, f"---\nkind: step\nmin{HERE}\n---\n")
        if item.label == "minutes"
    )
    assert minutes.documentation == "How long it takes."
    assert "number" in minutes.detail
    assert complete(reader, KNEAD, f"---\nkind: step\n---\n{{step}}`a{HERE} <b>`") == []
    assert complete(reader, KNEAD, f"---\nkind: step\n---\nPlain {HERE}") == []
    assert complete(reader, OVENS, f"- id: deck\n  maker: {HERE}")[0].label == "forge"


def test_hover_on_a_key(reader: Editor) -> None:
    told = hover(reader, KNEAD, f"---\nkind: step\nmin{HERE}utes: 3\n---\n")
    assert told is not None
    word, about = told
    assert word == "minutes"
    assert "How long it takes." in about
    assert "number" in about


def test_hover_on_an_id(reader: Editor) -> None:
    told = hover(reader, KNEAD, f"---\nkind: step\nrelated: [pr{HERE}ove]\n---\n")
    assert told is not None
    word, about = told
    assert word == "prove"
    for part in ("Let it prove", "How to let it prove", "source/prepare/prove.md"):
        assert part in about
    told = hover(reader, KNEAD, f"---\nkind: step\n---\nA {{oven}}`x <ho{HERE}me>`.")
    assert told is not None
    word, about = told
    assert word == "home"
    assert "Home oven" in about
    assert "2027-11-01" in about
    assert "Due" not in about


def test_hover_says_what_is_due(reader: Editor) -> None:
    text = reader.text(OVENS).replace("check_by: 2027-11-01", "check_by: 2026-11-01")
    reader.type(OVENS, text)
    assert reader.settle() == {OVENS: ["review_overdue"]}
    told = hover(reader, KNEAD, f"---\nkind: step\nowner: ho{HERE}me\n---\n")
    assert told is not None
    assert "**Due:**" in told[1]


def test_titles_are_words_and_no_markup(reader: Editor) -> None:
    prove = "source/prepare/prove.md"
    text = reader.text(prove)
    reader.type(prove, text.replace("Let it prove", "'*a* [b](javascript:c) <i>'"))
    reader.settle()
    told = hover(reader, KNEAD, f"---\nkind: step\nrelated: [pr{HERE}ove]\n---\n")
    assert told is not None
    assert r"**\*a\* \[b\](javascript:c) \<i\>**" in told[1]


@pytest.mark.parametrize(
    "text",
    [
        f"---\nkind: step\nrelated: [nobo{HERE}dy]\n---\n",
        f"---\nkind: step\nti{HERE}tel: x\n---\n",
        f"---\nkind: step\n---\nPlain {HERE}text\n",
        HERE,
    ],
)
def test_hover_is_silent_where_it_knows_nothing(reader: Editor, text: str) -> None:
    assert hover(reader, KNEAD, text) is None

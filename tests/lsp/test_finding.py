"""Definitions, references and symbols."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from lsprotocol import types

if TYPE_CHECKING:
    from lsp.editor import Editor

INDEX = "source/prepare/index.md"
KNEAD = "source/prepare/knead.md"
OVENS = "source/data/ovens.yml"
PROVE = "source/prepare/prove.md"


def places(editor: Editor, found: Any) -> list[tuple[str, int, str]]:
    """Return path, line from 1 and word of each location."""
    listed = found if isinstance(found, list | tuple) else [found]
    root = editor.uri("")
    return [
        (path, at.range.start.line + 1, editor.word(path, at.range))
        for at in listed
        for path in [at.uri.removeprefix(root).removeprefix("/")]
    ]


def definition(editor: Editor, path: str, word: str) -> list[tuple[str, int, str]]:
    at = editor.at(path, word, 1)
    asked = types.DefinitionParams(editor.document(path), at)
    found = editor.ask(types.TEXT_DOCUMENT_DEFINITION, asked)
    return places(editor, found) if found else []


def references(
    editor: Editor, path: str, word: str, *, declaration: bool = False
) -> list[tuple[str, int, str]]:
    at = editor.at(path, word, 1)
    context = types.ReferenceContext(include_declaration=declaration)
    asked = types.ReferenceParams(context, editor.document(path), at)
    found = editor.ask(types.TEXT_DOCUMENT_REFERENCES, asked)
    return places(editor, found or [])


def test_definition(reader: Editor) -> None:
    reader.open(KNEAD)
    assert definition(reader, KNEAD, "prove]") == [(PROVE, 3, "Let")]
    text = reader.text(KNEAD) + "\nIn the {oven}`big\noven <home>`.\n"
    reader.type(KNEAD, text)
    assert definition(reader, KNEAD, "home>") == [(OVENS, 14, "home")]
    assert definition(reader, KNEAD, "summary") == []
    # As it is open, and not as it is on disk.
    reader.type(OVENS, "\n\n" + reader.text(OVENS))
    assert definition(reader, KNEAD, "home>") == [(OVENS, 16, "home")]


def test_references(reader: Editor) -> None:
    named = [
        ("source/courses/quick.md", 7, "knead"),
        ("source/courses/thorough.md", 5, "knead"),
        ("source/index.md", 12, "knead"),
        (INDEX, 5, "knead"),
        (PROVE, 9, "knead"),
    ]
    reader.open(INDEX)
    assert references(reader, INDEX, "knead") == named
    # A page's own title and kind stand for the page.
    reader.open(KNEAD)
    assert references(reader, KNEAD, "kind") == named
    own = (KNEAD, 3, "Knead")
    assert sorted(references(reader, INDEX, "knead", declaration=True)) == sorted(
        [*named, own]
    )
    reader.open(OVENS)
    assert references(reader, OVENS, "tandoor") == []
    reader.type(KNEAD, reader.text(KNEAD).replace("Do it.", "{oven-heat}`tandoor`"))
    assert references(reader, OVENS, "tandoor") == [(KNEAD, 10, "tandoor")]


def test_symbols_of_a_data_file(reader: Editor) -> None:
    asked = types.DocumentSymbolParams(reader.document(OVENS))
    found = reader.ask(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, asked)
    assert [(symbol.name, symbol.detail) for symbol in found] == [
        ("Deck oven", "deck"),
        ("Home oven", "home"),
        ("Camp oven", "camp"),
        ("Tandoor", "tandoor"),
    ]
    for symbol, other in itertools.pairwise(found):
        assert symbol.range.start <= symbol.selection_range.start
        assert symbol.selection_range.end <= symbol.range.end
        assert symbol.range.end < other.range.start
    asked = types.DocumentSymbolParams(reader.document(KNEAD))
    assert not reader.ask(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, asked)


def test_everything_can_be_found_by_its_name(reader: Editor) -> None:
    def find(query: str) -> list[str]:
        asked = types.WorkspaceSymbolParams(query)
        return [found.name for found in reader.ask(types.WORKSPACE_SYMBOL, asked)]

    assert find("KNEAD the") == ["Knead the dough"]
    assert find("camp") == ["Camp oven"]
    assert len(find("")) == 17
    assert find("nothing of the kind") == []

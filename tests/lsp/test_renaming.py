"""A rename leaves a toolkit as sound as it was, or is refused."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from lsp.editor import Editor
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from sphinx_stepwise.cli import main
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from pathlib import Path

INDEX = "source/prepare/index.md"
KNEAD = "source/prepare/knead.md"
OVENS = "source/data/ovens.yml"
PROVE = "source/prepare/prove.md"


def rename(editor: Editor, path: str, word: str, new: str) -> Any:
    place = editor.at(path, word, 1)
    asked = types.RenameParams(editor.document(path), place, new)
    return editor.ask(types.TEXT_DOCUMENT_RENAME, asked)


def prepare(editor: Editor, path: str, word: str) -> Any:
    place = editor.at(path, word, 1)
    asked = types.PrepareRenameParams(editor.document(path), place)
    return editor.ask(types.TEXT_DOCUMENT_PREPARE_RENAME, asked)


def contents(root: Path) -> dict[str, bytes]:
    files = (file for file in (root / "source").rglob("*") if file.is_file())
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}


def findings(root: Path) -> list[str]:
    _, report = check_project(load_project(root))
    return [str(found) for found in report.diagnostics]


def test_page_is_renamed_as_the_command_does_it(baking: Path, tmp_path: Path) -> None:
    """A step, and then a stage, whose folder goes along with its pages."""
    other = tmp_path / "other"
    shutil.copytree(baking, other)
    with Editor(baking) as editor:
        for path, word, new, files in (
            (INDEX, "knead", "work-the-dough", 1),
            ("source/index.md", "prepare", "begin", 4),
        ):
            assert main(["move", "--project", str(other), word, new]) == 0
            editor.open(path)
            ready = prepare(editor, path, word)
            assert editor.word(path, ready.range) == ready.placeholder == word
            edit = rename(editor, path, word, new)
            kinds = [type(change) for change in edit.document_changes]
            assert kinds.count(types.RenameFile) == files
            assert set(kinds[-files:]) == {types.RenameFile}
            editor.change(edit)
            editor.close(path)
            assert contents(baking) == contents(other)
        assert editor.settle() == {}


def test_record_is_renamed_where_it_is_named(baking: Path) -> None:
    page = baking / KNEAD
    page.write_bytes(
        page.read_bytes()
        .replace(
            b"related:", b"owner: 'camp' # camp\r\nsuits: {best: [camp]}\r\nrelated:"
        )
        .replace(b"Do it.", "🍞 {oven-heat}`camp`, {oven}`my camp\n<camp>`.".encode())
    )
    assert findings(baking) == []
    with Editor(baking) as editor:
        editor.open(OVENS)
        editor.type(KNEAD, editor.text(KNEAD) + "\nNot saved: {oven}`camp`.\n")
        assert prepare(editor, OVENS, "camp").placeholder == "camp"
        assert prepare(editor, OVENS, "Camp oven") is None
        assert prepare(editor, OVENS, "seen") is None
        edit = rename(editor, OVENS, "camp", "field")
        changed = [change.text_document for change in edit.document_changes]
        assert [(document.uri, document.version) for document in changed] == [
            (editor.uri("source/bake/bake-it.md"), None),
            (editor.uri(OVENS), 1),
            (editor.uri(KNEAD), 2),
        ]
        editor.change(edit)
        before = contents(baking)
        with pytest.raises(JsonRpcException, match="already"):
            rename(editor, OVENS, "camp", "deck")
        with pytest.raises(JsonRpcException, match="no id"):
            rename(editor, OVENS, "camp", "Not an id")
        assert contents(baking) == before
    text = page.read_text()
    assert "owner: 'field' # camp\n" in text
    assert "{best: [field]}" in text
    assert "🍞 {oven-heat}`field`, {oven}`my camp\n<field>`." in text
    assert "Not saved: {oven}`field`." in text
    assert "- id: field\n  name: Camp oven" in (baking / OVENS).read_text()
    assert findings(baking) == []


def test_what_the_command_refuses_is_refused(editor: Editor) -> None:
    before = contents(editor.root)
    editor.open(INDEX)
    for new, words in {
        "prove": "already|belongs",
        "Not an id": "address",
        "../../knead": "address",
    }.items():
        with pytest.raises(JsonRpcException, match=words):
            rename(editor, INDEX, "knead", new)
    with pytest.raises(JsonRpcException, match="no id"):
        rename(editor, INDEX, "summary", "something")
    assert rename(editor, INDEX, "knead", "knead") is None

    editor.open(PROVE)
    editor.type(PROVE, editor.text(PROVE) + "\nMore.\n")
    with pytest.raises(JsonRpcException, match=f"save.*{PROVE}"):
        rename(editor, INDEX, "knead", "work-the-dough")
    editor.close(PROVE)

    settings = editor.root / "pyproject.toml"
    good = settings.read_text()
    settings.write_text(f"{good}\n[tool.stepwise.severity]\nnone = 3\n")
    editor.save(INDEX)
    with pytest.raises(JsonRpcException, match="settings"):
        rename(editor, INDEX, "knead", "work-the-dough")
    settings.write_text(good)
    assert contents(editor.root) == before


def test_an_editor_that_cannot_rename_files_is_told_of_the_command(
    baking: Path,
) -> None:
    with Editor(baking, able=types.ClientCapabilities()) as editor:
        editor.open(INDEX)
        with pytest.raises(JsonRpcException, match="stepwise move knead dough"):
            rename(editor, INDEX, "knead", "dough")
        editor.open(OVENS)
        edit = rename(editor, OVENS, "home", "house")
        assert edit.document_changes is None
        editor.change(edit)
        assert not editor.registered
    assert findings(baking) == []
    assert "- id: house\n" in (baking / OVENS).read_text()

"""What ``stepwise check`` finds is shown while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsp.editor import Editor
from lsprotocol import types
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from pathlib import Path

KNEAD = "source/prepare/knead.md"
OVENS = "source/data/ovens.yml"
INDEX = "source/prepare/index.md"
SCHEMA = "schemas/oven.schema.json"


def test_findings_come_and_go_with_what_is_typed(reader: Editor) -> None:
    good = reader.text(KNEAD)
    reader.type(KNEAD, good.replace("[prove]", "[proves]"))
    reader.wait(lambda: bool(reader.shown.get(KNEAD)))
    (found,) = reader.shown[KNEAD]
    assert (found.code, found.source) == ("reference_unknown", "stepwise")
    assert found.severity is types.DiagnosticSeverity.Error
    assert reader.word(KNEAD, found.range) == "proves"
    assert "`prove`" in found.message

    reader.type(KNEAD, good)
    reader.wait(lambda: reader.shown[KNEAD] == [])


def test_files_that_are_not_open_have_findings_too(reader: Editor) -> None:
    """The other end of a change is elsewhere: what named the page names nothing now."""
    text = reader.text(OVENS)
    reader.type(OVENS, text.replace("id: tandoor", "id: deck"))
    assert reader.settle() == {OVENS: ["id_duplicate"]}
    (found,) = reader.shown[OVENS]
    assert found.related_information
    (other,) = found.related_information
    assert reader.word(OVENS, other.location.range) == "deck"
    assert other.location.range != found.range

    reader.type(OVENS, text.replace("  spare: The course has no flat bread yet.\n", ""))
    assert reader.settle() == {OVENS: ["record_unused"]}
    (found,) = reader.shown[OVENS]
    assert found.severity is types.DiagnosticSeverity.Warning
    assert found.tags == (types.DiagnosticTag.Unnecessary,)

    reader.type(OVENS, text)
    reader.type(INDEX, reader.text(INDEX).replace("weigh, ", ""))
    assert reader.settle() == {
        INDEX: ["track_count"],
        "source/index.md": ["track_count"],
        "source/prepare/weigh.md": ["step_unlisted"],
    }


def test_what_is_closed_or_changed_on_disk_counts_as_it_is_on_disk(
    editor: Editor,
) -> None:
    good = editor.text(KNEAD)
    bad = good.replace("kind: step", "kind: stepp")
    editor.type(KNEAD, bad)
    assert editor.settle() == {KNEAD: ["kind_unknown"]}
    editor.close(KNEAD)
    assert editor.settle() == {}

    editor.wait(lambda: bool(editor.registered))
    (watched,) = editor.registered
    assert watched.method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    (editor.root / KNEAD).write_text(bad)
    event = types.FileEvent(editor.uri(KNEAD), types.FileChangeType.Changed)
    editor.tell(
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
        types.DidChangeWatchedFilesParams([event]),
    )
    editor.wait(lambda: bool(editor.shown.get(KNEAD)))

    editor.open(KNEAD)
    editor.type(KNEAD, good)
    editor.save(KNEAD)
    assert editor.settle() == {}


def test_the_command_and_the_editor_say_the_same(baking: Path) -> None:
    """Every finding, at the same place, whatever the text before it is made of."""
    emoji = "title: '🍞🥖 Ünï' # 🥐\n"
    text = "---\r\nkind: step\r\nsummary: 🍞 one.\r\nrelated: [🍞x, 'proof', home]\r\n"
    (baking / KNEAD).write_bytes(
        b"\xef\xbb\xbf" + (text + emoji + "---\r\n\r\nA 🍞 {step}`nil`.\r\n").encode()
    )
    _, report = check_project(load_project(baking))
    with Editor(baking) as editor:
        editor.open(KNEAD, (baking / KNEAD).read_bytes().decode("utf-8-sig"))
        editor.settle()
        shown = [(found.code, found.range) for found in editor.shown[KNEAD]]
        lines = editor.text(KNEAD).replace("\r\n", "\n").split("\n")
        expected = []
        for found in report.diagnostics:
            at = found.location
            before = lines[at.line - 1][: at.column - 1].encode("utf-16-le")
            place = types.Position(at.line - 1, len(before) // 2)
            expected.append((found.code.value, place))
        assert [(code, area.start) for code, area in shown] == expected
        words = [editor.word(KNEAD, area) for code, area in shown]
        assert {"🍞x", "'proof'", "home", "nil"} <= set(words)


def test_an_editor_that_counts_bytes_is_told_bytes(baking: Path) -> None:
    kinds = [types.PositionEncodingKind.Utf8, types.PositionEncodingKind.Utf16]
    able = types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=kinds)
    )
    with Editor(baking, able=able) as editor:
        assert editor.answer.capabilities.position_encoding == kinds[0]
        before = "Ün 🍞 {step}`"
        text = editor.text(KNEAD).replace("Do it.", f"{before}proves` 🍞.")
        editor.type(KNEAD, text)
        editor.settle()
        (found,) = editor.shown[KNEAD]
        start = len(before.encode())
        assert found.range.start.character == start
        assert found.range.end.character == start + len("proves")
        place = types.Position(found.range.start.line, start)
        asked = types.CompletionParams(editor.document(KNEAD), place)
        offered = editor.ask(types.TEXT_DOCUMENT_COMPLETION, asked)
        assert offered.items[0].text_edit.range == found.range


def test_a_byte_order_mark_counts_where_the_editor_keeps_it(reader: Editor) -> None:
    for mark in ("", "\ufeff"):
        reader.type(OVENS, f"{mark}- deck\n")
        assert "schema" in reader.settle()[OVENS]
        (found,) = (f for f in reader.shown[OVENS] if f.code == "schema")
        assert reader.word(OVENS, found.range) == "deck"


def test_broken_settings_are_shown_where_they_are_and_can_be_mended(
    editor: Editor,
) -> None:
    editor.type(KNEAD, editor.text(KNEAD).replace("[prove]", "[proves]"))
    assert editor.settle() == {KNEAD: ["reference_unknown"]}
    settings, schema = editor.root / "pyproject.toml", editor.root / SCHEMA
    good = settings.read_text(), schema.read_text()

    settings.write_text(good[0] + '\n[tool.stepwise.severity]\nschem = "error"\n')
    editor.save(KNEAD)
    editor.settle()
    assert [found.range.start.line for found in editor.shown["pyproject.toml"]] == [6]
    assert editor.shown[KNEAD] == []

    settings.write_text(good[0])
    schema.write_text(good[1].replace('"x-label"', '"x-lable"'))
    editor.save(KNEAD)
    editor.settle()
    assert "x-label" in editor.shown[SCHEMA][0].message
    # What was known before still helps to write on.
    place = editor.at(KNEAD, "proves")
    items = editor.ask(
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionParams(editor.document(KNEAD), place),
    ).items
    assert "prove" in [item.label for item in items]

    schema.write_text(good[1])
    editor.save(KNEAD)
    assert editor.settle() == {KNEAD: ["reference_unknown"]}


def test_quick_fix(reader: Editor) -> None:
    bad = reader.text(KNEAD).replace("[prove]", "['proves']").replace("\n", "\r\n")
    reader.type(KNEAD, bad)
    place = reader.at(KNEAD, "proves")

    def actions(at: types.Position, *only: types.CodeActionKind) -> list[Any]:
        return list(
            reader.ask(
                types.TEXT_DOCUMENT_CODE_ACTION,
                types.CodeActionParams(
                    reader.document(KNEAD),
                    types.Range(at, at),
                    types.CodeActionContext([], only=only or None),
                ),
            )
            or ()
        )

    (action,) = actions(place)
    assert action.title == "Change `'proves'` to `'prove'`"
    assert action.kind == types.CodeActionKind.QuickFix
    assert [found.code for found in action.diagnostics] == ["reference_unknown"]
    assert actions(types.Position(0, 0)) == []
    assert actions(place, types.CodeActionKind.Refactor) == []
    (change,) = action.edit.document_changes
    assert change.text_document.version == 2
    (edit,) = change.edits
    assert reader.word(KNEAD, edit.range) == "'proves'"
    assert edit.new_text == "'prove'"

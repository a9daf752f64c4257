"""The server as a process: how it begins and ends, and that nothing ends it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lsp.editor import Editor
from lsprotocol import types

if TYPE_CHECKING:
    from pathlib import Path

KNEAD = "source/prepare/knead.md"
OVENS = "source/data/ovens.yml"
SERVER = [sys.executable, "-m", "sphinx_stepwise", "lsp"]
BLOCKED = """
import sys
sys.modules["pygls"] = None
from sphinx_stepwise.cli import main
sys.exit(main(["lsp"]))
"""


def frame(message: dict[str, Any]) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def frames(raw: bytes) -> list[dict[str, Any]]:
    """Take apart what a server wrote; fails where it is anything but messages."""
    found = []
    while raw:
        head, _, rest = raw.partition(b"\r\n\r\n")
        (length,) = (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.startswith(b"Content-Length:")
        )
        found.append(json.loads(rest[:length]))
        raw = rest[length:]
    return found


def test_without_pygls_it_says_how_to_install_it() -> None:
    run = subprocess.run(
        [sys.executable, "-c", BLOCKED], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert run.stdout == ""
    assert 'pip install "sphinx-stepwise[lsp]"' in run.stderr
    assert "Traceback" not in run.stderr


def test_it_outlives_nonsense_and_knows_when_it_is_cut_off(baking: Path) -> None:
    """Standard output carries messages and nothing else."""
    page = baking / KNEAD
    page.write_text(page.read_text().replace("[prove]", "[proves]"))
    start: dict[str, Any] = {
        "processId": None,
        "rootUri": baking.as_uri(),
        "capabilities": {},
    }
    sent = [
        b"Content-Length: 9\r\n\r\n{not json",
        frame({"id": 1, "method": "initialize", "params": start}),
        frame({"method": "initialized", "params": {}}),
        frame({"id": 2, "method": "textDocument/hover", "params": {"no": "such"}}),
        frame({"id": 3, "method": "no/such", "params": {}}),
        frame({"method": "no/such", "params": {}}),
        frame({"id": 4, "method": "workspace/symbol", "params": {"query": "camp"}}),
    ]
    with subprocess.Popen(
        [*SERVER, "--stdio", "--project", str(baking)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"".join(sent))
        process.stdin.flush()
        raw = b""
        while b"Camp oven" not in raw:
            raw += os.read(process.stdout.fileno(), 65_536)
        process.stdin.close()
        raw += process.stdout.read()
    assert process.returncode == 1
    told = frames(raw)
    answers = {message["id"]: message for message in told if "id" in message}
    assert "capabilities" in answers[1]["result"]
    assert "error" in answers[3]
    assert [found["name"] for found in answers[4]["result"]] == ["Camp oven"]
    shown = [m["params"] for m in told if m.get("method", "").endswith("Diagnostics")]
    assert [params["uri"] for params in shown] == [page.as_uri()]


def test_a_toolkit_is_found_when_a_file_of_it_is_opened(
    baking: Path, tmp_path: Path
) -> None:
    """The toolkit's folder is a link here, and has a name that addresses must quote."""
    link = tmp_path / "a b" / "Bröt 🍞"
    link.parent.mkdir()
    link.symlink_to(baking)
    with Editor(link, folder=link.parent) as editor:
        editor.wait(lambda: bool(editor.messages))
        assert "pyproject.toml" in editor.messages[0]
        assert (
            editor.ask(types.WORKSPACE_SYMBOL, types.WorkspaceSymbolParams("")) is None
        )
        editor.open(KNEAD)
        editor.type(KNEAD, editor.text(KNEAD).replace("[prove]", "[proves]"))
        editor.wait(lambda: bool(editor.shown.get(KNEAD)))
        asked = types.WorkspaceSymbolParams("camp")
        (found,) = editor.ask(types.WORKSPACE_SYMBOL, asked)
        assert found.location.uri == editor.uri(OVENS)


ODD = st.lists(
    st.sampled_from(
        [*"ab:-[]{},#'\"|>`<\\ \n\r\t", "\r\n", *"é🍞\u2028\x85\0\ufeff\ud800"]
    ),
    max_size=80,
).map("".join)
BEFORE = st.sampled_from(
    ["", "---\nkind: step\n", "---\nkind: step\n---\n", "- id: deck\n  ", "\ufeff---\n"]
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    BEFORE, ODD, st.sampled_from([KNEAD, OVENS]), st.integers(0, 9), st.integers(0, 30)
)
def test_no_text_is_too_odd(
    reader: Editor, before: str, text: str, path: str, line: int, character: int
) -> None:
    reader.type(path, before + text)
    place = types.Position(line, character)
    document = reader.document(path)
    automatic = types.CodeActionTriggerKind.Automatic
    for method, asked in (
        (types.TEXT_DOCUMENT_COMPLETION, types.CompletionParams(document, place)),
        (types.TEXT_DOCUMENT_HOVER, types.HoverParams(document, place)),
        (
            types.TEXT_DOCUMENT_PREPARE_RENAME,
            types.PrepareRenameParams(document, place),
        ),
        (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, types.DocumentSymbolParams(document)),
        (
            types.TEXT_DOCUMENT_CODE_ACTION,
            types.CodeActionParams(
                document,
                types.Range(place, place),
                types.CodeActionContext([], trigger_kind=automatic),
            ),
        ),
    ):
        reader.ask(method, asked)
    assert reader.messages == []

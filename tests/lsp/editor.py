"""An editor: a language client with a server of its own, over real pipes."""

from __future__ import annotations

import asyncio
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from lsprotocol import types
from pygls import uris
from pygls.lsp.client import LanguageClient

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from pathlib import Path

TIMEOUT = 30
#: What common editors can do.
ABLE = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(
            document_changes=True,
            resource_operations=[types.ResourceOperationKind.Rename],
        ),
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(
            dynamic_registration=True, relative_pattern_support=True
        ),
    ),
    text_document=types.TextDocumentClientCapabilities(
        publish_diagnostics=types.PublishDiagnosticsClientCapabilities(
            related_information=True,
            tag_support=types.ClientDiagnosticsTagOptions(
                [types.DiagnosticTag.Unnecessary]
            ),
        ),
        rename=types.RenameClientCapabilities(prepare_support=True),
    ),
)


class Editor:
    """Opens a folder, starts ``stepwise lsp`` for it, and notes all that it says."""

    def __init__(
        self,
        root: Path,
        *,
        able: types.ClientCapabilities = ABLE,
        arguments: Sequence[str] = (),
        folder: Path | None = None,
    ) -> None:
        self.root = root
        #: Findings shown, by path below the root.
        self.shown: dict[str, list[types.Diagnostic]] = {}
        self.messages: list[str] = []
        self.registered: list[types.Registration] = []
        self.answer: types.InitializeResult
        self.log = ""
        self._versions: dict[str, int] = {}
        self._texts: dict[str, str] = {}
        self._news = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._client = LanguageClient("test", "1")
        self._able = able
        self._arguments = ("-m", "sphinx_stepwise", "lsp", *arguments)
        self._folder = folder or root

    def __enter__(self) -> Self:
        self._thread.start()
        self._listen()
        self._do(self._client.start_io(sys.executable, *self._arguments))
        process: Any = self._client._server
        self._reading = asyncio.run_coroutine_threadsafe(
            process.stderr.read(), self._loop
        )
        uri = self.uri(self._folder)
        self.answer = self.ask(
            types.INITIALIZE,
            types.InitializeParams(
                capabilities=self._able,
                root_uri=uri,
                workspace_folders=[types.WorkspaceFolder(uri, "test")],
            ),
        )
        self.tell(types.INITIALIZED, types.InitializedParams())
        return self

    def __exit__(self, *_: object) -> None:
        """Say goodbye, and see that the server leaves well."""
        process: Any = self._client._server
        try:
            if process.returncode is None:
                self.ask(types.SHUTDOWN, None)
                self.tell(types.EXIT, None)
            self._do(self._client.stop())  # type: ignore[no-untyped-call]
            self.log = self._reading.result(TIMEOUT).decode()
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
        assert process.returncode == 0, self.log
        assert not self.log, self.log

    def uri(self, path: str | Path) -> str:
        return str(uris.from_fs_path(str(self.root / path)))

    def ask(self, method: str, params: Any) -> Any:
        """Send a request and return its answer."""

        async def send() -> Any:
            return await self._client.protocol.send_request_async(method, params)

        return self._do(send())

    def tell(self, method: str, params: Any) -> None:
        """Send a notification."""

        async def send() -> None:
            self._client.protocol.notify(method, params)

        self._do(send())

    def open(self, path: str, text: str | None = None) -> None:
        if text is None:
            text = (self.root / path).read_bytes().decode()
        self._texts[path], self._versions[path] = text, 1
        language = "yaml" if path.endswith(".yml") else "markdown"
        item = types.TextDocumentItem(self.uri(path), language, 1, text)
        self.tell(types.TEXT_DOCUMENT_DID_OPEN, types.DidOpenTextDocumentParams(item))

    def type(self, path: str, text: str) -> None:
        """Replace the text of an open file, without saving it."""
        if path not in self._versions:
            self.open(path)
        self._texts[path] = text
        self._versions[path] += 1
        self.tell(
            types.TEXT_DOCUMENT_DID_CHANGE,
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(
                    uri=self.uri(path), version=self._versions[path]
                ),
                [types.TextDocumentContentChangeWholeDocument(text)],
            ),
        )

    def close(self, path: str) -> None:
        del self._texts[path], self._versions[path]
        self.tell(
            types.TEXT_DOCUMENT_DID_CLOSE,
            types.DidCloseTextDocumentParams(self.document(path)),
        )

    def close_all(self) -> None:
        """Close all files, and see that nothing of them stays."""
        for path in list(self._texts):
            self.close(path)
        assert self.settle() == {}
        self.messages.clear()

    def save(self, path: str) -> None:
        with (self.root / path).open("w", encoding="utf-8", newline="") as file:
            file.write(self._texts[path])
        self.tell(
            types.TEXT_DOCUMENT_DID_SAVE,
            types.DidSaveTextDocumentParams(self.document(path)),
        )

    def document(self, path: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(path))

    def text(self, path: str) -> str:
        """Return a file as it is open, or as it is on disk."""
        if path in self._texts:
            return self._texts[path]
        return (self.root / path).read_bytes().decode()

    def at(self, path: str, word: str, further: int = 0) -> types.Position:
        """Return the place where *word* begins in a file, in UTF-16 units."""
        before = self.text(path).split(word)[0]
        line = before.count("\n")
        units = len(before.rsplit("\n", 1)[-1].encode("utf-16-le")) // 2
        return types.Position(line, units + further)

    def word(self, path: str, area: types.Range) -> str:
        """Return what stands in a range of a file, which is on one line."""
        line = self.text(path).split("\n")[area.start.line].encode("utf-16-le")
        assert area.start.line == area.end.line
        return line[area.start.character * 2 : area.end.character * 2].decode(
            "utf-16-le"
        )

    def settle(self) -> dict[str, list[str]]:
        """Wait until all that was typed is looked at; return codes by path."""
        self.ask(types.WORKSPACE_SYMBOL, types.WorkspaceSymbolParams("no such thing"))
        return self.codes()

    def codes(self) -> dict[str, list[str]]:
        return {
            path: [str(found.code) for found in shown]
            for path, shown in self.shown.items()
            if shown
        }

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait until the server has said what makes *condition* true."""
        with self._news:
            assert self._news.wait_for(condition, TIMEOUT), (self.shown, self.messages)

    def change(self, edit: types.WorkspaceEdit) -> None:
        """Make a change of the server's, on disk."""
        for path, edits in (edit.changes or {}).items():
            self._edit(path, edits)
        for change in edit.document_changes or []:
            if isinstance(change, types.TextDocumentEdit):
                version = change.text_document.version
                path = self._path(change.text_document.uri)
                assert version == self._versions.get(path)
                self._edit(change.text_document.uri, change.edits)
            elif isinstance(change, types.RenameFile):
                old, new = (self._path(u) for u in (change.old_uri, change.new_uri))
                (self.root / new).parent.mkdir(parents=True, exist_ok=True)
                (self.root / old).rename(self.root / new)

    def _edit(self, uri: str, edits: Sequence[Any]) -> None:
        path = self._path(uri)
        text = self.text(path)
        lines = text.splitlines(keepends=True)

        def offset(at: types.Position) -> int:
            line = lines[at.line] if at.line < len(lines) else ""
            units = line.encode("utf-16-le")[: at.character * 2]
            return sum(map(len, lines[: at.line])) + len(units.decode("utf-16-le"))

        for edit in sorted(edits, key=lambda e: offset(e.range.start), reverse=True):
            start, end = offset(edit.range.start), offset(edit.range.end)
            text = text[:start] + edit.new_text + text[end:]
        with (self.root / path).open("w", encoding="utf-8", newline="") as file:
            file.write(text)

    def _path(self, uri: str) -> str:
        name = uris.to_fs_path(uri)
        assert name is not None
        return name.removeprefix(f"{self.root.as_posix()}/")

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(TIMEOUT)

    def _listen(self) -> None:
        def show(params: types.PublishDiagnosticsParams) -> None:
            with self._news:
                self.shown[self._path(params.uri)] = list(params.diagnostics)
                self._news.notify_all()

        def say(params: types.ShowMessageParams | types.LogMessageParams) -> None:
            with self._news:
                self.messages.append(params.message)
                self._news.notify_all()

        def register(params: types.RegistrationParams) -> None:
            with self._news:
                self.registered += params.registrations
                self._news.notify_all()

        self._client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(show)
        self._client.feature(types.WINDOW_SHOW_MESSAGE)(say)
        self._client.feature(types.WINDOW_LOG_MESSAGE)(partial(say))
        self._client.feature(types.CLIENT_REGISTER_CAPABILITY)(register)

"""The server: what it offers, and how it begins and ends."""

from __future__ import annotations

import contextlib
import logging
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from sphinx_stepwise import __version__
from sphinx_stepwise.lsp import completion, finding, hover, mending, renaming, watching
from sphinx_stepwise.lsp.documents import file_of
from sphinx_stepwise.lsp.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NOT_FOUND: Final = (
    "No toolkit here: there is no pyproject.toml with a [tool.stepwise] table in the "
    "open folder or above it.  It is looked for again when a file is opened."
)
_ACTIONS: Final = types.CodeActionOptions([types.CodeActionKind.QuickFix])
#: Request -> what answers it, and its options.
_ANSWERS: Final[dict[str, tuple[Callable[..., Any], Any]]] = {
    types.TEXT_DOCUMENT_COMPLETION: (completion.complete, completion.OPTIONS),
    types.TEXT_DOCUMENT_HOVER: (hover.hover, None),
    types.TEXT_DOCUMENT_DEFINITION: (finding.definition, None),
    types.TEXT_DOCUMENT_REFERENCES: (finding.references, None),
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: (finding.document_symbols, None),
    types.WORKSPACE_SYMBOL: (finding.workspace_symbols, None),
    types.TEXT_DOCUMENT_PREPARE_RENAME: (renaming.prepare_rename, None),
    types.TEXT_DOCUMENT_RENAME: (renaming.rename, None),
    types.TEXT_DOCUMENT_CODE_ACTION: (mending.code_actions, _ACTIONS),
}


def serve(folder: Path | None) -> int:
    """Serve one editor over standard input and output until it leaves.

    :param folder: the toolkit's root; by default the editor's folder says it.
    :returns: 0 where the editor said goodbye, else 1, as the protocol asks.
    """
    log = logging.StreamHandler(sys.stderr)
    log.addFilter(_is_news)
    logging.getLogger("pygls").addHandler(log)
    # Always whole texts: which signs end a line is a question to editors that way.
    whole = types.TextDocumentSyncKind.Full
    server = LanguageServer("stepwise", __version__, text_document_sync_kind=whole)
    desk = _Desk(server, Session(server, folder))
    output = sys.stdout.buffer
    with contextlib.redirect_stdout(sys.stderr):  # it carries the protocol alone
        server.start_io(sys.stdin.buffer, output)
    return 0 if desk.goodbye else 1


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line of the log is more than a refusal, which the editor shows."""
    return not (record.exc_info and isinstance(record.exc_info[1], renaming.Refused))


class _Desk:
    """Takes what the editor sends."""

    def __init__(self, server: LanguageServer, session: Session) -> None:
        self._server, self._session = server, session
        self.goodbye = False
        for name, (answer, options) in _ANSWERS.items():
            server.feature(name, options)(partial(answer, session))
        notes: dict[str, Callable[[Any], None]] = {
            types.INITIALIZED: self._begin,
            types.TEXT_DOCUMENT_DID_OPEN: self._opened,
            types.TEXT_DOCUMENT_DID_CHANGE: self._changed,
            types.TEXT_DOCUMENT_DID_SAVE: self._saved,
            types.TEXT_DOCUMENT_DID_CLOSE: self._closed,
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES: self._changed_on_disk,
            types.SHUTDOWN: self._end,
        }
        for name, note in notes.items():
            server.feature(name)(partial(note))  # pygls marks it: a method cannot be

    def _begin(self, _: types.InitializedParams) -> None:
        """Find the toolkit in the editor's folders, and look at it at once."""
        workspace = self._server.workspace
        folders = [folder.uri for folder in workspace.folders.values()]
        for uri in folders or [workspace.root_uri or ""]:
            file = file_of(uri)
            if file and self._session.find(file):
                break
        if self._session.addresses:
            self._start()
        else:
            self._server.window_log_message(
                types.LogMessageParams(types.MessageType.Info, _NOT_FOUND)
            )

    def _start(self) -> None:
        watching.register(self._session)
        self._session.changed(0)

    def _opened(self, params: types.DidOpenTextDocumentParams) -> None:
        uri = params.text_document.uri
        file = file_of(uri)
        if file and not self._session.addresses and self._session.find(file.parent):
            self._start()
        if self._session.addresses:
            self._session.addresses.opened(uri)
            self._session.changed()

    def _changed(self, _: types.DidChangeTextDocumentParams) -> None:
        self._session.changed()

    def _saved(self, _: types.DidSaveTextDocumentParams) -> None:
        self._session.changed(0)

    def _closed(self, params: types.DidCloseTextDocumentParams) -> None:
        """From now on what is on disk counts."""
        if self._session.addresses:
            self._session.addresses.closed(params.text_document.uri)
        self._session.changed()

    def _changed_on_disk(self, params: types.DidChangeWatchedFilesParams) -> None:
        if any(watching.matters(self._session, file.uri) for file in params.changes):
            self._session.changed()

    def _end(self, _: None) -> None:
        self.goodbye = True

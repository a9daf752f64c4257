"""Changes as the protocol has them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from lsprotocol import types

from sphinx_stepwise.core.text.text_edits import span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_stepwise.core.diagnostics import Edit
    from sphinx_stepwise.lsp.session import Session


def workspace_edit(
    session: Session, edits: Iterable[Edit], /
) -> types.WorkspaceEdit | None:
    """Return *edits*, or ``None`` where a text is not what one of them replaces."""
    changes = {}
    ordered = sorted(set(edits))
    for path, group in groupby(ordered, key=lambda edit: edit.location.path):
        try:
            changes[path] = [_text_edit(session, path, edit) for edit in group]
        except (IndexError, ValueError):
            return None
    if not _takes_versions(session):
        addresses = session.addresses
        named = {addresses.uri(p): found for p, found in changes.items() if addresses}
        return types.WorkspaceEdit(changes=named)
    return types.WorkspaceEdit(
        document_changes=[
            text_document_edit(session, path, found) for path, found in changes.items()
        ]
    )


def text_document_edit(
    session: Session, path: str, edits: Iterable[types.TextEdit], /
) -> types.TextDocumentEdit:
    """Return the edits of one file, for the version of it that is open."""
    uri = session.addresses.uri(path) if session.addresses else ""
    document = session.server.workspace.get_text_document(uri)
    identifier = types.OptionalVersionedTextDocumentIdentifier(
        uri=uri, version=document.version
    )
    return types.TextDocumentEdit(identifier, list(edits))


def _text_edit(session: Session, path: str, edit: Edit) -> types.TextEdit:
    document = session.document(path)
    return types.TextEdit(document.span(*span(document.text, edit)), edit.new)


def _takes_versions(session: Session) -> bool:
    workspace = session.server.client_capabilities.workspace
    edit = workspace.workspace_edit if workspace else None
    return bool(edit and edit.document_changes)

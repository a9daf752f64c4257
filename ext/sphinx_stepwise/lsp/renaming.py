"""Rename a page or record, and all that names it.

A page is renamed as ``stepwise move`` does it: its file, every list, reference, role
and link, and a redirect from its old address; what the command refuses is refused here.
The editor makes the changes, so that they can be undone there.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sphinx_stepwise.core.changes.moving import plan_move, try_move
from sphinx_stepwise.core.changes.renaming import rename_record
from sphinx_stepwise.core.content.model import Page
from sphinx_stepwise.core.project import ProjectError
from sphinx_stepwise.core.rules.checks import check_project
from sphinx_stepwise.core.writing.offers import named
from sphinx_stepwise.lsp.documents import on_disk
from sphinx_stepwise.lsp.editing import text_document_edit, workspace_edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.changes.moving import Move
    from sphinx_stepwise.core.project import Project
    from sphinx_stepwise.lsp.session import Known, Session

_NO_ID: Final = "there is no id of a page or record here"
_BROKEN: Final = "first mend the settings or schemas; `stepwise check` says where"
_NO_RENAME: Final = "this editor cannot rename files; use `stepwise move {} {}`"


class Refused(JsonRpcException):
    """A request that was understood, and cannot be met; the editor shows why."""

    CODE = types.LSPErrorCodes.RequestFailed.value


async def prepare_rename(
    session: Session, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """Return the id at a place, where there is one."""
    await session.fresh()
    place = await session.place(params.text_document.uri, params.position)
    if place is None:
        return None
    known, document, spot = place
    item = named(known.navigation.catalogue, known.fields, spot)
    if item is None or item.id != spot.text:
        return None
    return types.PrepareRenamePlaceholder(
        range=document.stretch(spot.location, spot.end), placeholder=item.id
    )


async def rename(
    session: Session, params: types.RenameParams
) -> types.WorkspaceEdit | None:
    """Return the changes that give what stands at a place another id.

    :raises Refused: saying why not.
    """
    look = await session.fresh()
    place = await session.place(params.text_document.uri, params.position)
    if place is None:
        raise Refused(_NO_ID)
    known, _, spot = place
    item = named(known.navigation.catalogue, known.fields, spot)
    if item is None or item.id != spot.text:
        raise Refused(_NO_ID)
    if look.broken:
        raise Refused(_BROKEN)
    new = params.new_name.strip()
    if new == item.id:
        return None
    try:
        if isinstance(item, Page):
            return await _rename_page(session, known, item, new)
        catalogue, report = known.navigation.catalogue, look.report
        edits = await asyncio.to_thread(rename_record, catalogue, report, item, new)
    except ProjectError as error:
        raise Refused("\n".join(error.faults)) from error
    return workspace_edit(session, edits)


async def _rename_page(
    session: Session, known: Known, page: Page, new: str
) -> types.WorkspaceEdit:
    if not _renames_files(session.server.client_capabilities):
        raise Refused(_NO_RENAME.format(page.id, new))
    saved = replace(known.project, texts={})
    _refuse_unsaved(session, saved)
    move = await asyncio.to_thread(_plan, saved, page, new)
    _refuse_unsaved(session, saved)  # something may have been typed meanwhile
    changes: list[types.TextDocumentEdit | types.RenameFile] = [
        text_document_edit(session, path, _changed_lines(*texts))
        for path, texts in sorted(move.texts.items())
    ]
    changes += _renamed(session, saved, move)
    return types.WorkspaceEdit(document_changes=changes)


def _renames_files(client: types.ClientCapabilities) -> bool:
    edit = client.workspace.workspace_edit if client.workspace else None
    able = edit.resource_operations if edit else None
    return types.ResourceOperationKind.Rename in (able or ())


def _refuse_unsaved(session: Session, saved: Project) -> None:
    """Raise where an open text is not what is on disk."""
    unsaved = [
        path
        for path, text in sorted(session.texts().items())
        if _plain(text) != _plain(on_disk(saved.root, path))
    ]
    if unsaved:
        message = f"save first: {', '.join(unsaved)}"
        raise Refused(message)


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _plan(project: Project, page: Page, new: str) -> Move:
    """Plan and rehearse the move, as the command does.

    :raises ProjectError: when it cannot be done, or would add a finding.
    """
    navigation, report = check_project(project)
    move = plan_move(navigation, page.docname, new)
    try_move(project, move, report)
    return move


def _changed_lines(old: str, new: str) -> Iterator[types.TextEdit]:
    """Yield edits that replace the lines that differ."""
    before = old.removeprefix("\ufeff").splitlines(keepends=True)
    after = new.removeprefix("\ufeff").splitlines(keepends=True)
    for tag, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if tag != "equal":
            area = types.Range(types.Position(a, 0), types.Position(b, 0))
            yield types.TextEdit(area, "".join(after[c:d]))


def _renamed(
    session: Session, project: Project, move: Move
) -> Iterator[types.RenameFile]:
    for names in sorted(move.pages.items()):
        files = (project.source / f"{name}.md" for name in names)
        paths = (project.relative(file) for file in files)
        if session.addresses:
            old, new = (session.addresses.uri(path) for path in paths)
            yield types.RenameFile(old, new)

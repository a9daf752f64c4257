"""Changes on disk: by git, by another program, by the command.

An editor that cannot tell of them loses little: every look reads the disk, so they are
seen with the next keystroke.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lsprotocol import types
from pygls import uris

if TYPE_CHECKING:
    from sphinx_stepwise.lsp.session import Session

_ID: Final = "stepwise-files"
#: Pages, data, schemas, settings and the list of addresses.
_FILES: Final = "**/*.{md,yml,json,toml,txt}"


def register(session: Session, /) -> None:
    """Ask the editor to tell of changed files, where it can."""
    workspace = session.server.client_capabilities.workspace
    able = workspace.did_change_watched_files if workspace else None
    if session.addresses is None or not (able and able.dynamic_registration):
        return
    pattern: str | types.RelativePattern = _FILES
    if able.relative_pattern_support:
        folder = uris.from_fs_path(str(session.addresses.folder))
        pattern = types.RelativePattern(str(folder), _FILES)
    options = types.DidChangeWatchedFilesRegistrationOptions(
        [types.FileSystemWatcher(pattern)]
    )
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    registration = types.Registration(_ID, method, options)
    session.server.client_register_capability(types.RegistrationParams([registration]))


def matters(session: Session, uri: str, /) -> bool:
    """Whether a look reads the file at *uri*: a build writes many that it does not."""
    path = session.addresses.path(uri) if session.addresses else None
    if path is None or session.look.known is None:
        return path is not None
    project = session.look.known.project
    file = project.root / path
    folders = (project.source, project.schemas, project.data)
    return path == "pyproject.toml" or any(map(file.is_relative_to, folders))

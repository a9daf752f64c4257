"""What is known of one toolkit while its files are being edited.

Every change asks for a look: a check of the whole toolkit, with the texts that are open
in the place of files.  It begins when nothing was typed for a moment and runs in a
thread, so that completion goes on meanwhile; never do two run at once.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from sphinx_stepwise.core.diagnostics import Report
from sphinx_stepwise.core.project import ProjectError, find_root, load_project
from sphinx_stepwise.core.rules.checks import check_project
from sphinx_stepwise.core.writing.cursor import spot_at
from sphinx_stepwise.core.writing.offers import Fields
from sphinx_stepwise.lsp.documents import Addresses, Document, on_disk
from sphinx_stepwise.lsp.publishing import Publisher

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pygls.lsp.server import LanguageServer
    from pygls.workspace import PositionCodec

    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.project import Project
    from sphinx_stepwise.core.writing.cursor import Spot

#: Seconds without a keystroke before the next look.
QUIET: Final = 0.25


@dataclass(frozen=True, slots=True)
class Known:
    """What a look found; where settings are broken, what an earlier one did."""

    navigation: Navigation
    fields: Fields

    @property
    def project(self) -> Project:
        """The project as it was looked at."""
        return self.navigation.catalogue.project


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the toolkit."""

    known: Known | None
    #: Whether settings or schemas are unusable, so that nothing could be checked.
    broken: bool = False
    report: Report = field(default_factory=lambda: Report(()))
    #: The findings as the protocol has them, by path.
    findings: Mapping[str, list[types.Diagnostic]] = field(default_factory=dict)
    #: Faults that belong to no file.
    faults: tuple[str, ...] = ()


class Session:
    """The state of the server; used on the event loop only."""

    def __init__(self, server: LanguageServer, folder: Path | None) -> None:
        self.server = server
        self.addresses: Addresses | None = None
        self.look = Look(None)
        self._stale = False
        self._timer: asyncio.TimerHandle | None = None
        self._looking: asyncio.Task[None] | None = None
        #: What the editor shows: address -> findings.
        self._shown: dict[str, list[types.Diagnostic]] = {}
        if folder:
            self.addresses = Addresses(folder)

    def find(self, near: Path, /) -> bool:
        """Look for the toolkit at or above a folder, unless it is known."""
        if self.addresses is None:
            try:
                self.addresses = Addresses(find_root(near))
            except ProjectError:
                return False
        return True

    @property
    def codec(self) -> PositionCodec:
        """How the editor counts characters."""
        return self.server.workspace.position_codec

    def texts(self) -> dict[str, str]:
        """Return the open texts of the toolkit, by path."""
        if self.addresses is None:
            return {}
        found = (
            (self.addresses.path(document.uri), document.source)
            for document in self.server.workspace.text_documents.values()
        )
        return {path: text for path, text in found if path is not None}

    def document(self, path: str, /) -> Document:
        """Return the file at *path* as it is open, or as it is on disk."""
        texts = self.texts()
        text = texts.get(path)
        if text is None and self.addresses:
            text = on_disk(self.addresses.folder, path)
        return Document(text or "", self.codec)

    def changed(self, delay: float = QUIET) -> None:
        """Note that texts or files changed: look again after *delay* seconds."""
        self._stale = True
        if self._timer:
            self._timer.cancel()
        if self.addresses:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(delay, self._begin)

    async def fresh(self) -> Look:
        """Return a look at the texts as they are at this moment."""
        while self.addresses and (self._stale or self._looking):
            # Whoever waits may give up; the look goes on.
            await asyncio.shield(self._begin())
        return self.look

    def _begin(self) -> asyncio.Task[None]:
        if self._timer:
            self._timer.cancel()
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._run())
        return self._looking

    async def _run(self) -> None:
        try:
            self._stale = False
            if self.addresses:
                look = _Looking(
                    self.addresses,
                    self.texts(),
                    self.codec,
                    self.server.client_capabilities,
                    self.look.known,
                )
                self.look, told = await asyncio.to_thread(look.run), self.look.faults
                self._show(self.addresses, told)
        finally:
            self._looking = None
        if self._stale:  # something was typed meanwhile
            self.changed()

    def _show(self, addresses: Addresses, told: tuple[str, ...]) -> None:
        """Send the editor what changed."""
        new = {addresses.uri(p): found for p, found in self.look.findings.items()}
        for uri in sorted({*new, *self._shown}):
            found = new.get(uri, [])
            if found != self._shown.get(uri, []):
                self.server.text_document_publish_diagnostics(
                    types.PublishDiagnosticsParams(uri, found)
                )
        self._shown = new
        if self.look.faults and self.look.faults != told:
            self.server.window_show_message(
                types.ShowMessageParams(
                    types.MessageType.Error, "\n".join(self.look.faults)
                )
            )

    async def place(
        self, uri: str, position: types.Position, /
    ) -> tuple[Known, Document, Spot] | None:
        """Return what stands at a place, with what is known of the toolkit."""
        if self.look.known is None:
            await self.fresh()
        known, addresses = self.look.known, self.addresses
        path = addresses.path(uri) if addresses else None
        if known is None or path is None:
            return None
        document = self.document(path)
        at = document.location(path, position)
        spot = spot_at(known.project, document.lines, at)
        return (known, document, spot) if spot else None


class _Looking:
    """One look, made in a thread: it reads files and computes, and no more."""

    def __init__(
        self,
        addresses: Addresses,
        texts: Mapping[str, str],
        codec: PositionCodec,
        client: types.ClientCapabilities,
        known: Known | None,
    ) -> None:
        self._addresses, self._texts, self._codec = addresses, texts, codec
        self._client, self._known = client, known
        self._documents: dict[str, Document] = {}

    def run(self) -> Look:
        """Check the toolkit."""
        publisher = Publisher(self._document, self._addresses.uri, self._client)
        try:
            project = load_project(self._addresses.folder)
            navigation, report = check_project(replace(project, texts=self._texts))
        except ProjectError as error:
            findings, rest = publisher.faults(error.faults)
            return Look(self._known, broken=True, findings=findings, faults=tuple(rest))
        known = Known(navigation, Fields(navigation.catalogue))
        findings = publisher.by_file(report.diagnostics)
        return Look(known, report=report, findings=findings)

    def _document(self, path: str) -> Document:
        if path not in self._documents:
            text = self._texts.get(path)
            if text is None:
                text = on_disk(self._addresses.folder, path)
            self._documents[path] = Document(text, self._codec)
        return self._documents[path]

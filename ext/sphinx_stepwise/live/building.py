"""Run ``python -m sphinx`` in new processes that have its libraries imported.

The first build runs in a new interpreter and tells which libraries it imported.  A
fork server imports the same, and every later build is a fork of it: as clean as a new
interpreter, and sooner there.  Only libraries are imported beforehand, never the
code of the project, which a build must see as it is now.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import multiprocessing
import re
import runpy
import signal
import sys
import sysconfig
import tempfile
import textwrap
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext, SpawnContext

#: Windows cannot fork: there each build is a new interpreter.
_CAN_FORK: Final = "forkserver" in multiprocessing.get_all_start_methods()
_CLEAN, _FINDINGS, _CRASHED = 0, 1, 2
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
#: The part of Sphinx's report on an exception that holds the exception.
_CAUSE: Final = re.compile(r"(?s)\nTraceback\n=+\n(.*?)\nThe full traceback")


_DIED: Final = "The build's process died; the next save starts another.\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a build went."""

    #: Sphinx's exit code: 0 clean, 1 with findings, others where no site was made.
    code: int
    #: As ``sphinx_ext.findings`` writes them.
    findings: tuple[dict[str, Any], ...] = ()
    #: All that was said on the error stream, with its colours.
    said: str = ""
    #: Names of the library modules that the build imported.
    libraries: tuple[str, ...] = ()

    @property
    def made(self) -> bool:
        """Whether there is a site of this build, be it with findings."""
        return self.code in {_CLEAN, _FINDINGS}

    def as_json(self) -> dict[str, Any]:
        """Return what the panel is told."""
        return {"findings": list(self.findings), "stopped": self._stopped()}

    def _stopped(self) -> str:
        """Return why no site was made; Sphinx tells it among much else."""
        if self.made:
            return ""
        said = _COLOURS.sub("", self.said).strip()
        cause = _CAUSE.search(said)
        return textwrap.dedent(cause[1]).strip("\n") if cause else said


class Builder:
    """Builds a site again and again, one process for each build."""

    def __init__(self, options: Sequence[str]) -> None:
        #: What ``sphinx-build`` is called with.
        self._options = tuple(options)
        self._context: SpawnContext | ForkServerContext
        self._context = multiprocessing.get_context("spawn")

    def build(self, changed: Sequence[Path]) -> Outcome:
        """Build and wait for the end, whatever that is.

        Sphinx cannot know which pages a changed module of Python concerns: all.
        """
        afresh = any(path.suffix == ".py" for path in changed)
        options = (*(("-E", "-a") if afresh else ()), *self._options)
        receiving, sending = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_work, args=(sending, options))
        try:
            process.start()
            sending.close()  # so that the child's death is an end of the file
            outcome: Outcome = receiving.recv()
        except (EOFError, OSError):
            # Killed, out of memory, or a library that cannot live in a fork.
            self._context = multiprocessing.get_context("spawn")
            outcome = Outcome(_CRASHED, said=_DIED)
        if process.pid:
            process.join()
        if outcome.made:
            self._warm_up(outcome.libraries)
        return outcome

    def _warm_up(self, libraries: Sequence[str]) -> None:
        """Let a fork server import *libraries*, unless it has done so."""
        if not _CAN_FORK or self._context.get_start_method() == "forkserver":
            return
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__, *libraries])
        # It inherits this: Ctrl+C is for the server, which lets a build end.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        forkserver.ensure_running()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(sending: Connection, options: Sequence[str]) -> None:
    sending.send(run_sphinx(options))


def run_sphinx(options: Sequence[str]) -> Outcome:
    """Do what ``python -m sphinx`` does, once in a process, and tell how it went."""
    gc.freeze()  # what is imported stays; it need not be looked through each time
    said = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "findings.jsonl")
        sys.argv = ["sphinx-build", "-D", f"stepwise_findings={file}", *options]
        try:
            with contextlib.redirect_stderr(said):
                runpy.run_module("sphinx", run_name="__main__")
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else _CRASHED
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
    findings = sorted(map(json.loads, lines), key=_place)
    return Outcome(code, tuple(findings), said.getvalue(), _libraries())


def _place(finding: dict[str, Any]) -> tuple[str, int, int]:
    return finding["path"], finding["line"], finding["column"]


def _libraries() -> tuple[str, ...]:
    """Return the names of imported modules that belong to no project."""
    homes = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    files = {
        name: getattr(module, "__file__", None) for name, module in sys.modules.items()
    }
    return tuple(
        name
        for name, file in files.items()
        if file and not homes.isdisjoint(Path(file).parents)
    )

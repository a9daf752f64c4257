"""Serve the output, build again on every save, and put the panel on each page.

==============================  ==============================================
``/``                           the output of the last build
``/websocket-reload``           says a word to every open page after a build
``/_live/findings.json``        what the last build found, see ``building``
``/_live/panel.js``, ``.css``   what shows it; served with each page, not built
==============================  ==============================================
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import watchfiles
from sphinx_autobuild.filter import IgnoreFilter
from sphinx_autobuild.middleware import JavascriptInjectorMiddleware
from sphinx_autobuild.server import RebuildServer
from sphinx_autobuild.utils import show_message
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from sphinx_stepwise.live.building import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from sphinx_stepwise.live.building import Builder

    _Filter = Callable[[watchfiles.Change, str], bool]

STATIC: Final = Path(__file__).parent / "static"
PANEL: Final = b'<script src="/_live/panel.js"></script>\n'
NO_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>No page here</title>
<h1>No page here</h1>
<p>It is still being built, or it could not be built, or it never was.</p>
<p><a href="/">Home page</a></p>
"""
#: Leaves out swap files, ``__pycache__``, ``.git`` and the like.
_is_edited: Final = watchfiles.DefaultFilter()


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched."""

    #: Holds ``conf.py`` and ``pyproject.toml``; only it, not what is below it.
    root: Path
    #: Watched with all that is below them.
    folders: tuple[Path, ...]
    #: What a build writes; never looked at, wherever it lies.
    written: tuple[Path, ...]


class LiveServer(RebuildServer):
    """Builds on every save, tells open pages, and keeps the last findings."""

    def __init__(self, watched: Watched, builder: Builder) -> None:
        ignored = IgnoreFilter(watched.written, [])  # type: ignore[no-untyped-call]
        super().__init__(list(watched.folders), ignored, self._build)
        self._root = watched.root.resolve()
        self._builder = builder
        self._building = asyncio.Lock()
        self._outcome = Outcome(0)
        self._builds = 0

    async def watch(self) -> None:
        """Build now, and once after each save that follows.

        A folder is watched for the two files of the root: editors put a new file in
        the place of the old, and a watched file would be lost with its first save.
        """
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._rebuild(()))
            tasks.create_task(self._follow(self.paths, self._is_content))
            tasks.create_task(self._follow([self._root], _is_settings, below=False))

    async def findings(self, request: Request) -> Response:
        """Answer with what the last build found."""
        content = {"build": self._builds, **self._outcome.as_json()}
        return JSONResponse(content, headers={"Cache-Control": "no-store"})

    async def _follow(
        self, folders: Sequence[Path], wanted: _Filter, *, below: bool = True
    ) -> None:
        try:
            async for changes in watchfiles.awatch(
                *folders, watch_filter=wanted, recursive=below
            ):
                await self._rebuild(sorted({Path(path) for _, path in changes}))
        except (OSError, RuntimeError) as error:  # such as: no more watches allowed
            show_message(f"Cannot watch for changes, please start again: {error}")

    async def _rebuild(self, changed: Sequence[Path]) -> None:
        """Build once, after any build that runs, and tell open pages."""
        async with self._building:
            await asyncio.to_thread(self.change_callback, changed)
        self.flag.set()

    def _build(self, changed: Sequence[Path]) -> None:
        for path in changed:
            show_message(f"Changed: {_relative(path)}")
        if not self._builds:
            show_message("Building for the first time")
        started = time.perf_counter()
        self._outcome = self._builder.build(changed)
        self._builds += 1
        took = time.perf_counter() - started
        sys.stderr.writelines([self._outcome.said, *notices(self._outcome)])
        show_message(f"{summary(self._outcome)} ({took:.1f} s)")

    def _is_content(self, change: watchfiles.Change, path: str) -> bool:
        """Whether a build must follow: not for its own files, nor an editor's."""
        return _is_edited(change, path) and not self.ignore(path)


class PanelMiddleware(JavascriptInjectorMiddleware):
    """Adds the panel, which also listens for the next build, to every page."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, ws_url="")
        self.script = PANEL


def make_app(output: Path, server: LiveServer) -> Starlette:
    """Return the application that serves *output* while *server* builds it."""
    return Starlette(
        routes=[
            WebSocketRoute("/websocket-reload", server),
            Route("/_live/findings.json", server.findings),
            Mount("/_live", StaticFiles(directory=STATIC)),
            Mount("/", StaticFiles(directory=output, html=True)),
        ],
        middleware=[Middleware(PanelMiddleware)],
        exception_handlers={404: _no_page},
        lifespan=server.lifespan,
    )


def summary(outcome: Outcome) -> str:
    """Return how a build went, in a few words."""
    if not outcome.made:
        return "No site could be built, so pages stay as they were"
    number = len(outcome.findings)
    return f"Built with {number or 'no'} finding{'' if number == 1 else 's'}"


def notices(outcome: Outcome) -> Iterator[str]:
    """Yield lines for the findings of which Sphinx says nothing when it is quiet."""
    for found in outcome.findings:
        if found["severity"] == "info":
            place = f"{found['path']}:{found['line']}:{found['column']}"
            yield f"{place}: {found['message']} [{found['code']}]\n"


async def _no_page(request: Request, error: Exception) -> Response:
    """Answer with a page, so that it loads again when there is something to see."""
    return HTMLResponse(NO_PAGE, status_code=404)


def _is_settings(change: watchfiles.Change, path: str) -> bool:
    return path.endswith((".py", "pyproject.toml"))


def _relative(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path

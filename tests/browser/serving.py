"""A site on a port of this machine, and a tab that tells what it meets."""

from __future__ import annotations

import contextlib
import gzip
import threading
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, ConsoleMessage, Page

#: Which pages a test visits: one of each kind, or all, which takes its time.
EXTENT = ["samples", pytest.param("addresses", marks=pytest.mark.long)]
POLICY = "default-src 'self'"
#: What a public server compresses.
_TEXTS = ("text/", "application/json", "application/xml", "image/svg+xml")
#: Has the browser itself tell of violations of the policy.
_TELL = """
addEventListener("securitypolicyviolation", (event) => {
  tellTest(`${event.effectiveDirective} ${event.blockedURI}`);
});
"""


@dataclass
class Server:
    """A folder as a public server shows it: compressed, with a strict policy.

    Where nothing is, it shows the site's own error page.
    """

    folder: Path
    #: The path at which the site stands, such as ``/kit``; its error page relies on it.
    below: str = ""
    #: Its address, without a slash.
    address: str = ""
    #: What it sent: path, status, bytes of the body.
    sent: list[tuple[str, int, int]] = field(default_factory=list)

    def __call__(self, path: str) -> str:
        """Return the address of a path from the site's root."""
        return f"{self.address}/{path}"


@dataclass
class Watch:
    """What a tab met."""

    #: Errors of scripts and of the console, and violations of the policy.
    errors: list[str] = field(default_factory=list)
    #: Addresses that were asked for.
    asked: list[str] = field(default_factory=list)


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, site: Server) -> None:
        self._site = site
        super().__init__(*arguments, directory=str(site.folder))

    def do_GET(self) -> None:
        """Send a file, or the error page."""
        status, file = 200, self._file(urlsplit(self.path).path)
        if not file:
            status, file = 404, self._site.folder / "404.html"
        body = file.read_bytes() if file.is_file() else b""
        kind = self.guess_type(str(file))
        self.send_response(status)
        if kind.startswith(_TEXTS):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
            kind += "; charset=utf-8"
        self._site.sent.append((urlsplit(self.path).path, status, len(body)))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the tab was closed meanwhile
            self.wfile.write(body)

    def _file(self, path: str) -> Path | None:
        """Return the file at a path of the address."""
        if not path.startswith(f"{self._site.below}/"):
            return None
        file = Path(self.translate_path(path.removeprefix(self._site.below)))
        file = file / "index.html" if file.is_dir() else file
        return file if file.is_file() else None

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serve(folder: Path, below: str = "") -> Iterator[Server]:
    """Serve a built site, which stands at the path *below* of the address."""
    site = Server(folder, below)
    handler = partial(_Handler, site=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        site.address = f"http://127.0.0.1:{http.server_port}{below}"
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield site
        finally:
            http.shutdown()
            thread.join()


def open_tab(context: BrowserContext, watch: Watch) -> Page:
    """Return a new tab of *context* that tells *watch* what it meets."""

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            watch.errors.append(message.text)

    def violated(directive: str) -> None:
        watch.errors.append(directive)

    context.expose_function("tellTest", violated)
    context.add_init_script(_TELL)
    tab = context.new_page()
    tab.on("request", lambda request: watch.asked.append(request.url))
    tab.on("pageerror", lambda error: watch.errors.append(str(error)))
    tab.on("console", note)
    return tab

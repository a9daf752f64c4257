"""``make live``: one build for each save, findings told, and no error ends it.

One real server for all tests; each leaves the toolkit as it was.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.sync.client import ClientConnection

BAKING = Path(__file__).parents[1] / "roots" / "baking"
#: Far more than any build takes; only a failing test waits so long.
LONG = 60
#: Puts the folder's own code on the path, as an author of an extension would.
CONF = """
import sys, pathlib
sys.path.insert(0, str(pathlib.Path(__file__).parent / "ext"))
extensions.append("extra")
"""
EXTRA = 'def setup(app):\n    app.add_css_file("first.css")\n'


@dataclass
class Live:
    """A running server, seen as a browser and an editor see it."""

    root: Path
    port: int
    #: What an open page listens to.
    pages: ClientConnection
    #: What it says in the terminal.
    log: Path

    def get(self, address: str) -> tuple[int, str]:
        """Return the status and the text that the server answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LONG)
        with contextlib.closing(connection):
            connection.request("GET", address)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def told(self) -> dict[str, Any]:
        """Return what the panel is told."""
        told: dict[str, Any] = json.loads(self.get("/_live/findings.json")[1])
        return told

    def save(self, file: str, content: str | bytes) -> dict[str, Any]:
        """Save as most editors do, wait for the next build, return what it found."""
        raw = content.encode() if isinstance(content, str) else content
        unsaved = self.root.with_name("unsaved")
        unsaved.write_bytes(raw)
        unsaved.replace(self.root / file)
        self.pages.recv(timeout=LONG)
        return self.told()

    @contextlib.contextmanager
    def broken(self, file: str, content: str | bytes) -> Iterator[dict[str, Any]]:
        """Save *content*, and mend the file afterwards."""
        before = (self.root / file).read_bytes()
        told = self.save(file, content)
        try:
            yield told
        finally:
            mended = self.save(file, before)
        assert (mended["findings"], mended["stopped"]) == ([], "")


def command(root: Path, *options: str) -> list[str]:
    folders = [str(root / name) for name in ("source", "out")]
    watched = ["--watch", str(root / "schemas"), "--watch", str(root / "ext")]
    live = [sys.executable, "-m", "sphinx_stepwise.live", "--root", str(root)]
    return [
        *live,
        *watched,
        *options,
        *folders,
        "--",
        "-D",
        "html_title=Given to Sphinx",
    ]


def port_of(log: Path, process: subprocess.Popen[bytes]) -> int:
    """Wait until the server answers, and return where."""
    end = time.monotonic() + LONG
    while process.poll() is None and time.monotonic() < end:
        if said := re.search(r"http://127\.0\.0\.1:(\d+)/", log.read_text("utf-8")):
            with contextlib.suppress(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", int(said[1]))).close()
                return int(said[1])
        time.sleep(0.05)
    raise AssertionError(log.read_text("utf-8"))


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    root = tmp_path_factory.mktemp("live") / "toolkit"
    shutil.copytree(BAKING, root)
    (root / "ext").mkdir()
    (root / "ext/extra.py").write_text(EXTRA)
    with (root / "conf.py").open("a") as conf:
        conf.write(CONF)
    log = root.with_name("log.txt")
    with log.open("w") as terminal:
        process = subprocess.Popen(
            command(root, "--port", "0"),
            stdout=terminal,
            stderr=terminal,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    try:
        port = port_of(log, process)
        address = f"ws://127.0.0.1:{port}/websocket-reload"
        with connect(address, proxy=None) as pages:
            server = Live(root, port, pages, log)
            pages.recv(timeout=LONG)  # the first build has ended
            assert server.told() == {"build": 1, "findings": [], "stopped": ""}
            yield server
    finally:
        process.send_signal(signal.SIGINT)  # Ctrl+C
        process.wait(timeout=LONG)
    assert process.returncode == 0
    assert "KeyboardInterrupt" not in log.read_text("utf-8")


def page_of(live: Live) -> str:
    return (live.root / "source/prepare/knead.md").read_text("utf-8")


def test_save_leads_to_one_build_and_a_build_to_none(live: Live) -> None:
    before = live.told()["build"]
    text = page_of(live)
    told = live.save("source/prepare/knead.md", f"{text}\nWords to look for.\n")
    assert told["build"] == before + 1
    assert "Words to look for." in live.get("/prepare/knead.html")[1]
    # What editors, Python and the build itself leave is no save.
    (live.root / "out/prepare/knead.html").touch()
    (live.root / "ext/__pycache__").mkdir(exist_ok=True)
    noise = [
        *("source/.knead.md.swp", "source/prepare/knead.md~", "source/.#knead.md"),
        *("ext/__pycache__/other.pyc", "out/other.html", "other.txt"),
    ]
    for file in noise:
        (live.root / file).touch()
    with pytest.raises(TimeoutError):
        live.pages.recv(timeout=10)
    assert live.told()["build"] == before + 1
    for file in noise:
        (live.root / file).unlink()
    assert live.save("source/prepare/knead.md", text)["build"] == before + 2


def test_findings_are_told_with_place_and_hint(live: Live) -> None:
    text = page_of(live)
    last = len(text.splitlines())
    body = "{step}`kned` [x](nowhere.md)\n\n{step}`<script>`\n"
    with live.broken("source/prepare/knead.md", f"{text}\n{body}") as told:
        assert told["stopped"] == ""
        found = {f["code"]: f for f in told["findings"] if f["line"] == last + 2}
        unknown = found["stepwise.reference_unknown"]
        assert unknown["path"] == "source/prepare/knead.md"
        assert unknown["page"] == "prepare/knead.html"
        assert unknown["severity"] == "error"
        assert unknown["column"] > 0
        assert "`kned`" in unknown["message"]
        assert "`knead`" in unknown["hint"]
        missing = found["myst.xref_missing"]
        assert missing["path"] == "source/prepare/knead.md"
        assert missing["severity"] == "warning"
        assert any("<script>" in f["message"] for f in told["findings"])
        log = live.log.read_text("utf-8")
        assert re.search(r"knead\.md:\d+:\d+: ERROR: .*`kned`", log)


def test_notice_is_told_as_well(live: Live) -> None:
    kept = "owner: deck\nreviewed: 2026-05-31\nagain: 6 months\n"
    text = page_of(live).replace("related:", f"{kept}related:")
    with live.broken("source/prepare/knead.md", text) as told:
        (found,) = told["findings"]
        assert (found["severity"], found["line"], found["column"]) == ("info", 6, 11)
        place = r"source/prepare/knead\.md:6:11"
        log = live.log.read_text("utf-8")
        assert re.search(rf"(?m)^{place}: .*\[stepwise\.review_due\]$", log)


def test_broken_front_matter_is_told_and_the_site_goes_on(live: Live) -> None:
    text = page_of(live)
    with live.broken("source/prepare/knead.md", f"---\nkind: [\n{text}") as told:
        (found,) = (f for f in told["findings"] if "front_matter" in f["code"])
        assert found["page"] == "prepare/knead.html"
        assert live.get("/index.html")[0] == 200


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("pyproject.toml", "[tool.stepwise]", "[tool.stepwise]\nnonsense = 1", 2),
        ("pyproject.toml", "[tool.stepwise]", "[tool.stepwise", 1),
        ("schemas/step.schema.json", "{", "{,", 1),
    ],
    ids=["setting", "toml", "schema"],
)
def test_unusable_settings_are_told_and_pages_stay(
    live: Live, file: str, old: str, new: str, line: int
) -> None:
    page = live.get("/prepare/knead.html")
    text = (live.root / file).read_text("utf-8")
    with live.broken(file, text.replace(old, new, 1)) as told:
        (found,) = told["findings"]
        assert (found["path"], found["line"]) == (file, line)
        assert found["severity"] == "error"
        assert told["stopped"]
        assert live.get("/prepare/knead.html") == page


@pytest.mark.parametrize(
    ("lines", "cause"),
    [
        ("import )", "SyntaxError|syntax error"),
        ('extensions.append("nowhere")', "nowhere"),
        ("import os; os._exit(9)", "process"),
        ("def setup(app): app.connect('env-updated', lambda *a: 1 / 0)", "zero"),
    ],
    ids=["syntax", "extension", "death", "exception"],
)
@pytest.mark.long
def test_broken_conf_is_told_and_pages_stay(live: Live, lines: str, cause: str) -> None:
    page = live.get("/prepare/knead.html")
    text = (live.root / "conf.py").read_text("utf-8")
    with live.broken("conf.py", f"{text}\n{lines}\n") as told:
        assert re.search(cause, told["stopped"])
        assert "\x1b" not in told["stopped"]
        assert live.get("/prepare/knead.html") == page


def test_page_that_cannot_be_read_comes_back(live: Live) -> None:
    with live.broken("source/prepare/knead.md", b"\xff\xfe\xff"):
        status, answer = live.get("/prepare/knead.html")
        assert status == 404
        assert '<script src="/_live/panel.js">' in answer
    assert live.get("/prepare/knead.html")[0] == 200


@pytest.mark.long
def test_changed_code_is_seen_on_every_page(live: Live) -> None:
    with live.broken("ext/extra.py", EXTRA.replace("first", "second")):
        for page in ("/index.html", "/prepare/knead.html"):
            assert "second.css" in live.get(page)[1]
    with live.broken("ext/extra.py", "import )") as told:
        assert "SyntaxError" in told["stopped"]


def test_panel_is_added_where_it_is_served_and_nowhere_else(live: Live) -> None:
    status, served = live.get("/prepare/knead.html")
    built = (live.root / "out/prepare/knead.html").read_text("utf-8")
    assert status == 200
    assert served == f'{built}<script src="/_live/panel.js"></script>\n'
    assert not [f for f in (live.root / "out").rglob("*") if "panel" in f.name]
    for name in ("panel.js", "panel.css"):
        assert live.get(f"/_live/{name}")[0] == 200


def test_port_that_is_taken_is_said_before_anything_is_built(live: Live) -> None:
    taken = ("--port", str(live.port))
    tried = subprocess.run(
        command(live.root, *taken),
        check=False,
        capture_output=True,
        text=True,
        timeout=LONG,
    )
    assert tried.returncode == 1
    assert "--port" in tried.stderr
    assert "Traceback" not in tried.stderr
    assert "Built" not in tried.stdout


def test_options_after_two_dashes_are_sphinx_s(live: Live) -> None:
    assert "Given to Sphinx</title>" in live.get("/prepare/knead.html")[1]

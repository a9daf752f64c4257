"""Compare ``make live`` with a build from the shell, on the real toolkit.

Both follow the same edits of one page, in turn, on one machine: from the save to the
page that a browser would load again, and a ``sphinx-build`` from start to end.  Only
the ratio means something elsewhere.
"""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from websockets.sync.client import connect

ROOT = Path(__file__).parents[1]
ROUNDS = 9
LONG = 120
PAGE = "strategy/define-the-need"


def compare(toolkit: Path, port: int) -> dict[str, list[float]]:
    """Return the seconds of each round, by name."""
    address = f"127.0.0.1:{port}"
    page = toolkit / f"source/{PAGE}.md"
    seconds: dict[str, list[float]] = {"save to page": [], "build": []}
    build(toolkit)
    with connect(f"ws://{address}/websocket-reload") as pages:
        pages.recv(timeout=LONG)  # the first build has ended
        for number in range(ROUNDS + 1):
            words = f"Words of round {number}."
            text = page.read_text("utf-8").replace("## Why", f"{words}\n\n## Why", 1)
            start = time.perf_counter()
            page.write_text(text, "utf-8")
            pages.recv(timeout=LONG)
            with urlopen(f"http://{address}/{PAGE}.html") as answer:
                loaded = answer.read().decode()
            seconds["save to page"].append(time.perf_counter() - start)
            if words not in loaded:
                sys.exit("The page that was served is not the one that was saved.")
            start = time.perf_counter()
            build(toolkit)
            seconds["build"].append(time.perf_counter() - start)
    # In the first round the fork server may still be importing.
    return {name: times[1:] for name, times in seconds.items()}


def build(toolkit: Path) -> None:
    """Build once more, in a new process."""
    out = toolkit.with_name("cold")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-c", str(toolkit)]
    folders = [str(toolkit / "source"), str(out)]
    subprocess.run([*command, *folders], check=True, capture_output=True)


def main() -> None:
    """Print medians in seconds, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        toolkit = Path(folder, "toolkit")
        for name in ("source", "schemas"):
            shutil.copytree(ROOT / name, toolkit / name)
        for name in ("pyproject.toml", "conf.py"):
            shutil.copy(ROOT / name, toolkit)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "sphinx_stepwise.live", "--port", str(port)]
        folders = ["--root", str(toolkit), str(toolkit / "source"), f"{folder}/live"]
        with subprocess.Popen(
            [*command, *folders], stdout=subprocess.DEVNULL
        ) as server:
            try:
                seconds = compare(toolkit, port)
            finally:
                server.terminate()
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    for name, median in medians.items():
        print(f"{name:24} {median:6.2f} s {median / medians['build']:6.2f} of a build")


if __name__ == "__main__":
    main()

"""Compare builds and checks of the real toolkit with each other.

Everything is timed in one run, in turn, on one machine; only the ratios mean
something elsewhere.  Run it with ``make bench``.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
ROUNDS = 5


def run(*arguments: str) -> None:
    """Run a module of this Python to its end."""
    subprocess.run([sys.executable, "-m", *arguments], check=True, capture_output=True)


def timed(action: Callable[[], None]) -> float:
    """Return how many seconds *action* takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main() -> None:
    """Print medians in seconds and as ratios to a clean build."""
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        toolkit, out = Path(folder, "toolkit"), Path(folder, "out")
        for name in ("source", "schemas"):
            shutil.copytree(ROOT / name, toolkit / name)
        for name in ("pyproject.toml", "conf.py"):
            shutil.copy(ROOT / name, toolkit)
        page = toolkit / "source/strategy/define-the-need.md"
        source = str(toolkit / "source")

        def build() -> None:
            run("sphinx", "-q", "-b", "html", "-c", str(toolkit), source, str(out))

        def edit(old: str, new: str) -> None:
            page.write_text(page.read_text("utf-8").replace(old, new, 1), "utf-8")

        def clean_build() -> None:
            shutil.rmtree(out, ignore_errors=True)
            build()

        for number in range(ROUNDS):
            for name, action in (
                ("clean build", clean_build),
                ("build, nothing changed", build),
                ("build, body edited", build),
                ("build, title edited", build),
                (
                    "check",
                    lambda: run("sphinx_stepwise", "check", "--project", str(toolkit)),
                ),
            ):
                if "body" in name:
                    edit("## Why", f"Words {number}.\n\n## Why")
                if "title" in name:
                    edit("title: ", f"title: {number} ")
                seconds.setdefault(name, []).append(timed(action))
    clean = statistics.median(seconds["clean build"])
    for name, times in seconds.items():
        median = statistics.median(times)
        print(f"{name:24} {median:6.2f} s {median / clean:6.2f} of a clean build")


if __name__ == "__main__":
    main()

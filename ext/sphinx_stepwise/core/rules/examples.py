"""The smallest toolkit that fails each rule, and the same one mended.

``examples/<code>/source/`` fails; laid over it, ``mended/`` makes it whole.  Beside
them stand ``expected.txt`` with the places of all findings; ``removed.txt`` with the
files that the mend takes away, if any; and ``day.txt`` with the day on which the
example fails, if it fails on some days only.  The tests run every one of them.
"""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.diagnostics import Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_stepwise.core.codes import Code

EXAMPLES: Final = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True, slots=True)
class Example:
    """A failing toolkit and its mend; texts by path, as findings name files."""

    #: Where its findings stand, and their codes.
    findings: tuple[tuple[Location, str], ...]
    failing: Mapping[str, str]
    mended: Mapping[str, str]
    #: The day to take for today; ``None`` where any day will do.
    day: dt.date | None = None

    def mend(self) -> Iterator[str]:
        """Yield the lines of a unified diff from the failing toolkit to the mended."""
        for path in sorted(self.failing.keys() | self.mended.keys()):
            old, new = self.failing.get(path), self.mended.get(path)
            yield from difflib.unified_diff(
                (old or "").splitlines(),
                (new or "").splitlines(),
                "/dev/null" if old is None else path,
                "/dev/null" if new is None else path,
                lineterm="",
            )


def load_example(code: Code, /) -> Example:
    """Read the example of a code."""
    folder = EXAMPLES / code.value
    failing = _texts(folder / "source")
    removed = {f"source/{name}" for name in _lines(folder / "removed.txt")}
    kept = {path: text for path, text in failing.items() if path not in removed}
    day = _lines(folder / "day.txt")
    return Example(
        findings=tuple(_finding(line) for line in _lines(folder / "expected.txt")),
        failing=failing,
        mended=kept | _texts(folder / "mended"),
        day=dt.date.fromisoformat(day[0]) if day else None,
    )


def _texts(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {
        f"source/{file.relative_to(folder).as_posix()}": file.read_text(
            "utf-8", "replace"
        )
        for file in files
    }


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines() if file.exists() else []


def _finding(line: str) -> tuple[Location, str]:
    place, _, code = line.partition(" ")
    path, number, column = place.rsplit(":", 2)
    return Location(path, int(number), int(column)), code

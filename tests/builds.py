"""Run real Sphinx builds, each in a process of its own.

A child is forked from this process, where Sphinx is imported already: as clean as
a new interpreter for what a build leaves behind, and a second faster.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import io
import multiprocessing
import re
import shutil
import sys
import warnings
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lxml.html
import myst_parser.parsers.sphinx_  # noqa: F401 - imported before the fork
import sphinx.builders.html  # noqa: F401
import sphinx_stepwise.sphinx_ext  # noqa: F401
import time_machine
from sphinx.cmd.build import build_main

if TYPE_CHECKING:
    from pathlib import Path

FINDING = re.compile(
    r"(?m)^(?P<place>[^\s:]+:\d+:\d+): (?:ERROR|WARNING): .*?"
    r"\[stepwise\.(?P<code>\w+)\]",
    re.DOTALL,
)


@dataclass(frozen=True)
class Result:
    """What a build left."""

    code: int
    warnings: str
    status: str
    out: Path

    @property
    def findings(self) -> list[str]:
        """Our findings as ``path:line:column code``, in the order of the log."""
        found = (re.match(FINDING, part) for part in _records(self.warnings))
        return [f"{f['place']} {f['code']}" for f in found if f]

    @property
    def notices(self) -> list[str]:
        """Our findings that are no warnings, from Sphinx's ordinary output."""
        found = re.findall(r"(?m)^(\S+:\d+:\d+): .*\[stepwise\.(\w+)\]$", self.status)
        return [f"{place} {code}" for place, code in found]

    def tree(self, docname: str) -> Any:
        """Return a page of the output, parsed."""
        return lxml.html.parse(str(self.out / f"{docname}.html")).getroot()


def _records(log: str) -> list[str]:
    """Split a log into its records; hints continue a record on a further line."""
    return re.split(r"\n(?=\S)", log)


class Builder:
    """Builds toolkits; output and doctrees stay from one build to the next."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        #: How far the builds' clock is ahead.
        self.days_later = 0

    def __call__(
        self, root: Path, name: str = "html", *options: str, fresh: bool = False
    ) -> Result:
        """Build the toolkit in *root* with the builder *name*."""
        out = self.folder / ("fresh" if fresh else "kept") / name
        doctrees = out.with_name(f"{name}-doctrees")
        if fresh:
            for folder in (out, doctrees):
                shutil.rmtree(folder, ignore_errors=True)
        log = out.with_name(f"{name}.log")
        log.parent.mkdir(parents=True, exist_ok=True)
        arguments = ["-b", name, "-d", str(doctrees), "-c", str(root), "-w", str(log)]
        arguments += ["--no-color", *options, str(root / "source"), str(out)]
        status = log.with_suffix(".txt")
        code = run_sphinx(arguments, status, self.days_later)
        return Result(code, log.read_text("utf-8"), status.read_text("utf-8"), out)


def run_sphinx(arguments: list[str], status: Path, days_later: int = 0) -> int:
    """Run ``sphinx-build`` in a child process and return its exit code."""

    later = dt.datetime.now(tz=dt.UTC) + dt.timedelta(days=days_later)

    def child() -> None:
        gc.disable()  # its life is short, and looking for litter would copy memory
        warnings.resetwarnings()  # other packages' deprecations are theirs to mend
        warnings.filterwarnings("error", module=r"sphinx_stepwise")
        with (
            status.open("w", encoding="utf-8") as output,
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(io.StringIO()) as errors,
            time_machine.travel(later) if days_later else contextlib.nullcontext(),
        ):
            code = build_main(arguments)
        if "Traceback" in errors.getvalue():
            code = 99
        sys.exit(code)

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join()
    return process.exitcode or 0


def contents(out: Path) -> dict[str, Any]:
    """Return what a build wrote, by file; indexes by their meaning."""
    found: dict[str, Any] = {}
    for file in sorted(out.rglob("*")):
        name = file.relative_to(out).as_posix()
        if not file.is_file() or name == ".buildinfo":
            continue
        if name == "searchindex.js":
            found[name] = _search_index(file.read_text("utf-8"))
        elif name == "objects.inv":
            found[name] = _inventory(file.read_bytes())
        else:
            found[name] = file.read_bytes()
    return found


def _inventory(raw: bytes) -> list[str]:
    head = b"\n".join(raw.split(b"\n", 4)[:4])
    return sorted(zlib.decompress(raw[len(head) + 1 :]).decode().splitlines())


def _search_index(text: str) -> Any:
    """Return the index with names of pages for their numbers, without empty lists.

    Sphinx numbers pages in the order in which it met them, and keeps words that
    have vanished with an empty list.
    """
    import json

    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    names = index["docnames"]

    def named(value: Any) -> Any:
        numbers = value if isinstance(value, list) else [value]
        return sorted(names[number] for number in numbers)

    words = {
        part: {word: named(v) for word, v in index[part].items() if v != []}
        for part in ("terms", "titleterms")
    }
    titles = dict(zip(names, index["titles"], strict=True))
    every = {
        title: sorted([names[number], anchor] for number, anchor in places)
        for title, places in index["alltitles"].items()
    }
    objects = sorted(
        [prefix, names[entry[0]], *entry[2:]]
        for prefix, entries in index["objects"].items()
        for entry in entries
    )
    return {"words": words, "titles": titles, "every": every, "objects": objects}

"""``stepwise check --explain``: why a rule is there, where it fails, what mends it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_stepwise.core.printable import printable
from sphinx_stepwise.core.project import ProjectError, find_root, load_project
from sphinx_stepwise.core.reports.excerpts import LINE_END, excerpt
from sphinx_stepwise.core.reports.selecting import codes_named
from sphinx_stepwise.core.rules.examples import load_example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.codes import Code
    from sphinx_stepwise.core.diagnostics import Location


def explain(words: str, root: Path | None, /) -> Iterator[str]:
    """Yield lines that explain the codes named in *words*.

    :raises ProjectError: where one is no code, or *root* is given and no project.
    """
    for number, code in enumerate(sorted(codes_named([words]))):
        if number:
            yield ""
        yield from _explain(code, root)


def _explain(code: Code, root: Path | None) -> Iterator[str]:
    example = load_example(code)
    yield code.value
    yield ""
    yield f"  {code.reason}"
    yield ""
    yield f"Severity: {_severity(code, root)}"
    yield ""
    day = f", on {example.day}" if example.day else ""
    yield f"Smallest example that fails{day}:"
    yield ""
    yield from (f"  {place} [{name}]" for place, name in example.findings)
    for path in sorted({place.path for place, _ in example.findings}):
        places = [place for place, _ in example.findings if place.path == path]
        yield ""
        yield f"{path}:"
        yield ""
        yield from _file(example.failing.get(path, ""), places)
    yield ""
    yield "The same, mended:"
    yield ""
    yield from (f"  {printable(line)}".rstrip() for line in example.mend())


def _severity(code: Code, root: Path | None) -> str:
    """Return the severity of a code: in itself, and in the project if there is one."""
    try:
        project = load_project(root or find_root(Path.cwd()))
    except ProjectError:
        if root is not None:
            raise
        return code.severity
    set_here = project.severities.get(code, code.severity)
    return f"{code.severity} (in this project: {set_here})"


def _file(text: str, places: list[Location]) -> Iterator[str]:
    """Yield the lines of a file with a mark below each of its places."""
    lines = LINE_END.split(text.removesuffix("\n"))
    width = len(str(len(lines)))
    for number, line in enumerate(lines, start=1):
        yield f"  {number:>{width}} | {printable(line)}".rstrip()
        for place in places:
            if place.line == number:
                yield f"  {' ' * width} | {excerpt(line, place).mark}"

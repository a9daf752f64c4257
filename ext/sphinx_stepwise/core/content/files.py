"""Find and read the files of a toolkit, and nothing outside it."""

from __future__ import annotations

import os
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.diagnostics import Diagnostic, Location
from sphinx_stepwise.core.text.frontmatter import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.project import Project


def find_pages(project: Project, /) -> Iterator[Path]:
    """Yield the Markdown files below the source folder, in order of path."""
    found = []
    for folder, folders, files in os.walk(project.source):
        # As Sphinx: folders such as _static and hidden ones hold no pages, and
        # `.#page.md` is an editor's mark that it has the page open.
        folders[:] = [name for name in folders if name[0] not in "_."]
        pages = [name for name in files if name.endswith(".md") and name[:2] != ".#"]
        found += [Path(folder, name) for name in pages]
    for file in sorted(found):
        inside = file.relative_to(project.source).as_posix()
        if not any(fnmatch(inside, pattern) for pattern in project.exclude):
            yield file


def find_data(project: Project, name: str, /) -> Iterator[Path]:
    """Yield the files of a collection: ``<name>.yml``, or those in ``<name>/``."""
    single = project.data / f"{name}.yml"
    if single.exists():
        yield single
    yield from sorted((project.data / name).glob("*.yml"))


def read_text(project: Project, file: Path, /) -> tuple[str | None, list[Diagnostic]]:
    """Return a file's text, or ``None`` and a finding that says why not."""
    path = project.relative(file)
    if path in project.texts:
        return decode(project.texts[path].encode("utf-8", "surrogatepass"), path)
    try:
        outside = not file.resolve().is_relative_to(project.source.resolve())
        # Asked first, because reading a pipe would wait for ever.
        raw = file.read_bytes() if file.is_file() and not outside else None
    except (OSError, RuntimeError):  # RuntimeError: a link to itself, Python 3.11
        outside, raw = False, None
    if raw is not None:
        return decode(raw, path)
    if outside:
        message = "the file is a link that leads out of the source folder"
        hint = "Copy the file into the source folder."
    else:
        message = "there is no file here that can be read"
        hint = "Check that it is a file, exists and may be read."
    location = Location(path)
    return None, [
        Diagnostic(Code.FILE_UNREADABLE, location, message=message, hint=hint)
    ]

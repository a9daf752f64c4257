"""Try a change on a copy of a toolkit, and see what it would break."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_stepwise.core.project import ProjectError
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    from sphinx_stepwise.core.diagnostics import Diagnostic
    from sphinx_stepwise.core.project import Project


def rehearse(
    project: Project,
    change: Callable[[Project], None],
    before: Iterable[Diagnostic],
    today: dt.date | None = None,
    /,
) -> list[Diagnostic]:
    """Return the findings that a toolkit would have after *change* and has not yet.

    :param change: makes the change to the project that it is given, a copy.
    :param before: the findings that the toolkit has now.
    :raises ProjectError: where the toolkit is not all in one folder.
    """
    with tempfile.TemporaryDirectory(prefix="stepwise-") as folder:
        root = Path(folder).resolve()
        source = _copy(project, project.source, root)
        data = _copy(project, project.data, root)
        trial = replace(project, root=root, source=source, data=data)
        change(trial)
        _, report = check_project(trial, today)
    # Lines move and files are renamed, so places do not count.
    known = Counter((found.code, found.message) for found in before)
    new = []
    for found in report.diagnostics:
        if known[found.code, found.message]:
            known[found.code, found.message] -= 1
        else:
            new.append(found)
    return new


def writing(texts: Mapping[str, str], /) -> Callable[[Project], None]:
    """Return the change that writes *texts*, by path relative to the root."""

    def write(project: Project) -> None:
        for path, text in texts.items():
            file = project.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())

    return write


def _copy(project: Project, folder: Path, root: Path) -> Path:
    """Copy a folder of the toolkit to the same place below *root*."""
    inside = folder.resolve()
    if not inside.is_relative_to(project.root):
        message = f"{folder} is outside the toolkit's own folder, {project.root}"
        raise ProjectError([message])
    copy = root / inside.relative_to(project.root)
    if inside.is_dir() and not copy.exists():
        shutil.copytree(inside, copy, symlinks=True)
    return copy

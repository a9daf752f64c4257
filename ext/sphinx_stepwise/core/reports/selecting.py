"""Which findings of a run are shown: by file, and by code.

The whole toolkit is checked in any case.  Where files are named, as by pre-commit or
for a pull request, a finding is shown if the files named may be to blame:

- its place or one of its other ends is in one of them, or
- its other end is missing, so that any change may have removed it.

What is not shown is counted.
"""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.codes import OF_BOTH_ENDS, OF_ONE_FILE, Code
from sphinx_stepwise.core.diagnostics import did_you_mean
from sphinx_stepwise.core.project import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_stepwise.core.diagnostics import Diagnostic, Report
    from sphinx_stepwise.core.project import Project

_CODES: Final = {code.value: code for code in Code}


@dataclass(frozen=True, slots=True)
class Scope:
    """The files that a run is about."""

    #: Paths of files and folders, as findings have them.
    names: frozenset[str] = frozenset()
    #: Whether it is about all: none is named, or one that touches all.
    everything: bool = True
    #: Those of the names that are not there: deleted files, or slips.
    missing: tuple[str, ...] = ()

    @classmethod
    def of(cls, project: Project, paths: Iterable[str], folder: Path, /) -> Scope:
        """Return the scope that *paths*, seen from *folder*, stand for.

        The settings and the schemas touch everything, and so does a folder that
        holds all pages.  Nothing else outside the source folder touches anything.
        """
        found: set[Path] = set()
        missing = []
        for path in paths:
            file = _file(path, folder)
            # A link is named by its own address and by that of what it leads to.
            found |= {file, Path(os.path.realpath(file))}
            if not os.path.lexists(file):
                missing.append(path)
        if not found:
            return cls()
        whole = (project.root / "pyproject.toml", project.schemas, project.source)
        everything = any(
            path.is_relative_to(project.schemas)
            or any(part.is_relative_to(path) for part in whole)
            for path in found
        )
        names = frozenset(project.relative(path) for path in found)
        return cls(names, everything, tuple(missing))

    def holds(self, path: str, /) -> bool:
        """Whether a finding's path is one of the names, or below one."""
        if self.everything or path in self.names:
            return True
        return any(path.startswith(f"{name}/") for name in self.names)

    def concerns(self, found: Diagnostic, /) -> bool:
        """Whether a change of the files named may be to blame for a finding."""
        if any(self.holds(place.path) for place in (found.location, *found.related)):
            return True
        if found.code in OF_BOTH_ENDS:
            return not found.related
        return found.code not in OF_ONE_FILE


def _file(path: str, folder: Path) -> Path:
    """Return the absolute path for *path*, without ``..`` and without following links.

    A list of files that was written on Windows can be read elsewhere.
    """
    file = Path(os.path.normpath(folder / path))
    if "\\" in path and not os.path.lexists(file):
        return Path(os.path.normpath(folder / PureWindowsPath(path).as_posix()))
    return file


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run has to tell."""

    project: Project
    #: What is shown.
    report: Report
    #: How many pages were read.
    pages: int
    scope: Scope = dataclasses.field(default_factory=Scope)
    #: How many findings have codes that were not asked for.
    deselected: int = 0
    #: How many are those of other files alone.
    left_out: int = 0

    def select(self, wanted: frozenset[Code], unwanted: frozenset[Code], /) -> Outcome:
        """Return the outcome with only the *wanted* codes, or all but the *unwanted*.

        No code *wanted* means every code.
        """
        kept = tuple(
            found
            for found in self.report.diagnostics
            if found.code not in unwanted and (not wanted or found.code in wanted)
        )
        deselected = self.deselected + len(self.report.diagnostics) - len(kept)
        report = dataclasses.replace(self.report, diagnostics=kept)
        return dataclasses.replace(self, report=report, deselected=deselected)

    def narrow(self, scope: Scope, /) -> Outcome:
        """Return the outcome with only the findings that concern *scope*."""
        kept = tuple(f for f in self.report.diagnostics if scope.concerns(f))
        left_out = self.left_out + len(self.report.diagnostics) - len(kept)
        report = dataclasses.replace(self.report, diagnostics=kept)
        return dataclasses.replace(self, report=report, scope=scope, left_out=left_out)


def codes_named(words: Iterable[str], /) -> frozenset[Code]:
    """Return the codes named in *words*, each one name or several with commas.

    :raises ProjectError: naming every word that is no code, with the nearest right one.
    """
    names = [name.strip() for word in words for name in word.split(",")]
    example = f"Codes are words such as `{Code.REFERENCE_UNKNOWN}`."
    faults = [
        f"there is no code `{name}`. {did_you_mean(name, _CODES) or example}"
        for name in names
        if name not in _CODES
    ]
    if faults:
        raise ProjectError(faults)
    return frozenset(_CODES[name] for name in names)

"""``stepwise fix``: mend what is sure to be meant, and put keys in order."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_stepwise.cli.common import (
    CLEAN,
    FINDINGS,
    add_as_of,
    add_project,
    project_of,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from sphinx_stepwise.core.changes.mending import Mend, Mended
    from sphinx_stepwise.core.project import Project
    from sphinx_stepwise.core.reports.selecting import Outcome, Scope


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "fix",
        help="mend what is sure to be meant, and put keys in order",
        description="Mend slips that have one clear meaning: near names, dates, ids of "
        "pages that moved, pages that no list names.  Put keys in the order of their "
        "schema.  Each mend is proved by a check.  Exits 0 when no error is left, 1 "
        "when one is; with --diff, 1 when something would change, 0 when not.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="mend only what is found in these files or folders",
    )
    parser.add_argument(
        "--diff", action="store_true", help="show what would change, and write nothing"
    )
    add_project(parser)
    add_as_of(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Mend, and say what was done and what is left."""
    from sphinx_stepwise.cli.printing import hand_over, say
    from sphinx_stepwise.core.changes.mending import mend_project
    from sphinx_stepwise.core.printable import printable
    from sphinx_stepwise.core.reports.selecting import Scope

    project = project_of(arguments)
    scope = Scope.of(project, arguments.paths, Path.cwd())
    for path in scope.missing:
        print(f"{printable(path)}: not there", file=sys.stderr)
    mended = mend_project(project, arguments.as_of, scope.holds)
    if arguments.diff:
        hand_over("".join(_diff(mended.texts)))
        for line in _refusals(mended):
            print(line, file=sys.stderr)
        return FINDINGS if mended.texts else CLEAN
    _write(project, mended.texts)
    outcome = _outcome(project, mended, scope)
    say(*_told(mended), *_refusals(mended), *_left(outcome), *_closing(mended, outcome))
    return FINDINGS if outcome.report.failed else CLEAN


def _outcome(project: Project, mended: Mended, scope: Scope) -> Outcome:
    """Return what is left of the findings that were to be mended."""
    from dataclasses import replace

    from sphinx_stepwise.core.reports.selecting import Outcome

    every = mended.report.diagnostics
    kept = tuple(found for found in every if scope.holds(found.location.path))
    return Outcome(
        project=project,
        report=replace(mended.report, diagnostics=kept),
        pages=len(mended.navigation.catalogue.pages),
        left_out=len(every) - len(kept),
    )


def _diff(texts: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """Yield the lines of a unified diff, as `git apply` takes it."""
    import difflib
    import re

    for path, pair in sorted(texts.items()):
        old, new = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in pair)
        for line in difflib.unified_diff(old, new, f"a/{path}", f"b/{path}"):
            whole = line.endswith("\n")
            yield line if whole else f"{line}\n\\ No newline at end of file\n"


def _told(mended: Mended) -> Iterator[str]:
    for mend in mended.made:
        code = f" [{mend.finding.code.value}]" if mend.finding else ""
        yield f"{mend.location}: mended: {'; '.join(_words(mend))}{code}"


def _words(mend: Mend) -> Iterator[str]:
    from sphinx_stepwise.core.printable import printable

    if mend.finding is None:
        yield "keys put in the order of the schema"
        return
    for edit in mend.edits:
        elsewhere = edit.location.path != mend.location.path
        place = f" at {edit.location}" if elsewhere else ""
        new = printable(" ".join(edit.new.split()).strip(" ,-"))
        if edit.old:
            yield f"`{printable(edit.old)}` is now `{new}`{place}"
        else:
            yield f"added `{new}`{place}"


def _refusals(mended: Mended) -> Iterator[str]:
    from sphinx_stepwise.core.printable import printable

    for mend, fault in mended.refused:
        words = "; ".join(_words(mend))
        yield f"{mend.location}: not mended, though it could be: {words}"
        yield f"  {printable(fault)}"


def _left(outcome: Outcome) -> Iterator[str]:
    from sphinx_stepwise.core.reports.excerpts import Sources
    from sphinx_stepwise.core.reports.reporting import text_lines

    yield from text_lines(outcome.report, Sources(outcome.project))


def _closing(mended: Mended, outcome: Outcome) -> Iterator[str]:
    from sphinx_stepwise.core.reports.reporting import summary_line

    made, files = len(mended.made), len(mended.texts)
    refused = f", {len(mended.refused)} refused" if mended.refused else ""
    yield f"mends: {made or 'none'}, files changed: {files or 'none'}{refused}"
    yield summary_line(outcome.report, outcome.pages, left_out=outcome.left_out)


def _write(project: Project, texts: Mapping[str, tuple[str, str]]) -> None:
    """Write all files, each whole or not at all.

    :raises ProjectError: where one cannot be written, or has changed since it was read.
    """
    import os
    import shutil

    from sphinx_stepwise.core.project import ProjectError

    drafts: list[tuple[Path, Path]] = []
    try:
        for path, (old, new) in texts.items():
            file = (project.root / path).resolve()  # a link stays one
            if file.read_bytes() != old.encode():
                message = f"{path}: has changed meanwhile; nothing was written"
                raise ProjectError([message])
            draft = file.with_name(f".{file.name}.{os.getpid()}.tmp")
            drafts.append((draft, file))
            draft.write_bytes(new.encode())
            shutil.copymode(file, draft)
        for draft, file in drafts:
            draft.replace(file)
    except OSError as error:
        message = f"{error.filename}: cannot be written: {error.strerror}"
        raise ProjectError([message]) from error
    finally:
        for draft, _ in drafts:
            draft.unlink(missing_ok=True)

"""``stepwise check``: every finding of the build that needs no build."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.cli.common import (
    CLEAN,
    FINDINGS,
    add_as_of,
    add_project,
    project_of,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from sphinx_stepwise.core.reports.selecting import Outcome

#: All but ``text`` are for programs, each with a module ``core.<format>_report``.
FORMATS: Final = ("text", "github", "gitlab", "json", "junit", "sarif")


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "check",
        help="check every page and data file, without building",
        description="Check every page and data file.  Exits 0 when no error is shown, "
        "1 when there is one, 2 when it cannot run.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="show only what these files or folders may be to blame for; everything "
        "is checked all the same",
    )
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--output", metavar="FILE", help="write the report to a file")
    for name, words in (("select", "show only"), ("ignore", "do not show")):
        parser.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar="CODE",
            help=f"{words} findings of this code; several with commas or repeated",
        )
    parser.add_argument(
        "--statistics", action="store_true", help="count findings by code"
    )
    parser.add_argument(
        "--explain", metavar="CODE", help="show a code's reason and example"
    )
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    add_project(parser)
    add_as_of(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Report all findings, and a summary."""
    from sphinx_stepwise.cli.printing import hand_over, say, write_whole

    if arguments.explain is not None:
        from sphinx_stepwise.cli.explain import explain

        say(*explain(arguments.explain, arguments.project))
        return CLEAN
    outcome = _check(arguments)
    closing = list(_closing(outcome, arguments))
    if arguments.format == "text":
        text = "\n".join([*_findings(outcome, arguments), *closing, ""])
    else:
        text = _machine(outcome, arguments.format)
    if arguments.output:
        write_whole(arguments.output, text)
        say(*closing)
    elif arguments.format == "text":
        say(text, end="")
    else:
        hand_over(text)
        print(*closing, sep="\n", file=sys.stderr)
    return FINDINGS if outcome.report.failed else CLEAN


def _check(arguments: argparse.Namespace) -> Outcome:
    from sphinx_stepwise.core.printable import printable
    from sphinx_stepwise.core.reports.selecting import Outcome, Scope, codes_named
    from sphinx_stepwise.core.rules.checks import check_project

    wanted, unwanted = codes_named(arguments.select), codes_named(arguments.ignore)
    project = project_of(arguments)
    scope = Scope.of(project, arguments.paths, Path.cwd())
    for path in scope.missing:
        note = f"{printable(path)}: not there; taken for a deleted file"
        print(note, file=sys.stderr)
    navigation, report = check_project(project, arguments.as_of)
    pages = len(navigation.catalogue.pages)
    outcome = Outcome(project=project, report=report, pages=pages)
    return outcome.select(wanted, unwanted).narrow(scope)


def _findings(outcome: Outcome, arguments: argparse.Namespace) -> Iterator[str]:
    """Yield the findings as text; files are read again only where there are some."""
    if not outcome.report.diagnostics:
        return
    from sphinx_stepwise.cli.printing import wants_colour
    from sphinx_stepwise.core.reports.excerpts import Sources
    from sphinx_stepwise.core.reports.reporting import text_lines

    colour = not arguments.output and wants_colour(
        arguments.color, sys.stdout, os.environ
    )
    yield from text_lines(outcome.report, Sources(outcome.project), colour=colour)


def _machine(outcome: Outcome, name: str) -> str:
    from importlib import import_module

    from sphinx_stepwise.core.reports.excerpts import Sources

    module = import_module(f"sphinx_stepwise.core.reports.{name}_report")
    return str(module.render(outcome, Sources(outcome.project)))


def _closing(outcome: Outcome, arguments: argparse.Namespace) -> Iterator[str]:
    from sphinx_stepwise.core.reports.reporting import statistics_lines, summary_line

    if arguments.statistics:
        yield from statistics_lines(outcome.report)
    yield summary_line(
        outcome.report,
        outcome.pages,
        deselected=outcome.deselected,
        left_out=outcome.left_out,
    )

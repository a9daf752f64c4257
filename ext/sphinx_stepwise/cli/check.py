"""``stepwise check``: every finding of the build that needs no build."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_stepwise.cli.common import (
    CLEAN,
    FINDINGS,
    add_as_of,
    add_project,
    project_of,
)
from sphinx_stepwise.core.checks import check_project
from sphinx_stepwise.core.reporting import summary_line, text_lines

if TYPE_CHECKING:
    import argparse


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "check",
        help="check every page and data file, without building",
        description="Check every page and data file.  Exits 0 when there is no "
        "error, 1 when there is one, 2 when settings or schemas are unusable.",
    )
    add_project(parser)
    add_as_of(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print all findings and a summary."""
    navigation, report = check_project(project_of(arguments), arguments.as_of)
    for line in text_lines(report):
        print(line)
    print(summary_line(report, len(navigation.catalogue.pages)))
    return FINDINGS if report.failed else CLEAN

"""The command ``stepwise``: the build's verdict without a build.

May import core only.  Exit codes: 0 clean, 1 at least one error, 2 cannot run.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_stepwise import __version__
from sphinx_stepwise.core.checks import check_project
from sphinx_stepwise.core.project import ProjectError, find_root, load_project
from sphinx_stepwise.core.reporting import summary_line, text_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

CLEAN, FINDINGS, CANNOT_RUN = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with *argv* and return its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except ProjectError as error:
        for fault in error.faults:
            print(f"{fault}", file=sys.stderr)
        return CANNOT_RUN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stepwise", description="Check a step-by-step toolkit."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser(
        "check",
        help="check every page and data file, without building",
        description="Check every page and data file.  Exits 0 when there is no "
        "error, 1 when there is one, 2 when settings or schemas are unusable.",
    )
    check.add_argument(
        "--project",
        type=Path,
        metavar="FOLDER",
        help="the toolkit's root; by default this folder or the nearest above it",
    )
    check.set_defaults(run=_check)
    return parser


def _check(arguments: argparse.Namespace) -> int:
    root = arguments.project or find_root(Path.cwd())
    navigation, report = check_project(load_project(root))
    for line in text_lines(report):
        print(line)
    print(summary_line(report, len(navigation.catalogue.pages)))
    return FINDINGS if report.failed else CLEAN

"""The command ``stepwise``: the build's verdict without a build, and upkeep.

May import core only.  One module for each sub-command, with ``add(commands)`` to
declare its arguments and ``run(arguments)`` to do it.  Exit codes: 0 clean, 1 at
least one finding that fails, 2 cannot run.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from sphinx_stepwise import __version__
from sphinx_stepwise.cli import addresses, check, diff, move, review
from sphinx_stepwise.cli.common import CANNOT_RUN, CLEAN
from sphinx_stepwise.core.project import ProjectError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = (check, review, move, addresses, diff)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with *argv* and return its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except ProjectError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return CANNOT_RUN
    except BrokenPipeError:  # `stepwise ... | head`
        sys.stderr.close()
        return CLEAN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stepwise", description="Check and look after a step-by-step toolkit."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser

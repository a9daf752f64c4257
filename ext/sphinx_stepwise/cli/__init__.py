"""The command ``stepwise``: the build's verdict without a build, and upkeep.

May import core only.  One module for each sub-command, called as it is, with
``add(commands)`` to declare its arguments and ``run(arguments)`` to do it.  Exit codes:
0 clean, 1 at least one finding that fails, 2 cannot run.
"""

from __future__ import annotations

import argparse
import gc
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

from sphinx_stepwise import __version__
from sphinx_stepwise.cli.common import CANNOT_RUN, CLEAN
from sphinx_stepwise.core.printable import printable
from sphinx_stepwise.core.project import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COMMANDS: Final = (
    "check",
    "fix",
    "init",
    "new",
    "list",
    "show",
    "graph",
    "review",
    "move",
    "addresses",
    "diff",
    "lsp",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with *argv* and return its exit code."""
    gc.set_threshold(100_000)  # one short run makes much and throws little away
    words = sys.argv[1:] if argv is None else argv
    # Only what is asked for is imported, so that `check` pays for nothing else.
    asked = [name for name in COMMANDS if [name] == [*words[:1]]]
    arguments = _parser(asked or COMMANDS).parse_args(words)
    try:
        return int(arguments.run(arguments))
    except ProjectError as error:
        for fault in error.faults:
            print(printable(fault), file=sys.stderr)
        return CANNOT_RUN
    except BrokenPipeError:  # `stepwise ... | head`
        sys.stderr.close()
        return CLEAN


def _parser(names: Iterable[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stepwise", description="Check and look after a step-by-step toolkit."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in names:
        import_module(f"sphinx_stepwise.cli.{name}").add(commands)
    return parser

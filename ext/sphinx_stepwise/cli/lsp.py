"""``stepwise lsp``: the findings, and help with writing, in an editor."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from sphinx_stepwise.cli.common import CANNOT_RUN, add_project

if TYPE_CHECKING:
    import argparse


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "lsp",
        help="serve an editor: findings while you type, completion, rename and more",
        description="Serve one editor with the Language Server Protocol, over standard "
        "input and output.  Editors start it; docs/manual.md says how.  Exits 0 when "
        "the editor said goodbye, 1 when it was cut off, 2 when pygls is missing.",
    )
    add_project(parser)
    parser.add_argument(
        "--stdio",
        action="store_true",
        help="does nothing: some editors add it, and there is no other way",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until the editor leaves."""
    try:
        from sphinx_stepwise.lsp.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in {"pygls", "lsprotocol"}:
            raise
        message = 'stepwise lsp needs pygls: pip install "sphinx-stepwise[lsp]"'
        print(message, file=sys.stderr)
        return CANNOT_RUN
    return serve(arguments.project)

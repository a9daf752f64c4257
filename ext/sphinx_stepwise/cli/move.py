"""``stepwise move``: move or rename a page, and everything that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_stepwise.cli.common import CLEAN, add_project, project_of
from sphinx_stepwise.core.changes.moving import plan_move, try_move
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    import argparse


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "move",
        help="move or rename a page, and everything that names it",
        description="Move or rename a page: its file, every list, reference, role and "
        "link that names it, and a redirect from its old address.  An index page takes "
        "its folder along.  What would break the toolkit is refused.",
    )
    parser.add_argument("old", help="the page's id, or its address such as a/b")
    parser.add_argument("new", help="its new id, or its new address")
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="show what would change, and change nothing",
    )
    add_project(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Plan, rehearse and make the move."""
    project = project_of(arguments)
    navigation, report = check_project(project)
    move = plan_move(navigation, arguments.old, arguments.new)
    try_move(project, move, report)
    if arguments.dry_run:
        print(*move.diff(project), sep="\n")
        return CLEAN
    move.apply(project)
    for old, new in sorted(move.pages.items()):
        print(f"moved {old} to {new}")
    print(f"changed {len(move.texts)} files; old addresses redirect")
    return CLEAN

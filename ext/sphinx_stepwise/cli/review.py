"""``stepwise review``: what is due, and what is overdue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.cli.common import (
    CLEAN,
    FINDINGS,
    add_as_of,
    add_project,
    project_of,
)
from sphinx_stepwise.core.changes import reviewing
from sphinx_stepwise.core.changes.touched import Changes
from sphinx_stepwise.core.content.loading import load_catalogue

if TYPE_CHECKING:
    import argparse

#: Format -> what writes it, and how its lines end.
FORMATS: Final[dict[str, tuple[Any, str]]] = {
    "text": (reviewing.text_report, "\n"),
    "markdown": (reviewing.markdown_report, "\n"),
    "json": (reviewing.json_report, "\n"),
    "ics": (reviewing.ics_report, "\r\n"),
}


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "review",
        help="list pages and records that are due for review, or past it",
        description="List what is due soon and what is overdue.  Exits 1 when "
        "something is overdue; with --changed-since, only what the change touches "
        "can fail.",
    )
    add_project(parser)
    add_as_of(parser)
    parser.add_argument("--owner", default="", metavar="ID", help="only what they keep")
    parser.add_argument("--changed-since", metavar="REF", help="a git revision")
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what is due."""
    catalogue, _ = load_catalogue(project_of(arguments), arguments.as_of)
    options: dict[str, Any] = {"owner": arguments.owner}
    if arguments.changed_since:
        options["touched"] = Changes(catalogue, arguments.changed_since).touch
    found = reviewing.tasks(catalogue, **options)
    write, ending = FORMATS[arguments.format]
    print(*write(found), sep=ending, end=ending)
    return FINDINGS if any(task.fails for task in found) else CLEAN

"""``stepwise addresses``: keep the list of every address ever published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_stepwise.cli.common import CLEAN, FINDINGS, add_project, project_of
from sphinx_stepwise.core.content.loading import load_catalogue
from sphinx_stepwise.core.content.redirects import (
    addresses_file,
    addresses_text,
    read_addresses,
)

if TYPE_CHECKING:
    import argparse


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "addresses",
        help="list addresses that are not yet kept, or keep them",
        description="Compare the pages' addresses with the kept list.  Exits 1 when "
        "one is missing from it; with --write, adds it.",
    )
    parser.add_argument("--write", action="store_true", help="add what is missing")
    add_project(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what is missing from the list, or write the list."""
    project = project_of(arguments)
    catalogue, _ = load_catalogue(project)
    kept, faults = read_addresses(project)
    for fault in faults:
        print(f"{fault.location}: {fault.severity}: {fault.message}")
        print(f"  hint: {fault.hint}")
    if arguments.write:
        file = addresses_file(project)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(addresses_text(catalogue), "utf-8")
        print(f"{project.relative(file)} written")
        return CLEAN
    today = {page.docname for page in catalogue.pages if not page.draft}
    missing = sorted(today - kept.keys())
    for address in missing:
        print(f"not kept yet: {address}")
    return FINDINGS if missing or faults else CLEAN

"""``python tests/prose``: check the prose of all pages, of some, or of changed ones.

Prints ``path:line:column: warning: message [rule]``.  Exits 0 when nothing is found, 1
when something is, and 2 when the toolkit cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a folder, not as a package

from prose.checking import check_pages, read_pages
from sphinx_stepwise.core.changes.git import changed_files
from sphinx_stepwise.core.project import ProjectError, load_project

if TYPE_CHECKING:
    from sphinx_stepwise.core.project import Project

ROOT = Path(__file__).parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python tests/prose", description=__doc__)
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="pages; none means all"
    )
    parser.add_argument("--changed-since", metavar="REF", help="pages that git sees")
    asked = parser.parse_args(arguments)
    try:
        project = load_project(ROOT)
        # All are read: what two steps share shows only when both are known.
        pages = read_pages(project)
        wanted = _wanted(project, asked, {page.path for page in pages})
    except ProjectError as error:
        print(error, file=sys.stderr)
        return 2
    findings = [found for found in check_pages(pages) if found.path in wanted]
    for found in findings:
        print(found)
    print(f"{len(wanted)} pages read, {len(findings)} findings")
    return int(bool(findings))


def _wanted(project: Project, asked: argparse.Namespace, known: set[str]) -> set[str]:
    """Return the paths of the pages that were asked for.

    :raises ProjectError: for a file that is no page, or a revision that git lacks.
    """
    named = {project.relative(Path(file).resolve()) for file in asked.files}
    if strange := sorted(named - known):
        raise ProjectError([f"{path}: no page of the toolkit" for path in strange])
    if asked.changed_since:
        changed = changed_files(project.root, asked.changed_since)
        named |= {project.relative(file) for file in changed} & known
    elif not named:
        return known
    return named


if __name__ == "__main__":
    sys.exit(main())

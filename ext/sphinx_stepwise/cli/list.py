"""``stepwise list``: the pages, or the records of a collection, in their order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sphinx_stepwise.cli import common
from sphinx_stepwise.core.diagnostics import did_you_mean
from sphinx_stepwise.core.project import KINDS, ProjectError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from sphinx_stepwise.core.content.model import Page, Record
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.project import Project

#: Between two columns.
_GAP = "  "


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "list",
        help="list pages or records in their order",
        description="List pages in the order in which readers meet them, or the "
        "records of a collection in the order of its files: id, title, path, status.",
    )
    parser.add_argument(
        "kind",
        nargs="?",
        default="",
        metavar="KIND",
        help="a kind of page, a collection or the word for one of its records; "
        "by default all pages",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    common.add_project(parser)
    common.add_as_of(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the list."""
    from sphinx_stepwise.cli.printing import hand_over, say
    from sphinx_stepwise.core.content.loading import load_catalogue
    from sphinx_stepwise.core.content.navigation import Navigation

    project = common.project_of(arguments)
    kind = _kind(project, arguments.kind)
    catalogue, _ = load_catalogue(project, arguments.as_of)
    rows = list(_rows(Navigation(catalogue), kind))
    if arguments.format == "json":
        document = {"version": 1, "items": rows}
        hand_over(f"{json.dumps(document, indent=2, ensure_ascii=False)}\n")
    elif rows:
        names = ("id", "title", "path", "status")
        say(*_columns(rows, names if kind else ("kind", *names)))
    else:
        say(f"There is no {kind or 'page'} yet.")
    return common.CLEAN


def _kind(project: Project, name: str) -> str:
    """Return the kind that is called *name*, or *name* without its plural's ``s``.

    :raises ProjectError: naming the nearest right one.
    """
    words = (*KINDS, *project.collections.values())
    called = {f"{word}s": word for word in words} | dict(project.collections)
    called |= {word: word for word in words} | {"": ""}
    if name not in called:
        hint = did_you_mean(name, called) or f"Choose from: {', '.join(words)}."
        raise ProjectError([f"nothing is called `{name}` here. {hint}"])
    return called[name]


def _rows(navigation: Navigation, kind: str) -> Iterator[dict[str, str]]:
    from sphinx_stepwise.core.content.reading_order import reading_order, status_of

    items: Sequence[Page | Record] = reading_order(navigation)
    if kind and kind not in KINDS:
        items = navigation.catalogue.records
    for item in items:
        if kind in {"", item.kind}:
            yield {
                "kind": item.kind,
                "id": item.id,
                "title": item.title,
                "path": item.path,
                "status": status_of(navigation, item),
            }


def _columns(rows: list[dict[str, str]], names: Sequence[str]) -> Iterator[str]:
    """Yield a line for each row, with the values of each name below each other."""
    from sphinx_stepwise.core.printable import cells, printable

    shown = [[printable(row[name]) for name in names] for row in rows]
    widths = [max(map(cells, column)) for column in zip(*shown, strict=True)]
    for values in shown:
        padded = (
            value + " " * (width - cells(value))
            for value, width in zip(values, widths, strict=True)
        )
        yield _GAP.join(padded).rstrip()

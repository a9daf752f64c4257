"""``stepwise new``: begin a page or a record that the toolkit can bear at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.cli import common
from sphinx_stepwise.core.project import KINDS, ProjectError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.diagnostics import Report
    from sphinx_stepwise.core.project import Project
    from sphinx_stepwise.core.writing.slots import Slot
    from sphinx_stepwise.core.writing.wishes import Creation, Wish

#: Option -> the kinds that it is for; "" stands for every kind of record.
_OPTIONS: Final = {
    "stage": ("step",),
    "inside": ("page",),
    "after": KINDS[1:],
    "before": KINDS[1:],
    "steps": ("guidebook",),
    "file": ("",),
}
_MADE_UP: Final = '"to be written" marks what was made up.'


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "new",
        help="begin a page or a record, in its place and with its keys explained",
        description="Make a page or a record from its schema, and name it where it "
        "belongs.  Asks for what is missing when run in a terminal.  What would break "
        "the toolkit is refused, and nothing is written.",
    )
    parser.add_argument(
        "kind",
        nargs="?",
        metavar="KIND",
        help="stage, step, guidebook, page, or the word for one record",
    )
    parser.add_argument(
        "title", nargs="?", metavar="TITLE", help="a page's title, a record's label"
    )
    parser.add_argument("--id", default="", help="by default made from the title")
    parser.add_argument("--stage", default="", metavar="ID", help="a step's stage")
    parser.add_argument(
        "--in",
        dest="inside",
        default="",
        metavar="ID",
        help="the page that a page stands below; by default the home page",
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--after", default="", metavar="ID", help="stand after this one")
    place.add_argument(
        "--before", default="", metavar="ID", help="or before this one, not at the end"
    )
    parser.add_argument(
        "--steps", nargs="+", default=[], metavar="ID", help="a guidebook's steps"
    )
    parser.add_argument("--file", default="", help="the data file for a record")
    parser.add_argument(
        "--set",
        dest="values",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="write this value; may be given more than once",
    )
    common.add_project(parser)
    common.add_as_of(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Ask, plan, rehearse and write."""
    from sphinx_stepwise.cli.printing import say
    from sphinx_stepwise.core.rules.checks import check_project

    project = common.project_of(arguments)
    checked = check_project(project, arguments.as_of)
    try:
        creation = _create(arguments, *checked)
    except (EOFError, KeyboardInterrupt):
        print()
        raise ProjectError(["stopped; nothing was written"]) from None
    creation.apply(project)
    say(*_report(creation))
    return common.CLEAN


def _create(
    arguments: argparse.Namespace, navigation: Navigation, report: Report
) -> Creation:
    from sphinx_stepwise.core.writing.creating import create_page, create_record

    project = navigation.catalogue.project
    kind = _kind(arguments, project)
    given = vars(arguments)
    for option, kinds in _OPTIONS.items():
        if given[option] and (kind if kind in KINDS else "") not in kinds:
            name = "in" if option == "inside" else option
            raise ProjectError([f"`--{name}` says nothing of a {kind}; leave it out"])
    _demand(arguments, navigation, kind)
    wish = _wish(arguments, kind)
    if kind in KINDS:
        slot = _slot(arguments, navigation, kind)
        return create_page(navigation, report, wish, slot)
    return create_record(navigation, report, wish, _file(arguments, navigation, wish))


def _kind(arguments: argparse.Namespace, project: Project) -> str:
    from sphinx_stepwise.cli.asking import can_ask, choose
    from sphinx_stepwise.core.diagnostics import did_you_mean

    words = (*KINDS[1:], *project.collections.values())
    kind: str = arguments.kind or ""
    if not kind and can_ask():
        kind = choose("What do you want to make?", {w: w for w in words}, "step")
    known = f"Choose from: {', '.join(words)}."
    if not kind:
        raise ProjectError([f"say what to make. {known}"])
    if kind == KINDS[0]:
        message = f"a {kind} begins in a folder of its own, with `stepwise init`"
        raise ProjectError([message])
    if kind not in words:
        hint = did_you_mean(kind, words) or known
        raise ProjectError([f"nothing is called `{kind}` here. {hint}"])
    return kind


def _demand(arguments: argparse.Namespace, navigation: Navigation, kind: str) -> None:
    """Name all that is missing, where nobody can be asked."""
    from sphinx_stepwise.cli.asking import can_ask
    from sphinx_stepwise.core.writing.slots import holders

    if can_ask():
        return
    faults = []
    if not (arguments.title or "").strip():
        name = "title" if kind in KINDS else "label"
        faults.append(f'say the {kind}\'s {name}: `stepwise new {kind} "..."`')
    placed = arguments.stage or arguments.after or arguments.before
    stages = [page.id for page in holders(navigation, "step")]
    if kind == "step" and not placed and len(stages) > 1:
        ids = ", ".join(stages)
        faults.append(f"say which stage it is in: `--stage ID`, one of {ids}")
    if faults:
        raise ProjectError(faults)


def _wish(arguments: argparse.Namespace, kind: str) -> Wish:
    from sphinx_stepwise.cli.asking import ask
    from sphinx_stepwise.core.text.naming import id_of
    from sphinx_stepwise.core.writing.wishes import Wish

    values = _values(arguments.values)
    if arguments.steps:
        values["steps"] = [i for word in arguments.steps for i in word.split(",") if i]
    words, id_ = arguments.title or "", arguments.id
    if not words.strip():
        words = ask(f"The {kind}'s {'title' if kind in KINDS else 'label'}")
        id_ = id_ or ask("Its id, which is part of addresses", id_of(words))
    return Wish.of(kind, words, id_, values)


def _values(given: list[str]) -> dict[str, Any]:
    """Return what ``--set`` gives, each value read as YAML."""
    from sphinx_stepwise.core.printable import printable
    from sphinx_stepwise.core.text.yaml_source import read_yaml

    values = {}
    for word in given:
        key, equals, text = word.partition("=")
        told = f"`--set {printable(word)}`"
        if not key or not equals or key in {"kind", "id"} or not word.isprintable():
            raise ProjectError([f"{told}: write `--set key=value`"])
        source, faults = read_yaml(text, "")
        if faults:
            raise ProjectError([f"{told}: {faults[0].message}. {faults[0].hint}"])
        values[key] = source.data
    return values


def _slot(arguments: argparse.Namespace, navigation: Navigation, kind: str) -> Slot:
    from sphinx_stepwise.cli.asking import can_ask, choose
    from sphinx_stepwise.core.writing.slots import find_slot, holders

    inside = arguments.stage or arguments.inside
    after, before = arguments.after, arguments.before
    asked = not (inside or after or before)
    pages = {page.id: page.title for page in holders(navigation, kind)}
    if kind == "step" and asked and len(pages) == 1:
        inside = next(iter(pages))
    elif kind in {"step", "page"} and asked and len(pages) > 1 and can_ask():
        what = "Which stage is it in?" if kind == "step" else "Below which page?"
        inside = choose(what, pages, next(iter(pages)))
    slot = find_slot(navigation, kind, inside=inside, after=after, before=before)
    listed = [entry.id for entry in slot.holder.entries(slot.key)]
    if not (after or before) and listed and can_ask():
        after = _after(kind, listed)
        place = {"after": after} if after else {"before": listed[0]}
        slot = find_slot(navigation, kind, inside=slot.holder.id, **place)
    return slot


def _after(kind: str, listed: list[str]) -> str:
    from sphinx_stepwise.cli.asking import choose

    first = "(the first place)"
    choices = {name: name for name in (first, *listed)}
    chosen = choose(f"After which {kind}?", choices, listed[-1])
    return "" if chosen == first else chosen


def _file(arguments: argparse.Namespace, navigation: Navigation, wish: Wish) -> Path:
    from sphinx_stepwise.cli.asking import can_ask, choose
    from sphinx_stepwise.core.diagnostics import did_you_mean
    from sphinx_stepwise.core.writing.creating import data_files

    project = navigation.catalogue.project
    files = data_files(navigation.catalogue, wish.kind, wish.values)
    name = arguments.file.rpartition("/")[2].removesuffix(".yml")
    usual = next(iter(files))
    if not name and len(files) > 1 and can_ask():
        shown = {stem: project.relative(file) for stem, file in files.items()}
        name = choose(f"Which file does the {wish.kind} go to?", shown, usual)
    if name and name not in files:
        hint = did_you_mean(name, files) or f"Choose from: {', '.join(files)}."
        raise ProjectError([f"there is no data file `{name}` for it. {hint}"])
    return files[name or usual]


def _report(creation: Creation) -> Iterator[str]:
    """Yield what was made, and what to do next."""
    wish = creation.wish
    page = wish.kind in KINDS
    place = creation.path if page else f"{creation.path}:{creation.line}:1"
    yield f"{place}: the new {wish.kind} `{wish.id}`{' is a draft' * creation.draft}"
    if creation.listed:
        yield creation.listed
    yield "Next:"
    yield f"- Fill it in. Notes in the file say how; {_MADE_UP}"
    if creation.draft:
        ask = " Then mend:" if creation.later else ""
        yield f"- To publish it, delete the line `status: draft`.{ask}"
        yield from (f"    {d.location}: {d.message}" for d in creation.later)
    else:
        yield "- It is no draft: the next build shows it to readers."
    role = f"{{{wish.kind}}}`{wish.id}`"
    if creation.excuse:
        yield f"- When a page refers to it, as {role}, delete `{creation.excuse}`."
    if creation.left:
        yield f"- Refer to it: write {role} on a page, or its id in front matter."
        yield "  Until then `stepwise check` finds:"
        yield from (f"    {d.location}: {d.message}" for d in creation.left)

"""``stepwise show``: all that is known of one page or record."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sphinx_stepwise.cli import common
from sphinx_stepwise.core.diagnostics import did_you_mean
from sphinx_stepwise.core.project import ProjectError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Page, Record
    from sphinx_stepwise.core.content.portraits import Portrait, Use
    from sphinx_stepwise.core.diagnostics import Location


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "show",
        help="show all that is known of one page or record",
        description="Show what a page or record is, where it stands, its dates, what "
        "it refers to, what refers to it, and what is found on it.",
    )
    parser.add_argument(
        "id", metavar="ID", help="its id, `kind:id`, or a page's address such as a/b"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    common.add_project(parser)
    common.add_as_of(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print everything that has the id."""
    from sphinx_stepwise.cli.printing import hand_over, say
    from sphinx_stepwise.core.content.portraits import find_items, portray
    from sphinx_stepwise.core.printable import printable
    from sphinx_stepwise.core.rules.checks import check_project

    project = common.project_of(arguments)
    navigation, report = check_project(project, arguments.as_of)
    items = find_items(navigation.catalogue, arguments.id)
    if not items:
        raise ProjectError([_unknown(navigation.catalogue, arguments.id)])
    found = [portray(navigation, report, item) for item in items]
    if arguments.format == "json":
        document = {"version": 1, "items": [_as_json(one) for one in found]}
        hand_over(f"{json.dumps(document, indent=2, ensure_ascii=False)}\n")
    else:
        for number, portrait in enumerate(found):
            say(*[""] * bool(number), *map(printable, _lines(portrait)))
    return common.CLEAN


def _unknown(catalogue: Catalogue, wanted: str) -> str:
    if wanted in catalogue.broken | catalogue.broken_docnames:
        return f"the page `{wanted}` cannot be read; `stepwise check` says why"
    items: list[Page | Record] = [*catalogue.pages, *catalogue.records]
    kind, _, id_ = wanted.rpartition(":")
    known = [item.id for item in items if kind in {"", item.kind}]
    hint = did_you_mean(id_, known or [item.id for item in items])
    message = f"there is no page or record `{wanted}`."
    return f"{message} {hint or '`stepwise list` names all pages.'}"


def _as_json(portrait: Portrait) -> dict[str, Any]:
    return {
        **asdict(portrait.name),
        "summary": portrait.summary,
        "address": portrait.address,
        "status": portrait.status,
        **_place(portrait.location),
        "parents": [asdict(parent) for parent in portrait.parents],
        "places": [asdict(standing) for standing in portrait.standings],
        "dates": asdict(portrait.dates),
        "refers_to": [_use(use) for use in portrait.refers_to],
        "referred_to_by": [_use(use) for use in portrait.referred_to_by],
        "findings": [
            {
                "code": found.code.value,
                "severity": found.severity.value,
                **_place(found.location),
                "message": found.message,
                "hint": found.hint,
            }
            for found in portrait.findings
        ],
    }


def _use(use: Use) -> dict[str, Any]:
    return {**asdict(use.other), "field": use.field, **_place(use.location)}


def _place(place: Location) -> dict[str, Any]:
    return {"path": place.path, "line": place.line, "column": place.column}


def _lines(portrait: Portrait) -> Iterator[str]:
    name = portrait.name
    yield f"{name.kind} `{name.id}`: {name.title}"
    yield f"  {portrait.location}: {portrait.status}, {portrait.address}"
    if portrait.summary and portrait.summary != name.title:
        yield f"  {portrait.summary}"
    for heading, lines in (
        ("place", _places(portrait)),
        ("dates", _dates(portrait)),
        ("refers to", _uses(portrait.refers_to)),
        ("referred to by", _uses(portrait.referred_to_by)),
        ("findings", _findings(portrait)),
    ):
        told = list(lines)
        yield f"{heading}:{'' if told else ' none'}"
        yield from (f"  {line}" for line in told)


def _places(portrait: Portrait) -> Iterator[str]:
    if ids := [f"`{parent.id}`" for parent in portrait.parents]:
        yield f"below {', '.join(ids)}"
    for standing in portrait.standings:
        track = standing.track
        where = f" of the {track.kind} `{track.id}`" if track else ""
        kind = "step" if track else portrait.name.kind
        told = [f"{kind} {standing.number} of {standing.total}{where}"]
        for word, name in (("back", standing.back), ("forward", standing.forward)):
            if name:
                told.append(f"{word} `{name.id}`")
        yield ", ".join(told)


def _dates(portrait: Portrait) -> Iterator[str]:
    dates = portrait.dates
    if dates.reviewed:
        yield f"reviewed {dates.reviewed}, again by {dates.review_due}"
    if dates.expires:
        yield f"expires {dates.expires}"


def _uses(uses: Iterable[Use]) -> Iterator[str]:
    for use in uses:
        title = f", {use.other.title}" if use.other.title else ", which is not there"
        yield f"{use.location}: {use.field}: {use.other.kind} `{use.other.id}`{title}"


def _findings(portrait: Portrait) -> Iterator[str]:
    for found in portrait.findings:
        told = f"{found.severity}: {found.message} [{found.code.value}]"
        yield f"{found.location}: {told}"

"""``stepwise diff``: what changed since an earlier revision, by meaning.

The old side is written to a temporary folder by git, and checked like the new one.
Content reaches Markdown only inside code spans, where nothing is markup, a mention or
a link; so no title or finding can break out of a pull request's comment.
"""

from __future__ import annotations

import dataclasses
import json
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.cli import common
from sphinx_stepwise.core.changes.comparison import compare
from sphinx_stepwise.core.changes.differences import parted
from sphinx_stepwise.core.changes.git import export
from sphinx_stepwise.core.project import KINDS, ProjectError, load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator

    from sphinx_stepwise.core.changes import differences as told

    #: Writes a part of content so that it cannot be taken for anything else.
    Quote = Callable[[str], str]

#: Version of the JSON; raised when a key changes its meaning or goes.
VERSION: Final = 1
#: A value is cut at WIDTH characters, a finding's message at WIDE.
WIDTH, WIDE = 80, 240
#: Longer lists are folded; GitHub refuses comments of more than 65,536 characters.
LONG, ROOM = 10, 60_000


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "diff",
        help="tell what changed since a git revision",
        description="Compare the toolkit as it stands with a git revision, by "
        "meaning.  Exits 0 when nothing differs, 1 when something does, 2 when the "
        "revision or its settings are unusable.",
    )
    parser.add_argument("ref", metavar="REF", help="a revision, such as HEAD or main")
    common.add_project(parser)
    parser.add_argument(
        "--format",
        choices=("text", "markdown", "json"),
        default="text",
        help="markdown is fit for a comment on a pull request",
    )
    common.add_as_of(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what differs."""
    project, ref = common.project_of(arguments), arguments.ref
    new = check_project(project, arguments.as_of)
    with tempfile.TemporaryDirectory(prefix="stepwise-") as name:
        folder = Path(name).resolve()
        export(project.root, ref, folder)
        try:
            old = check_project(load_project(folder), arguments.as_of)
        except ProjectError as error:
            more = f" (and {n} more)" if (n := len(error.faults) - 1) else ""
            fault = error.faults[0].replace(f"{folder}/", "")
            message = f"the toolkit of `{ref}` cannot be read: {fault}{more}"
            raise ProjectError([" ".join(message.split())]) from error
        found = compare(*old, *new)
    writers = {"text": text, "markdown": markdown, "json": as_json}
    print(writers[arguments.format](found, ref))
    return common.FINDINGS if found.differs else common.CLEAN


def as_json(found: told.Comparison, ref: str, /) -> str:
    """Return all of it for machines, with no value shortened."""
    head = {"version": VERSION, "ref": ref, "summary": summary(found)}
    return json.dumps(head | dataclasses.asdict(found), indent=2)


def text(found: told.Comparison, ref: str, /) -> str:
    """Return it for a terminal."""

    def quote(value: str) -> str:
        return f"`{_plain(value, WIDTH)}`"

    lines = [_first_line(found, quote(ref))]
    for heading, items in _sections(found, quote, lambda value: _plain(value, WIDE)):
        lines += ["", heading]
        for first, *more in items:
            lines += [f"  {first}", *(f"    {line}" for line in more)]
    return "\n".join(lines)


def markdown(found: told.Comparison, ref: str, /) -> str:
    """Return it for a comment on a pull request."""
    lines = [_first_line(found, _code(ref))]
    room = ROOM
    for heading, items in _sections(found, _code, lambda value: _code(value, WIDE)):
        points = ["- " + "\n  - ".join(item) for item in items]
        shown: list[str] = []
        for point in points:
            room -= len(point) + 1
            if room < 0:
                shown.append(f"- and {len(points) - len(shown)} more")
                break
            shown.append(point)
        if len(points) > LONG:
            opening = f"<details>\n<summary>{len(points)} entries</summary>\n"
            shown = [opening, *shown, "\n</details>"]
        lines += ["", f"### {heading}", "", *shown]
    return "\n".join(lines)


def summary(found: told.Comparison, /) -> str:
    """Return the counts in one line; empty where nothing differs."""
    parts = [
        *_kinds(found.added, "added"),
        *_kinds(found.removed, "removed"),
        *_kinds((shift.page for shift in found.renamed), "renamed"),
        *_kinds((shift.page for shift in found.retitled), "retitled"),
        *_kinds((shift.page for shift in found.moved), "moved"),
    ]
    for word, swapped in (("reordered", True), ("with other steps", False)):
        tracks = (t for t in found.tracks if swapped != bool(t.added or t.removed))
        parts += _kinds((track.page for track in tracks), word)
    records = Counter(record.what for record in found.records)
    for number, noun, what in (
        (len(found.edited), "page", " edited"),
        *((count, "record", f" {what}") for what, count in sorted(records.items())),
        (len(found.healed), "finding", " mended"),
        (len(found.broken), "new finding", ""),
    ):
        if number:
            parts.append(f"{_count(number, noun)}{what}")
    return ", ".join(parts)


def _first_line(found: told.Comparison, ref: str) -> str:
    if counts := summary(found):
        return f"{counts}, compared with {ref}"
    return f"Nothing differs from {ref}."


def _kinds(pages: Iterable[told.PageName], what: str) -> Iterator[str]:
    counts = Counter(page.kind for page in pages)
    for kind in KINDS:
        if counts[kind]:
            yield f"{_count(counts[kind], kind)} {what}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _sections(
    found: told.Comparison, quote: Quote, say: Quote
) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield each heading with its entries: a line, and lines below it.

    :param quote: how an id or a value is written; *say*, how a sentence is.
    """

    def named(page: told.PageName) -> str:
        return f"{page.kind} {quote(page.id)}"

    def titled(pages: Iterable[told.PageName]) -> list[list[str]]:
        return [[f"{named(page)}, {quote(page.title)}"] for page in pages]

    def shifted(shifts: Iterable[told.Shift]) -> list[list[str]]:
        return [[f"{named(s.page)} {_from_to(s.old, s.new, quote)}"] for s in shifts]

    def listed(findings: Iterable[told.Finding]) -> list[list[str]]:
        return [
            [f"{quote(f.path)}: {f.severity}: {say(f.message)} [{f.code}]"]
            for f in findings
        ]

    tracks = [[named(track.page), *_track(track, quote)] for track in found.tracks]
    edited = [[named(edit.page), *_edit(edit, quote)] for edit in found.edited]
    records = [_record(record, quote) for record in found.records]
    for heading, items in (
        ("Pages added", titled(found.added)),
        ("Pages removed", titled(found.removed)),
        ("Pages renamed", shifted(found.renamed)),
        ("Pages retitled", shifted(found.retitled)),
        ("Pages moved", shifted(found.moved)),
        ("Stages and guidebooks", tracks),
        ("Pages edited", edited),
        ("Records", records),
        ("Findings mended", listed(found.healed)),
        ("New findings", listed(found.broken)),
    ):
        if items:
            yield heading, items


def _track(track: told.TrackChange, quote: Quote) -> Iterator[str]:
    order = "order " if track.reordered else ""
    yield from (f"added: {quote(step)}" for step in track.added)
    yield from (f"removed: {quote(step)}" for step in track.removed)
    yield f"{order}before: {', '.join(map(quote, track.old)) or 'no steps'}"
    yield f"{order}now: {', '.join(map(quote, track.new)) or 'no steps'}"


def _edit(edit: told.PageEdit, quote: Quote) -> Iterator[str]:
    for change in edit.changes:
        yield _change(change, quote)
    if edit.body:
        yield "the text changed"


def _record(record: told.RecordChange, quote: Quote) -> list[str]:
    head = f"{record.what} in {quote(record.collection)}: {quote(record.id)}"
    if record.label != record.id:
        head += f", {quote(record.label)}"
    used = [f"used by {', '.join(map(quote, record.pages))}"] if record.pages else []
    return [head, *(_change(change, quote) for change in record.changes), *used]


def _change(change: told.Change, quote: Quote) -> str:
    return f"{quote(change.path)} {_from_to(change.old, change.new, quote)}"


def _from_to(old: Any, new: Any, quote: Quote) -> str:
    was, now = (" ".join(_words(value).split()) for value in (old, new))
    if old in (None, "") or new in (None, ""):
        return f"now {quote(now)}" if old in (None, "") else f"no longer {quote(was)}"
    if was == now:
        return "in its white space"
    was, now = parted(was, now, WIDTH)
    return f"from {quote(was)} to {quote(now)}"


def _words(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(value: str, width: int) -> str:
    """Return *value* in one line without what a terminal would obey, shortened."""
    line = "".join(c if c.isprintable() else "?" for c in " ".join(value.split()))
    return line if len(line) <= width else f"{line[: width - 3].rstrip()}..."


def _code(value: str, width: int = WIDTH) -> str:
    """Return *value* as a code span with a fence that it does not hold."""
    line = _plain(value, width)
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    pad = " " if "`" in {*line[:1], *line[-1:]} else ""
    return f"{fence}{pad}{line}{pad}{fence}" if line else "(empty)"

"""What is due: pages and records whose day is near or past."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.content.freshness import deadlines
from sphinx_stepwise.core.content.model import OWNER, Page
from sphinx_stepwise.core.rules.date_checks import describe

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.freshness import Deadline
    from sphinx_stepwise.core.content.model import Record
    from sphinx_stepwise.core.diagnostics import Location

_LATE: Final = (Code.RECORD_EXPIRED, Code.REVIEW_OVERDUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A page or record to look at, and by when."""

    day: dt.date
    code: Code
    location: Location
    kind: str
    id: str
    title: str
    #: Ids of who looks after it: its own owner, or those of the pages that use it.
    owners: tuple[str, ...]
    message: str
    #: Whether the change in question touches it; without a change, always.
    touched: bool = True

    @property
    def late(self) -> bool:
        """Whether its day is past."""
        return self.code in _LATE

    @property
    def fails(self) -> bool:
        """Whether it fails the review."""
        return self.late and self.touched


def tasks(
    catalogue: Catalogue,
    /,
    *,
    owner: str = "",
    touched: Callable[[Page | Record], bool] = lambda _: True,
) -> list[Task]:
    """Return what is due on the catalogue's day, the earliest first."""
    ahead = catalogue.project.days_ahead
    found = [
        _task(catalogue, deadline, code, touched)
        for deadline in deadlines(catalogue)
        if (code := deadline.code(catalogue.today, ahead))
    ]
    wanted = [task for task in found if not owner or owner in task.owners]
    return sorted(wanted, key=lambda task: (task.day, task.location))


def _task(
    catalogue: Catalogue,
    deadline: Deadline,
    code: Code,
    touched: Callable[[Page | Record], bool],
) -> Task:
    item = deadline.item
    return Task(
        day=deadline.day,
        code=code,
        location=deadline.location,
        kind=item.kind,
        id=item.id,
        title=item.title,
        owners=_owners(catalogue, item),
        message=describe(deadline, code)[0],
        touched=touched(item),
    )


def _owners(catalogue: Catalogue, item: Page | Record) -> tuple[str, ...]:
    own = {r.target for r in catalogue.references_of(item) if r.field == (OWNER,)}
    if not own and not isinstance(item, Page):
        for ref in catalogue.references_to(item):
            page = catalogue.find((ref.source[0],), ref.source[1])
            if isinstance(page, Page):
                own.update(_owners(catalogue, page))
    return tuple(sorted(own))


def text_report(found: Iterable[Task], /) -> Iterator[str]:
    """Yield a line for each task, and a summary."""
    late = due = 0
    for task in found:
        late, due = late + task.late, due + (not task.late)
        state = "overdue" if task.late else "due"
        note = "" if task.touched else " (not touched by this change)"
        owners = f" [{', '.join(task.owners)}]" if task.owners else ""
        yield f"{task.location}: {state}: {task.message}{owners}{note}"
    yield f"{late} overdue, {due} due soon"


def markdown_report(found: Iterable[Task], /) -> Iterator[str]:
    """Yield a table for an issue or a pull request."""
    yield "| By | What | Where | Who |"
    yield "|---|---|---|---|"
    for task in found:
        state = " **overdue**" if task.late else ""
        title = task.title.replace("|", "\\|").replace("<", "&lt;")
        who = ", ".join(task.owners)
        where = f"`{task.location.path}:{task.location.line}`"
        yield f"| {task.day}{state} | {title} ({task.kind}) | {where} | {who} |"


def json_report(found: Iterable[Task], /) -> Iterator[str]:
    """Yield one JSON document."""
    items = [
        {
            "day": task.day.isoformat(),
            "code": task.code.value,
            "overdue": task.late,
            "touched": task.touched,
            "kind": task.kind,
            "id": task.id,
            "title": task.title,
            "owners": list(task.owners),
            "path": task.location.path,
            "line": task.location.line,
            "column": task.location.column,
            "message": task.message,
        }
        for task in found
    ]
    yield json.dumps({"version": 1, "tasks": items}, indent=2, ensure_ascii=False)


def ics_report(found: Iterable[Task], /) -> Iterator[str]:
    """Yield an iCalendar file (RFC 5545), a whole-day entry for each task."""
    yield from (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//sphinx-stepwise//review//EN",
    )
    for task in found:
        stamp = task.day.strftime("%Y%m%d")
        yield from (
            "BEGIN:VEVENT",
            f"UID:{task.kind}-{task.id}-{task.code.value}@sphinx-stepwise",
            # The stamp is the day itself, so that equal tasks give equal files.
            f"DTSTAMP:{stamp}T000000Z",
            f"DTSTART;VALUE=DATE:{stamp}",
        )
        yield from _folded(f"SUMMARY:{_escaped(f'Review: {task.title}')}")
        yield from _folded(
            f"DESCRIPTION:{_escaped(f'{task.message} ({task.location})')}"
        )
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _escaped(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text


def _folded(line: str) -> Iterator[str]:
    """Yield *line* in pieces of at most 75 bytes; later ones begin with a space."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > 75:  # noqa: PLR2004 - RFC 5545, 3.1
            yield piece
            piece = " "
        piece += character
    yield piece

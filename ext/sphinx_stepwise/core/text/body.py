"""What a page's text says of other things: headings, and roles that name ids.

Two readers of one grammar, MyST's: ``body_scan`` takes in a page of the
usual shape in one look, and gives up on anything else; ``body_parse`` reads every page
right, thirty times as slowly.  A test holds the two to one result.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from sphinx_stepwise.core.diagnostics import Location
from sphinx_stepwise.core.text.body_scan import scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.text.markup import Found

#: Sphinx's rule for ``words <target>``.
_EXPLICIT: Final = re.compile(r"(?s)^.+?\s*<([^<]*?)>$")


class Heading(NamedTuple):
    """A heading in a page's body."""

    level: int
    text: str
    location: Location


class RoleUse(NamedTuple):
    """A role in a page's body."""

    #: Without the domain: ``step``, for ``{step}`` and ``{guide:step}``.
    name: str
    target: str
    #: Where the target begins.
    location: Location


def read_body(
    body: str, path: str, body_line: int, /
) -> tuple[list[Heading], list[RoleUse]]:
    """Return the top-level headings and the roles of a Markdown *body*, in order.

    The directive that shows one record counts as a role, called by the record's word.
    """
    found = scan(body)
    if found is None:
        # Its library takes as long to import as a hundred pages to scan.
        from sphinx_stepwise.core.text.body_parse import parse  # noqa: PLC0415

        found = parse(body)
    place = _Places(body, path, body_line)
    headings = [Heading(level, text, place(at)) for at, level, text in found.headings]
    return headings, list(_uses(found, place))


def _uses(found: Found, place: _Places) -> Iterator[RoleUse]:
    for at, name, content in found.roles:
        explicit = _EXPLICIT.match(content)
        target = explicit[1] if explicit else content
        start = explicit.start(1) if explicit else 0
        start += len(target) - len(target.lstrip())
        words = " ".join(target.split())
        yield RoleUse(name.removeprefix("guide:"), words, place(at + start))


class _Places:
    """Turns offsets into places; lines and columns count from 1."""

    def __init__(self, body: str, path: str, body_line: int) -> None:
        self._path = path
        self._first = body_line
        self._starts = [0, *(found.end() for found in re.finditer("\n", body))]

    def __call__(self, offset: int, /) -> Location:
        line = bisect_right(self._starts, offset) - 1
        column = offset - self._starts[line] + 1
        return Location(self._path, self._first + line, column)

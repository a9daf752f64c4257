"""Change a text only where it must change.  Floor 3.

Edits stand at a line and column, as findings do, and replace one word by another;
everything else, comments and quotes and line ends too, stays byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_stepwise.core.diagnostics import Location
    from sphinx_stepwise.core.model import Page


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace *old*, which stands at a place or in quotes there, by *new*."""

    line: int
    column: int
    old: str
    new: str

    @classmethod
    def at(cls, location: Location, old: str, new: str, /) -> Edit:
        """Return an edit at *location*."""
        return cls(location.line, location.column, old, new)


def apply_edits(text: str, edits: Iterable[Edit], /) -> str:
    """Return *text* with all *edits* made.

    :raises ValueError: when a word does not stand where an edit has it.
    """
    lines = text.split("\n")
    ending = "\r\n" if lines[0].endswith("\r") else "\n"
    for edit in sorted(edits, reverse=True):
        line = lines[edit.line - 1]
        # Places do not count a byte-order mark.
        start = edit.column - 1 + (edit.line == 1 and line.startswith("\ufeff"))
        if line[start : start + 1] in {'"', "'"} and edit.old:
            start += 1
        if not line.startswith(edit.old, start):
            message = f"line {edit.line}, column {edit.column}: `{edit.old}` expected"
            raise ValueError(message)
        new = edit.new.replace("\n", ending)
        lines[edit.line - 1] = line[:start] + new + line[start + len(edit.old) :]
    return "\n".join(lines)


def list_item_edit(page: Page, key: str, item: str, /) -> Edit:
    """Return an edit that adds *item* to the list *key* of a page's front matter."""
    source, place = page.source, page.source.value_at(key)
    items = page.data.get(key)
    if not items and not source.is_flow(key):
        # A new key, before the closing line, which is the last before the body.
        return Edit(page.body_line - 1, 1, "", f"{key}:\n  - {item}\n")
    if source.is_flow(key):
        return Edit(
            place.line, place.column, "[", f"[{item}, " if items else f"[{item}"
        )
    dash = " " * (place.column - 1) + "- "
    return Edit(place.line, 1, "", f"{dash}{item}\n")

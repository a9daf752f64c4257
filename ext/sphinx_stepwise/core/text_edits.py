"""Change a text only where it must change.  Floor 3.

Edits stand at a line and column, as findings do, and replace one word by another;
everything else, comments and quotes and line ends too, stays byte for byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_stepwise.core.diagnostics import Edit, Location

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_stepwise.core.model import Page


def apply_edits(text: str, edits: Iterable[Edit], /) -> str:
    """Return *text* with all *edits* made.

    :raises ValueError: when a word does not stand where an edit has it.
    """
    lines = text.split("\n")
    ending = "\r\n" if lines[0].endswith("\r") else "\n"
    for edit in sorted(edits, reverse=True):
        at = edit.location
        line = lines[at.line - 1]
        # Places do not count a byte-order mark.
        start = at.column - 1 + (at.line == 1 and line.startswith("\ufeff"))
        if line[start : start + 1] in {'"', "'"} and edit.old:
            start += 1
        if not line.startswith(edit.old, start):
            message = f"{at}: `{edit.old}` expected"
            raise ValueError(message)
        new = edit.new.replace("\n", ending)
        lines[at.line - 1] = line[:start] + new + line[start + len(edit.old) :]
    return "\n".join(lines)


def list_item_edit(page: Page, key: str, item: str, /) -> Edit:
    """Return an edit that adds *item* to the list *key* of a page's front matter."""
    source, place = page.source, page.source.value_at(key)
    items = page.data.get(key)
    if not items and not source.is_flow(key):
        # A new key, before the closing line, which is the last before the body.
        end = Location(page.path, page.body_line - 1)
        return Edit(end, "", f"{key}:\n  - {item}\n")
    if source.is_flow(key):
        return Edit(place, "[", f"[{item}, " if items else f"[{item}")
    dash = " " * (place.column - 1) + "- "
    return Edit(Location(page.path, place.line), "", f"{dash}{item}\n")

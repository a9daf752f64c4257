"""Take what a page's text says of each item of a grid into the grid.

Authors write a list below a grid that says of each record in it what it does there::

    - {oven}`deck`: bakes evenly.

Beside the grid such a list says every name twice.  Where it tells of all that the
grid holds, and of nothing else, its words are drawn in the grid and the list is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_stepwise.core.content.views import Row

#: What is said of a record, by its kind and id.
Notes = dict[tuple[str, str], list[nodes.Node]]


def take_notes(grid: nodes.Element, rows: Sequence[Row]) -> Notes:
    """Return what the list below the placeholder *grid* says, and remove the list.

    Before references are resolved.  Nothing is taken, and the list stays, unless it
    says one thing of each item of *rows*.
    """
    below = _list_below(grid)
    told = notes_below(grid)
    if below is None:
        return {}
    notes = {key: content for key, content in told if content}
    if len(notes) != len(told) or notes.keys() != {
        (item.kind, item.id) for row in rows for item in row.items
    }:
        return {}
    below.parent.remove(below)
    return notes


def notes_below(grid: nodes.Element) -> list[tuple[tuple[str, str], list[nodes.Node]]]:
    """Return kind, id and words of each item of the list below the placeholder *grid*.

    An item that says nothing of a record has no words.
    """
    return [_note(item) for item in _list_below(grid) or ()]


def _list_below(grid: nodes.Element) -> nodes.bullet_list | None:
    """Return the first list below *grid*; only paragraphs may stand between."""
    beside = grid.parent.children
    for node in beside[beside.index(grid) + 1 :]:
        if isinstance(node, nodes.bullet_list):
            return node
        if not isinstance(node, nodes.paragraph):
            break
    return None


def _note(item: nodes.Node) -> tuple[tuple[str, str], list[nodes.Node]]:
    """Return the record that an item begins with, and what follows its colon."""
    paragraph = item.children[0] if len(item.children) == 1 else None
    if isinstance(paragraph, nodes.paragraph) and len(paragraph) > 1:
        link, words, *rest = paragraph.children
        if (
            isinstance(link, addnodes.pending_xref)
            and not link["refexplicit"]
            and words.astext().startswith(": ")
        ):
            first = nodes.Text(words.astext().removeprefix(": "))
            return (link["reftype"], link["reftarget"]), [first, *rest]
    return ("", ""), []

"""Put the keys of front matter and records in the order of their schema.

Whole blocks of lines change places, with the comments and blank lines above them, and
only where the text holds the same data afterwards.  Maps in braces stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_stepwise.core.text.text_edits import edit_between
from sphinx_stepwise.core.text.yaml_source import read_yaml

if TYPE_CHECKING:
    from sphinx_stepwise.core.diagnostics import Edit
    from sphinx_stepwise.core.schema.schemas import Schema
    from sphinx_stepwise.core.text.yaml_source import Path, YamlSource


def order_edits(source: YamlSource, schema: Schema, /) -> tuple[Edit, ...]:
    """Return the edit that puts every map of *source* in the order of *schema*.

    :param source: front matter, or a list of records of one schema.
    """
    before = source
    left: set[Path] = set()
    while (path := _unordered(source, schema, left)) is not None:
        lines = _reordered(source, path, _order(schema, path))
        again, found = read_yaml(
            "\n".join(lines), source.path, first_line=source.first_line
        )
        if found or again.data != source.data or lines == source.lines:
            left.add(path)
        else:
            source = again
    if source.lines == before.lines:
        return ()
    head = [""] * (source.first_line - 1)
    old, new = ("\n".join([*head, *s.lines]) for s in (before, source))
    return (edit_between(source.path, old, new),)


def _order(schema: Schema, path: Path) -> list[str]:
    return list(schema.properties(*(part for part in path if isinstance(part, str))))


def _unordered(source: YamlSource, schema: Schema, left: set[Path]) -> Path | None:
    """Return the next map whose keys a schema knows and has in another order."""
    keys: dict[Path, list[str]] = {}
    for path in source.marks:
        if path and isinstance(path[-1], str):
            keys.setdefault(path[:-1], []).append(path[-1])
    for path, names in keys.items():
        order = _order(schema, path)
        known = path not in left and set(names) <= set(order)
        if known and names != sorted(names, key=order.index):
            return path
    return None


class _Block(NamedTuple):
    """One key of a map: the lines above that belong to it, and its own."""

    key: str
    above: list[str]
    own: list[str]


def _reordered(source: YamlSource, path: Path, order: list[str]) -> list[str]:
    """Return the lines with the map at *path* in *order*, or as they are."""
    lines = source.lines
    found = _places(source, path)
    if found is None:
        return lines
    rows, lead = found
    first = _first_row(lines, rows[next(iter(rows))], lead)
    blocks, last = _blocks(lines, rows, (first, _end_row(source, path, rows)), lead)
    old, new = blocks[0], sorted(blocks, key=lambda block: order.index(block.key))
    blank = next((n for n, line in enumerate(new[0].above) if line.strip()), None)
    # What stands first has no blank line above it; what stood first may need one.
    gap = new[0].above[:blank]
    del new[0].above[:blank]
    old.above[:0] = gap
    if lead.strip() and new[0].above:
        return lines  # a comment has no good place between a dash and its key
    moved = [line for block in new for line in (*block.above, *block.own)]
    moved[0] = lead + moved[0][len(lead) :] if lead.strip() else moved[0]
    return [*lines[:first], *moved, *lines[last:]]


def _places(source: YamlSource, path: Path) -> tuple[dict[str, int], str] | None:
    """Return key -> index of its line, and what stands before the first key.

    ``None`` where the keys do not stand below each other.
    """
    names = [p[-1] for p in source.marks if p[:-1] == path and p != path]
    places = {str(name): source.at(*path, name) for name in names}
    rows = {name: at.line - source.first_line for name, at in places.items()}
    columns = {at.column for at in places.values()}
    braces = any(
        source.rest_of_line(source.value_at(*path[:depth])).startswith(("{", "["))
        for depth in range(len(path) + 1)
    )
    if braces or len(columns) > 1 or len(set(rows.values())) < len(rows):
        return None
    first = source.lines[min(rows.values())]
    return rows, first[: columns.pop() - 1]


def _first_row(lines: list[str], row: int, lead: str) -> int:
    """Return where a map begins: comments right above its first key belong to it."""
    while not lead.strip() and row and lines[row - 1].lstrip().startswith("#"):
        row -= 1
    return row


def _end_row(source: YamlSource, path: Path, rows: dict[str, int]) -> int:
    """Return the index of the line with the first thing after the map at *path*."""
    start = max(rows.values())
    after = (
        mark.start[0] - source.first_line
        for other, mark in source.marks.items()
        if other[: len(path)] != path
    )
    return min((row for row in after if row > start), default=len(source.lines))


def _blocks(
    lines: list[str], rows: dict[str, int], limits: tuple[int, int], lead: str
) -> tuple[list[_Block], int]:
    """Return the map's blocks, and the index of the line after them."""
    starts = [*rows.values(), limits[1]]
    blocks, end = [], limits[0]
    for key, start, stop in zip(rows, starts, starts[1:], strict=False):
        above, end = lines[end:start], stop
        while end - 1 > start and _is_apart(lines[end - 1], len(lead)):
            end -= 1
        own = lines[start:end]
        own[0] = " " * len(lead) + own[0][len(lead) :]
        blocks.append(_Block(key, above, own))
    return blocks, end


def _is_apart(line: str, indent: int) -> bool:
    """Whether a line below a value belongs to what comes next."""
    text = line.lstrip()
    return not text or (text.startswith("#") and len(line) - len(text) <= indent)

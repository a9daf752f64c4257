"""Put an item into a list, or a record into a file, and leave all else.

The layout is the list's own: brackets or dashes, its indentation, one item on a line
or several, its comments and its line ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from sphinx_stepwise.core.diagnostics import Edit, Location
from sphinx_stepwise.core.text.frontmatter import split_front_matter
from sphinx_stepwise.core.text.text_edits import apply_edits
from sphinx_stepwise.core.text.yaml_source import LOADER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Front matter begins on the second line of its file; marks count from 0.
_SHIFT: Final = 2


def insert_item(text: str, key: str, index: int, item: str, /) -> str:
    """Return a page's *text* with *item* at *index* of the list *key*.

    The list is made where there is none.

    :param item: as YAML writes it in one line.
    :raises ValueError: saying why the list cannot be changed.
    """
    plain = _plain(text)
    split = split_front_matter(plain)
    if split is None:
        message = "the page has no front matter"
        raise ValueError(message)
    block, body_line = split
    root = _compose(f"{block}\n")
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        message = "front matter must have one `key: value` on each line"
        raise ValueError(message)
    found = next(((k, v) for k, v in root.value if k.value == key), None)
    if found is None:
        # A new key, before the closing line, which is the last before the body.
        edits = [Edit(Location("", body_line - 1), "", f"{key}:\n  - {item}\n")]
    else:
        edits = list(_edits(*found, block.split("\n"), index, item))
    return apply_edits(text, edits)


def append_record(text: str, lines: Sequence[str], /) -> str:
    """Return a data file's *text* with one more record at its end.

    :param lines: the record's lines without indentation; one begins with ``- ``.
    :raises ValueError: saying why there is no place for it.
    """
    mark = text[: text.startswith("\ufeff")]  # of byte order
    text = text.removeprefix(mark)
    root: Any = _compose(_plain(text))
    ending = "\r\n" if text.split("\n", 1)[0].endswith("\r") else "\n"
    indent, apart = "", False
    if isinstance(root, yaml.SequenceNode) and root.value and not root.flow_style:
        indent = " " * root.start_mark.column
        apart = _stands_apart(root, _plain(text).split("\n"))
    elif isinstance(root, yaml.SequenceNode) and not root.value:
        text = _without_brackets(text, root)
    elif root is not None:
        message = "the file must be a list of records that begin with `- `"
        raise ValueError(message)
    if text and not text.endswith("\n"):
        text += ending
    if apart and not text.endswith(ending * 2):
        text += ending
    return f"{mark}{text}" + "".join(f"{indent}{line}{ending}" for line in lines)


def _without_brackets(text: str, empty: yaml.SequenceNode) -> str:
    start, end = empty.start_mark, empty.end_mark
    lines = text.split("\n")
    rest = lines[start.line][: start.column] + lines[end.line][end.column :]
    lines[start.line : end.line + 1] = [rest] if rest.strip() else []
    return "\n".join(lines)


def _plain(text: str) -> str:
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if "\r" in plain:
        message = "its line ends are of a kind that is not used any more; save it anew"
        raise ValueError(message)
    return plain


def _compose(text: str) -> Any:
    try:
        return yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        message = "its YAML cannot be read; `stepwise check` says where"
        raise ValueError(message) from error


def _edits(
    key: yaml.Node, value: yaml.Node, lines: list[str], index: int, item: str
) -> Iterator[Edit]:
    below = Location("", key.start_mark.line + 1 + _SHIFT)
    if isinstance(value, yaml.ScalarNode) and value.value == "" and not value.style:
        yield Edit(below, "", f"{' ' * key.start_mark.column}  - {item}\n")
    elif isinstance(value, yaml.ScalarNode) and value.value == "null":
        yield Edit(_at(value.start_mark), value.value, f"[{item}]")
    elif not isinstance(value, yaml.SequenceNode):
        message = f"`{key.value}` must be a list"
        raise ValueError(message)
    elif lines[value.start_mark.line][value.start_mark.column - 1 :].strip() == "[]":
        # An empty list has no layout yet, so it gets the one that is easiest to add to.
        place = _at(value.start_mark, -1)
        yield Edit(place, " []", f"\n{' ' * key.start_mark.column}  - {item}")
    elif value.flow_style:
        yield from _in_brackets(value, lines, index, item)
    else:
        if index:
            last = _last_line(value.value[index - 1], lines)
            below = Location("", last + 1 + _SHIFT)
        yield Edit(below, "", f"{' ' * value.start_mark.column}- {item}\n")


def _in_brackets(
    value: yaml.SequenceNode, lines: list[str], index: int, item: str
) -> Iterator[Edit]:
    if not value.value:
        yield Edit(_at(value.start_mark, 1), "", item)
        return
    end = index == len(value.value)
    mark = value.value[index - 1 if end else index].start_mark
    # Where each item has a line of its own, the new one gets one as well.
    indent = lines[mark.line][: mark.column]
    alone = not indent.strip() and mark.line != value.start_mark.line
    if not end:
        yield Edit(_at(mark), "", f"{item},\n{indent}" if alone else f"{item}, ")
        return
    close = value.value[-1].end_mark
    rest = lines[close.line][close.column :].strip()
    if not alone:
        yield Edit(_at(close), "", f", {item}")
    elif rest and rest[0] not in ",#":
        yield Edit(_at(close), "", f",\n{indent}{item}")
    else:  # a comment on the line stays with the item that it is about
        comma = "," if rest.startswith(",") else ""
        if not comma:
            yield Edit(_at(close), "", ",")
        below = Location("", close.line + 1 + _SHIFT)
        yield Edit(below, "", f"{indent}{item}{comma}\n")


def _at(mark: Any, further: int = 0) -> Location:
    return Location("", mark.line + _SHIFT, mark.column + 1 + further)


def _last_line(node: Any, lines: list[str]) -> int:
    """Return the last line, from 0, that holds something of *node*."""
    while not isinstance(node, yaml.ScalarNode) and not node.flow_style:
        node = node.value[-1]
        if isinstance(node, tuple):
            key, node = node
            if node.value == "" and not node.style:
                node = key
    last: int = node.end_mark.line
    if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
        last -= 1  # its mark stands where the next thing begins
        while not lines[last].strip():
            last -= 1
    return last


def _stands_apart(root: yaml.SequenceNode, lines: list[str]) -> bool:
    """Whether a blank line stands between the last two records."""
    above = root.value[-1].start_mark.line - 1
    while above > 0 and lines[above].lstrip().startswith("#"):
        above -= 1
    return len(root.value) > 1 and not lines[above].strip()

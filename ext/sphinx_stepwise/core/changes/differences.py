"""What a comparison tells, as values, and how two pieces of data differ.

Frozen values that hold plain data only, so that any door can word them or write
them as JSON.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from itertools import takewhile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.text.yaml_source import Path


@dataclass(frozen=True, slots=True, order=True)
class PageName:
    """A page as a comparison names it."""

    docname: str
    kind: str
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A page of which one thing changed: its docname, title or parent's id."""

    page: PageName
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TrackChange:
    """A stage or guidebook that holds other steps, or in another order."""

    page: PageName
    added: tuple[str, ...]
    removed: tuple[str, ...]
    #: Whether the steps that stayed have changed places.
    reordered: bool
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A property with both its values; ``None`` where there is none."""

    #: As an author would say it: ``roles.lead``, ``steps[shape].note``.
    path: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class PageEdit:
    """A page whose front matter or body changed."""

    page: PageName
    changes: tuple[Change, ...]
    body: bool


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that is new, gone or changed."""

    collection: str
    id: str
    label: str
    #: "added", "removed" or "changed".
    what: str
    changes: tuple[Change, ...] = ()
    #: Ids of the pages that refer to it; not for an added record.
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A finding without its line, which any edit above it would change."""

    path: str
    code: str
    message: str
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that differs."""

    added: tuple[PageName, ...]
    removed: tuple[PageName, ...]
    renamed: tuple[Shift, ...]
    retitled: tuple[Shift, ...]
    moved: tuple[Shift, ...]
    tracks: tuple[TrackChange, ...]
    edited: tuple[PageEdit, ...]
    records: tuple[RecordChange, ...]
    healed: tuple[Finding, ...]
    broken: tuple[Finding, ...]

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return any(getattr(self, field.name) for field in fields(self))


def changes(old: Any, new: Any, path: str = "", /) -> Iterator[Change]:
    """Yield every property that differs; an item of a list goes by its name."""
    was, now = _by_name(old, path), _by_name(new, path)
    types = {type(value) for value in (old, new) if value is not None}
    if was is None or now is None or len(types) > 1 or not (was or now):
        if not _same(old, new):
            yield Change(path, old, new)
        return
    listed = list in types
    if listed and list(was) != list(now):
        # The names alone: what the items hold follows where both have them.
        yield Change(path, list(was) or None, list(now) or None)
    keys = [key for key in was if key in now] if listed else sorted({*was, *now})
    for key in keys:
        form = "{0}[{1}]" if listed else "{0}.{1}" if path else "{1}"
        yield from changes(was.get(key), now.get(key), form.format(path, key))


def _by_name(value: Any, path: str) -> dict[str, Any] | None:
    """Return what a map or a list holds, by name; ``None`` where that cannot be.

    An item's name is the text itself or, in a map, the id below the list's name in
    the singular, the ``id``, or the first value.
    """
    if value is None or isinstance(value, dict):
        return value or {}
    found: dict[str, Any] = {}
    for item in value if isinstance(value, list) else [None]:
        name, held = item, {}
        if isinstance(item, dict):
            word = path.rpartition(".")[2].removesuffix("s")
            key = next((k for k in (word, "id", *item) if k in item), "")
            name, held = item.get(key), {k: v for k, v in item.items() if k != key}
        if not isinstance(name, str) or name in found:
            return None
        found[name] = held
    return found


def _same(old: Any, new: Any) -> bool:
    # As JSON: Python would take 1 for true.
    return json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True)


def with_ids(value: Any, ids: dict[tuple[Path, str], str], path: Path = (), /) -> Any:
    """Return *value* with other *ids* in the places that are named with them."""
    if isinstance(value, dict):
        return {key: with_ids(v, ids, (*path, key)) for key, v in value.items()}
    if isinstance(value, list):
        return [with_ids(v, ids, (*path, at)) for at, v in enumerate(value)]
    return ids.get((path, value), value)


def parted(old: str, new: str, width: int, /) -> tuple[str, str]:
    """Return two texts from a little before where they part, if they are long.

    Cut at *width* from their start, they would look alike.
    """
    pairs = zip(old, new, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    if max(len(old), len(new)) <= width or same <= width // 2:
        return old, new
    start = old.rfind(" ", 0, same - width // 4) + 1
    return f"... {old[start:]}", f"... {new[start:]}"

"""Data under way, and a schema that says what may stand at a place of it.

The schema is asked, never read: an impossible value at a place draws out every rule
that holds there, through all references and branches, and a value is taken when
nothing is found against it.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema.exceptions import ValidationError

    from sphinx_stepwise.core.schema.schemas import Schema
    from sphinx_stepwise.core.text.yaml_source import Path


class Draft:
    """The data of a page or record that is about to begin."""

    def __init__(self, schema: Schema, data: Mapping[str, Any]) -> None:
        self.schema = schema
        self.data: dict[str, Any] = copy.deepcopy(dict(data))
        #: Places that were given up.
        self.failed: list[Path] = []

    def get(self, path: Path, /) -> Any:
        """Return what stands at *path*."""
        value: Any = self.data
        for key in path:
            value = value[key]
        return value

    def put(self, path: Path, value: Any, /) -> None:
        """Put *value* at *path*; in a list, also behind its end."""
        holder = self.get(path[:-1])
        if isinstance(holder, list) and path[-1] == len(holder):
            holder.append(value)
        else:
            holder[path[-1]] = value

    def drop(self, path: Path, /) -> None:
        """Take away what stands at *path*."""
        del self.get(path[:-1])[path[-1]]

    def accepts(self, path: Path, value: Any, /) -> bool:
        """Put *value* at *path*, where nothing stands, if nothing is found against it.

        What it lacks is not found against it.
        """
        self.put(path, value)
        for error in self._errors():
            if _concerns(error, path) and self._mend(error) is None:
                self.drop(path)
                return False
        return True

    def missing(self) -> Path | None:
        """Return the place of a key that the schema asks for; ``None`` at the end."""
        return next(filter(None, map(self._mend, self._errors())), None)

    def rules(self, path: Path, /) -> list[dict[str, Any]]:
        """Return the subschemas that hold at *path*, where nothing stands."""
        self.put(path, None)
        found = [
            error.schema
            for outer in self._errors()
            for error in _all(outer)
            if tuple(error.absolute_path) == path and isinstance(error.schema, dict)
        ]
        self.drop(path)
        return found

    def named(self, path: Path, /) -> tuple[tuple[str, ...], bool]:
        """Return the kinds whose ids may stand at *path*, and whether links may."""
        self.put(path, "x")
        notes = [note for note in self.schema.notes(self.data) if note.path == path]
        self.drop(path)
        kinds: tuple[str, ...] = ()
        for note in notes:
            if note.keyword == "x-ref":
                named = note.argument
                kinds += (named,) if isinstance(named, str) else tuple(named)
        return kinds, any(note.keyword == "x-link" for note in notes)

    def ids_below(self, key: str | int, /) -> set[str]:
        """Return the ids that stand anywhere below a first key."""
        notes = self.schema.notes(self.data)
        return {self.get(note.path) for note in notes if note.path[0] == key}

    def _errors(self) -> list[ValidationError]:
        return list(self.schema.validator.errors(self.data))

    def _mend(self, error: ValidationError) -> Path | None:
        """Return the key that would mend *error*, where a missing key is the fault.

        Of several branches, that is a key of the first that keys alone can mend.
        """
        place, there = tuple(error.absolute_path), error.instance
        asked: Any = error.validator_value
        if error.validator == "minProperties":
            asked = self.schema.properties(*(k for k in place if isinstance(k, str)))
        if error.validator in {"required", "minProperties"} and isinstance(there, dict):
            wanted = ((*place, name) for name in asked if name not in there)
            return next((path for path in wanted if path not in self.failed), None)
        branches: dict[Any, list[Path | None]] = {}
        for inner in error.context or ():
            if not self._is_echo(inner):
                found = branches.setdefault(inner.schema_path[0], [])
                found.append(self._mend(inner))
        return next((found[0] for found in branches.values() if all(found)), None)

    def _is_echo(self, error: ValidationError) -> bool:
        """Whether a known key is called unevaluated only because its value is wrong."""
        there = error.instance
        keys = (key for key in error.absolute_path if isinstance(key, str))
        return (
            error.validator == "unevaluatedProperties"
            and isinstance(there, dict)
            and there.keys() <= self.schema.properties(*keys).keys()
        )


def _concerns(error: ValidationError, path: Path) -> bool:
    """Whether *error*, or one that it comes from, is about *path* or what is below."""
    here = tuple(error.absolute_path)[: len(path)] == path
    return here or any(_concerns(inner, path) for inner in error.context or ())


def _all(error: ValidationError) -> Iterator[ValidationError]:
    yield error
    for inner in error.context or ():
        yield from _all(inner)

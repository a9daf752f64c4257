"""Say what a spelling that YAML readers disagree about must mean.

Only a schema can tell: where nothing but text may stand, `no` is a word, and quotes
say so to every reader.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.schema.validation import validate
from sphinx_stepwise.core.text.text_edits import value_edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_stepwise.core.diagnostics import Diagnostic, Edit, Location
    from sphinx_stepwise.core.schema.schemas import Schema
    from sphinx_stepwise.core.text.yaml_source import Path, YamlSource

#: One value of each type that an ambiguous spelling may be taken for.
_OTHERWISE: Final = (True, 1, 1.5, None)


def settle(
    diagnostics: Iterable[Diagnostic], schema: Schema, source: YamlSource, /
) -> Iterator[Diagnostic]:
    """Yield the findings of reading *source*, with edits where *schema* gives them.

    :param source: front matter, or a list of records of one schema.
    """
    for found in diagnostics:
        if found.code is Code.FRONT_MATTER_AMBIGUOUS:
            edits = _edits(found.location, schema, source)
            yield replace(found, edits=edits)
        else:
            yield found


def _edits(place: Location, schema: Schema, source: YamlSource) -> tuple[Edit, ...]:
    at = (place.line, place.column)
    path = next((p for p, mark in source.marks.items() if mark.value == at), ())
    if not path:
        return ()  # it is a key
    text = _value(source.data, path)
    if against := _findings(place, schema, source, path, text):
        return next((found.edits for found in against if found.edits), ())
    if all(_findings(place, schema, source, path, other) for other in _OTHERWISE):
        return value_edit(source, place, text, text)
    return ()


def _findings(
    place: Location, schema: Schema, source: YamlSource, path: Path, value: Any
) -> list[Diagnostic]:
    """Return what *schema* says at a place if *value* stood there."""
    data = deepcopy(source.data)
    _value(data, path[:-1])[path[-1]] = value
    prefix = path[:1] if isinstance(data, list) else ()
    tried = replace(source, data=data)
    return [d for d in validate(schema, tried, prefix) if d.location == place]


def _value(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data

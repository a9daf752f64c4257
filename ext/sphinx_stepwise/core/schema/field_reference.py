"""What a kind of page or record may hold, as a reference for authors.

Walks a schema into one row for each key, in the schema's order.  All that it says
comes from the schema, so it cannot grow stale.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.core.schema.field_words import Subschema, ValueWords
from sphinx_stepwise.core.schema.schema_files import SchemaFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_stepwise.core.project import Project
    from sphinx_stepwise.core.schema.schemas import Schema, SectionRule

_ALWAYS: Final = "always"
_SOMETIMES: Final = "in some cases"
#: What a key does that names a record in lists, in sentences, or both.
_NAMES: Final = {
    (True, True): "It names the record, in lists and in sentences.",
    (True, False): "It names the record in lists.",
    (False, True): "It stands for the record in a sentence.",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One key of front matter or of a record.  Texts hold code between backticks."""

    #: The key, after those of the maps that it stands in; lists add nothing.
    path: tuple[str, ...]
    #: ``required``, ``optional``, or in which case it is required.
    when: str
    description: str
    #: What its value may be, as a phrase: ``a list of ids of steps``.
    holds: str
    #: Sentences on what else is asked of it and what becomes of it.
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything that a kind of page or record may hold."""

    kind: str
    description: str
    fields: tuple[Field, ...]
    #: The headings that a page of this kind has, in order.
    sections: tuple[SectionRule, ...]
    #: Sentences on the page or record as a whole.
    rules: tuple[str, ...]


def describe(project: Project, schema: Schema, /) -> Reference:
    """Return the reference of one kind of page or record of *project*."""
    file = f"{schema.name}.schema.json"
    top = Subschema.of(_files(project), schema.content, file)
    plurals = {word: name for name, word in project.collections.items()}
    found: dict[tuple[str, ...], Field] = {}
    for field in _Walk(schema, ValueWords(plurals)).fields(top):
        found.setdefault(field.path, field)
    return Reference(
        schema.name,
        str(top.get("description", "")),
        tuple(found.values()),
        schema.sections,
        tuple(_rules(schema)),
    )


def _files(project: Project) -> SchemaFiles:
    """Return the project's schema files, found sound when the project was loaded."""
    files = sorted(project.schemas.glob("*.schema.json"))
    return SchemaFiles({f.name: json.loads(f.read_text("utf-8")) for f in files})


def _rules(schema: Schema) -> Iterator[str]:
    if schema.must_be_used:
        unless = f", unless `{schema.excuse}` says why nothing does"
        yield f"Something must refer to each record{unless if schema.excuse else ''}."


class _Walk:
    """Walks through the keys of one schema."""

    def __init__(self, schema: Schema, words: ValueWords) -> None:
        self._schema = schema
        self._words = words

    def fields(
        self, within: Subschema, path: tuple[str, ...] = (), above: tuple[int, ...] = ()
    ) -> Iterator[Field]:
        """Yield each key of the map *within*, each before the keys of its own maps.

        :param above: marks of the maps that it stands in; one may hold itself.
        """
        marks = tuple(id(part) for part, _ in within.parts)
        if set(marks) & set(above):
            return
        cases = _cases(within)
        for key, value in within.properties().items():
            name = (*path, key)
            yield Field(
                name,
                _when(cases.get(key, ())),
                str(value.get("description", "")),
                self._words.one(value),
                tuple(self._notes(name, value)),
            )
            for inner in value.maps():
                yield from self.fields(inner, name, (*above, *marks))

    def _notes(self, path: tuple[str, ...], value: Subschema) -> Iterator[str]:
        message = value.get("x-message", "")
        if message and message != f"must be {self._words.one(value)}":
            yield f"It {message}."
        for item in value.below("items"):
            if about := item.get("description"):
                yield f"Each item: {about}"
            if message := item.get("x-message"):
                yield f"Each {message}."
        title = self._schema.title_of(*path)
        if title and title != path[-1].replace("_", " ").capitalize():
            yield f"Readers see it as “{title}”."
        if heading := self._schema.keyword(path, "x-shown"):
            yield f"The page lists these below its text, under “{heading}”."
        if heading := self._schema.keyword(path, "x-back"):
            yield f"The pages that it names list the record under “{heading}”."
        if len(path) == 1:
            yield from self._top_notes(path[0])

    def _top_notes(self, key: str) -> Iterator[str]:
        """Yield what the keywords on top of the schema say of a key."""
        schema, content = self._schema, self._schema.content
        for rule in schema.sections:
            if rule.shows == key:
                yield f"It is drawn as a table under “{rule.heading}”."
        if key in {content.get("x-label"), content.get("x-text")}:
            yield _NAMES[key == schema.label, key == schema.text]
        if key == schema.begins:
            yield "The record holds from this day."
        if key == schema.expires:
            yield "After this day pages that use the record warn their readers."
        if schema.review and key == schema.review[0]:
            yield "The next review is counted from this day."
        if schema.review and key == schema.review[1]:
            yield "It says when the next review is due."
        if schema.cite and key == schema.cite[0]:
            yield "A page that names the record in its text lists this as a source."
        for value, warning in content.get("x-caution", {}).get(key, {}).items():
            yield f"With `{value}`, readers are warned: “{warning}”"


def _when(cases: Iterable[str]) -> str:
    told = list(dict.fromkeys(cases))
    if _ALWAYS in told:
        return "required"
    return f"required {', or '.join(told)}" if told else "optional"


def _cases(within: Subschema) -> dict[str, list[str]]:
    """Return, for each key of a map, the cases in which it is required."""
    found: dict[str, list[str]] = {}

    def note(keys: Iterable[str], case: str) -> None:
        for key in keys:
            found.setdefault(key, []).append(case)

    for part, file in within.parts:
        note(part.get("required", ()), _ALWAYS)
        for key, others in part.get("dependentRequired", {}).items():
            note(others, f"where there is `{key}`")
        condition = _condition(part.get("if"))
        for branch, word in (("then", "where"), ("else", "unless")):
            case = Subschema.of(within.files, part.get(branch), file)
            told = f"{word} {condition}" if condition else _SOMETIMES
            for inner, _ in case.parts:
                note(inner.get("required", ()), told)
        for branch in ("anyOf", "oneOf"):
            ways = [way.get("required", ()) for way in part.get(branch, ())]
            for at, keys in enumerate(ways):
                others = [way for way in (*ways[:at], *ways[at + 1 :]) if way]
                told = " or ".join(" and ".join(map(_code, way)) for way in others)
                note(keys, f"unless there is {told}" if told else _SOMETIMES)
    return found


def _condition(schema: Any) -> str:
    """Return the words for an ``if`` that we can tell, or nothing."""
    if not isinstance(schema, dict):
        return ""
    told = []
    for key, value in schema.get("properties", {}).items():
        if choices := value.get("enum") or [value[c] for c in ("const",) if c in value]:
            told.append(f"{_code(key)} is {' or '.join(map(_code, choices))}")
    if len(told) != len(schema.get("properties", {})):
        return ""
    if not told:
        told = [f"there is {_code(key)}" for key in schema.get("required", ())]
    known = schema.keys() <= {"properties", "required"}
    return " and ".join(told) if known else ""


def _code(word: Any) -> str:
    return f"`{word}`"

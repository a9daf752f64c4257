"""What a value may be, by its schema, in words for authors.

The words hold keys and values between backticks, as the descriptions in schemas do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.core.project import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_stepwise.core.schema.schema_files import SchemaFiles

_TYPES: Final = {
    "object": "a map",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "null": "nothing",
}
_FORMATS: Final = {
    "date": "a date such as 2026-11-20",
    "email": "an email address",
    "uri": "an address",
}
_BRANCHES: Final = ("anyOf", "oneOf")


@dataclass(frozen=True, slots=True)
class Subschema:
    """A schema with all that it refers to: parts, each with the file it stands in."""

    files: SchemaFiles
    parts: tuple[tuple[dict[str, Any], str], ...]

    @classmethod
    def of(cls, files: SchemaFiles, schema: Any, file: str) -> Subschema:
        """Return *schema*, which stands in *file*, and what always holds with it."""
        return cls(files, tuple(_always(files, schema, file, set())))

    def get(self, keyword: str, default: Any = None) -> Any:
        """Return the keyword's value in the first part that has it."""
        found = (part[keyword] for part, _ in self.parts if keyword in part)
        return next(found, default)

    def below(self, *keywords: str) -> Iterator[Subschema]:
        """Yield the schemas under *keywords*, which hold one schema or a list."""
        for part, file in self.parts:
            for keyword in keywords:
                found = part.get(keyword, ())
                for schema in found if isinstance(found, list | tuple) else (found,):
                    yield Subschema.of(self.files, schema, file)

    def properties(self) -> dict[str, Subschema]:
        """Return what is said of each property, also where only some cases have it."""
        found: dict[str, Subschema] = {}
        for part, file in self.parts:
            for key, schema in part.get("properties", {}).items():
                more = Subschema.of(self.files, schema, file).parts
                known = found[key].parts if key in found else ()
                found[key] = Subschema(self.files, (*known, *more))
        for case in self.below(*_BRANCHES, "then", "else"):
            for key, value in case.properties().items():
                found.setdefault(key, value)
        return found

    def forms(self) -> Iterator[Subschema]:
        """Yield the forms that a value may have: text or a map, for instance."""
        cases = list(self.below(*_BRANCHES))
        if self.get("type") or self.get("properties") or not cases:
            yield self
            return
        for case in cases:
            yield from case.forms()

    def maps(self) -> Iterator[Subschema]:
        """Yield the maps that a value, or an item of its lists, may be."""
        for form in self.forms():
            if form.properties():
                yield form
            for items in form.below("items"):
                yield from items.maps()


def _always(
    files: SchemaFiles, schema: Any, file: str, seen: set[int]
) -> Iterator[tuple[dict[str, Any], str]]:
    if not isinstance(schema, dict) or id(schema) in seen:
        return
    seen.add(id(schema))
    yield schema, file
    if "$ref" in schema:
        yield from _always(files, *files.lookup(schema["$ref"], file), seen)
    for part in schema.get("allOf", ()):
        yield from _always(files, part, file, seen)


class ValueWords:
    """Says what values may be.

    :param plurals: the word for one record -> the word for many, ``oven`` -> ``ovens``.
    """

    def __init__(self, plurals: Mapping[str, str]) -> None:
        self._plurals = {kind: f"{kind}s" for kind in KINDS} | dict(plurals)

    def one(self, schema: Subschema, /) -> str:
        """Return what a single value may be, such as ``the id of a step``."""
        if (const := schema.get("const")) is not None:
            return f"`{const}`"
        if choices := schema.get("enum"):
            return _choices(choices, schema.get("x-words", {}))
        if kinds := _kinds(schema):
            words = " or ".join(f"{_article(kind)} {kind}" for kind in kinds)
            return f"the id of {words}"
        if schema.get("x-link"):
            return "an address, or the path of a file from the source folder"
        forms = list(schema.forms())
        if forms != [schema]:
            return ", or ".join(dict.fromkeys(map(self.one, forms)))
        return self._by_type(schema)

    def _by_type(self, schema: Subschema) -> str:
        kind = schema.get("type") or ("object" if schema.properties() else "")
        if isinstance(kind, list):
            return " or ".join(_TYPES[name] for name in kind)
        if kind == "string":
            return _text(schema)
        if kind in {"integer", "number"}:
            bounds = _bounds(schema.get("minimum"), schema.get("maximum"))
            return f"{_TYPES[kind]}{bounds and f', {bounds}'}"
        if kind == "array":
            return self._list(schema)
        if kind == "object":
            return _map(schema)
        return _TYPES.get(kind, "any value")

    def _list(self, schema: Subschema) -> str:
        limits = [_bounds(schema.get("minItems") or None, schema.get("maxItems"))]
        if schema.get("uniqueItems"):
            limits.append("none twice")
        bounds = "".join(f", {limit}" for limit in limits if limit)
        items = next(schema.below("items"), None)
        if items is None:
            return f"a list{bounds}"
        if kinds := _kinds(items):
            words = " or ".join(self._plurals.get(kind, kind) for kind in kinds)
            return f"a list of ids of {words}{bounds}"
        return f"a list{bounds}; each item is {self.one(items)}"


def _kinds(schema: Subschema) -> list[str]:
    kinds = schema.get("x-ref", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _choices(choices: list[Any], words: Mapping[str, str]) -> str:
    told = [
        f"`{choice}`" + (f" ({words[choice]})" if choice in words else "")
        for choice in choices
    ]
    if len(told) < 3:  # noqa: PLR2004 - a pair needs no "one of"
        return " or ".join(told)
    return f"one of {', '.join(told[:-1])} or {told[-1]}"


def _map(schema: Subschema) -> str:
    if not schema.properties():
        return "a map"
    few = _bounds(schema.get("minProperties") or None, schema.get("maxProperties"))
    return f"a map{few and f' with {few}'} of the keys below"


def _text(schema: Subschema) -> str:
    form = schema.get("format")
    if form:
        return _FORMATS.get(form, f"text in the form `{form}`")
    bounds = _bounds(schema.get("minLength") or None, schema.get("maxLength"))
    if bounds == "at least 1":
        return "text"  # an empty line is never what anybody meant
    return f"text of {bounds} characters" if bounds else "text"


def _bounds(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return f"{least} to {most}" if least != most else f"exactly {least}"
    if most is not None:
        return f"at most {most}"
    return f"at least {least}" if least is not None else ""

"""Turn what JSON Schema finds into diagnostics with a place.

A wrong value is reported at the value, an unknown key at the key, a missing key
at its block with the key that it should stand after.  The words are ours, so
they do not change when a library's do.
"""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.diagnostics import Diagnostic, did_you_mean
from sphinx_stepwise.core.schema.schema_mends import key_mends, value_mend
from sphinx_stepwise.core.text.text_edits import value_edit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jsonschema.exceptions import ValidationError

    from sphinx_stepwise.core.diagnostics import Edit, Location
    from sphinx_stepwise.core.schema.schemas import Schema
    from sphinx_stepwise.core.text.yaml_source import Path, YamlSource

_TYPES: Final = {
    "object": "a map (`key: value` lines)",
    "array": "a list (`- item` lines)",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "empty",
}
_FORMATS: Final = {"date": "a date such as 2026-11-20", "uri": "an address"}


class _Fault(NamedTuple):
    """What jsonschema says of one value, in the few terms that we use."""

    rule: str
    argument: Any
    value: Any
    schema: dict[str, Any]
    path: Path

    @classmethod
    def of(cls, error: ValidationError, prefix: Path) -> _Fault:
        schema = error.schema if isinstance(error.schema, dict) else {}
        path = (*prefix, *error.absolute_path)
        rule = str(error.validator)
        return cls(rule, error.validator_value, error.instance, schema, path)

    @property
    def keys(self) -> list[str]:
        """The path without the indexes of lists."""
        return [key for key in self.path if isinstance(key, str)]


def validate(
    schema: Schema, source: YamlSource, prefix: Path = (), /
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for everything *schema* finds in *source* at *prefix*."""
    data = source.data
    for key in prefix:
        data = data[key]
    for error in schema.validator.errors(data):
        for found in _innermost(error):
            yield from _explain(_Fault.of(found, prefix), schema, source)


def _innermost(error: ValidationError) -> Iterator[ValidationError]:
    """Of the branches of anyOf and oneOf, yield the errors of the nearest one."""
    if error.validator not in {"anyOf", "oneOf"} or not error.context:
        yield error
        return
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    # A branch of another type is not what the author meant.
    fits = [
        errors
        for errors in branches.values()
        if not any(e.validator == "type" and not e.path for e in errors)
    ]
    schema = error.schema if isinstance(error.schema, dict) else {}
    if "x-message" in schema or not fits:
        yield error
        return
    for inner in min(fits, key=len):
        yield from _innermost(inner)


def _explain(fault: _Fault, schema: Schema, source: YamlSource) -> Iterator[Diagnostic]:
    if fault.rule == "required":
        yield from _missing_keys(fault, schema, source)
    elif fault.rule in {"unevaluatedProperties", "additionalProperties"}:
        yield from _unknown_keys(fault, schema, source)
    elif fault.rule == "uniqueItems":
        yield from _doubles(fault, source)
    else:
        message, hint = _WORDS.get(fault.rule, _otherwise)(fault)
        message = fault.schema.get("x-message", message)
        place = source.value_at(*fault.path)
        edits = value_mend(fault.rule, fault.argument, fault.value, source, place)
        yield _finding(place, f"{_name(fault.path)} {message}", hint, edits)


def _finding(
    location: Location, message: str, hint: str, edits: tuple[Edit, ...] = ()
) -> Diagnostic:
    return Diagnostic(Code.SCHEMA, location, message, hint, edits=edits)


def _name(path: Path) -> str:
    """Write a path as an author would: `roles.responsible`, item 2."""
    if not path:
        return "front matter"
    if isinstance(path[-1], int):
        return f"item {path[-1] + 1} of {_name(path[:-1])}"
    keys = [str(key) for key in path if isinstance(key, str)]
    return f"`{'.'.join(keys)}`"


def _missing_keys(
    fault: _Fault, schema: Schema, source: YamlSource
) -> Iterator[Diagnostic]:
    order = list(schema.properties(*fault.keys))
    for missing in fault.argument:
        if missing in fault.value:
            continue
        before = order[: order.index(missing)] if missing in order else []
        after = next((key for key in reversed(before) if key in fault.value), "")
        place = f"after `{after}`" if after else "as the first key"
        about = schema.description_of(*fault.keys, missing)
        yield _finding(
            source.at(*fault.path),
            f"`{'.'.join([*fault.keys, missing])}` is missing",
            f"Add `{missing}: ...` {place}. {about}".strip(),
        )


def _unknown_keys(
    fault: _Fault, schema: Schema, source: YamlSource
) -> Iterator[Diagnostic]:
    # jsonschema also calls a known key "unevaluated" when its value is wrong;
    # that fault has its own finding, so only keys without a schema count here.
    known = schema.properties(*fault.keys)
    unknown = [key for key in fault.value if key not in known]
    mends = key_mends(unknown, known, fault.value)
    for key in unknown:
        hint = did_you_mean(key, known) or f"Known keys: {', '.join(known)}."
        place = source.at(*fault.path, key)
        edits = value_edit(source, place, key, mends[key]) if key in mends else ()
        yield _finding(place, f"unknown key `{key}`", hint, edits)


def _doubles(fault: _Fault, source: YamlSource) -> Iterator[Diagnostic]:
    for index, item in enumerate(fault.value):
        if item in fault.value[:index]:
            message = f"{_name(fault.path)} holds `{item}` twice"
            place = source.value_at(*fault.path, index)
            yield _finding(place, message, "Delete one.")


def _type(fault: _Fault) -> tuple[str, str]:
    wanted = fault.argument
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    words = " or ".join(_TYPES[name] for name in names)
    if fault.value is None:
        return "is empty", f"Write {words}, or delete the key."
    return f"must be {words}", f"It is {_what(fault.value)}."


def _what(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    names: dict[type, str] = {dict: "a map", list: "a list", str: "text"}
    return names.get(type(value), "a number")


def _enum(fault: _Fault) -> tuple[str, str]:
    choices = [str(choice) for choice in fault.argument]
    near = did_you_mean(str(fault.value), choices)
    known = f"Use one of: {', '.join(choices)}."
    return f"cannot be `{fault.value}`", f"{near} {known}".strip()


def _format(fault: _Fault) -> tuple[str, str]:
    words = _FORMATS.get(fault.argument, fault.argument)
    return f"`{fault.value}` is not {words}", f"Write {words}."


def _pattern(fault: _Fault) -> tuple[str, str]:
    about = fault.schema.get("description") or f"It must match {fault.argument}."
    return f"cannot be `{shorten(fault.value, 40, placeholder='...')}`", about


def _otherwise(fault: _Fault) -> tuple[str, str]:
    return "is not what the schema allows", fault.schema.get("description", "")


_WORDS: Final[dict[str, Callable[[_Fault], tuple[str, str]]]] = {
    "type": _type,
    "enum": _enum,
    "const": lambda f: (f"must be `{f.argument}`", "Correct the value."),
    "format": _format,
    "pattern": _pattern,
    "minLength": lambda f: (
        f"has {len(f.value)} characters; at least {f.argument} are needed",
        "Write a little more.",
    ),
    "maxLength": lambda f: (
        f"has {len(f.value)} characters; at most {f.argument} fit",
        "Shorten it.",
    ),
    "minItems": lambda f: (
        f"has {len(f.value)} items; at least {f.argument} are needed",
        "Add what is missing, or delete the key.",
    ),
    "maxItems": lambda f: (
        f"has {len(f.value)} items; at most {f.argument} fit",
        "Keep the most important.",
    ),
    "minProperties": lambda f: (
        f"has {len(f.value)} keys; at least {f.argument} are needed",
        "Add what is missing, or delete the key.",
    ),
    "minimum": lambda f: (f"must be at least {f.argument}", "Correct it."),
    "maximum": lambda f: (f"must be at most {f.argument}", "Correct it."),
}

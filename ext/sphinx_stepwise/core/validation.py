"""Turn what JSON Schema finds into diagnostics with a place.  Floor 2.

A wrong value is reported at the value, an unknown key at the key, a missing key
at its block with the key that it should stand after.  The words are ours, so
they do not change when a library's do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.core.diagnostics import Code, Diagnostic, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jsonschema.exceptions import ValidationError

    from sphinx_stepwise.core.diagnostics import Location
    from sphinx_stepwise.core.schemas import Schema
    from sphinx_stepwise.core.yaml_source import Path, YamlSource

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


def validate(
    schema: Schema, source: YamlSource, prefix: Path = (), /
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for everything *schema* finds in *source* at *prefix*."""
    data = source.data
    for key in prefix:
        data = data[key]
    for error in schema.validator.iter_errors(data):
        for found in _innermost(error):
            yield from _explain(found, schema, source, prefix)


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
    if "x-message" in error.schema or not fits:
        yield error
        return
    for inner in min(fits, key=len):
        yield from _innermost(inner)


def _explain(
    error: ValidationError, schema: Schema, source: YamlSource, prefix: Path
) -> Iterator[Diagnostic]:
    path = (*prefix, *error.absolute_path)
    rule = str(error.validator)
    if rule == "required":
        yield from _missing_keys(error, schema, source, path)
    elif rule in {"unevaluatedProperties", "additionalProperties"}:
        yield from _unknown_keys(error, schema, source, path)
    elif rule == "uniqueItems":
        yield from _doubles(error, source, path)
    else:
        words = _WORDS.get(rule, _otherwise)
        message, hint = words(error)
        if custom := _custom_message(error):
            message = f"{_name(path)} {custom}"
        else:
            message = f"{_name(path)} {message}"
        yield _finding(source.value_at(*path), message, hint)


def _finding(location: Location, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code=Code.SCHEMA, location=location, message=message, hint=hint)


def _custom_message(error: ValidationError) -> str:
    schema = error.schema
    return str(schema.get("x-message", "")) if isinstance(schema, dict) else ""


def _name(path: Path) -> str:
    """Write a path as an author would: `roles.responsible`, item 2."""
    if not path:
        return "front matter"
    if isinstance(path[-1], int):
        return f"item {path[-1] + 1} of {_name(path[:-1])}"
    keys = [str(key) for key in path if isinstance(key, str)]
    return f"`{'.'.join(keys)}`"


def _missing_keys(
    error: ValidationError, schema: Schema, source: YamlSource, path: Path
) -> Iterator[Diagnostic]:
    keys = [str(key) for key in path if isinstance(key, str)]
    order = list(schema.properties(*keys))
    for missing in error.validator_value:
        if missing in error.instance:
            continue
        before = order[: order.index(missing)] if missing in order else []
        after = next((key for key in reversed(before) if key in error.instance), "")
        place = f"after `{after}`" if after else "as the first key"
        about = schema.description_of(*keys, missing)
        yield _finding(
            source.at(*path),
            f"`{'.'.join([*keys, missing])}` is missing",
            f"Add `{missing}: ...` {place}. {about}".strip(),
        )


def _unknown_keys(
    error: ValidationError, schema: Schema, source: YamlSource, path: Path
) -> Iterator[Diagnostic]:
    # jsonschema also calls a known key "unevaluated" when its value is wrong;
    # that fault has its own finding, so only keys without a schema count here.
    known = schema.properties(*(str(key) for key in path if isinstance(key, str)))
    for key in error.instance:
        if key not in known:
            hint = did_you_mean(key, known) or f"Known keys: {', '.join(known)}."
            yield _finding(source.at(*path, key), f"unknown key `{key}`", hint)


def _doubles(
    error: ValidationError, source: YamlSource, path: Path
) -> Iterator[Diagnostic]:
    for index, item in enumerate(error.instance):
        if item in error.instance[:index]:
            message = f"{_name(path)} holds `{item}` twice"
            yield _finding(source.value_at(*path, index), message, "Delete one.")


def _type(error: ValidationError) -> tuple[str, str]:
    wanted = error.validator_value
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    words = " or ".join(_TYPES[name] for name in names)
    if error.instance is None:
        return "is empty", f"Write {words}, or delete the key."
    return f"must be {words}", f"It is {_what(error.instance)}."


def _what(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    names = {dict: "a map", list: "a list", str: "text", int: "a number"}
    return names.get(type(value), "a number")


def _enum(error: ValidationError) -> tuple[str, str]:
    choices = [str(choice) for choice in error.validator_value]
    near = did_you_mean(str(error.instance), choices)
    known = f"Use one of: {', '.join(choices)}."
    return f"cannot be `{error.instance}`", f"{near} {known}".strip()


def _format(error: ValidationError) -> tuple[str, str]:
    name = str(error.validator_value)
    words = _FORMATS.get(name, name)
    return f"`{error.instance}` is not {words}", f"Write {words}."


def _pattern(error: ValidationError) -> tuple[str, str]:
    about = error.schema.get("description", "")
    value = str(error.instance)
    short = value if len(value) <= 40 else f"{value[:40]}..."  # noqa: PLR2004
    return f"cannot be `{short}`", about or f"It must match {error.validator_value}."


def _otherwise(error: ValidationError) -> tuple[str, str]:
    about = error.schema.get("description", "") if error.schema else ""
    return "is not what the schema allows", about


_WORDS: Final[dict[str, Callable[[ValidationError], tuple[str, str]]]] = {
    "type": _type,
    "enum": _enum,
    "const": lambda e: (f"must be `{e.validator_value}`", "Correct the value."),
    "format": _format,
    "pattern": _pattern,
    "minLength": lambda e: (
        f"has {len(e.instance)} characters; at least {e.validator_value} are needed",
        "Write a little more.",
    ),
    "maxLength": lambda e: (
        f"has {len(e.instance)} characters; at most {e.validator_value} fit",
        "Shorten it.",
    ),
    "minItems": lambda e: (
        f"has {len(e.instance)} items; at least {e.validator_value} are needed",
        "Add what is missing, or delete the key.",
    ),
    "maxItems": lambda e: (
        f"has {len(e.instance)} items; at most {e.validator_value} fit",
        "Keep the most important.",
    ),
    "minProperties": lambda e: (
        f"has {len(e.instance)} keys; at least {e.validator_value} are needed",
        "Add what is missing, or delete the key.",
    ),
    "minimum": lambda e: (f"must be at least {e.validator_value}", "Correct it."),
    "maximum": lambda e: (f"must be at most {e.validator_value}", "Correct it."),
}

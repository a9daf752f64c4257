"""What would mend what a schema finds, where one mend is sure to be meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.core.text.spellings import day_in, near_name, truth_in
from sphinx_stepwise.core.text.text_edits import value_edit, written

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from sphinx_stepwise.core.diagnostics import Edit, Location
    from sphinx_stepwise.core.text.yaml_source import YamlSource

_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")


def value_mend(
    rule: str, argument: Any, value: Any, source: YamlSource, at: Location, /
) -> tuple[Edit, ...]:
    """Return what makes the *value* at a place keep a schema's *rule*, or nothing.

    :param argument: what the schema says beside the rule's keyword.
    """
    new = _meant(rule, argument, value)
    if rule == "type" and argument == "string" and isinstance(value, int | float):
        new = written(source, at, value)  # which gets quotes
    return () if new is None or new == "" else value_edit(source, at, value, new)


def _meant(rule: str, argument: Any, value: Any) -> str | float | None:
    if not isinstance(value, str):
        return None
    if rule in {"enum", "const"}:
        choices = argument if rule == "enum" else [argument]
        return near_name(value, [c for c in choices if isinstance(c, str)])
    if rule == "format" and argument == "date":
        return day_in(value)
    return _of_type(argument, value) if rule == "type" else None


def _of_type(wanted: Any, text: str) -> float | None:
    """Return *text* as the type that is wanted, if it is sure to be one of it."""
    if wanted == "boolean":
        return truth_in(text)
    if wanted in {"integer", "number"} and _WHOLE.fullmatch(text):
        return int(text)
    if wanted == "number" and _DECIMAL.fullmatch(text):
        return float(text)
    return None


def key_mends(
    unknown: Iterable[str], known: Iterable[str], present: Container[str], /
) -> dict[str, str]:
    """Return key -> the key that is meant, where it is sure.

    :param known: the keys that may stand in the map.
    :param present: those that do.
    """
    meant = {key: near_name(key, known) for key in unknown}
    names = list(meant.values())
    return {
        key: name
        for key, name in meant.items()
        if name and name not in present and names.count(name) == 1
    }

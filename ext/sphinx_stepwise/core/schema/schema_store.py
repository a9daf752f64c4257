"""Load all schemas of a project, and refuse what is broken in them.

A broken schema would let everything pass, so nothing is checked until it is mended.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from sphinx_stepwise.core.diagnostics import did_you_mean
from sphinx_stepwise.core.project import KINDS, ProjectError
from sphinx_stepwise.core.schema.schema_files import SchemaFiles
from sphinx_stepwise.core.schema.schemas import Schema, SectionRule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx_stepwise.core.project import Project

#: Our keywords, see ``schemas``, with the types of their values.
_OURS: Final = {
    "x-ref": (str, list),
    "x-link": bool,
    "x-sections": list,
    "x-label": str,
    "x-text": str,
    "x-used": (bool, str),
    "x-page": str,
    "x-expires": str,
    "x-review": list,
    "x-begins": str,
    "x-caution": dict,
    "x-words": dict,
    "x-cite": list,
    "x-shown": str,
    "x-details": str,
    "x-back": str,
    "x-message": str,
}
_SECTION: Final = tuple(field.name for field in fields(SectionRule))


class SchemaStore:
    """All schemas of a project, by kind of page or word for a record."""

    def __init__(self, schemas: dict[str, Schema]) -> None:
        self._schemas = schemas

    def __getitem__(self, name: str) -> Schema:
        return self._schemas[name]

    @classmethod
    def load(cls, project: Project, /) -> SchemaStore:
        """Read and check every schema of *project*.

        :raises ProjectError: naming every broken or missing schema.
        """
        contents, faults = _read_all(project)
        schema_files = SchemaFiles(contents)
        names = (*KINDS, *project.collections.values())
        for name in names:
            if f"{name}.schema.json" not in contents and not faults:
                folder = project.relative(project.schemas)
                faults.append(f"{folder}/{name}.schema.json:1:1: the file is missing")
        if not faults:
            for file, content in contents.items():
                path = project.relative(project.schemas / file)
                for where, message in _schema_faults(
                    file, content, set(names), schema_files
                ):
                    faults.append(f"{path}:1:1: {message} (at /{where})")
        if faults:
            raise ProjectError(faults)
        return cls({name: Schema(name, schema_files) for name in names})


def _read_all(project: Project) -> tuple[dict[str, Any], list[str]]:
    contents: dict[str, Any] = {}
    faults: list[str] = []
    files: list[Path] = sorted(project.schemas.glob("*.schema.json"))
    for file in files:
        path = project.relative(file)
        try:
            content = json.loads(file.read_text("utf-8"))
        except json.JSONDecodeError as error:
            place = f"{path}:{error.lineno}:{error.colno}"
            faults.append(f"{place}: not JSON: {error.msg}")
            continue
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{path}:1:1: {error}")
            continue
        if not isinstance(content, dict) or "$schema" not in content:
            faults.append(f'{path}:1:1: a schema is an object with "$schema"')
        contents[file.name] = content
    return contents, faults


def _schema_faults(
    file: str, content: dict[str, Any], names: set[str], files: SchemaFiles
) -> Iterator[tuple[str, str]]:
    """Yield (JSON pointer, message) for what is wrong in one schema file."""
    try:
        jsonschema_rs.meta.validate(content)
    except jsonschema_rs.ValidationError as error:
        yield "/".join(map(str, error.instance_path)), error.message
        return
    for where, part in _subschemas(content, ()):
        pointer = "/".join(where)
        if "$ref" in part:
            try:
                files.lookup(part["$ref"], file)
            except LookupError:
                yield pointer, f"`$ref` leads nowhere: {part['$ref']}"
        if fault := _pattern_fault(part.get("pattern", "")):
            yield pointer, f"`pattern` is no regular expression: {fault}"
        for keyword, value in part.items():
            if not keyword.startswith("x-"):
                continue
            if keyword not in _OURS:
                hint = did_you_mean(keyword, _OURS)
                yield pointer, f"unknown keyword `{keyword}`. {hint}".strip()
            elif not isinstance(value, _OURS[keyword]):  # type: ignore[arg-type]
                yield pointer, f"`{keyword}` has a value of the wrong type"
        yield from ((pointer, fault) for fault in _section_faults(part))
        targets = part.get("x-ref", [])
        for target in [targets] if isinstance(targets, str) else targets:
            if target not in names:
                hint = did_you_mean(str(target), names)
                yield pointer, f"`x-ref` names no kind: `{target}`. {hint}".strip()


def _section_faults(part: dict[str, Any]) -> Iterator[str]:
    rules = part.get("x-sections")
    for rule in rules if isinstance(rules, list) else ():
        if isinstance(rule, str):
            continue
        if not isinstance(rule, dict) or not isinstance(rule.get("heading"), str):
            yield '`x-sections` holds headings, or objects with a "heading"'
            continue
        for key in rule.keys() - set(_SECTION):
            hint = did_you_mean(key, _SECTION)
            yield f"`x-sections` knows no key `{key}`. {hint}".strip()


def _pattern_fault(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return ""


def _subschemas(
    part: Any, where: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield every object in a schema file with its JSON pointer."""
    if isinstance(part, dict):
        yield where, part
        for key, value in part.items():
            if key not in {"const", "enum", "default", "examples"}:
                yield from _subschemas(value, (*where, key))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _subschemas(value, (*where, str(index)))

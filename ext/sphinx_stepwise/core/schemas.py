"""Load the schemas, and find out what they say about data.  Floor 1.

One ``<kind>.schema.json`` for each kind of page and one ``<record>.schema.json``
for each collection, JSON Schema 2020-12, which may share definitions through
``$ref``.  What plain JSON Schema cannot say is said by keywords of our own:

``x-ref``       this text is an id of that kind, record or list of kinds
``x-link``      this text is an address, or the path of a file below source
``x-sections``  (top level) the headings of a page of this kind, in order
``x-label``     (top level) the property that names a record
``x-text``      (top level) the property that is a record's inline text
``x-used``      (top level) a record that nothing refers to is a finding; a text
                names the property that may say why nothing does
``x-expires``   (top level) the property with the last day on which it holds
``x-review``    (top level) two properties: the day of the last review, and the
                time until the next (``6 months``) or its day
``x-caution``   (top level) property -> value -> words that warn of a record
``x-shown``     references of this property are listed on their own page, under
                this heading
``x-back``      references of this property are listed on the page that they
                name, under this heading
``x-message``   better words than the stock message when this subschema fails
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable

from sphinx_stepwise.core.diagnostics import did_you_mean
from sphinx_stepwise.core.project import KINDS, ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx_stepwise.core.project import Project
    from sphinx_stepwise.core.yaml_source import Path as DataPath

_OURS: Final = {
    "x-ref": (str, list),
    "x-link": bool,
    "x-sections": list,
    "x-label": str,
    "x-text": str,
    "x-used": (bool, str),
    "x-expires": str,
    "x-review": list,
    "x-caution": dict,
    "x-shown": str,
    "x-back": str,
    "x-message": str,
}
_BRANCHES: Final = ("allOf", "anyOf", "oneOf")


@dataclass(frozen=True, slots=True)
class SectionRule:
    """One heading that a kind of page has."""

    heading: str
    optional: bool = False
    #: The front matter property that is drawn as a table under this heading.
    shows: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A keyword of ours that applies to one value of the data."""

    keyword: str
    argument: Any
    path: DataPath


class Schema:
    """The schema of one kind of page or record."""

    def __init__(self, name: str, content: dict[str, Any], registry: Registry) -> None:
        self.name = name
        self.content = content
        self._resolver = registry.resolver(f"{name}.schema.json")
        self.validator = Draft202012Validator(
            content,
            registry=registry,
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )

    @property
    def sections(self) -> tuple[SectionRule, ...]:
        """The headings that a page of this kind has, in order."""
        return tuple(
            SectionRule(rule)
            if isinstance(rule, str)
            else SectionRule(
                rule["heading"], rule.get("optional", False), rule.get("shows", "")
            )
            for rule in self.content.get("x-sections", ())
        )

    @property
    def label(self) -> str:
        """The property that names a record."""
        return str(self.content.get("x-label", "id"))

    @property
    def text(self) -> str:
        """The property that is a record's inline text: its label unless said."""
        return str(self.content.get("x-text", self.label))

    @property
    def must_be_used(self) -> bool:
        """Whether a record that nothing refers to is a finding."""
        return bool(self.content.get("x-used", False))

    def properties(self, *path: str) -> dict[str, Any]:
        """Return the subschemas of the properties at *path*, in schema order.

        Indexes of lists are left out of *path*: all items share one schema.
        """
        schema: Any = self.content
        for key in path:
            schema = _merged(self._with_items(schema)).get(key, {})
        return _merged(self._with_items(schema))

    def _with_items(self, schema: Any) -> Iterator[dict[str, Any]]:
        for part in self._at(schema):
            yield part
            yield from self._at(part.get("items"))

    def title_of(self, *path: str) -> str:
        """Return the words for the property at *path*: its title, or its key."""
        found = self.properties(*path[:-1]).get(path[-1], {})
        plain = path[-1].replace("_", " ").capitalize()
        return next((str(s["title"]) for s in self._at(found) if "title" in s), plain)

    def description_of(self, *path: str) -> str:
        """Return what the schema says the property at *path* is."""
        found = self.properties(*path[:-1]).get(path[-1], {})
        for schema in self._at(found):
            if "description" in schema:
                return str(schema["description"])
        return ""

    def notes(self, data: Any) -> Iterator[Note]:
        """Yield our keywords that apply to values of *data*, in its order."""
        yield from self._walk(self.content, data, ())

    def _walk(self, schema: Any, data: Any, path: DataPath) -> Iterator[Note]:
        for part in self._at(schema):
            for keyword in ("x-ref", "x-link"):
                if keyword in part and isinstance(data, str):
                    yield Note(keyword, part[keyword], path)
            if isinstance(data, dict):
                known = part.get("properties", {})
                other = part.get("additionalProperties", {})
                for key, value in data.items():
                    subschema = known.get(key, other)
                    yield from self._walk(subschema, value, (*path, key))
            elif isinstance(data, list) and "items" in part:
                for index, value in enumerate(data):
                    yield from self._walk(part["items"], value, (*path, index))

    def _at(self, schema: Any, resolver: Any = None) -> Iterator[dict[str, Any]]:
        """Yield *schema* and all that it refers to or combines."""
        if not isinstance(schema, dict):
            return
        yield schema
        resolver = resolver or self._resolver
        if "$ref" in schema:
            found = resolver.lookup(schema["$ref"])
            yield from self._at(found.contents, found.resolver)
        for branch in _BRANCHES:
            for part in schema.get(branch, ()):
                yield from self._at(part, resolver)
        for branch in ("then", "else"):
            yield from self._at(schema.get(branch), resolver)


def _merged(parts: Iterator[dict[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for part in parts:
        for key, subschema in part.get("properties", {}).items():
            merged.setdefault(key, subschema)
    return merged


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
        registry: Registry = Registry().with_resources(
            (name, Resource.from_contents(content))
            for name, content in contents.items()
            if isinstance(content, dict) and "$schema" in content
        )
        names = (*KINDS, *project.collections.values())
        for name in names:
            if f"{name}.schema.json" not in contents and not faults:
                folder = project.relative(project.schemas)
                faults.append(f"{folder}/{name}.schema.json:1:1: the file is missing")
        if not faults:
            for file, content in contents.items():
                path = project.relative(project.schemas / file)
                resolver = registry.resolver(file)
                for where, message in _schema_faults(content, set(names), resolver):
                    faults.append(f"{path}:1:1: {message} (at /{where})")
        if faults:
            raise ProjectError(faults)
        return cls(
            {n: Schema(n, contents[f"{n}.schema.json"], registry) for n in names}
        )


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
    content: dict[str, Any], names: set[str], resolver: Any
) -> Iterator[tuple[str, str]]:
    """Yield (JSON pointer, message) for what is wrong in one schema file."""
    try:
        Draft202012Validator.check_schema(content)
    except SchemaError as error:
        yield "/".join(map(str, error.absolute_path)), error.message
        return
    for where, part in _subschemas(content, ()):
        pointer = "/".join(where)
        if "$ref" in part:
            try:
                resolver.lookup(part["$ref"])
            except Unresolvable:
                yield pointer, f"`$ref` leads nowhere: {part['$ref']}"
        for keyword, value in part.items():
            if not keyword.startswith("x-"):
                continue
            if keyword not in _OURS:
                hint = did_you_mean(keyword, _OURS)
                yield pointer, f"unknown keyword `{keyword}`. {hint}".strip()
            elif not isinstance(value, _OURS[keyword]):  # type: ignore[arg-type]
                yield pointer, f"`{keyword}` has a value of the wrong type"
        targets = part.get("x-ref", [])
        for target in [targets] if isinstance(targets, str) else targets:
            if target not in names:
                hint = did_you_mean(str(target), names)
                yield pointer, f"`x-ref` names no kind: `{target}`. {hint}".strip()


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

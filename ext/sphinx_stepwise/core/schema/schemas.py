"""What a schema says of a kind of page or record.

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
``x-page``      (top level) the property with the id of the page that is about a
                record alone; links to the record lead there
``x-begins``    (top level) the property with the first day on which it holds
``x-expires``   (top level) the property with the last day on which it holds
``x-review``    (top level) two properties: the day of the last review, and the
                time until the next (``6 months``) or its day
``x-cite``      (top level) two properties, a source with title and url and a date: a
                page that names a record in its text lists them among its sources
``x-caution``   (top level) property -> value -> words that warn of a record
``x-words``     value -> what readers see for it
``x-shown``     references of this property are listed on their own page, under
                this heading
``x-details``   beside ``x-shown``: two properties of each record listed, what sort
                of thing it is and what is in it (``kind summary``)
``x-back``      references of this property are listed on the page that they
                name, under this heading
``x-message``   better words than the stock message when this subschema fails
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sphinx_stepwise.core.schema.schema_files import SchemaFiles, Validator
    from sphinx_stepwise.core.text.yaml_source import Path as DataPath

_BRANCHES: Final = ("allOf", "anyOf", "oneOf")


@dataclass(frozen=True, slots=True)
class SectionRule:
    """One heading that a kind of page has."""

    heading: str
    optional: bool = False
    #: The front matter property that is drawn as a table under this heading.
    shows: str = ""
    #: What belongs under it, for authors.
    description: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A keyword of ours that applies to one value of the data."""

    keyword: str
    argument: Any
    path: DataPath


class Schema:
    """The schema of one kind of page or record."""

    def __init__(self, name: str, files: SchemaFiles) -> None:
        self.name = name
        self._file = f"{name}.schema.json"
        self._files = files
        self.content: dict[str, Any] = files.contents[self._file]
        self._parts: dict[int, list[dict[str, Any]]] = {}
        self._noted: dict[int, bool] = {}
        self._properties: dict[tuple[str, ...], dict[str, Any]] = {}

    @property
    def validator(self) -> Validator:
        """What tells whether data fits this schema."""
        return self._files.validator(self._file)

    @property
    def sections(self) -> tuple[SectionRule, ...]:
        """The headings that a page of this kind has, in order."""
        return tuple(
            SectionRule(rule) if isinstance(rule, str) else SectionRule(**rule)
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

    @property
    def excuse(self) -> str:
        """The property that may say why nothing refers to a record."""
        used = self.content.get("x-used")
        return used if isinstance(used, str) else ""

    @property
    def own_page(self) -> str:
        """The property with the id of the page that is about a record alone."""
        return str(self.content.get("x-page", ""))

    @property
    def begins(self) -> str:
        """The property with the first day on which a record holds."""
        return str(self.content.get("x-begins", ""))

    @property
    def expires(self) -> str:
        """The property with the last day on which a record holds."""
        return str(self.content.get("x-expires", ""))

    @property
    def review(self) -> tuple[str, str] | None:
        """The properties with the last review and the time or day of the next."""
        found = self.content.get("x-review")
        return (found[0], found[1]) if found else None

    @property
    def cite(self) -> tuple[str, str] | None:
        """The properties with a record's source and its date, for citations."""
        found = self.content.get("x-cite")
        return (found[0], found[1]) if found else None

    def caution(self, data: Mapping[str, Any]) -> str:
        """Return the words that warn of a record with this *data*, or nothing."""
        for name, words in self.content.get("x-caution", {}).items():
            if warning := words.get(str(data.get(name, ""))):
                return str(warning)
        return ""

    def words_for(self, name: str, value: str) -> str:
        """Return how readers see a *value* of the property *name*."""
        found = self.properties().get(name, {})
        plain = value.replace("-", " ").replace("_", " ")
        plain = plain[:1].upper() + plain[1:]
        for schema in self._with_items(found):
            if "x-words" in schema:
                return str(schema["x-words"].get(value, plain))
        return plain

    def properties(self, *path: str) -> dict[str, Any]:
        """Return the subschemas of the properties at *path*, in schema order.

        Indexes of lists are left out of *path*: all items share one schema.
        """
        if path not in self._properties:
            above = self.properties(*path[:-1]).get(path[-1], {}) if path else None
            schema = self.content if above is None else above
            self._properties[path] = _merged(self._with_items(schema))
        return self._properties[path]

    def _with_items(self, schema: Any) -> Iterator[dict[str, Any]]:
        for part in self._at(schema):
            yield part
            yield from self._at(part.get("items"))

    def title_of(self, *path: str) -> str:
        """Return the words for the property at *path*: its title, or its key."""
        found = self.properties(*path[:-1]).get(path[-1], {})
        plain = path[-1].replace("_", " ").capitalize()
        return next((str(s["title"]) for s in self._at(found) if "title" in s), plain)

    def keyword(self, path: tuple[str, ...], name: str, /) -> str:
        """Return the text of a keyword of ours at the property at *path*."""
        found = self.properties(*path[:-1]).get(path[-1], {})
        return next((str(s[name]) for s in self._with_items(found) if name in s), "")

    def choices(self, name: str, /) -> list[str]:
        """Return the values that the property *name*, or its items, may have."""
        found = self.properties().get(name, {})
        return next(
            (list(s["enum"]) for s in self._with_items(found) if "enum" in s), []
        )

    def order_of(self, path: tuple[str, ...], /) -> tuple[int, ...]:
        """Return where the property at *path* stands in the schema, to sort by."""
        return tuple(
            list(self.properties(*path[:depth])).index(key)
            for depth, key in enumerate(path)
        )

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
                    if self._has_notes(subschema):
                        yield from self._walk(subschema, value, (*path, key))
            elif isinstance(data, list) and self._has_notes(part.get("items")):
                for index, value in enumerate(data):
                    yield from self._walk(part["items"], value, (*path, index))

    def _has_notes(self, schema: Any) -> bool:
        """Whether a keyword of ours may apply at *schema* or below it.

        Most values need not be walked, which is most of the work.
        """
        known = self._noted.get(id(schema))
        if known is None:
            self._noted[id(schema)] = True  # while it is looked for: it may hold itself
            known = any(
                "x-ref" in part
                or "x-link" in part
                or any(map(self._has_notes, part.get("properties", {}).values()))
                or self._has_notes(part.get("additionalProperties"))
                or self._has_notes(part.get("items"))
                for part in self._at(schema)
            )
            self._noted[id(schema)] = known
        return known

    def _at(self, schema: Any) -> list[dict[str, Any]]:
        """Return *schema* and all that it refers to or combines.

        Asked for every value of every record, so it is worked out once for each
        subschema; those live as long as this object.
        """
        known = self._parts.get(id(schema))
        if known is None:
            known = list(self._gather(schema, self._file))
            self._parts[id(schema)] = known
        return known

    def _gather(self, schema: Any, file: str) -> Iterator[dict[str, Any]]:
        if not isinstance(schema, dict):
            return
        yield schema
        if "$ref" in schema:
            yield from self._gather(*self._files.lookup(schema["$ref"], file))
        for branch in _BRANCHES:
            for part in schema.get(branch, ()):
                yield from self._gather(part, file)
        for branch in ("then", "else"):
            yield from self._gather(schema.get(branch), file)


def _merged(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for part in parts:
        for key, subschema in part.get("properties", {}).items():
            merged.setdefault(key, subschema)
    return merged

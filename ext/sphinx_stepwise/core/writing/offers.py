"""What may stand at a place, and what stands there: for editors.

All of it comes from the schemas and the catalogue, so it cannot grow stale.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.core.content.model import Page
from sphinx_stepwise.core.project import KINDS
from sphinx_stepwise.core.schema.field_reference import describe
from sphinx_stepwise.core.schema.field_words import Subschema
from sphinx_stepwise.core.schema.schema_files import SchemaFiles
from sphinx_stepwise.core.writing.cursor import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Record
    from sphinx_stepwise.core.schema.field_reference import Field
    from sphinx_stepwise.core.text.yaml_source import Path
    from sphinx_stepwise.core.writing.cursor import Spot

#: The keys of a page that stand for the page itself.
_OWN: Final = (("kind",), ("title",))
#: What may stand before a key in its line.
_BEFORE_KEY: Final = ("", "-", "{", ",")


@dataclass(frozen=True, slots=True)
class Offer:
    """A word that may stand at a place."""

    word: str
    #: What is written for it, with the signs that the place asks for.
    text: str
    #: A few words beside it: a title, or what a value may be.
    detail: str = ""
    #: What the schema says of a key, or a page of itself.
    about: str = ""


class Fields:
    """What the schemas of a project say of each place in front matter and data."""

    def __init__(self, catalogue: Catalogue) -> None:
        project = catalogue.project
        self._words = dict.fromkeys((*KINDS, *project.collections.values()))
        files = sorted(project.schemas.glob("*.schema.json"))
        self._files = SchemaFiles(
            {file.name: json.loads(file.read_text("utf-8")) for file in files}
        )
        self._fields = {
            kind: {f.path: f for f in describe(project, catalogue.schemas[kind]).fields}
            for kind in self._words
        }

    def field(self, kind: str, path: Path, /) -> Field | None:
        """Return what is said of the key at *path*, indexes left out."""
        names = tuple(part for part in path if isinstance(part, str))
        return self._fields.get(kind, {}).get(names)

    def keys(self, kind: str, path: Path, /) -> list[Field]:
        """Return the keys of the map at *path*: those always required first."""
        names = tuple(part for part in path if isinstance(part, str))
        fields = self._fields.get(kind, {}).items()
        found = [field for known, field in fields if known[:-1] == names]
        return sorted(found, key=lambda field: field.when != "required")

    def forms(self, kind: str, path: Path, /) -> list[Subschema]:
        """Return the forms that the value at *path* may have."""
        if kind not in self._words:
            return []
        name = f"{kind}.schema.json"
        found = [Subschema.of(self._files, self._files.contents[name], name)]
        for part in path:
            if isinstance(part, int):
                found = [i for s in found for f in s.forms() for i in f.below("items")]
            else:
                inner = (f.properties().get(part) for s in found for f in s.forms())
                found = [schema for schema in inner if schema]
        return [form for schema in found for form in schema.forms()]


def named(catalogue: Catalogue, fields: Fields, spot: Spot, /) -> Page | Record | None:
    """Return the page or record that stands at a place, by its id or by itself."""
    if spot.part is Part.TARGET:
        return catalogue.find((spot.kind,), spot.text)
    if spot.index is not None and spot.path == ("id",):
        records = (r for r in catalogue.records if r.path == spot.location.path)
        return next((r for r in records if r.index == spot.index), None)
    if spot.path in _OWN and spot.kind in KINDS:
        pages = (p for p in catalogue.pages if p.path == spot.location.path)
        return next(pages, None)
    if spot.part is not Part.VALUE:
        return None
    kinds = [kind for form in fields.forms(spot.kind, spot.path) for kind in _ref(form)]
    return catalogue.find(tuple(kinds), spot.text)


def offers(catalogue: Catalogue, fields: Fields, spot: Spot, /) -> list[Offer]:
    """Return what may stand at a place, the likeliest first."""
    if spot.part is Part.KEY:
        return list(_keys(fields, spot, spot.path[:-1]))
    if spot.part is Part.VALUE:
        return _values(catalogue, fields, spot)
    if spot.part is Part.RECORD:
        return [] if spot.before else [Offer("id", "- id: ", f"a new {spot.kind}")]
    if spot.part is Part.ROLE:
        return list(_roles(catalogue, spot))
    if spot.part is Part.KIND:
        words = catalogue.project.collections.items()
        return [Offer(word, word, f"one of {name}") for name, word in words]
    return list(_ids(catalogue, (spot.kind,)))


def _values(catalogue: Catalogue, fields: Fields, spot: Spot) -> list[Offer]:
    """Return values, and keys where a map may begin or go on."""
    is_page = spot.index is None
    if is_page and spot.path == ("kind",):
        return [Offer(kind, kind) for kind in KINDS]
    if is_page and not spot.path and spot.kind not in KINDS:
        return [Offer("kind", "kind: ", "the kind of page")]
    found: list[Offer] = []
    alone = not spot.before.strip() and not spot.flow
    is_item = bool(spot.path) and isinstance(spot.path[-1], int)
    for form in fields.forms(spot.kind, spot.path):
        # On a line of its own a list or a map begins or goes on, and no value stands.
        if not alone:
            found += _single(catalogue, form)
        if not is_item:
            found += _listed(catalogue, form, "- {}" if alone else "[{}]")
    if spot.before.rstrip()[-1:] in _BEFORE_KEY:
        found += _keys(fields, spot, spot.path)
    own = _own_id(catalogue, spot)
    return [offer for offer in found if offer.word not in {*spot.held, own}]


def _keys(fields: Fields, spot: Spot, path: Path) -> Iterator[Offer]:
    colon = "" if spot.after.lstrip().startswith(":") else ": "
    for field in fields.keys(spot.kind, path):
        key = field.path[-1]
        if key not in spot.held:
            detail = f"{field.holds}, {field.when}"
            yield Offer(key, f"{key}{colon}", detail, field.description)


def _single(catalogue: Catalogue, form: Subschema) -> Iterator[Offer]:
    """Yield the values that a form names one by one."""
    yield from _ids(catalogue, tuple(_ref(form)))
    words = form.get("x-words", {})
    constant = form.get("const")
    for choice in form.get("enum", [] if constant is None else [constant]):
        text = json.dumps(choice) if isinstance(choice, bool) else str(choice)
        yield Offer(text, text, words.get(text, ""))
    if form.get("type") == "boolean":
        yield from (Offer(word, word) for word in ("true", "false"))
    if form.get("format") == "date":
        today = catalogue.today.isoformat()
        yield Offer(today, today, "today")


def _listed(catalogue: Catalogue, form: Subschema, sign: str) -> Iterator[Offer]:
    """Yield the items of a list that is about to begin, each as its first."""
    for items in form.below("items"):
        for inner in items.forms():
            for offer in _single(catalogue, inner):
                yield replace(offer, text=sign.format(offer.text))


def _ids(catalogue: Catalogue, kinds: tuple[str, ...]) -> Iterator[Offer]:
    for id_ in catalogue.ids(kinds):
        if item := catalogue.find(kinds, id_):
            about = item.summary if isinstance(item, Page) else item.text
            yield Offer(id_, id_, item.title, about)


def _roles(catalogue: Catalogue, spot: Spot) -> Iterator[Offer]:
    """Yield the roles that name a page or record, and show what they name."""
    sign = "" if spot.after.startswith("}") else "}`"
    domain = "guide:" if spot.text.startswith("guide:") else ""
    for kind in KINDS:
        word = f"{domain}{kind}"
        yield Offer(word, f"{word}{sign}", f"a link with the title of a {kind}")
    for kind in catalogue.project.collections.values():
        schema = catalogue.schemas[kind]
        word = f"{domain}{kind}"
        yield Offer(word, f"{word}{sign}", f"the text of a record: {kind}")
        for name in schema.properties():
            shown = f"{word}-{name}"
            title = schema.title_of(name)
            about = schema.description_of(name)
            yield Offer(shown, f"{shown}{sign}", f"{title}, of a record: {kind}", about)


def _ref(form: Subschema) -> list[str]:
    kinds: Any = form.get("x-ref", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _own_id(catalogue: Catalogue, spot: Spot) -> str:
    """Return the id of the page or record that a place is in: none names itself."""
    items: list[Page | Record] = [*catalogue.pages, *catalogue.records]
    here = (item for item in items if item.path == spot.location.path)
    own = (i for i in here if isinstance(i, Page) or i.index == spot.index)
    return next((item.id for item in own), "")

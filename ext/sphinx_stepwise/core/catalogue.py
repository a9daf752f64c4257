"""Read all pages and data of a project into one read-only catalogue.  Floor 3.

The catalogue is made anew from the files on every run, so it is never stale.
Bad input gives diagnostics; what can be read is in the catalogue all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sphinx_stepwise.core.diagnostics import Code, Diagnostic, did_you_mean
from sphinx_stepwise.core.files import find_data, find_pages, read_text
from sphinx_stepwise.core.frontmatter import read_page
from sphinx_stepwise.core.model import Page, Record, Reference
from sphinx_stepwise.core.project import KINDS
from sphinx_stepwise.core.schemas import SchemaStore
from sphinx_stepwise.core.validation import validate
from sphinx_stepwise.core.yaml_source import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx_stepwise.core.diagnostics import Location
    from sphinx_stepwise.core.frontmatter import SourcePage
    from sphinx_stepwise.core.project import Project
    from sphinx_stepwise.core.schemas import Schema
    from sphinx_stepwise.core.yaml_source import YamlSource


@dataclass(slots=True, kw_only=True)
class Catalogue:
    """Everything known of the content.  Read it; do not write to it."""

    project: Project
    schemas: SchemaStore
    #: Pages in order of path; the first of two with one id wins in :meth:`page`.
    pages: list[Page] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    #: Links of front matter to addresses and files, with their places.
    links: list[tuple[str, Location]] = field(default_factory=list)
    #: Docnames of files that nobody can read; the build must leave them alone.
    unreadable: set[str] = field(default_factory=set)
    #: Ids of pages whose front matter cannot be used: what they would list or be
    #: is not known, so nothing is said of it until they are mended.
    broken: set[str] = field(default_factory=set)
    _by_key: dict[tuple[str, str], Page | Record] = field(default_factory=dict)
    _by_id: dict[str, Page] = field(default_factory=dict)
    _by_docname: dict[str, Page] = field(default_factory=dict)

    def page(self, page_id: str, /) -> Page | None:
        """Return the page with this id."""
        return self._by_id.get(page_id)

    def at(self, docname: str, /) -> Page | None:
        """Return the page that Sphinx calls *docname*."""
        return self._by_docname.get(docname)

    def find(self, kinds: tuple[str, ...], target: str, /) -> Page | Record | None:
        """Return the page or record with this id that is of one of *kinds*."""
        for kind in kinds:
            if found := self._by_key.get((kind, target)):
                return found
        return None

    def find_page(self, kind: str, target: str, /) -> Page | None:
        """Return the page with this id, if it is of this kind."""
        found = self._by_key.get((kind, target))
        return found if isinstance(found, Page) else None

    def ids(self, kinds: tuple[str, ...], /) -> list[str]:
        """Return all ids of these kinds, for "did you mean"."""
        return sorted(id_ for kind, id_ in self._by_key if kind in kinds)

    def kinds_of(self, target: str, /) -> list[str]:
        """Return the kinds of everything that has this id."""
        return sorted(kind for kind, id_ in self._by_key if id_ == target)

    def of_kind(self, kind: str, /) -> list[Page]:
        """Return the pages of one kind, in order of path."""
        return [page for page in self.pages if page.kind == kind]

    @property
    def toolkit(self) -> Page | None:
        """The toolkit's own page."""
        return next(iter(self.of_kind("toolkit")), None)

    def collection(self, name: str, /) -> list[Record]:
        """Return the records of a collection, in the order of its files."""
        return [record for record in self.records if record.collection == name]

    def add(self, item: Page | Record, /) -> None:
        """Enter a page or record; loading only."""
        self._by_key.setdefault(item.key, item)
        if isinstance(item, Page):
            self.pages.append(item)
            self._by_id.setdefault(item.id, item)
            self._by_docname[item.docname] = item
        else:
            self.records.append(item)


def load_catalogue(project: Project, /) -> tuple[Catalogue, list[Diagnostic]]:
    """Read every page and every record of *project*.

    Returns the catalogue and all findings that concern one file alone.
    :raises ProjectError: when a schema is missing or broken.
    """
    catalogue = Catalogue(project=project, schemas=SchemaStore.load(project))
    diagnostics: list[Diagnostic] = []
    for file in find_pages(project):
        diagnostics += _load_page(catalogue, file)
    for name, kind in project.collections.items():
        for file in find_data(project, name):
            diagnostics += _load_records(catalogue, file, name, kind)
    return catalogue, diagnostics


def _load_page(catalogue: Catalogue, file: Path) -> Iterator[Diagnostic]:
    project = catalogue.project
    docname = file.relative_to(project.source).with_suffix("").as_posix()
    text, diagnostics = read_text(project, file)
    yield from diagnostics
    if text is None:
        catalogue.unreadable.add(docname)
        catalogue.broken.add(page_id(docname))
        return
    source_page, diagnostics = read_page(text, project.relative(file))
    yield from diagnostics
    if source_page.front is None:
        catalogue.broken.add(page_id(docname))
        return
    page = _make_page(source_page, source_page.front, docname)
    kind_fault = _check_kind(source_page.front)
    if kind_fault:
        yield kind_fault
    if page.kind not in KINDS:
        catalogue.broken.add(page.id)
        return
    catalogue.add(page)
    schema = catalogue.schemas[page.kind]
    yield from validate(schema, page.source)
    _note_references(catalogue, page, schema, page.source, ())


def page_id(docname: str, /) -> str:
    """Return a page's id: its file's stem, or its folder's name for an index."""
    *folders, stem = docname.split("/")
    return folders[-1] if stem == "index" and folders else stem


def _make_page(source_page: SourcePage, front: YamlSource, docname: str) -> Page:
    data = source_page.data

    def text(key: str) -> str:
        value = data.get(key)
        return " ".join(value.split()) if isinstance(value, str) else ""

    return Page(
        id=page_id(docname),
        kind=text("kind"),
        docname=docname,
        path=source_page.path,
        title=text("title") or page_id(docname),
        summary=text("summary"),
        draft=data.get("status") == "draft",
        data=data,
        source=front,
        headings=tuple(source_page.headings),
        body_line=source_page.body_line,
    )


def _check_kind(front: YamlSource) -> Diagnostic | None:
    """Return what is wrong with a block before its kind is known."""
    if not isinstance(front.data, dict):
        return Diagnostic(
            Code.SCHEMA,
            front.value_at(),
            message="front matter must be a map (`key: value` lines)",
            hint="Write `kind: page`, `title: ...` and so on, one on each line.",
        )
    kind = front.data.get("kind")
    if kind in KINDS:
        return None
    known = ", ".join(KINDS)
    if "kind" not in front.data:
        message, hint = "`kind` is missing", f"Add `kind:`, one of: {known}."
    else:
        message = f"`{kind}` is no kind of page"
        hint = f"{did_you_mean(str(kind), KINDS)} Use one of: {known}.".strip()
    location = front.value_at("kind")
    return Diagnostic(Code.KIND_UNKNOWN, location, message=message, hint=hint)


def _load_records(
    catalogue: Catalogue, file: Path, name: str, kind: str
) -> Iterator[Diagnostic]:
    project = catalogue.project
    text, diagnostics = read_text(project, file)
    yield from diagnostics
    if text is None:
        return
    source, diagnostics = read_yaml(text, project.relative(file))
    yield from diagnostics
    if not source.readable:
        return
    if not isinstance(source.data, list):
        yield Diagnostic(
            Code.SCHEMA,
            source.value_at(),
            message=f"a file of {name} must be a list of records",
            hint=f"Begin each {kind} with `- id: ...`.",
        )
        return
    schema = catalogue.schemas[kind]
    for index, data in enumerate(source.data):
        yield from validate(schema, source, (index,))
        if isinstance(data, dict) and isinstance(data.get("id"), str):
            record = Record(
                id=data["id"],
                kind=kind,
                collection=name,
                label=str(data.get(schema.label) or data["id"]),
                text=str(data.get(schema.text) or data["id"]),
                location=source.value_at(index, "id"),
                data=data,
            )
            catalogue.add(record)
            _note_references(catalogue, record, schema, source, (index,))


def _note_references(
    catalogue: Catalogue,
    item: Page | Record,
    schema: Schema,
    source: YamlSource,
    prefix: tuple[int, ...],
) -> None:
    for note in schema.notes(item.data):
        place = source.value_at(*prefix, *note.path)
        value: Any = item.data
        for key in note.path:
            value = value[key]
        if note.keyword == "x-link":
            catalogue.links.append((value, place))
            continue
        kinds = note.argument
        catalogue.references.append(
            Reference(
                source=item.key,
                path=note.path,
                kinds=(kinds,) if isinstance(kinds, str) else tuple(kinds),
                target=value,
                location=place,
            )
        )

"""Read all pages and data of a project into a catalogue.

The catalogue is made anew from the files on every run, so it is never stale.
Bad input gives diagnostics; what can be read is in the catalogue all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.content.catalogue import Catalogue
from sphinx_stepwise.core.content.files import find_data, find_pages, read_text
from sphinx_stepwise.core.content.model import BODY, Page, Record, Reference, page_id
from sphinx_stepwise.core.dates import today_of
from sphinx_stepwise.core.diagnostics import Diagnostic, did_you_mean
from sphinx_stepwise.core.project import KINDS
from sphinx_stepwise.core.schema.schema_store import SchemaStore
from sphinx_stepwise.core.schema.settling import settle
from sphinx_stepwise.core.schema.validation import validate
from sphinx_stepwise.core.text.frontmatter import read_page
from sphinx_stepwise.core.text.spellings import near_name
from sphinx_stepwise.core.text.text_edits import value_edit
from sphinx_stepwise.core.text.yaml_source import read_yaml

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx_stepwise.core.project import Project
    from sphinx_stepwise.core.schema.schemas import Schema
    from sphinx_stepwise.core.text.body import RoleUse
    from sphinx_stepwise.core.text.frontmatter import SourcePage
    from sphinx_stepwise.core.text.yaml_source import YamlSource


def load_catalogue(
    project: Project, today: dt.date | None = None, /
) -> tuple[Catalogue, list[Diagnostic]]:
    """Read every page and every record of *project*.

    Returns the catalogue and all findings that concern one file alone.
    :raises ProjectError: when a schema is missing or broken.
    """
    schemas = SchemaStore.load(project)
    catalogue = Catalogue(project=project, schemas=schemas, today=today_of(today))
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
        catalogue.note_broken(docname)
        return
    source_page, diagnostics = read_page(text, project.relative(file))
    if source_page.front is None:
        yield from diagnostics
        catalogue.note_broken(docname)
        return
    page = _make_page(source_page, source_page.front, docname)
    kind_fault = _check_kind(source_page.front)
    if kind_fault:
        yield kind_fault
    if page.kind not in KINDS:
        yield from diagnostics
        catalogue.note_broken(docname)
        return
    catalogue.add(page)
    schema = catalogue.schemas[page.kind]
    yield from settle(diagnostics, schema, page.source)
    yield from validate(schema, page.source)
    _note_references(catalogue, page, schema, page.source, ())
    _note_roles(catalogue, page, source_page.roles)


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
    near = near_name(str(kind), KINDS)
    edits = value_edit(front, location, kind, near) if near else ()
    return Diagnostic(Code.KIND_UNKNOWN, location, message, hint, edits=edits)


def _load_records(
    catalogue: Catalogue, file: Path, name: str, kind: str
) -> Iterator[Diagnostic]:
    project = catalogue.project
    text, diagnostics = read_text(project, file)
    yield from diagnostics
    if text is None:
        return
    source, diagnostics = read_yaml(text, project.relative(file))
    schema = catalogue.schemas[kind]
    is_list = isinstance(source.data, list)
    yield from settle(diagnostics, schema, source) if is_list else diagnostics
    if not source.readable:
        return
    if not is_list:
        yield Diagnostic(
            Code.SCHEMA,
            source.value_at(),
            message=f"a file of {name} must be a list of records",
            hint=f"Begin each {kind} with `- id: ...`.",
        )
        return
    for index, data in enumerate(source.data):
        yield from validate(schema, source, (index,))
        if isinstance(data, dict) and isinstance(data.get("id"), str):
            label = str(data.get(schema.label) or data["id"])
            record = Record(
                id=data["id"],
                kind=kind,
                collection=name,
                label=label,
                text=str(data.get(schema.text) or label),
                location=source.value_at(index, "id"),
                data=data,
                source=source,
                index=index,
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
        catalogue.add_reference(
            Reference(
                source=item.key,
                path=note.path,
                kinds=(kinds,) if isinstance(kinds, str) else tuple(kinds),
                target=value,
                location=place,
            )
        )


def _note_roles(catalogue: Catalogue, page: Page, roles: list[RoleUse]) -> None:
    """Note the ids that roles in a page's text name.

    A role is called by a kind of page, by the word for a record, or by that word
    and a property: ``{oven-heat}``.
    """
    kinds = {}
    for name in {use.name for use in roles}:
        record = catalogue.project.split_role(name)
        kinds[name] = name if name in KINDS else record[0] if record else ""
    for use in roles:
        if kind := kinds[use.name]:
            catalogue.add_reference(
                Reference(
                    source=page.key,
                    path=(BODY,),
                    kinds=(kind,),
                    target=use.target,
                    location=use.location,
                )
            )

"""Make a new page or record that the toolkit can bear at once.

What is made is planned as new texts, tried on a copy, and refused where the copy has
a finding that the toolkit has not.  A page begins as a draft where its schema knows
that, so that it stands in its list and breaks no promise until it is published.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.core.changes.rehearsing import rehearse, writing
from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.content.files import find_data
from sphinx_stepwise.core.project import ProjectError
from sphinx_stepwise.core.schema.probing import Draft
from sphinx_stepwise.core.text.insertions import append_record, insert_item
from sphinx_stepwise.core.text.naming import free_id, words_of
from sphinx_stepwise.core.text.text_edits import apply_edits, value_edit
from sphinx_stepwise.core.writing.samples import Sampler
from sphinx_stepwise.core.writing.scaffolding import page_text, record_lines, scalar
from sphinx_stepwise.core.writing.wishes import Creation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Page
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.diagnostics import Diagnostic, Report
    from sphinx_stepwise.core.project import Project
    from sphinx_stepwise.core.writing.slots import Slot
    from sphinx_stepwise.core.writing.wishes import Wish

_STATUS: Final = "status"
_DRAFT: Final = "draft"
_EXCUSE: Final = "It is new, and nothing refers to it yet."


def create_page(
    navigation: Navigation, report: Report, wish: Wish, slot: Slot, /
) -> Creation:
    """Plan a new page in a *slot*.

    :raises ProjectError: when it cannot be made, or would break something.
    """
    catalogue = navigation.catalogue
    path = _new_path(catalogue, wish, slot)
    draft = _begun(navigation, wish)
    is_draft = draft.data.get(_STATUS) == _DRAFT
    siblings = [page.data for page in catalogue.of_kind(wish.kind)]
    key = (wish.kind, wish.id)
    text = page_text(_complete(Sampler(catalogue, draft, siblings=siblings, key=key)))

    holder = slot.holder
    texts = {holder.path: _read(catalogue.project, holder.path)}
    if "\r\n" in texts[holder.path]:
        text = text.replace("\n", "\r\n")
    if not is_draft:
        texts |= _counted_up(navigation, report, wish.kind, holder)
    try:
        texts[holder.path] = insert_item(
            texts[holder.path], slot.key, slot.index, scalar(wish.id)
        )
    except ValueError as error:
        raise ProjectError([f"{holder.path}: {error}"]) from error
    texts = {path: text, **texts}
    _try(navigation, report, texts, wish)
    later: list[Diagnostic] = []
    if is_draft:
        published = re.sub(rf"(?m)^(?={_STATUS}: {_DRAFT}\r?$)", "# ", text)
        trial = {**texts, path: published}
        later = _rehearse(catalogue, trial, report)
    after = f", after `{slot.after}`" if slot.after else ""
    return Creation(
        wish=wish,
        path=path,
        texts=texts,
        listed=f"{holder.path}: `{slot.key}` names it{after}",
        draft=is_draft,
        later=tuple(later),
    )


def _new_path(catalogue: Catalogue, wish: Wish, slot: Slot) -> str:
    """Return the path of the new page's file, where the way is free."""
    project = catalogue.project
    if other := catalogue.page(wish.id):
        _refuse_id(wish, other.path, {page.id for page in catalogue.pages})
    if wish.id in catalogue.broken:
        message = f"the id `{wish.id}` belongs to a page that cannot be read"
        raise ProjectError([f"{message}; first mend what `stepwise check` finds"])
    name = f"{wish.id}/index.md" if wish.kind == "stage" else f"{wish.id}.md"
    file = project.source / slot.folder / name
    path = project.relative(file)
    if file.exists() or file.is_relative_to(project.data):
        what = "exists already" if file.exists() else "would be among the data"
        raise ProjectError([f"{path} {what}; choose another `--id`"])
    return path


def _begun(navigation: Navigation, wish: Wish) -> Draft:
    """Return a page with what is known of it, as a draft where that can be."""
    data = {"kind": wish.kind, "title": wish.title, **wish.values}
    draft = Draft(navigation.catalogue.schemas[wish.kind], data)
    missing = draft.schema.properties().keys() - data.keys()
    if _STATUS in missing:
        draft.accepts((_STATUS,), _DRAFT)
    if "steps" in missing and wish.kind in {"stage", "guidebook"}:
        first = [step.id for step in navigation.canonical[:1]]
        begun = first if wish.kind == "guidebook" else []
        draft.accepts(("steps",), begun) or draft.accepts(("steps",), first)
    return draft


def create_record(
    navigation: Navigation, report: Report, wish: Wish, file: Path, /
) -> Creation:
    """Plan a new record at the end of a data file, which may not be there yet.

    :raises ProjectError: when it cannot be made, or would break something.
    """
    catalogue = navigation.catalogue
    project, schema = catalogue.project, catalogue.schemas[wish.kind]
    path = project.relative(file)
    alike = [record for record in catalogue.records if record.kind == wish.kind]
    for record in alike:
        if record.id == wish.id:
            _refuse_id(wish, str(record.location), {record.id for record in alike})
    near = [record.data for record in alike if record.path == path]
    draft = Draft(schema, {"id": wish.id, **wish.values})
    sampler = Sampler(
        catalogue,
        draft,
        siblings=near or [record.data for record in alike],
        key=(wish.kind, wish.id),
    )
    if schema.label not in draft.data:
        fits = draft.accepts((schema.label,), wish.title)
        if not fits and wish.title != words_of(wish.id):
            draft.data[schema.label] = wish.title  # the schema says what is wrong
    excuse = ""
    if schema.excuse and schema.excuse not in draft.data:
        place = (excuse := schema.excuse,)
        draft.accepts(place, _EXCUSE) or sampler.put(place)
    old = _read(project, path) if file.exists() else ""
    lines = record_lines(_complete(sampler))
    try:
        new = append_record(old, lines)
    except ValueError as error:
        raise ProjectError([f"{path}: {error}"]) from error
    left = _try(navigation, report, {path: new}, wish)
    line = new.count("\n") - len(lines) + 1
    return Creation(
        wish=wish,
        path=path,
        line=line,
        texts={path: new},
        excuse=excuse,
        left=tuple(left),
    )


def data_files(
    catalogue: Catalogue, kind: str, values: Mapping[str, Any] | None = None, /
) -> dict[str, Path]:
    """Return the files that a new record may go to by name, the likeliest first.

    That is a file called like one of the *values* that the record will have, or the
    one with the most records; in a collection without files, the one to begin with.
    """
    project = catalogue.project
    collection = next(n for n, word in project.collections.items() if word == kind)
    files = list(find_data(project, collection))
    held = Counter(record.path for record in catalogue.collection(collection))
    told = set(filter(lambda v: isinstance(v, str), (values or {}).values()))
    files.sort(key=lambda f: (f.stem not in told, -held[project.relative(f)], f.name))
    files = files or [project.data / f"{collection}.yml"]
    return {file.stem: file for file in files}


def _refuse_id(wish: Wish, where: str, taken: set[str]) -> None:
    near = free_id(wish.id, taken)
    message = f"the id `{wish.id}` is taken: {where}. `--id {near}` is free."
    raise ProjectError([message])


def _complete(sampler: Sampler) -> Sampler:
    sampler.complete()
    faults = []
    for place in sampler.draft.failed:
        keys = [key for key in place if isinstance(key, str)]
        about = sampler.draft.schema.description_of(*keys)
        message = f"`{'.'.join(keys)}` is needed, and no value could be made up for it."
        faults.append(f"{message} {about} Give it with `--set {keys[0]}=...`.")
    if faults:
        raise ProjectError([" ".join(fault.split()) for fault in faults])
    return sampler


def _read(project: Project, path: str) -> str:
    try:
        return (project.root / path).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path} cannot be read; first mend what `stepwise check` finds"
        raise ProjectError([message]) from error


def _counted_up(
    navigation: Navigation, report: Report, kind: str, holder: Page
) -> dict[str, str]:
    """Return the texts of pages with their promised numbers one higher, where kept."""
    broken = {d.location for d in report.diagnostics if d.code is Code.TRACK_COUNT}
    pages = {page.path: page for page in (holder, navigation.home) if page}
    texts = {}
    for path, page in pages.items():
        promised = page.data.get("expects")
        number = promised.get(f"{kind}s") if isinstance(promised, dict) else None
        place = page.source.value_at("expects", f"{kind}s")
        if isinstance(number, int) and place not in broken:
            edits = value_edit(page.source, place, number, number + 1)
            texts[path] = apply_edits(_read(navigation.catalogue.project, path), edits)
    return texts


def _try(
    navigation: Navigation, report: Report, texts: Mapping[str, str], wish: Wish
) -> list[Diagnostic]:
    """Return what is left to mend by hand; raise for all that is worse."""
    catalogue = navigation.catalogue
    found = _rehearse(catalogue, texts, report)
    left = [
        d for d in found if d.code is Code.RECORD_UNUSED and f"`{wish.id}`" in d.message
    ]
    worse = [d for d in found if d not in left]
    if worse:
        first = f"the new {wish.kind} would break the toolkit, so nothing was written:"
        raise ProjectError([first, *_told(worse)])
    return left


def _rehearse(
    catalogue: Catalogue, texts: Mapping[str, str], report: Report
) -> list[Diagnostic]:
    change = writing(texts)
    return rehearse(catalogue.project, change, report.diagnostics, catalogue.today)


def _told(found: list[Diagnostic]) -> Iterator[str]:
    for diagnostic in found:
        place, code = diagnostic.location, diagnostic.code.value
        yield f"{place}: {diagnostic.message} [{code}]"
        yield f"  hint: {diagnostic.hint}"

"""Give a record another id, everywhere it is named.

A page's id is its file's name, so ``moving`` changes that.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from sphinx_stepwise.core.content.files import read_text
from sphinx_stepwise.core.diagnostics import Edit
from sphinx_stepwise.core.project import ProjectError
from sphinx_stepwise.core.rules.checks import check_project
from sphinx_stepwise.core.text.naming import is_id
from sphinx_stepwise.core.text.text_edits import apply_edits

if TYPE_CHECKING:
    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Record
    from sphinx_stepwise.core.diagnostics import Diagnostic, Report


def rename_record(
    catalogue: Catalogue, report: Report, record: Record, new: str, /
) -> list[Edit]:
    """Return the edits that give *record* the id *new*, in order of place.

    :param report: the findings that the toolkit has now.
    :raises ProjectError: when it cannot be done, or would add a finding.
    """
    if not is_id(new):
        raise ProjectError([f"`{new}` is no id: use a-z, 0-9 and `-`"])
    if other := catalogue.find((record.kind,), new):
        raise ProjectError([f"there is a {record.kind} `{new}` already: {other.path}"])
    places = {record.location}
    for ref in catalogue.references_to(record):
        if catalogue.find(ref.kinds, ref.target) is record:
            places.add(ref.location)
    edits = [Edit(place, record.id, new) for place in sorted(places)]
    if added := _findings(catalogue, report, edits):
        raise ProjectError(
            ["the new id would break the toolkit, so nothing was changed:"]
            + [f"{d.location}: {d.message} [{d.code.value}]" for d in added]
        )
    return edits


def _findings(
    catalogue: Catalogue, report: Report, edits: list[Edit]
) -> list[Diagnostic]:
    """Return the findings that the toolkit would have and has not yet."""
    project = catalogue.project
    texts = dict(project.texts)
    for path in {edit.location.path for edit in edits}:
        text, _ = read_text(project, project.root / path)
        here = [edit for edit in edits if edit.location.path == path]
        try:
            texts[path] = apply_edits(text or "", here)
        except (IndexError, ValueError) as error:
            fault = f"{here[0].location}: write the id plainly, so that it can be found"
            raise ProjectError([fault]) from error
    _, after = check_project(replace(project, texts=texts), catalogue.today)
    known = Counter(map(_told, report.diagnostics))
    return [d for d in after.diagnostics if not _take(known, _told(d))]


def _told(found: Diagnostic) -> tuple[str, str, str]:
    return found.code.value, found.location.path, found.message


def _take(known: Counter[tuple[str, str, str]], told: tuple[str, str, str]) -> bool:
    """Take one of what is *known*; return whether there was one."""
    known[told] -= 1
    return known[told] >= 0

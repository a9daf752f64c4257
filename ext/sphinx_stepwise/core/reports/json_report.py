"""A report as JSON of our own, for scripts; docs/manual.md tells its keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise import __version__
from sphinx_stepwise.core.codes import Severity
from sphinx_stepwise.core.printable import printable
from sphinx_stepwise.core.reports.tracking import fingerprints

if TYPE_CHECKING:
    from sphinx_stepwise.core.diagnostics import Diagnostic, Edit, Location
    from sphinx_stepwise.core.reports.excerpts import Sources
    from sphinx_stepwise.core.reports.selecting import Outcome

#: Raised when a key is taken away or changes its meaning; new keys may come.
VERSION: Final = 1


def render(outcome: Outcome, sources: Sources, /) -> str:
    """Return one JSON object: version, tool, summary and findings in order of place."""
    report = outcome.report
    marks = fingerprints(report, sources)
    document = {
        "version": VERSION,
        "tool": {"name": "stepwise", "version": __version__},
        "summary": {
            "pages": outcome.pages,
            "errors": report.count(Severity.ERROR),
            "warnings": report.count(Severity.WARNING),
            "infos": report.count(Severity.INFO),
            "switched_off": report.suppressed,
            "not_selected": outcome.deselected,
            "in_other_files": outcome.left_out,
        },
        "findings": [
            _finding(found, sources, mark)
            for found, mark in zip(report.diagnostics, marks, strict=True)
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _finding(found: Diagnostic, sources: Sources, mark: str) -> dict[str, Any]:
    end = found.location.column + len(sources.word(found.location))
    return {
        "code": found.code.value,
        "severity": found.severity.value,
        **_place(found.location),
        "end_column": end,
        "message": printable(found.message),
        "hint": printable(found.hint),
        "related": [_place(place) for place in found.related],
        "edits": [_edit(edit) for edit in found.edits],
        "fingerprint": mark,
    }


def _place(place: Location) -> dict[str, Any]:
    return {
        "path": printable(place.path),
        "line": place.line,
        "column": place.column,
    }


def _edit(edit: Edit) -> dict[str, Any]:
    # What is to be put in must come out as it is, line ends and all.
    old, new = (
        text.encode("utf-8", "replace").decode() for text in (edit.old, edit.new)
    )
    return {**_place(edit.location), "old": old, "new": new}

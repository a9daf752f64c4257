"""A report as GitLab's Code Quality JSON, for merge requests.

GitLab reads a subset of Code Climate's: description, check_name, fingerprint, severity
and location (GitLab's documentation, "Code Quality report format").
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.codes import Severity
from sphinx_stepwise.core.printable import printable
from sphinx_stepwise.core.reports.reporting import sentences
from sphinx_stepwise.core.reports.tracking import fingerprints, repository_prefix

if TYPE_CHECKING:
    from sphinx_stepwise.core.reports.excerpts import Sources
    from sphinx_stepwise.core.reports.selecting import Outcome

_SEVERITIES: Final = {
    Severity.ERROR: "major",
    Severity.WARNING: "minor",
    Severity.INFO: "info",
}


def render(outcome: Outcome, sources: Sources, /) -> str:
    """Return one JSON list with an object for each finding, in order of place."""
    prefix = repository_prefix(outcome.project.root)
    report = outcome.report
    marks = fingerprints(report, sources)
    issues = [
        {
            "description": sentences(found),
            "check_name": found.code.value,
            "fingerprint": mark,
            "severity": _SEVERITIES[found.severity],
            "location": {
                "path": printable(f"{prefix}{found.location.path}"),
                "lines": {"begin": found.location.line},
            },
        }
        for found, mark in zip(report.diagnostics, marks, strict=True)
    ]
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"

"""A report as workflow commands, which GitHub shows beside the lines.

The form and its escapes are those of GitHub's own runner and toolkit ("Workflow
commands for GitHub Actions", and ``packages/core/src/command.ts`` in actions/toolkit).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.codes import Severity
from sphinx_stepwise.core.printable import printable
from sphinx_stepwise.core.reports.tracking import repository_prefix

if TYPE_CHECKING:
    from sphinx_stepwise.core.diagnostics import Diagnostic
    from sphinx_stepwise.core.reports.excerpts import Sources
    from sphinx_stepwise.core.reports.selecting import Outcome

_COMMANDS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}


def render(outcome: Outcome, _: Sources, /) -> str:
    """Return one line for each finding, errors first.

    GitHub shows ten of each command in a step and fifty in a job, and drops the rest.
    """
    order = list(_COMMANDS)
    prefix = repository_prefix(outcome.project.root)
    ranked = sorted(
        outcome.report.diagnostics, key=lambda found: order.index(found.severity)
    )
    return "".join(f"{_command(found, prefix)}\n" for found in ranked)


def _command(found: Diagnostic, prefix: str) -> str:
    place = found.location
    properties = {
        "file": f"{prefix}{place.path}",
        "line": str(place.line),
        "col": str(place.column),
        "title": found.code.value,
    }
    stated = ",".join(f"{key}={_property(text)}" for key, text in properties.items())
    lines = [found.message, *(f"see also {other}" for other in found.related)]
    if found.hint:
        lines.append(f"hint: {found.hint}")
    said = "%0A".join(_data(line) for line in lines)
    return f"::{_COMMANDS[found.severity]} {stated}::{said}"


def _data(text: str) -> str:
    # Printable first: what is left of line ends would end the command.
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

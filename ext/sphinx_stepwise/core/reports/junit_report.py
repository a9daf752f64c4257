"""A report as JUnit's XML, which most services that run tests can show.

One test suite, one test case for each page and data file.  The form is that of the
Jenkins xUnit plugin's ``junit-10.xsd``; each case has one failure at most, since many
readers show no more.  It holds no times, so equal toolkits give equal reports.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sphinx_stepwise.core.codes import Severity
from sphinx_stepwise.core.content.files import find_data, find_pages
from sphinx_stepwise.core.content.redirects import addresses_file
from sphinx_stepwise.core.diagnostics import Report
from sphinx_stepwise.core.printable import printable
from sphinx_stepwise.core.reports.reporting import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_stepwise.core.diagnostics import Diagnostic
    from sphinx_stepwise.core.reports.excerpts import Sources
    from sphinx_stepwise.core.reports.selecting import Outcome


def render(outcome: Outcome, sources: Sources, /) -> str:
    """Return the XML; errors are failures, other findings are a case's output."""
    found = {
        path: list(group)
        for path, group in itertools.groupby(
            outcome.report.diagnostics, key=lambda found: found.location.path
        )
    }
    paths = sorted({*found, *_files(outcome)})
    suite = ET.Element("testsuite", name="stepwise check", tests=str(len(paths)))
    failures = 0
    for path in paths:
        case = ET.SubElement(
            suite, "testcase", name=printable(path), classname="stepwise"
        )
        failures += _fill(case, found.get(path, []), sources)
    suite.attrib |= {"failures": str(failures), "errors": "0", "skipped": "0"}
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'


def _files(outcome: Outcome) -> set[str]:
    """Return the files that were checked and are asked about."""
    project = outcome.project
    every = [*find_pages(project), addresses_file(project)]
    for name in project.collections:
        every += find_data(project, name)
    paths = {project.relative(file) for file in every if file.exists()}
    return {path for path in paths if outcome.scope.holds(path)}


def _fill(case: ET.Element, found: list[Diagnostic], sources: Sources) -> bool:
    """Write a file's findings into its case, and return whether it fails."""
    errors = [d for d in found if d.severity is Severity.ERROR]
    others = [d for d in found if d.severity is not Severity.ERROR]
    if errors:
        first = f"{errors[0].message} [{errors[0].code.value}]"
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        failure = ET.SubElement(
            case,
            "failure",
            type=errors[0].code.value,
            message=f"{printable(first)}{more}",
        )
        failure.text = _text(errors, sources)
    if others:
        ET.SubElement(case, "system-out").text = _text(others, sources)
    return bool(errors)


def _text(found: Iterable[Diagnostic], sources: Sources) -> str:
    return "\n".join(["", *text_lines(Report(tuple(found)), sources), ""])

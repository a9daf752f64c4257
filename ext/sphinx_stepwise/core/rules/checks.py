"""All rules, and the one function that both doors call.

A new rule is a new ``check_*`` generator over the navigation, entered in
:data:`CHECKS`; a new member of ``Code``; and a new smallest example under
``ext/sphinx_stepwise/examples/``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.content.loading import load_catalogue
from sphinx_stepwise.core.content.navigation import Navigation
from sphinx_stepwise.core.diagnostics import Report
from sphinx_stepwise.core.rules import (
    date_checks,
    list_checks,
    page_checks,
    reference_checks,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from sphinx_stepwise.core.diagnostics import Diagnostic
    from sphinx_stepwise.core.project import Project

CHECKS: Final[tuple[Callable[[Navigation], Iterator[Diagnostic]], ...]] = (
    list_checks.check_toolkit,
    page_checks.check_ids,
    page_checks.check_titles,
    page_checks.check_sections,
    reference_checks.check_references,
    list_checks.check_lists,
    list_checks.check_tracks,
    list_checks.check_order,
    reference_checks.check_records,
    reference_checks.check_links,
    date_checks.check_deadlines,
    date_checks.check_spans,
    list_checks.check_redirects,
)


def check_project(
    project: Project, today: dt.date | None = None, /
) -> tuple[Navigation, Report]:
    """Load and check a whole toolkit: what both doors call.

    :raises ProjectError: when settings or schemas are unusable.
    """
    catalogue, diagnostics = load_catalogue(project, today)
    navigation = Navigation(catalogue)
    for check in CHECKS:
        diagnostics += check(navigation)
    return navigation, Report.of(diagnostics, project.severities)

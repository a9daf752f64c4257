"""Write a report for people.  Floor 9."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_stepwise.core.codes import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.diagnostics import Report


def text_lines(report: Report, /) -> Iterator[str]:
    """Yield ``path:line:column: severity: message [code]`` and a hint for each."""
    for found in report.diagnostics:
        yield (
            f"{found.location}: {found.severity}: {found.message} [{found.code.value}]"
        )
        if found.hint:
            yield f"  hint: {found.hint}"


def summary_line(report: Report, pages: int, /) -> str:
    """Return one line that says how it went."""
    errors = report.count(Severity.ERROR)
    others = len(report.diagnostics) - errors
    counts = [_count(errors, "error")]
    if others:
        counts.append(_count(others, "other finding"))
    if report.suppressed:
        counts.append(f"{report.suppressed} switched off")
    return f"{_count(pages, 'page')} checked: {', '.join(counts)}"


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"

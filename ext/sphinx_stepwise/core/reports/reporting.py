"""Write a report for people, and say in one line how a run went."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.codes import Severity
from sphinx_stepwise.core.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.diagnostics import Diagnostic, Report
    from sphinx_stepwise.core.reports.excerpts import Sources

#: What is painted -> the parameters of "select graphic rendition" (ECMA-48, 8.3.117).
_STYLES: Final = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "place": "1",
    "faint": "2",
    "hint": "32",
}


def text_lines(
    report: Report, /, sources: Sources | None = None, *, colour: bool = False
) -> Iterator[str]:
    """Yield ``path:line:column: severity: message [code]`` for each finding.

    Further lines follow, indented: the source line with a mark under the place where
    there are *sources*, the finding's other ends, and a hint.
    """
    for found in report.diagnostics:
        place = _painted(f"{printable(str(found.location))}:", "place", colour)
        severity = _painted(f"{found.severity}:", found.severity, colour)
        code = _painted(f"[{found.code.value}]", "faint", colour)
        yield f"{place} {severity} {printable(found.message)} {code}"
        yield from _details(found, sources, colour=colour)


def _details(
    found: Diagnostic, sources: Sources | None, *, colour: bool
) -> Iterator[str]:
    excerpt = sources.excerpt(found.location) if sources else None
    if excerpt:
        yield excerpt.line
        yield f"{excerpt.margin}{_painted(excerpt.mark, found.severity, colour)}"
    for place in found.related:
        yield f"  see also {printable(str(place))}"
    if found.hint:
        yield f"  {_painted('hint:', 'hint', colour)} {printable(found.hint)}"


def _painted(text: str, style: str, colour: bool) -> str:  # noqa: FBT001
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour else text


def statistics_lines(report: Report, /) -> Iterator[str]:
    """Yield how many findings each code has, the most frequent first."""
    counts = Counter(found.code.value for found in report.diagnostics)
    width = len(str(max(counts.values(), default=0)))
    for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:>{width}} {code}"


def summary_line(
    report: Report, pages: int, /, *, deselected: int = 0, left_out: int = 0
) -> str:
    """Return one line that says how it went; whatever is not shown is counted."""
    errors = report.count(Severity.ERROR)
    others = len(report.diagnostics) - errors
    counts = [_count(errors, "error")]
    if others:
        counts.append(_count(others, "other finding"))
    if report.suppressed:
        counts.append(f"{report.suppressed} switched off")
    if deselected:
        counts.append(f"{deselected} not selected")
    if left_out:
        counts.append(f"{_count(left_out, 'finding')} in other files")
    return f"{_count(pages, 'page')} checked: {', '.join(counts)}"


def sentences(found: Diagnostic, /) -> str:
    """Return a finding's message and hint in one line, as formats without hints ask."""
    return printable(f"{found.message.rstrip('.')}. {found.hint}".strip())


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"

"""A report as SARIF 2.1.0, which code scanning and editors read.

Static Analysis Results Interchange Format, OASIS standard with errata 01; sections are
named where a rule of it is not obvious.  Nothing in it depends on the time or machine.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sphinx_stepwise import __version__
from sphinx_stepwise.core.codes import Code, Severity
from sphinx_stepwise.core.printable import printable
from sphinx_stepwise.core.reports.excerpts import LINE_END
from sphinx_stepwise.core.reports.reporting import sentences
from sphinx_stepwise.core.reports.tracking import fingerprints, repository_prefix
from sphinx_stepwise.core.rules.examples import load_example
from sphinx_stepwise.core.text.text_edits import span

if TYPE_CHECKING:
    from sphinx_stepwise.core.diagnostics import Diagnostic, Edit, Location
    from sphinx_stepwise.core.reports.excerpts import Sources
    from sphinx_stepwise.core.reports.selecting import Outcome

_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
    "sarif-schema-2.1.0.json"
)
_LEVELS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.OFF: "none",
}
_RULES: Final = tuple(Code)


def render(outcome: Outcome, sources: Sources, /) -> str:
    """Return a log with one run: every rule, and the findings in order of place."""
    report = outcome.report
    writer = _Writer(repository_prefix(outcome.project.root), sources)
    marks = fingerprints(report, sources)
    run = {
        "tool": {
            "driver": {
                "name": "stepwise",
                "version": __version__,
                "rules": [_rule(code) for code in _RULES],
            }
        },
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "results": [
            writer.result(found, mark)
            for found, mark in zip(report.diagnostics, marks, strict=True)
        ],
        "properties": {
            "pages": outcome.pages,
            "switchedOff": report.suppressed,
            "notSelected": outcome.deselected,
            "inOtherFiles": outcome.left_out,
        },
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(code: Code) -> dict[str, Any]:
    words = code.value.split("_")
    more = f"`stepwise check --explain {code.value}` shows an example."
    mend = "\n".join(load_example(code).mend())
    return {
        "id": code.value,
        "name": "".join(word.capitalize() for word in words),
        "shortDescription": {"text": " ".join(words).capitalize()},
        "fullDescription": {"text": code.reason},
        "help": {
            "text": f"{code.reason}\n\n{more}",
            "markdown": f"{code.reason}\n\n```diff\n{mend}\n```\n\n{more}",
        },
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
    }


class _Writer:
    """Writes findings as results."""

    def __init__(self, prefix: str, sources: Sources) -> None:
        self._prefix = prefix
        self._sources = sources

    def result(self, found: Diagnostic, mark: str) -> dict[str, Any]:
        """Return one finding as a result."""
        # Braces hold placeholders unless they are doubled (3.11.5).
        text = sentences(found).replace("{", "{{").replace("}", "}}")
        related = [
            {"id": number, **self._location(place)}
            for number, place in enumerate(found.related, start=1)
        ]
        if related:
            links = (
                f"[{_link_text(str(place))}]({number})"
                for number, place in enumerate(found.related, start=1)
            )
            text = f"{text} See also {', '.join(links)}."
        result: dict[str, Any] = {
            "ruleId": found.code.value,
            "ruleIndex": _RULES.index(found.code),
            "level": _LEVELS[found.severity],
            "message": {"text": text},
            "locations": [self._location(found.location)],
            "partialFingerprints": {"stepwise/v1": mark},
        }
        if related:
            result["relatedLocations"] = related
        if fix := self._fix(found):
            result["fixes"] = [fix]
        return result

    def _location(self, place: Location) -> dict[str, Any]:
        region = {"startLine": place.line, "startColumn": place.column}
        if word := self._sources.word(place):
            region["endColumn"] = place.column + len(word)
        artifact = self._artifact(place.path)
        return {"physicalLocation": {"artifactLocation": artifact, "region": region}}

    def _artifact(self, path: str) -> dict[str, str]:
        # File names are bytes; this is how Python spells those that are not UTF-8.
        raw = f"{self._prefix}{path}".encode("utf-8", "surrogateescape")
        return {"uri": quote(raw), "uriBaseId": "%SRCROOT%"}

    def _fix(self, found: Diagnostic) -> dict[str, Any] | None:
        """Return what would mend a finding, if every edit has its place."""
        changes: dict[str, list[dict[str, Any]]] = {}
        for edit in found.edits:
            text = self._sources.text(edit.location.path)
            try:
                start, end = span(text, edit)
            except ValueError:
                return None
            replacement = _replacement(text, start, end, edit)
            changes.setdefault(edit.location.path, []).append(replacement)
        if not changes:
            return None
        description = printable(found.hint or found.message)
        return {
            "description": {"text": description.replace("{", "{{").replace("}", "}}")},
            "artifactChanges": [
                {"artifactLocation": self._artifact(path), "replacements": replacements}
                for path, replacements in changes.items()
            ],
        }


def _replacement(text: str, start: int, end: int, edit: Edit) -> dict[str, Any]:
    first, last = (_line_and_column(text, at) for at in (start, end))
    ending = LINE_END.search(text)
    new = edit.new.replace("\n", ending[0] if ending else "\n")
    return {
        "deletedRegion": {
            "startLine": first[0],
            "startColumn": first[1],
            "endLine": last[0],
            "endColumn": last[1],
        },
        "insertedContent": {"text": new.encode("utf-8", "replace").decode()},
    }


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return the place of an offset; a byte-order mark does not count (3.30.2)."""
    lines = LINE_END.split(text[:offset].removeprefix("\ufeff"))
    return len(lines), len(lines[-1]) + 1


def _link_text(text: str) -> str:
    """Return *text* as the words of a link (3.11.6), with braces doubled."""
    for character in "\\[]":
        text = text.replace(character, f"\\{character}")
    return printable(text).replace("{", "{{").replace("}", "}}")

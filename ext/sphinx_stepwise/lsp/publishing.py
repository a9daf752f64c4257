"""Findings as the protocol has them.

Broken settings and schemas are findings here too, at the places that their faults name:
an editor has no other screen for them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from sphinx_stepwise.core.codes import Code, Severity
from sphinx_stepwise.core.diagnostics import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sphinx_stepwise.core.diagnostics import Diagnostic
    from sphinx_stepwise.lsp.documents import Document

SOURCE: Final = "stepwise"
_SEVERITIES: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
#: Editors draw what nothing refers to in a paler colour.
_TAGS: Final = {Code.RECORD_UNUSED: [types.DiagnosticTag.Unnecessary]}
_FAULT: Final = re.compile(r"(?s)(.+?):(\d+):(\d+): (.*)")


class Publisher:
    """Turns findings into the protocol's.

    :param document: returns the text of the file at a path.
    :param uri: returns the address of the file at a path.
    :param client: what the editor can show.
    """

    def __init__(
        self,
        document: Callable[[str], Document],
        uri: Callable[[str], str],
        client: types.ClientCapabilities,
    ) -> None:
        self._document, self._uri = document, uri
        text = client.text_document
        shown = text.publish_diagnostics if text else None
        self._relates = bool(shown and shown.related_information)
        self._tags = shown.tag_support.value_set if shown and shown.tag_support else ()

    def by_file(
        self, findings: Iterable[Diagnostic]
    ) -> dict[str, list[types.Diagnostic]]:
        """Return *findings* by the paths of their files."""
        found: dict[str, list[types.Diagnostic]] = {}
        for finding in findings:
            found.setdefault(finding.location.path, []).append(self.diagnostic(finding))
        return found

    def diagnostic(self, finding: Diagnostic) -> types.Diagnostic:
        """Return one finding."""
        tags = [t for t in _TAGS.get(finding.code, ()) if t in self._tags]
        return types.Diagnostic(
            range=self._document(finding.location.path).word(finding.location),
            message=f"{finding.message}\n{finding.hint}".strip(),
            severity=_SEVERITIES[finding.severity],
            code=finding.code.value,
            source=SOURCE,
            tags=tags or None,
            related_information=self._related(finding) or None,
        )

    def _related(self, finding: Diagnostic) -> list[types.DiagnosticRelatedInformation]:
        places = finding.related if self._relates else ()
        return [
            types.DiagnosticRelatedInformation(
                location=types.Location(
                    self._uri(place.path), self._document(place.path).word(place)
                ),
                message="the other place",
            )
            for place in places
        ]

    def faults(
        self, faults: Iterable[str]
    ) -> tuple[dict[str, list[types.Diagnostic]], list[str]]:
        """Return the faults of settings and schemas by file, and those without one."""
        found: dict[str, list[types.Diagnostic]] = {}
        rest = []
        for fault in faults:
            if at := _FAULT.fullmatch(fault):
                place = Location(at[1], int(at[2]), int(at[3]))
                diagnostic = types.Diagnostic(
                    range=self._document(place.path).word(place),
                    message=at[4],
                    severity=types.DiagnosticSeverity.Error,
                    source=SOURCE,
                )
                found.setdefault(place.path, []).append(diagnostic)
            else:
                rest.append(fault)
        return found, rest

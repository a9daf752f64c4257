"""What a finding is: code, severity, place, message, way out."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from sphinx_stepwise.core.codes import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx_stepwise.core.codes import Code


class Location(NamedTuple):
    """A place in a file; line and column count from 1.

    A tuple, as others of which there are tens of thousands: they are made faster.
    """

    #: Posix path relative to the project's root.
    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace *old*, which stands at a place or in quotes there, by *new*."""

    location: Location
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding."""

    code: Code
    location: Location
    #: What is wrong, in one line.
    message: str
    #: What to do about it, in one line.
    hint: str = ""
    severity: Severity = Severity.ERROR
    #: The other ends of a finding about two places.
    related: tuple[Location, ...] = ()
    #: What would mend it, where one mend is sure to be meant.
    edits: tuple[Edit, ...] = ()

    @property
    def sort_key(self) -> tuple[Location, str, str]:
        """By place, then code, so that two doors list alike."""
        return (self.location, self.code.value, self.message)


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one run, in order of place, with their severities."""

    diagnostics: tuple[Diagnostic, ...]
    #: Findings whose code is switched off: not shown, but counted.
    suppressed: int = 0

    @classmethod
    def of(
        cls,
        diagnostics: Iterable[Diagnostic],
        severities: Mapping[Code, Severity],
    ) -> Report:
        """Sort *diagnostics*, drop doubles and apply the project's *severities*."""
        rated = [
            dataclasses.replace(d, severity=severities.get(d.code, d.code.severity))
            for d in sorted(set(diagnostics), key=lambda d: d.sort_key)
        ]
        shown = tuple(d for d in rated if d.severity is not Severity.OFF)
        return cls(shown, len(rated) - len(shown))

    def count(self, severity: Severity) -> int:
        """Return how many findings have this severity."""
        return sum(d.severity is severity for d in self.diagnostics)

    @property
    def failed(self) -> bool:
        """Whether any finding is an error."""
        return any(d.severity is Severity.ERROR for d in self.diagnostics)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint with the nearest right names, or an empty string."""
    near = get_close_matches(word, sorted(known), n=3, cutoff=0.6)
    if not near:
        return ""
    return f"Did you mean {' or '.join(f'`{name}`' for name in near)}?"

"""Mend what is sure to be meant, and prove every mend by a check.

Mends are tried in memory.  One whose finding is still there afterwards, or which brings
a finding that was not there, is refused and told.  Files are only ever changed: none is
made, and nothing is deleted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.rules.checks import check_project
from sphinx_stepwise.core.schema.key_order import order_edits
from sphinx_stepwise.core.text.text_edits import apply_edits, span

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sphinx_stepwise.core.content.model import Page, Record
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.diagnostics import Diagnostic, Edit, Location, Report
    from sphinx_stepwise.core.project import Project

#: While these stand, a file's other findings and those of lists are held back, so what
#: comes up when they are mended was there before.
_HOLDS_BACK: Final = frozenset({Code.KIND_UNKNOWN, Code.FRONT_MATTER_YAML})
_UNLISTED: Final = frozenset(
    {
        *(Code.STAGE_UNLISTED, Code.STEP_UNLISTED),
        *(Code.GUIDEBOOK_UNLISTED, Code.PAGE_UNREACHABLE),
    }
)
_NUMBER: Final = re.compile(r"(?<![\w-])[0-9]+(?![\w-])")


@dataclass(frozen=True, slots=True)
class Mend:
    """A change that stands or falls as one."""

    location: Location
    edits: tuple[Edit, ...]
    #: What it mends; ``None`` where it puts keys in order.
    finding: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class Mended:
    """What came of mending a toolkit."""

    navigation: Navigation
    #: What is left.
    report: Report
    #: File, relative to the root -> (old text, new text), only where they differ.
    texts: Mapping[str, tuple[str, str]]
    made: tuple[Mend, ...]
    #: Mends that were not made, and why.
    refused: tuple[tuple[Mend, str], ...]


@dataclass(frozen=True, slots=True)
class _Trial:
    """The toolkit with some mends made."""

    navigation: Navigation
    report: Report
    texts: Mapping[str, str]
    mends: tuple[Mend, ...] = ()
    #: What speaks against them.
    fault: str = ""


def mend_project(
    project: Project,
    today: dt.date | None = None,
    holds: Callable[[str], bool] | None = None,
    /,
) -> Mended:
    """Mend all that can be mended, and put keys in the order of their schemas.

    :param holds: whether a file is one whose findings and keys are to be mended, which
        all are unless said; a finding's mend may be in another file.
    :raises ProjectError: when settings or schemas are unusable.
    """
    mender = _Mender(project, today, holds or (lambda _: True))
    # Every round that goes on has made a mend, and each mend takes a finding away and
    # brings none, or uncovers a file, or orders keys; so there is a last one.
    while mender.go_round():
        pass
    return mender.result()


@dataclass(slots=True)
class _Mender:
    """Makes rounds of mends."""

    project: Project
    today: dt.date | None
    holds: Callable[[str], bool]
    now: _Trial = field(init=False)
    made: list[Mend] = field(default_factory=list)
    #: Of the mends that the toolkit as it is now asks for, those that do not do.
    refused: dict[Mend, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now = _Trial(*check_project(self.project, self.today), {})

    def go_round(self) -> bool:
        """Make the mends that can be made together; whether there were any to try."""
        batch = self._batch()
        kept = self._prove(self.now, batch)
        if kept.mends:
            self.made += kept.mends
            self.now = replace(kept, mends=())
            self.refused.clear()
        return bool(batch)

    def result(self) -> Mended:
        """Return what came of it."""
        texts = {
            path: (self._file_text(path), text) for path, text in self.now.texts.items()
        }
        return Mended(
            self.now.navigation,
            self.now.report,
            {path: pair for path, pair in texts.items() if pair[0] != pair[1]},
            tuple(sorted(self.made, key=lambda mend: mend.location)),
            tuple(self.refused.items()),
        )

    def _batch(self) -> list[Mend]:
        """Return the next mends, of which no two are about the same text."""
        found = [
            Mend(d.location, d.edits, d)
            for d in self.now.report.diagnostics
            if d.edits and self.holds(d.location.path)
        ]
        first = [m for m in found if m.finding and m.finding.code in _HOLDS_BACK]
        # A list that is misspelt, or has a page's old id, names what seems unlisted.
        second = [m for m in found if m.finding and m.finding.code not in _UNLISTED]
        for mends in (first, second, found, self._orders()):
            if batch := list(self._apart(m for m in mends if m not in self.refused)):
                return batch
        return []

    def _orders(self) -> Iterator[Mend]:
        catalogue = self.now.navigation.catalogue
        items: list[Page | Record] = [*catalogue.pages, *catalogue.records]
        for item in {item.path: item for item in items}.values():
            schema = catalogue.schemas[item.kind]
            edits = order_edits(item.source, schema) if self.holds(item.path) else ()
            if edits:
                yield Mend(edits[0].location, edits)

    def _apart(self, mends: Iterable[Mend]) -> Iterator[Mend]:
        taken: dict[str, list[tuple[int, int]]] = {}
        for mend in mends:
            try:
                spans = [(e.location.path, *self._span(e)) for e in mend.edits]
            except (OSError, ValueError) as error:
                self.refused[mend] = str(error)
                continue
            if not any(
                start < other_end and other_start < end
                for path, start, end in spans
                for other_start, other_end in taken.get(path, ())
            ):
                for path, *place in spans:
                    taken.setdefault(path, []).append((place[0], place[1]))
                yield mend

    def _span(self, edit: Edit) -> tuple[int, int]:
        return span(self._text(edit.location.path), edit)

    def _text(self, path: str) -> str:
        text = self.now.texts.get(path)
        return self._file_text(path) if text is None else text

    def _file_text(self, path: str) -> str:
        if path in self.project.texts:
            return self.project.texts[path]
        return (self.project.root / path).read_bytes().decode("utf-8")

    def _prove(self, kept: _Trial, mends: Sequence[Mend]) -> _Trial:
        """Return the trial of *kept* mends and those of *mends* that do no harm."""
        if not mends:
            return kept
        trial = self._try((*kept.mends, *mends))
        if not trial.fault:
            return trial
        if len(mends) == 1:
            self.refused[mends[0]] = trial.fault
            return kept
        half = len(mends) // 2
        return self._prove(self._prove(kept, mends[:half]), mends[half:])

    def _try(self, mends: tuple[Mend, ...]) -> _Trial:
        edits: dict[str, list[Edit]] = {}
        for edit in (edit for mend in mends for edit in mend.edits):
            edits.setdefault(edit.location.path, []).append(edit)
        texts = {path: apply_edits(self._text(path), e) for path, e in edits.items()}
        texts = {**self.now.texts, **texts}
        changed = replace(self.project, texts={**self.project.texts, **texts})
        navigation, report = check_project(changed, self.today)
        fault = _fault([m.finding for m in mends if m.finding], self.now.report, report)
        return _Trial(navigation, report, texts, mends, fault)


def _fault(findings: Sequence[Diagnostic], before: Report, after: Report) -> str:
    """Return what is wrong with mends of *findings*, or nothing."""
    old, new = (Counter(map(_told, r.diagnostics)) for r in (before, after))
    uncovered = False
    for told, number in Counter(map(_told, findings)).items():
        holds_back = told[0] in _HOLDS_BACK
        uncovered |= holds_back
        if holds_back and not _places(findings) & _places(after.diagnostics):
            continue  # there may be another of its kind further down
        if new[told] > old[told] - number:
            return "the finding would still be there"
    for found in after.diagnostics:
        if new[_told(found)] > old[_told(found)] and not uncovered:
            return f"it would bring: {found.message} [{found.code.value}]"
    return ""


def _told(found: Diagnostic) -> tuple[Code, str, str]:
    """Return what a finding is but for places and counts, which other mends move."""
    return found.code, found.location.path, _NUMBER.sub("0", found.message)


def _places(findings: Iterable[Diagnostic]) -> set[tuple[str, int]]:
    held = [found.location for found in findings if found.code in _HOLDS_BACK]
    return {(place.path, place.line) for place in held}

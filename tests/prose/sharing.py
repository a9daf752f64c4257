"""Words that two steps share.  A step points to another instead of repeating it."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from prose.reading import GAP
from prose.rules import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prose.reading import Place, Prose

LONGEST_RUN: Final = 8
OVERLAP_RUN: Final = 5
MOST_OVERLAP: Final = 0.03

_WORD: Final = re.compile(r"[a-z0-9£]+(?:['\u2019][a-z]+)?")

Run = tuple[str, ...]


def check_sharing(pages: Sequence[Prose], /) -> Iterator[Finding]:
    """Yield long runs of words, and many short ones, that two steps share.

    The later of the two gets the finding.  Words of records and titles do not count,
    nor do the headings that every step has.
    """
    steps = [page for page in pages if page.kind == "step"]
    yield from _repeated(steps)
    yield from _overlaps(steps)


def _repeated(steps: list[Prose]) -> Iterator[Finding]:
    seen: dict[Run, Prose] = {}
    for step in steps:
        told: set[Place] = set()
        for run, places in runs(step, LONGEST_RUN + 1):
            first = seen.setdefault(run, step)
            if first is not step:
                if places[0] not in told:  # not each run of one long passage
                    words = " ".join(run)
                    message = f"`{words}` stands in {first.path} as well"
                    yield Finding(step.path, places[0], "repeated-run", message, words)
                told |= set(places)


def _overlaps(steps: list[Prose]) -> Iterator[Finding]:
    short = [(step, {run for run, _ in runs(step, OVERLAP_RUN)}) for step in steps]
    for (first, mine), (second, others) in itertools.combinations(short, 2):
        shared = mine & others
        share = len(shared) / max(1, min(len(mine), len(others)))
        if share >= MOST_OVERLAP:
            some = "; ".join(" ".join(run) for run in sorted(shared)[:3])
            message = f"{share:.1%} of its wording is that of {first.path}: {some}"
            yield Finding(second.path, (1, 1), "overlap", message)


def runs(page: Prose, length: int, /) -> Iterator[tuple[Run, tuple[Place, ...]]]:
    """Yield the runs of *length* words in a page's own words, with their places."""
    for block in page.blocks:
        if block.kind == "heading":
            continue
        offset = 0
        for part in re.split(f"({GAP}+)", block.own):
            found = list(_WORD.finditer(part.lower()))
            for at in range(len(found) - length + 1):
                window = found[at : at + length]
                places = tuple(block.place(offset + m.start()) for m in window)
                yield tuple(m[0] for m in window), places
            offset += len(part)

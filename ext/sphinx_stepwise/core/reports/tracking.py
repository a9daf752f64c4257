"""How other tools know a finding and its file again.

They read paths from the top of the repository, where a toolkit may be one folder of
several, and tell an old finding from a new one by a fingerprint.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_stepwise.core.diagnostics import Diagnostic, Report
    from sphinx_stepwise.core.reports.excerpts import Sources

#: A line and a column, as messages name other places.
_PLACE: Final = re.compile(r":\d+:\d+")


def repository_prefix(root: Path, /) -> str:
    """Return the way from the top of the repository to *root*, such as ``docs/``."""
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            return "".join(f"{part}/" for part in root.relative_to(folder).parts)
    return ""


def fingerprints(report: Report, sources: Sources, /) -> list[str]:
    """Return a fingerprint for each finding, in their order; no two are equal.

    Made of file, code, message and the word at the place, but of no line number: what
    is put in above moves no finding.  Findings alike in all that are numbered.
    """
    seen: Counter[str] = Counter()
    found = []
    for diagnostic in report.diagnostics:
        about = _about(diagnostic, sources)
        seen[about] += 1
        text = f"{about}\0{seen[about]}"
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
        found.append(digest.hexdigest()[:32])
    return found


def _about(found: Diagnostic, sources: Sources) -> str:
    message = _PLACE.sub("", found.message)
    word = sources.word(found.location)
    return f"{found.location.path}\0{found.code.value}\0{message}\0{word}"

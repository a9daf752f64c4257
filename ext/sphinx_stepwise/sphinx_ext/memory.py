"""What a run must know of the run before: broken pages, and what was written.

Sphinx forgets warnings of pages that it does not read again, so a second build
of a broken toolkit would pass.  Every page with a finding is therefore remembered
in a small file beside the doctrees and read again until it is mended.  Warnings of
the writing phase come after the environment is pickled; hence a file of our own.
"""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.logging import is_suppressed_warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx

VERSION = 1
#: Remembered for a warning that names no page: read everything again.
EVERYWHERE = "*"


class Memory:
    """The file ``stepwise.json`` beside the doctrees; one part for each builder."""

    def __init__(self, file: Path, builder: str) -> None:
        self._file = file
        self._builder = builder
        self._builders: dict[str, dict[str, Any]] = {}
        try:
            stored = json.loads(file.read_text("utf-8"))
            if stored["version"] == VERSION:
                self._builders = dict(stored["builders"])
        except (OSError, ValueError, KeyError, TypeError):
            pass  # The first run, or an older shape: nothing is remembered.

    @property
    def findings(self) -> set[str]:
        """Docnames that had findings when any builder last ran."""
        parts = self._builders.values()
        return {name for part in parts for name in part.get("findings", ())}

    @property
    def written(self) -> dict[str, str]:
        """Fingerprints of the pages that this builder wrote, by docname."""
        return dict(self._builders.get(self._builder, {}).get("written", {}))

    @property
    def redirects(self) -> set[str]:
        """Old addresses at which this builder wrote a redirect."""
        return set(self._builders.get(self._builder, {}).get("redirects", ()))

    @property
    def wholes(self) -> set[str]:
        """Pages with all steps of a guidebook that this builder wrote."""
        return set(self._builders.get(self._builder, {}).get("wholes", ()))

    def save(
        self,
        findings: set[str],
        written: dict[str, str],
        redirects: set[str],
        wholes: set[str],
    ) -> None:
        """Store what this builder found and wrote."""
        part = {
            "findings": sorted(findings),
            "written": written,
            "redirects": sorted(redirects),
            "wholes": sorted(wholes),
        }
        self._builders[self._builder] = part
        content = {"version": VERSION, "builders": self._builders}
        self._file.write_text(json.dumps(content, sort_keys=True), "utf-8")


class FindingsHandler(logging.Handler):
    """Notes which pages have warnings, and fails the build where they must."""

    def __init__(self, app: Sphinx) -> None:
        super().__init__(logging.WARNING)
        self._app = app
        self.docnames: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of one warning or error of Sphinx or an extension.

        Warnings of parallel workers arrive here too: Sphinx hands them on.
        """
        kind = getattr(record, "type", None) or ""
        subtype = getattr(record, "subtype", None) or ""
        ours = kind == "stepwise"
        suppress = self._app.config.suppress_warnings
        if not ours and is_suppressed_warning(kind, subtype, suppress):
            return
        if ours and record.levelno >= logging.ERROR:
            self._app.statuscode = 1
        if not ours and self._app.config.stepwise_fail_on_warning:
            self._app.statuscode = 1
        docname = self._docname(getattr(record, "location", None))
        if ours and docname == EVERYWHERE:
            return  # in data or settings; the checks find it on every run
        self.docnames.add(docname)

    def _docname(self, location: Any) -> str:
        """Return the page that a warning is about.

        Sphinx gives a node, a (docname, line), a docname or ``path:line``.
        """
        if isinstance(location, nodes.Node):
            location = nodes_source(location)
        elif isinstance(location, tuple):
            location = location[0]
        if not isinstance(location, str) or not location:
            return EVERYWHERE
        path = re.sub(r"(:\d+)+:?$", "", location)
        env = self._app.env
        if path in env.found_docs:
            return path
        return env.path2doc(Path(self._app.confdir, path)) or EVERYWHERE


def nodes_source(node: nodes.Node) -> str | None:
    """Return the file of the nearest node that knows it."""
    current: nodes.Node | None = node
    while current is not None:
        if source := getattr(current, "source", None):
            return str(source)
        current = current.parent
    return None

"""What a build reports, as lines of JSON in the file that ``stepwise_findings`` names.

For programs that show findings, such as ``sphinx_stepwise.live``.  Each is written as
soon as it is known, so the file also tells why a build stopped.  One object a line:
``path``, ``line`` and ``column`` (0 where unknown), ``severity``, ``message``,
``hint``, ``code`` such as ``stepwise.schema`` or ``myst.xref_missing``, and ``page``,
the address of the page below the output's root.
"""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

from docutils import nodes
from sphinx.util.logging import (
    NAMESPACE,
    OnceFilter,
    get_node_location,
    is_suppressed_warning,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_PLACE: Final = re.compile(r"(?P<path>.+?)(:(?P<line>\d+))?(:(?P<column>\d+))?:?")
#: Unusable settings are texts that begin with their place.
_FAULT: Final = re.compile(r"(?s)(\S+:\d+:\d+): (.*)")


def register(app: Sphinx) -> None:
    """Declare the setting, and begin to write where it names a file.

    At once and not at ``builder-inited``, so that unusable settings are written too.
    """
    app.add_config_value(
        "stepwise_findings",
        default="",
        rebuild="",
        types=str,
        description="A file to which each finding is written as a line of JSON.",
    )
    if file := app.config.stepwise_findings:
        handler = FindingsFile(app, Path(file))
        logging.getLogger(NAMESPACE).addHandler(handler)
        app.connect("build-finished", handler.finish, priority=999)


class FindingsFile(logging.FileHandler):
    """Writes the warnings of Sphinx and extensions, and all findings of our own."""

    def __init__(self, app: Sphinx, file: Path) -> None:
        super().__init__(file, mode="w", encoding="utf-8")
        self._app = app
        #: Sphinx hands on again what was logged while it held its own output back.
        self._seen: WeakSet[logging.LogRecord] = WeakSet()
        self.addFilter(self._is_news)
        self.addFilter(OnceFilter())

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Close the file."""
        logging.getLogger(NAMESPACE).removeHandler(self)
        self.close()

    def format(self, record: logging.LogRecord) -> str:
        """Return the finding as a line of JSON."""
        code = _code(record)
        # Sphinx's own way to a message puts place and severity before it, and its
        # handlers may have put the code behind it.
        text = logging.LogRecord.getMessage(record).removesuffix(f" [{code}]")
        location = self._location(getattr(record, "location", None))
        if not location and (fault := _FAULT.fullmatch(text)):
            location, text = fault.groups()
        place = _PLACE.fullmatch(location)
        path = self._relative(place["path"]) if place else ""
        message, _, hint = text.partition("\n  hint: ")
        return json.dumps(
            {
                "path": path,
                "line": int(place["line"] or 0) if place else 0,
                "column": int(place["column"] or 0) if place else 0,
                "severity": record.levelname.lower(),
                "message": message,
                "hint": hint,
                "code": code,
                "page": self._page(path),
            }
        )

    def _is_news(self, record: logging.LogRecord) -> bool:
        """Whether the record is a finding that was not written yet."""
        if record in self._seen:
            return False
        self._seen.add(record)
        kind, _, subtype = _code(record).partition(".")
        if is_suppressed_warning(kind, subtype, self._app.config.suppress_warnings):
            return False
        return record.levelno >= logging.WARNING or kind == "stepwise"

    def _location(self, location: Any) -> str:
        """Return ``path:line:column``, as far as it is known.

        Sphinx gives a node, a (docname, line), a docname or ``path:line``.
        """
        if isinstance(location, nodes.Node):
            return get_node_location(location) or ""
        docname, line = location if isinstance(location, tuple) else (location, None)
        if not docname:
            return ""
        env = getattr(self._app, "env", None)
        if env is None or docname not in env.found_docs:
            return str(docname)
        return f"{env.doc2path(docname)}:{line}" if line else str(env.doc2path(docname))

    def _relative(self, path: str) -> str:
        """Return *path* as our findings show it: posix, relative to the root."""
        file = Path(self._app.confdir, path)
        if file.is_relative_to(self._app.confdir):
            return file.relative_to(self._app.confdir).as_posix()
        return path

    def _page(self, path: str) -> str:
        """Return the address of the page that is made from *path*, if one is."""
        env = getattr(self._app, "env", None)
        if env is None or not path:
            return ""
        docname = env.path2doc(Path(self._app.confdir, path))
        known = docname in env.found_docs
        return self._app.builder.get_target_uri(docname) if known else ""


def _code(record: logging.LogRecord) -> str:
    """Return the type of a warning, as Sphinx shows it."""
    names = (getattr(record, "type", None), getattr(record, "subtype", None))
    return ".".join(str(name) for name in names if name)

"""Where a toolkit's things are, and its settings.

Settings stand in ``[tool.stepwise]`` of the project's ``pyproject.toml`` and are
read by both doors, the command and the Sphinx extension::

    [tool.stepwise]
    source = "source"               # pages and data
    schemas = "schemas"             # <kind>.schema.json, <record>.schema.json
    exclude = ["drafts/**"]         # glob patterns of pages to leave alone
    days_ahead = 60                 # when a deadline is announced

    [tool.stepwise.severity]        # error, warning, info or off, by code
    record_unused = "error"

    [tool.stepwise.collections]     # collection = the word for one record
    teams = "team"                  # source/data/teams.yml, {team}`it`
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.core.codes import Code, Severity
from sphinx_stepwise.core.diagnostics import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: The kinds of page; the only names of content that the engine knows.
KINDS: Final = ("toolkit", "stage", "step", "guidebook", "page")
_KNOWN_KEYS: Final = (
    *("source", "schemas", "data", "exclude"),
    *("severity", "collections", "days_ahead"),
)
_CODES: Final = {code.value: code for code in Code}
_WORD: Final = re.compile(r"[a-z][a-z0-9-]*")


class ProjectError(Exception):
    """Settings or schemas are unusable, so nothing can be checked.

    ``faults`` holds all of them, one ``path:line:column: message`` each.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A toolkit on disk.  Paths are absolute."""

    root: Path
    source: Path
    schemas: Path
    data: Path
    exclude: tuple[str, ...] = ()
    severities: Mapping[Code, Severity] = field(default_factory=dict)
    #: Days before a deadline from which it is announced.
    days_ahead: int = 60
    #: Collection name to the word for one of its records: teams -> team.
    collections: Mapping[str, str] = field(default_factory=dict)
    #: Texts that stand for those of files, by path relative to the root: what an
    #: editor has not saved, or what a change would make.
    texts: Mapping[str, str] = field(default_factory=dict)

    def split_role(self, role: str, /) -> tuple[str, str] | None:
        """Return the word for a record and the property that *role* names.

        ``oven`` shows a record's text and has no property; ``oven-heat`` has one.
        ``None`` where the role is no record's.
        """
        for word in self.collections.values():
            if role == word or role.startswith(f"{word}-"):
                return word, role.removeprefix(word).removeprefix("-")
        return None

    def relative(self, path: Path, /) -> str:
        """Return *path* as messages show it: posix, relative to the root."""
        if path.is_relative_to(self.root):
            return path.relative_to(self.root).as_posix()
        return path.as_posix()


def find_root(start: Path, /) -> Path:
    """Return the nearest folder at or above *start* that holds settings.

    :raises ProjectError: where there is none.
    """
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if file.is_file() and "[tool.stepwise" in file.read_text("utf-8", "replace"):
            return folder
    fault = f"{start}: no pyproject.toml with a [tool.stepwise] table here or above"
    raise ProjectError([fault])


def load_project(root: Path, /) -> Project:
    """Read the settings of the toolkit in *root*.

    :raises ProjectError: naming every unusable setting.
    """
    root = root.resolve()
    file = root / "pyproject.toml"
    try:
        text = file.read_text("utf-8")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProjectError([f"pyproject.toml:1:1: {error}"]) from error
    settings = tables.get("tool", {}).get("stepwise", {})
    faults = [
        f"pyproject.toml:{_line_of(text, key)}:1: {message}"
        for key, message in _faults(settings, root)
    ]
    if faults:
        raise ProjectError(faults)
    source = root / settings.get("source", "source")
    return Project(
        root=root,
        source=source,
        schemas=(root / settings.get("schemas", "schemas")).resolve(),
        data=root / settings["data"] if "data" in settings else source / "data",
        exclude=tuple(settings.get("exclude", ())),
        severities={
            _CODES[code]: Severity(level)
            for code, level in settings.get("severity", {}).items()
        },
        days_ahead=settings.get("days_ahead", 60),
        collections=dict(settings.get("collections", {})),
    )


def _line_of(text: str, key: str) -> int:
    """Return the line that sets *key* below a ``[tool.stepwise`` heading, or 1."""
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("["):
            inside = line.startswith("[tool.stepwise")
            if inside and line.rstrip("] ").endswith(f".{key}"):
                return number
        elif inside and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
            return number
    return 1


def _faults(settings: Any, root: Path) -> Iterator[tuple[str, str]]:
    """Yield (key, message) for every setting that cannot be used."""
    if not isinstance(settings, dict):
        yield "stepwise", "[tool.stepwise] must be a table"
        return
    for key in settings.keys() - set(_KNOWN_KEYS):
        yield key, f"unknown setting `{key}`. {did_you_mean(key, _KNOWN_KEYS)}".strip()
    for key, default in (("source", "source"), ("schemas", "schemas")):
        folder = settings.get(key, default)
        if not isinstance(folder, str) or not (root / folder).is_dir():
            yield key, f"`{key}` must name a folder; there is no folder `{folder}`"
    if not isinstance(settings.get("data", ""), str):
        yield "data", "`data` must name a folder"
    days = settings.get("days_ahead", 60)
    if not isinstance(days, int) or isinstance(days, bool) or days < 0:
        yield "days_ahead", "`days_ahead` must be a whole number of days"
    exclude = settings.get("exclude", [])
    if not _is_texts(exclude):
        yield "exclude", "`exclude` must be a list of glob patterns"
    yield from _severity_faults(settings.get("severity", {}))
    yield from _collection_faults(settings.get("collections", {}))


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _severity_faults(table: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(table, dict):
        yield "severity", "`severity` must be a table of code = level"
        return
    for code, level in table.items():
        if code not in _CODES:
            yield code, f"unknown code `{code}`. {did_you_mean(code, _CODES)}".strip()
        if level not in list(Severity):
            yield code, f"`{level}` is no severity; use {', '.join(Severity)}"


def _collection_faults(table: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(table, dict):
        yield "collections", "`collections` must be a table of collection = record"
        return
    words: dict[str, str] = {}
    for name, word in table.items():
        if not isinstance(word, str) or not _WORD.fullmatch(word):
            yield name, f"the word for one record of `{name}` must be a-z, 0-9 and `-`"
        elif word in KINDS:
            yield name, f"`{word}` is a kind of page already; choose another word"
        elif other := words.get(word):
            yield name, f"`{word}` names a record of `{other}` already"
        else:
            words[word] = name

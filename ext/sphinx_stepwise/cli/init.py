"""``stepwise init``: begin a toolkit of one's own, from a small one that works."""

from __future__ import annotations

import re
import shlex
import tempfile
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.cli import common
from sphinx_stepwise.core.project import ProjectError

if TYPE_CHECKING:
    import argparse
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

#: What the starter says, to be replaced by what its new owner says.
_TITLE: Final = "A first vegetable bed"
_NAME: Final = "a-first-vegetable-bed"
_DAY: Final = "2026-01-01"


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "init",
        help="begin a toolkit of your own",
        description="Write a small toolkit that checks clean and builds, as a place to "
        "start from.  A folder with anything in it is refused.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder")
    parser.add_argument("--title", default=_TITLE, help="what your toolkit is called")
    common.add_as_of(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the starter, and say what to do next."""
    from sphinx_stepwise.cli.printing import say
    from sphinx_stepwise.core.dates import today_of

    folder: Path = arguments.folder
    # A repository that was made a moment ago is empty enough.
    if folder.exists() and (
        not folder.is_dir() or {file.name for file in folder.iterdir()} - {".git"}
    ):
        message = f"{folder} is there already; name a folder that is new or empty"
        raise ProjectError([message])
    today = today_of(arguments.as_of)
    texts = starter_texts(arguments.title, today)
    _rehearse(texts, today)
    try:
        _write(texts, folder)
    except OSError as error:
        message = f"{error.filename}: cannot be written: {error.strerror}"
        raise ProjectError([message]) from error
    say(
        f"{folder}: a toolkit of {len(texts)} files, which is yours to change",
        "Next:",
        f"- cd {shlex.quote(str(folder))}",
        "- stepwise check",
        "- sphinx-build -M html source build -c .",
        '- stepwise new step "..."',
        "README.md says more.",
    )
    return common.CLEAN


def starter_texts(title: str, today: dt.date, /) -> dict[str, str]:
    """Return the starter's files by path, with a *title* of their own and today's day.

    :raises ProjectError: where no toolkit can have that title.
    """
    from sphinx_stepwise.core.text.naming import id_of
    from sphinx_stepwise.core.writing.scaffolding import scalar

    title = " ".join(title.split())
    if not title or not title.isprintable():
        raise ProjectError([f"{title!r} cannot be a title"])
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    changes = {
        f'"{_TITLE}"': f'"{quoted}"',  # Python's spelling
        f"title: {_TITLE}": f"title: {scalar(title)}",
        _TITLE: title,
        f'"{_NAME}"': f'"{id_of(title) or "toolkit"}"',
        _DAY: today.isoformat(),
    }
    starter = resources.files("sphinx_stepwise") / "starter"
    return {path: _changed(text, changes) for path, text in _files(starter, "")}


def _changed(text: str, changes: Mapping[str, str]) -> str:
    """Make all changes at once, the longest first: what is new is not changed again."""
    old = "|".join(map(re.escape, sorted(changes, key=len, reverse=True)))
    return re.sub(old, lambda found: changes[found[0]], text)


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            if entry.name != "__pycache__":  # which an installer may have made
                yield from _files(entry, f"{path}{entry.name}/")
        else:
            yield f"{path}{entry.name}", entry.read_text("utf-8")


def _rehearse(texts: Mapping[str, str], today: dt.date) -> None:
    """Raise for whatever would be found in the new toolkit, such as a long title."""
    from sphinx_stepwise.core.project import load_project
    from sphinx_stepwise.core.rules.checks import check_project

    with tempfile.TemporaryDirectory(prefix="stepwise-") as name:
        _write(texts, Path(name))
        _, report = check_project(load_project(Path(name)), today)
    if report.diagnostics:
        raise ProjectError(
            ["nothing was written, because this would be found:"]
            + [f"{d.location}: {d.message}. {d.hint}" for d in report.diagnostics]
        )


def _write(texts: Mapping[str, str], folder: Path) -> None:
    for path, text in texts.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

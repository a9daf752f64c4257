"""The real toolkit as a site with an address, built once for many tests."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from builds import Builder
from filelock import FileLock
from hostile import BASE
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from builds import Result
    from sphinx_stepwise.core.content.navigation import Navigation

REPOSITORY = Path(__file__).parents[2]
MAKERS = """
stepwise_publisher = {"name": "Bakers' guild", "url": "https://example.org/guild"}
stepwise_author = {"name": "A. Baker", "type": "Person"}
"""


class Site(NamedTuple):
    """A toolkit, built."""

    root: Path
    built: Result
    navigation: Navigation


def shared_site(folder: Path) -> Site:
    """Return the real toolkit as it is built in *folder*; who asks first builds it."""
    folder.mkdir(exist_ok=True)
    root, record = folder / "toolkit", folder / "built.pickle"
    with FileLock(folder / "lock"):
        if not record.is_file():
            record.write_bytes(pickle.dumps(_build(root, folder / "out")))
    built: Result = pickle.loads(record.read_bytes())
    return Site(root, built, check_project(load_project(root))[0])


def _build(root: Path, out: Path) -> Result:
    """Build a copy of the real toolkit, with an address and makers."""
    for name in ("source", "schemas"):
        shutil.copytree(REPOSITORY / name, root / name, dirs_exist_ok=True)
    for name in ("pyproject.toml", "conf.py"):
        shutil.copy(REPOSITORY / name, root)
    conf = root / "conf.py"
    conf.write_text(f"{conf.read_text('utf-8')}\n{MAKERS}", "utf-8")
    built = Builder(out)(root, "html", "-D", f"html_baseurl={BASE}")
    assert built.code == 0, built.warnings
    return built

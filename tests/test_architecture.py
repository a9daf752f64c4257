"""The house stands as docs/architecture.md says."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "ext" / "sphinx_stepwise"
CORE = sorted(p.stem for p in (PACKAGE / "core").glob("*.py") if p.stem != "__init__")
MODULES = sorted(PACKAGE.rglob("*.py"))

#: Modules import only from lower floors, as core/__init__.py tells.
FLOORS = [
    ["codes", "diagnostics"],
    ["dates", "yaml_source", "body", "frontmatter", "project", "schemas"],
    ["schema_store", "model"],
    ["validation", "files", "git", "text_edits"],
    ["catalogue", "loading"],
    ["navigation", "freshness", "redirects"],
    ["views", "record_views"],
    ["page_checks", "reference_checks", "list_checks", "date_checks"],
    ["checks"],
    ["differences", "touched", "reporting", "comparison", "reviewing", "moving"],
]


def imports(module: Path) -> set[str]:
    tree = ast.parse(module.read_text("utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("name", CORE)
def test_core_module_imports_without_sphinx(name: str) -> None:
    code = (
        "import sys\n"
        "for name in ('sphinx', 'docutils', 'myst_parser'): sys.modules[name] = None\n"
        f"import sphinx_stepwise.core.{name}\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_core_module_has_a_floor() -> None:
    assert sorted(name for floor in FLOORS for name in floor) == CORE


@pytest.mark.parametrize("name", CORE)
def test_core_imports_only_downwards(name: str) -> None:
    own = next(at for at, floor in enumerate(FLOORS) if name in floor)
    order = FLOORS[own].index(name)
    allowed = {n for floor in FLOORS[:own] for n in floor} | set(FLOORS[own][:order])
    for imported in imports(PACKAGE / "core" / f"{name}.py"):
        if found := re.match(r"sphinx_stepwise\.core\.(\w+)", imported):
            assert found[1] in allowed, f"{name} imports {found[1]}"


def test_the_two_doors_do_not_meet() -> None:
    for module in (PACKAGE / "cli").glob("*.py"):
        assert not any("sphinx_ext" in name for name in imports(module))
    for module in (PACKAGE / "sphinx_ext").glob("*.py"):
        assert not any(
            name.startswith("sphinx_stepwise.cli") for name in imports(module)
        )


@pytest.mark.parametrize("module", MODULES, ids=lambda p: p.stem)
def test_module_is_short_and_says_what_it_is(module: Path) -> None:
    text = module.read_text("utf-8")
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("module", MODULES, ids=lambda p: p.stem)
def test_engine_knows_no_subject(module: Path) -> None:
    words = r"procure|borough|supplier|tender|\bteams?\b|council"
    code = re.sub(r'""".*?"""|#.*', "", module.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(words, code, re.IGNORECASE)

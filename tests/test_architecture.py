"""The house stands as docs/architecture.md says."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "ext" / "sphinx_stepwise"
CORE = sorted(
    ".".join(module.relative_to(PACKAGE / "core").with_suffix("").parts)
    for module in (PACKAGE / "core").rglob("*.py")
    if module.stem != "__init__"
)
MODULES = sorted(PACKAGE.rglob("*.py"))

#: A module imports from packages above its own, as core/__init__.py tells, and from
#: modules of its own that stand before it here.
FLOORS = {
    "": ["codes", "diagnostics", "dates", "printable", "project"],
    "text": [
        *("naming", "spellings", "yaml_faults", "yaml_source", "outline"),
        *("markup", "escaping", "body_scan", "body_parse", "body", "frontmatter"),
        *("text_edits", "insertions"),
    ],
    "schema": [
        *("schema_files", "schemas", "schema_store", "field_words", "field_reference"),
        *("probing", "schema_mends", "validation", "settling", "key_order"),
    ],
    "content": [
        *("model", "files", "catalogue", "loading", "navigation", "freshness"),
        *(
            "redirects",
            "views",
            "record_views",
            "track_views",
            "use_views",
            "updates",
            "reading_order",
        ),
        *("portraits", "graphs", "linked_data", "export"),
    ],
    "rules": [
        *("examples", "reference_mends", "listing", "page_checks", "reference_checks"),
        *("list_checks", "date_checks", "checks"),
    ],
    "reports": [
        *("excerpts", "reporting", "selecting", "tracking", "json_report"),
        *("github_report", "gitlab_report", "sarif_report", "junit_report"),
    ],
    "changes": [
        *("git", "differences", "comparison", "touched", "reviewing", "rehearsing"),
        *("moving", "renaming", "mending"),
    ],
    "writing": [
        *("wishes", "slots", "samples", "scaffolding", "creating", "cursor", "offers"),
    ],
}
ORDER = [
    f"{package}.{name}".lstrip(".")
    for package, names in FLOORS.items()
    for name in names
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


def test_core_imports_without_sphinx() -> None:
    code = (
        "import sys\n"
        "for name in ('sphinx', 'docutils', 'myst_parser'): sys.modules[name] = None\n"
    ) + "".join(f"import sphinx_stepwise.core.{name}\n" for name in CORE)
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_core_module_has_a_floor() -> None:
    assert sorted(ORDER) == CORE


@pytest.mark.parametrize("name", CORE)
def test_core_imports_only_downwards(name: str) -> None:
    above = ORDER[: ORDER.index(name)]
    for imported in imports(PACKAGE / "core" / f"{name.replace('.', '/')}.py"):
        if found := re.match(r"sphinx_stepwise\.core\.(.+)", imported):
            # `from a.b import c`: c is a module, or b is and c stands in it.
            assert {found[1], found[1].rpartition(".")[0]} & {*above}, imported


DOORS = ("cli", "live", "lsp", "sphinx_ext")


@pytest.mark.parametrize("door", DOORS)
def test_the_doors_do_not_meet(door: str) -> None:
    others = [f"sphinx_stepwise.{name}" for name in DOORS if name != door]
    for module in (PACKAGE / door).glob("*.py"):
        met = {n for n in imports(module) for other in others if n.startswith(other)}
        # `stepwise lsp` opens the other door, and does nothing else.
        opened = {"sphinx_stepwise.lsp.server.serve"} if module.stem == "lsp" else set()
        assert met == opened, module


@pytest.mark.parametrize("module", MODULES, ids=lambda p: p.stem)
def test_only_the_language_server_knows_its_protocol(module: Path) -> None:
    known = {name.split(".")[0] for name in imports(module)} & {"pygls", "lsprotocol"}
    assert not known or module.parent.name == "lsp"


def test_the_language_server_imports_without_sphinx() -> None:
    code = (
        "import sys\n"
        "for name in ('sphinx', 'docutils', 'myst_parser'): sys.modules[name] = None\n"
        "import sphinx_stepwise.lsp.server\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


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

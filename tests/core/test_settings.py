"""Unusable settings and schemas stop at once, all named together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sphinx_stepwise.cli import main
from sphinx_stepwise.core.project import ProjectError, find_root, load_project
from sphinx_stepwise.core.schema.schema_store import SchemaStore

if TYPE_CHECKING:
    from pathlib import Path

    from builds import Builder


def faults(root: Path) -> list[str]:
    with pytest.raises(ProjectError) as caught:
        SchemaStore.load(load_project(root))
    return caught.value.faults


@pytest.mark.parametrize(
    ("settings", "place", "words"),
    [
        ("sourse = 'x'", "2:1", "`source`"),
        ("source = 'nowhere'", "2:1", "nowhere"),
        ("schemas = 3", "2:1", "folder"),
        ("exclude = 'a'", "2:1", "list"),
        ("data = 1", "2:1", "folder"),
        ("severity = 1", "2:1", "table"),
        ("collections = 1", "2:1", "table"),
        ("[tool.stepwise.severity]\nschemo = 'error'", "3:1", "`schema`"),
        ("[tool.stepwise.severity]\nschema = 'loud'", "3:1", "warning"),
        ("[tool.stepwise.collections]\novens = 'step'", "3:1", "kind of page"),
        ("[tool.stepwise.collections]\novens = 'An oven'", "3:1", "a-z"),
        ("[tool.stepwise.collections]\na = 'x'\nb = 'x'", "4:1", "`a`"),
    ],
)
def test_bad_setting_has_its_place(
    baking: Path, settings: str, place: str, words: str
) -> None:
    (baking / "pyproject.toml").write_text(f"[tool.stepwise]\n{settings}\n")
    found = faults(baking)
    assert found[0].startswith(f"pyproject.toml:{place}: ")
    assert words in found[0]


def test_broken_toml_is_named(baking: Path) -> None:
    (baking / "pyproject.toml").write_text("[tool.stepwise\n")
    assert faults(baking)[0].startswith("pyproject.toml:")


def break_schema(root: Path, change: dict[str, Any]) -> None:
    file = root / "schemas" / "step.schema.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change, indent=1))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x-reff": "step"}, "`x-ref`"),
        ({"properties": {"a": {"x-ref": "stepp"}}}, "`step`"),
        ({"x-sections": "Do"}, "x-sections"),
        ({"x-sections": [1]}, "heading"),
        ({"x-sections": [{"heading": "Do", "optinal": True}]}, "`optional`"),
        ({"properties": {"a": {"pattern": "("}}}, "pattern"),
        ({"properties": {"a": {"$ref": "nowhere.json#/x"}}}, "nowhere.json"),
        ({"type": "objekt"}, "objekt"),
    ],
)
def test_broken_schema_is_named(
    baking: Path, change: dict[str, Any], words: str
) -> None:
    break_schema(baking, change)
    found = faults(baking)
    assert found[0].startswith("schemas/step.schema.json:")
    assert words in found[0]


def test_broken_json_has_line_and_column(baking: Path) -> None:
    (baking / "schemas/step.schema.json").write_text('{\n  "a": 1,,\n}')
    assert faults(baking)[0].startswith("schemas/step.schema.json:2:")


def test_missing_schema_is_named(baking: Path) -> None:
    (baking / "schemas/oven.schema.json").unlink()
    assert faults(baking)[0].startswith("schemas/oven.schema.json:1:1: ")


def test_both_doors_stop(
    baking: Path, builder: Builder, capsys: pytest.CaptureFixture[str]
) -> None:
    break_schema(baking, {"x-reff": "step"})
    assert main(["check", "--project", str(baking)]) == 2
    assert "schemas/step.schema.json" in capsys.readouterr().err
    assert builder(baking).code == 2


def test_root_is_found_from_below(baking: Path, tmp_path: Path) -> None:
    assert find_root(baking / "source" / "bake") == baking
    with pytest.raises(ProjectError):
        find_root(tmp_path)


def test_severities_are_obeyed_and_what_is_off_is_counted(
    baking: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = baking / "source/prepare/knead.md"
    page.write_text(page.read_text().replace("related:", "relatid:"))
    settings = baking / "pyproject.toml"
    for level, code, shown in (
        ("warning", 0, True),
        ("off", 0, False),
        ("error", 1, True),
    ):
        settings.write_text(
            f"[tool.stepwise.severity]\nschema = '{level}'\n"
            "[tool.stepwise.collections]\novens = 'oven'\n"
        )
        assert main(["check", "--project", str(baking)]) == code
        printed = capsys.readouterr().out
        assert ("[schema]" in printed) == shown
        assert ("1 switched off" in printed) != shown


def test_excluded_pages_are_left_alone(baking: Path, builder: Builder) -> None:
    (baking / "source/notes").mkdir()
    (baking / "source/notes/a.md").write_text("No front matter.")
    settings = baking / "pyproject.toml"
    assert main(["check", "--project", str(baking)]) == 1
    text = settings.read_text().replace(
        "[tool.stepwise]\n", '[tool.stepwise]\nexclude = ["notes/**"]\n'
    )
    settings.write_text(text)
    assert main(["check", "--project", str(baking)]) == 0
    built = builder(baking)
    assert built.code == 0
    assert not (built.out / "notes").exists()

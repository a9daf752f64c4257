"""What editors are told agrees with the toolkit: they help before any check runs."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from sphinx_stepwise.core.content.files import find_data
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.text.yaml_source import read_yaml

ROOT = Path(__file__).parents[1]
PROJECT = load_project(ROOT)


def settings(name: str) -> Any:
    """Return one of the editor's files; whole lines may be comments."""
    text = (ROOT / ".vscode" / name).read_text("utf-8")
    return json.loads(re.sub(r"(?m)^\s*//.*$", "", text))


SCHEMAS: dict[str, list[str]] = settings("settings.json")["yaml.schemas"]


def schemas_of(file: Path) -> list[str]:
    """Return the schemas that an editor takes for a data file."""
    path = PurePosixPath(PROJECT.relative(file))
    return [
        schema
        for schema, patterns in SCHEMAS.items()
        if any(path.match(pattern) for pattern in patterns)
    ]


def retrieve(uri: str) -> Resource[Any]:
    """Read a schema as an editor does, which knows no more than its address."""
    file = Path(url2pathname(urlsplit(uri).path))
    return Resource.from_contents(json.loads(file.read_text("utf-8")))


def validator(schema: str) -> Draft202012Validator:
    registry: Registry[Any] = Registry(retrieve=retrieve)  # type: ignore[call-arg]
    return Draft202012Validator(
        {"$ref": (ROOT / schema).as_uri()},
        registry=registry,
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def records(file: Path) -> Any:
    text = file.read_text("utf-8")
    return read_yaml(text, PROJECT.relative(file))[0].data


@pytest.mark.parametrize(("name", "word"), PROJECT.collections.items())
def test_each_collection_has_its_schema(name: str, word: str) -> None:
    files = list(find_data(PROJECT, name))
    assert files
    (schema,) = {schema for file in files for schema in schemas_of(file)}
    content = json.loads((ROOT / schema).read_text("utf-8"))
    assert content["items"] == {"$ref": f"../{word}.schema.json"}
    # A collection may change from one file to a folder, and back.
    folder = PROJECT.relative(PROJECT.data)
    assert SCHEMAS[schema] == [f"{folder}/{name}.yml", f"{folder}/{name}/*.yml"]


def test_each_data_file_has_one_schema_and_each_schema_has_files() -> None:
    found = {file: schemas_of(file) for file in PROJECT.data.rglob("*.yml")}
    assert {len(schemas) for schemas in found.values()} == {1}
    assert {schemas[0] for schemas in found.values()} == set(SCHEMAS)
    lists = (PROJECT.schemas / "lists").iterdir()
    assert {PROJECT.relative(file) for file in lists} == set(SCHEMAS)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_an_editor_finds_what_the_check_finds(schema: str) -> None:
    """Nothing in what is right, and something in what is wrong."""
    check = validator(schema)
    for file in PROJECT.data.rglob("*.yml"):
        if schemas_of(file) != [schema]:
            continue
        data = records(file)
        assert [error.message for error in check.iter_errors(data)] == []
        wrong = deepcopy(data)
        wrong[-1]["colour"] = "red"
        wrong[-1]["id"] = "Not an id"
        found = check.iter_errors(wrong)
        assert {tuple(e.absolute_path) for e in found} == {
            (len(data) - 1,),
            (len(data) - 1, "id"),
        }


def test_the_extension_that_reads_the_settings_is_recommended() -> None:
    assert "redhat.vscode-yaml" in settings("extensions.json")["recommendations"]

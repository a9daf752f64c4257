"""What a schema allows, told key by key."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx_stepwise.core.project import KINDS, load_project
from sphinx_stepwise.core.schema.field_reference import describe
from sphinx_stepwise.core.schema.schema_store import SchemaStore

if TYPE_CHECKING:
    from sphinx_stepwise.core.project import Project
    from sphinx_stepwise.core.schema.field_reference import Field, Reference

TESTS = Path(__file__).parents[1]
BAKING = load_project(TESTS / "roots" / "baking")
REAL = load_project(TESTS.parent)


def reference(project: Project, kind: str) -> Reference:
    return describe(project, SchemaStore.load(project)[kind])


def of_schema(content: dict[str, Any]) -> dict[str, Field]:
    """Return the fields of an oven that has this schema, by their dotted names."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    with TemporaryDirectory() as folder:
        shutil.copytree(BAKING.schemas, folder, dirs_exist_ok=True)
        file = Path(folder, "oven.schema.json")
        file.write_text(json.dumps(head | content), "utf-8")
        found = reference(replace(BAKING, schemas=Path(folder)), "oven").fields
    names = [".".join(field.path) for field in found]
    assert len(names) == len(set(names))
    return dict(zip(names, found, strict=True))


def value(content: dict[str, Any]) -> Field:
    """Return the field of a property that has this schema."""
    return next(iter(of_schema({"properties": {"heat": content}}).values()))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, "any value"),
        ({"type": "string"}, "text"),
        ({"type": "string", "minLength": 1}, "text"),
        ({"type": "string", "minLength": 3}, "text of at least 3 characters"),
        ({"type": "string", "maxLength": 9}, "text of at most 9 characters"),
        (
            {"type": "string", "minLength": 3, "maxLength": 9},
            "text of 3 to 9 characters",
        ),
        ({"type": "string", "format": "date"}, "a date such as 2026-11-20"),
        ({"type": "string", "format": "iri"}, "text in the form `iri`"),
        ({"type": "integer", "minimum": 0}, "a whole number, at least 0"),
        ({"type": "number", "minimum": 2, "maximum": 2}, "a number, exactly 2"),
        ({"type": ["string", "null"]}, "text or nothing"),
        ({"type": "boolean"}, "`true` or `false`"),
        ({"const": "deck"}, "`deck`"),
        ({"enum": ["a", "b"]}, "`a` or `b`"),
        (
            {"enum": ["a", "b", "c"], "x-words": {"b": "Bee"}},
            "one of `a`, `b` (Bee) or `c`",
        ),
        ({"type": "string", "x-ref": "oven"}, "the id of an oven"),
        ({"type": "string", "x-ref": ["step", "page"]}, "the id of a step or a page"),
        (
            {"type": "string", "x-link": True},
            "an address, or the path of a file from the source folder",
        ),
        ({"type": "array"}, "a list"),
        (
            {
                "type": "array",
                "items": {"x-ref": "oven"},
                "minItems": 1,
                "uniqueItems": True,
            },
            "a list of ids of ovens, at least 1, none twice",
        ),
        (
            {"type": "array", "items": {"type": "string"}, "maxItems": 2},
            "a list, at most 2; each item is text",
        ),
        (
            {"oneOf": [{"x-ref": "step"}, {"properties": {"step": {}}}]},
            "the id of a step, or a map of the keys below",
        ),
        (
            {"type": "object", "minProperties": 1, "properties": {"a": {}}},
            "a map with at least 1 of the keys below",
        ),
        ({"type": "object"}, "a map"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_words_for_a_value(content: dict[str, Any], words: str) -> None:
    assert value(content).holds == words


@pytest.mark.parametrize(
    ("rule", "when"),
    [
        ({}, "optional"),
        ({"required": ["heat"]}, "required"),
        ({"allOf": [{"required": ["heat"]}]}, "required"),
        ({"dependentRequired": {"id": ["heat"]}}, "required where there is `id`"),
        (
            {"anyOf": [{"required": ["heat"]}, {"required": ["id", "name"]}]},
            "required unless there is `id` and `name`",
        ),
        (
            {
                "if": {"properties": {"id": {"const": "deck"}}, "required": ["id"]},
                "then": {"required": ["heat"]},
            },
            "required where `id` is `deck`",
        ),
        (
            {
                "if": {"properties": {"id": {"enum": ["deck", "camp"]}}},
                "else": {"required": ["heat"]},
            },
            "required unless `id` is `deck` or `camp`",
        ),
        (
            {"if": {"required": ["id"]}, "then": {"required": ["heat"]}},
            "required where there is `id`",
        ),
        (
            {
                "dependentRequired": {"id": ["heat"]},
                "allOf": [{"dependentRequired": {"name": ["heat"]}}],
            },
            "required where there is `id`, or where there is `name`",
        ),
        # What cannot be told in a few words is not told wrongly.
        (
            {"if": {"not": {"required": ["id"]}}, "then": {"required": ["heat"]}},
            "required in some cases",
        ),
        (
            {
                "if": {"properties": {"id": {"pattern": "^d"}}},
                "then": {"required": ["heat"]},
            },
            "required in some cases",
        ),
        (
            {"anyOf": [{"required": ["heat"]}, {"properties": {"id": {"const": 1}}}]},
            "required in some cases",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_when_a_key_is_required(rule: dict[str, Any], when: str) -> None:
    properties: dict[str, Any] = {"id": {}, "name": {}, "heat": {}}
    assert of_schema({"properties": properties, **rule})["heat"].when == when


def test_a_key_of_one_form_is_required_in_that_form() -> None:
    """A guidebook's step may be an id; where it is a map, the map has an id."""
    fields = {field.path: field for field in reference(REAL, "guidebook").fields}
    assert fields["steps", "step"].when == "required"
    assert fields["steps", "note"].when == "optional"


def test_a_schema_that_holds_itself_comes_to_an_end() -> None:
    """A loaf's parts are loaves."""
    loaf = {"properties": {"part": {"$ref": "#/$defs/loaf"}}}
    fields = of_schema({"$defs": {"loaf": loaf}, "$ref": "#/$defs/loaf"})
    assert next(iter(fields)) == "part"
    assert all(set(name.split(".")) == {"part"} for name in fields)


def test_our_own_keywords_are_told() -> None:
    fields = {".".join(f.path): f for f in reference(BAKING, "oven").fields}
    assert [field.notes[0] for field in fields.values() if field.notes] == [
        "It names the record in lists.",
        "It stands for the record in a sentence.",
        "Readers see it as “Made by”.",
        "The record holds from this day.",
        "After this day pages that use the record warn their readers.",
        "The next review is counted from this day.",
        "It says when the next review is due.",
        "With `heard`, readers are warned: “Nobody here has seen it.”",
        "A page that names the record in its text lists this as a source.",
        "Readers see it as “Used for”.",
    ]
    assert fields["steps"].notes[1] == (
        "The pages that it names list the record under “Ovens for this step”."
    )
    assert reference(BAKING, "oven").rules == (
        "Something must refer to each record, unless `spare` says why nothing does.",
    )
    step = {".".join(f.path): f for f in reference(BAKING, "step").fields}
    assert step["suits"].notes == ("It is drawn as a table under “Which oven?”.",)
    assert step["related"].notes == (
        "The page lists these below its text, under “Related steps”.",
    )


def test_a_message_is_told_unless_it_says_the_same() -> None:
    words = "must be a date such as 2026-11-20"
    day = {"type": "string", "format": "date", "x-message": words}
    assert value(day).notes == ()
    heat = {"type": "string", "pattern": "^h", "x-message": "must begin with `h`"}
    assert value(heat).notes == ("It must begin with `h`.",)
    items = {"description": "One of them.", **heat}
    assert value({"type": "array", "items": items}).notes == (
        "Each item: One of them.",
        "Each must begin with `h`.",
    )


#: A tree of keys; an empty one is a plain value.
TREES: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.just({}),
    lambda below: st.dictionaries(st.sampled_from("abcdef"), below, max_size=4),
    max_leaves=12,
)


def paths(tree: Any, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the path of every key, each before those below it."""
    found = []
    for key, below in tree.items():
        found += [(*above, key), *paths(below, (*above, key))]
    return found


@settings(max_examples=60)
@given(TREES, st.data())
def test_every_key_is_told_once_however_it_is_written(tree: Any, data: Any) -> None:
    """Maps may stand in lists, in definitions, in parts and beside other forms."""
    definitions: dict[str, Any] = {}

    def schema(below: Any, name: str) -> dict[str, Any]:
        if not below:
            return {"type": "string", "description": name}
        keys = {k: schema(v, f"{name}.{k}") for k, v in below.items()}
        plain = {"type": "object", "properties": keys}
        wrap = data.draw(st.sampled_from(["plain", "list", "ref", "part", "form"]))
        if wrap == "list":
            return {"description": name, "type": "array", "items": plain}
        if wrap == "ref":
            definitions[name] = plain
            return {"description": name, "$ref": f"#/$defs/{name}"}
        if wrap == "part":
            return {"description": name, "allOf": [plain]}
        if wrap == "form":
            return {"description": name, "oneOf": [{"type": "string"}, plain]}
        return {"description": name, **plain}

    top = schema(tree, "top") if tree else {}
    if "items" in top or "oneOf" in top:  # a record is a map
        top = {"properties": {k: schema(v, f"top.{k}") for k, v in tree.items()}}
    fields = of_schema({"$defs": definitions, **top})
    assert [field.path for field in fields.values()] == paths(tree)
    for name, field in fields.items():
        assert field.description == f"top.{name}"


@pytest.mark.parametrize("project", [BAKING, REAL], ids=["baking", "real"])
def test_known_keys_are_those_that_the_check_knows(project: Project) -> None:
    schemas = SchemaStore.load(project)
    for kind in (*KINDS, *project.collections.values()):
        top = [f.path[0] for f in reference(project, kind).fields if len(f.path) == 1]
        assert top == list(schemas[kind].properties())

"""What is written for new pages and records: ids, values, text, and its place."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx_stepwise.core.content.loading import load_catalogue
from sphinx_stepwise.core.project import KINDS, load_project
from sphinx_stepwise.core.schema.probing import Draft
from sphinx_stepwise.core.text.frontmatter import decode, read_page
from sphinx_stepwise.core.text.insertions import append_record, insert_item
from sphinx_stepwise.core.text.naming import LONGEST, free_id, id_of, is_id, words_of
from sphinx_stepwise.core.text.yaml_source import read_yaml
from sphinx_stepwise.core.writing.samples import Sampler
from sphinx_stepwise.core.writing.scaffolding import page_text, record_lines, scalar

if TYPE_CHECKING:
    from sphinx_stepwise.core.content.model import Page, Record
    from sphinx_stepwise.core.schema.schemas import Schema

TESTS = Path(__file__).parents[1]
BAKING = TESTS / "roots" / "baking"
TOOLKITS = {
    "baking": BAKING,
    "real": TESTS.parent,
    "starter": TESTS.parent / "ext" / "sphinx_stepwise" / "starter",
}

#: Anything that a file may hold.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


# Ids


@pytest.mark.parametrize(
    ("title", "id_"),
    [
        ("Weigh the flour", "weigh-the-flour"),
        ("Don't  panic: it's fine!", "dont-panic-its-fine"),
        ("Crème brûlée", "creme-brulee"),
        ("Smørbrød & Straße", "smorbrod-strasse"),
        ("15 Essential Activities", "15-essential-activities"),
        ("日本", ""),
        ("word " * 40, "word-word-word-word-word-word-word-word-word"),
        ("x" * 60, "x" * LONGEST),
    ],
)
def test_a_title_gives_an_id(title: str, id_: str) -> None:
    assert id_of(title) == id_


@given(TEXTS)
def test_what_a_title_gives_is_an_id_or_nothing(title: str) -> None:
    found = id_of(title)
    assert found == "" or (is_id(found) and len(found) <= LONGEST)
    assert id_of(found) == found
    assert not found or id_of(words_of(found)) == found


def test_a_free_id_is_the_nearest() -> None:
    assert free_id("a", {"a"}) == "a-2"
    assert free_id("a", {"a", "a-2", "a-3", "a-5"}) == "a-4"


# Values in YAML


@given(TEXTS)
def test_any_text_comes_back_from_yaml_as_it_was(text: str) -> None:
    written = scalar(text)
    source, faults = read_yaml(f"key: {written}\nlist:\n  - {written}\n", "")
    assert not faults
    assert source.data == {"key": text, "list": [text]}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Plain words, and 6 months.", "Plain words, and 6 months."),
        ("2026-11-20", "2026-11-20"),
        ("no", '"no"'),
        ("12", '"12"'),
        ("One: two", '"One: two"'),
        ('# "x"', r'"# \"x\""'),
        (" x", '" x"'),
        (True, "true"),
        (None, "null"),
        (1.5, "1.5"),
    ],
)
def test_values_have_quotes_where_they_need_them(value: Any, written: str) -> None:
    assert scalar(value) == written


# Lists

LAYOUTS = [
    ("title: x\n", 0, "title: x\nsteps:\n  - new\n"),
    ("steps:\nx: 1\n", 0, "steps:\n  - new\nx: 1\n"),
    ("steps: null  # none\n", 0, "steps: [new]  # none\n"),
    ("steps: []\nx: 1\n", 0, "steps:\n  - new\nx: 1\n"),
    ("steps: [ ]\n", 0, "steps: [new ]\n"),
    ("steps: [a, 'b']\n", 0, "steps: [new, a, 'b']\n"),
    ("steps: [a, 'b']\n", 1, "steps: [a, new, 'b']\n"),
    ("steps: [a, 'b']  # all\n", 2, "steps: [a, 'b', new]  # all\n"),
    ("steps: [a, {step: b, note: c}]\n", 2, "steps: [a, {step: b, note: c}, new]\n"),
    ("steps: [a, b,]\n", 2, "steps: [a, b, new,]\n"),
    ("steps: [a,\n  b]\n", 1, "steps: [a,\n  new,\n  b]\n"),
    ("steps: [a,\n  b]\n", 2, "steps: [a,\n  b,\n  new]\n"),
    (
        "steps: [\n  a,  # of a\n  b  # of b\n]\n",
        2,
        "steps: [\n  a,  # of a\n  b,  # of b\n  new\n]\n",
    ),
    ("steps: [\n  a,\n  b,\n]\n", 2, "steps: [\n  a,\n  b,\n  new,\n]\n"),
    ("steps:\n- a\n- b\nx: 1\n", 1, "steps:\n- a\n- new\n- b\nx: 1\n"),
    ("steps:\n- a\n- b\nx: 1\n", 2, "steps:\n- a\n- b\n- new\nx: 1\n"),
    (
        "steps:\n    # of a\n    - a  # too\n    # of b\n    - b\n",
        0,
        "steps:\n    - new\n    # of a\n    - a  # too\n    # of b\n    - b\n",
    ),
    (
        "steps:\n    - a  # too\n    # of b\n    - b\n",
        1,
        "steps:\n    - a  # too\n    - new\n    # of b\n    - b\n",
    ),
    (
        "steps:\n  - step: a\n    note: >\n      x\n      y\n\n  # of b\n  - b\n",
        1,
        "steps:\n  - step: a\n    note: >\n      x\n      y\n  - new\n\n"
        "  # of b\n  - b\n",
    ),
    (
        "steps:\n  - step: a\n    note: one\n      and two\nx: 1\n",
        1,
        "steps:\n  - step: a\n    note: one\n      and two\n  - new\nx: 1\n",
    ),
]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(("front", "index", "expected"), LAYOUTS)
def test_an_item_is_put_in_and_all_else_stays(
    front: str, index: int, expected: str, ending: str, mark: str
) -> None:
    def page(block: str) -> str:
        return mark + f"---\n{block}---\n\nBody: [a]\n".replace("\n", ending)

    found = insert_item(page(front), "steps", index, "new")
    assert found == page(expected)


ITEM = st.sampled_from(
    ["a", "'b'", '"c"', "{step: d, note: e}", "- step: f\n  note: >-\n    g\n\n    h"]
)
COMMENT = st.sampled_from(["", "", "  # about it"])


@given(
    st.lists(st.tuples(ITEM, COMMENT, st.booleans()), min_size=1, max_size=5),
    st.integers(0, 4),
    st.data(),
)
def test_whatever_the_layout_the_list_has_one_more(
    items: list[tuple[str, str, bool]], indent: int, data: st.DataObject
) -> None:
    lines = ["kind: stage", "steps:"]
    for item, comment, remark in items:
        lines += ["# a remark"] * remark
        first, *more = item.removeprefix("- ").split("\n")
        lines.append(f"{' ' * indent}- {first}{'' if more else comment}")
        lines += [f"{' ' * indent}{line}" if line else "" for line in more]
    text = "\n".join(["---", *lines, "title: x", "---", "", "Body", ""])
    before = read_page(text, "")[0].data["steps"]
    index = data.draw(st.integers(0, len(before)))
    after = insert_item(text, "steps", index, "new")
    page, faults = read_page(after, "")
    assert not faults
    assert page.data["steps"] == [*before[:index], "new", *before[index:]]
    kept = after.split("\n")
    kept.remove(f"{' ' * indent}- new")
    assert kept == text.split("\n")


@pytest.mark.parametrize(
    "front",
    ["steps: words\n", "steps: {a: b}\n", "{steps: [a]}\n", "steps: [a\n", "- a\n"],
)
def test_what_is_no_list_is_left_alone(front: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        insert_item(f"---\n{front}---\n", "steps", 0, "new")


RECORD = ["# note", "- id: new", "  x: 1"]


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("", "# note\n- id: new\n  x: 1\n"),
        ("# all of them\n", "# note\n- id: new\n  x: 1\n"),
        ("- id: a\n", "# note\n- id: new\n  x: 1\n"),
        ("- id: a", "\n# note\n- id: new\n  x: 1\n"),
        ("- id: a\n  t: |+\n    b\n\n", "# note\n- id: new\n  x: 1\n"),
        ("- id: a\n\n# of b\n- id: b\n", "\n# note\n- id: new\n  x: 1\n"),
        ("  - id: a\n", "  # note\n  - id: new\n    x: 1\n"),
        ("\ufeff- id: a\r\n", "# note\r\n- id: new\r\n  x: 1\r\n"),
    ],
)
def test_a_record_is_put_at_the_end_in_the_layout_of_the_file(
    text: str, added: str
) -> None:
    found = append_record(text, RECORD)
    assert found == text + added
    plain, _ = decode(found.encode(), "")
    source, faults = read_yaml(plain or "", "")
    assert not faults
    assert source.data[-1] == {"id": "new", "x": 1}


@pytest.mark.parametrize("text", ["[]\n", "# [x]\n[]  # none\n", "[\n]\n"])
def test_a_record_takes_the_place_of_an_empty_list(text: str) -> None:
    found = append_record(text, RECORD)
    assert read_yaml(found, "")[0].data == [{"id": "new", "x": 1}]
    assert all(f"# {word}" in found for word in re.findall(r"# (.*)", text))


@pytest.mark.parametrize("text", ["a: 1\n", "[{id: a}]\n", "- [\n", "words\n"])
def test_a_file_that_holds_no_list_is_left_alone(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        append_record(text, RECORD)


# From schemas


def sampler_for(root: Path, kind: str, **values: Any) -> Sampler:
    catalogue, _ = load_catalogue(load_project(root))
    schema = catalogue.schemas[kind]
    begun = {"kind": kind, "title": "New"} if kind in KINDS else {"id": "new"}
    items: list[Page | Record] = [*catalogue.pages, *catalogue.records]
    alike = [item.data for item in items if item.kind == kind]
    draft = Draft(schema, {**begun, **values})
    sampler = Sampler(catalogue, draft, siblings=alike, key=(kind, "new"))
    sampler.complete()
    return sampler


def everything(root: Path) -> list[str]:
    return [*KINDS, *load_project(root).collections.values()]


#: The real toolkit's in the long proof, but for steps.
ALL = [
    pytest.param(
        root,
        kind,
        id=f"{name}-{kind}",
        marks=pytest.mark.long if name == "real" and kind != "step" else (),
    )
    for name, root in TOOLKITS.items()
    for kind in everything(root)
]


def text_of(sampler: Sampler) -> str:
    if sampler.draft.schema.name in KINDS:
        return page_text(sampler)
    return "\n".join(record_lines(sampler))


def data_of(text: str, schema: Schema) -> Any:
    if schema.name in KINDS:
        page, faults = read_page(text, "")
        assert not faults
        return page.data
    source, faults = read_yaml(text, "")
    assert not faults
    return source.data[0]


@pytest.mark.parametrize(("root", "kind"), ALL)
def test_what_is_written_is_what_was_made_and_fits_its_schema(
    root: Path, kind: str
) -> None:
    sampler = sampler_for(root, kind)
    schema = sampler.draft.schema
    assert sampler.draft.failed == []
    data = data_of(text_of(sampler), schema)
    assert data == sampler.draft.data
    assert list(schema.validator.errors(data)) == []
    known = list(schema.properties())
    assert sorted(data, key=known.index) == list(data)


def with_everything(text: str) -> str:
    """Take away the ``#`` before every key that is optional."""
    lines = text.split("\n")
    inside = False
    for at, line in enumerate(lines):
        inside = bool(re.match(r" *#[a-z_]+:", line)) or (
            inside and bool(re.match(r" *# {2}", line))
        )
        if inside:
            lines[at] = line.replace("#", "", 1)
    return "\n".join(lines)


@pytest.mark.parametrize(("root", "kind"), ALL)
def test_every_key_is_explained_and_good_without_its_mark(
    root: Path, kind: str
) -> None:
    sampler = sampler_for(root, kind)
    schema, text = sampler.draft.schema, text_of(sampler)
    data = data_of(with_everything(text), schema)
    assert set(data) == set(schema.properties())
    assert list(schema.validator.errors(data)) == []
    notes = " ".join(re.sub(r"(?m)^ *# ?", " ", text).split())
    for name in schema.properties():
        if data[name] != kind:  # `kind: step` needs no words
            assert " ".join(schema.description_of(name).split()) in notes


@pytest.mark.parametrize(("root", "kind"), ALL)
def test_a_page_has_the_sections_of_its_kind(root: Path, kind: str) -> None:
    sampler = sampler_for(root, kind)
    schema, text = sampler.draft.schema, text_of(sampler)
    page, _ = read_page(text if kind in KINDS else "---\n---\n", "")
    asked = [rule.heading for rule in schema.sections if not rule.optional]
    assert [heading.text for heading in page.headings] == asked
    for rule in schema.content.get("x-sections", ()):
        if isinstance(rule, dict):
            words = rule.get("description", "")
            assert words in " ".join(text.replace("\n%", "").split())


# Any schema that a toolkit may have.

STRINGS = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("string")},
        optional={"minLength": st.integers(0, 90), "maxLength": st.integers(90, 99)},
    ),
    st.fixed_dictionaries({"type": st.just("string"), "maxLength": st.integers(1, 30)}),
    st.just({"type": "string", "format": "date"}),
    st.just({"type": "string", "pattern": r"^\S[^\n]*[.?!]$", "minLength": 30}),
    st.just({"type": "string", "pattern": "^[A-Z]{2}$", "x-message": "as `AB`"}),
    st.just({"type": "string", "x-ref": "step"}),
    st.just({"type": "string", "x-ref": ["page", "oven"]}),
    st.just({"type": "string", "x-link": True}),
    st.just({"enum": ["no", "12", "a: b"]}),
    st.just({"const": "# fixed"}),
    st.just({}),
)
OTHERS = st.one_of(
    st.fixed_dictionaries({"type": st.just("integer"), "minimum": st.integers(-9, 9)}),
    st.just({"type": "number", "exclusiveMinimum": 2}),
    st.just({"type": "boolean"}),
    st.just({"type": ["null", "string"]}),
)


def nested(schemas: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    names = st.lists(st.sampled_from("abcd"), min_size=1, unique=True)
    maps = names.flatmap(
        lambda keys: st.fixed_dictionaries(
            {
                "type": st.just("object"),
                "properties": st.fixed_dictionaries(dict.fromkeys(keys, schemas)),
                "required": st.just(keys[:2]),
                "unevaluatedProperties": st.sampled_from([False]),
            }
        )
    )
    lists = st.fixed_dictionaries(
        {"type": st.just("array"), "items": schemas},
        optional={"minItems": st.integers(0, 1), "uniqueItems": st.booleans()},
    )
    branches = st.lists(schemas, min_size=1, max_size=2).map(lambda s: {"anyOf": s})
    return maps | lists | branches


PROPERTIES = st.recursive(STRINGS | OTHERS, nested, max_leaves=5)


@settings(deadline=None, max_examples=40)
@given(
    st.dictionaries(st.sampled_from("efghij"), PROPERTIES, min_size=1),
    st.sets(st.sampled_from("efghij")),
)
def test_for_any_schema_something_fits(
    properties: dict[str, Any], required: set[str]
) -> None:
    content = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {"kind": {}, "title": {}, **properties},
        "required": ["kind", "title", *sorted(required & properties.keys())],
        "unevaluatedProperties": False,
    }
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "toolkit")
        shutil.copytree(BAKING, root)
        (root / "schemas" / "page.schema.json").write_text(json.dumps(content))
        sampler = sampler_for(root, "page")
    draft = sampler.draft
    assert draft.failed == []
    assert list(draft.schema.validator.errors(draft.data)) == []
    assert data_of(page_text(sampler), draft.schema) == draft.data


def test_what_cannot_be_made_up_is_named(baking: Path) -> None:
    file = baking / "schemas" / "step.schema.json"
    content = json.loads(file.read_text())
    content["properties"]["code"] = {"type": "string", "pattern": "^[A-Z]{9}$"}
    content["properties"]["also"] = {"type": "string", "pattern": "^[A-Z]{8}$"}
    content["required"] += ["code", "also"]
    file.write_text(json.dumps(content))
    assert sampler_for(baking, "step").draft.failed == [("code",), ("also",)]
    given_one = sampler_for(baking, "step", code="A" * 9)
    assert given_one.draft.failed == [("also",)]


def test_what_is_usual_comes_first(baking: Path) -> None:
    for name in ("weigh", "knead", "prove"):
        page = baking / f"source/prepare/{name}.md"
        kept = "owner: home\nreviewed: 2026-01-01\nagain: 8 months\n"
        page.write_text(page.read_text().replace("kind: step\n", f"kind: step\n{kept}"))
    file = baking / "schemas" / "step.schema.json"
    content = json.loads(file.read_text())
    content["required"] += ["owner", "reviewed", "again"]
    file.write_text(json.dumps(content))
    data = sampler_for(baking, "step").draft.data
    assert (data["owner"], data["again"]) == ("home", "8 months")
    assert data["reviewed"] == "2026-11-22"


def test_an_id_is_not_named_twice_and_never_its_own(baking: Path) -> None:
    file = baking / "schemas" / "step.schema.json"
    content = json.loads(file.read_text())
    content["properties"]["suits"]["required"] = ["best", "possible"]
    content["properties"]["related"]["minItems"] = 4
    content["required"] += ["suits", "related"]
    file.write_text(json.dumps(content))
    catalogue, _ = load_catalogue(load_project(baking))
    draft = Draft(catalogue.schemas["step"], {"kind": "step", "title": "New"})
    Sampler(catalogue, draft, key=("step", "knead")).complete()
    suits = draft.data["suits"]
    assert suits["best"] != suits["possible"]
    assert sorted(draft.data["related"]) == ["bake-it", "prove", "shape", "weigh"]

"""The directive that tells what a kind of page or record may hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from builds import contents
from sphinx_stepwise.core.project import KINDS, load_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from builds import Builder
    from sites import Site

PAGE = "contributing/fields"


def add(root: Path, *kinds: str) -> Path:
    """Put the directive on a page of the miniature toolkit."""
    page = root / "source/welcome.md"
    text = "".join(f"\n```{{fields}} {kind}\n```\n" for kind in kinds)
    page.write_text(page.read_text("utf-8") + text, "utf-8")
    return page


def rows(tree: Any, place: str = "") -> dict[str, tuple[str, list[str]]]:
    """Return key -> (when it is required, the paragraphs about it)."""
    found = {}
    for term in tree.xpath(f"{place}//dl[contains(@class, 'stepwise-fields')]/dt"):
        when = term.xpath("string(span[@class='classifier'])")
        about = [p.text_content() for p in term.getnext().xpath("./p")]
        found[term.xpath("string(code)")] = (when, about)
    return found


def test_keys_values_and_headings_are_shown(baking: Path, builder: Builder) -> None:
    add(baking, "step")
    out = builder(baking)
    assert out.code == 0, out.warnings
    tree = out.tree("welcome")
    fields = rows(tree)
    assert fields["title"] == ("required", ["The page's heading.", "Value: text."])
    assert fields["minutes"] == (
        "optional",
        ["How long it takes.", "Value: a whole number, at least 1."],
    )
    assert fields["suits.best"][1][-1].startswith("Value: a list of ids of ovens.")
    headings = tree.xpath("//ol/li/p/text()")
    assert headings[-3:] == ["Do", "Which oven? (optional)", "Watch out"]


def test_what_stands_between_backticks_is_code(baking: Path, builder: Builder) -> None:
    file = baking / "schemas/step.schema.json"
    text = file.read_text("utf-8").replace("How long it takes.", "So long: `a<b>`.")
    file.write_text(text, "utf-8")
    add(baking, "step")
    about = builder(baking).tree("welcome").xpath("//dt[@id='step-minutes']")[0]
    assert about.getnext().xpath("string(p[1]/code)") == "a<b>"


def test_a_kind_shown_twice_has_its_anchors_once(
    baking: Path, builder: Builder
) -> None:
    add(baking, "oven", "step", "oven")
    tree = builder(baking).tree("welcome")
    ids = tree.xpath("//dt/@id")
    assert len(ids) == len(set(ids))
    assert {"oven-heat", "oven-source-url", "step-suits-best"} <= set(ids)
    assert len(tree.xpath("//dt[.//code='heat']")) == 2


def test_an_unknown_kind_is_a_finding(baking: Path, builder: Builder) -> None:
    add(baking, "ovne")
    out = builder(baking)
    assert out.code == 1
    assert "`ovne`" in out.warnings
    assert "`oven`" in out.warnings
    assert "[stepwise.reference_unknown]" in out.warnings
    assert "Traceback" not in out.warnings


@pytest.mark.parametrize("name", ["singlehtml", "epub", "text", "latex", "man"])
def test_every_builder_writes_it(baking: Path, builder: Builder, name: str) -> None:
    add(baking, *KINDS, "oven")
    out = builder(baking, name)
    assert out.code == 0, out.warnings


def test_a_changed_schema_is_seen_without_a_fresh_build(
    baking: Path, builder: Builder
) -> None:
    add(baking, "step", "oven")
    builder(baking)
    file = baking / "schemas/oven.schema.json"
    schema = json.loads(file.read_text("utf-8"))
    schema["properties"]["heat"]["description"] = "What heats it."
    schema["required"].append("heat")
    del schema["properties"]["loaves"]
    file.write_text(json.dumps(schema), "utf-8")
    kept = builder(baking)
    fields = rows(kept.tree("welcome"))
    assert fields["heat"][0] == "required"
    assert fields["heat"][1][0] == "What heats it."
    assert "loaves" not in fields
    fresh = builder(baking, fresh=True)
    assert kept.findings == fresh.findings
    assert contents(kept.out) == contents(fresh.out)


def described(schema: Any, files: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each key of a schema with its description, read as simply as can be."""
    for key, value in schema.get("properties", {}).items():
        _, _, pointer = value.get("$ref", "").partition("#/$defs/")
        whole = files["common.schema.json"]["$defs"].get(pointer, {}) | value
        yield key, whole["description"]
        items = whole.get("items", {})
        for inner in (whole, items, *items.get("oneOf", ())):
            for name, words in described(inner, files):
                yield f"{key}.{name}", words


def test_every_property_of_the_toolkit_is_told_once_with_its_description(
    real_site: Site,
) -> None:
    project = load_project(real_site.root)
    files = {
        file.name: json.loads(file.read_text("utf-8"))
        for file in project.schemas.glob("*.schema.json")
    }
    tree = real_site.built.tree(PAGE)
    ids = tree.xpath("//dl[contains(@class, 'stepwise-fields')]/dt/@id")
    wanted = []
    for kind in (*KINDS, *project.collections.values()):
        known = list(described(files[f"{kind}.schema.json"], files))
        assert len(known) > 2
        for key, words in known:
            anchor = f"{kind}-{key}".replace(".", "-").replace("_", "-")
            wanted.append(anchor)
            (term,) = tree.xpath(f"//dt[@id='{anchor}']")
            assert term.xpath("string(code)") == key
            assert term.getnext().xpath("string(p[1])") == words.replace("`", "")
    assert sorted(ids) == sorted(wanted)

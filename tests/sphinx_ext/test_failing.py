"""What is broken stays broken, on every run, until it is mended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from builds import Builder

#: What a page's body says, and the type of the warning.
BROKEN = {
    "missing page": ("[x](nowhere.md)", "myst.xref_missing"),
    "missing anchor": ("[x](weigh.md#nowhere)", "myst.xref_missing"),
    "unknown role": ("{norole}`x`", "myst.role_unknown"),
    "unknown directive": ("```{nodirective}\n```", "myst.directive_unknown"),
    "unknown step": ("{step}`kneed`", "stepwise.reference_unknown"),
    "unknown record": ("{oven}`dek`", "stepwise.reference_unknown"),
    "unknown track": ("```{steps} nowhere\n```", "stepwise.reference_unknown"),
    "no track": ("```{steps}\n```", "stepwise.reference_unknown"),
    "unknown collection": ("```{records} oven\n```", "stepwise.reference_unknown"),
    "missing argument": ("```{records}\n```", "docutils"),
}


#: Of each sort one in every run, all in the long proof.
FEW = {"missing page", "unknown step", "missing argument"}
SOME = [
    pytest.param(name, marks=() if name in FEW else pytest.mark.long) for name in BROKEN
]


def break_page(root: Path, body: str) -> tuple[Path, str]:
    page = root / "source/prepare/knead.md"
    text = page.read_text()
    page.write_text(f"{text}\n{body}\n")
    return page, text


@pytest.mark.parametrize(
    "options",
    [
        pytest.param((), id="serial"),
        pytest.param(("-j", "2"), id="parallel", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("name", SOME)
def test_broken_body_fails_every_run_until_mended(
    baking: Path, builder: Builder, name: str, options: tuple[str, ...]
) -> None:
    body, kind = BROKEN[name]
    assert builder(baking, "html", *options).code == 0
    page, text = break_page(baking, body)
    logs = []
    for _ in range(3):
        built = builder(baking, "html", *options)
        assert built.code == 1
        assert f"[{kind}]" in built.warnings
        assert "knead.md:" in built.warnings
        assert (built.out / "prepare/knead.html").exists()
        logs.append(built.warnings)
    assert logs[0] == logs[1] == logs[2]
    page.write_text(text)
    mended = builder(baking, "html", *options)
    assert (mended.code, mended.warnings) == (0, "")


@pytest.mark.parametrize("options", [(), ("-W",), ("-W", "-j", "2")])
def test_error_fails_with_and_without_w_and_is_listed_once(
    baking: Path, builder: Builder, options: tuple[str, ...]
) -> None:
    page = baking / "source/prepare/knead.md"
    page.write_text(page.read_text().replace("[prove]", "[proof]"))
    for _ in range(2):
        built = builder(baking, "html", *options)
        assert built.code == 1
        assert built.findings == ["source/prepare/knead.md:5:11 reference_unknown"]


def test_suppressing_a_warning_hides_it_but_not_the_failure(
    baking: Path, builder: Builder
) -> None:
    page = baking / "source/prepare/knead.md"
    page.write_text(page.read_text().replace("[prove]", "[proof]"))
    conf = baking / "conf.py"
    conf.write_text(f'{conf.read_text()}\nsuppress_warnings = ["stepwise"]\n')
    for _ in range(2):
        built = builder(baking)
        assert built.code == 1
        assert built.findings == []


def test_other_warnings_fail_only_where_asked(baking: Path, builder: Builder) -> None:
    break_page(baking, BROKEN["missing page"][0])
    conf = baking / "conf.py"
    text = conf.read_text()
    conf.write_text(text.replace("fail_on_warning = True", "fail_on_warning = False"))
    assert builder(baking).code == 0


def test_one_builder_does_not_forget_for_another(
    baking: Path, builder: Builder
) -> None:
    """Two builders may share doctrees, as with ``sphinx-build -M``."""
    shared = ("-d", str(builder.folder / "shared"))
    assert builder(baking, "html", *shared).code == 0
    assert builder(baking, "dirhtml", *shared).code == 0
    page, text = break_page(baking, BROKEN["unknown step"][0])
    for name in ("html", "dirhtml", "html", "dirhtml"):
        assert builder(baking, name, *shared).code == 1
    page.write_text(text.replace("Knead the dough", "Knead it well"))
    for name in ("html", "dirhtml"):
        built = builder(baking, name, *shared)
        assert built.code == 0
        shape = (built.out / "index.html").read_text("utf-8")
        assert "Knead it well" in shape


def test_target_that_vanishes_breaks_what_links_to_it(
    baking: Path, builder: Builder
) -> None:
    """The page that links is not edited; the one that it links to is."""
    assert builder(baking).code == 0
    page = baking / "source/prepare/weigh.md"
    text = page.read_text()
    page.write_text(text.replace("## Watch out", "## Beware"))
    for _ in range(2):
        built = builder(baking)
        assert "prove.md" in built.warnings
        assert "[myst.xref_missing]" in built.warnings
    page.write_text(text)
    assert builder(baking).code == 0


def test_missing_home_page_is_said_without_a_traceback(
    baking: Path, builder: Builder
) -> None:
    (baking / "source/index.md").unlink()
    built = builder(baking)
    assert built.code == 1
    assert "source/index.md:1:1 toolkit_missing" in built.findings


def test_unreadable_home_page_is_said_without_a_traceback(
    baking: Path, builder: Builder
) -> None:
    assert builder(baking).code == 0
    page = baking / "source/index.md"
    text = page.read_bytes()
    page.write_bytes(b"\xff")
    built = builder(baking)
    assert built.code == 1
    assert "source/index.md:1:1 file_unreadable" in built.findings
    page.write_bytes(text)
    assert builder(baking).code == 0


def test_draft_is_built_marked_and_left_out(baking: Path, builder: Builder) -> None:
    page = baking / "source/prepare/knead.md"
    page.write_text(page.read_text().replace("kind: step", "kind: step\nstatus: draft"))
    (baking / "source/index.md").write_text(
        (baking / "source/index.md").read_text().replace("expects: ", "# ")
    )
    stage = baking / "source/prepare/index.md"
    stage.write_text(stage.read_text().replace("expects: ", "# "))
    built = builder(baking)
    assert built.code == 0, built.warnings
    draft = built.tree("prepare/knead")
    assert draft.xpath("//div[contains(@class, 'note')][contains(., 'Draft')]")
    assert not draft.xpath("//nav[contains(@class, 'stepwise-panel')]")
    others = built.tree("prepare/index").xpath("//ol//a/@href")
    assert others == ["weigh.html", "prove.html"]


def test_changed_schema_is_seen(baking: Path, builder: Builder) -> None:
    assert builder(baking).code == 0
    schema = baking / "schemas/step.schema.json"
    schema.write_text(schema.read_text().replace('"Do"', '"Doing"'))
    built = builder(baking)
    assert built.code == 1
    assert all(found.endswith("section_missing") for found in built.findings)
    assert len(built.findings) == 5


@pytest.mark.parametrize("name", ["html", "dirhtml", "epub"])
def test_output_of_a_deleted_page_is_removed(
    baking: Path, builder: Builder, name: str
) -> None:
    assert builder(baking, name).code == 0
    step = baking / "source/bake/shape.md"
    step.rename(baking / "source/bake/form.md")
    for page in (baking / "source").rglob("*.md"):
        text = re.sub(r"\bshape\b", "form", page.read_text())
        page.write_text(text)
    built = builder(baking, name)
    assert built.code == 0, built.warnings
    left = [f for f in built.out.rglob("*") if "shape" in f.name]
    assert not left
    assert [f for f in built.out.rglob("*") if "form" in str(f.relative_to(built.out))]


@pytest.mark.long
def test_old_doctrees_and_a_broken_memory_do_no_harm(
    baking: Path, builder: Builder
) -> None:
    built = builder(baking)
    memory = built.out.with_name("html-doctrees") / "stepwise.json"
    for content in ("", "[]", '{"version": 0}', '{"version": 1}', "\x00"):
        memory.write_text(content)
        assert builder(baking).code == 0


def test_source_folder_must_be_the_one_of_the_settings(
    baking: Path, builder: Builder
) -> None:
    (baking / "source").rename(baking / "other")
    (baking / "source").mkdir()
    from builds import run_sphinx

    out = str(builder.folder)
    arguments = ["-q", "-c", str(baking), str(baking / "other"), out]
    assert run_sphinx(arguments, baking / "status.txt") == 2

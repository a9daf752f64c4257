"""Records and pages that grow old say so, and rewrite only the pages that show them."""

from __future__ import annotations

import datetime as dt
import os
import re
from typing import TYPE_CHECKING, Any

import pytest
from builds import contents

if TYPE_CHECKING:
    from pathlib import Path

    from builds import Builder


def on_day(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """Set today for the builds that follow."""
    moment = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))


def cautions(tree: Any) -> list[str]:
    found = tree.xpath("//div[contains(@class, 'caution')]/p[last()]")
    return [" ".join(p.text_content().split()) for p in found]


def test_expired_record_is_named_on_every_page_that_uses_it(
    baking: Path, builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cautions(builder(baking).tree("bake/bake-it")) == []
    on_day(monkeypatch, "2031-01-01")
    built = builder(baking)
    assert built.code == 0  # the clock alone fails no build
    assert built.findings == [
        "source/data/ovens.yml:8:10 record_expired",
        "source/data/ovens.yml:17:12 review_overdue",
    ]
    (warning,) = cautions(built.tree("bake/bake-it"))
    assert "Deck oven" in warning
    assert "31 December 2030" in warning
    assert built.tree("bake/bake-it").xpath(
        "//div[contains(@class, 'caution')]//a/@href"
    ) == ["../ovens.html#oven-deck"]
    assert len(cautions(built.tree("ovens"))) == 1
    on_day(monkeypatch, "2030-12-31")
    assert cautions(builder(baking).tree("bake/bake-it")) == []


def test_overdue_page_says_so_and_who_keeps_it(
    baking: Path, builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = baking / "source/prepare/knead.md"
    kept = "owner: deck\nreviewed: 2026-05-31\nagain: 6 months\n"
    page.write_text(page.read_text().replace("related:", f"{kept}related:"))
    built = builder(baking)
    assert built.notices == ["source/prepare/knead.md:6:11 review_due"]
    upkeep = built.tree("prepare/knead").xpath(
        "string(//p[contains(@class, 'stepwise-upkeep')])"
    )
    assert upkeep == (
        "Looked after by: Deck oven. Last reviewed 31 May 2026. "
        "Next review by 30 November 2026."
    )
    assert cautions(built.tree("prepare/knead")) == []
    on_day(monkeypatch, "2026-12-01")
    built = builder(baking)
    assert built.code == 0
    (warning,) = cautions(built.tree("prepare/knead"))
    assert "30 November 2026" in warning


def test_record_roles_show_text_property_and_date(
    baking: Path, builder: Builder
) -> None:
    page = baking / "source/prepare/knead.md"
    page.write_text(
        f"{page.read_text()}\n{{oven}}`deck`, {{oven-heat}}`deck`, "
        "{oven-until}`deck`, {oven}`camp`, {oven}`mine <camp>`.\n"
    )
    tree = builder(baking).tree("prepare/knead")
    links = tree.xpath(
        "//section[@id='watch-out']/p//a[contains(@href, 'ovens.html#')]"
    )
    assert [a.text_content() for a in links] == [
        "a deck oven",
        "Even heat from below.",
        "31 December 2030",
        "Camp oven?",
        "mine",
    ]
    (unsure,) = [a for a in links if a.xpath(".//sup")]
    assert unsure.get("title") == "Nobody here has seen it."


def test_listing_groups_draws_tables_and_warns(baking: Path, builder: Builder) -> None:
    page = baking / "source/ovens.md"
    text = page.read_text().split("```")[0]
    page.write_text(
        f"{text}```{{records}} ovens\n:group: maker\n:as: table\n"
        ":show: heat, source, until, loaves\n```\n"
    )
    tree = builder(baking).tree("ovens")
    groups = tree.xpath("//section[starts-with(@id, 'group-')]")
    assert [g.xpath("string(h2/text())") for g in groups] == ["Forge", "Made at home"]
    row = groups[0].xpath(".//tbody/tr")[0]
    text = " ".join(row.text_content().split())
    assert "until" not in text.lower() or "31 December 2030" in text
    assert row.xpath(".//li/p/text()")[:2] == ["Tin loaf", "Cob"]
    assert "https://example.org/deck?a=1&b=2" in row.xpath(".//a/@href")
    uses = [p.text_content() for p in row.xpath(".//p[contains(@class, 'label')]")]
    assert uses == ["Works best", "Used for", "Mentioned in"]


def test_grouping_by_page_follows_the_order_of_pages(
    baking: Path, builder: Builder
) -> None:
    data = baking / "source/data/ovens.yml"
    data.write_text(
        data.read_text()
        .replace("steps: [prove]", "steps: [bake-it, prove]")
        .replace("heat: Coals.", "heat: Coals.\n  steps: [bake-it]")
    )
    page = baking / "source/ovens.md"
    text = page.read_text().split("```")[0]
    page.write_text(f"{text}```{{records}} ovens\n:group: steps\n```\n")
    tree = builder(baking).tree("ovens")
    groups = tree.xpath("//section[starts-with(@id, 'group-')]")
    assert [g.xpath("string(h2/text())") for g in groups] == [
        "Let it prove",
        "Bake the loaf",
    ]
    assert [len(g.xpath("./section")) for g in groups] == [1, 1]  # the deck oven once
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_schema_lists_what_a_page_refers_to_and_what_refers_to_it(
    baking: Path, builder: Builder
) -> None:
    tree = builder(baking).tree("prepare/prove")
    (ovens,) = tree.xpath("//nav[@aria-label='Ovens for this step']")
    assert ovens.xpath(".//li//a/@href") == ["../ovens.html#oven-deck"]


def test_page_lists_the_sources_of_what_its_text_says(
    baking: Path, builder: Builder
) -> None:
    page = baking / "source/prepare/knead.md"
    page.write_text(f"{page.read_text()}\n{{oven}}`deck`, {{oven-heat}}`deck`.\n")
    tree = builder(baking).tree("prepare/knead")
    (sources,) = tree.xpath("//nav[@aria-label='Sources for this page']")
    (item,) = sources.xpath(".//li")
    assert item.text_content().strip() == "The maker's book: Deck oven"
    assert item.xpath(".//a/@href") == [
        "https://example.org/deck?a=1&b=2",
        "../ovens.html#oven-deck",
    ]
    other = builder(baking).tree("prepare/prove")  # named in front matter only
    assert not other.xpath("//nav[@aria-label='Sources for this page']")


def written(out: Path, before: dict[str, int]) -> set[str]:
    """Return the pages that were written since *before*."""
    now = stamps(out)
    return {name for name, at in now.items() if before.get(name) != at}


def stamps(out: Path) -> dict[str, int]:
    pages = out.rglob("*.html")
    return {p.relative_to(out).as_posix(): p.stat().st_mtime_ns for p in pages}


@pytest.mark.parametrize(
    ("old", "new", "pages"),
    [
        # In a sentence of one page; its label stays.
        ("short: a deck oven", "short: the deck", {"bake/bake-it.html"}),
        ("heat: Coals.", "heat: Embers.", {"ovens.html"}),
        ("Camp oven", "Fire", {"ovens.html", "bake/bake-it.html"}),
        ("The maker's book", "The book", {"bake/bake-it.html"}),
        (
            "name: Deck oven",
            "name: Deck",
            {"ovens.html", "bake/bake-it.html", "prepare/prove.html"},
        ),
    ],
)
def test_changed_record_rewrites_exactly_the_pages_that_show_it(
    baking: Path, builder: Builder, old: str, new: str, pages: set[str]
) -> None:
    out = builder(baking).out
    before = stamps(out)
    data = baking / "source/data/ovens.yml"
    data.write_text(data.read_text().replace(old, new))
    assert builder(baking).code == 0
    always = {"genindex.html", "search.html"}
    assert written(out, before) - always == pages


@pytest.mark.parametrize(
    "name", ["baking", pytest.param("real", marks=pytest.mark.long)]
)
def test_builds_on_different_days_are_alike_to_the_byte(
    request: pytest.FixtureRequest, builder: Builder, name: str
) -> None:
    root = request.getfixturevalue(name)

    def files(out: Path) -> dict[str, bytes]:
        return {
            f.relative_to(out).as_posix(): f.read_bytes()
            for f in sorted(out.rglob("*"))
            if f.is_file()
        }

    first = builder(root, fresh=True)
    one = files(first.out)
    builder.days_later = 400
    other = files(builder(root, fresh=True).out)
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


def test_without_the_variable_the_clock_is_asked(
    baking: Path, builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    builder.days_later = 365 * 10
    assert "source/data/ovens.yml:8:10 record_expired" in builder(baking).findings


# Redirects


def redirect(root: Path, old: str) -> None:
    page = root / "source/prepare/knead.md"
    text = page.read_text().replace("related:", f"redirect_from: [{old}]\nrelated:")
    page.write_text(text)


@pytest.mark.parametrize(
    ("name", "file", "address"),
    [
        ("html", "old/place.html", "../prepare/knead.html"),
        ("dirhtml", "old/place/index.html", "../../prepare/knead/"),
    ],
)
def test_old_address_leads_to_the_page(
    baking: Path, builder: Builder, name: str, file: str, address: str
) -> None:
    redirect(baking, "old/place")
    built = builder(baking, name)
    assert built.code == 0
    tree = built.tree(file.removesuffix(".html"))
    assert tree.xpath("//a/@href") == [address]
    assert tree.xpath("//link[@rel='canonical']/@href") == [address]
    assert tree.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={address}"]
    assert tree.get("lang") == "en"
    page = baking / "source/prepare/knead.md"
    page.write_text(page.read_text().replace("redirect_from: [old/place]\n", ""))
    built = builder(baking, name)
    assert not (built.out / file).exists()


def test_canonical_address_is_whole_where_the_site_has_one(
    baking: Path, builder: Builder
) -> None:
    redirect(baking, "old")
    conf = baking / "conf.py"
    conf.write_text(f'{conf.read_text()}\nhtml_baseurl = "https://example.org/b/"\n')
    tree = builder(baking).tree("old")
    assert tree.xpath("//link[@rel='canonical']/@href") == [
        "https://example.org/b/prepare/knead.html"
    ]


@pytest.mark.long
def test_chain_of_redirects_is_followed_to_its_end(
    baking: Path, builder: Builder
) -> None:
    home = baking / "source/index.md"
    chain = "redirects:\n  - {from: a, to: b}\n  - {from: b, to: prepare/knead}\n"
    home.write_text(home.read_text().replace("expects:", f"{chain}expects:"))
    built = builder(baking)
    assert built.code == 0, built.warnings
    for old in ("a", "b"):
        assert built.tree(old).xpath("//a/@href") == ["prepare/knead.html"]


def test_epub_has_no_redirects(baking: Path, builder: Builder) -> None:
    redirect(baking, "old/place")
    built = builder(baking, "epub")
    assert built.code == 0
    assert not list(built.out.rglob("place*"))


@pytest.mark.parametrize("old", ["../out", "/etc/x", "a b", "<script>", "a//b"])
def test_real_schema_refuses_a_path_that_is_no_address(real: Path, old: str) -> None:
    from sphinx_stepwise.core.project import load_project
    from sphinx_stepwise.core.rules.checks import check_project

    page = real / "source/design/start-with-user-needs.md"
    text = page.read_text().replace("owner:", f"redirect_from: ['{old}']\nowner:", 1)
    page.write_text(text)
    _, report = check_project(load_project(real))
    assert any(d.code == "schema" for d in report.diagnostics)


# Glossary


GLOSSARY = """
```{glossary}
Dough
  Flour and water, *mixed*.

  More about it.

Proof
  Rest for the {term}`dough`.
```
"""


def test_term_is_explained_at_its_first_use(baking: Path, builder: Builder) -> None:
    page = baking / "source/welcome.md"
    page.write_text(f"{page.read_text()}\n{GLOSSARY}")
    other = baking / "source/prepare/knead.md"
    other.write_text(
        f"{other.read_text()}\nTake {{term}}`dough` and {{term}}`more dough <dough>`.\n"
    )
    tree = builder(baking).tree("prepare/knead")
    (link,) = tree.xpath("//a[contains(@class, 'stepwise-term')]")
    assert link.get("href") == "../welcome.html#term-Dough"
    (tip,) = tree.xpath("//span[@role='tooltip']")
    assert tip.get("id") == link.get("aria-describedby")
    assert tip.text_content() == "Flour and water, mixed."
    assert "more dough" in tree.text_content()
    assert not builder(baking).tree("welcome").xpath("//span[@role='tooltip']")

    page.write_text(page.read_text().replace("*mixed*", "kneaded"))
    (tip,) = builder(baking).tree("prepare/knead").xpath("//span[@role='tooltip']")
    assert tip.text_content() == "Flour and water, kneaded."

    page.write_text(page.read_text().replace("kneaded", "for {oven}`deck`"))
    (tip,) = builder(baking).tree("prepare/knead").xpath("//span[@role='tooltip']")
    assert tip.text_content() == "Flour and water, for a deck oven."
    data = baking / "source/data/ovens.yml"
    data.write_text(data.read_text().replace("short: a deck oven", "short: any oven"))
    (tip,) = builder(baking).tree("prepare/knead").xpath("//span[@role='tooltip']")
    assert tip.text_content() == "Flour and water, for any oven."

    book = builder(baking, "epub")
    text = (book.out / "prepare/knead.xhtml").read_text("utf-8")
    assert "tooltip" not in text
    assert re.search(r'href="[^"]*welcome\.xhtml#term-Dough"', text)


@pytest.mark.long
def test_every_file_is_the_same_in_parallel(real: Path, builder: Builder) -> None:
    serial = contents(builder(real, fresh=True).out)
    parallel = builder(real, "html", "-j", "2", fresh=True)
    assert contents(parallel.out) == serial
    assert os.environ["SOURCE_DATE_EPOCH"]

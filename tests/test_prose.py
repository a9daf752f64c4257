"""The prose rules, each on the smallest text; then every page of the toolkit."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING

import pytest
from prose.checking import check_pages, excused, read_pages
from prose.reading import GAP, read_prose
from prose.rules import RULES, check_page, sentences
from prose.sharing import check_sharing
from prose.words import Exemption, load_words
from sphinx_stepwise.core.project import load_project

if TYPE_CHECKING:
    from prose.reading import Prose

ROOT = Path(__file__).parents[1]
WORDS = load_words()
PAGES = read_pages(load_project(ROOT))
BARE = check_pages(PAGES, replace(WORDS, exempt=()))
FINDINGS = [finding for finding in BARE if not excused(finding, WORDS)]

FRONT = "---\nkind: page\ntitle: A page\nsummary: What it holds.\n---\n"
RECORDS = {"limit": "30 days", "long": "one " * 36, "duty": "the duty of the Act"}


def names(role: str, target: str) -> str:
    return RECORDS.get(target, target)


def page(body: str, front: str = FRONT) -> Prose:
    return read_prose(f"{front}\n{body}\n", "source/page.md", names)


def found(body: str) -> list[str]:
    """Return rule, place and words of all findings in a page with this body."""
    return [
        f"{f.rule} {f.place[0] - 6}:{f.place[1]} {f.text}".strip()
        for f in sorted(check_page(page(body), WORDS))
    ]


EASY = "We see the cat on the mat. "
HARD = "Organisational accountability necessitates comprehensive documentation. "
PASSIVE = "It was done. It was seen. It is known."

#: Rule, a text that fails, what is found, a text like it that passes.
CASES = [
    ("stale-term", "Use OJEU.", "1:5 OJEU", "Use {term}`OJEU`, or `OJEU`."),
    ("stale-term", "Send two PINs.", "1:10 PINs", "Use a pin."),
    ("stale-term", "Ask about\nthe GDPR.", "2:5 GDPR", "Ask about UK GDPR."),
    ("stale-term", "A Contract notice.", "1:3 Contract notice", "A contract note."),
    ("avoided-word", "Utilised well.", "1:1 Utilised", "Use it well."),
    ("avoided-word", "- We ensure it.", "1:6 ensure", "- We insure it."),
    ("avoided-word", "We foster it.", "1:4 foster", "A foster carer."),
    ("jargon", "Set a KPI.", "1:7 KPI", "A {term}`KPI <Key performance indicator>`."),
    ("jargon", "Set KPIs.", "1:5 KPI", "A {term}`Key performance indicator`: a KPI."),
    ("jargon", "Ask an SME.", "1:8 SME", "A small firm (SME). An SME is small."),
    ("long-sentence", "One. " + "a " * 36 + "b.", "", "a " * 34 + "b."),
    ("long-sentence", "See {fact}`long`.", "", "See {fact}`limit`."),
    ("heading-case", "## Ask Your Users", "1:8 Your", "## Ask your users"),
    ("heading-case", "## The Act Now", "1:8 Act", "## The Procurement Act: now"),
    ("empty-link", "Go [here](x.md).", "1:4 here", "Go [to the list](x.md)."),
    ("empty-link", "See {page}`this page <x>`.", "1:5 this page", "See {page}`x`."),
    ("empty-link", "Click on Save.", "1:1 Click on", "Choose Save."),
    ("passive-heap", PASSIVE, "1:4", "It was done. It was seen. We know it."),
    ("dash", "One \u2014 two.", "1:5 \u2014", "One, two. 2019\u201320 is a span."),
    ("dash", "One -- two.", "1:5 --", "A well-made thing."),
    ("figure", "Over £10,000.", "1:6 £10,000", "Over {fact}`limit`."),
    ("figure", "Half, or 50%.", "1:10 50%", "Half of them."),
    ("figure", "Within 30 days.", "1:1 Within 30 days", "Within {fact}`limit`."),
    ("figure", "On 24 May 2025.", "1:4 24 May 2025", "The Procurement Act 2023."),
    ("figure", "Since 2019.", "1:7 2019", "Since the Order 2019."),
    ("figure", "|a|b|\n|-|-|\n|c|£5|", "3:4 £5", "|a|b|\n|-|-|\n|c|d|"),
    ("law-reference", "Send a UK4.", "1:8 UK4", "Send a tender notice in the UK."),
    ("law-reference", "See section 12.", "1:5 section 12", "See {fact}`duty`."),
    ("law-reference", "See reg. 72.", "1:5 reg. 72", "See the regulations."),
    ("law-reference", "See PPN 06/20.", "1:5 PPN 06/20", "See {term}`PPN 06/20`."),
    ("reading-grade", HARD * 20, "1:1", EASY * 20),
]


@pytest.mark.parametrize(("rule", "bad", "where", "good"), CASES)
def test_rule_finds_the_bad_and_passes_the_good(
    rule: str, bad: str, where: str, good: str
) -> None:
    first = next(f for f in found(bad) if f.startswith(rule))
    assert first.startswith(f"{rule} {where}")
    assert not [f for f in found(good) if f.startswith(rule)]


def test_every_rule_has_a_case() -> None:
    shared = {"step-length"}  # below
    assert {rule for rule, *_ in CASES} | shared == set(RULES)


def test_plain_text_has_no_findings() -> None:
    assert found("## What is it?\n\n- One {team}`it`.\n\nTwo [words](x.md).") == []


def test_a_page_is_read_with_its_records_and_places() -> None:
    read = page("Pay **within**\n{fact}`limit` or {step}`stop <plan>`.")
    block = read.blocks[1]
    assert block.told == "Pay within 30 days or stop."
    assert block.own == f"Pay within {GAP * 7} or {GAP * 4}."
    assert [block.place(block.told.index(word)) for word in ("within", "30", "or")] == [
        (7, 7),
        (8, 1),
        (8, 15),
    ]


@pytest.mark.parametrize(
    ("body", "findings"),
    [
        ("```\nUse OJEU.\n```", []),
        ("```{record} case ojeu\n:show: text\n```", []),
        ("% Use OJEU.", []),
        ("One. <!-- OJEU -->", []),
        (":::{note}\n:class: OJEU\n\nUse OJEU.\n:::", ["stale-term 4:5 OJEU"]),
        ("```{glossary}\nOJEU\n  A paper,\n  OJEU.\n```", ["stale-term 4:3 OJEU"]),
        ("1. One.\n\n   - Use OJEU.", ["stale-term 3:10 OJEU"]),
        ("### Illustration: a line\n\nPay £5 on 1 May 2030.", []),
        ("### Illustration: a line\n\n### Next\n\nPay £5.", ["figure 5:5 £5"]),
    ],
)
def test_what_counts_as_prose(body: str, findings: list[str]) -> None:
    assert found(body) == findings


def test_the_summary_is_prose() -> None:
    front = FRONT.replace("What it", "What the OJEU")
    (finding,) = check_page(page("", front), WORDS)
    assert (finding.rule, finding.place) == ("stale-term", (4, 10))


def test_sentences_end_where_a_reader_stops() -> None:
    text = 'See e.g. Hackney. "Why?" Because of v. 2 there. It is 2.5 long.'
    assert [sentence for _, sentence in sentences(text)] == [
        "See e.g. Hackney.",
        '"Why?"',
        "Because of v.",
        "2 there.",
        "It is 2.5 long.",
    ]


def step(name: str, body: str) -> Prose:
    read = page(body, FRONT.replace("kind: page", "kind: step"))
    return replace(read, path=name)


@pytest.mark.parametrize(("count", "fails"), [(599, 1), (600, 0), (1200, 0), (1201, 1)])
def test_length_of_a_step(count: int, fails: int) -> None:
    rules = [f.rule for f in check_page(step("a", "one " * count), WORDS)]
    assert rules.count("step-length") == fails


ALPHABET = list(ascii_lowercase)


def unlike(prefix: str, count: int) -> str:
    return " ".join(f"{prefix}{n}" for n in range(count))


@pytest.mark.parametrize(
    ("first", "second", "rules"),
    [
        (9, 9, ["repeated-run"]),
        (12, 12, ["repeated-run"]),  # one finding for one passage
        (8, 8, []),
    ],
)
def test_no_long_run_in_two_steps(first: int, second: int, rules: list[str]) -> None:
    one = f"{unlike('x', 400)} {' '.join(ALPHABET[:first])}."
    two = f"{' '.join(ALPHABET[:second])} {unlike('y', 400)}."
    findings = check_sharing([step("one.md", one), step("two.md", two)])
    assert [f.rule for f in findings] == rules


def test_words_of_records_and_headings_may_be_shared() -> None:
    body = "## A b c d e f g h i\n\nA b c d {fact}`limit` e f g h i."
    other = body.replace("{fact}`limit`", "{fact}`duty`")
    pages = [step("one.md", body), step("two.md", f"{other} {unlike('y', 400)}")]
    assert [f.rule for f in check_sharing(pages)] == ["overlap"]
    assert list(check_sharing([pages[0], step("two.md", "Other words.")])) == []


@pytest.mark.parametrize(("own", "rules"), [(150, ["overlap"]), (250, [])])
def test_two_steps_overlap_little(own: int, rules: list[str]) -> None:
    same = " ".join(ALPHABET[:5])
    more = " ".join(ALPHABET[10:18])
    texts = [f"{same}. {unlike(x, own)}. {more}." for x in "uv"]
    pages = [
        step(f"{n}.md", text.replace(". ", ".\n\n")) for n, text in enumerate(texts)
    ]
    assert [f.rule for f in check_sharing(pages)] == rules


def test_an_exemption_excuses_only_what_it_names() -> None:
    (finding,) = check_page(page("Use OJEU."), WORDS)
    rule, pages = frozenset({"stale-term"}), "source/*"
    for exemption, fine in [
        (Exemption(pages, rule, "why"), True),
        (Exemption(pages, rule, "why", "OJEU"), True),
        (Exemption(pages, rule, "why", "TED"), False),
        (Exemption(pages, frozenset({"dash"}), "why"), False),
        (Exemption("source/about/*", rule, "why"), False),
    ]:
        assert excused(finding, replace(WORDS, exempt=(exemption,))) is fine


@pytest.mark.parametrize("exemption", WORDS.exempt, ids=lambda e: e.pages)
def test_every_exemption_says_why_and_is_needed(exemption: Exemption) -> None:
    assert exemption.rules <= {*RULES, "repeated-run", "overlap"}
    assert exemption.why.endswith(".")
    used = {
        finding.rule
        for finding in BARE
        if exemption.covers(finding.path, finding.rule, finding.text)
    }
    assert used == exemption.rules


def test_jargon_is_in_the_glossary() -> None:
    glossary = (ROOT / "source/reference/glossary.md").read_text("utf-8").split("\n")
    assert {*WORDS.jargon, *WORDS.jargon.values()} <= set(glossary)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tests/prose"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_checks_the_files_it_is_given() -> None:
    done = run(str(ROOT / "source/introduction.md"))
    expected = [str(f) for f in FINDINGS if f.path == "source/introduction.md"]
    *lines, last = done.stdout.splitlines()
    assert lines == expected
    assert last == f"1 pages read, {len(expected)} findings"
    assert done.returncode == int(bool(expected))


def test_the_command_refuses_what_is_no_page() -> None:
    done = run("README.md")
    assert (done.returncode, done.stdout) == (2, "")
    assert "README.md: no page of the toolkit" in done.stderr


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_the_command_refuses_an_unknown_revision() -> None:
    assert run("--changed-since", "no-such-revision").returncode == 2


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_page_reads_well(path: str) -> None:
    assert [str(finding) for finding in FINDINGS if finding.path == path] == []

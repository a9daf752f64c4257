"""The rules for one page.  Each yields what a reader would trip over, and where.

A rule prefers to miss something over a false alarm: writers stop reading a list that
is often wrong.  The words that rules look for stand in ``words.yml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import textstat
from prose.figures import check_figures, check_references
from prose.reading import GAP, paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prose.reading import Block, Place, Prose
    from prose.words import Words

LONGEST_SENTENCE: Final = 35
HIGHEST_GRADE: Final = 9.0
#: A shorter text has no steady grade.
LEAST_GRADED: Final = 100
STEP_LENGTH: Final = (600, 1200)
PASSIVE_HEAP: Final = 3

_SENTENCE_END: Final = re.compile(r"(?<=[.!?])[\"')]*\s+(?=[\"'(]*[A-Z0-9])")
_ABBREVIATION: Final = re.compile(r"\b(?:e\.g|i\.e|etc|Mr|Mrs|Ms|Dr|No|St)\.$")
_PASSIVE: Final = re.compile(
    r"(?i)\b(?:is|are|was|were|be|been|being)\s+(?:(?:not|\w+ly)\s+)?"
    r"(?:\w{2,}ed|done|made|given|taken|written|sent|shown|known|held|paid|put|seen"
    r"|found|built|bought|sold|kept|left|told|met|chosen|drawn|lost|led|spent)\b"
)
_NOWHERE: Final = re.compile(
    r"(?i)(?:(?:click|see|look|go) )?"
    r"(?:here|this|this (?:link|page)|more|read more|link)"
)
_CLICK: Final = re.compile(r"(?i)\bclick(?:ing)? (?:here|on|the|this)\b")
#: An em dash, or a shorter one with spaces about it.
_DASH: Final = re.compile(r"\u2014|(?<=\s)(?:\u2013|--)(?=\s)")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to mend."""

    path: str
    place: Place
    rule: str
    message: str
    #: The words that it is about; an exemption can name them.
    text: str = ""

    def __str__(self) -> str:
        line, column = self.place
        return f"{self.path}:{line}:{column}: warning: {self.message} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Trip:
    """What a rule yields; the rule's name and the path are added later."""

    place: Place
    message: str
    text: str = ""


def stale_term(page: Prose, words: Words) -> Iterator[Trip]:
    """A name that has gone out of use sends readers to something that is gone."""
    for block in page.blocks:
        for term in words.stale:
            for found in term.search(block.own):
                message = f"`{found[0]}` is out of date: {term.say}"
                yield Trip(block.place(found.start()), message, found[0])


def avoided_word(page: Prose, words: Words) -> Iterator[Trip]:
    """A long or worn word has a plain one."""
    for block in page.blocks:
        for term in words.avoid:
            for found in term.search(block.own):
                message = f"instead of `{found[0]}`, {term.say}"
                yield Trip(block.place(found.start()), message, found[0])


def jargon(page: Prose, words: Words) -> Iterator[Trip]:
    """Initials are linked to the glossary, or spelt out, where they come first."""
    blocks = [b for b in page.blocks if b.kind in {"text", "item"}]
    for initials, term in words.jargon.items():
        pattern = re.compile(rf"(?<!\w){re.escape(initials)}s?(?!\w)")
        first = next(
            (
                (b.place(m.start()), b.own[max(m.start() - 1, 0) : m.end() + 1])
                for b in blocks
                if (m := pattern.search(b.own))
            ),
            None,
        )
        if not first:
            continue
        place, around = first
        linked = any(
            (use.location.line or 0, use.location.column or 0) < place
            for use in page.roles
            if use.name == "term" and use.target in {initials, term}
        )
        if not linked and not (around.startswith("(") and around.endswith(")")):
            message = f"explain `{initials}` where it comes first: {{term}}`{term}`"
            yield Trip(place, message, initials)


def long_sentence(page: Prose, words: Words) -> Iterator[Trip]:
    """Nobody holds more than 35 words in mind."""
    for block in paragraphs(page):
        for start, sentence in sentences(block.told):
            count = len(sentence.split())
            if count > LONGEST_SENTENCE:
                opening = " ".join(sentence.split()[:6])
                message = f"{count} words in a sentence: split `{opening} ...`"
                yield Trip(block.place(start), message, sentence)


def heading_case(page: Prose, words: Words) -> Iterator[Trip]:
    """Only the first word of a heading, and names, begin with a capital."""
    for block in page.blocks:
        if block.kind != "heading":
            continue
        rest = words.proper.sub(lambda m: m[0].lower(), block.own)
        for found in re.finditer(r"[A-Za-z][\w'\u2019-]*", rest):
            before = rest[: found.start()].rstrip(" \"'(`")
            begins = not before or before[-1] in ".?!:"
            word = found[0]
            if not begins and word[0].isupper() and not word[1:2].isupper():
                message = f"small letter for `{word}`, unless it is a name"
                yield Trip(block.place(found.start()), message, word)


def empty_link(page: Prose, words: Words) -> Iterator[Trip]:
    """A link says where it leads, also to those who hear it alone."""
    for block in page.blocks:
        for said, place in block.links:
            if _NOWHERE.fullmatch(said.strip()):
                yield Trip(place, f"let the link say where it leads: `{said}`", said)
        for found in _CLICK.finditer(block.own):
            message = f"name the thing itself: not everybody clicks (`{found[0]}`)"
            yield Trip(block.place(found.start()), message, found[0])


def passive_heap(page: Prose, words: Words) -> Iterator[Trip]:
    """One passive is fine; three in a paragraph hide who does what."""
    for block in paragraphs(page):
        found = list(_PASSIVE.finditer(block.own))
        if len(found) >= PASSIVE_HEAP:
            listed = ", ".join(f"`{m[0]}`" for m in found)
            message = f"{len(found)} passives in a paragraph; say who does it: {listed}"
            yield Trip(block.place(found[0].start()), message)


def dash(page: Prose, words: Words) -> Iterator[Trip]:
    """A full stop, a comma or brackets do what a dash does."""
    for block in page.blocks:
        for found in _DASH.finditer(block.own):
            yield Trip(block.place(found.start()), "no dashes between words", found[0])


def figure(page: Prose, words: Words) -> Iterator[Trip]:
    """Figures and dates come from records, so that one edit changes all pages."""
    for block, index, what, text in check_figures(page):
        message = f"{what} `{text}`: take it from a record, or link to the case"
        yield Trip(block.place(index), message, text)


def law_reference(page: Prose, words: Words) -> Iterator[Trip]:
    """Codes and numbers of law come from records, which name their source."""
    for block, index, what, text in check_references(page):
        message = f"{what} `{text}`: name the thing in words, or use {{fact}}"
        yield Trip(block.place(index), message, text)


def reading_grade(page: Prose, words: Words) -> Iterator[Trip]:
    """A page reads at grade 9 or below, the level of a reader of 14."""
    text = graded_text(page)
    if len(text.split()) >= LEAST_GRADED:
        grade = textstat.flesch_kincaid_grade(text)
        if grade > HIGHEST_GRADE:
            message = f"reading grade {grade:.1f}, over {HIGHEST_GRADE:.0f}"
            first = next(b for b in page.blocks if b.kind in {"text", "item"})
            yield Trip(first.place(0), f"{message}: shorter sentences and words")


def step_length(page: Prose, words: Words) -> Iterator[Trip]:
    """A step can be read in five minutes and leaves nothing open."""
    least, most = STEP_LENGTH
    if page.kind == "step" and not least <= page.length <= most:
        message = f"a step has {least} to {most} words, and this has {page.length}"
        yield Trip((1, 1), message)


#: Rule to its name in findings: ``stale-term`` and so on.
RULES: Final[dict[str, Callable[[Prose, Words], Iterator[Trip]]]] = {
    rule.__name__.replace("_", "-"): rule
    for rule in (
        *(stale_term, avoided_word, jargon, long_sentence, heading_case, empty_link),
        *(passive_heap, dash, figure, law_reference, reading_grade, step_length),
    )
}


def check_page(page: Prose, words: Words, /) -> Iterator[Finding]:
    """Yield what any rule says of one page."""
    for name, rule in RULES.items():
        for trip in rule(page, words):
            yield Finding(page.path, trip.place, name, trip.message, trip.text)


def sentences(text: str, /) -> Iterator[tuple[int, str]]:
    """Yield each sentence with the index at which it begins."""
    start = 0
    for found in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text[start : found.start()]):
            yield start, text[start : found.end()].strip()
            start = found.end()
    yield start, text[start:].strip()


def graded_text(page: Prose, /) -> str:
    """Return the sentences that count for the grade.

    Headings, tables, what a directive holds, and items that only link are left out.
    """
    counted = (
        block.told.rstrip()
        for block in page.blocks
        if block.kind in {"text", "item"}
        and not block.inside
        and not _only_links(block)
    )
    return " ".join(text if text[-1] in ".?!" else f"{text}." for text in counted)


def _only_links(block: Block) -> bool:
    return block.kind == "item" and len(block.own.replace(GAP, " ").split()) < 4

"""The lists of ``words.yml``, read once and ready to search with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE = Path(__file__).with_name("words.yml")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that a page should not use, and what to say."""

    pattern: re.Pattern[str]
    say: str
    #: Longer phrases in which the words are in order.
    unless: re.Pattern[str] | None = None

    def search(self, text: str, /) -> Iterator[re.Match[str]]:
        """Yield each use of the words that is not in order."""
        fine = list(self.unless.finditer(text)) if self.unless else []
        for found in self.pattern.finditer(text):
            start, end = found.span()
            if not any(f.start() <= start and end <= f.end() for f in fine):
                yield found


@dataclass(frozen=True, slots=True)
class Exemption:
    """Pages that one or more rules leave alone, and why."""

    pages: str
    rules: frozenset[str]
    why: str
    #: Only findings about exactly these words; none means all.
    text: str = ""

    def covers(self, path: str, rule: str, text: str, /) -> bool:
        """Whether it excuses a finding."""
        same = not self.text or self.text == text
        return same and rule in self.rules and fnmatchcase(path, self.pages)


@dataclass(frozen=True, slots=True)
class Words:
    """Everything in ``words.yml``."""

    stale: tuple[Term, ...]
    avoid: tuple[Term, ...]
    #: Initials, and the term of the glossary that explains them.
    jargon: dict[str, str]
    proper: re.Pattern[str]
    exempt: tuple[Exemption, ...]


def load_words(file: Path = _FILE, /) -> Words:
    """Read the lists."""
    data: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return Words(
        stale=tuple(map(_term, data["stale"])),
        avoid=tuple(map(_term, data["avoid"])),
        jargon=data["jargon"],
        proper=_any_of(data["proper"]),
        exempt=tuple(
            Exemption(e["pages"], frozenset(e["rules"]), e["why"], e.get("text", ""))
            for e in data["exempt"]
        ),
    )


def _term(item: dict[str, Any]) -> Term:
    unless = item.get("unless")
    return Term(_any_of(item["not"]), item["say"], _any_of(unless) if unless else None)


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    """Match any of the phrases as whole words, the longest first."""
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_phrase, ordered))})(?![\w-])")


def _phrase(phrase: str) -> str:
    """Match a phrase in its plural as well; ``*`` stands for any ending.

    Small letters match capitals too, because a sentence may begin with them.
    """
    if phrase.endswith("*"):
        core = re.escape(phrase.removesuffix("*")) + r"\w*"
    else:
        core = re.escape(phrase) + r"s?"
    return core if phrase != phrase.lower() else f"(?i:{core})"

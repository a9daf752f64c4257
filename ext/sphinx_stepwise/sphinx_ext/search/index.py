"""The index of our theme's search: for each word, what it finds and how well.

Words are split, stopped and stemmed here and in ``search.js``, in the reader's browser,
with the language that Sphinx gives to both.  The two stemmers may be of different
versions, so a stem is named by the shortest word that has it, and stemmed again there.
How well a word finds an entry is one number, by BM25F (Robertson and Zaragoza, The
Probabilistic Relevance Framework, 2009, section 3.5): the browser only adds.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinx.search import SearchLanguage

    from sphinx_stepwise.sphinx_ext.search.entries import Entry, Facet

_T = TypeVar("_T")
#: A number with its separators, or a word with its apostrophes; as in ``search.js``.
_WORD: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)+|[^\W_]+(?:['\u2019][^\W_]+)*")
_THOUSANDS: Final = re.compile(r"^([0-9]+)k$")
#: How much a word counts where it stands.
_WEIGHTS: Final = {
    "title": 5.0,
    "names": 5.0,
    "summary": 3.0,
    "headings": 2.0,
    "related": 1.0,
    "text": 1.0,
}
#: How much a kind of page counts, and all else, which is short.
_KINDS: Final = {
    "step": 1.5,
    "stage": 1.0,
    "guidebook": 1.0,
    "page": 0.9,
    "toolkit": 0.6,
}
_OTHER_KINDS: Final = 0.5
#: BM25's own: how soon further uses of a word stop to count, and how much length does.
_K1: Final = 2.0
_B: Final = 0.75
#: How much a synonym counts, beside the word that was typed.
_MEANT: Final = 0.5
#: Before stems that nobody can type: of what has a mark, and of what has a name.
_MARK: Final = "@"
_WHOLE: Final = "="
#: So many words of a name does anybody type.
_LONG_NAME: Final = 6
#: Numbers are whole, so that the index is short.
_SCALE: Final = 10


@dataclass(frozen=True, slots=True)
class Synonym:
    """What readers type, and what it means."""

    typed: tuple[str, ...]
    meant: tuple[str, ...]
    #: What the entries that it leads to have among their ``marks``.
    mark: str = ""


def document(
    entries: Sequence[Entry],
    facets: Sequence[Facet],
    synonyms: Iterable[Synonym],
    language: SearchLanguage,
) -> dict[str, Any]:
    """Return all that ``search.js`` needs, to be written as JSON.

    ``facets`` are [name, label, [[value, label], ...]]; ``entries`` [address, title,
    summary, {facet: values}, [anchor, heading, text, ...]]; ``words`` have for each
    word [entry's number, how well it is found, ...]; ``phrases`` are what readers type,
    with words to look for besides and how much each counts.
    """
    words = Words(language)
    index, phrases = impacts(entries, words), list(_phrases(synonyms, words))
    return {
        "facets": [[f.name, f.label, list(f.values.items())] for f in facets],
        "entries": [_row(entry, facets) for entry in entries],
        "words": _named(index, words),
        "phrases": [[typed, _named(meant, words)] for typed, meant in phrases],
    }


def _named(by_stem: dict[str, _T], words: Words) -> dict[str, _T]:
    return dict(sorted((words.name(stem), found) for stem, found in by_stem.items()))


def _row(entry: Entry, facets: Iterable[Facet]) -> list[Any]:
    found = {
        facet.name: [id_ for id_ in entry.facets[facet.name] if id_ in facet.values]
        for facet in facets
        if entry.facets.get(facet.name)
    }
    sections = [part for section in entry.sections for part in section]
    return [entry.address, entry.title, entry.summary, found, sections]


class Words:
    """Takes text apart as one language does."""

    def __init__(self, language: SearchLanguage) -> None:
        self._language = language
        self._stems: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def __call__(self, text: str) -> list[str]:
        """Return the stems of the words of *text* that are worth searching."""
        return [stem for word in _WORD.findall(text) if (stem := self._stem(word))]

    def _stem(self, word: str) -> str:
        stem = self._stems.get(word)
        if stem is None:
            plain = word.lower().replace("\u2019", "'").replace(",", "")
            plain = _THOUSANDS.sub(r"\g<1>000", plain)
            stopped = plain in self._language.stopwords
            stem = "" if stopped else self._language.stem(plain)
            self._stems[word] = stem
            known = self._names.get(stem, plain)
            self._names[stem] = min(known, plain, key=lambda name: (len(name), name))
        return stem

    def name(self, stem: str) -> str:
        """Return a word that has this stem, or the marks of one that nobody types."""
        if stem.startswith(_WHOLE):
            parts = stem.removeprefix(_WHOLE).split(" ")
            return _WHOLE + " ".join(self._names[part] for part in parts)
        return stem if stem.startswith(_MARK) else self._names[stem]


def impacts(entries: Sequence[Entry], words: Words) -> dict[str, list[int]]:
    """Return for each stem a flat list: an entry's number, how well it is found."""
    fields = [_fields(entry, words) for entry in entries]
    uses: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, weights in enumerate(_weights(entries, fields)):
        for stem, weight in weights.items():
            uses[stem].append((number, weight))
    index: dict[str, list[int]] = {}
    for stem, found in sorted(uses.items()):
        rare = math.log(1 + (len(entries) - len(found) + 0.5) / (len(found) + 0.5))
        index[stem] = []
        for number, weight in found:
            kind = _KINDS.get(entries[number].kind, _OTHER_KINDS)
            impact = kind * rare * weight * (_K1 + 1) / (weight + _K1)
            index[stem] += [number, max(1, round(impact * _SCALE))]
    return index


def _fields(entry: Entry, words: Words) -> dict[str, Counter[str]]:
    """Return how often each stem stands where."""
    held: dict[str, Iterable[str]] = {
        "title": [entry.title],
        "names": entry.names,
        "summary": [entry.summary],
        "headings": [heading for _, heading, _ in entry.sections],
        "related": entry.related,
        "text": [text for _, _, text in entry.sections],
    }
    fields = {name: Counter(words(" ".join(texts))) for name, texts in held.items()}
    fields["names"].update(_MARK + mark for mark in entry.marks)
    # A whole name that is typed finds what has it before what has its words.
    for stems in {tuple(words(name)) for name in (entry.title, *entry.names)}:
        if 0 < len(stems) <= _LONG_NAME:
            fields["names"][_WHOLE + " ".join(stems)] += 1
    return fields


def _weights(
    entries: Sequence[Entry], fields: Sequence[dict[str, Counter[str]]]
) -> Iterator[dict[str, float]]:
    """Yield for each entry how much each stem stands out in it."""
    # Pages are long and records short; each is measured by its like.
    lengths: dict[bool, list[int]] = {True: [1], False: [1]}
    for entry, found in zip(entries, fields, strict=True):
        lengths[entry.kind in _KINDS].append(found["text"].total())
    usual = {kind: sum(found) / len(found) for kind, found in lengths.items()}
    for entry, found in zip(entries, fields, strict=True):
        long = found["text"].total() / usual[entry.kind in _KINDS]
        weights: dict[str, float] = defaultdict(float)
        for name, counted in found.items():
            weight = _WEIGHTS[name] / (1 - _B + _B * long if name == "text" else 1)
            for stem, count in counted.items():
                weights[stem] += weight * count
        yield weights


def _phrases(
    synonyms: Iterable[Synonym], words: Words
) -> Iterator[tuple[str, dict[str, float]]]:
    for synonym in synonyms:
        meant: dict[str, float] = {}
        for stems in map(words, synonym.meant):
            # Each word of a long phrase says less.
            weight = round(_MEANT / math.sqrt(len(stems) or 1), 2)
            for stem in stems:
                meant[stem] = max(weight, meant.get(stem, 0))
        if synonym.mark:
            meant[_MARK + synonym.mark] = 1.0
        for typed in synonym.typed:
            own = words(typed)
            found = {stem: meant[stem] for stem in meant if stem not in own}
            if own and found:
                yield typed, found

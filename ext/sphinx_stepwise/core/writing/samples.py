"""Values that a schema accepts, for a page or record that is about to begin.

What other items of the kind say counts first, so that a new page begins with the owner
and the dates that are usual here.  What nobody could know is said to be made up.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.core.dates import add_span, day_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Page, Record
    from sphinx_stepwise.core.schema.probing import Draft
    from sphinx_stepwise.core.text.yaml_source import Path

#: Stands in every text that is made up, so that all of them can be found again.
TO_DO: Final = "to be written"
_EXAMPLE_ADDRESS: Final = "https://example.org/"
_QUOTED: Final = re.compile(r"`\"?([^`\"]+)\"?`")
#: More keys than any schema asks for: an end for schemas that ask for ever more.
_ENOUGH: Final = 500


class Sampler:
    """Makes values for one draft, one after the other."""

    def __init__(
        self,
        catalogue: Catalogue,
        draft: Draft,
        /,
        *,
        siblings: Sequence[Mapping[str, Any]] = (),
        key: tuple[str, str] = ("", ""),
    ) -> None:
        """Take up a *draft*.

        :param siblings: the data of items of the same kind.
        :param key: kind and id of the item, which it must not name itself.
        """
        self.draft = draft
        self._catalogue = catalogue
        self._siblings = siblings
        self._key = key

    def complete(self) -> None:
        """Add whatever is missing; note in the draft where nothing was found."""
        for _ in range(_ENOUGH):
            place = self.draft.missing()
            if place is None:
                break
            if not self.put(place):
                self.draft.failed.append(place)

    def put(self, path: Path, /) -> bool:
        """Put a value at *path*; return whether one was found that is accepted."""
        return any(self.draft.accepts(path, value) for value in self._candidates(path))

    def example(self, path: Path, /) -> Any:
        """Return a value for *path* that shows all it needs, or ``None``.

        The draft stays as it is.
        """
        kept = self.draft.data
        self.draft.data = copy.deepcopy(kept)
        try:
            if not self.put(path):
                return None
            self.complete()
            if self.draft.get(path) == {}:
                for key in self.draft.schema.properties(*_keys(path)):
                    self.put((*path, key))
                self.complete()
            return self.draft.get(path)
        finally:
            self.draft.data = kept

    def _candidates(self, path: Path) -> Iterator[Any]:
        rules = self.draft.rules(path)
        for rule in rules:
            yield from (rule[word] for word in ("const", "default") if word in rule)
            yield from rule.get("examples", ())
        yield from self._dates(path)
        for rule in rules:
            if "enum" in rule:
                yield from self._agreed(path, 1)
                yield from rule["enum"]
        for rule in rules:
            types = rule.get("type", ())
            for name in [types] if isinstance(types, str) else types:
                yield from self._of_type(name, rule, path)
        if not rules:
            yield from self._texts({}, path)

    def _of_type(self, name: str, rule: dict[str, Any], path: Path) -> Iterator[Any]:
        if name == "string":
            yield from self._texts(rule, path)
        elif name == "array":
            yield self._list(path, max(1, rule.get("minItems", 1)))
            yield []
        elif name == "object":
            yield {}
        elif name in {"integer", "number"}:
            yield from self._agreed(path)
            least = rule.get("minimum", rule.get("exclusiveMinimum", 1))
            yield from (least, least + 1, rule.get("maximum", 0))
        elif name == "boolean":
            yield False

    def _list(self, path: Path, size: int) -> list[Any]:
        items: list[Any] = []
        self.draft.put(path, items)
        for index in range(size):
            place = (*path, index)
            candidates = (v for v in self._candidates(place) if v not in items[:index])
            if not any(self.draft.accepts(place, value) for value in candidates):
                break
        self.draft.drop(path)
        return items

    def _texts(self, rule: dict[str, Any], path: Path) -> Iterator[str]:
        kinds, is_link = self.draft.named(path)
        if kinds:
            yield from self._ids(kinds, path)
            return
        if is_link:
            yield _EXAMPLE_ADDRESS
        today = self._catalogue.today.isoformat()
        if rule.get("format") == "date":
            yield today
        keys = _keys(path)
        yield from _placeholders(keys[-1].replace("_", " "), rule)
        # Others' free text is theirs; what is no free text may be shared.
        yield from self._agreed(path)
        words = [rule.get("description"), rule.get("x-message")]
        for text in (*words, self.draft.schema.description_of(*keys)):
            yield from _QUOTED.findall(text or "")
        yield today

    def _ids(self, kinds: tuple[str, ...], path: Path) -> Iterator[str]:
        """Yield ids that exist: first those not named yet, and of those the usual."""
        items: list[Page | Record] = [*self._catalogue.pages, *self._catalogue.records]
        known = [i.id for i in items if i.kind in kinds and i.key != self._key]
        named = self.draft.ids_below(path[0])
        usual = self._usual(path)
        yield from sorted(known, key=lambda id_: (id_ in named, -usual[id_]))

    def _usual(self, path: Path) -> Counter[Any]:
        """Count what stands at *path* in other items of the kind; no days."""
        found: list[Any] = list(self._siblings)
        for key in path:
            if isinstance(key, int):
                found = [item for v in found if isinstance(v, list) for item in v]
            else:
                found = [v[key] for v in found if isinstance(v, dict) and key in v]
        scalars = (v for v in found if isinstance(v, str | int) and not day_of(v))
        return Counter(dict(Counter(scalars).most_common()))  # the commonest first

    def _agreed(self, path: Path, share: float = 0.5) -> Iterator[Any]:
        """Yield what a *share* of the other items, of at least two, say at *path*."""
        least = max(2, len(self._siblings) * share)
        yield from (v for v, count in self._usual(path).items() if count >= least)

    def _dates(self, path: Path) -> Iterator[str]:
        """Yield days, and spans of time, for what the schema calls a date of its own.

        A deadline is far enough away that nothing is said of it yet.
        """
        schema, today = self.draft.schema, self._catalogue.today
        last, following = schema.review or ("", "")
        if path in {(last,), (schema.begins,)}:
            yield today.isoformat()
        elif path in {(following,), (schema.expires,)}:
            yield from (v for v in self._usual(path) if isinstance(v, str))
            yield _later(today, self._catalogue.project.days_ahead).isoformat()
            yield from ("1 year", "12 months")


def _keys(path: Path) -> list[str]:
    return [key for key in path if isinstance(key, str)]


def _later(today: dt.date, ahead: int) -> dt.date:
    """Return the day a year from *today*, or further away than *ahead* days."""
    years = ahead // 365 + 1
    return add_span(today, f"{min(years, 99)} years") or today


def _placeholders(words: str, rule: dict[str, Any]) -> Iterator[str]:
    """Yield texts of the right length, with a full stop and without."""
    least, most = rule.get("minLength", 0), rule.get("maxLength", _ENOUGH)
    text = f"{words.capitalize()} {TO_DO}."
    while len(text) < least:
        text += f" {text}"
    yield text[:most].strip()
    yield text[:most].rstrip(". ")
    yield f"{text[: most - 1].rstrip(' .:')}."

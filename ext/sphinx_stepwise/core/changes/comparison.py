"""What differs between two states of a toolkit, by meaning.

Two checked toolkits go in, one frozen value comes out; the words are the caller's.
A page is the same page where its docname, ``redirect_from``, id or title says so, and
what only follows from its new name (every list that names it) is no change.  All is
sorted, so equal inputs give equal values.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.core.changes.differences import (
    Comparison,
    Finding,
    PageEdit,
    PageName,
    RecordChange,
    Shift,
    TrackChange,
    changes,
    with_ids,
)
from sphinx_stepwise.core.content.files import read_text
from sphinx_stepwise.core.project import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from sphinx_stepwise.core.content.model import Page, Record
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.diagnostics import Report

#: A line that a message names; an edit above it changes it.
_LINE: Final = re.compile(r":\d+:\d+|\bline \d+")


def compare(
    old: Navigation, old_report: Report, new: Navigation, new_report: Report, /
) -> Comparison:
    """Return what differs between two toolkits; the files of both must be there."""
    pairs = _Pairs(old, new)
    tracks = tuple(pairs.tracks())
    paths = {before.path: after.path for before, after in pairs.both}
    was, now = _findings(old_report, paths), _findings(new_report, {})
    return Comparison(
        added=_apart(new, pairs.new_docnames, old.catalogue.broken),
        removed=_apart(old, pairs.became, new.catalogue.broken),
        renamed=pairs.shifts(lambda _, page: page.docname),
        retitled=pairs.shifts(lambda _, page: page.title),
        moved=tuple(pairs.moved()),
        tracks=tracks,
        edited=tuple(pairs.edited({track.page.docname for track in tracks})),
        records=tuple(pairs.records()),
        healed=_missing(was, now),
        broken=_missing(now, was),
    )


def _name(page: Page) -> PageName:
    return PageName(page.docname, page.kind, page.id, page.title)


def _apart(
    navigation: Navigation, matched: Iterable[str], broken: set[str]
) -> tuple[PageName, ...]:
    """Return the pages of one side only, but not those that are merely broken there.

    A page whose front matter cannot be read is not gone; its finding is told instead.
    """
    pages = navigation.catalogue.pages
    known = set(matched)
    apart = (p for p in pages if p.docname not in known and p.id not in broken)
    return tuple(sorted(map(_name, apart)))


class _Pairs:
    """The pages of two toolkits, matched, and what differs between the two of each."""

    def __init__(self, old: Navigation, new: Navigation) -> None:
        self.old, self.new = old, new
        #: The new page that each old one has become, by the old docname.
        self.became = _match(old.catalogue.pages, new.catalogue.pages)
        self.new_docnames = {page.docname for page in self.became.values()}
        pairs = [(p, self.became.get(p.docname)) for p in old.catalogue.pages]
        both = [(before, after) for before, after in pairs if after]
        self.both = sorted(both, key=lambda pair: pair[1].docname)
        #: New ids of what is called otherwise now, by old kind and id.
        self._ids = {b.key: a.id for b, a in self.both if b.id != a.id}

    def shifts(self, of: Callable[[Navigation, Page], str], /) -> tuple[Shift, ...]:
        """Return the pages for which *of* says something else now."""
        told = ((a, of(self.old, b), of(self.new, a)) for b, a in self.both)
        return tuple(Shift(_name(p), was, now) for p, was, now in told if was != now)

    def moved(self) -> Iterator[Shift]:
        """Yield the pages that hang below another page: for a step, its stage."""
        broken = self.old.catalogue.broken | self.new.catalogue.broken
        for before, after in self.both:
            above, now = self.old.parents(before), self.new.parents(after)
            was = [self.became.get(page.docname, page) for page in above[-1:]]
            # Below a page that cannot be read, nothing has moved.
            unknown = any(page.id in broken for page in (*above, *now))
            if not unknown and was != list(now[-1:]):
                old_id, new_id = ("".join(p.id for p in ps[-1:]) for ps in (was, now))
                yield Shift(_name(after), old_id, new_id)

    def tracks(self) -> Iterator[TrackChange]:
        """Yield the stages and guidebooks that hold their steps differently now."""
        for before, after in self.both:
            held = _steps(self.old, before)
            was = tuple(self._ids.get(step.key, step.id) for step in held)
            now = tuple(step.id for step in _steps(self.new, after))
            if was != now:
                stayed = [step for step in was if step in now]
                yield TrackChange(
                    page=_name(after),
                    added=tuple(step for step in now if step not in was),
                    removed=tuple(step for step in was if step not in now),
                    reordered=stayed != [step for step in now if step in was],
                    old=was,
                    new=now,
                )

    def edited(self, told: set[str], /) -> Iterator[PageEdit]:
        """Yield the pages that say something else.

        :param told: docnames of the tracks that :meth:`tracks` tells of already.
        """
        for before, after in self.both:
            skip = {"title", "steps"} if after.docname in told else {"title"}
            found = changes(self._data(before), after.data)
            kept = tuple(change for change in found if change.path not in skip)
            body = _body(self.old, before) != _body(self.new, after)
            if kept or body:
                yield PageEdit(_name(after), kept, body)

    def records(self) -> Iterator[RecordChange]:
        """Yield the records that are new, gone or changed, by collection and id."""
        was, now = _records(self.old), _records(self.new)
        for key in sorted(was.keys() | now.keys()):
            before, after = was.get(key), now.get(key)
            if before and after:
                found = tuple(changes(self._data(before), after.data))
                if found:
                    users = _users(self.new, after)
                    yield RecordChange(*key, after.label, "changed", found, users)
            elif before:
                users = _users(self.old, before)
                yield RecordChange(*key, before.label, "removed", pages=users)
            elif after:
                yield RecordChange(*key, after.label, "added")

    def _data(self, item: Page | Record) -> Any:
        """Return the data of an old page or record with ids as they are now."""
        ids = {}
        for ref in self.old.catalogue.references_of(item):
            target = self.old.catalogue.find(ref.kinds, ref.target)
            if target and target.key in self._ids:
                ids[ref.path, ref.target] = self._ids[target.key]
        return with_ids(item.data, ids) if ids else item.data


def _match(old: list[Page], new: list[Page]) -> dict[str, Page]:
    """Return the new page that each old one has become, by the old docname.

    The surest sign comes first.  A sign that two pages share says nothing.
    """
    signs: tuple[tuple[Callable[[Page], Hashable], Callable[[Page], Any]], ...] = (
        (lambda page: page.docname, lambda page: [page.docname]),
        (
            lambda page: page.docname,
            lambda page: [entry.id for entry in page.entries("redirect_from")],
        ),
        (lambda page: page.key, lambda page: [page.key]),
        (_kind_and_title, lambda page: [_kind_and_title(page)]),
    )
    became: dict[str, Page] = {}
    for of_old, of_new in signs:
        taken = {page.docname for page in became.values()}
        here = [(of_old(page), page) for page in old if page.docname not in became]
        there = [(s, p) for p in new if p.docname not in taken for s in {*of_new(p)}]
        candidates = _unshared(there)
        for sign, page in sorted(_unshared(here).items(), key=lambda i: i[1].docname):
            found = candidates.get(sign)
            if found and found.docname not in taken:
                taken.add(found.docname)
                became[page.docname] = found
    return became


def _kind_and_title(page: Page) -> tuple[str, str]:
    return page.kind, page.title.casefold()


def _unshared(pairs: list[tuple[Hashable, Page]]) -> dict[Hashable, Page]:
    counts = Counter(sign for sign, _ in pairs)
    return {sign: page for sign, page in pairs if counts[sign] == 1}


def _steps(navigation: Navigation, page: Page) -> tuple[Page, ...]:
    track = navigation.track(page)
    return track.steps if track else ()


def _body(navigation: Navigation, page: Page) -> str:
    """Return a page's text below its front matter."""
    project = navigation.catalogue.project
    text, _ = read_text(project, project.root / page.path)
    return "\n".join((text or "").split("\n")[page.body_line - 1 :]).strip("\n")


def _records(navigation: Navigation) -> dict[tuple[str, str], Record]:
    records = reversed(navigation.catalogue.records)  # of two, the first one counts
    return {(record.collection, record.id): record for record in records}


def _users(navigation: Navigation, record: Record) -> tuple[str, ...]:
    """Return the ids of the pages that refer to *record*, in front matter or text."""
    sources = {ref.source for ref in navigation.catalogue.references_to(record)}
    return tuple(sorted(id_ for kind, id_ in sources if kind in KINDS))


def _findings(report: Report, paths: dict[str, str]) -> list[Finding]:
    """Return the findings in order, with the *paths* that their files have now."""
    return sorted(
        Finding(
            paths.get(found.location.path, found.location.path),
            found.code.value,
            found.message,
            found.severity.value,
        )
        for found in report.diagnostics
    )


def _missing(findings: list[Finding], others: list[Finding]) -> tuple[Finding, ...]:
    """Return the findings that *others* lack; lines in messages do not count."""

    def key(found: Finding) -> tuple[str, str, str]:
        return found.path, found.code, _LINE.sub("", found.message)

    left = Counter(map(key, others))
    missing = []
    for found in findings:
        left[key(found)] -= 1
        if left[key(found)] < 0:
            missing.append(found)
    return tuple(missing)

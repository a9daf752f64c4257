"""What search can find: every published page, record and term, with its facets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinx.locale import _

from sphinx_stepwise.core.content.model import OWNER, Page, Record
from sphinx_stepwise.core.content.record_views import Lister
from sphinx_stepwise.core.content.views import badge_of
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.search.texts import texts_of
from sphinx_stepwise.sphinx_ext.site import page_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sphinx.application import Sphinx

    from sphinx_stepwise.sphinx_ext.search.texts import Term

#: The kind of a glossary's terms, which Sphinx calls so too.
TERM = "term"
#: Names in the address of a search that no collection's word can have.
_TAKEN = {"q", "kind"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that can be found."""

    address: str
    kind: str
    title: str
    summary: str = ""
    #: Anchor, heading and text of each section.
    sections: tuple[tuple[str, str, str], ...] = ()
    #: Its further names.
    names: tuple[str, ...] = ()
    #: Stems that find it without being words of it.
    marks: tuple[str, ...] = ()
    #: What it refers to, in words.
    related: tuple[str, ...] = ()
    #: By facet, such as ``stage``, the ids under which it is found there.
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Entries:
    """Makes the entries of one toolkit, in reading order: pages, records, terms."""

    def __init__(self, app: Sphinx) -> None:
        self._app = app
        self._domain = guide_domain(app.env)
        self._navigation = self._domain.navigation
        self._catalogue = self._domain.catalogue
        self._listers: dict[str, Lister] = {}
        texts = texts_of(app.env)
        self._texts = {
            page: texts[page.docname]
            for page in self._navigation.walk()
            if page.docname in texts
        }

    def __call__(self, marks: Mapping[str, Iterable[str]]) -> list[Entry]:
        """Return all entries.

        :param marks: by a page's id, stems that find it without being words of it.
        """
        entries = [self._page(page, marks.get(page.id, ())) for page in self._texts]
        entries += filter(None, map(self._record, self._catalogue.records))
        for page, texts in self._texts.items():
            entries += [self._term(page, term) for term in texts.terms]
        return entries

    def _page(self, page: Page, marks: Iterable[str]) -> Entry:
        sections = [
            (s.anchor, self._said(s.heading), self._said(s.text))
            for s in self._texts[page].sections
        ]
        sections.append(("", "", " ".join(self._notes(page))))
        return Entry(
            address=page_path(self._app, page.docname),
            kind=page.kind,
            title=page.title,
            summary=page.summary,
            sections=tuple(s for s in sections if any(s)),
            marks=tuple(marks),
            related=tuple(dict.fromkeys(self._related(page))),
            facets=self._facets(page.kind, [page]) | self._grids(page),
        )

    def _notes(self, page: Page) -> Iterator[str]:
        """Yield what the page says of the steps that it lists."""
        track = self._navigation.track(page)
        for step in track.steps if track else ():
            if note := page.note("steps", step.id):
                yield note

    def _record(self, record: Record) -> Entry | None:
        """Return a record where a page lists it, with what is shown of it there.

        A page of its own is found instead of it.
        """
        if self._catalogue.own_page(record):
            return None
        place = self._domain.place_of(record)
        page = self._catalogue.at(place[0]) if place else None
        if not place or page not in self._texts:
            return None
        words = [record.text] if record.text != record.label else []
        lister = self._lister(record, place[0])
        words += [word for shown in lister.shown(record) for word in shown.words]
        links = self._catalogue.references_of(record)
        backs = self._catalogue.references_to(record)
        pages = [self._catalogue.find(r.kinds, r.target) for r in links]
        pages += [self._catalogue.find((r.source[0],), r.source[1]) for r in backs]
        return Entry(
            address=f"{page_path(self._app, place[0])}#{place[1]}",
            kind=record.kind,
            title=record.label,
            sections=(("", "", " ".join(words)),),
            facets=self._facets(record.kind, pages),
        )

    def _lister(self, record: Record, docname: str) -> Lister:
        if record.collection not in self._listers:
            show = next(
                listing.show
                for listing in self._domain.listings[docname]
                if listing.argument == record.collection
            )
            lister = Lister(self._navigation, record.collection, show=show)
            self._listers[record.collection] = lister
        return self._listers[record.collection]

    def _term(self, page: Page, term: Term) -> Entry:
        return Entry(
            address=f"{page_path(self._app, page.docname)}#{term.anchor}",
            kind=TERM,
            title=term.names[0],
            names=term.names[1:],
            sections=(("", "", self._said(term.meaning)),),
            facets={"kind": (TERM,)},
        )

    def _said(self, words: list[str | tuple[str, str]]) -> str:
        return " ".join(self._domain.words_of(words).split())

    def _related(self, page: Page) -> Iterator[str]:
        for ref in self._catalogue.references_of(page):
            found = self._catalogue.find(ref.kinds, ref.target)
            if isinstance(found, Record) and ref.field != (OWNER,):
                yield found.label

    def _facets(
        self, kind: str, pages: Iterable[Page | Record | None]
    ) -> dict[str, tuple[str, ...]]:
        """Return kind, stages and guidebooks of something tied to *pages*."""
        steps = {page for page in pages if isinstance(page, Page)}
        tracks = self._navigation.stages, self._navigation.guidebooks
        stages, books = (
            tuple(t.page.id for t in ts if steps & {t.page, *t.steps}) for ts in tracks
        )
        return {"kind": (kind,), "stage": stages, "guidebook": books}

    def _grids(self, page: Page) -> dict[str, tuple[str, ...]]:
        """Return the records that the page's grids name, by their kind."""
        rules = self._catalogue.schemas[page.kind].sections
        shown = {rule.shows for rule in rules if rule.shows}
        found: dict[str, dict[str, None]] = {}
        for ref in self._catalogue.references_of(page):
            record = self._catalogue.find(ref.kinds, ref.target)
            if ref.field[0] not in shown or not isinstance(record, Record):
                continue
            if record.kind not in _TAKEN:
                found.setdefault(record.kind, {})[record.id] = None
        return {kind: tuple(ids) for kind, ids in found.items()}


@dataclass(frozen=True, slots=True)
class Facet:
    """What results can be narrowed by: its name, its words, its values with theirs."""

    name: str
    label: str
    values: dict[str, str]


def facets_of(app: Sphinx, entries: Iterable[Entry]) -> list[Facet]:
    """Return the facets that *entries* have, each value in the toolkit's order."""
    domain = guide_domain(app.env)
    navigation, catalogue = domain.navigation, domain.catalogue
    used: dict[str, dict[str, None]] = {"kind": {}, "stage": {}, "guidebook": {}}
    for entry in entries:
        for name, ids in entry.facets.items():
            used.setdefault(name, {}).update(dict.fromkeys(ids))
    kinds = [*_page_kinds(), *catalogue.project.collections.values(), TERM]
    words = {
        "kind": {kind: kind_words(kind) for kind in kinds},
        "stage": {t.page.id: t.page.title for t in navigation.stages},
        "guidebook": {t.page.id: badge_of(t) for t in navigation.guidebooks},
    }
    for name in used.keys() - words.keys():
        records = (r for r in catalogue.records if r.kind == name)
        words[name] = {record.id: record.label for record in records}
    facets = []
    for name, found in used.items():
        label = _("Kind") if name == "kind" else kind_words(name)
        values = {id_: said for id_, said in words[name].items() if id_ in found}
        if len(values) > 1:
            facets.append(Facet(name, label, values))
    return facets


def kind_words(kind: str) -> str:
    """Return how readers see a kind of page or record."""
    plain = kind.replace("-", " ")
    own = _page_kinds() | {TERM: _("Term")}
    return own.get(kind) or plain[:1].upper() + plain[1:]


def _page_kinds() -> dict[str, str]:
    return {
        "stage": _("Stage"),
        "step": _("Step"),
        "guidebook": _("Guidebook"),
        "page": _("Page"),
        "toolkit": _("Home page"),
    }

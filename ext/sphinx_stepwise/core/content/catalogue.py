"""Everything known of the content, by kind, id and docname."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinx_stepwise.core.content.model import BODY, Page, page_id

if TYPE_CHECKING:
    import datetime as dt

    from sphinx_stepwise.core.content.model import Record, Reference
    from sphinx_stepwise.core.diagnostics import Location
    from sphinx_stepwise.core.project import Project
    from sphinx_stepwise.core.schema.schema_store import SchemaStore


@dataclass(slots=True, kw_only=True)
class Catalogue:
    """Everything known of the content.  Read it; do not write to it."""

    project: Project
    schemas: SchemaStore
    #: The day for which everything is said.
    today: dt.date
    #: Pages in order of path; the first of two with one id wins in :meth:`page`.
    pages: list[Page] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    #: Links of front matter to addresses and files, with their places.
    links: list[tuple[str, Location]] = field(default_factory=list)
    _from: dict[tuple[str, str], list[Reference]] = field(default_factory=dict)
    _to: dict[tuple[str, str], list[Reference]] = field(default_factory=dict)
    #: Docnames of files that nobody can read; the build must leave them alone.
    unreadable: set[str] = field(default_factory=set)
    #: Ids of pages whose front matter cannot be used: what they would list or be
    #: is not known, so nothing is said of it until they are mended.
    broken: set[str] = field(default_factory=set)
    broken_docnames: set[str] = field(default_factory=set)
    _by_key: dict[tuple[str, str], Page | Record] = field(default_factory=dict)
    _by_id: dict[str, Page] = field(default_factory=dict)
    _by_docname: dict[str, Page] = field(default_factory=dict)

    def page(self, page_id: str, /) -> Page | None:
        """Return the page with this id."""
        return self._by_id.get(page_id)

    def at(self, docname: str, /) -> Page | None:
        """Return the page that Sphinx calls *docname*."""
        return self._by_docname.get(docname)

    def find(self, kinds: tuple[str, ...], target: str, /) -> Page | Record | None:
        """Return the page or record with this id that is of one of *kinds*."""
        for kind in kinds:
            if found := self._by_key.get((kind, target)):
                return found
        return None

    def references_of(self, item: Page | Record, /) -> list[Reference]:
        """Return the references that a page or record holds, in their order."""
        return self._from.get(item.key, [])

    def references_to(self, item: Page | Record, /) -> list[Reference]:
        """Return the references that name a page or record."""
        return self._to.get(item.key, [])

    def names_in_text(self, docname: str, target: str, /) -> bool:
        """Whether the text of a page is known to name *target*, so it is checked."""
        page = self.at(docname)
        held = self.references_of(page) if page else ()
        return any(r.target == target and r.field == (BODY,) for r in held)

    def add_reference(self, reference: Reference, /) -> None:
        """Enter a reference; loading only."""
        self.references.append(reference)
        self._from.setdefault(reference.source, []).append(reference)
        for kind in reference.kinds:
            self._to.setdefault((kind, reference.target), []).append(reference)

    def find_page(self, kind: str, target: str, /) -> Page | None:
        """Return the page with this id, if it is of this kind."""
        found = self._by_key.get((kind, target))
        return found if isinstance(found, Page) else None

    def ids(self, kinds: tuple[str, ...], /) -> list[str]:
        """Return all ids of these kinds, for "did you mean"."""
        return sorted(id_ for kind, id_ in self._by_key if kind in kinds)

    def kinds_of(self, target: str, /) -> list[str]:
        """Return the kinds of everything that has this id."""
        return sorted(kind for kind, id_ in self._by_key if id_ == target)

    def of_kind(self, kind: str, /) -> list[Page]:
        """Return the pages of one kind, in order of path."""
        return [page for page in self.pages if page.kind == kind]

    @property
    def toolkit(self) -> Page | None:
        """The toolkit's own page."""
        return next(iter(self.of_kind("toolkit")), None)

    def collection(self, name: str, /) -> list[Record]:
        """Return the records of a collection, in the order of its files."""
        return [record for record in self.records if record.collection == name]

    def own_page(self, record: Record, /) -> Page | None:
        """Return the published page that is about *record* alone (``x-page``)."""
        named = record.data.get(self.schemas[record.kind].own_page)
        page = self.page(named) if isinstance(named, str) else None
        return None if page is None or page.draft else page

    def records_about(self, page: Page, /) -> list[Record]:
        """Return the records that *page* is about, in the order of their files."""
        return [
            record
            for record in self.records
            if (name := self.schemas[record.kind].own_page)
            and record.data.get(name) == page.id
        ]

    def note_broken(self, docname: str, /) -> None:
        """Note a page whose front matter cannot be used; loading only."""
        self.broken.add(page_id(docname))
        self.broken_docnames.add(docname)

    def add(self, item: Page | Record, /) -> None:
        """Enter a page or record; loading only."""
        self._by_key.setdefault(item.key, item)
        if isinstance(item, Page):
            self.pages.append(item)
            self._by_id.setdefault(item.id, item)
            self._by_docname[item.docname] = item
        else:
            self.records.append(item)

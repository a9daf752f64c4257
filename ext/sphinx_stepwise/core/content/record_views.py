"""A collection's records as pages list them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinx_stepwise.core.content.model import BODY, Page
from sphinx_stepwise.core.content.views import (
    LinkList,
    expired_since,
    link_to,
    record_link,
)
from sphinx_stepwise.core.dates import day_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from sphinx_stepwise.core.content.model import Record
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.content.views import (
        Link,
        RecordLink,
    )
    from sphinx_stepwise.core.schema.schemas import Schema

_MENTIONED = "Mentioned in"


@dataclass(frozen=True, slots=True)
class Shown:
    """A property of a record: its words, each a paragraph or an item of a list."""

    label: str
    words: tuple[str, ...]
    #: Where the words lead, for a source; empty for plain words.
    address: str = ""
    day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record with what to show of it and the pages that it is tied to."""

    record: RecordLink
    shown: tuple[Shown, ...]
    uses: tuple[LinkList, ...]
    caution: str = ""
    expired: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Records that share a value, or a page; the heading is its words or the page."""

    heading: str | Link
    records: tuple[RecordView, ...]


class Lister:
    """Lists one collection for one directive."""

    def __init__(
        self,
        navigation: Navigation,
        collection: str,
        /,
        *,
        show: Iterable[str] = (),
        fields: Iterable[str] = (),
    ) -> None:
        """Choose what to list.

        :param show: properties of a record to show with it.
        :param fields: first keys of the references that count; all where empty.
            With it, records without such a reference are left out.
        """
        self._navigation = navigation
        self._catalogue = navigation.catalogue
        self._show, self._fields = tuple(show), tuple(fields)
        kind = self._catalogue.project.collections[collection]
        self._schema = self._catalogue.schemas[kind]
        self._records = self._catalogue.collection(collection)
        pages = list(navigation.walk())
        self._rank = {page.key: rank for rank, page in enumerate(pages)}
        self._pages = {page.key: page for page in pages}

    def groups(self, group: str = "", /) -> tuple[Group, ...]:
        """Return the records by the property *group*, or all in one group."""
        views = [(record, self.view(record)) for record in self._records]
        if self._fields:
            views = [(record, view) for record, view in views if view.uses]
        if not group:
            return (Group("", tuple(view for _, view in views)),)
        found: dict[tuple[int, str | Link], list[RecordView]] = {}
        for record, view in views:
            for key in self._keys(record, group):
                found.setdefault(key, []).append(view)
        ordered = sorted(found, key=lambda key: key[0])
        return tuple(Group(key[1], tuple(found[key])) for key in ordered)

    def _keys(self, record: Record, group: str) -> Iterator[tuple[int, str | Link]]:
        """Yield (rank, heading) of each group that holds *record*."""
        linked = False
        for ref in self._catalogue.references_of(record):
            page = self._catalogue.find(ref.kinds, ref.target)
            if ref.field[0] == group and isinstance(page, Page):
                linked = True
                if page.key in self._rank:
                    yield self._rank[page.key], link_to(page)
        value = record.data.get(group)
        if not linked and isinstance(value, str):
            order = self._schema.choices(group)
            rank = order.index(value) if value in order else len(order)
            yield rank, self._schema.words_for(group, value)

    def view(self, record: Record, /) -> RecordView:
        """Return one record with what to show of it."""
        return RecordView(
            record_link(record),
            tuple(self.shown(record)),
            tuple(self._uses(record)),
            self._schema.caution(record.data),
            expired_since(self._catalogue, record),
        )

    def shown(self, record: Record, /) -> Iterator[Shown]:
        """Yield what to show of a record itself."""
        for name in self._show:
            value = record.data.get(name)
            if value is None:
                continue
            label = self._schema.title_of(name)
            if isinstance(value, dict):
                words, address = (str(value.get(k, "")) for k in ("title", "url"))
                yield Shown(label, (words or address,), address)
            elif day := day_of(value):
                yield Shown(label, (), day=day)
            else:
                yield Shown(label, tuple(self._words(name, value)))

    def _words(self, name: str, value: Any) -> Iterator[str]:
        for item in value if isinstance(value, list) else [value]:
            text = str(item)
            listed = text in self._schema.choices(name)
            yield self._schema.words_for(name, text) if listed else text

    def _uses(self, record: Record) -> Iterator[LinkList]:
        """Yield the pages that refer to the record or that it refers to, by field."""
        found: dict[tuple[int, ...], tuple[str, set[tuple[str, str]]]] = {}
        for ref in self._catalogue.references_to(record):
            self._note(
                found, self._catalogue.schemas[ref.source[0]], ref.field, ref.source
            )
        for ref in self._catalogue.references_of(record):
            page = self._catalogue.find(ref.kinds, ref.target)
            if page:
                self._note(found, self._schema, ref.field, page.key)
        for _, (label, keys) in sorted(found.items()):
            ordered = sorted(keys, key=self._rank.__getitem__)
            yield LinkList(label, tuple(link_to(self._pages[key]) for key in ordered))

    def _note(
        self,
        found: dict[tuple[int, ...], tuple[str, set[tuple[str, str]]]],
        schema: Schema,
        field: tuple[str, ...],
        page: tuple[str, str],
    ) -> None:
        if page not in self._pages or (self._fields and field[0] not in self._fields):
            return
        order: tuple[int, ...] = (1_000,)  # after all that schemas order
        label = _MENTIONED
        if field != (BODY,):
            order, label = schema.order_of(field), schema.title_of(*field)
        found.setdefault(order, (label, set()))[1].add(page)

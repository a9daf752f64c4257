"""Which pages make a book, in which order: the whole toolkit, or one guidebook.

For builders that put many pages into one file.  A guidebook's book holds its own page,
its steps in its order, and after them the pages that list what these refer to, such as
facts and glossary, with the entries that are used and no others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.content.model import Record
from sphinx_stepwise.core.content.views import RecordLink, page_view
from sphinx_stepwise.core.diagnostics import did_you_mean
from sphinx_stepwise.core.text.naming import id_of
from sphinx_stepwise.sphinx_ext.config import refuse
from sphinx_stepwise.sphinx_ext.domain import guide_domain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_stepwise.core.content.model import Page, Track
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.sphinx_ext.domain import GuideDomain


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The pages of a book, in reading order."""

    title: str
    summary: str
    #: The guidebook that it is about; ``None`` for the whole toolkit.
    guide: Track | None
    #: Pages that are in the book with all their text.
    pages: tuple[Page, ...]
    #: Pages after them that are cut down to what those use.
    extracts: tuple[Page, ...] = ()
    #: For pages cut down: anchors of the entries that stay.
    kept: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The guidebook's id, or nothing for the whole toolkit."""
        return self.guide.page.id if self.guide else ""

    @property
    def all_pages(self) -> tuple[Page, ...]:
        """All pages, in reading order."""
        return (*self.pages, *self.extracts)

    def children(self, navigation: Navigation, page: Page) -> tuple[Page, ...]:
        """Return the pages below *page* in the book's contents."""
        if self.guide is None:
            found = navigation.children(page)
        else:
            found = self.guide.steps if page == self.guide.page else ()
        return tuple(child for child in found if child in self.pages)


def register(app: Sphinx) -> None:
    """Declare the configuration value, and check it once the toolkit is known."""
    app.add_config_value(
        "stepwise_guidebook",
        default="",
        rebuild="",
        types=str,
        description="Id of the guidebook that builders of books write; the whole "
        "toolkit where it is empty.",
    )
    app.connect("env-get-outdated", check_guidebook, priority=900)


def check_guidebook(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
    """Refuse a guidebook that is not there (``env-get-outdated``, all is loaded).

    :raises SystemExit: with code 2.
    """
    wanted = app.config.stepwise_guidebook
    known = [book.page.id for book in guide_domain(env).navigation.guidebooks]
    if wanted and wanted not in known:
        hint = did_you_mean(wanted, known) or f"Known: {', '.join(known)}."
        fault = f"there is no guidebook `{wanted}`\n  hint: {hint}"
        refuse([fault], Code.REFERENCE_UNKNOWN.value)
    return []


def book_of(env: BuildEnvironment, guide: str = "", /) -> Book:
    """Return the book of the guidebook *guide*, or that of the whole toolkit.

    :raises StopIteration: if there is no such guidebook; :func:`check_guidebook` has
        looked.
    """
    domain = guide_domain(env)
    navigation = domain.navigation
    there = env.found_docs
    if not guide:
        home = navigation.home
        return Book(
            title=home.title if home else str(env.config.project),
            summary=home.summary if home else "",
            guide=None,
            pages=tuple(page for page in navigation.walk() if page.docname in there),
        )
    track = next(book for book in navigation.guidebooks if book.page.id == guide)
    pages = tuple(p for p in (track.page, *track.steps) if p.docname in there)
    used = set(_used(domain, pages))
    return Book(
        title=track.page.title,
        summary=track.page.summary,
        guide=track,
        pages=pages,
        extracts=tuple(
            page
            for page in navigation.walk()
            if page not in pages and any(page.docname == name for name, _ in used)
        ),
        kept=frozenset(anchor for _, anchor in used),
    )


def file_name(env: BuildEnvironment, book: Book, /) -> str:
    """Return what a book's file is called, without its ending."""
    toolkit = id_of(env.config.project) or "toolkit"
    return f"{toolkit}-{book.name}" if book.name else toolkit


def _used(domain: GuideDomain, pages: tuple[Page, ...]) -> Iterator[tuple[str, str]]:
    """Yield docname and anchor of every record and term that *pages* show or name."""
    found = {key for page in pages for key in _records(domain, page)}
    for key in sorted(found):
        record = domain.catalogue.find(key[:1], key[1])
        place = domain.place_of(record) if isinstance(record, Record) else None
        if place and place[1]:  # a page of its own tells of more than this guidebook
            yield place
    terms = term_places(domain.env)
    for page in pages:
        for name in terms_of(domain, page.docname):
            if name in terms:
                yield terms[name]


def term_places(env: BuildEnvironment, /) -> dict[str, tuple[str, str]]:
    """Return docname and anchor of every term of a glossary, by its lower case."""
    objects = env.domains.standard_domain.objects
    return {n.lower(): place for (kind, n), place in objects.items() if kind == "term"}


def terms_of(domain: GuideDomain, docname: str, /) -> list[str]:
    """Return the terms that a page links to, in lower case."""
    targets = domain.targets.get(docname, ())
    return sorted(t.name.lower() for t in targets if t[:2] == ("std", "term"))


def _records(domain: GuideDomain, page: Page) -> Iterator[tuple[str, str]]:
    """Yield the keys of the records that a page shows, names or links to."""
    catalogue = domain.catalogue
    for ref in catalogue.references_of(page):
        found = catalogue.find(ref.kinds, ref.target)
        if isinstance(found, Record):
            yield found.key
    view = page_view(domain.navigation, page)
    links = [link for shown in view.lists for link in shown.links]
    links += [record for _, rows in view.grids for row in rows for record in row.items]
    links += [cited.record for cited in view.citations]
    yield from ((k.kind, k.id) for k in links if isinstance(k, RecordLink))
    for target in domain.targets.get(page.docname, ()):
        split = catalogue.project.split_role(target.type)
        if target.domain == "guide" and split:
            yield split[0], target.name


def cut_down(
    document: nodes.document, entries: set[str], kept: AbstractSet[str], /
) -> None:
    """Take what is not *kept* out of a page that lists records or terms.

    Tables and groups left without an entry go with them.

    :param entries: the anchors of all records.
    """
    for glossary in list(document.findall(addnodes.glossary)):
        for item in list(glossary.findall(nodes.definition_list_item)):
            terms = item.findall(nodes.term)
            if not any(kept & set(term["ids"]) for term in terms):
                item.parent.remove(item)
    for node in list(document.findall(nodes.Element)):
        anchors = entries & set(node.get("ids", ()))
        if anchors and not anchors & kept:
            _remove(_entry(node))
    for group in list(document.findall(nodes.section)):
        if any(name.startswith("group-") for name in group["ids"]):
            _cut_group(group, entries, kept)


def _entry(node: nodes.Element) -> nodes.Element:
    """Return all that tells of a record: its row of a table, or its section."""
    while not isinstance(node, nodes.row | nodes.section):
        node = node.parent
    return node


def _remove(entry: nodes.Element) -> None:
    """Remove an entry, and a table that is left without rows."""
    holder = entry.parent
    holder.remove(entry)
    if isinstance(entry, nodes.row) and not holder.children:
        table = holder.parent.parent
        table.parent.remove(table)


def _cut_group(group: nodes.section, entries: set[str], kept: AbstractSet[str]) -> None:
    """Remove a group's links to entries that stand in another, and an empty group."""
    left = False
    for child in list(group.children):
        named = set()
        if isinstance(child, nodes.paragraph):
            named = {
                link.get("refid") or link.get("refuri", "").partition("#")[2]
                for link in child.findall(nodes.reference)
            }
        if named & entries and not named & kept:
            group.remove(child)
        else:
            shown = isinstance(child, nodes.section | nodes.table)
            left = left or shown or bool(named & kept)
    if not left:
        group.parent.remove(group)

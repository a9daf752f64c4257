"""The domain ``guide``: pages and records by id, and the build's small state.

Pickled state is what was noted of a page while it was read: the listings that it
holds and what it links to.  Everything else is the catalogue, made anew each run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.domains import Domain, ObjType
from sphinx.roles import XRefRole
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.content.model import Page, Record
from sphinx_stepwise.core.dates import day_of, long_date
from sphinx_stepwise.core.diagnostics import did_you_mean
from sphinx_stepwise.core.project import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.navigation import Navigation

LOGGER = logging.getLogger(__name__)


class Listing(NamedTuple):
    """What a directive shows."""

    #: stages, steps, guidebooks, step-map, records, record, fields, uses or finder.
    what: str
    #: For steps, a stage's or guidebook's id; for records and a finder, a collection;
    #: for one record, its word and id; for fields, a kind of page or a record's word.
    argument: str = ""
    #: For records: properties whose text is shown.
    show: tuple[str, ...] = ()
    #: For records, uses and a finder: front matter keys whose references count.
    fields: tuple[str, ...] = ()
    #: For records: the property that groups them.
    group: str = ""
    #: For records: sections, which are where links to them lead; a table, which is so
    #: too; or links.
    form: str = "sections"


class Words(NamedTuple):
    """What a role shows of a page or record, and where it leads."""

    text: str
    #: Docname and anchor; ``None`` where the record is listed nowhere.
    place: tuple[str, str] | None
    #: Why to be careful with it, if there is a reason.
    caution: str = ""


#: A term's meaning: words, and the roles and ids that stand among them.
Meaning = list[str | tuple[str, str]]


class Target(NamedTuple):
    """What a cross-reference in a page points at."""

    domain: str
    type: str
    name: str


def anchor_of(kind: str, record_id: str, /) -> str:
    """Return the HTML id of a record where its collection is listed."""
    return f"{kind}-{record_id}"


class GuideDomain(Domain):
    """Pages of a toolkit and the records of its collections."""

    name = "guide"
    label = "Toolkit"
    object_types: ClassVar[dict[str, ObjType]] = {
        kind: ObjType(kind, kind) for kind in KINDS
    }
    roles: ClassVar[dict[str, Any]] = {
        kind: XRefRole(innernodeclass=nodes.inline) for kind in KINDS
    }
    initial_data: ClassVar[dict[str, Any]] = {
        "listings": {},
        "targets": {},
        "meanings": {},
        "grid_notes": {},
    }
    #: Bump it, and ``env_version``, whenever the shape of the data changes.
    data_version = 4

    #: Set by ``build.plan_reading`` in every run; never pickled.
    navigation: Navigation

    @property
    def catalogue(self) -> Catalogue:
        """Everything known of the content."""
        return self.navigation.catalogue

    @property
    def listings(self) -> dict[str, list[Listing]]:
        """What the directives of each page show, by docname."""
        return cast("dict[str, list[Listing]]", self.data["listings"])

    @property
    def targets(self) -> dict[str, set[Target]]:
        """What each page links to, by docname."""
        return cast("dict[str, set[Target]]", self.data["targets"])

    @property
    def meanings(self) -> dict[str, dict[str, Meaning]]:
        """What each page's glossary says of its terms: docname, anchor, meaning."""
        return cast("dict[str, dict[str, Meaning]]", self.data["meanings"])

    @property
    def grid_notes(self) -> dict[str, dict[tuple[str, str], Meaning]]:
        """What each page says below its grids: docname, kind and id, words."""
        found = self.data["grid_notes"]
        return cast("dict[str, dict[tuple[str, str], Meaning]]", found)

    def words_of(self, meaning: Meaning) -> str:
        """Return a term's meaning with the words of today's pages and records."""
        found = (p if isinstance(p, str) else self.find(*p) for p in meaning)
        return "".join(p if isinstance(p, str) else p.text if p else "" for p in found)

    def note_listing(self, docname: str, listing: Listing) -> None:
        """Record that a page shows *listing*."""
        self.listings.setdefault(docname, []).append(listing)

    def process_doc(
        self, env: BuildEnvironment, docname: str, document: nodes.document
    ) -> None:
        """Note what the page links to (``doctree-read``)."""
        found = {
            Target(
                xref.get("refdomain") or "",
                xref.get("reftype") or "",
                xref.get("reftarget") or "",
            )
            for xref in document.findall(addnodes.pending_xref)
        }
        if found:
            self.targets[docname] = found

    def clear_doc(self, docname: str) -> None:
        """Forget what was noted of a page."""
        self.listings.pop(docname, None)
        self.targets.pop(docname, None)
        self.meanings.pop(docname, None)
        self.grid_notes.pop(docname, None)

    def merge_domaindata(
        self, docnames: AbstractSet[str], otherdata: dict[str, Any]
    ) -> None:
        """Take over what another process noted of *docnames*."""
        for key in self.initial_data:
            for docname in docnames & otherdata[key].keys():
                self.data[key][docname] = otherdata[key][docname]

    def record_page(self, record: Record) -> str | None:
        """Return the docname of the page that lists the record's collection."""
        pages = [
            docname
            for docname, listings in self.listings.items()
            for listing in listings
            if self._lists(listing, record)
        ]
        return min(pages, default=None)

    def _lists(self, listing: Listing, record: Record) -> bool:
        if listing[:2] != ("records", record.collection) or listing.form == "links":
            return False
        refs = self.catalogue.references_to(record)
        refs = [*refs, *self.catalogue.references_of(record)]
        return not listing.fields or any(r.field[0] in listing.fields for r in refs)

    def place_of(self, item: Page | Record) -> tuple[str, str] | None:
        """Return docname and anchor of a page or record; ``None`` where none is."""
        if isinstance(item, Page):
            return item.docname, ""
        if page := self.catalogue.own_page(item):
            return page.docname, ""
        docname = self.record_page(item)
        return (docname, anchor_of(item.kind, item.id)) if docname else None

    def find(self, role: str, target: str) -> Words | None:
        """Return what the role shows: a title, or a record's text or property."""
        if page := self.catalogue.find_page(role, target):
            return Words(page.title, (page.docname, ""))
        split = self.catalogue.project.split_role(role)
        kind, name = split or ("", "")
        record = self.catalogue.find((kind,), target)
        if not isinstance(record, Record):
            return None
        text = str(record.data.get(name, "")) if name else record.text
        day = day_of(text)
        caution = self.catalogue.schemas[kind].caution(record.data)
        shown = long_date(day) if day else text
        return Words(shown, self.place_of(record), caution if not name else "")

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """Return a link to a page or record, or its words where it has no page."""
        words = self.find(typ, target)
        if words is None:
            self._report_unknown(fromdocname, typ, target, node)
            return cast("nodes.reference", contnode)  # said once, by us
        if not node.get("refexplicit"):
            contnode = nodes.inline("", words.text, classes=["guide", f"guide-{typ}"])
            if words.caution:
                contnode += nodes.superscript("", "?", classes=["stepwise-unsure"])
                node["reftitle"] = words.caution
        if words.place is None:
            return cast("nodes.reference", contnode)
        docname, anchor = words.place
        if anchor and builder.name == "singlehtml":
            docname = fromdocname  # Sphinx 9 would write two anchors in one address
        title = node.get("reftitle")
        return make_refnode(builder, fromdocname, docname, anchor, contnode, title)

    def _report_unknown(
        self, docname: str, role: str, target: str, node: nodes.Node
    ) -> None:
        """Report an id that names nothing, unless the checks have done so."""
        if self.catalogue.names_in_text(docname, target):
            return
        split = self.catalogue.project.split_role(role)
        kind = split[0] if split else role
        hint = did_you_mean(target, self.catalogue.ids((kind,)))
        LOGGER.error(
            "%s",
            f"there is no {role} `{target}`. {hint}".strip(),
            type="stepwise",
            subtype=Code.REFERENCE_UNKNOWN.value,
            location=node,
        )

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Find nothing: an id may be a docname too, and ``any`` would be unsure."""
        return []

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """Yield pages and records for ``objects.inv`` and search."""
        yield from self._objects()

    def _objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        items: list[Page | Record] = [*self.catalogue.pages, *self.catalogue.records]
        for item in items:
            place = self.place_of(item)
            if place and place[0] in self.env.found_docs:
                title = item.title if isinstance(item, Page) else item.label
                yield item.id, title, item.kind, *place, 1


def guide_domain(env: BuildEnvironment) -> GuideDomain:
    """Return the domain of *env*."""
    return cast("GuideDomain", env.get_domain("guide"))

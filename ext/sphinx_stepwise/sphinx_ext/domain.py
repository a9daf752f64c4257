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

from sphinx_stepwise.core.diagnostics import Code, did_you_mean
from sphinx_stepwise.core.model import Page
from sphinx_stepwise.core.project import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_stepwise.core.catalogue import Catalogue
    from sphinx_stepwise.core.model import Record
    from sphinx_stepwise.core.navigation import Navigation

LOGGER = logging.getLogger(__name__)


class Listing(NamedTuple):
    """What a directive shows."""

    #: stages, steps, guidebooks, step-map or records.
    what: str
    #: For steps, a stage's or guidebook's id; for records, a collection.
    argument: str = ""
    #: For records: properties whose text is shown.
    show: tuple[str, ...] = ()
    #: For records: front matter keys whose references count.
    fields: tuple[str, ...] = ()


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
    initial_data: ClassVar[dict[str, Any]] = {"listings": {}, "targets": {}}
    #: Bump it, and ``env_version``, whenever the shape of the data changes.
    data_version = 1

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

    def merge_domaindata(
        self, docnames: AbstractSet[str], otherdata: dict[str, Any]
    ) -> None:
        """Take over what another process noted of *docnames*."""
        for key in ("listings", "targets"):
            for docname in docnames & otherdata[key].keys():
                self.data[key][docname] = otherdata[key][docname]

    def record_page(self, record: Record) -> str | None:
        """Return the docname of the page that lists the record's collection."""
        pages = [
            docname
            for docname, listings in self.listings.items()
            for listing in listings
            if listing.what == "records" and listing.argument == record.collection
        ]
        return min(pages, default=None)

    def place_of(self, item: Page | Record) -> tuple[str, str] | None:
        """Return docname and anchor of a page or record; ``None`` where none is."""
        if isinstance(item, Page):
            return item.docname, ""
        docname = self.record_page(item)
        return (docname, anchor_of(item.kind, item.id)) if docname else None

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
        item = self.catalogue.find((typ,), target)
        if item is None:
            report_unknown(self.catalogue, typ, target, node)
            return cast("nodes.reference", contnode)  # said once, by us
        text = item.title if isinstance(item, Page) else item.text
        if not node.get("refexplicit"):
            contnode = nodes.inline("", text, classes=["guide", f"guide-{typ}"])
        place = self.place_of(item)
        if place is None:
            return cast("nodes.reference", contnode)
        docname, anchor = place
        return make_refnode(builder, fromdocname, docname, anchor, contnode)

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


def report_unknown(
    catalogue: Catalogue, kind: str, target: str, node: nodes.Node
) -> None:
    """Report an id in a page's body that names nothing, with near names."""
    hint = did_you_mean(target, catalogue.ids((kind,)))
    message = f"there is no {kind} `{target}`. {hint}".strip()
    LOGGER.error(
        "%s",
        message,
        type="stepwise",
        subtype=Code.REFERENCE_UNKNOWN.value,
        location=node,
    )


def guide_domain(env: BuildEnvironment) -> GuideDomain:
    """Return the domain of *env*."""
    return cast("GuideDomain", env.get_domain("guide"))

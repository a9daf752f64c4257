"""Put placeholders into pages when they are read, and fill them when written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.content.use_views import FinderView
from sphinx_stepwise.core.content.views import page_view
from sphinx_stepwise.core.diagnostics import did_you_mean
from sphinx_stepwise.core.project import KINDS
from sphinx_stepwise.core.schema.field_reference import Reference
from sphinx_stepwise.sphinx_ext.build import toctree
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.drawing.checklists import Tallies
from sphinx_stepwise.sphinx_ext.drawing.finder import draw_finder
from sphinx_stepwise.sphinx_ext.drawing.grid_notes import take_notes
from sphinx_stepwise.sphinx_ext.drawing.nodes import stepwise_placeholder
from sphinx_stepwise.sphinx_ext.drawing.render import PageRenderer
from sphinx_stepwise.sphinx_ext.drawing.render_fields import FieldRenderer
from sphinx_stepwise.sphinx_ext.drawing.render_listing import ListingRenderer
from sphinx_stepwise.sphinx_ext.drawing.uses import draw_uses, uses_of
from sphinx_stepwise.sphinx_ext.fingerprints import show

if TYPE_CHECKING:
    from sphinx_stepwise.core.content.model import Page
    from sphinx_stepwise.sphinx_ext.domain import Listing

LOGGER = logging.getLogger(__name__)


class InsertPlaceholders(SphinxTransform):
    """Add to a page its summary, its toctree and the places for navigation.

    Before Sphinx's collectors (``doctree-read``), which take the toctree from here.
    """

    default_priority = 100

    def apply(self, **kwargs: Any) -> None:
        """Change the page's top section; pages without a title stay as they are."""
        docname = self.env.current_document.docname
        page = guide_domain(self.env).catalogue.at(docname)
        section = next(iter(self.document.findall(nodes.section)), None)
        if page is None or section is None:
            return
        if page.summary:
            self.document.insert(
                0, nodes.meta(name="description", content=page.summary)
            )

        def place(what: str) -> stepwise_placeholder:
            return stepwise_placeholder(what=what, docname=docname)

        top: list[nodes.Node] = [place("top")]
        if page.summary:
            text = nodes.Text(page.summary)
            top.append(nodes.paragraph("", "", text, classes=["stepwise-summary"]))
        section[1:1] = [*top, place("header")]
        self._insert_grids(page, section)
        self._mark_sections(section)
        end = self._closing_section(page, section)
        section.insert(section.index(end) if end else len(section), place("things"))
        section += [place("rail"), place("footer")]
        if node := self._toctree(page):
            section.append(node)

    def _insert_grids(self, page: Page, section: nodes.section) -> None:
        rules = guide_domain(self.env).catalogue.schemas[page.kind].sections
        shows = {rule.heading: rule.shows for rule in rules if rule.shows}
        # MyST has taken `## Heading` for a section's title; smart quotes come later.
        for inner in section.findall(nodes.section):
            name = shows.get(inner[0].astext())
            if name:
                grid = stepwise_placeholder(
                    what="grid", docname=page.docname, name=name
                )
                inner.insert(1, grid)

    def _mark_sections(self, section: nodes.section) -> None:
        """Give sections the classes that ``stepwise_sections`` has for them."""
        for inner in section.findall(nodes.section):
            kind = self.config.stepwise_sections.get(inner[0].astext())
            if kind:
                inner["classes"].append(f"stepwise-{kind}")

    def _closing_section(
        self, page: Page, section: nodes.section
    ) -> nodes.section | None:
        """Return the section that sums the page up, if pages of its kind have one.

        It is the last that their schema names; things to use stand before it.
        """
        rules = guide_domain(self.env).catalogue.schemas[page.kind].sections
        last = section[-1]
        if rules and isinstance(last, nodes.section):
            return last if last[0].astext() == rules[-1].heading else None
        return None

    def _toctree(self, page: Page) -> nodes.Node | None:
        children = toctree(self.env, page)
        if not children:
            return None
        node = addnodes.toctree()
        node["parent"] = page.docname
        node["entries"] = [(None, docname) for docname in children]
        node["includefiles"] = children
        node["maxdepth"] = -1
        node["caption"] = None
        node["glob"] = False
        node["hidden"] = True
        node["includehidden"] = False
        node["numbered"] = 0
        node["titlesonly"] = True
        wrapper = nodes.compound(classes=["toctree-wrapper"])
        wrapper.append(node)
        return wrapper


class FillPlaceholders(SphinxPostTransform):
    """Fill the placeholders from the catalogue of this run.

    Before Sphinx resolves references (priority 10), so that ours are ready.
    """

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Replace every placeholder; in one-page builds they come from many pages."""
        docname = self.env.current_document.docname
        marked = self.config.stepwise_marked
        self._pages = PageRenderer(docname, marked)
        self._listings = ListingRenderer(docname, marked, Tallies(self.env))
        self._fields = FieldRenderer()
        found = list(self.document.findall(stepwise_placeholder))
        # The rail lists the page's sections, some of which the others bring.
        for node in sorted(found, key=lambda node: node["what"] == "rail"):
            node.replace_self(self._fill(node))

    def _fill(self, node: stepwise_placeholder) -> list[nodes.Node]:
        domain = guide_domain(self.env)
        if node["what"] == "listing":
            return self._listing(node)
        page = domain.catalogue.at(node["docname"])
        if page is None:
            return []
        view = page_view(domain.navigation, page)
        if node["what"] == "grid":
            rows = dict(view.grids).get(node["name"], ())
            return self._pages.grid(rows, take_notes(node, rows))
        if node["what"] == "rail":
            return self._pages.rail(view, self._sections(view.kind))
        draw = {
            "top": self._pages.top,
            "header": self._pages.header,
            "things": self._pages.things,
            "footer": self._pages.footer,
        }
        return draw[node["what"]](view)

    def _sections(self, kind: str) -> list[nodes.section]:
        """Return the page's sections; the home page is no text to find a way in."""
        top = next(iter(self.document.findall(nodes.section)), None)
        inner = top.children if top and kind != "toolkit" else ()
        return [child for child in inner if isinstance(child, nodes.section)]

    def _listing(self, node: stepwise_placeholder) -> list[nodes.Node]:
        listing: Listing = node["listing"]
        if listing.what == "uses":
            return self._uses(node, listing)
        views = show(guide_domain(self.env).navigation, node["docname"], listing)
        if views is None:
            self._report(node, listing)
            return []
        if isinstance(views, Reference):
            return self._fields.draw(views)
        if isinstance(views, FinderView):
            return draw_finder(views, self.env.current_document.docname)
        return self._listings.draw(listing, views)

    def _uses(self, node: stepwise_placeholder, listing: Listing) -> list[nodes.Node]:
        domain = guide_domain(self.env)
        view = uses_of(domain, node["docname"], listing)
        if view is None:
            LOGGER.error(
                "no record names this page as its own. Name it in the property that "
                "`x-page` of the record's schema names.",
                type="stepwise",
                subtype=Code.REFERENCE_UNKNOWN.value,
                location=node,
            )
            return []
        return draw_uses(domain, self.env.current_document.docname, view)

    def _report(self, node: stepwise_placeholder, listing: Listing) -> None:
        """Say that a directive names no track or no collection."""
        catalogue = guide_domain(self.env).catalogue
        if listing.what == "record":
            word, _, name = listing.argument.partition(" ")
            if catalogue.names_in_text(node["docname"], name):
                return  # the checks have said so
            wanted, known = "record", catalogue.ids((word,))
        elif listing.what in {"records", "finder"}:
            wanted, known = "collection", list(catalogue.project.collections)
        elif listing.what == "fields":
            words = catalogue.project.collections.values()
            wanted, known = "kind of page or record", [*KINDS, *words]
        else:
            wanted, known = "stage or guidebook", catalogue.ids(("stage", "guidebook"))
        name = f" `{listing.argument}`" if listing.argument else " for this page"
        hint = did_you_mean(listing.argument, known) or f"Known: {', '.join(known)}."
        LOGGER.error(
            "%s",
            f"there is no {wanted}{name}. {hint}",
            type="stepwise",
            subtype=Code.REFERENCE_UNKNOWN.value,
            location=node,
        )


class AnchorHome(SphinxPostTransform):
    """Give the home page the anchor that links to it have in one-page HTML.

    Sphinx writes ``document-<docname>`` before every page but the first.
    """

    default_priority = 5
    builders = ("singlehtml",)

    def run(self, **kwargs: Any) -> None:
        """Put the anchor at the start."""
        name = f"document-{self.config.root_doc}"
        self.document.insert(0, nodes.target("", "", ids=[name]))

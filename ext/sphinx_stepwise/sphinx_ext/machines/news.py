"""What is new, on the pages: the day of a dated page, its changes, and all updates.

A page's own day and changes stand in its front matter, so they are put in when it is
read.  ``{updates}`` shows other pages and is filled in when its page is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.locale import _
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from sphinx_stepwise.core.content.updates import changes_of, published_on, updates
from sphinx_stepwise.core.dates import long_date
from sphinx_stepwise.sphinx_ext.domain import Listing, guide_domain
from sphinx_stepwise.sphinx_ext.drawing.elements import Links, bullets, paragraph
from sphinx_stepwise.sphinx_ext.drawing.nodes import stepwise_placeholder
from sphinx_stepwise.sphinx_ext.machines.feed import FEED, has_feed
from sphinx_stepwise.sphinx_ext.site import BUILDERS, page_path

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinx_stepwise.core.content.updates import Update


class stepwise_updates(nodes.General, nodes.Element):  # noqa: N801
    """Stands in a stored page for the list of updates."""


class UpdatesDirective(SphinxDirective):
    """``{updates}``: dated pages and changes, newest first: what the feed holds."""

    def run(self) -> list[nodes.Node]:
        """Leave a place, and note with the domain what the page shows."""
        docname = self.env.current_document.docname
        guide_domain(self.env).note_listing(docname, Listing("updates"))
        return [stepwise_updates(docname=docname)]


class TellChanges(SphinxTransform):
    """Put the day of a dated page at its start, and a page's changes at its end.

    After ``InsertPlaceholders`` (100): the changes come below the page's dates.
    """

    default_priority = 101

    def apply(self, **kwargs: Any) -> None:
        """Change the page's top section."""
        docname = self.env.current_document.docname
        page = guide_domain(self.env).catalogue.at(docname)
        section = next(iter(self.document.findall(nodes.section)), None)
        if page is None or section is None:
            return
        places = {
            node["what"]: section.index(node)
            for node in section.children
            if isinstance(node, stepwise_placeholder)
        }
        changes = changes_of(page)
        if changes:
            items = [
                [paragraph(f"{long_date(change.day)}: {change.what}")]
                for change in changes
            ]
            drawn = nodes.container(classes=["stepwise-changes"])
            drawn += paragraph(_("What changed"), kind="label")
            drawn += bullets(items, "updates")
            section.insert(places.get("footer", len(section) - 1) + 1, drawn)
        if day := published_on(page):
            words = paragraph(long_date(day), kind="published")
            section.insert(places.get("header", 0) + 1, words)


class ListUpdates(SphinxPostTransform):
    """Fill ``{updates}``; before Sphinx resolves references (10)."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Fill every place; in one-page builds they come from many pages."""
        docname = self.env.current_document.docname
        found = updates(guide_domain(self.env).navigation)
        for node in self.document.findall(stepwise_updates):
            if found:
                items = [self._item(docname, update) for update in found]
                node.append(bullets(items, "updates"))
            else:
                node.append(paragraph(_("There are no updates yet.")))

    def _item(self, docname: str, update: Update) -> list[nodes.Node]:
        heading = paragraph(
            f"{long_date(update.day)}: ", Links(docname).to(update.page)
        )
        words = update.what or (update.page.summary,)
        return [heading, *(paragraph(text) for text in words if text)]


def add_ways_to_follow(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Say below ``{updates}`` how to hear of more (``doctree-resolved``).

    Only on a site, and as far as it has such ways.
    """
    ways = {}
    if app.builder.name in BUILDERS:
        if address := app.config.stepwise_sign_up:
            ways[_("Sign up for updates")] = address
        if has_feed(app, guide_domain(app.env).navigation):
            feed = relative_uri(page_path(app, docname), FEED)
            ways[_("Follow updates in a feed reader")] = feed
    for node in list(doctree.findall(stepwise_updates)):
        if ways:
            items = [
                [paragraph(nodes.reference("", words, refuri=address))]
                for words, address in ways.items()
            ]
            node.append(bullets(items, "follow"))
        node.replace_self(node.children)


def register(app: Sphinx) -> None:
    """Register the directive, its node and what fills it."""
    app.add_node(stepwise_updates)
    app.add_directive_to_domain("guide", "updates", UpdatesDirective)
    app.add_transform(TellChanges)
    app.add_post_transform(ListUpdates)
    app.connect("doctree-resolved", add_ways_to_follow)

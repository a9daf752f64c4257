"""What a page's head tells machines: cards, schema.org, and its other forms.

All is added to Sphinx's ``metatags``, which every theme prints.  The description and
the canonical address are Sphinx's own.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.osutil import relative_uri

from sphinx_stepwise.core.content.linked_data import Instruction, Site, linked_data
from sphinx_stepwise.core.content.updates import updates
from sphinx_stepwise.core.text.escaping import script_json
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.machines.feed import FEED, has_feed
from sphinx_stepwise.sphinx_ext.site import (
    BUILDERS,
    base_address,
    language,
    maker,
    page_path,
    twin_path,
    whole_address,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx

    from sphinx_stepwise.core.content.model import Page
    from sphinx_stepwise.core.content.navigation import Navigation


def add_metadata(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add to the page's head (``html-page-context``)."""
    if app.builder.name in BUILDERS:
        tags = [context.get("metatags", ""), *_tags(app, pagename, doctree)]
        context["metatags"] = "\n".join(tags)


def shown_in_head(navigation: Navigation, page: Page | None) -> object:
    """Return what the page's head shows of other pages, to be hashed."""
    home = navigation.home
    data = {}
    if page and navigation.has(page):
        data = linked_data(navigation, page, Site(address=str))
    return (home.title if home else "", bool(updates(navigation)), data)


def _tags(app: Sphinx, docname: str, doctree: nodes.document | None) -> Iterator[str]:
    domain = guide_domain(app.env)
    navigation = domain.navigation
    here = page_path(app, docname)
    if has_feed(app, navigation):
        # A page without a doctree may be shown at any address, as that for errors is.
        anywhere = doctree is None
        feed = whole_address(app, FEED) if anywhere else relative_uri(here, FEED)
        yield _link(feed, "application/atom+xml", "Updates")
    if doctree is None:
        return
    twin = relative_uri(here, twin_path(docname))
    yield _link(twin, "text/markdown", "This page as Markdown")
    page = domain.catalogue.at(docname)
    if page is None or not navigation.has(page):
        if page and page.draft:
            yield '<meta name="robots" content="noindex">'
        return
    for name, content in _card(app, navigation, page):
        yield f'<meta property="og:{name}" content="{escape(content)}">'
    instructions = _instructions(doctree) if page.kind == "step" else ()
    data = linked_data(navigation, page, _site(app, docname), instructions)
    yield f'<script type="application/ld+json">{script_json(data)}</script>'


def _link(address: str, type_: str, title: str) -> str:
    return f'<link rel="alternate" type="{type_}" href="{address}" title="{title}">'


def _card(app: Sphinx, navigation: Navigation, page: Page) -> Iterator[tuple[str, str]]:
    """Yield what Open Graph asks for (https://ogp.me), where there is something."""
    home = navigation.home
    image = app.config.stepwise_social_image
    if image and "://" not in image:
        image = whole_address(app, image)
    locale = language(app).replace("-", "_")
    card = {
        "title": page.title,
        "description": page.summary,
        "type": "website" if page == home else "article",
        "url": whole_address(app, page_path(app, page.docname)),
        "site_name": home.title if home else "",
        "locale": locale if "_" in locale else "",  # it must have a territory
        "image": image,
    }
    yield from ((name, content) for name, content in card.items() if content)


def _site(app: Sphinx, docname: str) -> Site:
    def address(to: str) -> str:
        if base_address(app):
            return whole_address(app, page_path(app, to))
        return relative_uri(page_path(app, docname), page_path(app, to))

    return Site(
        address=address,
        language=language(app),
        publisher=maker(app.config.stepwise_publisher),
        author=maker(app.config.stepwise_author),
    )


def _instructions(doctree: nodes.document) -> Sequence[Instruction]:
    """Return the items of the first numbered list in a step's own text."""
    for found in doctree.findall(nodes.enumerated_list):
        nested = isinstance(found.parent, nodes.list_item)
        if not nested and "stepwise-steps" not in found["classes"]:
            items = [item for item in found if isinstance(item, nodes.list_item)]
            return [_instruction(item) for item in items]
    return ()


def _instruction(item: nodes.list_item) -> Instruction:
    """Return one thing to do: the words in bold that it begins with, and the rest."""
    text = _words(item)
    said = (found for found in item.findall(nodes.Text) if found.astext().strip())
    first = next(said, None)
    if first is None or not isinstance(first.parent, nodes.strong):
        return Instruction("", text)
    name = _words(first.parent)
    return Instruction(name.rstrip(".:"), text.removeprefix(name).strip() or name)


def _words(node: nodes.Element) -> str:
    """Return a node's words; marks of doubt are for the eye."""
    found: list[str] = []
    for block in node.findall(nodes.TextElement):
        if not isinstance(block, nodes.Inline) or block is node:
            texts = block.findall(nodes.Text)
            kept = (t for t in texts if not isinstance(t.parent, nodes.superscript))
            found.append("".join(text.astext() for text in kept))
    return " ".join(" ".join(found).split())

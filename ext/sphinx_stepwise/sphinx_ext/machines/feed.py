"""The feed of updates, as Atom 1.0 (RFC 4287).

An entry is a dated page, or what changed on one page on one day.  Its id is a tag URI
(RFC 4151) of the site's name, the day and the page's id, so that it stays the same when
the page moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

from sphinx.locale import _

from sphinx_stepwise.core.content.updates import updates
from sphinx_stepwise.core.text.escaping import xml_text
from sphinx_stepwise.sphinx_ext.site import (
    base_address,
    language,
    maker,
    page_path,
    whole_address,
)

if TYPE_CHECKING:
    import datetime as dt

    from sphinx.application import Sphinx

    from sphinx_stepwise.core.content.model import Page
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.content.updates import Update

#: The feed's path from the site's root.
FEED: Final = "feed.xml"
#: Readers fetch a feed often; older updates stand on the pages.
_ENTRIES: Final = 50


def has_feed(app: Sphinx, navigation: Navigation) -> bool:
    """Whether there is a feed: the site has an address, and something is new."""
    return bool(base_address(app) and navigation.home and updates(navigation))


def feed_text(app: Sphinx, navigation: Navigation) -> str | None:
    """Return the feed, or ``None`` where there is none."""
    found, home = updates(navigation), navigation.home
    if home is None or not has_feed(app, navigation):
        return None
    feed = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    if tag := language(app):
        feed.set("xml:lang", tag)
    _text(feed, "id", whole_address(app, FEED))
    _text(feed, "title", home.title)
    if home.summary:
        _text(feed, "subtitle", home.summary)
    _text(feed, "updated", _time(max(update.updated for update in found)))
    _link(feed, "self", "application/atom+xml", whole_address(app, FEED))
    _link(feed, "alternate", "text/html", base_address(app))
    _author(app, feed, home)
    for update in found[:_ENTRIES]:
        _entry(app, feed, update)
    ET.indent(feed)
    text = ET.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _author(app: Sphinx, feed: ET.Element, home: Page) -> None:
    """Name an author, which a feed must have."""
    found = maker(app.config.stepwise_author) or maker(app.config.stepwise_publisher)
    author = ET.SubElement(feed, "author")
    _text(author, "name", found.name if found else home.title)
    if found and found.url:
        _text(author, "uri", found.url)


def _entry(app: Sphinx, feed: ET.Element, update: Update) -> None:
    entry = ET.SubElement(feed, "entry")
    host = urlsplit(base_address(app)).hostname or ""
    name = quote(update.page_id, safe="")
    _text(entry, "id", f"tag:{host},{update.day.isoformat()}:{name}")
    title = update.page.title
    _text(entry, "title", f"{_('Changed')}: {title}" if update.what else title)
    address = whole_address(app, page_path(app, update.page.docname))
    _link(entry, "alternate", "text/html", address)
    _text(entry, "published", _time(update.day))
    _text(entry, "updated", _time(update.updated))
    _text(entry, "summary", " ".join(update.what) or update.page.summary or title)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = xml_text(text)


def _link(parent: ET.Element, relation: str, type_: str, address: str) -> None:
    ET.SubElement(parent, "link", {"rel": relation, "type": type_, "href": address})


def _time(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"

"""One page for each guidebook that holds all its steps, to print or to save.

Written for our theme after all other pages (``html-collect-pages``), from the same
doctrees.  Links between the steps of a guidebook stay on the page; every id begins
with its page's id, so that two steps may have sections of one name.
"""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from docutils import nodes
from docutils.utils import new_document
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.osutil import relative_uri

from sphinx_stepwise.core.content.views import page_view
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.drawing.nodes import (
    places_regions,
    stepwise_navigation,
    stepwise_region,
    stepwise_term,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from sphinx_stepwise.core.content.model import Page, Track

#: Regions, and classes of other parts, that make no sense on such a page.
_LEFT_OUT: Final = {"crumbs", "rail", "stepwise-ways", "stepwise-whole"}
_IDS: Final = ("ids", "backrefs")


def whole_name(docname: str) -> str:
    """Return what the page with all steps of the guidebook at *docname* is called."""
    return f"{docname.removesuffix('/index')}/all"


def whole_pages(app: Sphinx) -> dict[str, Track]:
    """Return the guidebooks that get such a page, by its name."""
    if not places_regions(app.builder):
        return {}
    domain = guide_domain(app.env)
    named = {whole_name(b.page.docname): b for b in domain.navigation.guidebooks}
    taken = app.env.found_docs
    return {name: book for name, book in named.items() if name not in taken}


def collect_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the pages that are older than a page they hold (``html-collect-pages``)."""
    for name, book in whole_pages(app).items():
        held = [page.docname for page in (book.page, *book.steps)]
        if _is_old(app, name, held):
            yield name, _Whole(app, name, book).context(), "whole.html"


def _is_old(app: Sphinx, name: str, held: list[str]) -> bool:
    """Whether any page in *held* was written after the page *name*."""

    def written(docname: str) -> float:
        file = Path(app.builder.get_output_path(docname))  # type: ignore[attr-defined]
        return file.stat().st_mtime if file.is_file() else 0

    return written(name) <= max(map(written, held))


class _Whole:
    """Makes one page."""

    def __init__(self, app: Sphinx, name: str, book: Track) -> None:
        self._app, self._name, self._book = app, name, book
        self._builder: Any = app.builder
        self._pages = [book.page, *book.steps]
        #: Where Sphinx writes each page, and the pages that are held here.
        self._addresses = {
            self._builder.get_target_uri(name): name for name in app.env.found_docs
        }
        self._held = {page.docname: page for page in self._pages}

    def context(self) -> dict[str, Any]:
        """Return what the template ``whole.html`` draws."""
        app, page = self._app, self._book.page
        view = page_view(guide_domain(app.env).navigation, page)
        base = app.config.html_baseurl
        uri = self._builder.get_target_uri(page.docname)
        own = self._builder.get_relative_uri(self._name, page.docname)
        return {
            "title": _("%s, in one document") % page.title,
            "body": self._body(),
            "metatags": '<meta name="robots" content="noindex">',
            "pageurl": posixpath.join(base, uri) if base else own,
            "stepwise_kind": "whole",
            "stepwise_above": [
                {"title": link.title, "link": self._relative(link.docname)}
                for link in (*view.parents, view.page)
            ],
        }

    def _relative(self, docname: str) -> str:
        uri: str = self._builder.get_relative_uri(self._name, docname)
        return uri

    def _body(self) -> str:
        """Return the guidebook's text with its steps as sections below it."""
        with logging.suppress_logging():  # all was said when the pages were written
            top, *steps = [self._section(page) for page in self._pages]
        for step in steps:
            step["classes"].append("stepwise-member")
        top += steps
        builder = self._builder
        document = new_document("", builder.docsettings)
        document += top
        here = builder.get_target_uri(self._name)
        builder.secnumbers, builder.fignumbers = {}, {}
        builder.imgpath = relative_uri(here, builder.imagedir)
        builder.dlpath = relative_uri(here, "_downloads")
        builder.current_docname = self._book.page.docname
        visitor = builder.create_translator(document, builder)
        document.walkabout(visitor)
        return "".join(visitor.fragment)

    def _section(self, page: Page) -> nodes.section:
        """Return a page's text as it stands on this one."""
        app = self._app
        document = app.env.get_and_resolve_doctree(
            page.docname, self._builder, tags=app.tags
        )
        self._builder.post_process_images(document)
        (section, *_rest) = document.findall(nodes.section)
        for node in list(section.findall(nodes.Element)):
            if _LEFT_OUT & {node.get("name", ""), *node.get("classes", ())}:
                node.parent.remove(node)
        for links in section.findall(stepwise_navigation):
            links["label"] += f": {page.title}"  # a page has one of each name
        for region in list(section.findall(stepwise_region)):
            region.replace_self(region.children)
        for term in list(section.findall(stepwise_term)):
            term.replace_self(nodes.reference("", "", *term.children, **_target(term)))
        for node in section.findall(nodes.Element):
            for key in _IDS:
                names: list[str] = node.get(key, [])
                node[key] = [_id(page, name) for name in names]
            if "refid" in node:
                node["refid"] = _id(page, node["refid"])
            elif "refuri" in node and node.get("internal", True):
                node["refuri"] = self._address(page, node["refuri"])
        section["ids"].insert(0, _id(page, ""))
        return section

    def _address(self, page: Page, uri: str) -> str:
        """Return where a link of *page* leads from here."""
        parts = urlsplit(uri)
        if parts.scheme or parts.netloc:
            return uri
        own = self._builder.get_target_uri(page.docname)
        path = posixpath.join(posixpath.dirname(own), parts.path)
        # A folder's address ends in a slash, which normpath would take away.
        path = posixpath.normpath(path) + ("/" if path.endswith("/") else "")
        docname = page.docname if not parts.path else self._addresses.get(path, "")
        if docname in self._held:
            return f"#{_id(self._held[docname], parts.fragment)}"
        anchor = f"#{parts.fragment}" if parts.fragment else ""
        return relative_uri(self._builder.get_target_uri(self._name), path) + anchor


def _id(page: Page, name: str) -> str:
    return f"{page.id}--{name or 'top'}"


def _target(term: stepwise_term) -> dict[str, str]:
    return {key: term[key] for key in ("refuri", "refid") if key in term}

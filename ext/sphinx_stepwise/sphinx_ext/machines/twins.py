"""Beside each page, the page as Markdown: with its facts, links and lists filled in.

Written whenever the page is written, from the same doctree, so that the two agree.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from sphinx.util.osutil import relative_uri

from sphinx_stepwise.core.text.escaping import markdown_link, markdown_text
from sphinx_stepwise.sphinx_ext.machines.markdown import MarkdownWriter
from sphinx_stepwise.sphinx_ext.site import (
    BUILDERS,
    page_path,
    twin_path,
    whole_address,
)

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


def write_twin(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the page's Markdown (``html-page-context``, in whichever process)."""
    if doctree is None or app.builder.name not in BUILDERS:
        return
    text = MarkdownWriter(_Addresses(app, pagename)).write(doctree)
    here = page_path(app, pagename)
    address = whole_address(app, here) or relative_uri(twin_path(pagename), here)
    file = twin_file(app, pagename)
    file.parent.mkdir(parents=True, exist_ok=True)
    link = markdown_link(markdown_text(address), address)
    text += f"\nThis page on the web: {link}\n"
    file.write_text(text, "utf-8", newline="\n")


def twin_file(app: Sphinx, docname: str) -> Path:
    """Return the file of a page's Markdown."""
    return Path(app.outdir, f"{docname}.md")


class _Addresses:
    """Where the references of one page lead, seen from its Markdown.

    To another page's Markdown; to a place on a page in HTML, since Markdown has no
    anchors of its own; to all else as ever.
    """

    def __init__(self, app: Sphinx, docname: str) -> None:
        self._app = app
        self._page = page_path(app, docname)
        self._twin = twin_path(docname)

    def __call__(self, node: nodes.Element) -> str:
        """Return the address that *node* leads to."""
        if "filename" in node:  # a download, which Sphinx copies
            return self._from_twin(f"_downloads/{quote(node['filename'])}")
        if "refid" in node:
            return f"{self._from_twin(self._page)}#{node['refid']}"
        address = str(node.get("refuri") or node.get("uri") or "")
        if urlsplit(address).scheme or address.startswith("//"):
            return address
        # Seen from the site's root; the host is of no account.
        found = urlsplit(urljoin(f"https://site/{self._page}", address))
        path = found.path.removeprefix("/")
        docname = None if found.fragment else self._docname(path)
        place = f"#{found.fragment}" if found.fragment else ""
        return self._from_twin(twin_path(docname) if docname else path) + place

    def _from_twin(self, path: str) -> str:
        return relative_uri(self._twin, path)

    def _docname(self, path: str) -> str | None:
        """Return the page at *path*, whichever way the builder names pages."""
        plain = unquote(path)
        for name in (plain.removesuffix(".html"), plain[:-1], f"{plain}index"):
            known = name in self._app.env.found_docs
            if known and page_path(self._app, name) == path:
                return name
        return None

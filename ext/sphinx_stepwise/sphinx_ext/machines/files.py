"""Files beside the pages for programs: sitemap, robots, feed, llms.txt, catalogue.

All come from the catalogue, in every build, and carry no time of the build.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree as ET

from sphinx_stepwise.core.content.export import SCHEMA, Addresses, export_text
from sphinx_stepwise.core.content.updates import last_touched
from sphinx_stepwise.core.text.escaping import (
    markdown_line,
    markdown_link,
    markdown_text,
)
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.machines.feed import FEED, feed_text
from sphinx_stepwise.sphinx_ext.site import (
    BUILDERS,
    base_address,
    language,
    page_path,
    twin_path,
    whole_address,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from sphinx_stepwise.core.content.model import Page, Record
    from sphinx_stepwise.core.content.navigation import Navigation


def write_machine_files(app: Sphinx, exception: Exception | None) -> None:
    """Write all files, and delete those that there should not be (``build-finished``).

    A file of the same name in ``html_extra_path`` is left alone.
    """
    if exception is not None or app.builder.name not in BUILDERS:
        return
    navigation = guide_domain(app.env).navigation
    files = {
        "sitemap.xml": sitemap_text(app, navigation),
        "robots.txt": robots_text(app),
        FEED: feed_text(app, navigation),
        "llms.txt": llms_text(app, navigation),
        "toolkit.json": export_text(navigation, _addresses(app)),
        SCHEMA.name: SCHEMA.read_text("utf-8"),
    }
    for name, text in files.items():
        file = Path(app.outdir, name)
        if _is_given(app, name):
            continue
        if text is None:
            file.unlink(missing_ok=True)
        elif not file.is_file() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8", newline="\n")


def _is_given(app: Sphinx, name: str) -> bool:
    """Whether the toolkit brings a file of its own with this name."""
    paths = (Path(app.confdir, path) for path in app.config.html_extra_path)
    return any(path.name == name or (path / name).exists() for path in paths)


def sitemap_text(app: Sphinx, navigation: Navigation) -> str | None:
    """Return the sitemap (https://www.sitemaps.org/protocol.html).

    ``None`` where the site has no address, which every entry needs.
    """
    if not base_address(app):
        return None
    top = ET.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for page in navigation.walk():
        if _is_hidden(page):
            continue
        entry = ET.SubElement(top, "url")
        address = whole_address(app, page_path(app, page.docname))
        ET.SubElement(entry, "loc").text = address
        day = last_touched(page, navigation.catalogue.schemas[page.kind])
        if day:
            ET.SubElement(entry, "lastmod").text = day.isoformat()
    ET.indent(top)
    text = ET.tostring(top, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _is_hidden(page: Page) -> bool:
    """Whether the page asks search engines, through MyST, to leave it out."""
    myst = page.data.get("myst")
    meta = myst.get("html_meta") if isinstance(myst, dict) else None
    return isinstance(meta, dict) and "noindex" in str(meta.get("robots", ""))


def robots_text(app: Sphinx) -> str | None:
    """Return what crawlers may read, which is all, and where the sitemap is."""
    sitemap = whole_address(app, "sitemap.xml")
    return f"User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n" if sitemap else None


def llms_text(app: Sphinx, navigation: Navigation) -> str | None:
    """Return the map of the toolkit for language models (https://llmstxt.org)."""
    if navigation.home is None:
        return None
    return "\n".join(_llms_lines(app, navigation, navigation.home)) + "\n"


def _llms_lines(app: Sphinx, navigation: Navigation, home: Page) -> Iterator[str]:
    def line(page: Page, words: str) -> str:
        path = twin_path(page.docname)
        address = whole_address(app, path) or path
        link = markdown_link(markdown_text(page.title), address)
        return f"- {link}: {markdown_text(words)}" if words else f"- {link}"

    yield f"# {markdown_line(markdown_text(home.title))}"
    if home.summary:
        yield f"\n> {markdown_line(markdown_text(home.summary))}"
    data = whole_address(app, "toolkit.json") or "toolkit.json"
    yield "\nEach link leads to a page as Markdown. All of them as data:"
    yield f"{markdown_link('toolkit.json', data)}."
    listed: set[str] = set()
    for track in (*navigation.stages, *navigation.guidebooks):
        yield f"\n## {markdown_line(markdown_text(track.page.title))}\n"
        yield line(track.page, track.page.summary)
        for step in track.steps:
            yield line(step, track.page.note("steps", step.id) or step.summary)
        listed |= {page.docname for page in (track.page, *track.steps)}
    others = [page for page in navigation.walk() if page.docname not in listed]
    if others:
        yield "\n## Other pages\n"
        yield from (line(page, page.summary) for page in others)


def _addresses(app: Sphinx) -> Addresses:
    domain = guide_domain(app.env)

    def record(found: Record) -> str:
        place = domain.place_of(found)
        if not place:
            return ""
        page, anchor = page_path(app, place[0]), quote(place[1])
        return f"{page}#{anchor}" if anchor else page

    return Addresses(
        page=lambda docname: page_path(app, docname),
        markdown=twin_path,
        record=record,
        base=base_address(app),
        language=language(app),
    )

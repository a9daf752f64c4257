"""What our theme ``stepwise`` needs of the extension.

A theme that inherits it, or that has its option ``stepwise_regions``, gets the same.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.locale import _

from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.drawing.nodes import places_regions, stepwise_region
from sphinx_stepwise.sphinx_ext.theming.links import (
    OPTIONS,
    check_links,
    draw,
    links_of,
    theme_option,
)
from sphinx_stepwise.sphinx_ext.theming.whole import (
    collect_pages,
    whole_name,
    whole_pages,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

#: Named as the theme is, so that templates of heirs can extend `stepwise/layout.html`.
THEME: Final = Path(__file__).parents[2] / "theme" / "stepwise"
#: Sphinx's own scripts; only its search needs them.
_SEARCH_SCRIPTS: Final = {
    "_static/documentation_options.js",
    "_static/doctools.js",
    "_static/sphinx_highlight.js",
}
#: Evaluates text as code, which a strict policy forbids; English needs none of it.
_TRANSLATIONS: Final = "_static/translations.js"
_CODE_COLOURS: Final = "_static/pygments.css"
#: What sphinx-design gives every page, though few have tabs or cards.
_DESIGN: Final = {"_static/sphinx-design.min.css", "_static/design-tabs.js"}
_ERROR: Final = "404"


def register(app: Sphinx) -> None:
    """Register the theme and what is done for it."""
    app.add_html_theme("stepwise", str(THEME))
    app.connect("builder-inited", _add_script)
    app.connect("env-updated", check_links)
    app.connect("doctree-resolved", _adapt)
    # First, so that all that asks for an address gets one from the root.
    app.connect("html-page-context", _root_addresses, priority=100)
    app.connect("html-page-context", add_parts, priority=800)
    app.connect("html-page-context", _choose_files, priority=800)
    app.connect("html-collect-pages", _error_page)
    app.connect("html-collect-pages", collect_pages)


def _add_script(app: Sphinx) -> None:
    if places_regions(app.builder):
        # In the head and at once, so that a chosen scheme is never too late.
        app.add_js_file("stepwise.js", priority=100)


def _adapt(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fit a page's text to the theme (``doctree-resolved``)."""
    if not places_regions(app.builder):
        return
    for table in doctree.findall(nodes.table):
        # Widths of columns would be styles in attributes, which a strict policy blocks.
        kept = [name for name in table["classes"] if name != "colwidths-given"]
        table["classes"] = [*kept, "colwidths-auto"]
    heading = theme_option(app, "home_heading")
    title = next(iter(doctree.findall(nodes.title)), None)
    if docname == app.config.root_doc and heading and title is not None:
        # Its title is the toolkit's name, which the theme shows above every page.
        title.children = []
        title += nodes.Text(heading)


def add_parts(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the theme's templates what they draw (``html-page-context``)."""
    if not places_regions(app.builder):
        return
    navigation = guide_domain(app.env).navigation
    page = navigation.catalogue.at(pagename) if doctree else None
    above = [pagename]
    if page:
        above += [parent.docname for parent in navigation.parents(page)[:0:-1]]
        stage = navigation.stage_of(page) or navigation.track(page)
        stages = navigation.stages
        context["stepwise_stage"] = stages.index(stage) + 1 if stage in stages else 0
        context["stepwise_kind"] = page.kind
    if page and page.kind == "guidebook":
        context["stepwise_guide"] = page.id
        if whole_name(pagename) in whole_pages(app):
            context["stepwise_whole"] = context["pathto"](whole_name(pagename))
    found = doctree.findall(stepwise_region) if doctree else ()
    context["stepwise_parts"] = {n["name"]: n["html"] for n in found if "html" in n}
    for option in OPTIONS:
        context[f"stepwise_{option}"] = draw(links_of(app, option), context, above)


def _choose_files(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Leave out scripts and styles that the page makes no use of."""
    if not places_regions(app.builder):
        return
    unwanted = set()
    if pagename != "search":
        unwanted |= {*_SEARCH_SCRIPTS, _TRANSLATIONS}
    elif (app.config.language or "en").startswith("en"):
        unwanted |= {_TRANSLATIONS}
    if doctree is None or not any(doctree.findall(nodes.literal_block)):
        unwanted |= {_CODE_COLOURS}
    if doctree is None or not any(doctree.findall(_is_design)):
        unwanted |= _DESIGN
    for key in ("script_files", "css_files"):
        context[key] = [f for f in context[key] if str(f.filename) not in unwanted]


def _is_design(node: nodes.Node) -> bool:
    """Whether *node* is of a tab, a card or another part of sphinx-design."""
    return isinstance(node, nodes.Element) and any(
        name.startswith("sd-") for name in node["classes"]
    )


def _error_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page that a server shows where there is none."""
    if places_regions(app.builder) and _ERROR not in app.env.found_docs:
        title = _("Page not found")
        yield _ERROR, {"stepwise_kind": "error", "title": title}, "404.html"


def _root_addresses(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Make the links of the error page start at the site's root.

    A server shows it at any address, so links must not depend on where it is.
    Without ``html_baseurl`` the root is not known, and they are left alone.
    """
    if pagename != _ERROR or doctree or not app.config.html_baseurl:
        return
    root = urlsplit(app.config.html_baseurl).path.rstrip("/") + "/"
    pathto = context["pathto"]

    def absolute(target: str, resource: bool = False) -> str:  # noqa: FBT001, FBT002
        uri: str = pathto(target, resource)
        return uri if urlsplit(uri).scheme else root + uri.removeprefix("./")

    context["pathto"], context["pageurl"] = absolute, None
    for name in ("css_tag", "js_tag"):
        context[name] = _rooted(context[name], root)


def _rooted(tag: Any, root: str) -> Any:
    """Return what writes the tag of a file with its address from the root."""
    return lambda file: re.sub(r'(href|src)="(?!\w+:)', rf'\1="{root}', tag(file))

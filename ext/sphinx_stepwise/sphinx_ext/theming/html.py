"""What HTML themes are told: prev, next and parents as the catalogue has them."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_stepwise.core.content.views import page_view
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.drawing.nodes import places_regions

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

    from sphinx_stepwise.core.content.views import Link

STATIC = Path(__file__).parents[1] / "static"


def add_stylesheet(app: Sphinx) -> None:
    """Add the stylesheet for themes not our own (``builder-inited``)."""
    if app.builder.format == "html" and not places_regions(app.builder):
        app.config.html_static_path.append(str(STATIC))
        app.add_css_file("stepwise.css")


def add_navigation(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Set what themes draw their own Back, Next and breadcrumb from."""
    domain = guide_domain(app.env)
    page = domain.catalogue.at(pagename)
    if page is None or doctree is None:
        return
    view = page_view(domain.navigation, page)

    def link(to: Link | None) -> dict[str, str] | None:
        if to is None:
            return None
        uri = app.builder.get_relative_uri(pagename, to.docname)
        return {"link": uri, "title": escape(to.title)}  # themes print it as HTML

    context["prev"], context["next"] = link(view.back), link(view.forward)
    context["parents"] = [link(parent) for parent in view.parents]
    context["stepwise_view"] = view

"""Links that our theme draws on every page: its options ``menu`` and ``footer_links``.

Each is an id, or ``"words <id#anchor>"``, or ``"words <https://...>"``.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from sphinx.util import logging

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.diagnostics import did_you_mean
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.drawing.nodes import places_regions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_stepwise.core.content.model import Page

LOGGER = logging.getLogger(__name__)
#: The theme's options that hold links.
OPTIONS: Final = ("menu", "footer_links")
_ENTRY = re.compile(r"(?:(?P<words>[^<>]+?)\s*<)?(?P<target>[^<>]+?)>?")
_WEB: Final = {"http", "https", "mailto"}


class ThemeLink(NamedTuple):
    """One entry of an option."""

    words: str
    #: A page's id, with ``#anchor`` if there is one, or an address.
    target: str
    page: Page | None = None

    @property
    def id(self) -> str:
        """The page's id as it was written."""
        return self.target.partition("#")[0]

    @property
    def anchor(self) -> str:
        """The place on the page, with its ``#``."""
        __, hash_, anchor = self.target.partition("#")
        return hash_ + anchor

    @property
    def leads_somewhere(self) -> bool:
        """Whether there is such a page, or it is an address."""
        return self.page is not None or urlsplit(self.target).scheme in _WEB


def theme_option(app: Sphinx, name: str) -> Any:
    """Return an option as conf.py has it, or else the theme; ``None`` for neither."""
    builder: Any = app.builder
    given = builder.theme_options.get(name)
    return given if given is not None else builder.theme.get_options().get(name) or None


def links_of(app: Sphinx, option: str) -> list[ThemeLink]:
    """Return an option's links; without a menu, the toolkit's own list of pages."""
    catalogue = guide_domain(app.env).catalogue
    entries = theme_option(app, option)
    if option == "menu" and entries is None and catalogue.toolkit:
        entries = [entry.id for entry in catalogue.toolkit.entries("pages")]
    found = []
    for entry in entries or ():
        match = _ENTRY.fullmatch(str(entry).strip())
        words, target = (match["words"], match["target"]) if match else ("", str(entry))
        page = catalogue.page(target.partition("#")[0])
        found.append(ThemeLink(words or "", target, page))
    return found


def check_links(app: Sphinx, env: BuildEnvironment) -> None:
    """Report settings that name no page or guidebook (``env-updated``)."""
    if not places_regions(app.builder):
        return
    catalogue = guide_domain(env).catalogue
    pages = [page.id for page in catalogue.pages]
    for option in OPTIONS:
        for link in links_of(app, option):
            if not link.leads_somewhere:
                _report(option, "page", link.id, pages)
    guidebooks = catalogue.ids(("guidebook",))
    for name in app.config.stepwise_marked:
        if name not in guidebooks:
            _report("stepwise_marked", "guidebook", name, guidebooks)


def _report(setting: str, kind: str, name: str, known: Sequence[str]) -> None:
    hint = did_you_mean(name, known)
    LOGGER.error(
        "%s",
        f"`{setting}` in conf.py: there is no {kind} `{name}`. {hint}".strip(),
        type="stepwise",
        subtype=Code.REFERENCE_UNKNOWN.value,
    )


def drawn_links(app: Sphinx) -> object:
    """Return what the theme draws of other pages on every page, to be hashed."""
    if not places_regions(app.builder):
        return None
    return [
        (option, link.words, link.target, link.page and link.page.docname, _words(link))
        for option in OPTIONS
        for link in links_of(app, option)
    ]


def draw(
    links: Sequence[ThemeLink], context: dict[str, Any], above: Sequence[str]
) -> list[dict[str, str]]:
    """Return links as templates print them; those that lead nowhere are left out.

    :param above: the page's docname and those of the pages above it, nearest first.
        The link to the nearest is marked as where the reader is.
    """
    docnames = {link.page.docname for link in links if link.page and not link.anchor}
    nearest = next((docname for docname in above if docname in docnames), "")
    return [
        {
            "title": escape(_words(link)),
            "link": escape(_address(link, context, above[0])),
            "here": _here(link, nearest, above[0]),
        }
        for link in links
        if link.leads_somewhere
    ]


def _address(link: ThemeLink, context: dict[str, Any], docname: str) -> str:
    if link.page is None:
        return link.target
    within = link.anchor and link.page.docname == docname
    uri: str = "" if within else context["pathto"](link.page.docname)
    return uri + link.anchor


def _here(link: ThemeLink, nearest: str, docname: str) -> str:
    """Return the value of ``aria-current``."""
    if link.page is None or link.anchor or link.page.docname != nearest:
        return ""
    return "page" if nearest == docname else "true"


def _words(link: ThemeLink) -> str:
    return link.words or (link.page.title if link.page else link.target)

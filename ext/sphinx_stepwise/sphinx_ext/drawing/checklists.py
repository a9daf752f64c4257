"""Checklists: what names each check, and how many a page has.

A check is known by a hash of its words, so a list may be put in another order, and a
check that is written anew is a new one.  A link that takes its words from elsewhere
counts by what it names, so that another page's new title changes nothing.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from sphinx_stepwise.core.content.model import page_id
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.drawing.nodes import places_regions, stepwise_tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_stepwise.core.content.track_views import TrackView


class Checked(NamedTuple):
    """A page with checks, as other pages count them."""

    page: str
    checks: tuple[str, ...]
    #: Ids that the page had before, and that no other page has now.
    former: tuple[str, ...]


class NameChecks(SphinxTransform):
    """Give every check of a checklist its id: ``check-`` and the hash of its words.

    After ``InsertPlaceholders`` (100), which says what is a checklist.
    """

    default_priority = 101

    def apply(self, **kwargs: Any) -> None:
        """Name the checks, and note them with the environment."""
        docname = self.env.current_document.docname
        found: dict[str, None] = {}
        for item in _items(self.document):
            name = _free(_hash(item), found)
            found[name] = None
            item["ids"].insert(0, f"check-{name}")
        _checks(self.env).pop(docname, None)
        if found:
            _checks(self.env)[docname] = tuple(found)


def _items(document: nodes.document) -> Iterator[nodes.list_item]:
    """Yield the items that are drawn with a box."""
    for section in document.findall(nodes.section):
        if "stepwise-checklist" in section["classes"]:
            for part in section.children:
                if isinstance(part, nodes.bullet_list):
                    items = (c for c in part if isinstance(c, nodes.list_item))
                    yield from (item for item in items if item.children)


def _hash(item: nodes.list_item) -> str:
    text = unicodedata.normalize("NFKC", _text(item)).casefold()
    words = " ".join(re.findall(r"\w+", text))
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:8]


def _text(node: nodes.Node) -> str:
    """Return the words as they were written, and what links without words name."""
    if isinstance(node, addnodes.pending_xref) and not node.get("refexplicit"):
        # Without the folder, so that the page that is named may move.
        return f" {str(node.get('reftarget')).rpartition('/')[2]} "
    if isinstance(node, nodes.Text):
        return node.astext()
    between = "" if isinstance(node, nodes.TextElement) else " "
    return between.join(map(_text, node.children))


def _free(name: str, taken: Iterable[str]) -> str:
    """Return *name*, with a number where a check of the page has the same words."""
    numbers = count(2)
    found = name
    while found in taken:
        found = f"{name}-{next(numbers)}"
    return found


def _checks(env: BuildEnvironment) -> dict[str, tuple[str, ...]]:
    """Return the checks of all pages that have some, by docname."""
    found = env.__dict__.setdefault("stepwise_checks", {})
    return cast("dict[str, tuple[str, ...]]", found)


def checked(env: BuildEnvironment, docname: str) -> Checked | None:
    """Return a page's checks; ``None`` for a page that has none."""
    catalogue = guide_domain(env).catalogue
    page, checks = catalogue.at(docname), _checks(env).get(docname)
    if page is None or not checks:
        return None
    were = {page_id(entry.id): None for entry in page.entries("redirect_from")}
    former = tuple(name for name in were if name and catalogue.page(name) is None)
    return Checked(page.id, checks, former)


def counted(env: BuildEnvironment, views: Sequence[TrackView]) -> list[Checked | None]:
    """Return what is counted where these stages and guidebooks are listed."""
    return [checked(env, step.link.docname) for view in views for step in view.steps]


class Tallies:
    """Draws, beside links to pages, how many of their checks are done."""

    def __init__(self, env: BuildEnvironment) -> None:
        self._env = env

    def of(self, docnames: Iterable[str], told: str = "") -> list[nodes.Node]:
        """Return a tally of these pages, or nothing.

        :param told: what it says without the script of our theme.
        """
        found = [c for name in docnames if (c := checked(self._env, name))]
        if not found:
            return []
        tally = stepwise_tally("", told, classes=["stepwise-tally"])
        tally["checks"] = " ".join(f"{c.page}:{','.join(c.checks)}" for c in found)
        if len(found) == 1:
            tally["page"], tally["former"] = found[0].page, " ".join(found[0].former)
        return [nodes.Text(" "), tally]


def _tell_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Tell our theme's script which page this is (``html-page-context``)."""
    found = checked(app.env, pagename) if doctree else None
    if found and places_regions(app.builder):
        data = context.setdefault("stepwise_data", {})
        data["page"] = found.page
        if found.former:
            data["was"] = " ".join(found.former)


def _forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _checks(env).pop(docname, None)


def _merge(
    app: Sphinx,
    env: BuildEnvironment,
    docnames: AbstractSet[str],
    other: BuildEnvironment,
) -> None:
    """Take over what another process noted."""
    noted = _checks(other)
    _checks(env).update({name: noted[name] for name in docnames & noted.keys()})


def register(app: Sphinx) -> None:
    """Register what names checks, and what keeps the notes as they are."""
    app.add_transform(NameChecks)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("html-page-context", _tell_page)

"""A page where readers see which checks they have done: ``{progress}``.

What is ticked stays in the reader's browser and is counted there.  Without our theme's
script the directive is a list of steps with the number of their checks, to print.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from sphinx_stepwise.core.content.views import link_to
from sphinx_stepwise.sphinx_ext.domain import Listing, guide_domain
from sphinx_stepwise.sphinx_ext.drawing.checklists import Tallies, checked
from sphinx_stepwise.sphinx_ext.drawing.elements import Links, bullets, item, paragraph
from sphinx_stepwise.sphinx_ext.drawing.nodes import places_regions, visit_extra

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_stepwise.core.content.views import Link
    from sphinx_stepwise.sphinx_ext.drawing.checklists import Checked

#: What ``{progress}`` can list; the first if it does not say.
_LISTED = ("stages", "guidebooks", "pages")
_FILES = ("progress.css", "progress.js")


class Group(NamedTuple):
    """A stage or guidebook with its steps, or one page that is no step."""

    page: Link
    members: tuple[tuple[Link, Checked | None], ...]


class stepwise_progress(nodes.General, nodes.Element):  # noqa: N801
    """Stands in a stored page for the list; attributes ``docname``, ``listed``."""


class stepwise_desk(nodes.General, nodes.Element):  # noqa: N801
    """Where the script puts its buttons; only in a theme that has the script."""


class ProgressDirective(SphinxDirective):
    """``{progress} [stages | guidebooks | pages]``: checks, counted."""

    optional_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Leave a place, and note with the domain what the page shows."""
        try:
            listed = directives.choice((self.arguments or _LISTED)[0], _LISTED)
        except ValueError as error:
            raise self.error(str(error)) from error
        docname = self.env.current_document.docname
        guide_domain(self.env).note_listing(docname, Listing("progress", listed))
        return [stepwise_progress(docname=docname, listed=listed)]


def groups(env: BuildEnvironment, listed: str) -> tuple[Group, ...]:
    """Return what ``{progress}`` shows."""
    navigation = guide_domain(env).navigation
    if listed == "pages":
        steps = {step.docname for step in navigation.canonical}
        return tuple(
            Group(link_to(page), ((link_to(page), found),))
            for page in navigation.walk()
            if page.docname not in steps and (found := checked(env, page.docname))
        )
    tracks = navigation.stages if listed == "stages" else navigation.guidebooks
    return tuple(
        Group(
            link_to(track.page),
            tuple((link_to(s), checked(env, s.docname)) for s in track.steps),
        )
        for track in tracks
    )


def progress_page(app: Sphinx) -> str:
    """Return the page that our theme's script should lead to, or nothing."""
    if not places_regions(app.builder):
        return ""
    pages = (
        docname
        for docname, listings in guide_domain(app.env).listings.items()
        if any(listing.what == "progress" for listing in listings)
    )
    return min(pages, default="")


class DrawProgress(SphinxPostTransform):
    """Fill ``{progress}``; before Sphinx resolves references (10)."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Fill every place; in one-page builds they come from many pages."""
        links = Links(self.env.current_document.docname)
        tallies = Tallies(self.env)
        for node in list(self.document.findall(stepwise_progress)):
            listed = node["listed"]
            drawn = bullets(_drawn(self.env, listed, links, tallies), "progress")
            desk = [stepwise_desk()] if listed == _LISTED[0] else []
            node.replace_self([*desk, drawn] if drawn.children else desk)


def _drawn(
    env: BuildEnvironment, listed: str, links: Links, tallies: Tallies
) -> Iterator[nodes.list_item]:
    first = 1
    for number, group in enumerate(groups(env, listed), start=1):
        told = _told([found for _link, found in group.members])
        docnames = [link.docname for link, _found in group.members]
        name = links.to(group.page)
        if listed != _LISTED[0]:
            yield item(paragraph(name, *tallies.of(docnames, told)), kinds=["open"])
            continue
        steps = nodes.enumerated_list("", enumtype="arabic", prefix="", suffix=".")
        steps["classes"].append("stepwise-steps")
        steps["start"], first = first, first + len(group.members)
        for link, found in group.members:
            count = tallies.of([link.docname], _told([found]))
            steps += item(paragraph(links.to(link), *count), kinds=["open"])
        heading = paragraph(nodes.strong("", "", name), *tallies.of(docnames, told))
        content = [heading, steps] if steps.children else [heading]
        yield item(*content, kinds=[f"stage-{number}"])


def _told(found: Sequence[Checked | None]) -> str:
    number = sum(len(one.checks) for one in found if one)
    return (_("(%d check)") if number == 1 else _("(%d checks)")) % number


def visit_desk(self: Any, node: stepwise_desk) -> None:
    """Write an empty place with the words that the script needs."""
    visit_extra(self, node)
    data = {
        "toolkit": self.config.project,
        "release": self.config.release,
        "words": json.dumps(_words(), ensure_ascii=False),
    }
    written = "".join(f' data-{k}="{escape(str(v))}"' for k, v in data.items())
    self.body.append(f'<div class="stepwise-desk"{written}></div>\n')
    raise nodes.SkipNode


def _words() -> dict[str, str]:
    return {
        "all": _("In the whole toolkit: {tally}"),
        "save": _("Save to a file"),
        "load": _("Load from a file"),
        "print": _("Print"),
        "clear": _("Clear all"),
        "keep": _("Keep them"),
        "file": _("progress"),
        "saved": _("Saved to {file}. Ticks in it: {number}."),
        "nothing": _("Nothing is ticked yet."),
        "ask": _("Clear all ticks?"),
        "lost": _(
            "This takes away {number} ticks, on every page. It cannot be undone. If "
            "you may want them again, save them to a file first."
        ),
        "cleared": _("All ticks are cleared."),
        "loaded": _("Ticks added: {added}. Here already: {known}."),
        "unknown": _("Not of this toolkit as it is now, but kept: {unknown}."),
        "large": _("This file is too large to be one of ours. Nothing was changed."),
        "wrong": _(
            "This is no file that was saved on this page. Nothing was changed. Choose "
            "a file whose name ends in .json."
        ),
        "newer": _(
            "This file was saved by a newer version of this page. Nothing was changed."
        ),
    }


def _prepare_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Bring the script where it is needed, and say where its page is.

    On ``html-page-context``, before our theme chooses among the page's scripts.
    """
    if docname := progress_page(app):
        data = context.setdefault("stepwise_data", {})
        data["progress"] = context["pathto"](docname)
    if doctree and places_regions(app.builder) and any(doctree.findall(stepwise_desk)):
        sheet, script = _FILES
        app.add_css_file(sheet)
        app.add_js_file(script, loading_method="defer")


def register(app: Sphinx) -> None:
    """Register the directive, its nodes and what fills them."""
    app.add_node(stepwise_progress)
    others: dict[str, Any] = dict.fromkeys(
        ("latex", "text", "man", "texinfo"), (_skip, None)
    )
    app.add_node(stepwise_desk, html=(visit_desk, None), **others)
    app.add_directive_to_domain("guide", "progress", ProgressDirective)
    app.add_post_transform(DrawProgress)
    app.connect("html-page-context", _prepare_page)


def _skip(self: Any, node: nodes.Node) -> None:
    raise nodes.SkipNode

"""A hash, for each page, of all that it shows of other pages.

When the hash differs from the one that was written, the page is written again,
so that an incremental build equals a clean one.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, cast

from sphinx_stepwise.core.content.model import Record
from sphinx_stepwise.core.content.record_views import Group, Lister
from sphinx_stepwise.core.content.track_views import track_view
from sphinx_stepwise.core.content.updates import updates
from sphinx_stepwise.core.content.use_views import finder
from sphinx_stepwise.core.content.views import fingerprint, page_view
from sphinx_stepwise.core.project import KINDS
from sphinx_stepwise.core.schema.field_reference import describe
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.drawing.checklists import checked, counted
from sphinx_stepwise.sphinx_ext.drawing.uses import notes_of, uses_of
from sphinx_stepwise.sphinx_ext.machines.head import shown_in_head
from sphinx_stepwise.sphinx_ext.theming.downloads import downloads_of, downloads_on
from sphinx_stepwise.sphinx_ext.theming.progress import groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.environment import BuildEnvironment

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Page
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.content.track_views import TrackView
    from sphinx_stepwise.core.content.use_views import FinderView
    from sphinx_stepwise.core.schema.field_reference import Reference
    from sphinx_stepwise.sphinx_ext.domain import GuideDomain, Listing, Target


def fingerprints(
    env: BuildEnvironment, frame: str, links: object = None
) -> dict[str, str]:
    """Return the hash of every page, by docname.

    :param frame: how much of the tree the theme draws, see ``stepwise_frame``.
    :param links: what else the theme draws on every page.
    """
    domain = guide_domain(env)
    navigation = domain.navigation
    shelves = {
        record.key if domain.catalogue.own_page(record) else record.collection: place
        for record in domain.catalogue.records
        if (place := domain.place_of(record))
    }
    marks = {}
    for docname in sorted(env.found_docs):
        page = domain.catalogue.at(docname)
        marks[docname] = fingerprint(
            page_view(navigation, page) if page else None,
            [
                _shown(domain, docname, listing)
                for listing in domain.listings.get(docname, ())
            ],
            [
                _points_at(env, domain, docname, target)
                for target in sorted(domain.targets.get(docname, ()))
            ],
            _frame(navigation, page, frame),
            links,
            shelves,
            shown_in_head(navigation, page),
            checked(env, docname),
            downloads_on(env, docname),
        )
    return marks


def _shown(domain: GuideDomain, docname: str, listing: Listing) -> object:
    if listing.what == "updates":
        return updates(domain.navigation)
    if listing.what == "downloads":
        return downloads_of(domain.env)
    if listing.what == "progress":
        return groups(domain.env, listing.argument)
    if listing.what == "uses":
        view = uses_of(domain, docname, listing)
        return view, notes_of(domain, view)
    views = show(domain.navigation, docname, listing)
    if listing.what in {"steps", "step-map"} and views:
        return views, counted(domain.env, cast("Sequence[TrackView]", views))
    return views


def show(
    navigation: Navigation, docname: str, listing: Listing
) -> tuple[TrackView, ...] | tuple[Group, ...] | FinderView | Reference | None:
    """Return what *listing* shows on a page; ``None`` where it names nothing."""
    if listing.what == "finder":
        known = listing.argument in navigation.catalogue.project.collections
        return finder(navigation, listing.argument, listing.fields) if known else None
    if listing.what == "fields":
        return _reference(navigation.catalogue, listing.argument)
    if listing.what in {"record", "records"}:
        return _groups(navigation, listing)
    if listing.what == "steps":
        catalogue = navigation.catalogue
        own = catalogue.at(docname)
        page = catalogue.page(listing.argument) if listing.argument else own
        if page and page.draft and page.kind in {"stage", "guidebook"}:
            return ()  # no track yet
        track = navigation.track(page) if page else None
        return (track_view(navigation, track),) if track else None
    guidebooks = listing.what == "guidebooks"
    tracks = navigation.guidebooks if guidebooks else navigation.stages
    return tuple(track_view(navigation, track) for track in tracks)


def _reference(catalogue: Catalogue, kind: str) -> Reference | None:
    known = (*KINDS, *catalogue.project.collections.values())
    return (
        describe(catalogue.project, catalogue.schemas[kind]) if kind in known else None
    )


def _groups(navigation: Navigation, listing: Listing) -> tuple[Group, ...] | None:
    if listing.what == "records":
        if listing.argument not in navigation.catalogue.project.collections:
            return None
        lister = Lister(
            navigation, listing.argument, show=listing.show, fields=listing.fields
        )
        return lister.groups(listing.group)
    word, _, name = listing.argument.partition(" ")
    record = navigation.catalogue.find((word,), name)
    if not isinstance(record, Record):
        return None
    lister = Lister(navigation, record.collection, show=listing.show)
    return (Group("", (lister.view(record),)),)


def _frame(navigation: Navigation, page: Page | None, frame: str) -> object:
    """Return the titles that the theme draws round a page."""
    home = navigation.home
    if frame == "none" or home is None:
        return None
    if frame == "tree" or page == home:
        return _titles(navigation, home)
    branch = [*navigation.parents(page), page][1:2] if page else []
    return (
        [(child.docname, child.title) for child in navigation.children(home)],
        [_titles(navigation, top) for top in branch if navigation.has(top)],
    )


def _titles(navigation: Navigation, page: Page) -> object:
    below = [_titles(navigation, child) for child in navigation.children(page)]
    return (page.docname, page.title, below)


def _points_at(
    env: BuildEnvironment, domain: GuideDomain, docname: str, target: Target
) -> object:
    """Return what a link's words and address come from, in any domain we know."""
    if target.domain == "guide":
        words = domain.find(target.type, target.name)
        return (words.text, words.caution, words.place) if words else None
    # MyST and Sphinx link to pages by docname, absolute or relative to the page.
    relative = posixpath.normpath(
        posixpath.join(posixpath.dirname(docname), target.name)
    )
    pages = [
        (name, env.titles[name].astext(), env.metadata[name].get("myst_slugs"))
        for name in (target.name.lstrip("/"), relative)
        if name in env.titles and name in env.found_docs
    ]
    std = env.domains.standard_domain
    name = target.name.lower()
    labels = (std.labels.get(name), std.anonlabels.get(name))
    terms = {key: value for key, value in std.objects.items() if key[1].lower() == name}
    meanings = [
        domain.words_of(domain.meanings.get(docname, {}).get(anchor, []))
        for docname, anchor in terms.values()
    ]
    return (
        pages,
        [tuple(map(str, label)) for label in labels if label],
        terms,
        meanings,
    )

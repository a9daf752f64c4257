"""Every page in one order, drafts and unlisted pages too; and the status of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_stepwise.core.content.model import Page
from sphinx_stepwise.core.content.navigation import CHILD_LISTS
from sphinx_stepwise.core.content.views import expired_since

if TYPE_CHECKING:
    from sphinx_stepwise.core.content.model import Record
    from sphinx_stepwise.core.content.navigation import Navigation


def reading_order(navigation: Navigation, /) -> list[Page]:
    """Return all pages as readers meet them.

    A page that readers do not reach, such as a draft, stands where its list has it;
    one that no list names stands at the end.
    """
    order = list(navigation.walk())
    above = {page.docname: navigation.parents(page) for page in order}

    def put_in(holder: Page) -> None:
        previous = holder
        for key, kind in CHILD_LISTS.get(holder.kind, ()):
            for entry in holder.entries(key):
                child = navigation.catalogue.find_page(kind, entry.id)
                if child is None:
                    continue
                if child.docname not in above:
                    at = order.index(previous) + 1
                    if previous is not holder:  # and behind all that is below it
                        while at < len(order) and previous in above[order[at].docname]:
                            at += 1
                    above[child.docname] = (*above[holder.docname], holder)
                    order.insert(at, child)
                    put_in(child)
                previous = child

    for page in tuple(order):
        put_in(page)
    rest = [p for p in navigation.catalogue.pages if p.docname not in above]
    return order + rest


def status_of(navigation: Navigation, item: Page | Record, /) -> str:
    """Return the status of a page or record in one word.

    A page is ``published``, a ``draft``, or ``unlisted``: readers do not reach it.  A
    record is ``expired``, ``used`` or ``unused``.
    """
    if isinstance(item, Page):
        if item.draft:
            return "draft"
        return "published" if navigation.has(item) else "unlisted"
    if expired_since(navigation.catalogue, item):
        return "expired"
    return "used" if navigation.catalogue.references_to(item) else "unused"

"""Directives that list pages, records and what they may hold.

Each leaves a placeholder: what it shows is decided by other pages and filled in
when the page is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from sphinx_stepwise.sphinx_ext.domain import Listing, guide_domain
from sphinx_stepwise.sphinx_ext.drawing.nodes import stepwise_placeholder

if TYPE_CHECKING:
    from docutils import nodes


class _ListingDirective(SphinxDirective):
    what: ClassVar[str]

    def run(self) -> list[nodes.Node]:
        """Leave a placeholder and note it with the domain."""
        listing = self.listing()
        docname = self.env.current_document.docname
        guide_domain(self.env).note_listing(docname, listing)
        node = stepwise_placeholder(what="listing", docname=docname, listing=listing)
        self.set_source_info(node)
        return [node]

    def listing(self) -> Listing:
        """Return what to show."""
        return Listing(self.what)


class StagesDirective(_ListingDirective):
    """``{stages}``: the toolkit's stages, with their summaries."""

    what = "stages"


class GuidebooksDirective(_ListingDirective):
    """``{guidebooks}``: the toolkit's guidebooks, with their summaries."""

    what = "guidebooks"


class StepMapDirective(_ListingDirective):
    """``{step-map}``: every step below its stage, as a nested list."""

    what = "step-map"


class StepsDirective(_ListingDirective):
    """``{steps} [id]``: the steps of a stage or guidebook; by default the page's."""

    what = "steps"
    optional_arguments = 1

    def listing(self) -> Listing:
        """Return the track: the argument, or the page's own."""
        return Listing(self.what, self.arguments[0] if self.arguments else "")


_FORMS: Final = ("sections", "table", "links")


def _names(argument: str | None) -> tuple[str, ...]:
    return tuple((argument or "").replace(",", " ").split())


class RecordsDirective(_ListingDirective):
    """``{records} collection``: a collection's records and the pages that use them.

    ``:show:`` names properties to show; ``:fields:`` names the front matter keys
    whose references count, and leaves out records that none of them names;
    ``:group:`` a property to group by; ``:as: table`` draws tables, ``:as: links``
    leads to pages of the records' own.
    """

    what = "records"
    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        "show": directives.unchanged_required,
        "fields": directives.unchanged_required,
        "group": directives.unchanged_required,
        "as": lambda argument: directives.choice(argument, _FORMS),
    }

    def listing(self) -> Listing:
        """Return the collection and what of it to show."""
        show, fields = (_names(self.options.get(key)) for key in ("show", "fields"))
        group = self.options.get("group", "")
        form = self.options.get("as", _FORMS[0])
        return Listing(self.what, self.arguments[0], show, fields, group, form)


class RecordDirective(_ListingDirective):
    """``{record} word id``: one record in a box, with the properties of ``:show:``."""

    what = "record"
    required_arguments = 2
    option_spec: ClassVar[dict[str, Any]] = {"show": directives.unchanged_required}

    def listing(self) -> Listing:
        """Return the record and what of it to show."""
        word, name = self.arguments
        return Listing(self.what, f"{word} {name}", _names(self.options.get("show")))


class FieldsDirective(_ListingDirective):
    """``{fields} kind``: the keys of a kind of page or record, from its schema."""

    what = "fields"
    required_arguments = 1

    def listing(self) -> Listing:
        """Return the kind of page, or the word for a record."""
        return Listing(self.what, self.arguments[0])


class UsesDirective(_ListingDirective):
    """``{uses}``: the steps that name the page's own record, by property.

    ``:fields:`` names the front matter keys that count.
    """

    what = "uses"
    option_spec: ClassVar[dict[str, Any]] = {"fields": directives.unchanged_required}

    def listing(self) -> Listing:
        """Return which properties count."""
        return Listing(self.what, fields=_names(self.options.get("fields")))


class FinderDirective(_ListingDirective):
    """``{finder} collection``: all steps with the records that they name.

    In our theme a script narrows them.  ``:fields:`` as for ``{uses}``.
    """

    what = "finder"
    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"fields": directives.unchanged_required}

    def listing(self) -> Listing:
        """Return the collection, and which properties count."""
        fields = _names(self.options.get("fields"))
        return Listing(self.what, self.arguments[0], fields=fields)


DIRECTIVES: Final[dict[str, type[SphinxDirective]]] = {
    directive.what: directive
    for directive in (
        StagesDirective,
        GuidebooksDirective,
        StepMapDirective,
        StepsDirective,
        RecordsDirective,
        RecordDirective,
        FieldsDirective,
        UsesDirective,
        FinderDirective,
    )
}

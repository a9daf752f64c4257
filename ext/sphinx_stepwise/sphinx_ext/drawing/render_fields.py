"""Draw what a kind of page or record may hold.

A list of terms and not a table: long values wrap on a narrow screen, and a reader
who listens hears each key with all that is said of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_stepwise.sphinx_ext.drawing.elements import paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx_stepwise.core.schema.field_reference import Field, Reference
    from sphinx_stepwise.core.schema.schemas import SectionRule


class FieldRenderer:
    """Draws the references of one page."""

    def __init__(self) -> None:
        #: Anchors drawn so far; a kind drawn twice has its anchors once.
        self._anchors: set[str] = set()

    def draw(self, reference: Reference) -> list[nodes.Node]:
        """Return a kind's keys, then its headings, then what else is asked of it."""
        drawn: list[nodes.Node] = [paragraph(*_coded(reference.description))]
        items = [self._item(reference.kind, field) for field in reference.fields]
        drawn.append(nodes.definition_list("", *items, classes=["stepwise-fields"]))
        if reference.sections:
            drawn.append(paragraph("The text has these headings, in this order:"))
            drawn.append(_headings(reference.sections))
        drawn += [paragraph(*_coded(rule)) for rule in reference.rules]
        return drawn

    def _item(self, kind: str, field: Field) -> nodes.definition_list_item:
        name = ".".join(field.path)
        # The space is for those who hear the page, or copy from it.
        term = nodes.term("", "", nodes.literal("", name), nodes.Text(" "))
        anchor = nodes.make_id(f"{kind}-{name}")
        if anchor not in self._anchors:
            self._anchors.add(anchor)
            term["ids"].append(anchor)
        when = nodes.classifier("", "", *_coded(field.when))
        about = nodes.definition()
        if field.description:
            about += paragraph(*_coded(field.description))
        more = " ".join([f"Value: {field.holds}.", *field.notes])
        about += paragraph(*_coded(more), kind="holds")
        return nodes.definition_list_item("", term, when, about)


def _headings(sections: Sequence[SectionRule]) -> nodes.enumerated_list:
    items = [
        nodes.list_item("", paragraph(f"{rule.heading}{_unless_needed(rule)}"))
        for rule in sections
    ]
    return nodes.enumerated_list("", *items, enumtype="arabic", prefix="", suffix=".")


def _unless_needed(rule: SectionRule) -> str:
    return " (optional)" if rule.optional else ""


def _coded(text: str) -> Iterator[nodes.Node]:
    """Yield *text* with what stands between backticks as code."""
    for number, part in enumerate(text.split("`")):
        if part:
            yield nodes.literal("", part) if number % 2 else nodes.Text(part)

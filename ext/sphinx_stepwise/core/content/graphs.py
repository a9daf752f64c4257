"""A toolkit's tracks and relations as a drawing: Mermaid or DOT.

Equal toolkits give equal text.  Labels hold titles, in which anything may stand, so
each language has every character replaced that it might take for its own.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.content.model import BODY
from sphinx_stepwise.core.content.navigation import CHILD_LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.content.model import Page, Record, Reference
    from sphinx_stepwise.core.content.navigation import Navigation

#: What Mermaid takes for no markup in a quoted label; all else is given by number.
_SAFE: Final = frozenset(" ,!?/()'")
#: Relations in the text of a page are called so.
_IN_TEXT: Final = "text"


@dataclass(frozen=True, slots=True)
class Node:
    """A page or record."""

    id: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow from one node to another."""

    start: str
    end: str
    #: ``order`` from step to step, ``guide`` from a guidebook, else ``relation``.
    what: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """What is drawn, in the order in which it is drawn."""

    title: str
    #: Each stage with its steps.
    stages: tuple[tuple[Node, tuple[Node, ...]], ...]
    others: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of(navigation: Navigation, /, *, relations: bool = False) -> Graph:
    """Return the stages with their steps, the guidebooks, and the arrows between.

    :param relations: whether to add all other references, with the pages and records
        at their ends.
    """
    stages = tuple(
        (_node(stage.page), tuple(map(_node, stage.steps)))
        for stage in navigation.stages
    )
    books = [_node(book.page) for book in navigation.guidebooks]
    order = [_node(step).id for step in navigation.canonical]
    edges = [Edge(a, b, "order") for a, b in itertools.pairwise(order)]
    for book, node in zip(navigation.guidebooks, books, strict=True):
        edges += [
            Edge(node.id, _node(step).id, "guide", str(number))
            for number, step in enumerate(book.steps, start=1)
        ]
    others = {node.id: node for node in books}
    if relations:
        drawn = {node.id for stage, steps in stages for node in (stage, *steps)}
        found = dict(_relations(navigation))
        edges += found
        for node in (end for ends in found.values() for end in ends):
            if node.id not in drawn:
                others.setdefault(node.id, node)
    title = navigation.home.title if navigation.home else ""
    return Graph(title, stages, tuple(others.values()), tuple(edges))


def _node(item: Page | Record) -> Node:
    title = " ".join(item.title.split()) or item.id
    return Node(f"{item.kind}:{item.id}", title, item.kind)


def _relations(navigation: Navigation) -> Iterator[tuple[Edge, tuple[Node, Node]]]:
    """Yield what pages that readers reach, and records, refer to, each thing once."""
    catalogue = navigation.catalogue
    items: list[Page | Record] = [*navigation.walk(), *catalogue.records]
    shown = {item.key for item in items}
    for item in items:
        for ref in catalogue.references_of(item):
            target = catalogue.find(ref.kinds, ref.target)
            if target is None or _is_order(ref):
                continue
            if target.key in shown:
                ends = (_node(item), _node(target))
                label = _IN_TEXT if ref.field == (BODY,) else ".".join(ref.field)
                yield Edge(ends[0].id, ends[1].id, "relation", label), ends


def _is_order(ref: Reference) -> bool:
    """Whether a reference stands in one of the lists that are drawn as order."""
    kind, field = ref.source[0], ref.field
    lists = {key for key, _ in CHILD_LISTS.get(kind, ())}
    return field[0] in lists or (kind == "guidebook" and field[0] == "steps")


def mermaid(graph: Graph, /) -> str:
    """Return *graph* in Mermaid's language, see https://mermaid.js.org."""
    names: dict[str, str] = {}

    def draw(node: Node, indent: str) -> str:
        # An id may hold words of the language, such as `end`, so nodes are numbered.
        name = names.setdefault(node.id, f"n{len(names) + 1}")
        left, right = ("([", "])") if node.kind == "guidebook" else ("[", "]")
        return f'{indent}{name}{left}"{_mermaid_text(node.title)}"{right}'

    lines = ["flowchart TD"]
    for stage, steps in graph.stages:
        name = names.setdefault(stage.id, f"n{len(names) + 1}")
        lines.append(f'  subgraph {name}["{_mermaid_text(stage.title)}"]')
        lines += [draw(step, "    ") for step in steps]
        lines.append("  end")
    lines += [draw(node, "  ") for node in graph.others]
    for edge in graph.edges:
        if edge.start in names and edge.end in names:
            arrow = "-->" if edge.what == "order" else "-.->"
            label = f'|"{_mermaid_text(edge.label)}"|' if edge.label else ""
            lines.append(f"  {names[edge.start]} {arrow}{label} {names[edge.end]}")
    return "\n".join([*lines, ""])


def _mermaid_text(text: str) -> str:
    """Return *text* for a quoted label, with numbers for all that may be markup."""
    return "".join(c if c.isalnum() or c in _SAFE else f"#{ord(c)};" for c in text)


def dot(graph: Graph, /) -> str:
    """Return *graph* in DOT, see https://graphviz.org/doc/info/lang.html."""
    title = _dot_text(graph.title)
    lines = [f"digraph {title} {{", f"  label={title}", "  node [shape=box]"]
    ends = {end for edge in graph.edges for end in (edge.start, edge.end)}
    for number, (stage, steps) in enumerate(graph.stages, start=1):
        lines.append(f"  subgraph cluster_{number} {{")
        lines.append(f"    label={_dot_text(stage.title)}")
        if stage.id in ends:  # no arrow can lead to a cluster
            lines.append(f"    {_dot_node(stage)}")
        lines += [f"    {_dot_node(step)}" for step in steps]
        lines.append("  }")
    lines += [f"  {_dot_node(node)}" for node in graph.others]
    for edge in graph.edges:
        arrow = f"  {_dot_text(edge.start)} -> {_dot_text(edge.end)}"
        looks = [f"label={_dot_text(edge.label)}"] if edge.label else []
        looks += ["style=dashed", "constraint=false"] if edge.what != "order" else []
        lines.append(f"{arrow} [{' '.join(looks)}]" if looks else arrow)
    return "\n".join([*lines, "}", ""])


def _dot_node(node: Node) -> str:
    shape = " shape=oval" if node.kind == "guidebook" else ""
    return f"{_dot_text(node.id)} [label={_dot_text(node.title)}{shape}]"


def _dot_text(text: str) -> str:
    r"""Return *text* in quotes; DOT reads ``\N`` and ``&amp;`` in them."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    for character, instead in (("&", "&amp;"), ("\\", r"\\"), ('"', r"\"")):
        plain = plain.replace(character, instead)
    return f'"{plain}"'

"""``stepwise graph``: the tracks and relations as a drawing, Mermaid or DOT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_stepwise.cli import common

if TYPE_CHECKING:
    import argparse


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "graph",
        help="draw the stages, their steps and the guidebooks",
        description="Print the stages with their steps in order, and the guidebooks "
        "that lead through them, for Mermaid or for Graphviz.",
    )
    parser.add_argument("--format", choices=("mermaid", "dot"), default="mermaid")
    parser.add_argument(
        "--relations",
        action="store_true",
        help="add what else refers to what: related steps, other pages, records",
    )
    common.add_project(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the drawing."""
    from sphinx_stepwise.cli.printing import hand_over
    from sphinx_stepwise.core.content import graphs
    from sphinx_stepwise.core.content.loading import load_catalogue
    from sphinx_stepwise.core.content.navigation import Navigation

    catalogue, _ = load_catalogue(common.project_of(arguments))
    graph = graphs.graph_of(Navigation(catalogue), relations=arguments.relations)
    draw = graphs.mermaid if arguments.format == "mermaid" else graphs.dot
    hand_over(draw(graph))
    return common.CLEAN

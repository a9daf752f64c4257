"""Design components as what a reading system can show.

sphinx-design writes tabs and dropdowns with form fields and ``<details>`` for every
builder that writes HTML; for others it leaves headings with their content.  That is
what a book should have, so they are told not to be what they are.  Cards, grids,
badges and buttons are words and links already; ``xhtml`` leaves icons out.
"""

from __future__ import annotations

from typing import Any, Final

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

#: The attribute by which sphinx-design knows its nodes.
_KEY: Final = "design_component"
_FLAT: Final = {"dropdown", "tab-set", "tab-item"}
_DEEPEST: Final = 6


class FlattenComponents(SphinxPostTransform):
    """Leave each tab and dropdown as a heading and its content.

    Before sphinx-design's own transforms (priority 199 and 200), after those of ours
    that put text into a page.
    """

    default_priority = 150
    builders = ("epub",)

    def run(self, **kwargs: Any) -> None:
        """Change the page's components."""
        _flatten(self.document, 0)


def _flatten(node: nodes.Element, depth: int) -> None:
    """Change what is in *node*, which stands below *depth* headings."""
    for child in node.children:
        if isinstance(child, nodes.rubric) and _is_flat(node):
            own = child is node[0]
            child["heading-level"] = min(depth if own else depth + 1, _DEEPEST)
        elif isinstance(child, nodes.Element):
            if child.get(_KEY) in _FLAT:
                child["classes"] = [f"stepwise-{child[_KEY]}"]
                child[_KEY] = f"flat-{child[_KEY]}"
            titled = _is_flat(child) and any(
                isinstance(inner, nodes.rubric) for inner in child.children[:1]
            )
            deeper = isinstance(child, nodes.section) or titled
            _flatten(child, depth + deeper)


def _is_flat(node: nodes.Element) -> bool:
    return str(node.get(_KEY, "")).startswith("flat-")

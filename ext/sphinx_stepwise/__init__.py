"""Checked, cross-linked, step-by-step toolkits with Sphinx and MyST."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up the Sphinx extension; imported late, so that core needs no Sphinx."""
    from sphinx_stepwise.sphinx_ext import setup_sphinx

    return setup_sphinx(app)

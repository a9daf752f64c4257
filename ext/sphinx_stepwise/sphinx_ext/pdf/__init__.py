"""The toolkit, or one of its guidebooks, as a tagged PDF to print and to pass on.

``sphinx-build -b stepwise-pdf``; needs what the extra ``pdf`` installs.
"""

from __future__ import annotations

from sphinx_stepwise.sphinx_ext.pdf.builder import register

__all__ = ["register"]

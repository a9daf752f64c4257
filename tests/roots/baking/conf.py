"""A toolkit that has nothing to do with procurement, in a theme not made for it."""

from __future__ import annotations

project = "Baking course"
copyright = "2026, nobody"
version = release = "1"
extensions = ["sphinx_stepwise"]
myst_heading_anchors = 2
html_theme = "alabaster"
stepwise_fail_on_warning = True
epub_description = "How to bake bread."
epub_identifier = epub_uid = "baking-course"
epub_scheme = "URI"

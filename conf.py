"""Sphinx's settings for the site.  The toolkit's own are in pyproject.toml."""

from __future__ import annotations

import os

project = "Innovation in Procurement Toolkit"
author = "The toolkit's contributors"
copyright = "2026, the toolkit's contributors, CC BY 4.0"  # noqa: A001
version = release = "2026.11"
language = "en_GB"

extensions = ["myst_parser", "sphinx_design", "sphinx_stepwise"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["data/**"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

# Any warning fails the build, on every run until it is mended.
stepwise_fail_on_warning = True
# The first is filled on the step map, the second outlined.
stepwise_marked = ["essential-activities", "additional-activities"]
stepwise_sections = {
    "Check your work": "checklist",
    "What the law asks": "rules",
}

stepwise_search_words = "synonyms"
# What `make downloads` has made is offered on the site.
stepwise_downloads = ["build/epub/*.epub", "build/pdf/*.pdf"]

# Who answers readers, as whoever publishes says; without an address nothing is asked.
if contact := os.environ.get("CONTACT"):
    stepwise_feedback = dict.fromkeys(("useful", "comment"), f"mailto:{contact}")

# Where the site is published, for what needs whole addresses; see docs/deploy.md.
html_baseurl = os.environ.get("SITE_URL") or os.environ.get(
    "READTHEDOCS_CANONICAL_URL", ""
)
html_theme = "stepwise"
html_title = project
html_show_sourcelink = False
html_permalinks = False  # every page lists its sections
html_use_index = False
html_theme_options = {
    "home_heading": "Buy technology better",
    "menu": [
        "Steps <index#the-24-steps>",
        "Guidebooks <guidebooks>",
        "Your team <your-team>",
        "Tools <tools>",
        "Reference <reference>",
    ],
    "footer_links": [
        "your-progress",
        "introduction",
        "take-it-with-you",
        "news",
        "about",
        "accessibility-statement",
        "privacy",
        "contribute",
        "contributing",
    ],
}

# Reading systems know a book by this; it stays when the toolkit changes.
epub_identifier = epub_uid = "innovation-in-procurement-toolkit"
epub_use_index = False
epub_show_urls = "no"

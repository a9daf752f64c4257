"""Sphinx's settings for the site.  The toolkit's own are in pyproject.toml."""

from __future__ import annotations

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
# The theme draws the first level and the page's own branch on each page.
stepwise_frame = "section"

html_theme = "pydata_sphinx_theme"
html_title = project
html_show_sourcelink = False
html_theme_options = {
    "show_prev_next": False,  # the pages have their own
    "navbar_align": "left",
    "article_header_start": [],
    "use_edit_page_button": False,
    "secondary_sidebar_items": ["page-toc"],
}

epub_language = "en-GB"
epub_identifier = epub_uid = "innovation-in-procurement-toolkit"
epub_scheme = "URI"
epub_description = "Practical steps for London boroughs that buy technology."
epub_copyright = copyright
epub_use_index = False
epub_show_urls = "no"

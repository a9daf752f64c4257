"""Settings of Sphinx, which builds the site.  The toolkit's own: pyproject.toml."""

project = "A first vegetable bed"
author = "The authors"
project_copyright = author
version = release = "1"
language = "en"

extensions = ["sphinx_stepwise"]  # brings MyST, which reads Markdown
myst_heading_anchors = 2  # so that links can lead to headings: page.md#heading

# Any warning fails the build, on every run until it is mended.
stepwise_fail_on_warning = True
# Drawn with boxes, which readers of the site can tick.
stepwise_sections = {"Check your work": "checklist"}

html_theme = "stepwise"
html_title = project
html_show_sourcelink = False

# Reading systems know a book by this; it stays when the toolkit changes.
epub_identifier = "a-first-vegetable-bed"

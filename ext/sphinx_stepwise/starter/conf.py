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

html_theme = "alabaster"
html_show_sourcelink = False

epub_identifier = epub_uid = "a-first-vegetable-bed"
epub_scheme = "URI"
epub_description = project
# Where the build's memory lies in its output folder, the ebook leaves it out.
suppress_warnings = ["epub.unknown_project_files"]

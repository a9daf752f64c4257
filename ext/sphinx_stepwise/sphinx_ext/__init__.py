"""The Sphinx door: the only rooms that know Sphinx, docutils and MyST.

``setup_sphinx`` only registers; what happens when is told in ``build.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_stepwise import __version__
from sphinx_stepwise.sphinx_ext import book, config, epub, findings, pdf, site
from sphinx_stepwise.sphinx_ext.build import Build, hand_over_source
from sphinx_stepwise.sphinx_ext.domain import GuideDomain
from sphinx_stepwise.sphinx_ext.drawing import (
    checklists,
    finder,
    glossary,
    nodes,
    transforms,
    uses,
)
from sphinx_stepwise.sphinx_ext.drawing.directives import DIRECTIVES
from sphinx_stepwise.sphinx_ext.machines import files as machine_files
from sphinx_stepwise.sphinx_ext.machines import head, news, twins
from sphinx_stepwise.sphinx_ext.search import page as search
from sphinx_stepwise.sphinx_ext.theming import (
    downloads,
    feedback,
    html,
    progress,
    theme,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup_sphinx(app: Sphinx) -> ExtensionMetadata:
    """Register everything with *app* and do nothing else."""
    app.setup_extension("myst_parser")
    config.register(app)
    findings.register(app)
    nodes.register(app)
    site.register(app)
    app.add_domain(GuideDomain)
    for name, directive in DIRECTIVES.items():
        app.add_directive_to_domain("guide", name, directive)
    app.add_transform(transforms.InsertPlaceholders)
    app.add_post_transform(transforms.FillPlaceholders)
    app.add_post_transform(transforms.AnchorHome)
    app.add_post_transform(glossary.ExplainTerms)
    finder.register(app)
    checklists.register(app)
    feedback.register(app)
    news.register(app)
    progress.register(app)
    pdf.register(app)
    downloads.register(app)
    book.register(app)
    epub.register(app)
    search.register(app)
    theme.register(app)

    build = Build()
    app.connect("config-inited", config.read_settings)
    app.connect("config-inited", site.check_settings)
    app.connect("builder-inited", build.start)
    app.connect("builder-inited", html.add_stylesheet)
    app.connect("env-get-outdated", build.plan_reading)
    app.connect("source-read", hand_over_source)
    app.connect("doctree-read", glossary.note_meanings)
    app.connect("doctree-read", uses.note_grids)
    app.connect("env-updated", build.plan_writing)
    app.connect("write-started", build.plan_parents)
    # Late, so that no theme or extension overwrites what we say of prev and next.
    app.connect("html-page-context", html.add_navigation, priority=900)
    app.connect("html-page-context", head.add_metadata)
    app.connect("html-page-context", twins.write_twin)
    app.connect("build-finished", build.finish)
    app.connect("build-finished", machine_files.write_machine_files)
    return {
        "version": __version__,
        "env_version": 6,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }

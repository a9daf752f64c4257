"""Settings of the build.  What a toolkit is stands in pyproject.toml, not here."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.domains import ObjType
from sphinx.errors import ConfigError
from sphinx.roles import XRefRole

from sphinx_stepwise.core.project import Project, ProjectError, load_project
from sphinx_stepwise.core.schemas import SchemaStore

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def register(app: Sphinx) -> None:
    """Declare the configuration values."""
    app.add_config_value(
        "stepwise_fail_on_warning",
        False,
        "",
        bool,
        "Whether warnings of Sphinx, MyST and other extensions fail the build, "
        "on every run until they are mended.",
    )
    app.add_config_value(
        "stepwise_frame",
        "tree",
        "html",
        str,
        "How much of the tree of pages the theme draws on each page: 'tree' for "
        "all, 'section' for the first level and the page's own branch, 'none'. "
        "It decides which pages are written again when a title changes.",
    )
    # Computed in read_settings; when it changes, Sphinx reads all pages anew.
    app.add_config_value("stepwise_digest", "", "env", str)


def read_settings(app: Sphinx, config: Config) -> None:
    """Read pyproject.toml and the schemas (``config-inited``).

    Unusable settings are the one fault that may stop a build at once.

    :raises ConfigError: naming every fault, with its place.
    """
    try:
        project = load_project(Path(app.confdir))
        SchemaStore.load(project)
    except ProjectError as error:
        raise ConfigError("\n".join(["unusable settings", *error.faults])) from None
    if project.source.resolve() != Path(app.srcdir).resolve():
        message = (
            f"Sphinx reads {app.srcdir}, but [tool.stepwise] source is {project.source}"
        )
        raise ConfigError(message)
    config.exclude_patterns += list(project.exclude)
    config.stepwise_digest = _digest(project)
    for word in project.collections.values():
        role = XRefRole(innernodeclass=nodes.inline)
        app.add_role_to_domain("guide", word, role)
        object_types = app.registry.domain_object_types.setdefault("guide", {})
        object_types[word] = ObjType(word, word)
    if config.primary_domain == "py":  # Sphinx's default; any other was chosen
        config.primary_domain = "guide"


def _digest(project: Project) -> str:
    """Hash what decides how a page is read but does not stand in the page."""
    schemas = sorted(project.schemas.glob("*.schema.json"))
    content = b"".join(file.read_bytes() for file in schemas)
    content += repr(sorted(project.collections.items())).encode()
    return hashlib.sha256(content).hexdigest()[:16]

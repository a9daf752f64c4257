"""Settings of the build.  What a toolkit is stands in pyproject.toml, not here."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from docutils import nodes
from sphinx.domains import ObjType
from sphinx.roles import XRefRole
from sphinx.util import logging

from sphinx_stepwise.core.project import ProjectError, load_project
from sphinx_stepwise.core.schema.schema_store import SchemaStore

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.config import Config

    from sphinx_stepwise.core.project import Project

LOGGER = logging.getLogger(__name__)


def register(app: Sphinx) -> None:
    """Declare the configuration values."""
    app.add_config_value(
        "stepwise_fail_on_warning",
        default=False,
        rebuild="",
        types=bool,
        description="Whether warnings of Sphinx, MyST and others fail the build, "
        "on every run until they are mended.",
    )
    app.add_config_value(
        "stepwise_frame",
        default="",
        rebuild="html",
        types=str,
        description="How much of the tree the theme draws on each page: 'tree' for "
        "all, 'section' for the first level and the page's own branch, 'none'. "
        "It decides which pages are written again when a title changes. By default "
        "'none' for the theme `stepwise` and 'tree' for all others.",
    )
    app.add_config_value(
        "stepwise_marked",
        default=(),
        rebuild="html",
        types=(list, tuple),
        description="Ids of up to two guidebooks whose steps are told apart wherever "
        "steps are listed: those of the first by a filled circle, of the second by "
        "an outlined one, and both by their guidebook's badge.",
    )
    app.add_config_value(
        "stepwise_sections",
        default={},
        rebuild="env",
        types=dict,
        description="Heading -> how sections with it are drawn: 'checklist' draws the "
        "items of their lists with boxes to tick, 'rules' puts them in a marked box.",
    )
    # Computed in read_settings; when it changes, Sphinx reads all pages anew.
    app.add_config_value("stepwise_digest", "", "env", str)


def read_settings(app: Sphinx, config: Config) -> None:
    """Read pyproject.toml and the schemas (``config-inited``).

    Unusable settings are the one fault that may stop a build at once.

    :raises SystemExit: with code 2, after logging every fault with its place.
    """
    try:
        project = load_project(Path(app.confdir))
        schemas = SchemaStore.load(project)
    except ProjectError as error:
        refuse(error.faults)
    if project.source.resolve() != Path(app.srcdir).resolve():
        refuse([f"pyproject.toml:1:1: Sphinx reads {app.srcdir}, not `source`"])
    config.exclude_patterns += list(project.exclude)
    config.stepwise_digest = _digest(project)
    for word in project.collections.values():
        # {oven}`id` shows a record's text, {oven-heat}`id` one of its properties.
        roles = (word, *(f"{word}-{name}" for name in schemas[word].properties()))
        for name in roles:
            role = XRefRole(innernodeclass=nodes.inline)
            app.add_role_to_domain("guide", name, role)
        object_types = app.registry.domain_object_types.setdefault("guide", {})
        object_types[word] = ObjType(word, *roles)
    if config.primary_domain == "py":  # Sphinx's default; any other was chosen
        config.primary_domain = "guide"


def refuse(faults: Iterable[str], subtype: str = "settings") -> NoReturn:
    """Log what is wrong with settings, and stop the build.

    :raises SystemExit: with code 2.  Any exception that Sphinx catches it shows with a
        traceback.
    """
    for fault in faults:
        LOGGER.error("%s", fault, type="stepwise", subtype=subtype)
    raise SystemExit(2)


def _digest(project: Project) -> str:
    """Hash what decides how a page is read but does not stand in the page."""
    schemas = sorted(project.schemas.glob("*.schema.json"))
    content = b"".join(file.read_bytes() for file in schemas)
    content += repr(sorted(project.collections.items())).encode()
    return hashlib.sha256(content).hexdigest()[:16]

"""What happens when in a build.

================  ============================================================
builder-inited    listening for warnings begins; the last run is remembered
env-get-outdated  the catalogue is loaded and checked, in every run and before
                  workers fork; pages to be read again are named
source-read       MyST is handed only the front matter that it needs
env-updated       findings are reported; pages to be written again are named
write-started     their parents are left alone unless named as well
build-finished    outputs of removed pages are deleted, redirects written, and the
                  run is remembered
================  ============================================================
"""

from __future__ import annotations

import json
import logging as python_logging
import string
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging
from sphinx.util.logging import NAMESPACE

from sphinx_stepwise.core.codes import Severity
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project
from sphinx_stepwise.core.text.frontmatter import split_front_matter
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.drawing.nodes import places_regions
from sphinx_stepwise.sphinx_ext.fingerprints import fingerprints
from sphinx_stepwise.sphinx_ext.machines.redirect_pages import write_redirects
from sphinx_stepwise.sphinx_ext.machines.twins import twin_file
from sphinx_stepwise.sphinx_ext.memory import EVERYWHERE, FindingsHandler, Memory
from sphinx_stepwise.sphinx_ext.theming.links import drawn_links
from sphinx_stepwise.sphinx_ext.theming.progress import progress_page
from sphinx_stepwise.sphinx_ext.theming.whole import whole_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_stepwise.core.content.model import Page
    from sphinx_stepwise.core.diagnostics import Report

LOGGER = logging.getLogger(__name__)
_LEVELS = {
    Severity.ERROR: python_logging.ERROR,
    Severity.WARNING: python_logging.WARNING,
    Severity.INFO: python_logging.INFO,
}


class Build:
    """One application's run: its callbacks and what they share."""

    handler: FindingsHandler
    memory: Memory
    report: Report
    fingerprints: dict[str, str]
    started: float

    def start(self, app: Sphinx) -> None:
        """Begin to listen for warnings, and remember the last run."""
        self.handler = FindingsHandler(app)
        self.memory = Memory(Path(app.doctreedir, "stepwise.json"), app.builder.name)
        self.started = time.time() - 1  # clocks of file systems are coarse
        self.fingerprints = {}
        python_logging.getLogger(NAMESPACE).addHandler(self.handler)

    def plan_reading(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        added: set[str],
        changed: set[str],
        removed: set[str],
    ) -> Sequence[str]:
        """Load and check everything; return the pages to be read again."""
        navigation, self.report = check_project(load_project(Path(app.confdir)))
        domain = guide_domain(env)
        domain.navigation = navigation
        for docname in navigation.catalogue.unreadable & env.found_docs:
            # Sphinx would stop with a traceback; the finding says what is wrong.
            env.project.docnames.discard(docname)
            added.discard(docname)
            changed.discard(docname)
            if docname in env.all_docs:
                removed.add(docname)
        if app.config.root_doc not in env.found_docs:
            # Sphinx cannot build without it, and would stop with a traceback.
            self._report()
            raise SystemExit(1)
        broken = self.memory.findings
        if EVERYWHERE in broken:
            return sorted(env.found_docs)
        moved = {
            page.docname
            for page in navigation.catalogue.pages
            if env.toctree_includes.get(page.docname, []) != toctree(env, page)
        }
        return sorted((broken | moved) & env.found_docs)

    def plan_writing(self, app: Sphinx, env: BuildEnvironment) -> Sequence[str]:
        """Report all findings; return the pages whose surroundings changed."""
        self._report()
        default = "none" if places_regions(app.builder) else "tree"
        frame = app.config.stepwise_frame or default
        self.fingerprints = fingerprints(
            env, frame, (drawn_links(app), progress_page(app))
        )
        written = self.memory.written
        return [
            docname
            for docname, mark in self.fingerprints.items()
            if written.get(docname) != mark
        ]

    def plan_parents(self, app: Sphinx, builder: Builder) -> None:
        """Write a page's parent only where its own fingerprint asks for it.

        Sphinx would write every page again whose toctree holds a page that is written
        (``write-started``, after the environment is stored).
        """
        env = app.env
        for page in guide_domain(env).catalogue.pages:
            for docname in toctree(env, page):
                env.files_to_rebuild.get(docname, set()).discard(page.docname)

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Delete what removed pages left behind, and remember this run."""
        python_logging.getLogger(NAMESPACE).removeHandler(self.handler)
        if exception is not None:
            return  # what was remembered still holds
        before = self.memory.written
        for docname in before.keys() - self.fingerprints.keys():
            delete_output(app, docname)
        written = {
            docname: mark
            if mark == before.get(docname) or self._was_written(app, docname)
            else ""
            for docname, mark in self.fingerprints.items()
        }
        catalogue = guide_domain(app.env).catalogue
        redirects = write_redirects(app, catalogue, self.memory.redirects)
        wholes = set(whole_pages(app))
        for gone in self.memory.wholes - wholes:
            delete_output(app, gone)
        self.memory.save(self.handler.docnames, written, redirects, wholes)

    def _report(self) -> None:
        """Log every finding once; the handler fails the build for errors."""
        for found in self.report.diagnostics:
            words = f"{found.message}\n  hint: {found.hint}"
            if found.severity is Severity.INFO:  # Sphinx shows no type of these
                words = f"{found.message} [stepwise.{found.code.value}]"
            LOGGER.log(
                _LEVELS[found.severity],
                "%s",
                words,
                type="stepwise",
                subtype=found.code.value,
                location=str(found.location),
            )
        if self.report.suppressed:
            LOGGER.info("stepwise: %d findings switched off", self.report.suppressed)

    def _was_written(self, app: Sphinx, docname: str) -> bool:
        """Whether the page's file is of this run; a build of named files has few."""
        file = output_file(app, docname)
        if file is None:
            return True
        return file.is_file() and file.stat().st_mtime >= self.started


def toctree(env: BuildEnvironment, page: Page) -> list[str]:
    """Return the docnames of the page's derived toctree."""
    children = guide_domain(env).navigation.children(page)
    return [child.docname for child in children if child.docname in env.found_docs]


def output_file(app: Sphinx, docname: str) -> Path | None:
    """Return the page's file, or ``None`` for builders without a file for each."""
    locate = getattr(app.builder, "get_output_path", None)
    if locate is None or app.builder.name == "singlehtml":
        return None
    return Path(locate(docname))


def delete_output(app: Sphinx, docname: str) -> None:
    """Delete the files of a page that is no more, and folders left empty."""
    file = output_file(app, docname)
    if file is None:
        return
    sources = Path(app.outdir, "_sources")
    for stale in (file, twin_file(app, docname), *sources.glob(f"{docname}.*")):
        stale.unlink(missing_ok=True)
        folder = stale.parent
        while folder != Path(app.outdir) and folder.is_dir():
            if any(folder.iterdir()):
                break
            folder.rmdir()
            folder = folder.parent


def hand_over_source(app: Sphinx, docname: str, source: list[str]) -> None:
    """Give MyST only what it needs of the front matter (``source-read``).

    It would parse the YAML a second time and turn ``status`` or ``authors`` into
    other things.  The block keeps its length, so that later lines keep their number.
    """
    if not app.env.doc2path(docname).match("*.md"):
        return
    split = split_front_matter(source[0])
    lines = source[0].split("\n")
    if split is None:
        first = next((at for at, line in enumerate(lines) if line.strip()), 0)
        if lines[first].strip().startswith("---"):
            lines[first] = ""  # a broken block is shown as text, not as a heading
            source[0] = "\n".join(lines)
        return
    body_line = split[1]
    page = guide_domain(app.env).catalogue.at(docname)
    if body_line <= 3:  # noqa: PLR2004 - an empty block
        return
    title = page.title if page else docname.rpartition("/")[2]
    myst = page.data.get("myst", {}) if page else {}
    # Punctuation is escaped, so that a title is words and never markup or HTML.
    escaped = "".join(f"\\{c}" if c in string.punctuation else c for c in title)
    # Sphinx need not look for pages outside toctrees: our checks do.
    front = {"title": escaped, "orphan": True, "myst": myst | {"title_to_header": True}}
    block = ["---", json.dumps(front, ensure_ascii=False)]
    block += ["#"] * (body_line - 4) + ["---"]
    source[0] = "\n".join([*block, *lines[body_line - 1 :]])

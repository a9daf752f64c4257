"""Books to take along: ePubs and PDFs that were made before, beside the site.

``stepwise_downloads`` says where they lie.  What is there is copied to the site's
folder ``downloads`` and listed by ``{downloads}`` with format and size, and our theme
shows a guidebook's own on its page.  What is not there is not linked.  A file counts
by its name, ``<toolkit>.<ending>`` or ``<toolkit>-<guidebook>.<ending>``.
"""

from __future__ import annotations

import shutil
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from docutils import nodes
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from sphinx_stepwise.core.text.naming import id_of
from sphinx_stepwise.sphinx_ext.domain import Listing, guide_domain
from sphinx_stepwise.sphinx_ext.drawing.elements import bullets, paragraph
from sphinx_stepwise.sphinx_ext.site import BUILDERS, page_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

FOLDER: Final = "downloads"
_MEGABYTE: Final = 1_000_000
_FORMATS: Final = {".epub": "ePub", ".pdf": "PDF"}


class Download(NamedTuple):
    """A file as readers see it."""

    #: The guidebook's id; nothing for the whole toolkit.
    guide: str
    title: str
    name: str
    format: str
    size: str


class stepwise_downloads(nodes.General, nodes.Element):  # noqa: N801
    """Stands in a stored page for the list."""


class DownloadsDirective(SphinxDirective):
    """``{downloads}``: the toolkit and its guidebooks as files, with their sizes."""

    has_content = False
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Leave a place, and note with the domain what the page shows."""
        docname = self.env.current_document.docname
        guide_domain(self.env).note_listing(docname, Listing("downloads"))
        return [stepwise_downloads()]


def downloads_of(env: BuildEnvironment) -> list[Download]:
    """Return what there is, the whole toolkit first, then by guidebook."""
    return [download for download, _file in _found(env)]


def downloads_on(env: BuildEnvironment, docname: str) -> list[Download]:
    """Return what our theme shows on a page: on a guidebook's, its own files."""
    page = guide_domain(env).catalogue.at(docname)
    if page is None or page.kind != "guidebook":
        return []
    return [download for download in downloads_of(env) if download.guide == page.id]


def _found(env: BuildEnvironment) -> Iterator[tuple[Download, Path]]:
    """Yield the files that are a book of this toolkit."""
    domain = guide_domain(env)
    root = domain.catalogue.project.root
    patterns = env.config.stepwise_downloads
    names = {
        name
        for pattern in patterns  # a whole path may be one too
        for name in glob(pattern, root_dir=root, recursive=True)  # noqa: PTH207
    }
    files = [Path(root, name) for name in sorted(names)]
    toolkit = id_of(env.config.project) or "toolkit"
    books = {toolkit: ("", env.config.project)}
    for track in domain.navigation.guidebooks:
        books[f"{toolkit}-{track.page.id}"] = (track.page.id, track.page.title)
    for stem, (guide, title) in books.items():
        for file in files:
            format_ = _FORMATS.get(file.suffix)
            if format_ and file.stem == stem and file.is_file():
                size = size_words(file.stat().st_size)
                yield Download(guide, title, file.name, format_, size), file


def size_words(size: int, /) -> str:
    """Return a number of bytes as readers see it: 640 kB, 1.2 MB."""
    if size < _MEGABYTE:
        return _("%d\N{NO-BREAK SPACE}kB") % max(1, round(size / 1000))
    return _("%.1f\N{NO-BREAK SPACE}MB") % (size / _MEGABYTE)


def _list_downloads(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fill ``{downloads}`` (``doctree-resolved``); only a site has the files."""
    for node in list(doctree.findall(stepwise_downloads)):
        if app.builder.name not in BUILDERS:
            node.replace_self(paragraph(_("The files are on the toolkit's site.")))
            continue
        here = page_path(app, docname)
        lines: dict[str, list[nodes.Node | str]] = {}
        for found in downloads_of(app.env):
            line = lines.setdefault(found.guide, [f"{found.title}: "])
            line += [", "] if len(line) > 1 else []
            address = relative_uri(here, f"{FOLDER}/{found.name}")
            line.append(nodes.reference("", _words(found), refuri=address))
        none = paragraph(_("No files were made with this copy of the site."))
        items = [[paragraph(*line)] for line in lines.values()]
        node.replace_self(bullets(items, "downloads") if items else none)


def _words(found: Download) -> str:
    return f"{found.format}, {found.size}"


def _show_downloads(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Hand a guidebook's files to the theme (``html-page-context``)."""
    if app.builder.name in BUILDERS and doctree is not None:
        here = page_path(app, pagename)
        context["stepwise_downloads"] = [
            {
                "link": relative_uri(here, f"{FOLDER}/{found.name}"),
                "words": _("This guidebook as a file: %s") % _words(found),
            }
            for found in downloads_on(app.env, pagename)
        ]


def _copy_downloads(app: Sphinx, exception: Exception | None) -> None:
    """Copy the files, and delete those that are no more (``build-finished``)."""
    if exception is not None or app.builder.name not in BUILDERS:
        return
    folder = Path(app.outdir, FOLDER)
    found = {download.name: file for download, file in _found(app.env)}
    if folder.is_dir():
        for old in folder.iterdir():
            if old.suffix in _FORMATS and old.name not in found:
                old.unlink()
        if not any(folder.iterdir()):
            folder.rmdir()
    for name, file in found.items():
        folder.mkdir(exist_ok=True)
        shutil.copyfile(file, folder / name)


def register(app: Sphinx) -> None:
    """Register the directive, the setting and what is done for them."""
    app.add_config_value(
        "stepwise_downloads",
        default=[],  # a list, so that -D can set it
        rebuild="",
        types=(list, tuple),
        description="Where books lie that were made before the site, as patterns from "
        "the folder of conf.py: 'build/pdf/*.pdf'.",
    )
    app.add_node(stepwise_downloads)
    app.add_directive_to_domain("guide", "downloads", DownloadsDirective)
    app.connect("doctree-resolved", _list_downloads)
    app.connect("html-page-context", _show_downloads)
    app.connect("build-finished", _copy_downloads)

"""Move or rename a page, and everything that names it.

A move is planned as new texts for files, tried on a copy, and refused when the copy
has findings that the toolkit has not.  Texts change only where a name stands, so
comments, quotes and layout stay as they are.
"""

from __future__ import annotations

import difflib
import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.changes.rehearsing import rehearse
from sphinx_stepwise.core.content.model import page_id
from sphinx_stepwise.core.content.redirects import redirects
from sphinx_stepwise.core.diagnostics import Edit, Location, did_you_mean
from sphinx_stepwise.core.project import ProjectError
from sphinx_stepwise.core.text.body import read_body
from sphinx_stepwise.core.text.insertions import insert_item
from sphinx_stepwise.core.text.text_edits import apply_edits, edit_between

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Page
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.diagnostics import Report
    from sphinx_stepwise.core.project import Project

_ADDRESS: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*")
#: Where a path may stand in Markdown: ``](path)``, ``](<path>)``, ``[x]: path``.
_PATHS: Final = re.compile(r"(?:\]\(\s*<?|^\s{0,3}\[[^\]]+\]:\s*<?)([^\s()<>#]+)")


@dataclass(frozen=True, slots=True)
class Move:
    """A planned move."""

    #: Old docname -> new docname; several when a folder moves with its index page.
    pages: Mapping[str, str]
    #: File, relative to the root -> (old text, new text).
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)

    def diff(self, project: Project, /) -> Iterator[str]:
        """Yield the lines of a unified diff, and which files are renamed."""
        for old, new in sorted(self.pages.items()):
            yield f"rename {_path(project, old)} => {_path(project, new)}"
        for path, (old, new) in sorted(self.texts.items()):
            yield from difflib.unified_diff(
                old.splitlines(), new.splitlines(), path, path, lineterm=""
            )

    def apply(self, project: Project, /) -> None:
        """Write the new texts and rename the files."""
        for path, (_, new) in self.texts.items():
            with (project.root / path).open("w", encoding="utf-8", newline="") as file:
                file.write(new)
        for old, new in self.pages.items():
            source, target = (
                project.root / _path(project, name) for name in (old, new)
            )
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
            if not any(source.parent.iterdir()):
                source.parent.rmdir()


def _path(project: Project, docname: str) -> str:
    return project.relative(project.source / f"{docname}.md")


def plan_move(navigation: Navigation, old: str, new: str, /) -> Move:
    """Plan the move of the page *old*, an id or address, to *new*.

    :raises ProjectError: when it cannot be done; nothing is written.
    """
    catalogue = navigation.catalogue
    page = _find(catalogue, old)
    move = Move(_mapping(catalogue, page, new.removesuffix(".md").strip("/")))
    _refuse(catalogue, move)
    edits = _Edits(catalogue, move.pages)
    for path in edits.paths():
        text = _read(catalogue.project, path)
        changed = apply_edits(text, edits.of(path))
        if changed != text:
            move.texts[path] = (text, changed)
    return move


def try_move(project: Project, move: Move, before: Report, /) -> None:
    """Try *move* on a copy of the toolkit.

    :param before: what is found in the toolkit now.
    :raises ProjectError: naming every finding that the move would add.
    """
    if new := rehearse(project, move.apply, before.diagnostics):
        raise ProjectError(
            ["the move would break the toolkit, so nothing was changed:"]
            + [f"{d.location}: {d.message} [{d.code.value}]" for d in new]
        )


def _find(catalogue: Catalogue, name: str) -> Page:
    name = name.removesuffix(".md").strip("/")
    page = catalogue.page(name) or catalogue.at(name)
    if page is None:
        known = [p.id for p in catalogue.pages]
        hint = (
            did_you_mean(name, known) or "`stepwise check` names pages by their path."
        )
        raise ProjectError([f"there is no page `{name}`. {hint}"])
    return page


def _mapping(catalogue: Catalogue, page: Page, new: str) -> dict[str, str]:
    """Return old docname -> new docname for the page, or for its whole folder."""
    if page.kind == "toolkit":
        raise ProjectError(["the toolkit's own page is the home page and stays"])
    folder, _, stem = page.docname.rpartition("/")
    if stem == "index":
        inside = [
            p.docname for p in catalogue.pages if p.docname.startswith(f"{folder}/")
        ]
        new = new.removesuffix("/index")
        return {name: new + name.removeprefix(folder) for name in inside}
    return {page.docname: new if "/" in new or not folder else f"{folder}/{new}"}


def _refuse(catalogue: Catalogue, move: Move) -> None:
    """Raise for everything that can be seen to go wrong beforehand."""
    faults = []
    if catalogue.broken_docnames:
        names = ", ".join(sorted(catalogue.broken_docnames))
        faults.append(f"first mend what cannot be read: {names}")
    for old, new in move.pages.items():
        if old == new:
            faults.append(f"`{new}` is where the page is")
        elif not _ADDRESS.fullmatch(new):
            faults.append(f"`{new}` is no address: use a-z, 0-9, `-` and `/`")
        elif (catalogue.project.source / f"{new}.md").exists():
            faults.append(f"there is a page at `{new}` already")
        other = catalogue.page(page_id(new))
        if other and other.docname not in move.pages:
            faults.append(f"the id `{other.id}` belongs to {other.path}")
    if faults:
        raise ProjectError(list(dict.fromkeys(faults)))


def _read(project: Project, path: str) -> str:
    with (project.root / path).open(encoding="utf-8", newline="") as file:
        return file.read()


class _Edits:
    """Every place that names a moved page, by file."""

    def __init__(self, catalogue: Catalogue, pages: Mapping[str, str]) -> None:
        self._catalogue = catalogue
        self._pages = pages
        self._edits: dict[str, set[Edit]] = {}
        moved = [p for p in catalogue.pages if p.docname in pages]
        for page in moved:
            self._ids(page)
            self._front_matter(page)
        for page in catalogue.pages:
            self._body(page)
        for redirect in redirects(catalogue):
            if redirect.new in pages and redirect.location != redirect.target_location:
                self._add(redirect.target_location, redirect.new, pages[redirect.new])

    def paths(self) -> list[str]:
        return sorted(self._edits)

    def of(self, path: str) -> set[Edit]:
        return self._edits[path]

    def _add(self, location: Location, old: str, new: str) -> None:
        if old != new:
            edit = Edit(location, old, new)
            self._edits.setdefault(location.path, set()).add(edit)

    def _ids(self, page: Page) -> None:
        """Name the page by its new id wherever front matter, data or text name it."""
        new = page_id(self._pages[page.docname])
        for ref in self._catalogue.references_to(page):
            if self._catalogue.find(ref.kinds, ref.target) is page:
                self._add(ref.location, page.id, new)

    def _front_matter(self, page: Page) -> None:
        """Leave the old address behind, and take the new one off the old ones."""
        new = self._pages[page.docname]
        for entry in page.entries("redirect_from"):
            if entry.id == new:
                message = f"`{new}` is listed as an old address at {entry.location}"
                raise ProjectError([f"{message}; delete it there first"])
        if not page.draft:
            old = _read(self._catalogue.project, page.path).replace("\r\n", "\n")
            try:
                left = insert_item(old, "redirect_from", 0, page.docname)
            except ValueError as error:
                raise ProjectError([f"{page.path}: {error}"]) from error
            edit = edit_between(page.path, old, left)
            self._edits.setdefault(page.path, set()).add(edit)

    def _body(self, page: Page) -> None:
        """Mend paths of links, to moved pages and on moved pages."""
        text = _read(self._catalogue.project, page.path).replace("\r\n", "\n")
        lines = text.split("\n")[page.body_line - 1 :]
        for number, line in enumerate(lines, start=page.body_line):
            for found in _PATHS.finditer(line):
                place = Location(page.path, number, found.start(1) + 1)
                self._add(place, found[1], self._new_path(page, found[1]))
        _, roles = read_body("\n".join(lines), page.path, page.body_line)
        for use in roles:
            if use.name == "doc":
                path = self._new_path(page, f"{use.target}.md").removesuffix(".md")
                self._add(use.location, use.target, path)

    def _new_path(self, page: Page, path: str) -> str:
        """Return what a path on *page* must be after the move."""
        if path.startswith("/") or ":" in path:
            target = path.removeprefix("/")
        else:
            folder = posixpath.dirname(page.docname)
            target = posixpath.normpath(posixpath.join(folder, path))
        if ":" in path or not (self._catalogue.project.source / target).exists():
            return path
        here = posixpath.dirname(self._pages.get(page.docname, page.docname))
        docname = target.removesuffix(".md")
        if docname in self._pages and target.endswith(".md"):
            target = f"{self._pages[docname]}.md"
        elif page.docname not in self._pages:
            return path
        return (
            f"/{target}"
            if path.startswith("/")
            else posixpath.relpath(target, here or ".")
        )

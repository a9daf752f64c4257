"""The whole toolkit: its pages as prose, and every finding that is not excused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prose.reading import read_prose
from prose.rules import check_page
from prose.sharing import check_sharing
from prose.words import load_words
from sphinx_stepwise.core.content.loading import load_catalogue
from sphinx_stepwise.core.content.model import Page
from sphinx_stepwise.core.project import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prose.reading import Prose
    from prose.rules import Finding
    from prose.words import Words
    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.project import Project


@dataclass(frozen=True, slots=True)
class RecordNames:
    """Knows pages and records by the roles that name them."""

    catalogue: Catalogue

    def __call__(self, role: str, target: str, /) -> str:
        """Return a page's title or a record's text; unknown ids stand for themselves.

        ``{fact-statement}`` shows the property ``statement`` of a fact, and so on.
        """
        kind, _, name = role.removeprefix("guide:").partition("-")
        kinds = KINDS if kind == "page" else (kind,)
        found = self.catalogue.find(kinds, target)
        if found is None:
            return target
        if isinstance(found, Page):
            return found.title
        return str(found.data.get(name, "")) if name else found.text or found.label


def read_pages(project: Project, /) -> list[Prose]:
    """Read every page, in order of path."""
    catalogue, _ = load_catalogue(project)
    names = RecordNames(catalogue)
    return [
        read_prose((project.root / page.path).read_text("utf-8"), page.path, names)
        for page in catalogue.pages
    ]


def check_pages(pages: list[Prose], words: Words | None = None, /) -> list[Finding]:
    """Return what the rules find in *pages*, less what ``words.yml`` excuses."""
    words = words or load_words()
    return sorted(f for f in _all(pages, words) if not excused(f, words))


def excused(finding: Finding, words: Words, /) -> bool:
    """Whether ``words.yml`` says that this is in order."""
    return any(e.covers(finding.path, finding.rule, finding.text) for e in words.exempt)


def _all(pages: list[Prose], words: Words) -> Iterator[Finding]:
    for page in pages:
        yield from check_page(page, words)
    yield from check_sharing(pages)

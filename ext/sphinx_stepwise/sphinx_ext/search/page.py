"""The search of our theme: an index that is a script, so that it works everywhere.

It asks for no server, no WebAssembly and no exception from a strict
Content-Security-Policy.  Other themes keep Sphinx's own search, and so does ours where
the language does not put spaces between words.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sphinx.locale import _

from sphinx_stepwise import __version__
from sphinx_stepwise.core.content.views import fingerprint
from sphinx_stepwise.core.diagnostics import did_you_mean
from sphinx_stepwise.core.text.escaping import script_json
from sphinx_stepwise.sphinx_ext.config import refuse
from sphinx_stepwise.sphinx_ext.domain import guide_domain
from sphinx_stepwise.sphinx_ext.drawing.nodes import places_regions
from sphinx_stepwise.sphinx_ext.search import texts
from sphinx_stepwise.sphinx_ext.search.entries import TERM, Entries, facets_of
from sphinx_stepwise.sphinx_ext.search.index import Synonym, document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_stepwise.core.content.model import Page, Record
    from sphinx_stepwise.sphinx_ext.search.entries import Entry

INDEX: Final = "stepwise-search.js"
#: Written without spaces between words, so that Sphinx splits them in its own way.
_UNSPACED: Final = ("ja", "zh")
#: What only Sphinx's own search needs.
_SPHINX_SCRIPTS: Final = {
    "_static/documentation_options.js",
    "_static/doctools.js",
    "_static/sphinx_highlight.js",
    "_static/translations.js",
}


def register(app: Sphinx) -> None:
    """Declare the setting, and connect what makes the index."""
    app.add_config_value(
        "stepwise_search_words",
        default="",
        rebuild="html",
        types=str,
        description="A collection of the words that readers type where the pages say "
        "something else. Its records hold `words`, and `means` (what the pages say) or "
        "`pages` (the ids of those to find), or both. All are lists.",
    )
    texts.register(app)
    app.connect("env-get-outdated", check_settings, priority=900)
    # After our theme has chosen the scripts of a page.
    app.connect("html-page-context", _prepare_page, priority=850)
    app.connect("build-finished", write_index)


def check_settings(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
    """Refuse a collection that there is not (``env-get-outdated``, all is loaded).

    :raises SystemExit: with code 2, after logging the fault.
    """
    wanted = app.config.stepwise_search_words
    known = guide_domain(env).catalogue.project.collections
    if wanted and wanted not in known:
        fault = f"conf.py: `stepwise_search_words`: there is no collection `{wanted}`. "
        refuse([f"{fault}{did_you_mean(wanted, known)}".strip()])
    return []


def is_ours(app: Sphinx) -> bool:
    """Whether readers get our search, and not Sphinx's own."""
    language = app.config.html_search_language or app.config.language or "en"
    return places_regions(app.builder) and not language.startswith(_UNSPACED)


def write_index(app: Sphinx, exception: Exception | None) -> None:
    """Write the index, or delete one that nothing asks for (``build-finished``)."""
    if exception is not None or app.builder.format != "html":
        return
    file = Path(app.outdir, INDEX)
    if not is_ours(app):
        file.unlink(missing_ok=True)
        return
    language = app.builder.indexer.lang  # type: ignore[attr-defined]
    records = _records(app)
    entries = Entries(app)(_marks(records))
    synonyms = [*_synonyms(records), *_names(entries)]
    facets = facets_of(app, entries)
    # Making the index takes longer than gathering what it is made of.
    made_of = fingerprint(__version__, language.lang, entries, synonyms, facets)
    begin = f"/* {made_of} */"
    if file.is_file():
        with file.open(encoding="utf-8") as old:
            if old.read(len(begin)) == begin:
                return
    found = script_json(document(entries, facets, synonyms, language))
    text = f"{begin} window.stepwiseSearch = {found};\n"
    file.write_text(text, "utf-8", newline="\n")


def _records(app: Sphinx) -> list[Record]:
    """Return the records that say what readers type."""
    catalogue = guide_domain(app.env).catalogue
    return catalogue.collection(app.config.stepwise_search_words)


def _texts(record: Record, name: str) -> tuple[str, ...]:
    found = record.data.get(name)
    return tuple(map(str, found)) if isinstance(found, list) else ()


def _marks(records: Iterable[Record]) -> dict[str, list[str]]:
    """Return, by a page's id, the ids of the records that lead to it."""
    found: dict[str, list[str]] = {}
    for record in records:
        for page in _texts(record, "pages"):
            found.setdefault(page, []).append(record.id)
    return found


def _synonyms(records: Iterable[Record]) -> Iterator[Synonym]:
    for record in records:
        yield Synonym(_texts(record, "words"), _texts(record, "means"), record.id)


def _names(entries: Iterable[Entry]) -> Iterator[Synonym]:
    """Yield the names of glossary terms: all names of one term mean the same."""
    for entry in entries:
        if entry.kind == TERM:
            names = (entry.title, *entry.names)
            for name in names if entry.names else ():
                yield Synonym((name,), tuple(n for n in names if n != name))


def _prepare_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the search page its scripts and lists (``html-page-context``)."""
    if pagename != "search" or doctree or not is_ours(app):
        return
    domain = guide_domain(app.env)
    navigation = domain.navigation
    shelves = {domain.record_page(record) for record in domain.catalogue.records}
    shelves |= set(domain.meanings)

    def links(pages: Iterable[Page]) -> list[tuple[str, str]]:
        return [(context["pathto"](page.docname), page.title) for page in pages]

    context["stepwise_search"] = INDEX
    context["stepwise_ways"] = [
        (_("Stages"), links(track.page for track in navigation.stages)),
        (_("Guidebooks"), links(track.page for track in navigation.guidebooks)),
        (_("Lists"), links(p for p in navigation.walk() if p.docname in shelves)),
    ]
    context["script_files"] = [
        script
        for script in context["script_files"]
        if str(script.filename) not in _SPHINX_SCRIPTS
    ]

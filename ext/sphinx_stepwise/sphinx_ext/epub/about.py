"""What a book says of itself, from ``conf.py`` and the toolkit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sphinx.locale import _

from sphinx_stepwise.core.dates import long_date
from sphinx_stepwise.sphinx_ext.epub.package import (
    Accessibility,
    Metadata,
    features_of,
    identifier_of,
)
from sphinx_stepwise.sphinx_ext.site import base_address

if TYPE_CHECKING:
    import datetime as dt

    from sphinx.application import Sphinx

    from sphinx_stepwise.sphinx_ext.book import Book

#: What Sphinx has for settings that conf.py leaves alone.
_UNSET: Final = "unknown"


def describe(
    app: Sphinx,
    book: Book,
    moment: dt.datetime,
    *,
    home_title: str,
    accessibility: Accessibility,
) -> Metadata:
    """Return what a book says of itself."""
    config: Any = app.config
    day = moment.date()
    site = base_address(app)
    given = _given(config.epub_description)
    chosen = config.epub_title != config.project  # Sphinx's default
    toolkit = config.epub_title if chosen else home_title or config.project
    author = config.stepwise_author.get("name") or _given(config.epub_author)
    publisher = config.stepwise_publisher.get("name") or _given(config.epub_publisher)
    return Metadata(
        title=book.title if book.guide else toolkit,
        collection=toolkit if book.guide else "",
        identifier=identifier_of(
            _given(config.epub_identifier), site or config.project, book.name
        ),
        language=(config.epub_language or "en").replace("_", "-"),
        makers=author or publisher or toolkit,
        publisher=publisher,
        rights=_given(config.epub_copyright),
        description=book.summary if book.guide else given or book.summary,
        version=config.release or config.version,
        date=day.isoformat(),
        day=long_date(day),
        modified=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        site=site,
        accessibility=accessibility,
    )


def accessibility_of(
    app: Sphinx, *, alternatives: bool, animated: bool, index: bool
) -> Accessibility:
    """Return how a book can be read.

    :param alternatives: whether every picture has words of its own.
    :param animated: whether a picture may move; nobody has looked whether it flashes.
    :param index: whether the book has one.
    """
    config: Any = app.config
    evaluated = config.stepwise_epub_evaluated
    return Accessibility(
        features=features_of(alternatives=alternatives, index=index),
        hazard="unknown" if animated else "none",
        summary=config.stepwise_epub_summary or _summary(alternatives=alternatives),
        conforms_to=evaluated.get("conforms_to", ""),
        by=evaluated.get("by", ""),
    )


def _summary(*, alternatives: bool) -> str:
    told = [
        _("This book can be read as text alone, from beginning to end."),
        _("It has a table of contents, headings, page numbers and landmarks."),
        _("Type, size and colours follow the reader's settings."),
    ]
    if alternatives:
        told.append(_("Pictures have a description in words."))
    return " ".join(told)


def _given(value: str) -> str:
    return "" if value == _UNSET else value

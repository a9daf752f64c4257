"""The toolkit, or one guidebook, as a valid and accessible ePub 3.

Our builder takes the name ``epub`` from Sphinx's, from which it is derived.  Sphinx
writes each page as ever; what comes after is ours:

===========  ==================================================================
``fit``      what a page of a book shows, changed while it is nodes
``flatten``  design components as headings and text
``xhtml``    a page's HTML as XML, with nothing that a book cannot show
``pages``    what reading systems and assistive technology ask of a page
``links``    links that land
``artwork``  drawings: the cover, an overview of all steps
``package``  contents, metadata and the list of all files
``archive``  the one file, the same bytes for the same pages
===========  ==================================================================

``builder`` runs them, ``binding`` puts together what they make, with what ``about``
says of the book and with its ``illustrations``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sphinx_stepwise.sphinx_ext.config import refuse
from sphinx_stepwise.sphinx_ext.epub.binding import THEME
from sphinx_stepwise.sphinx_ext.epub.builder import BookBuilder
from sphinx_stepwise.sphinx_ext.epub.flatten import FlattenComponents

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

_EVALUATED: Final = {"conforms_to", "by"}


def register(app: Sphinx) -> None:
    """Register the builder, its theme and its settings."""
    app.setup_extension("sphinx.builders.epub3")
    app.add_builder(BookBuilder, override=True)
    app.add_html_theme("stepwise-epub", str(THEME))
    app.add_post_transform(FlattenComponents)
    app.add_config_value(
        "stepwise_epub_summary",
        default="",
        rebuild="",
        types=str,
        description="How accessible the ePub is, in a few plain sentences for readers.",
    )
    app.add_config_value(
        "stepwise_epub_evaluated",
        default={},
        rebuild="",
        types=dict,
        description="Only after an evaluation: what the ePub `conforms_to`, such as "
        "'EPUB Accessibility 1.1 - WCAG 2.2 Level AA', and who found so: `by`.",
    )
    app.connect("config-inited", _check_settings)


def _check_settings(app: Sphinx, config: Config) -> None:
    """Refuse half a claim (``config-inited``).

    :raises SystemExit: with code 2.
    """
    found = config.stepwise_epub_evaluated
    texts = all(isinstance(text, str) and text.strip() for text in found.values())
    if found and not (found.keys() == _EVALUATED and texts):
        refuse(["conf.py: `stepwise_epub_evaluated` must have `conforms_to` and `by`"])

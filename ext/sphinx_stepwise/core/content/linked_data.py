"""What a page is, in the words of schema.org, as JSON-LD.

A stage or guidebook is a ``HowTo`` whose steps are pages; a step is a ``HowTo`` whose
steps stand in its text.  https://schema.org/docs/full.html has the vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sphinx_stepwise.core.content.updates import last_touched, published_on

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinx_stepwise.core.content.model import Page
    from sphinx_stepwise.core.content.navigation import Navigation

Thing = dict[str, Any]

_TYPES: Final = {
    "toolkit": "WebSite",
    "stage": "HowTo",
    "step": "HowTo",
    "guidebook": "HowTo",
    "page": "WebPage",
}


@dataclass(frozen=True, slots=True)
class Maker:
    """Who writes or publishes a toolkit."""

    name: str
    #: ``Organization`` or ``Person``.
    type: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One thing to do, of a numbered list in a step's text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a toolkit does not say of itself but its site does."""

    #: Docname to address; nothing where the page has none.
    address: Callable[[str], str]
    #: Such as ``en-GB``.
    language: str = ""
    publisher: Maker | None = None
    author: Maker | None = None


def linked_data(
    navigation: Navigation,
    page: Page,
    /,
    site: Site,
    instructions: Sequence[Instruction] = (),
) -> Thing:
    """Return what *page* is and where it stands, for one JSON-LD script.

    :param instructions: of a step, what its text tells to do, in order.
    """
    graph = [_page(navigation, page, site, instructions)]
    parents = navigation.parents(page)
    if parents:
        graph.append(
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    _listed(number, above, site)
                    for number, above in enumerate([*parents, page], start=1)
                ],
            }
        )
    return {"@context": "https://schema.org", "@graph": graph}


def _page(
    navigation: Navigation,
    page: Page,
    site: Site,
    instructions: Sequence[Instruction],
) -> Thing:
    published = published_on(page)
    dated = page.kind == "page" and published is not None
    thing: Thing = {
        "@type": "Article" if dated else _TYPES[page.kind],
        "name": page.title,
        "headline": page.title if dated else "",
        "description": page.summary,
        "url": site.address(page.docname),
        "inLanguage": site.language,
    }
    touched = last_touched(page, navigation.catalogue.schemas[page.kind])
    thing["datePublished"] = published.isoformat() if published else ""
    thing["dateModified"] = touched.isoformat() if touched else ""
    thing["author"] = _maker(site.author)
    thing["publisher"] = _maker(site.publisher)
    if navigation.home and page != navigation.home:
        home = navigation.home
        address = site.address(home.docname)
        thing["isPartOf"] = _filled("WebSite", name=home.title, url=address)
    thing["step"] = _steps(navigation, page, site, instructions)
    return {key: value for key, value in thing.items() if value}


def _steps(
    navigation: Navigation,
    page: Page,
    site: Site,
    instructions: Sequence[Instruction],
) -> list[Thing]:
    if track := navigation.track(page):
        return [
            _filled(
                "HowToStep",
                position=number,
                name=step.title,
                text=page.note("steps", step.id) or step.summary,
                url=site.address(step.docname),
            )
            for number, step in enumerate(track.steps, start=1)
        ]
    return [
        _filled("HowToStep", position=number, name=found.name, text=found.text)
        for number, found in enumerate(instructions, start=1)
    ]


def _listed(number: int, page: Page, site: Site) -> Thing:
    address = site.address(page.docname)
    return _filled("ListItem", position=number, name=page.title, item=address)


def _maker(maker: Maker | None) -> Thing:
    return _filled(maker.type, name=maker.name, url=maker.url) if maker else {}


def _filled(type_: str, **values: object) -> Thing:
    """Return a thing of schema.org without the properties that are empty."""
    return {"@type": type_, **{key: value for key, value in values.items() if value}}

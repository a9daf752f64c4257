"""Links that land.

A link leads to a place in the book, or to the site's address of a page that the book
leaves out, or it becomes words.  Nothing is shown of what lies elsewhere.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Callable, Iterator, Mapping

#: What reading systems hand to a browser.
_OUTSIDE = frozenset({"http", "https", "mailto", "tel"})


def settle_links(bodies: Mapping[str, ET.Element], site: Callable[[str], str]) -> None:
    """Make every link of every page land.

    :param bodies: the book's pages, by their paths in it.
    :param site: returns the site's address of a path, or nothing where it has none.
    """
    places = {path: set(_ids(body)) for path, body in bodies.items()}
    for path, body in bodies.items():
        for link in body.iter("a"):
            if "href" in link.attrib:
                _settle(link, path, places, site)


def _ids(body: ET.Element) -> Iterator[str]:
    for element in body.iter():
        if name := element.get("id"):
            yield name


def _settle(
    link: ET.Element,
    path: str,
    places: Mapping[str, set[str]],
    site: Callable[[str], str],
) -> None:
    parts = urlsplit(link.attrib["href"])
    if parts.scheme in _OUTSIDE and (parts.netloc or parts.path):
        return
    target = path
    if parts.path:
        target = posixpath.normpath(
            posixpath.join(posixpath.dirname(path), unquote(parts.path))
        )
    if parts.scheme or parts.netloc:
        _unlink(link)
    elif target in places:
        _land(link, path, target, unquote(parts.fragment), places[target])
    elif address := site(target):
        link.set("href", f"{address}#{parts.fragment}".rstrip("#"))
    else:
        _unlink(link)


def _land(
    link: ET.Element, path: str, target: str, anchor: str, there: set[str]
) -> None:
    """Lead to a place on a page, or to the page where the place is not in the book."""
    found = f"#{quote(anchor)}" if anchor in there else ""
    if target != path:
        way = posixpath.relpath(target, posixpath.dirname(path) or ".")
        link.set("href", quote(way) + found)
    elif found:
        link.set("href", found)
    else:
        _unlink(link)


def _unlink(link: ET.Element) -> None:
    link.tag = "span"
    for name in ("href", "hreflang", "role", "epub:type"):
        link.attrib.pop(name, None)
    link.set("class", f"{link.get('class', '')} stepwise-unlinked".strip())

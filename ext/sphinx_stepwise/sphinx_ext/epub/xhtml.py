"""HTML as Sphinx and extensions write it, as XML that every reading system can show.

Reading systems parse pages as XML, where one open ``<br>`` is fatal.  And they show
neither forms nor scripts, nor icons that say nothing.  So a page is read the way
browsers do, and built anew from the elements and attributes that a book may have;
words are never lost.  Names are kept as they are written (``epub:type``, ``svg``).
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from typing import Final

import tinyhtml5

from sphinx_stepwise.core.text.escaping import xml_text


def _names(*words: str) -> frozenset[str]:
    return frozenset(" ".join(words).split())


#: Elements that are kept; of all others, what is in them.
_KEPT: Final = _names(
    "a abbr address article aside b bdi bdo blockquote br caption cite code col",
    "colgroup dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5",
    "h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp section",
    "small span strong sub summary sup table tbody td tfoot th thead time tr u ul var",
    "wbr",
)
#: Elements that are left out with all that is in them.
_DROPPED: Final = _names(
    "audio button canvas embed head iframe link meta noscript object option script",
    "select style template textarea video",
)
#: Attributes that any element may keep; `aria-*` and `epub:type` as well.
_COMMON: Final = _names("class dir id lang role title")
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "a": {"href", "hreflang"},
    "img": {"alt", "src"},
    "ol": {"reversed", "start", "type"},
    "li": {"value"},
    "td": {"colspan", "headers", "rowspan"},
    "th": {"abbr", "colspan", "headers", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "time": {"datetime"},
}
_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
#: Names that XML allows, as far as HTML and SVG use them.
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?")
_BOX: Final = {
    False: ("\N{BALLOT BOX}", "to do"),
    True: ("\N{BALLOT BOX WITH CHECK}", "done"),
}


def parse(html: str, /) -> ET.Element:
    """Return the body of a page, as an element named ``body``."""
    # With its body begun, so that nothing can turn it into a page of frames.
    page = io.StringIO(f"<!doctype html><body>{html}")
    document = tinyhtml5.parse(page, namespace_html_elements=False)
    return _Keeper().keep(document.find("body"))


def write(element: ET.Element, /) -> str:
    """Return an element as XML."""
    return ET.tostring(element, encoding="unicode")


def plain(text: str, /) -> str:
    """Return a text without the characters that XML cannot hold."""
    return xml_text(text, "")


def words(element: ET.Element, /) -> str:
    """Return the words in an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def classes(element: ET.Element, /) -> set[str]:
    """Return the classes of an element."""
    return set(element.get("class", "").split())


class _Keeper:
    """Copies what a book may have."""

    def __init__(self) -> None:
        self._ids: set[str] = set()

    def keep(self, source: ET.Element) -> ET.Element:
        """Return a copy of an element with what is kept of its content."""
        made = ET.Element(source.tag, self._allowed(source))
        self._fill(made, source)
        return made

    def _fill(self, made: ET.Element, source: ET.Element) -> None:
        """Add to *made* what is in *source*."""
        _say(made, source.text)
        for child in source:
            if _tag(child):
                self._add(made, child)
            _say(made, child.tail)

    def _add(self, made: ET.Element, child: ET.Element) -> None:
        tag = child.tag
        if tag == f"{{{_SVG}}}svg":
            if child.get("aria-hidden") != "true":
                made.append(_drawing(child))
        elif tag == "input":
            _box(made, child)
        elif tag in _KEPT:
            made.append(self.keep(child))
        elif tag not in _DROPPED:
            self._fill(made, child)

    def _allowed(self, source: ET.Element) -> dict[str, str]:
        own = _ATTRIBUTES.get(source.tag, set())
        found = {
            name: plain(value)
            for name, value in source.attrib.items()
            if name in _COMMON
            or name in own
            or (name.startswith(("aria-", "epub:")) and _NAME.fullmatch(name))
        }
        if "id" in found and (not found["id"] or found["id"] in self._ids):
            del found["id"]  # only the first of a name can be found
        self._ids.add(found.get("id", ""))
        if "lang" in found:
            found["xml:lang"] = found["lang"]
        if source.tag == "img":
            found.setdefault("alt", "")
        return found


def _tag(element: ET.Element) -> str:
    """Return an element's name, and nothing for a comment, whose name is a function."""
    tag: object = element.tag
    return tag if isinstance(tag, str) else ""


def _say(made: ET.Element, text: str | None) -> None:
    """Add words at the end of an element."""
    if text and len(made):
        made[-1].tail = (made[-1].tail or "") + plain(text)
    elif text:
        made.text = (made.text or "") + plain(text)


def _box(made: ET.Element, field: ET.Element) -> None:
    """Draw a box of a list of tasks; no other field makes sense in a book."""
    if field.get("type") == "checkbox":
        sign, name = _BOX["checked" in field.attrib]
        box = ET.SubElement(made, "span", {"role": "img", "aria-label": name})
        box.text, box.tail = sign, " "


def _drawing(source: ET.Element) -> ET.Element:
    """Return a copy of a drawing, with names that need no declaration but its own."""
    made = _shape(source)
    made.attrib = {"xmlns": _SVG, **made.attrib}
    if any(name.startswith("xlink:") for e in made.iter() for name in e.attrib):
        made.set("xmlns:xlink", _XLINK)
    return made


def _shape(source: ET.Element) -> ET.Element:
    made = ET.Element(source.tag.rpartition("}")[2])
    for key, value in source.attrib.items():
        name = key.replace(f"{{{_XLINK}}}", "xlink:")
        plainly = _NAME.fullmatch(name) and (":" not in name or name == "xlink:href")
        if plainly and name != "xmlns" and not name.lower().startswith("on"):
            made.set(name, plain(value))
    _say(made, source.text)
    for child in source:
        tag = _tag(child).rpartition("}")[2]
        if ":" not in tag and _NAME.fullmatch(tag) and tag not in _DROPPED:
            made.append(_shape(child))
        _say(made, child.tail)
    return made

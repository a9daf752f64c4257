"""Pictures that are drawn here: the cover, and an overview of all steps.

Both say in words what they show.  The cover has the theme's colours; the overview has
the colour of the text around it, so that it can be seen by night as well.
"""

from __future__ import annotations

import textwrap
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sphinx.locale import _

if TYPE_CHECKING:
    from collections.abc import Sequence

_SVG: Final = "http://www.w3.org/2000/svg"
_WIDTH, _HEIGHT = 1200, 1800
_MARGIN: Final = 110
#: Sizes of a title, largest first, and how many lines each may have.
_SIZES: Final = ((120, 5), (104, 7), (84, 9), (60, 13))
#: How wide a letter is at most, as a part of its height, in bold sans-serif type.
_LETTER: Final = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The words of a cover."""

    title: str
    above: str
    below: tuple[str, ...]

    @property
    def told(self) -> str:
        """All words, for those who do not see them."""
        return ". ".join(filter(None, (self.title, self.above, *self.below)))


def draw_cover(cover: Cover, accent: str, colours: Sequence[str]) -> ET.Element:
    """Return the cover as a drawing.

    :param colours: one for each stage, drawn as a stair.
    """
    root = ET.Element("svg", {"xmlns": _SVG, "viewBox": f"0 0 {_WIDTH} {_HEIGHT}"})
    root.set("role", "img")
    root.set("aria-label", cover.told)
    ET.SubElement(root, "title").text = cover.told
    _box(root, (0, 0, _WIDTH, _HEIGHT), accent)
    foot = 300
    step = _WIDTH / max(len(colours), 1)
    for number, colour in enumerate(colours):
        height = foot * (number + 1) / len(colours)
        place = (number * step, _HEIGHT - height, step + 1, height)
        _box(root, place, colour)
        _box(root, (place[0], place[1], step + 1, 6), "#ffffff")
    size, lines = _fitted(cover.title)
    top = 300 + size
    if cover.above:
        _lines(root, _wrapped(cover.above, 52)[:2], 170, 52, "400")
    _lines(root, lines, top, size, "700")
    told = [line for text in cover.below for line in _wrapped(text, 44)[:2]]
    _lines(root, told, top + len(lines) * size * 1.15 + 40, 44, "400")
    return root


def _box(root: ET.Element, place: tuple[float, ...], colour: str) -> None:
    names = ("x", "y", "width", "height")
    sizes = {n: f"{value:g}" for n, value in zip(names, place, strict=True)}
    ET.SubElement(root, "rect", {**sizes, "fill": colour})


def _fitted(title: str) -> tuple[int, list[str]]:
    """Return the largest size that a title fits in, and its lines."""
    for size, most in _SIZES:
        lines = _wrapped(title, size)
        longest = max(map(len, title.split()), default=0)
        if len(lines) <= most and longest <= _columns(size):
            return size, lines
    return size, [*lines[: most - 1], f"{lines[most - 1][:-1]}…"][:most]


def _columns(size: int) -> int:
    return int((_WIDTH - 2 * _MARGIN) / (size * _LETTER))


def _wrapped(text: str, size: int) -> list[str]:
    return textwrap.wrap(text, _columns(size))


def _lines(
    root: ET.Element, lines: Sequence[str], top: float, size: int, weight: str
) -> None:
    text = ET.SubElement(root, "text", {"fill": "#ffffff", "font-weight": weight})
    text.set("font-family", "'Noto Sans', 'Segoe UI', Roboto, Helvetica, sans-serif")
    text.set("font-size", str(size))
    for number, line in enumerate(lines):
        place = {"x": str(_MARGIN), "y": f"{top + number * size * 1.15:g}"}
        ET.SubElement(text, "tspan", place).text = line


@dataclass(frozen=True, slots=True)
class Row:
    """A stage in the overview: its title, and its steps with how each is marked."""

    title: str
    #: Number and mark: `filled`, `outlined` or nothing.
    steps: tuple[tuple[int, str], ...]


#: Of the overview, in units of its own; the reading system chooses the size.
_SPAN, _RADIUS, _ACROSS, _LINE = 50, 20, 11, 56
_MARKS: Final = {
    "filled": {"fill": "currentColor", "fill-opacity": "0.25", "stroke-width": "2"},
    "outlined": {"fill": "none", "stroke-width": "5"},
    "": {"fill": "none", "stroke-width": "1.5"},
}


def draw_overview(rows: Sequence[Row], name: str) -> ET.Element:
    """Return a picture of all steps below their stages.

    The list beside it holds the same as links, so this is one picture to those who
    listen.

    :param name: begins the ids in it.
    """
    told = [_("%(title)s: %(steps)s") % _told(row) for row in rows]
    root = ET.Element("svg", {"xmlns": _SVG, "role": "img", "class": "overview"})
    root.set("aria-labelledby", f"{name}-title")
    root.set("aria-describedby", f"{name}-desc")
    ET.SubElement(root, "title", {"id": f"{name}-title"}).text = _(
        "Overview of all steps"
    )
    ET.SubElement(root, "desc", {"id": f"{name}-desc"}).text = "; ".join(told) + "."
    top = 0
    for row in rows:
        words = {
            "x": "4",
            "y": str(top + 30),
            "font-size": "24",
            "fill": "currentColor",
        }
        words |= {"font-weight": "700", "font-family": "sans-serif"}
        ET.SubElement(root, "text", words).text = row.title
        top += 40
        for at, (number, mark) in enumerate(row.steps):
            _circle(root, (at % _ACROSS, top + at // _ACROSS * _LINE), number, mark)
        top += max(1, -(-len(row.steps) // _ACROSS)) * _LINE
    root.set("viewBox", f"0 0 {_ACROSS * _SPAN} {top}")
    return root


def _told(row: Row) -> dict[str, str]:
    return {"title": row.title, "steps": ", ".join(str(n) for n, _mark in row.steps)}


def _circle(root: ET.Element, place: tuple[int, int], number: int, mark: str) -> None:
    x, y = place[0] * _SPAN + _RADIUS + 4, place[1] + _RADIUS + 4
    shape = {"cx": str(x), "cy": str(y), "r": str(_RADIUS), "stroke": "currentColor"}
    ET.SubElement(root, "circle", {**shape, **_MARKS[mark]})
    words = {"x": str(x), "y": str(y + 7), "text-anchor": "middle", "font-size": "20"}
    words |= {"fill": "currentColor", "font-family": "sans-serif"}
    ET.SubElement(root, "text", words).text = str(number)

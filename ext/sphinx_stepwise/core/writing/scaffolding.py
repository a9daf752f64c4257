"""A new page or record as text, with its schema's words as comments.

Whoever fills it in needs no other document: above each key stands what the schema
says of it; what is optional stands there behind a ``#``, with a value that would do;
and the headings that the schema asks for stand in the body, in order.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

import yaml

from sphinx_stepwise.core.text.yaml_source import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx_stepwise.core.schema.schemas import Schema
    from sphinx_stepwise.core.text.yaml_source import Path
    from sphinx_stepwise.core.writing.samples import Sampler

_WIDTH: Final = 88
_HELP: Final = (
    "Lines that begin with # are notes to you: readers never see them. Change the "
    "values, and delete notes as you go."
)
_OPTIONAL: Final = (
    "You can also use the keys below: delete the # before a key and before the lines "
    "that belong to it."
)
_BODY_HELP: Final = (
    "Lines that begin with % are notes to you too. Write below each, then delete it."
)
_PAGE: Final = "Write the page here."
_TRACK: Final = ("% Say what it is for, and for whom.", "", "```{steps}", "```")
_OPENINGS: Final = {"stage": _TRACK, "guidebook": _TRACK}


def scalar(value: Any, /) -> str:
    """Return *value*, which is no list and no map, as YAML writes it in one line.

    Text stays plain where every reader takes it for what it is.
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if not isinstance(value, str):
        return repr(value)
    if value.isprintable():
        found, faults = read_yaml(f"key:\n  - {value}\nother: {value}\n", "")
        if not faults and found.data == {"key": [value], "other": value}:
            return value
    quoted = yaml.safe_dump(
        value, default_style='"', allow_unicode=True, width=float("inf")
    )
    return quoted.rstrip("\n")


def page_text(sampler: Sampler, /) -> str:
    """Return a new page: front matter and the headings of its kind."""
    schema = sampler.draft.schema
    front = [*_note(_HELP), *_lines(sampler, (), "")]
    body = _sections(schema) or _OPENINGS.get(schema.name, [f"% {_PAGE}"])
    return "\n".join(["---", *front, "---", "", f"% {_BODY_HELP}", "", *body, ""])


def record_lines(sampler: Sampler, /) -> list[str]:
    """Return the lines of a new record, the first key behind a dash."""
    return _dashed(list(_lines(sampler, (), "  ")), "  ")


def _dashed(lines: list[str], indent: str) -> list[str]:
    """Put a dash before the first key, and what explains it one level out.

    A note further in could be taken for the end of the text before it.
    """
    first = next(at for at, line in enumerate(lines) if line.lstrip()[:1] != "#")
    outer = indent[2:]
    notes = [outer + line.lstrip() for line in lines[:first]]
    dashed = f"{outer}- {lines[first].removeprefix(indent)}"
    return [*notes, dashed, *lines[first + 1 :]]


def _lines(sampler: Sampler, path: Path, indent: str) -> Iterator[str]:
    """Yield the lines of the map at *path*, first what it holds, then what it may."""
    schema = sampler.draft.schema
    keys = [key for key in path if isinstance(key, str)]
    known = list(schema.properties(*keys))
    gap = not indent  # the keys of a page stand apart; a record's do not
    held: Any = sampler.draft.get(path)
    for key in sorted(held, key=lambda k: known.index(k) if k in known else len(known)):
        if (*path, key, held[key]) != ("kind", schema.name):
            yield from _note(_about(schema, (*keys, key)), indent, gap=gap)
        yield from _value(sampler, held[key], (*path, key), indent)
    optional = [key for key in known if key not in held]
    if optional and not path:
        yield from _note(_OPTIONAL, indent, gap=gap)
    for key in optional:
        value = sampler.example((*path, key))
        yield from _note(_about(schema, (*keys, key)), indent, gap=gap)
        for line in _plain(key, "..." if value is None else value):
            yield f"{indent}#{line}"


def _value(sampler: Sampler, value: Any, path: Path, indent: str) -> Iterator[str]:
    inner = f"{indent}  "
    if isinstance(value, dict) and value:
        yield f"{indent}{path[-1]}:"
        yield from _lines(sampler, path, inner)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        yield f"{indent}{path[-1]}:"
        for index, item in enumerate(value):
            if isinstance(item, dict):
                deeper = list(_lines(sampler, (*path, index), f"{inner}  "))
                yield from _dashed(deeper, f"{inner}  ")
            else:
                yield from (f"{inner}{line}" for line in _block([item]))
    else:
        yield from (f"{indent}{line}" for line in _plain(str(path[-1]), value))


def _plain(key: str, value: Any) -> list[str]:
    """Return the lines of *key* with a value and no notes."""
    if isinstance(value, list | dict) and value:
        return [f"{key}:", *(f"  {line}" for line in _block(value))]
    return [f"{key}: {_inline(value)}"]


def _block(value: Any) -> list[str]:
    """Return the lines of a list or map that is not empty."""
    if isinstance(value, dict):
        return [line for key, inner in value.items() for line in _plain(key, inner)]
    lines = []
    for item in value:
        nested = isinstance(item, list | dict) and item
        first, *more = _block(item) if nested else [_inline(item)]
        lines += [f"- {first}", *(f"  {line}" for line in more)]
    return lines


def _inline(value: Any) -> str:
    if isinstance(value, list | dict):
        return "[]" if isinstance(value, list) else "{}"
    return scalar(value)


def _about(schema: Schema, keys: Sequence[str]) -> str:
    """Return what the schema says of a key, and the values that it may have."""
    about = schema.description_of(*keys)
    choices = schema.choices(keys[0]) if len(keys) == 1 else []
    told = [choice for choice in choices if f"`{choice}`" in about]
    if len(choices) > 1 and told != choices:
        about += f" Choose from: {', '.join(map(str, choices))}."
    return about.strip()


def _note(text: str, indent: str = "", *, gap: bool = False) -> Iterator[str]:
    """Yield *text* as comments; what no terminal prints is left out."""
    if gap:
        yield ""
    words = "".join(c if c.isprintable() else " " for c in text)
    for line in textwrap.wrap(
        words, _WIDTH - len(indent) - 2, break_long_words=False, break_on_hyphens=False
    ):
        yield f"{indent}# {line}"


def _sections(schema: Schema) -> list[str]:
    """Return the headings that the schema asks for, each with what belongs there."""
    lines: list[str] = []
    for rule in schema.sections:
        about = rule.description or f'Write what belongs below "{rule.heading}".'
        if rule.shows:
            about += f" The table of `{rule.shows}` is drawn here from the keys above."
        if rule.optional:
            about = f"You can also have a section `## {rule.heading}` here. {about}"
        else:
            lines += [f"## {rule.heading}", ""]
        wrapped = textwrap.wrap(" ".join(about.split()), _WIDTH - 2)
        lines += [*(f"% {line}" for line in wrapped), ""]
    return lines[:-1]

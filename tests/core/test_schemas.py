"""What the quick look lets through, the telling one finds nothing wrong with."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx_stepwise.core.content.loading import load_catalogue
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.schema.schema_files import SchemaFiles, is_date

if TYPE_CHECKING:
    from sphinx_stepwise.core.content.model import Page, Record

ROOT = Path(__file__).parents[2]
CATALOGUE, _ = load_catalogue(load_project(ROOT))
GOOD: dict[str, list[Any]] = {}
ITEMS: list[Page | Record] = [*CATALOGUE.pages, *CATALOGUE.records]
for item in ITEMS:
    GOOD.setdefault(item.kind, []).append(item.data)

ODD = st.one_of(
    st.sampled_from(
        [
            *("", " ", "a\n", "\n", "2026-02-30", "0000-01-01", "20261120"),
            *("2026-W47-5", "a" * 400, "é", "\ud800", "A-b", "-", "a--b", "http://"),
            *(None, True, 0, -1, 1.5, 10**19, [], {}, ["a", "a"], [1, True], {"a": 1}),
        ]
    ),
    st.text(max_size=5),
    st.dates().map(str),
)


def bend(data: Any, draw: st.DrawFn) -> Any:
    """Change one thing, somewhere in *data*."""
    data = copy.deepcopy(data)
    keys = list(data) if isinstance(data, dict) else list(range(len(data)))
    key = draw(st.sampled_from(keys))
    if isinstance(data[key], dict | list) and data[key] and draw(st.booleans()):
        data[key] = bend(data[key], draw)
        return data
    how = draw(st.sampled_from(["replace", "delete", "add"]))
    if how == "delete":
        del data[key]
    elif how == "replace" or isinstance(data, list):
        data[key] = draw(ODD)
    else:
        data[draw(st.sampled_from(["colour", "tiitle", "x"]))] = draw(ODD)
    return data


@pytest.mark.parametrize("kind", sorted(GOOD))
@settings(max_examples=150)
@given(draw=st.data())
def test_two_libraries_one_verdict(kind: str, draw: st.DataObject) -> None:
    good = draw.draw(st.sampled_from(GOOD[kind]))
    bent = draw.draw(st.composite(lambda choose: bend(dict(good), choose))())
    validator = CATALOGUE.schemas[kind].validator
    assert bool(validator.errors(bent)) == bool(validator.explain(bent))


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_good_data_needs_no_second_look(kind: str) -> None:
    validator = CATALOGUE.schemas[kind].validator
    assert all(validator.fits(data) for data in GOOD[kind])


def test_a_pattern_that_one_library_cannot_read_is_checked_all_the_same() -> None:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    files = SchemaFiles({"a.schema.json": schema | {"pattern": "(?P<a>b)(?P=a)\\Z"}})
    validator = files.validator("a.schema.json")
    assert not validator.errors("bb")
    assert validator.errors("bc")


@pytest.mark.parametrize("ref", ["#/a/b~1c/0", "#/%61/b~1c/0"])
def test_pointers_are_followed(ref: str) -> None:
    files = SchemaFiles({"one": {"a": {"b/c": ["here"]}}, "two": {}})
    assert files.lookup(f"one{ref}", "two") == ("here", "one")
    assert files.lookup(ref, "one") == ("here", "one")


@pytest.mark.parametrize("ref", ["#/x", "#/a/b~1c/1", "#/a/b~1c/x", "#name", "none"])
def test_pointers_to_nothing_are_refused(ref: str) -> None:
    files = SchemaFiles({"one": {"a": {"b/c": ["here"]}}})
    with pytest.raises(LookupError):
        files.lookup(ref, "one")


@given(st.text(max_size=12))
def test_dates_are_those_of_the_calendar(text: str) -> None:
    assert not is_date(text) or text.count("-") == 2


@given(st.dates())
def test_every_day_is_a_date(day: object) -> None:
    assert is_date(str(day))

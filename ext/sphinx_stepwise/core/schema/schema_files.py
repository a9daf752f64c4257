"""The schema files of a project: what ``$ref`` names, and what fits a schema.

Two libraries know JSON Schema here.  ``jsonschema-rs`` says at once that data fits,
as nearly all data does; where it does not say so, ``jsonschema`` tells what is wrong,
and has the last word.  A test holds the two to one verdict.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jsonschema.exceptions import ValidationError

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class SchemaFiles:
    """Schemas by the names of their files.

    :param contents: file name -> what the file holds, checked before.
    """

    def __init__(self, contents: Mapping[str, Any]) -> None:
        self.contents = contents
        self.validator = cache(self._validator)

    def lookup(self, ref: str, base: str, /) -> tuple[Any, str]:
        """Return what *ref* in the file *base* names, and the file in which it is.

        A reference is a file's name, a JSON pointer (RFC 6901) or both:
        ``common.schema.json#/$defs/date``.

        :raises LookupError: where it names nothing.
        """
        name, _, pointer = ref.partition("#")
        part = self.contents[name or base]
        if pointer and not pointer.startswith("/"):
            raise LookupError(ref)
        for key in pointer.split("/")[1:]:
            word = unquote(key).replace("~1", "/").replace("~0", "~")
            try:
                part = part[int(word) if isinstance(part, list) else word]
            except (TypeError, ValueError) as error:
                raise LookupError(ref) from error
        return part, name or base

    def _validator(self, name: str) -> Validator:
        return Validator(self, name)

    @cached_property
    def quick_registry(self) -> jsonschema_rs.Registry:
        """All files, for the library that is fast."""
        return jsonschema_rs.Registry(list(self.contents.items()))

    @cached_property
    def registry(self) -> Any:
        """All files, for the library that explains."""
        from referencing import Registry, Resource  # noqa: PLC0415 - seldom needed

        return Registry().with_resources(
            (name, Resource.from_contents(content))
            for name, content in self.contents.items()
        )


class Validator:
    """Tells what is wrong with data by the schema in one file."""

    def __init__(self, files: SchemaFiles, name: str) -> None:
        self._files = files
        self._name = name

    def errors(self, data: Any, /) -> list[ValidationError]:
        """Return what is wrong with *data*; nothing, where it fits."""
        return [] if self.fits(data) else self.explain(data)

    def fits(self, data: Any, /) -> bool:
        """Whether *data* is seen at once to fit; False where that is not sure."""
        try:
            return self._quick(data)
        except (ValueError, OverflowError):  # half a surrogate pair, an endless number
            return False

    def explain(self, data: Any, /) -> list[ValidationError]:
        """Return what is wrong with *data*, however long it takes."""
        return list(self._explainer.iter_errors(data))

    @cached_property
    def _quick(self) -> Callable[[Any], bool]:
        try:
            return jsonschema_rs.Draft202012Validator(
                self._files.contents[self._name],
                registry=self._files.quick_registry,
                validate_formats=True,
                formats={"date": is_date},
            ).is_valid
        except ValueError:  # a pattern that only Python can read
            return lambda _: False

    @cached_property
    def _explainer(self) -> Any:
        from jsonschema import (  # noqa: PLC0415 - slow, and needed for bad data only
            Draft202012Validator,
            FormatChecker,
        )

        checker = FormatChecker(())
        checker.checkers = dict(Draft202012Validator.FORMAT_CHECKER.checkers)
        checker.checks("date")(is_date)
        return Draft202012Validator(
            self._files.contents[self._name],
            registry=self._files.registry,
            format_checker=checker,
        )


def is_date(value: Any, /) -> bool:
    """Whether *value*, if it is text, is a day such as 2026-11-20 (RFC 3339)."""
    if not isinstance(value, str):
        return True
    try:
        return bool(_DATE.fullmatch(value) and dt.date.fromisoformat(value))
    except ValueError:
        return False

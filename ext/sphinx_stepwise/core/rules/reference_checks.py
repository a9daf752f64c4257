"""Rules about what front matter and data refer to."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.content.model import BODY, Page
from sphinx_stepwise.core.diagnostics import Diagnostic, did_you_mean
from sphinx_stepwise.core.project import KINDS
from sphinx_stepwise.core.rules.reference_mends import ReferenceMender

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx_stepwise.core.content.model import Record
    from sphinx_stepwise.core.content.navigation import Navigation
    from sphinx_stepwise.core.diagnostics import Location

_SCHEMES: Final = ("http", "https", "mailto")


def check_references(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """Every id in front matter and data names something of the right kind."""
    catalogue = navigation.catalogue
    mender = ReferenceMender(catalogue)
    for ref in catalogue.references:
        wanted = " or ".join(ref.kinds)
        itself = ref.source[1] == ref.target and ref.source[0] in ref.kinds
        if itself and ref.field != (BODY,):
            message = f"`{ref.target}` refers to itself"
            yield Diagnostic(Code.REFERENCE_SELF, ref.location, message, "Delete it.")
        elif catalogue.find(ref.kinds, ref.target) or ref.target in catalogue.broken:
            continue
        elif others := catalogue.kinds_of(ref.target):
            message = f"`{ref.target}` is a {others[0]}, and here stands a {wanted}"
            hint = did_you_mean(ref.target, catalogue.ids(ref.kinds))
            named = catalogue.find((others[0],), ref.target)
            yield Diagnostic(
                Code.REFERENCE_WRONG_KIND,
                ref.location,
                message,
                hint or f"Name a {wanted}, or move the id to the right list.",
                related=_place_of(named),
            )
        else:
            # A page that cannot be read may be the one that is meant.
            broken = catalogue.broken if set(ref.kinds) & set(KINDS) else ()
            hint = (
                did_you_mean(ref.target, {*catalogue.ids(ref.kinds), *broken})
                or f"Create it, or name a {wanted} that exists."
            )
            yield Diagnostic(
                Code.REFERENCE_UNKNOWN,
                ref.location,
                f"there is no {wanted} `{ref.target}`",
                hint,
                related=mender.moved_from(ref),
                edits=mender.edits(ref),
            )


def _place_of(item: Page | Record | None) -> tuple[Location, ...]:
    if item is None:
        return ()
    return (item.start if isinstance(item, Page) else item.location,)


def check_records(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """Records of collections that must be used are referred to."""
    catalogue = navigation.catalogue
    used = {
        (kind, ref.target)
        for ref in catalogue.references
        for kind in ref.kinds
        if ref.source != (kind, ref.target)
    }
    for record in catalogue.records:
        schema = catalogue.schemas[record.kind]
        excused = record.data.get(schema.excuse)
        if schema.must_be_used and record.key not in used and not excused:
            message = f"nothing refers to the {record.kind} `{record.id}`"
            hint = "Refer to it from a page, or delete it."
            if schema.excuse:
                hint = f"Refer to it from a page, or say why not in `{schema.excuse}`."
            yield Diagnostic(Code.RECORD_UNUSED, record.location, message, hint)


def check_links(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """Links in front matter are safe addresses, or files below source."""
    source = navigation.catalogue.project.source.resolve()
    mender = ReferenceMender(navigation.catalogue)
    for link, location in navigation.catalogue.links:
        yield from _check_link(link, location, source, mender)


def _check_link(
    link: str, location: Location, source: Path, mender: ReferenceMender
) -> Iterator[Diagnostic]:
    try:
        parts = urlsplit(link)
    except ValueError as error:
        message = f"`{link}` is no address: {error}"
        yield Diagnostic(Code.LINK_BROKEN, location, message, "Correct the address.")
        return
    if parts.scheme or link.startswith("//"):
        good = parts.scheme in _SCHEMES and (parts.netloc or parts.scheme == "mailto")
        if not good or any(c.isspace() or c in '<>"' for c in link):
            message = f"`{link}` is not an address that readers can follow safely"
            hint = "Write a whole http, https or mailto address, or a path."
            yield Diagnostic(Code.LINK_BROKEN, location, message, hint)
        return
    path = PurePosixPath(parts.path)
    if path.is_absolute() or ".." in path.parts or not parts.path:
        message = f"`{link}` leads out of the source folder"
        hint = "Write the path from the source folder, without `..`."
        yield Diagnostic(Code.LINK_BROKEN, location, message, hint)
        return
    target = (source / path).resolve()
    if not target.is_relative_to(source) or not target.is_file():
        folder = target.parent
        names = [f.name for f in folder.iterdir()] if folder.is_dir() else []
        message = f"there is no file `{link}` below the source folder"
        hint = did_you_mean(path.name, names) or "Add the file, or correct the path."
        edits = mender.link_edits(link, parts.path, location, folder)
        yield Diagnostic(Code.FILE_MISSING, location, message, hint, edits=edits)

"""The rules that concern more than one value.  Floor 6.

Each ``check_*`` is a generator over the catalogue and its navigation; a new rule
is a new function in :data:`CHECKS`, a new member of ``Code`` and a new smallest
example under ``tests/core/cases/``.
"""

from __future__ import annotations

import difflib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from sphinx_stepwise.core.catalogue import load_catalogue
from sphinx_stepwise.core.diagnostics import (
    Code,
    Diagnostic,
    Location,
    Report,
    did_you_mean,
)
from sphinx_stepwise.core.model import Page
from sphinx_stepwise.core.navigation import CHILD_LISTS, Navigation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sphinx_stepwise.core.frontmatter import Heading
    from sphinx_stepwise.core.model import Entry, Record
    from sphinx_stepwise.core.project import Project

    Check = Callable[[Navigation], Iterator[Diagnostic]]

_SCHEMES: Final = ("http", "https", "mailto")


def check_project(project: Project, /) -> tuple[Navigation, Report]:
    """Load and check a whole toolkit: what both doors call.

    :raises ProjectError: when settings or schemas are unusable.
    """
    catalogue, diagnostics = load_catalogue(project)
    navigation = Navigation(catalogue)
    for check in CHECKS:
        diagnostics += check(navigation)
    return navigation, Report.of(diagnostics, project.severities)


def _finding(
    code: Code, location: Location, message: str, hint: str = ""
) -> Diagnostic:
    return Diagnostic(code=code, location=location, message=message, hint=hint)


def check_toolkit(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """There is one toolkit page: the index page of the source folder."""
    catalogue = navigation.catalogue
    toolkits = catalogue.of_kind("toolkit")
    root_page = catalogue.at("index")
    project = catalogue.project
    if not toolkits:
        location = Location(project.relative(project.source / "index.md"))
        message = "the toolkit has no page of its own"
        hint = "Give source/index.md `kind: toolkit` and its list of `stages`."
        yield _finding(
            Code.TOOLKIT_MISSING,
            root_page.source.value_at("kind") if root_page else location,
            message,
            hint,
        )
    for page in toolkits[1:]:
        first = toolkits[0].path
        message = f"there is a toolkit already: {first}"
        yield _finding(
            Code.TOOLKIT_DUPLICATE,
            page.source.value_at("kind"),
            message,
            "Give this page another kind.",
        )


def check_ids(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """No two pages, and no two records of a collection, have one id."""
    catalogue = navigation.catalogue
    pages: dict[str, Page] = {}
    for page in catalogue.pages:
        first = pages.setdefault(page.id, page)
        if first is not page:
            message = f"the id `{page.id}` belongs to {first.path} already"
            hint = "Rename one of the two files."
            yield _finding(Code.ID_DUPLICATE, page.start, message, hint)
    records: dict[tuple[str, str], Record] = {}
    for record in catalogue.records:
        known = records.setdefault(record.key, record)
        if known is not record:
            message = f"the id `{record.id}` is taken at {known.location}"
            hint = f"Give this {record.kind} an id of its own."
            yield _finding(Code.ID_DUPLICATE, record.location, message, hint)


def check_titles(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """No two pages have one title, and no page repeats its own."""
    titles: dict[str, Page] = {}
    for page in navigation.catalogue.pages:
        if not page.text("title"):
            continue
        first = titles.setdefault(page.title.casefold(), page)
        if first is not page:
            yield _finding(
                Code.TITLE_DUPLICATE,
                page.source.value_at("title"),
                f"{first.path} has the title `{page.title}` too",
                "Say in each title what only that page is about.",
            )
        for heading in page.headings:
            if heading.level == 1:
                yield _finding(
                    Code.TITLE_REPEATED,
                    heading.location,
                    f"`# {heading.text}` is a second title",
                    "Delete the line, or make it `##`; the title is in front matter.",
                )


def check_sections(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """A page has the headings that its kind asks for, in that order."""
    for page in navigation.catalogue.pages:
        rules = navigation.catalogue.schemas[page.kind].sections
        found = {h.text: h for h in reversed(page.headings) if h.level == 2}  # noqa: PLR2004
        last: str = ""
        previous = Location(page.path, page.body_line)
        for rule in rules:
            heading = found.get(rule.heading)
            if heading is None:
                if not rule.optional:
                    yield _section_missing(rule.heading, last, found, previous)
                continue
            if heading.location < previous:
                message = f"`## {rule.heading}` stands before `## {last}`"
                hint = f"Move the section below `## {last}`."
                yield _finding(Code.SECTION_ORDER, heading.location, message, hint)
            else:
                previous, last = heading.location, rule.heading


def _section_missing(
    heading: str, last: str, found: dict[str, Heading], previous: Location
) -> Diagnostic:
    near = difflib.get_close_matches(heading, list(found), n=1, cutoff=0.75)
    if near:
        hint = f"Rename `## {near[0]}` to `## {heading}`."
    else:
        after = f"after `## {last}`" if last else "as the first section"
        hint = f"Add `## {heading}` {after}."
    message = f"the section `## {heading}` is missing"
    return _finding(Code.SECTION_MISSING, previous, message, hint)


def check_references(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """Every id in front matter and data names something of the right kind."""
    catalogue = navigation.catalogue
    for ref in catalogue.references:
        wanted = " or ".join(ref.kinds)
        if ref.source[1] == ref.target and ref.source[0] in ref.kinds:
            message = f"`{ref.target}` refers to itself"
            yield _finding(Code.REFERENCE_SELF, ref.location, message, "Delete it.")
        elif catalogue.find(ref.kinds, ref.target):
            continue
        elif others := catalogue.kinds_of(ref.target):
            message = f"`{ref.target}` is a {others[0]}, and here stands a {wanted}"
            hint = did_you_mean(ref.target, catalogue.ids(ref.kinds))
            yield _finding(
                Code.REFERENCE_WRONG_KIND,
                ref.location,
                message,
                hint or f"Name a {wanted}, or move the id to the right list.",
            )
        else:
            known = catalogue.ids(ref.kinds)
            hint = did_you_mean(ref.target, known) or f"Create it, or name a {wanted}."
            message = f"there is no {wanted} `{ref.target}`"
            yield _finding(Code.REFERENCE_UNKNOWN, ref.location, message, hint)


def check_lists(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """Every page stands in exactly one of the lists that make the tree."""
    catalogue = navigation.catalogue
    listed: dict[tuple[str, str], tuple[Page, Entry]] = {}
    for holder in catalogue.pages:
        for key, kind in CHILD_LISTS.get(holder.kind, ()):
            for entry in holder.entries(key):
                holder_and_entry = listed.setdefault((kind, entry.id), (holder, entry))
                first, place = holder_and_entry
                if place is entry or (kind == "step" and first is holder):
                    continue
                yield _listed_twice(kind, entry, place)
    for page in catalogue.pages:
        if page.kind == "toolkit" or page.draft:
            continue
        holder_page = listed.get(page.key, (None, None))[0]
        if holder_page is None:
            yield _unlisted(page, catalogue.toolkit)
        elif not navigation.has(page) and page.kind == "page":
            message = f"`{page.id}` is listed by {holder_page.path}, which leads nowhere"
            hint = "List one of the two in a page that is reached from the home page."
            yield _finding(Code.PAGE_UNREACHABLE, page.start, message, hint)


def _listed_twice(kind: str, entry: Entry, first: Entry) -> Diagnostic:
    code = Code.STEP_IN_TWO_STAGES if kind == "step" else Code.PAGE_IN_TWO_LISTS
    message = f"`{entry.id}` is listed at {first.location} already"
    return _finding(code, entry.location, message, "Keep one of the two.")


def _unlisted(page: Page, toolkit: Page | None) -> Diagnostic:
    home = toolkit.path if toolkit else "the toolkit's page"
    code, where = {
        "stage": (Code.STAGE_UNLISTED, f"`stages` in {home}"),
        "guidebook": (Code.GUIDEBOOK_UNLISTED, f"`guidebooks` in {home}"),
        "step": (Code.STEP_UNLISTED, "`steps` of its stage's page"),
        "page": (Code.PAGE_UNREACHABLE, f"`pages` in {home} or of another page"),
    }[page.kind]
    message = f"no list names the {page.kind} `{page.id}`"
    hint = f"Add `- {page.id}` to {where}, or set `status: draft`."
    return _finding(code, page.start, message, hint)


def check_tracks(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """A stage or guidebook has steps, each once, as many as it promises."""
    catalogue = navigation.catalogue
    for page in (*catalogue.of_kind("stage"), *catalogue.of_kind("guidebook")):
        entries = page.entries("steps")
        if not entries and not page.draft:
            code = Code.STAGE_EMPTY if page.kind == "stage" else Code.GUIDEBOOK_EMPTY
            yield _finding(
                code,
                page.source.at("steps") if "steps" in page.data else page.start,
                f"the {page.kind} `{page.id}` has no steps",
                "List the ids of its steps under `steps:`, or set `status: draft`.",
            )
        seen: set[str] = set()
        for entry in entries:
            if entry.id in seen:
                message = f"`{entry.id}` is in this list already"
                yield _finding(
                    Code.TRACK_DUPLICATE_STEP, entry.location, message, "Delete one."
                )
            seen.add(entry.id)
        published = [
            step
            for id_ in seen
            if (step := catalogue.find(("step",), id_)) and not step.draft
        ]
        yield from _counts(page, {"steps": len(published)})
    if navigation.home:
        counted = {
            "stages": len(navigation.stages),
            "guidebooks": len(navigation.guidebooks),
            "steps": len(navigation.canonical),
        }
        yield from _counts(navigation.home, counted)


def _counts(page: Page, counted: dict[str, int]) -> Iterator[Diagnostic]:
    expects = page.data.get("expects")
    for key, promised in expects.items() if isinstance(expects, dict) else ():
        real = counted.get(key)
        if real is not None and isinstance(promised, int) and real != promised:
            yield _finding(
                Code.TRACK_COUNT,
                page.source.value_at("expects", key),
                f"`{page.id}` promises {promised} {key} and has {real}",
                "Mend the list, or the number here and in the title.",
            )


def check_order(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """A guidebook follows the canonical order, or says why not."""
    number = {step.id: at for at, step in enumerate(navigation.canonical, start=1)}
    for book in navigation.guidebooks:
        if book.page.text("order_reason"):
            continue
        furthest = ""
        for entry in book.page.entries("steps"):
            if entry.id not in number:
                continue
            if furthest and number[entry.id] < number[furthest]:
                message = (
                    f"`{entry.id}` (step {number[entry.id]}) comes after "
                    f"`{furthest}` (step {number[furthest]})"
                )
                hint = "Follow the order of the stages, or say why in `order_reason`."
                yield _finding(Code.TRACK_ORDER, entry.location, message, hint)
            else:
                furthest = entry.id


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
        if catalogue.schemas[record.kind].must_be_used and record.key not in used:
            message = f"nothing refers to the {record.kind} `{record.id}`"
            hint = "Refer to it from a page, or delete it."
            yield _finding(Code.RECORD_UNUSED, record.location, message, hint)


def check_links(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """Links in front matter are safe addresses, or files below source."""
    source = navigation.catalogue.project.source
    for link, location in navigation.catalogue.links:
        yield from _check_link(link, location, source.resolve())


def _check_link(link: str, location: Location, source: Path) -> Iterator[Diagnostic]:
    try:
        parts = urlsplit(link)
    except ValueError as error:
        message = f"`{link}` is no address: {error}"
        yield _finding(Code.LINK_BROKEN, location, message, "Correct the address.")
        return
    if parts.scheme or link.startswith("//"):
        good = parts.scheme in _SCHEMES and (parts.netloc or parts.scheme == "mailto")
        if not good or any(c.isspace() or c in '<>"' for c in link):
            message = f"`{link}` is not an address that readers can follow safely"
            hint = "Write a whole http, https or mailto address, or a path."
            yield _finding(Code.LINK_BROKEN, location, message, hint)
        return
    path = PurePosixPath(parts.path)
    if path.is_absolute() or ".." in path.parts or not parts.path:
        message = f"`{link}` leads out of the source folder"
        hint = "Write the path from the source folder, without `..`."
        yield _finding(Code.LINK_BROKEN, location, message, hint)
        return
    target = (source / path).resolve()
    if not target.is_relative_to(source) or not target.is_file():
        folder = target.parent
        names = [f.name for f in folder.iterdir()] if folder.is_dir() else []
        message = f"there is no file `{link}` below the source folder"
        hint = did_you_mean(path.name, names) or "Add the file, or correct the path."
        yield _finding(Code.FILE_MISSING, location, message, hint)


CHECKS: Final[tuple[Check, ...]] = (
    check_toolkit,
    check_ids,
    check_titles,
    check_sections,
    check_references,
    check_lists,
    check_tracks,
    check_order,
    check_records,
    check_links,
)

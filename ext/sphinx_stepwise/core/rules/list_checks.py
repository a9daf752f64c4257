"""Rules about the lists that make a toolkit hang together.

Where a page's front matter cannot be read, what it lists is not known; findings
that would only follow from that are held back until it is mended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.content import redirects
from sphinx_stepwise.core.content.navigation import CHILD_LISTS
from sphinx_stepwise.core.diagnostics import Diagnostic, Location
from sphinx_stepwise.core.rules.listing import counted, listing_edits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_stepwise.core.content.model import Entry, Page
    from sphinx_stepwise.core.content.navigation import Navigation


def check_toolkit(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """There is one toolkit page: the index page of the source folder."""
    catalogue = navigation.catalogue
    toolkits = catalogue.of_kind("toolkit")
    root_page = catalogue.at("index")
    project = catalogue.project
    if not toolkits and "index" not in catalogue.broken:
        location = Location(project.relative(project.source / "index.md"))
        message = "the toolkit has no page of its own"
        hint = f"Give {location.path} `kind: toolkit` and its list of `stages`."
        yield Diagnostic(
            Code.TOOLKIT_MISSING,
            root_page.source.value_at("kind") if root_page else location,
            message,
            hint,
        )
    for page in toolkits[1:]:
        first = toolkits[0].path
        message = f"there is a toolkit already: {first}"
        yield Diagnostic(
            Code.TOOLKIT_DUPLICATE,
            page.source.value_at("kind"),
            message,
            "Give this page another kind.",
            related=(toolkits[0].source.value_at("kind"),),
        )


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
        if page.kind == "toolkit" or page.draft or catalogue.broken:
            continue  # a broken page may be the one that lists it
        if page.key not in listed:
            yield _unlisted(navigation, page)
        elif not navigation.has(page) and _runs_in_circle(page, listed):
            above, named = listed[page.key]
            message = f"`{page.id}` is reached only from {above.path} and itself"
            hint = "List one of the two in a page that is reached from the home page."
            yield Diagnostic(
                Code.PAGE_UNREACHABLE,
                page.start,
                message,
                hint,
                related=(named.location,),
            )


def _runs_in_circle(
    page: Page, listed: dict[tuple[str, str], tuple[Page, Entry]]
) -> bool:
    """Whether the pages above *page* lead back to it.

    Where they lead to an unlisted or draft page instead, that page's finding, or
    its being a draft, explains all below it.
    """
    seen: set[tuple[str, str]] = set()
    while page.key not in seen:
        seen.add(page.key)
        if page.draft or page.key not in listed:
            return False
        page = listed[page.key][0]
    return True


def _listed_twice(kind: str, entry: Entry, first: Entry) -> Diagnostic:
    code = Code.STEP_IN_TWO_STAGES if kind == "step" else Code.PAGE_IN_TWO_LISTS
    message = f"`{entry.id}` is listed at {first.location} already"
    return Diagnostic(
        code,
        entry.location,
        message,
        "Keep one of the two.",
        related=(first.location,),
    )


def _unlisted(navigation: Navigation, page: Page) -> Diagnostic:
    home = navigation.home.path if navigation.home else "the toolkit's page"
    code, where = {
        "stage": (Code.STAGE_UNLISTED, f"`stages` in {home}"),
        "guidebook": (Code.GUIDEBOOK_UNLISTED, f"`guidebooks` in {home}"),
        "step": (Code.STEP_UNLISTED, "`steps` of its stage's page"),
        "page": (Code.PAGE_UNREACHABLE, f"`pages` in {home} or of another page"),
    }[page.kind]
    message = f"no list names the {page.kind} `{page.id}`"
    hint = f"Add `- {page.id}` to {where}, or set `status: draft`."
    edits = listing_edits(navigation, page)
    return Diagnostic(code, page.start, message, hint, edits=edits)


def check_tracks(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """A stage or guidebook has steps, each once, as many as it promises."""
    catalogue = navigation.catalogue
    for page in (*catalogue.of_kind("stage"), *catalogue.of_kind("guidebook")):
        entries = page.entries("steps")
        if not entries and not page.draft:
            code = Code.STAGE_EMPTY if page.kind == "stage" else Code.GUIDEBOOK_EMPTY
            yield Diagnostic(
                code,
                page.source.at("steps") if "steps" in page.data else page.start,
                f"the {page.kind} `{page.id}` has no steps",
                "List the ids of its steps under `steps:`, or set `status: draft`.",
            )
        seen: dict[str, Entry] = {}
        for entry in entries:
            first = seen.setdefault(entry.id, entry)
            if first is not entry:
                yield Diagnostic(
                    Code.TRACK_DUPLICATE_STEP,
                    entry.location,
                    f"`{entry.id}` is in this list already",
                    "Delete one.",
                    related=(first.location,),
                )
        if not seen.keys() & catalogue.broken:
            yield from _counts(page, counted(navigation, page))
    if navigation.home and not catalogue.broken:
        yield from _counts(navigation.home, counted(navigation, navigation.home))


def _counts(page: Page, numbers: dict[str, int]) -> Iterator[Diagnostic]:
    expects = page.data.get("expects")
    for key, promised in expects.items() if isinstance(expects, dict) else ():
        real = numbers.get(key)
        if real is not None and isinstance(promised, int) and real != promised:
            yield Diagnostic(
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
        furthest: Entry | None = None
        for entry in book.page.entries("steps"):
            if entry.id not in number:
                continue
            if furthest and number[entry.id] < number[furthest.id]:
                yield _out_of_order(entry, furthest, number)
            else:
                furthest = entry


def _out_of_order(entry: Entry, before: Entry, number: dict[str, int]) -> Diagnostic:
    message = (
        f"`{entry.id}` (step {number[entry.id]}) comes after "
        f"`{before.id}` (step {number[before.id]})"
    )
    hint = "Follow the order of the stages, or say why in `order_reason`."
    return Diagnostic(
        Code.TRACK_ORDER, entry.location, message, hint, related=(before.location,)
    )


def check_redirects(navigation: Navigation, /) -> Iterator[Diagnostic]:
    """Old addresses lead somewhere, and no published address is lost."""
    yield from redirects.check_redirects(navigation.catalogue)
    yield from redirects.check_addresses(navigation.catalogue)

"""Addresses that pages had before, and every address ever published.

A page lists its old addresses in ``redirect_from``.  Where a page is gone for good,
the toolkit's ``redirects`` say where its readers should go.  ``addresses.txt`` in
the data folder keeps every published address, one on each line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sphinx_stepwise.core.codes import Code
from sphinx_stepwise.core.content.files import read_text
from sphinx_stepwise.core.diagnostics import Diagnostic, Location, did_you_mean
from sphinx_stepwise.core.text.spellings import near_name
from sphinx_stepwise.core.text.text_edits import value_edit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.diagnostics import Edit
    from sphinx_stepwise.core.project import Project

ADDRESSES: Final = "addresses.txt"
_HEADING: Final = (
    "# Every address ever published; kept by `stepwise addresses --write`."
)


@dataclass(frozen=True, slots=True)
class Redirect:
    """One old address and where it leads: docnames, or another old address."""

    old: str
    new: str
    location: Location
    #: Where the target is written; the old address's place for ``redirect_from``.
    target_location: Location


def redirects(catalogue: Catalogue, /) -> Iterator[Redirect]:
    """Yield every redirect, in order of place."""
    for page in catalogue.pages:
        for entry in page.entries("redirect_from"):
            yield Redirect(entry.id, page.docname, entry.location, entry.location)
        if page.kind == "toolkit":
            listed = page.data.get("redirects")
            for index, item in enumerate(listed if isinstance(listed, list) else ()):
                old, new = (
                    (item.get("from"), item.get("to"))
                    if isinstance(item, dict)
                    else (None, None)
                )
                if isinstance(old, str) and isinstance(new, str):
                    place, target = (
                        page.source.value_at("redirects", index, key)
                        for key in ("from", "to")
                    )
                    yield Redirect(old, new, place, target)


def resolve(catalogue: Catalogue, /) -> dict[str, str]:
    """Return old address -> docname of a page; chains are followed to their end.

    Redirects that lead nowhere, run in a circle or stand at a page are left out.
    """
    steps = {r.old: r.new for r in redirects(catalogue) if not catalogue.at(r.old)}
    found = {}
    for old, new in steps.items():
        seen, at = {old}, new
        while at in steps and at not in seen:
            seen.add(at)
            at = steps[at]
        if catalogue.at(at):
            found[old] = at
    return found


def moved_pages(catalogue: Catalogue, /) -> dict[str, Redirect]:
    """Return old address -> where the page that had it says so.

    Only what a page says of itself counts, and what no two pages claim: where the
    toolkit's ``redirects`` lead, another page has taken a lost one's place.
    """
    found: dict[str, list[Redirect]] = {}
    for redirect in redirects(catalogue):
        if catalogue.at(redirect.new) and not catalogue.at(redirect.old):
            found.setdefault(redirect.old, []).append(redirect)
    return {
        old: claims[0]
        for old, claims in found.items()
        if len(claims) == 1 and claims[0].location == claims[0].target_location
    }


def check_redirects(catalogue: Catalogue, /) -> Iterator[Diagnostic]:
    """Every redirect leads to a page, and none stands in a page's place."""
    every = list(redirects(catalogue))
    good = resolve(catalogue)
    steps = {redirect.old: redirect for redirect in every}
    seen: dict[str, Redirect] = {}
    for found in every:
        first = seen.setdefault(found.old, found)
        if first is not found:
            yield Diagnostic(
                Code.REDIRECT_TWICE,
                found.location,
                f"`{found.old}` is redirected at {first.location} already",
                "Keep one of the two.",
                related=(first.location,),
            )
        elif found.old == found.new:
            message = f"`{found.old}` is the page's own address"
            hint = "Delete it; list only addresses that the page had before."
            yield Diagnostic(Code.REDIRECT_LOOP, found.location, message, hint)
        elif page := catalogue.at(found.old):
            message = f"`{found.old}` is the address of {page.path}"
            hint = "Delete the redirect, or move that page first."
            code, related = Code.REDIRECT_OVER_PAGE, (page.start,)
            yield Diagnostic(code, found.location, message, hint, related=related)
        elif found.old not in good:
            yield _leads_nowhere(catalogue, found, steps)


def _leads_nowhere(
    catalogue: Catalogue, found: Redirect, steps: dict[str, Redirect]
) -> Diagnostic:
    chain, at = {found.old: found}, found.new
    while at in steps and at not in chain:
        chain[at] = steps[at]
        at = steps[at].new
    _, *others = chain.values()
    related = tuple(other.location for other in others)
    if at in chain:
        message = f"the redirect runs in a circle: {' > '.join([*chain, at])}"
        hint = "Let one of them lead to a page."
        code = Code.REDIRECT_LOOP
        return Diagnostic(code, found.location, message, hint, related=related)
    known = [page.docname for page in catalogue.pages]
    hint = did_you_mean(at, known) or "Name the address of a page."
    return Diagnostic(
        Code.REDIRECT_TARGET_MISSING,
        found.target_location,
        f"there is no page at `{at}`",
        hint,
        related=related,
        edits=_target_mend(catalogue, [found, *others][-1], known),
    )


def _target_mend(
    catalogue: Catalogue, last: Redirect, known: list[str]
) -> tuple[Edit, ...]:
    """Return what makes the last redirect of a chain lead to the page it must mean."""
    near = near_name(last.new, known)
    home, place = catalogue.toolkit, last.target_location
    if not near or home is None or home.path != place.path:
        return ()
    return value_edit(home.source, place, last.new, near)


def addresses_file(project: Project, /) -> Path:
    """Return the file that keeps every published address."""
    return project.data / ADDRESSES


def read_addresses(project: Project, /) -> tuple[dict[str, Location], list[Diagnostic]]:
    """Return every published address with its place; none where there is no file."""
    file = addresses_file(project)
    if not file.exists():
        return {}, []
    text, diagnostics = read_text(project, file)
    found: dict[str, Location] = {}
    for number, line in enumerate((text or "").split("\n"), start=1):
        address, place = line.strip(), Location(project.relative(file), number)
        if not address or address.startswith("# "):
            continue
        parts = address.split("/")
        if not all(p.replace("-", "").replace("_", "").isalnum() for p in parts):
            message = f"`{address[:60]}` is no address"
            hint = "Finish the merge, or run `stepwise addresses --write`."
            diagnostics.append(Diagnostic(Code.FILE_UNREADABLE, place, message, hint))
        else:
            found[address] = place
    return found, diagnostics


def check_addresses(catalogue: Catalogue, /) -> Iterator[Diagnostic]:
    """Every published address is a page's or leads to one."""
    published, diagnostics = read_addresses(catalogue.project)
    yield from diagnostics
    alive = current_addresses(catalogue)
    for address, place in published.items():
        if address in alive or address in catalogue.broken_docnames:
            continue
        message = f"the published address `{address}` leads nowhere now"
        hint = f"Add `{address}` to `redirect_from` of the page that took its place."
        yield Diagnostic(Code.ADDRESS_REMOVED, place, message, hint)


def current_addresses(catalogue: Catalogue, /) -> set[str]:
    """Return the addresses of all pages and of all redirects that lead to one."""
    return {page.docname for page in catalogue.pages} | resolve(catalogue).keys()


def addresses_text(catalogue: Catalogue, /) -> str:
    """Return what the file of addresses should hold: what it did, and today's."""
    published, _ = read_addresses(catalogue.project)
    today = {page.docname for page in catalogue.pages if not page.draft}
    return "\n".join([_HEADING, *sorted(published.keys() | today), ""])

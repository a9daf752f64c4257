"""What the catalogue holds: pages, tracks, records and references.

Frozen values, computed from files and never changed.  No kind of content but
toolkit, stage, step, guidebook and page is known here by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx_stepwise.core.diagnostics import Location
    from sphinx_stepwise.core.text.body import Heading
    from sphinx_stepwise.core.text.yaml_source import Path, YamlSource


#: The field of references that stand in a page's text.
BODY = "body"
#: The property with the id of what looks after a page.
OWNER = "owner"


class Reference(NamedTuple):
    """An id, in front matter, in a record or in a page's text, that names another."""

    #: Key of the page or record that holds it, see :attr:`Page.key`.
    source: tuple[str, str]
    #: Where in the source's data it stands.
    path: Path
    #: The kinds that may stand there.
    kinds: tuple[str, ...]
    #: The id as written.
    target: str
    location: Location

    @property
    def field(self) -> tuple[str, ...]:
        """The path without indexes: ("roles", "responsible")."""
        return tuple(part for part in self.path if isinstance(part, str))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a list that makes the toolkit hang together."""

    id: str
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    """A page of the toolkit."""

    id: str
    kind: str
    docname: str
    #: Posix path relative to the project's root.
    path: str
    title: str
    summary: str
    draft: bool
    data: Mapping[str, Any] = field(repr=False)
    source: YamlSource = field(repr=False)
    headings: tuple[Heading, ...] = ()
    body_line: int = 1

    @property
    def key(self) -> tuple[str, str]:
        """Kind and id: what references point at."""
        return (self.kind, self.id)

    def place(self, name: str, /) -> Location:
        """Return where the value of the property *name* stands."""
        return self.source.value_at(name)

    @property
    def start(self) -> Location:
        """The place for findings about the page as a whole."""
        return self.source.at("kind")

    def entries(self, key: str, /) -> tuple[Entry, ...]:
        """Return the ids of the list *key*; what is no id is left to the schema.

        An item is an id, or a map with the id under the list's name in the
        singular (``steps: [{step: define-the-need, note: ...}]``).
        """
        items = self.data.get(key)
        if not isinstance(items, list):
            return ()
        found = []
        for index, item in enumerate(items):
            word = key.removesuffix("s")
            is_map = isinstance(item, dict)
            path: Path = (key, index, word) if is_map else (key, index)
            value = item.get(word) if is_map else item
            if isinstance(value, str):
                place = self.source.value_at(*path)
                found.append(Entry(id=value, location=place))
        return tuple(found)

    def note(self, key: str, item_id: str, /) -> str:
        """Return the note beside an id in the list *key*, or an empty string."""
        items = self.data.get(key)
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and item.get(key.removesuffix("s")) == item_id:
                return str(item.get("note", ""))
        return ""

    def text(self, key: str, /) -> str:
        """Return the value of *key* where it is text, else an empty string."""
        value = self.data.get(key)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """One record of a collection."""

    id: str
    #: The word for one record: "team".
    kind: str
    collection: str
    label: str
    text: str
    location: Location
    data: Mapping[str, Any] = field(repr=False)
    source: YamlSource = field(repr=False)
    #: Its place in the list of its file.
    index: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Kind and id: what references point at."""
        return (self.kind, self.id)

    @property
    def title(self) -> str:
        """The record's label, as a page has a title."""
        return self.label

    @property
    def path(self) -> str:
        """Posix path of its file, relative to the project's root."""
        return self.source.path

    def place(self, name: str, /) -> Location:
        """Return where the value of the property *name* stands."""
        return self.source.value_at(self.index, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """An ordered list of published steps: a stage is one, a guidebook is one."""

    page: Page
    steps: tuple[Page, ...]

    def position(self, step: Page, /) -> int:
        """Return the place of *step*, from 0.

        :raises ValueError: when the step is not in the track.
        """
        return self.steps.index(step)

    def neighbours(self, step: Page, /) -> tuple[Page | None, Page | None]:
        """Return the steps before and after *step* in this track."""
        at = self.position(step)
        before = self.steps[at - 1] if at else None
        after = self.steps[at + 1] if at + 1 < len(self.steps) else None
        return before, after


def page_id(docname: str, /) -> str:
    """Return a page's id: its file's stem, or its folder's name for an index."""
    *folders, stem = docname.split("/")
    return folders[-1] if stem == "index" and folders else stem

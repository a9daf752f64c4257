"""What is to be made, and what making it means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sphinx_stepwise.core.project import ProjectError
from sphinx_stepwise.core.text.naming import id_of, is_id, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sphinx_stepwise.core.diagnostics import Diagnostic
    from sphinx_stepwise.core.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be made."""

    kind: str
    #: A page's title or a record's label; an id stands for its words.
    title: str
    id: str
    #: Values for properties, which come before those that are made up.
    values: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: str, words: str, id_: str, values: Mapping[str, Any], /) -> Wish:
        """Return the wish for something called *words*, which may be its id.

        :raises ProjectError: when no id can be made of them.
        """
        words = " ".join(words.split())
        if not words.isprintable():
            message = f"{words!r} holds a character that cannot be printed"
            raise ProjectError([message])
        title = words_of(words) if is_id(words) else words
        found = id_ or id_of(words)
        if not is_id(found) or found == "index":
            near = id_of(found)
            hint = f" `{near}` would do." if near not in {"", found} else ""
            what = f"`{found}` cannot be an id" if found else f"`{words}` gives no id"
            message = "letters a-z, digits and single hyphens can stand in it"
            raise ProjectError([f"{what}: {message}.{hint} Give one with `--id`."])
        return cls(kind=kind, title=title, id=found, values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """Something new, as the texts that make it."""

    wish: Wish
    #: The file of the new page, or the file that the record is in.
    path: str
    #: Where in it the record begins.
    line: int = 1
    #: New and changed texts, by path relative to the root.
    texts: Mapping[str, str]
    #: What names the new page, in words; nothing names a record.
    listed: str = ""
    draft: bool = False
    #: The property that says why nothing refers to the record yet.
    excuse: str = ""
    #: The findings that there will be, because only a person can mend them.
    left: tuple[Diagnostic, ...] = ()
    #: The findings that there will be when the draft is published as it is.
    later: tuple[Diagnostic, ...] = ()

    def apply(self, project: Project, /) -> None:
        """Write the files.

        :raises ProjectError: where one cannot be written; then none is.
        """
        done: dict[Path, bytes | None] = {}
        try:
            for path, text in self.texts.items():
                file = project.root / path
                done[file] = file.read_bytes() if file.exists() else None
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(text.encode())
        except OSError as error:
            for file, old in done.items():
                if old is None:
                    file.unlink(missing_ok=True)
                elif file.read_bytes() != old:
                    file.write_bytes(old)
            message = f"{project.relative(file)}: cannot be written: {error.strerror}"
            raise ProjectError([message]) from error

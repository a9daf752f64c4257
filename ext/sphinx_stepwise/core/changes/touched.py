"""What a change touches."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_stepwise.core.changes.git import changed_files, export
from sphinx_stepwise.core.content.model import Page
from sphinx_stepwise.core.text.yaml_source import read_yaml

if TYPE_CHECKING:
    from sphinx_stepwise.core.content.catalogue import Catalogue
    from sphinx_stepwise.core.content.model import Record


class Changes:
    """The difference between a git revision and the files as they are.

    :raises ProjectError: when git cannot tell.
    """

    def __init__(self, catalogue: Catalogue, ref: str) -> None:
        self._catalogue = catalogue
        root = catalogue.project.root
        self._files = {
            catalogue.project.relative(file) for file in changed_files(root, ref)
        }
        data = {record.path for record in catalogue.records} & self._files
        with tempfile.TemporaryDirectory() as folder:
            if data:
                export(root, ref, Path(folder))
            self._old = {path: _records(Path(folder, path), path) for path in data}

    def touch(self, item: Page | Record, /) -> bool:
        """Whether the change touches *item*.

        A page is touched when its file or a record that it uses is changed; a record
        when it is changed itself, or a changed page uses it.
        """
        if self._changed(item):
            return True
        if isinstance(item, Page):
            used = (
                self._catalogue.find(ref.kinds, ref.target)
                for ref in self._catalogue.references_of(item)
            )
            return any(other and self._changed_record(other) for other in used)
        users = (
            self._catalogue.find((ref.source[0],), ref.source[1])
            for ref in self._catalogue.references_to(item)
        )
        return any(isinstance(page, Page) and self._changed(page) for page in users)

    def _changed(self, item: Page | Record) -> bool:
        if isinstance(item, Page):
            return item.path in self._files
        return self._changed_record(item)

    def _changed_record(self, item: Page | Record) -> bool:
        if isinstance(item, Page) or item.path not in self._files:
            return False
        return self._old[item.path].get(item.id) != dict(item.data)


def _records(file: Path, path: str) -> dict[str, object]:
    """Return the records that the file held at the revision, by id."""
    text = file.read_text("utf-8-sig", "replace") if file.is_file() else ""
    source, _ = read_yaml(text, path)
    records = source.data if isinstance(source.data, list) else []
    return {
        record["id"]: record
        for record in records
        if isinstance(record, dict) and isinstance(record.get("id"), str)
    }

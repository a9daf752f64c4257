"""Random edits of a toolkit's source, as maintainers make them."""

from __future__ import annotations

import contextlib
import io
import re
from typing import TYPE_CHECKING

from sphinx_stepwise.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random


class Editor:
    """Edits a copy of a toolkit; each edit returns what it did."""

    def __init__(self, source: Path, random: Random) -> None:
        self.source = source
        self.random = random
        self._count = 0
        self.kinds: list[Callable[[], str]] = [
            self.retitle,
            self.summarise,
            self.rename,
            self.reorder,
            self.move,
            self.delete,
            self.add,
            self.edit_body,
            self.reorder_guidebook,
            self.rename_team,
            self.link,
            self.change_record,
            self.delete_record,
            self.use_record,
            self.change_owner,
            self.redirect,
            self.tell_change,
            self.move_with_command,
            self.break_and_mend,
        ]
        self._mend: tuple[Path, str] | None = None

    def edit(self) -> str:
        """Make one random edit."""
        self._count += 1
        return self.random.choice(self.kinds)()

    # What there is

    def stages(self) -> list[Path]:
        """Return the stages' pages."""
        return [
            p for p in self.source.glob("*/index.md") if "kind: stage" in p.read_text()
        ]

    def steps(self) -> list[Path]:
        """Return the steps' pages."""
        pages = self.source.glob("*/*.md")
        return sorted(p for p in pages if "kind: step\n" in p.read_text())

    def some_step(self) -> Path:
        """Return a step's page."""
        return self.random.choice(self.steps())

    # Edits

    def retitle(self) -> str:
        """Give any page another title."""
        page = self.random.choice(sorted(self.source.rglob("*.md")))
        self._sub(page, r"(?m)^title: .*$", f"title: Title number {self._count}")
        return f"retitle {page.name}"

    def summarise(self) -> str:
        """Give any page another summary."""
        page = self.random.choice(sorted(self.source.rglob("*.md")))
        words = f"summary: This is the summary with number {self._count}."
        self._sub(page, r"(?m)^summary: .*$", words)
        return f"summarise {page.name}"

    def rename(self) -> str:
        """Rename a step and everything that names it."""
        page = self.some_step()
        new = f"step-{self._count}"
        page.rename(page.with_name(f"{new}.md"))
        for other in self.source.rglob("*.md"):
            self._sub(
                other, rf"(?m)(^ *- |`){re.escape(page.stem)}(`|>|$)", rf"\g<1>{new}\2"
            )
            self._sub(other, rf"<{re.escape(page.stem)}>", f"<{new}>")
            self._sub(other, rf"\b{re.escape(page.stem)}\.md", f"{new}.md")
        return f"rename {page.stem}"

    def reorder(self) -> str:
        """Shuffle a stage's steps, and leave guidebooks to explain themselves."""
        return self._shuffle(self.random.choice(self.stages()))

    def reorder_guidebook(self) -> str:
        """Shuffle a guidebook's steps."""
        pages = self.source.glob("guidebooks/*.md")
        books = [p for p in pages if "kind: guidebook" in p.read_text()]
        return self._shuffle(self.random.choice(sorted(books)))

    def move(self) -> str:
        """Move a step to another stage's list; its file stays."""
        step = self.some_step().stem
        self._unlist(step, stages_only=True)
        stage = self.random.choice(self.stages())
        self._sub(stage, r"(?m)^steps:$", f"steps:\n  - {step}")
        return f"move {step} to {stage.parent.name}"

    def delete(self) -> str:
        """Delete a step and, half of the time, what names it."""
        if len(self.steps()) < 12:
            return self.add()
        page = self.some_step()
        page.unlink()
        if self.random.random() < 0.5:
            self._unlist(page.stem)
        return f"delete {page.stem}"

    def add(self) -> str:
        """Add a step to a stage and, half of the time, to a guidebook."""
        stage = self.random.choice(self.stages())
        name = f"new-{self._count}"
        like = self.some_step().read_text()
        text = re.sub(r"(?m)^title: .*$", f"title: New step {self._count}", like)
        stage.with_name(f"{name}.md").write_text(text)
        self._sub(stage, r"(?m)^steps:$", f"steps:\n  - {name}")
        if self.random.random() < 0.5:
            book = self.source / "guidebooks" / "collaboration.md"
            self._sub(book, r"(?m)^steps:$", f"steps:\n  - {name}")
        return f"add {name}"

    def edit_body(self) -> str:
        """Add words and a heading to a page's body."""
        page = self.random.choice(sorted(self.source.rglob("*.md")))
        text = page.read_text() + f"\n### Note {self._count}\n\nSomething new.\n"
        page.write_text(text)
        return f"edit {page.name}"

    def rename_team(self) -> str:
        """Give a team another name."""
        teams = self.source / "data" / "teams.yml"
        names = re.findall(r"(?m)^  name: .*$", teams.read_text())
        old = self.random.choice(names)
        text = teams.read_text().replace(old, f"  name: Team number {self._count}", 1)
        teams.write_text(text)
        return "rename a team"

    def link(self) -> str:
        """Link one page to another, by path and by id."""
        page, other = self.some_step(), self.some_step()
        path = f"../{other.parent.name}/{other.name}"
        page.write_text(
            f"{page.read_text()}\nSee [](<{path}>), {{step}}`{other.stem}`, "
            f"[its reasons]({path}#why-does-it-matter).\n"
        )
        return f"link {page.stem} to {other.stem}"

    def change_record(self) -> str:
        """Change a line of any record: words, a source's title, a date."""
        file = self.random.choice(sorted((self.source / "data").rglob("*.yml")))
        lines = file.read_text().split("\n")
        words = re.compile(r"^ *(text|statement|key_message|title|lesson|name): \w")
        found = [at for at, line in enumerate(lines) if words.match(line)]
        if found:
            at = self.random.choice(found)
            key = lines[at].partition(":")[0]
            lines[at] = f"{key}: Changed in edit {self._count}."
            file.write_text("\n".join(lines))
        return f"change a record in {file.name}"

    def delete_record(self) -> str:
        """Delete a record, whatever refers to it."""
        file = self.random.choice(sorted((self.source / "data").rglob("*.yml")))
        records = re.split(r"(?m)^(?=- id: )", file.read_text())
        if len(records) > 3:
            del records[self.random.randrange(1, len(records))]
            file.write_text("".join(records))
        return f"delete a record in {file.name}"

    def use_record(self) -> str:
        """Use a fact's text, statement and date in a page."""
        page = self.some_step()
        file = self.random.choice(sorted((self.source / "data/facts").glob("*.yml")))
        name = self.random.choice(re.findall(r"(?m)^- id: (.+)$", file.read_text()))
        page.write_text(
            f"{page.read_text()}\n{{fact}}`{name}`, {{fact-statement}}`{name}` "
            f"{{fact-checked}}`{name}`, {{term}}`Act`.\n"
        )
        return f"use {name} in {page.stem}"

    def change_owner(self) -> str:
        """Give a page another owner, and an old review."""
        page = self.some_step()
        self._sub(
            page, r"(?m)^owner: .*$", f"owner: {self.random.choice(['it', 'legal'])}"
        )
        self._sub(page, r"(?m)^last_reviewed: .*$", "last_reviewed: 2026-01-31")
        return f"change the owner of {page.stem}"

    def redirect(self) -> str:
        """Give a page an old address, or take its old addresses away."""
        page = self.some_step()
        if "redirect_from:" in page.read_text():
            self._sub(page, r"(?m)^redirect_from:\n(  - .*\n)+", "")
        else:
            new = f"redirect_from:\n  - old/address-{self._count}\n---\n\n"
            self._sub(page, r"(?m)(?<=\n)---\n\n(?=## What)", new)
        return f"redirect to {page.stem}"

    def tell_change(self) -> str:
        """Let a step tell a change, or publish the news on another day."""
        news = self.source / "news" / "new-edition.md"
        if self.random.random() < 0.5:
            self._sub(news, r"(?m)^published: .*$", "published: 2026-01-31")
            return "publish the news on another day"
        page = self.some_step()
        change = f"{{date: 2026-02-28, what: We changed it in edit {self._count}.}}"
        new = f"changes: [{change}]\n"
        self._sub(page, r"(?m)^changes: .*\n", "")
        self._sub(page, r"(?m)^(?=last_reviewed: )", new)
        return f"tell a change of {page.stem}"

    def move_with_command(self) -> str:
        """Move a step with ``stepwise move``, which may refuse."""
        page = self.some_step()
        arguments = ["move", page.stem, f"moved-{self._count}"]
        told = io.StringIO()
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            code = main([*arguments, "--project", str(self.source.parent)])
        return f"stepwise move {page.stem} ({code})"

    def break_and_mend(self) -> str:
        """Break a page, or mend what was broken last."""
        if self._mend:
            page, text = self._mend
            self._mend = None
            if page.exists():
                page.write_text(text)
            return f"mend {page.name}"
        page = self.some_step()
        text = page.read_text()
        self._mend = (page, text)
        breakage = self.random.choice(
            [
                text.replace("kind: step", "kind: stop"),
                text.replace("\n---\n", "\n", 1),
                text + "\n[nowhere](nowhere.md) {step}`nothing` {norole}`x`\n",
                text.replace("title:", "titel:", 1),
                "",
            ]
        )
        page.write_text(breakage)
        return f"break {page.name}"

    # Tools

    def _sub(self, page: Path, pattern: str, new: str) -> None:
        text = page.read_text()
        changed = re.sub(pattern, new, text, count=0)
        if changed != text:
            page.write_text(changed)

    def _shuffle(self, page: Path) -> str:
        text = page.read_text()
        found = re.search(r"(?m)^steps:\n((?:  - .*\n)+)", text)
        if found:
            lines = found[1].splitlines(keepends=True)
            self.random.shuffle(lines)
            page.write_text(text.replace(found[1], "".join(lines)))
        return f"shuffle {page.parent.name}/{page.name}"

    def _unlist(self, step: str, *, stages_only: bool = False) -> None:
        pages = self.stages() if stages_only else list(self.source.rglob("*.md"))
        for page in pages:
            self._sub(page, rf"(?m)^ *- {re.escape(step)}\n", "")

"""Random edits of a toolkit's source, as maintainers make them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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

"""Where reports go: a terminal, a pipe or a file."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_stepwise.core.project import ProjectError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO


def wants_colour(
    choice: str, stream: TextIO, environment: Mapping[str, str], /
) -> bool:
    """Whether to paint what goes to *stream*.

    *choice* is ``always``, ``never`` or ``auto``: as NO_COLOR and FORCE_COLOR say, in
    that order, and else where a terminal reads along that knows colours.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    # The console of older Windows shows the codes themselves.
    old = environment.get("OS") == "Windows_NT" and "WT_SESSION" not in environment
    return stream.isatty() and environment.get("TERM") != "dumb" and not old


def say(*lines: str, end: str = "\n") -> None:
    """Print *lines* for a person; what the terminal cannot show is spelt."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    print(*lines, sep="\n", end=end)


def hand_over(text: str, /) -> None:
    """Print *text* for a program: UTF-8 and plain line ends, on any system."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    print(text, end="")


def write_whole(path: str, text: str, /) -> None:
    """Write a file whole or not at all, with the folders above it.

    :raises ProjectError: where it cannot be written.
    """
    target = Path(path)
    raw = text.encode()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_file():
            target.write_bytes(raw)  # a pipe or device; of a folder this says so
            return
        # A link stays one: what it leads to is written.
        target = target.resolve()
        draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            draft.write_bytes(raw)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ProjectError([f"{path}: cannot be written: {reason}"]) from error

"""What the sub-commands share: exit codes, the project, and today."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_stepwise.core.project import find_root, load_project

if TYPE_CHECKING:
    from sphinx_stepwise.core.project import Project

CLEAN, FINDINGS, CANNOT_RUN = 0, 1, 2


def add_project(parser: argparse.ArgumentParser) -> None:
    """Declare ``--project``."""
    parser.add_argument(
        "--project",
        type=Path,
        metavar="FOLDER",
        help="the toolkit's root; by default this folder or the nearest above it",
    )


def project_of(arguments: argparse.Namespace) -> Project:
    """Return the project that the command is about.

    :raises ProjectError: where there is none, or its settings are unusable.
    """
    return load_project(arguments.project or find_root(Path.cwd()))


def add_as_of(parser: argparse.ArgumentParser) -> None:
    """Declare ``--as-of``."""
    parser.add_argument(
        "--as-of",
        type=_date,
        metavar="DATE",
        help="take this day, such as 2026-11-20, for today",
    )


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a date such as 2026-11-20"
        raise argparse.ArgumentTypeError(message) from None

"""What git knows of a toolkit's folder: an earlier state, and what changed since.

Runs the ``git`` executable with lists of arguments, never through a shell,
in the project's own folder.  A revision is resolved to a hash before anything else is
done with it, so no spelling of it is ever taken for an option.  Nothing here writes
to the repository, not even its index.

``export`` gives what ``git archive`` gives: files that ``.gitattributes`` marks
``export-ignore`` are not in it, nor is anything outside the project's folder.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from typing import IO, TYPE_CHECKING, Final

from sphinx_stepwise.core.project import ProjectError

if TYPE_CHECKING:
    from pathlib import Path

_HASH: Final = re.compile(r"[0-9a-f]{40,64}")
#: Set where git runs us in a hook; the project's folder alone says which repository.
_LOCAL: Final = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE")


def export(root: Path, ref: str, target: Path, /) -> None:
    """Write the project's folder as it was at *ref* into the folder *target*.

    :raises ProjectError: without git, or where *ref* is unknown or lacks the folder.
    """
    commit = _commit(root, ref)
    if not _git(root, "ls-tree", "--name-only", commit, "."):
        raise ProjectError([f"`{ref}` has no folder {root}"])
    with tempfile.TemporaryFile() as file:
        # Below the repository's top, git archive takes the current folder alone.
        _git(root, "archive", "--format=tar", commit, to=file)
        file.seek(0)
        try:
            with tarfile.open(fileobj=file) as archive:
                archive.extractall(target, filter=_inside)  # noqa: S202 - filtered
        except (OSError, tarfile.TarError) as error:
            raise ProjectError([f"`{ref}` cannot be unpacked: {error}"]) from error


def changed_files(root: Path, ref: str, /) -> set[Path]:
    """Return the files below *root* that differ between *ref* and the working tree.

    Absolute paths; with files that were deleted, and with new ones that git does not
    track yet but does not ignore either.

    :raises ProjectError: without git, or where *ref* is unknown.
    """
    commit = _commit(root, ref)
    listed = ("-z", "--name-only", "--no-renames", "--no-ext-diff", "--relative")
    changed = _git(root, "diff", *listed, commit, "--", ".")
    new = _git(root, "ls-files", "-z", "--others", "--exclude-standard")
    names = [name for name in (changed + new).split("\0") if name]
    return {root.resolve() / name for name in names}


def _commit(root: Path, ref: str) -> str:
    """Return the hash of the commit that *ref* names."""
    if not ref.startswith("-"):
        wanted = f"{ref}^{{commit}}"
        found = _git(root, "rev-parse", "--verify", "--quiet", wanted, fails="").strip()
        if _HASH.fullmatch(found):
            return found
    message = f"git knows no revision `{ref}`; a shallow clone may have to fetch it"
    raise ProjectError([message])


def _git(
    root: Path, *arguments: str, to: IO[bytes] | None = None, fails: str | None = None
) -> str:
    """Run git in *root* and return what it says, or send it *to* a file.

    :param fails: what to return where git fails and gives no reason; by default
        that is an error as well.
    :raises ProjectError: with git's own reason, in one line.
    """
    program = shutil.which("git")
    if program is None:
        raise ProjectError(["this needs git, and there is no `git` on the path"])
    environment = {k: v for k, v in os.environ.items() if k not in _LOCAL}
    run = subprocess.run(  # noqa: S603 - no shell; the revision is no option
        [program, "--no-optional-locks", *arguments],
        cwd=root,
        env=environment | {"LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=to or subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    if run.returncode:
        reasons = run.stderr.decode("utf-8", "replace").strip().splitlines()
        if fails is not None and not reasons:
            return fails
        reason = reasons[0].removeprefix("fatal: ") if reasons else "git failed"
        raise ProjectError([f"{root}: {reason}"])
    # File names are bytes; this is how Python spells those that are not UTF-8.
    return "" if to else run.stdout.decode("utf-8", "surrogateescape")


def _inside(member: tarfile.TarInfo, target: str, /) -> tarfile.TarInfo | None:
    """Let through what stays in *target*: the filter "data", but it stops nothing.

    A link that leads out of the project is left out; the rest is still worth reading.
    """
    try:
        return tarfile.data_filter(member, target)
    except tarfile.FilterError:
        return None

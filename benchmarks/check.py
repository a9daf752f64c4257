"""Compare ``stepwise check`` with remark-cli on the same steps, and say how it starts.

A toolkit of STEPS steps is made from the real one.  remark-cli looks at the same
files with remark-frontmatter and remark-lint-frontmatter-schema and the same schema of
a step, put in the older words that it knows.  It sees each page alone; ``stepwise
check`` also reads the data, follows every reference and checks the lists.

Everything is timed in one run, in turn, on one machine; only the ratios mean
something elsewhere.  Needs node and npm.  Run it with ``make bench``.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
STEPS = 1000
ROUNDS = 5
EXPECTS = re.compile(r"(?m)^expects:.*\n(  .*\n)*")
PACKAGES = ("remark-cli@12", "remark-frontmatter@5", "remark-lint-frontmatter-schema@3")


def grow(toolkit: Path) -> None:
    """Copy the real toolkit and its steps, over and over, until there are enough."""
    for name in ("source", "schemas"):
        shutil.copytree(ROOT / name, toolkit / name)
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    (toolkit / "pyproject.toml").write_text(settings, "utf-8")
    pages = [toolkit / "source/index.md"]
    pages += sorted((toolkit / "source").glob("*/index.md"))
    for page in pages:  # the numbers that they promise are wrong now
        page.write_text(EXPECTS.sub("", _read(page)), "utf-8")
    stages = [page for page in pages if "\nkind: stage\n" in f"\n{_read(page)}"]
    steps = [file for page in stages for file in sorted(page.parent.glob("*.md"))]
    steps = [file for file in steps if file.stem != "index"]
    for number in range(STEPS - len(steps)):
        file = steps[number % len(steps)]
        copy = file.with_stem(f"{file.stem}-{number}")
        text = re.sub(r'(?m)^(title: "?)', rf"\g<1>{number} ", _read(file), count=1)
        copy.write_text(text, "utf-8")
        page = file.with_name("index.md")
        text = _read(page).replace("\nsteps:\n", f"\nsteps:\n  - {copy.stem}\n", 1)
        page.write_text(text, "utf-8")


def _read(file: Path) -> str:
    return file.read_text("utf-8")


def prepare_remark(toolkit: Path) -> None:
    """Install remark-cli beside the toolkit, with the schema of a step."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed, to install remark-cli: nodejs.org")
    (toolkit / "package.json").write_text('{"private": true}')
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", *PACKAGES]
    subprocess.run(install, cwd=toolkit, check=True, capture_output=True)
    for name in ("step", "common"):  # it knows draft 7, where nothing is "unevaluated"
        file = toolkit / f"schemas/{name}.schema.json"
        old = json.loads(_read(file))
        old.pop("$schema")
        old.pop("unevaluatedProperties", None)
        (toolkit / f"schemas/{file.name}.draft7").write_text(
            json.dumps(old).replace(".schema.json#", ".schema.json.draft7#")
        )
    lint = {"schemas": {"schemas/step.schema.json.draft7": ["source/*/*.md"]}}
    plugins = ["remark-frontmatter", ["remark-lint-frontmatter-schema", lint]]
    (toolkit / ".remarkrc.json").write_text(json.dumps({"plugins": plugins}))


def timed(*command: str, folder: Path) -> tuple[float, str]:
    """Run *command* in *folder*; return its seconds and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(
        command, check=False, cwd=folder, capture_output=True, text=True
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return seconds, done.stdout + done.stderr


def main() -> None:
    """Print medians in seconds and as ratios."""
    check = (sys.executable, "-m", "sphinx_stepwise", "check")
    seconds: dict[str, list[float]] = {"real": [], "grown": [], "remark": []}
    with tempfile.TemporaryDirectory() as folder:
        toolkit = Path(folder)
        grow(toolkit)
        prepare_remark(toolkit)
        step = toolkit / "source/strategy/define-the-need.md"
        files = sorted(
            str(file.relative_to(toolkit))
            for file in (toolkit / "source").glob("*/*.md")
            if "\nkind: step\n" in _read(file)
        )
        if len(files) != STEPS:
            sys.exit(f"{len(files)} steps were made, not {STEPS}")
        remark = ("node_modules/.bin/remark", "--frail", "--no-stdout", "--quiet")
        _prove_it_looks(step, remark, toolkit)
        for _ in range(ROUNDS):
            seconds["real"].append(timed(*check, folder=ROOT)[0])
            seconds["grown"].append(timed(*check, folder=toolkit)[0])
            seconds["remark"].append(timed(*remark, *files, folder=toolkit)[0])
    median = {name: statistics.median(times) for name, times in seconds.items()}
    print(f"stepwise check, the real toolkit     {median['real']:7.2f} s")
    print(f"stepwise check, {STEPS:,} steps         {median['grown']:7.2f} s")
    print(f"remark-cli, the same {STEPS:,} steps    {median['remark']:7.2f} s")
    ratio = median["remark"] / median["grown"]
    print(f"remark-cli / stepwise check          {ratio:7.1f}")


def _prove_it_looks(step: Path, remark: tuple[str, ...], folder: Path) -> None:
    """Stop where remark does not find a fault: it would be timed doing nothing."""
    good = _read(step)
    step.write_text(good.replace("\nsummary:", "\nsumary:", 1), "utf-8")
    command = [*remark, str(step.relative_to(folder))]
    done = subprocess.run(
        command, check=False, cwd=folder, capture_output=True, text=True
    )
    step.write_text(good, "utf-8")
    if done.returncode == 0 or "summary" not in done.stdout + done.stderr:
        sys.exit(f"remark-cli finds no missing key:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()

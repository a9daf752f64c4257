"""``python -m sphinx_stepwise.live SOURCE OUTPUT``: what ``make live`` calls."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from sphinx_autobuild.utils import show_message

from sphinx_stepwise.live.building import Builder
from sphinx_stepwise.live.server import LiveServer, Watched, make_app

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.applications import Starlette


def main(argv: Sequence[str]) -> None:
    """Serve until it is interrupted."""
    own, options = split_options(argv)
    arguments = _parser().parse_args(own)
    doctrees = arguments.doctrees or arguments.output / ".doctrees"
    arguments.output.mkdir(parents=True, exist_ok=True)
    watched = Watched(
        root=arguments.root,
        folders=(arguments.source, *arguments.watch),
        written=(arguments.output, doctrees),
    )
    builder = Builder(
        [
            *("-q", "-b", "html", "-c", str(arguments.root), "-d", str(doctrees)),
            *(*options, str(arguments.source), str(arguments.output)),
        ]
    )
    serve(make_app(arguments.output, LiveServer(watched, builder)), arguments)


def serve(app: Starlette, arguments: argparse.Namespace) -> None:
    """Serve *app* at the address that the arguments name, until Ctrl+C.

    :raises SystemExit: where something else is at that address.
    """
    host = arguments.host
    config = uvicorn.Config(app, host=host, port=arguments.port, log_level="warning")
    try:
        listening = config.bind_socket()
    except SystemExit:  # uvicorn has said why
        sys.exit("Choose another port: --port 8001, or --port 0 for any that is free.")
    port = listening.getsockname()[1]
    show_message(f"Serving at http://{host}:{port}/ until you press Ctrl+C")
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def split_options(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return our own arguments, and what follows ``--``: options of Sphinx."""
    at = argv.index("--") if "--" in argv else len(argv)
    return list(argv[:at]), list(argv[at + 1 :])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sphinx_stepwise.live",
        description="Build the site, serve it, and build it again on every save.  "
        "Options of sphinx-build may follow after --.",
    )
    parser.add_argument("source", type=_folder, help="the folder of the pages")
    parser.add_argument("output", type=Path, help="where the site is built")
    parser.add_argument(
        "--root",
        type=_folder,
        default=Path(),
        metavar="FOLDER",
        help="holds conf.py and pyproject.toml; by default this folder",
    )
    parser.add_argument(
        "--watch",
        type=_folder,
        action="append",
        default=[],
        metavar="FOLDER",
        help="watch this folder too",
    )
    parser.add_argument(
        "--doctrees",
        type=Path,
        metavar="FOLDER",
        help="what Sphinx keeps between builds; by default OUTPUT/.doctrees",
    )
    parser.add_argument("--host", default="127.0.0.1", help="by default %(default)s")
    parser.add_argument("--port", type=int, default=8000, help="by default %(default)s")
    return parser


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        message = f"there is no folder {text}"
        raise argparse.ArgumentTypeError(message)
    return path


if __name__ == "__main__":
    main(sys.argv[1:])

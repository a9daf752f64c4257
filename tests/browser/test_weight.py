"""A page comes quickly over a slow line."""

from __future__ import annotations

import gzip
import posixpath
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from lxml import html

if TYPE_CHECKING:
    from pathlib import Path

    from browser.serving import Server
    from playwright.sync_api import Page
    from sites import Site

MOST_BYTES, MOST_REQUESTS = 80_000, 8


def check_first_view(page: Page, server: Server, address: str) -> None:
    """All that a browser asks for that has never been there, compressed."""
    server.sent.clear()
    page.goto(server(address), wait_until="networkidle")
    # Chromium keeps icons for all tabs; a first visit needs ours.
    page.request.get(page.evaluate("document.querySelector('link[rel=icon]').href"))
    sizes = {path: size for path, _, size in server.sent}
    assert {status for _, status, _ in server.sent} == {200}
    assert 4 <= len(sizes) <= MOST_REQUESTS, sizes
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_first_view_of_home_is_light(page: Page, server: Server) -> None:
    check_first_view(page, server, "index.html")


def test_first_view_of_the_heaviest_step_is_light(
    page: Page, server: Server, real_site: Site
) -> None:
    out = real_site.built.out
    files = [f"{step.docname}.html" for step in real_site.navigation.canonical]
    heaviest = max(
        files, key=lambda name: len(gzip.compress((out / name).read_bytes()))
    )
    check_first_view(page, server, heaviest)


def test_first_view_of_every_other_page_is_light_as_well(
    site: Path, addresses: list[str]
) -> None:
    """But for search, which brings its index, and guidebooks as one document."""
    heavy = {"search.html"} | {name for name in addresses if name.endswith("/all.html")}
    assert len(heavy) == 1 + 5
    for address in set(addresses) - heavy:
        tree = html.fromstring((site / address).read_bytes())
        loaded = tree.xpath(
            "//link[@rel='stylesheet' or @rel='icon']/@href"
            " | //script/@src | //main//img/@src | //header//img/@src"
        )
        paths = {urlsplit(urljoin(f"/b/{address}", uri)).path for uri in loaded}
        files = [address, *(posixpath.relpath(path, "/b") for path in paths)]
        weight = sum(len(gzip.compress((site / file).read_bytes())) for file in files)
        assert len(files) <= MOST_REQUESTS, address
        assert weight <= MOST_BYTES, address


def test_script_and_styles_are_small(site: Path) -> None:
    assert (site / "_static/stepwise.js").stat().st_size <= 20_000
    assert (site / "_static/stepwise.css").stat().st_size <= 30_000

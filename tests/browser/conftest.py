"""A real Chromium and a real server, for tests of what readers meet.

``site`` is the built folder, ``addresses`` its pages, ``server`` shows it as a public
server does, ``browser`` is Chromium, ``page`` an empty tab of it, ``open_page`` opens
others, and ``watch`` is what those tabs met.  A test fails where a page met an error, a
violation of the policy or an address outside the site; one that provokes such things
looks at ``watch`` and empties it.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from browser.serving import Watch, open_tab, serve
from hostile import BASE
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from browser.serving import Server
    from playwright.sync_api import Browser, BrowserContext, Page
    from sites import Site

OPTIONS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]
VIEWPORT = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def site(real_site: Site) -> Path:
    """Return the folder of the real toolkit, built."""
    return real_site.built.out


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[Server]:
    """Return the site, served at the path that it was built for."""
    with serve(site, urlsplit(BASE).path) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium: the system's, or the one that ``playwright install`` brings."""
    chromium = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Watch:
    """Return what the test's tab met."""
    return Watch()


@pytest.fixture
def open_page(
    browser: Browser, server: Server, watch: Watch
) -> Iterator[Callable[..., Page]]:
    """Return what opens tabs, each of a browser that has never been used.

    It takes what Playwright's ``new_context`` does.
    """
    contexts: list[BrowserContext] = []

    def open_(**options: Any) -> Page:
        context = browser.new_context(**({"viewport": VIEWPORT} | options))
        context.set_default_timeout(10_000)
        contexts.append(context)
        return open_tab(context, watch)

    yield open_
    for context in contexts:
        context.close()
    assert watch.errors == []
    own = (f"{server.address}/", "file://", "data:")
    assert [address for address in watch.asked if not address.startswith(own)] == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """Return a tab on a wide screen."""
    return open_page()


@pytest.fixture(scope="session")
def addresses(site: Path) -> list[str]:
    """Return the addresses of all pages, but for those that send readers on."""
    files = sorted(site.rglob("*.html"))
    sent_on = 'http-equiv="refresh"'
    return [
        file.relative_to(site).as_posix()
        for file in files
        if sent_on not in file.read_text("utf-8")
    ]


@pytest.fixture(scope="session")
def samples(site: Path, addresses: list[str]) -> list[str]:
    """Return the address of a page of each kind, and of some that are like no other."""
    kinds: dict[str, str] = {}
    for address in addresses:
        found = re.search(
            r'<body class="kind-(\w+)', (site / address).read_text("utf-8")
        )
        assert found
        kinds.setdefault(found[1], address)
    others = ["search.html", "your-progress.html", "your-team/index.html"]
    others += ["reference/which-route.html", "contributing/change-a-page.html"]
    return list(dict.fromkeys([*kinds.values(), *others]))

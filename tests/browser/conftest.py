"""A real Chromium and a real server, for tests of what readers meet.

``site`` is the built folder, ``server`` shows it as a public server does, ``browser``
is Chromium, ``page`` an empty tab of it, and ``watch`` what that tab met.  A test fails
where its page met an error, a violation of the policy or an address outside the site;
one that provokes such things looks at ``watch`` and empties it.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from browser.serving import Watch, open_tab, serve
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from browser.serving import Server
    from playwright.sync_api import Browser, Page
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


@pytest.fixture(scope="session")
def site(real_site: Site) -> Path:
    """Return the folder of the real toolkit, built."""
    return real_site.built.out


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[Server]:
    """Return the site, served."""
    with serve(site) as server:
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
def page(browser: Browser, server: Server, watch: Watch) -> Iterator[Page]:
    """Return a tab of a browser that has never been used."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield open_tab(context, watch)
    context.close()
    assert watch.errors == []
    own = (f"{server.address}/", "file://", "data:")
    assert [address for address in watch.asked if not address.startswith(own)] == []

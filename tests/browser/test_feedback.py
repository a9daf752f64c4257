"""Readers say what they think: nothing is sent before a click, and all is answered."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs

import pytest
from browser.serving import POLICY, Watch, open_tab
from browser.test_accessibility import faults
from builds import Builder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.long

STEP = "prepare/knead.html"


@dataclass
class Host:
    """A site that takes forms as well, with a strict policy."""

    folder: Path
    policy: str = POLICY
    address: str = ""
    #: What it answers to a form.
    status: int = 200
    #: Path and fields of each form that it got.
    got: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, host: Host) -> None:
        self._host = host
        super().__init__(*arguments, directory=str(host.folder))

    def do_POST(self) -> None:
        """Note a form and answer it."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._host.got.append((self.path, parse_qs(body)))
        self.send_response(self._host.status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>Got it</title><p>Got it.")

    def end_headers(self) -> None:
        """Add the policy."""
        self.send_header("Content-Security-Policy", self._host.policy)
        super().end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def hosted(folder: Path) -> Iterator[Host]:
    host = Host(folder)
    handler = partial(_Handler, host=host)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        host.address = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield host
        finally:
            http.shutdown()
            thread.join()


class Kit(NamedTuple):
    """A tab at a page that asks, and who answers."""

    page: Page
    site: Host
    #: Another host.
    other: Host
    watch: Watch
    #: What had been asked for before anything was clicked.
    before: list[str]


@pytest.fixture
def asking(
    baking: Path, tmp_path: Path, browser: Browser
) -> Iterator[Callable[..., Kit]]:
    """Return what builds the miniature toolkit with a setting, and opens a step."""
    out = tmp_path / "out/kept/html"
    context = browser.new_context(viewport={"width": 320, "height": 900})
    context.set_default_timeout(10_000)
    plain = browser.new_context(java_script_enabled=False)
    plain.set_default_timeout(10_000)
    watch = Watch()
    with hosted(out) as site, hosted(tmp_path) as other:

        def ask(useful: Any, comment: Any, *, script: bool = True) -> Kit:
            text = repr({"useful": useful, "comment": comment})
            text = text.replace("OTHER", other.address)
            conf = baking / "conf.py"
            conf.write_text(
                conf.read_text().replace('"alabaster"', '"stepwise"')
                + f"\nstepwise_feedback = {text}\n"
            )
            built = Builder(tmp_path / "out")(baking)
            assert built.code == 0, built.warnings
            page = open_tab(context, watch) if script else plain.new_page()
            page.goto(f"{site.address}/{STEP}")
            page.wait_for_load_state("networkidle")
            return Kit(page, site, other, watch, list(watch.asked))

        yield ask
        context.close()
        plain.close()


def told(page: Page, words: str) -> None:
    """Wait for what is said below."""
    page.locator(".feedback [role=status]").filter(has_text=words).wait_for()


FORM = "OTHER/form.html?page={page}&answer={answer}"
BOTH = {"post": "/answers"}


def test_links_open_where_they_say_and_only_then(asking: Callable[..., Kit]) -> None:
    kit = asking(FORM, "mailto:bakers@example.org")
    page = kit.page
    assert all(address.startswith(kit.site.address) for address in kit.before)
    assert "127.0.0.1 opens in a new page" in page.locator(".feedback").inner_text()
    assert faults(page) == []
    yes = page.get_by_role("link", name="Yes (this page was useful)")
    yes.focus()
    with page.context.expect_page() as opening:
        page.keyboard.press("Enter")
    assert opening.value.url == (f"{kit.other.address}/form.html?page=knead&answer=yes")
    told(page, "Thank you. The form opens in a new page.")
    # No mail program is there to open; the click alone is what counts.
    mail = page.get_by_role("link", name="Comment on this page")
    mail.evaluate("a => a.addEventListener('click', e => e.preventDefault())")
    mail.click()
    told(page, "Thank you. Your mail program")
    assert page.url == f"{kit.site.address}/{STEP}"
    assert kit.watch.errors == []


def test_a_form_of_the_same_host_is_sent_and_answered_in_place(
    asking: Callable[..., Kit],
) -> None:
    kit = asking(BOTH, BOTH)
    page = kit.page
    assert kit.site.got == []
    page.get_by_role("button", name="No (this page was not useful)").press("Enter")
    told(page, "Thank you. Your answer has arrived.")
    ((path, fields),) = kit.site.got
    assert path == "/answers"
    assert fields == {
        "page": ["knead"],
        "title": ["Knead the dough"],
        "url": [STEP],
        "version": ["1"],
        "language": ["en"],
        "answer": ["no"],
    }
    page.get_by_text("Comment on this page").click()
    assert faults(page) == []
    box = page.get_by_role("textbox", name="Your comment")
    send = page.get_by_role("button", name="Send your comment")
    send.click()  # nothing is written yet, so nothing is sent
    assert len(kit.site.got) == 1

    kit.site.status = 500
    box.fill("Too hot & <b>\nBut good.")
    send.click()
    told(page, "That did not work.")
    assert box.input_value() == "Too hot & <b>\nBut good."
    assert len(kit.watch.errors) == 1  # the browser's own note of the answer 500
    kit.site.status = 200
    send.click()
    told(page, "Thank you. Your answer has arrived.")
    assert kit.site.got[-1][1]["comment"] == ["Too hot & <b>\nBut good."]
    assert box.input_value() == ""
    assert page.url == f"{kit.site.address}/{STEP}"


def test_a_form_of_another_host_opens_its_answer(asking: Callable[..., Kit]) -> None:
    kit = asking({"post": "OTHER/answers"}, {"post": "OTHER/answers"})
    page = kit.page
    assert "goes to 127.0.0.1" in page.locator(".feedback").inner_text()
    with page.context.expect_page() as opening:
        page.get_by_role("button", name="Yes").click()
    opening.value.get_by_text("Got it.").wait_for()
    told(page, "Thank you.")
    assert kit.other.got[0][1]["answer"] == ["yes"]
    assert kit.watch.errors == []

    # A policy that forbids it is said, and what was written stays.
    kit.site.policy = f"{POLICY}; form-action 'self'"
    page.reload()
    page.get_by_text("Comment on this page").click()
    box = page.get_by_role("textbox", name="Your comment")
    box.fill("Hello")
    page.get_by_role("button", name="Send your comment").click()
    told(page, "That did not work.")
    assert box.input_value() == "Hello"
    assert len(kit.other.got) == 1
    assert any("form-action" in error for error in kit.watch.errors)


def test_without_a_script_the_form_posts_itself(asking: Callable[..., Kit]) -> None:
    kit = asking({"post": "OTHER/answers"}, BOTH, script=False)
    kit.page.get_by_role("button", name="Yes").click()
    kit.page.get_by_text("Got it.").wait_for()
    assert kit.other.got[0][1]["answer"] == ["yes"]
    kit.page.go_back()
    kit.page.get_by_text("Comment on this page").click()
    kit.page.get_by_role("textbox", name="Your comment").fill("Hello")
    kit.page.get_by_role("button", name="Send your comment").click()
    kit.page.get_by_text("Got it.").wait_for()
    assert kit.site.got[0][1]["comment"] == ["Hello"]


def test_paper_does_not_ask(asking: Callable[..., Kit]) -> None:
    page = asking(FORM, "mailto:bakers@example.org").page
    assert page.locator(".feedback").is_visible()
    page.emulate_media(media="print")
    assert not page.locator(".feedback").is_visible()

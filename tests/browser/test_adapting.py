"""Pages fit the reader's needs: zoom, spacing, less motion, few colours, paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser.serving import EXTENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from browser.serving import Server
    from playwright.sync_api import Page

pytestmark = pytest.mark.long

STEP = "strategy/engage-the-market-early.html"
CODE = "contributing/start-your-own-toolkit.html"
#: 1280 by 1024 CSS pixels at 400 % (WCAG 1.4.10).
ZOOMED = {"width": 320, "height": 256}
#: What WCAG 1.4.12 lets readers ask for.  The policy lets scripts make a sheet.
SPACED = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  * { line-height: 1.5 !important; letter-spacing: .12em !important;
      word-spacing: .16em !important; }
  p { margin-bottom: 2em !important; }
`);
document.adoptedStyleSheets = [sheet];
"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: Whether the page is wider than the window, what stands out of it, and words that are
#: cut off; what only screen readers are told is cut off for the eye on purpose.
LOSS = """
() => {
  const root = document.documentElement;
  const wide = Math.max(0, root.scrollWidth - root.clientWidth);
  const parts = [...document.body.querySelectorAll("*")]
    .filter((part) => part.checkVisibility({ visibilityProperty: true }));
  const name = (part) =>
    `${part.localName}.${part.className} ${part.textContent.trim().slice(0, 30)}`;
  const beyond = (part) => part.getBoundingClientRect().right > root.clientWidth + 1;
  const out = wide ? parts.filter(beyond) : [];
  const cut = parts.filter((part) => {
    const style = getComputedStyle(part);
    if (style.clipPath !== "none" || !/hidden|clip/.test(style.overflow)) return false;
    return part.scrollWidth > part.clientWidth + 1
      || part.scrollHeight > part.clientHeight + 1;
  });
  return [...(wide ? [`${wide} px too wide`] : []), ...out.map(name), ...cut.map(name)];
}
"""


@pytest.mark.parametrize("pages", EXTENT)
def test_no_page_scrolls_sideways_when_zoomed_or_spaced(
    request: pytest.FixtureRequest,
    open_page: Callable[..., Page],
    server: Server,
    pages: str,
) -> None:
    """And in none does anything break the server's policy."""
    page = open_page(viewport=ZOOMED)
    server.sent.clear()
    lost = {}
    for address in request.getfixturevalue(pages):
        page.goto(server(address))
        found = [page.evaluate(WIDER)]
        page.evaluate(SPACED)
        found += [page.evaluate(WIDER), *page.evaluate(LOSS)]
        if any(found):
            lost[address] = found
    assert lost == {}
    assert [sent for sent in server.sent if sent[1] != 200] == []


@pytest.mark.parametrize("address", ["index.html", STEP, "reference/tools.html", CODE])
def test_spacing_loses_nothing_on_a_wide_screen(
    page: Page, server: Server, address: str
) -> None:
    page.goto(server(address))
    page.evaluate(SPACED)
    assert page.evaluate(LOSS) == []


MOVING = """
() => {
  const moves = (part, pseudo) => {
    const style = getComputedStyle(part, pseudo);
    const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0);
    return style.scrollBehavior === "smooth" || lasts(style.transitionDuration)
      || (style.animationName !== "none" && lasts(style.animationDuration));
  };
  return [...document.querySelectorAll("*")].filter(
    (part) => [null, "::before", "::after"].some((pseudo) => moves(part, pseudo))
  ).map((part) => `${part.localName}.${part.className}`);
}
"""


@pytest.mark.parametrize("address", ["index.html", STEP, "search.html?q=exit", CODE])
def test_nothing_moves_for_who_asks_for_less_motion(
    open_page: Callable[..., Page], server: Server, address: str
) -> None:
    page = open_page(reduced_motion="reduce")
    page.goto(server(address))
    assert page.evaluate(MOVING) == []


def look(page: Page, selector: str, pseudo: str = "") -> dict[str, str]:
    """Return how the first element looks."""
    found: dict[str, Any] = page.eval_on_selector(
        selector,
        """(part, pseudo) => {
          const style = getComputedStyle(part, pseudo || null);
          const names = ["backgroundColor", "color", "borderTopColor", "borderTopStyle",
            "borderTopWidth", "borderLeftWidth", "outlineStyle", "outlineColor"];
          return Object.fromEntries(names.map((name) => [name, style[name]]));
        }""",
        pseudo,
    )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_keep_marks_boxes_and_focus_apart(
    open_page: Callable[..., Page], server: Server, scheme: str
) -> None:
    page = open_page(forced_colors="active", color_scheme=scheme)
    page.goto(server("index.html"))
    steps = ".stepwise-step-map li"
    filled = look(page, f"{steps}.stepwise-filled", "::before")
    outlined = look(page, f"{steps}.stepwise-outlined", "::before")
    ground = look(page, "body")["backgroundColor"]
    assert filled["backgroundColor"] != ground
    assert filled["backgroundColor"] != filled["color"]
    assert outlined["backgroundColor"] == ground
    assert outlined["borderTopColor"] != ground
    assert outlined["borderTopStyle"] == "solid"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    ring = look(page, ":focus")
    assert ring["outlineStyle"] == "solid"
    assert ring["outlineColor"] != ground
    page.goto(server(f"{STEP}?guide=market-engagement"))
    for box in (".stepwise-rules", "nav.is-chosen"):
        assert float(look(page, box)["borderLeftWidth"].removesuffix("px")) > 1
    assert look(page, ".stepwise-checklist li", "::before")["borderTopStyle"] == "solid"
    badges = [f".stepwise-badges .stepwise-{way}" for way in ("filled", "outlined")]
    assert look(page, f"{badges[0]} a")["backgroundColor"] != ground
    ticks = [f".stepwise-ticks {which}" for which in (".here", "i:not([class])")]
    assert look(page, ticks[0])["backgroundColor"] == filled["backgroundColor"]
    assert look(page, ticks[1])["backgroundColor"] == ground


#: The words of the text that take up room, without those that only lead elsewhere.
WORDS = """
() => {
  const aside = ".stepwise-ways, .stepwise-cards, .stepwise-tip, .guide-bar, button, "
    + "form, [hidden], script, .feedback, .stepwise-done";
  const main = document.querySelector("main");
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.data.trim() || text.parentElement.closest(aside)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    if (range.getClientRects().length) found.push(text.data.trim());
  }
  return found;
}
"""


@pytest.mark.parametrize(
    "address",
    ["index.html", STEP, "guidebooks/collaboration/all.html", "reference/facts.html"],
)
def test_paper_holds_all_words_and_no_navigation(
    open_page: Callable[..., Page], server: Server, address: str
) -> None:
    """On the paper of a narrow printer, from a screen in dark colours."""
    page = open_page(color_scheme="dark")
    page.goto(server(address))
    before = page.evaluate(WORDS)
    assert len(before) > 40
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 640, "height": 900})
    assert set(before) - set(page.evaluate(WORDS)) == set()
    assert page.evaluate(LOSS) == []
    for gone in ("header nav", "header form", ".rail", "footer nav", ".stepwise-ways"):
        assert page.locator(f"{gone} >> visible=true").count() == 0, gone
    assert page.locator("button >> visible=true").count() == 0
    assert look(page, "body")["backgroundColor"] == "rgb(255, 255, 255)"
    assert look(page, "main p")["color"] == "rgb(0, 0, 0)"
    assert page.locator("footer .address").is_visible()


def test_paper_holds_folded_groups(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(viewport={"width": 320, "height": 720})
    page.goto(server("index.html"))
    page.locator(".fold").first.click()
    steps = page.locator(".stepwise-step-map ol").first
    assert not steps.is_visible()
    page.emulate_media(media="print")
    assert steps.is_visible()


def test_paper_tells_where_links_lead(page: Page, server: Server) -> None:
    page.goto(server(STEP))
    page.emulate_media(media="print")
    link = page.locator("main a[href^='https']").first
    address = link.get_attribute("href")
    after = link.evaluate("link => getComputedStyle(link, '::after').content")
    assert address in after

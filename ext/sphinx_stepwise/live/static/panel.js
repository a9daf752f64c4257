// While `make live` runs: loads the page again after each build, and shows what the
// last build found.  All words are set as text, never as HTML.
(() => {
  "use strict";
  const base = new URL(".", document.currentScript.src);
  const DISMISSED = "stepwise-live-dismissed";

  listen(false);
  fetch(new URL("findings.json", base), { cache: "no-store" })
    .then((answer) => answer.json())
    .then(show);

  /** Load the page again after each build, and when a stopped server is back. */
  function listen(again) {
    const address = new URL("../websocket-reload", base);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    socket.addEventListener("message", () => location.reload());
    socket.addEventListener("close", () => setTimeout(listen, 2000, true));
    if (again) socket.addEventListener("open", () => location.reload());
  }

  /** Show the findings, unless there are none or these have been dismissed. */
  function show({ findings, stopped }) {
    const state = JSON.stringify([findings, stopped]);
    if (!findings.length && !stopped) return;
    if (sessionStorage.getItem(DISMISSED) === state) return;

    // A shadow tree: the theme's style does not reach in, and ours not out.
    const host = document.createElement("div");
    const style = element("link", { rel: "stylesheet", href: new URL("panel.css", base) });
    const panel = element("section", { role: "region", ariaLabel: "Findings of the last build" });
    const title = element("h2", { ariaLive: "polite" });
    const button = element("button", { type: "button" }, "Dismiss");
    const head = element("header", {}, title, button);
    const body = element("div", { tabIndex: 0, className: "body" }, ...content(findings, stopped));
    panel.append(head, body);
    host.attachShadow({ mode: "open" }).append(style, panel);

    const dismiss = () => {
      sessionStorage.setItem(DISMISSED, state);
      host.remove();
    };
    button.addEventListener("click", dismiss);
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") dismiss();
    });
    // Spoken only because it is said after the panel has come to the page.
    style.addEventListener("load", () => { title.textContent = count(findings, stopped); });
    document.body.prepend(host);
  }

  function count(findings, stopped) {
    if (stopped) return "The site could not be built";
    return `${findings.length} finding${findings.length === 1 ? "" : "s"}`;
  }

  function content(findings, stopped) {
    const here = findings.filter((found) => found.page && isHere(found.page));
    const others = findings.filter((found) => !here.includes(found));
    const parts = [];
    if (stopped) {
      const said = element("details", { open: !findings.length });
      said.append(element("summary", {}, "What the build said"), element("pre", {}, stopped));
      parts.push(element("p", {}, "The pages stay as they were."), said);
    }
    if (here.length) parts.push(...list("On this page", here));
    if (others.length) parts.push(...list(here.length ? "Elsewhere" : "", others));
    return parts;
  }

  function list(heading, findings) {
    const items = findings.map((found) => element("li", { className: found.severity }, ...words(found)));
    const drawn = element("ul", {}, ...items);
    return heading ? [element("h3", {}, heading), drawn] : [drawn];
  }

  function words(found) {
    const numbers = [found.line, found.column].filter(Boolean);
    const place = [found.path, ...numbers].filter(Boolean).join(":");
    const where = found.page && !isHere(found.page)
      ? element("a", { href: new URL(`../${found.page}`, base) }, place)
      : element("span", {}, place);
    const parts = place ? [element("p", { className: "place" }, where)] : [];
    parts.push(
      element("p", {}, element("b", {}, `${found.severity}: `), found.message, " ", element("code", {}, found.code)),
    );
    if (found.hint) parts.push(element("p", {}, `Hint: ${found.hint}`));
    return parts;
  }

  function isHere(page) {
    const whole = (path) => path.replace(/\/$/, "/index.html");
    return whole(new URL(`../${page}`, base).pathname) === whole(location.pathname);
  }

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }
})();

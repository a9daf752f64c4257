/* The theme `stepwise`.  Every page works without it; each part stands on its own. */
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // What is kept may be refused, as it is in some private windows.
  const kept = (area) => ({
    get: (key) => {
      try { return window[area].getItem(`stepwise-${key}`); } catch { return null; }
    },
    set: (key, value) => {
      try {
        if (value) window[area].setItem(`stepwise-${key}`, value);
        else window[area].removeItem(`stepwise-${key}`);
      } catch { /* then it lasts as long as the page */ }
    },
  });
  const device = kept("localStorage");
  const visit = kept("sessionStorage");

  // A chosen scheme, before anything is painted.
  const choose = (scheme) => {
    if (scheme) root.dataset.scheme = scheme;
    else delete root.dataset.scheme;
  };
  const chosen = device.get("scheme");
  if (chosen === "dark" || chosen === "light") choose(chosen);

  const make = (tag, attributes = {}, ...content) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...content);
    return made;
  };

  const switchScheme = (words) => {
    const button = document.querySelector("button.scheme");
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const own = () => (dark.matches ? "dark" : "light");
    const other = () => ((root.dataset.scheme || own()) === "dark" ? "light" : "dark");
    const name = () => { button.textContent = words[other()]; };
    button.addEventListener("click", () => {
      const scheme = other() === own() ? "" : other();
      choose(scheme);
      device.set("scheme", scheme);
      name();
    });
    dark.addEventListener("change", name);
    name();
    button.hidden = false;
  };

  // Links of a guidebook carry its id, so that the next page knows the way.
  const follow = (link, guide) => {
    const address = new URL(link.href);
    address.searchParams.set("guide", guide);
    link.href = address.href;
  };

  const guidePage = () => {
    const guide = document.body.dataset.guide;
    if (!guide) return;
    const steps = new Set(all("ol.stepwise-steps a").map((link) => link.pathname));
    for (const link of all("main a")) {
      if (steps.has(link.pathname) && link.protocol === location.protocol) follow(link, guide);
    }
  };

  const stepPage = (words) => {
    const panels = all("nav[data-guide]");
    for (const panel of panels) {
      for (const link of all(".stepwise-links a", panel)) follow(link, panel.dataset.guide);
    }
    const find = (guide) => panels.find((panel) => panel.dataset.guide === guide);
    const asked = find(new URLSearchParams(location.search).get("guide"));
    if (asked) visit.set("guide", asked.dataset.guide);
    const panel = asked || find(visit.get("guide"));
    if (!panel) return;
    panel.parentNode.prepend(panel);
    panel.classList.add("is-chosen");
    // On a narrow screen the panels stand below the text: its way on is needed above.
    const bar = make("nav", {
      class: "guide-bar",
      "aria-label": words.short.replace("%s", panel.getAttribute("aria-label")),
    });
    bar.append(...[...panel.children].map((part) => part.cloneNode(true)));
    const below = document.querySelector(".stepwise-badges") || document.querySelector("h1");
    below.after(bar);
    panel.prepend(make("p", { class: "following" }, words.following));
  };

  const foldMap = (words) => {
    for (const stage of all(".stepwise-step-map > li")) {
      const heading = stage.firstElementChild;
      const button = make("button", {
        type: "button",
        class: "fold",
        "aria-expanded": "true",
        "aria-label": words.fold.replace("%s", heading.textContent.trim()),
      });
      button.addEventListener("click", () => {
        const folded = stage.classList.toggle("is-folded");
        button.setAttribute("aria-expanded", String(!folded));
      });
      heading.append(button);
    }
  };

  // A term's meaning can be pointed at, stays until the pointer leaves both, and goes
  // with Escape (WCAG 1.4.13).
  const explainTerms = () => {
    let open = null;
    let leaving = 0;
    const close = () => {
      clearTimeout(leaving);
      if (open) open.classList.remove("is-open");
      open = null;
    };
    const show = (term, tip) => {
      clearTimeout(leaving);
      if (open === tip) return;
      close();
      tip.classList.add("is-open");
      open = tip;
      const place = term.getClientRects()[0];
      const frame = (tip.offsetParent || root).getBoundingClientRect();
      const right = root.clientWidth - tip.offsetWidth - 16;
      tip.style.left = `${Math.max(16, Math.min(place.left, right)) - frame.left}px`;
      tip.style.top = `${place.bottom - frame.top + 2}px`;
    };
    for (const term of all("a.stepwise-term")) {
      const tip = document.getElementById(term.getAttribute("aria-describedby"));
      const leave = () => { leaving = setTimeout(close, 200); };
      term.addEventListener("focus", () => show(term, tip));
      term.addEventListener("blur", close);
      for (const part of [term, tip]) {
        part.addEventListener("pointerenter", () => show(term, tip));
        part.addEventListener("pointerleave", leave);
      }
    }
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
  };

  // On a narrow screen a row is a block: its cells say what they are, and it stays a
  // table to those who hear it.
  const labelTables = () => {
    const roles = {
      "thead, tbody": "rowgroup",
      tr: "row",
      td: "cell",
      "thead th": "columnheader",
      "tbody th": "rowheader",
    };
    for (const table of all("main table")) {
      const heads = all("thead th", table);
      table.setAttribute("role", "table");
      for (const [tag, role] of Object.entries(roles)) {
        for (const part of all(tag, table)) part.setAttribute("role", role);
      }
      for (const row of all("tbody tr", table)) {
        if (row.cells.length !== heads.length) continue;
        [...row.cells].forEach((cell, at) => {
          cell.dataset.label = heads[at].textContent.trim();
        });
      }
    }
  };

  const foldMenu = () => {
    const menu = document.querySelector("details.menu");
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  };

  const print = () => {
    for (const button of all("button.print")) {
      button.addEventListener("click", () => window.print());
      button.hidden = false;
    }
  };

  // Checks that were ticked, as "page/check": kept on this device, sent nowhere.
  const isTick = (tick) => typeof tick === "string" && /^[^\s/]{1,200}\/[^\s/]{1,50}$/.test(tick);
  const ticks = (() => {
    const hearers = [];
    let held = new Set();
    let refused = false;
    const read = () => {
      if (refused) return;
      let found;
      try { found = JSON.parse(device.get("ticks")); } catch { /* then there are none */ }
      held = new Set(Array.isArray(found) ? found.filter(isTick) : []);
    };
    const tell = () => {
      read();
      for (const hear of hearers) hear();
    };
    const listed = () => [...held].sort();
    return {
      all: listed,
      has: (tick) => held.has(tick),
      refused: () => refused,
      tell,
      hear: (hearer) => { hearers.push(hearer); hearer(); },
      change: (edit) => {
        read(); // another tab may have written
        edit(held);
        const text = held.size ? JSON.stringify(listed()) : "";
        device.set("ticks", text);
        refused = (device.get("ticks") || "") !== text;
        tell();
      },
    };
  })();
  addEventListener("storage", (event) => {
    if (event.key === null || event.key === "stepwise-ticks") ticks.tell();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) ticks.tell(); });

  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name]);
  // What is there stays as it is, or it would be read out again.
  const write = (place, text) => { if (place.textContent !== text) place.textContent = text; };
  const keysOf = (tally) => tally.dataset.checks.split(" ").flatMap((part) => {
    const [page, checks] = part.split(":");
    return checks.split(",").map((check) => `${page}/${check}`);
  });
  window.stepwise = { fill, isTick, keysOf, make, ticks };

  // A page that was renamed takes what was ticked under its former id.
  const moveTicks = () => ticks.hear(() => {
    for (const { dataset: { page, was } } of all("[data-was]")) {
      for (const id of was.split(" ")) {
        const found = ticks.all().filter((tick) => tick.startsWith(`${id}/`));
        if (found.length) ticks.change((held) => found.forEach((tick) => {
          held.delete(tick);
          held.add(page + tick.slice(id.length));
        }));
      }
    }
  });

  const progressLink = (words) => {
    const href = document.body.dataset.progress;
    return href ? [" ", make("a", { href }, words.progress)] : [];
  };

  const tickBox = (item, words) => {
    const [, page, check] = item.id.match(/^(?:(.+)--)?check-(.+)$/);
    const tick = `${page || document.body.dataset.page}/${check}`;
    const text = item.firstElementChild;
    text.id = `${item.id}-text`;
    const box = make("input", { type: "checkbox", autocomplete: "off", "aria-labelledby": text.id });
    box.addEventListener("change", () => {
      ticks.change((held) => held[box.checked ? "add" : "delete"](tick));
      if (!ticks.refused() || document.querySelector(".stepwise-refused")) return;
      const told = make("p", { class: "stepwise-refused", role: "alert" });
      item.parentNode.after(told);
      told.textContent = words.refused;
    });
    // The words are no label, for there may be links among them.
    text.addEventListener("click", (event) => {
      if (!event.target.closest("a, .stepwise-tip") && !String(getSelection())) box.click();
    });
    item.prepend(box);
    return { box, tick };
  };

  const checklists = (words) => {
    for (const list of all(".stepwise-checklist > ul")) {
      const boxes = all(":scope > li[id*='check-']:not(:empty)", list).map((item) => tickBox(item, words));
      if (!boxes.length) continue;
      list.classList.add("has-boxes");
      const count = make("span", { role: "status" });
      const told = make("p", { class: "stepwise-done" });
      told.append(count, ...progressLink(words));
      list.after(told);
      ticks.hear(() => {
        for (const { box, tick } of boxes) box.checked = ticks.has(tick);
        const done = boxes.filter(({ box }) => box.checked).length;
        write(count, fill(words.tally, { done, all: boxes.length }));
      });
    }
  };

  // How much is done of what is listed; nothing is said before a first tick.
  const tallies = (words) => {
    const told = all(".stepwise-tally").map((place) => (
      { place, keys: keysOf(place), always: Boolean(place.textContent) }
    ));
    for (const list of all(".stepwise-step-map, .stepwise-journey")) {
      const keys = all(".stepwise-tally", list).flatMap(keysOf);
      const whole = make("p", { class: "stepwise-done" });
      const place = make("span", {});
      whole.append(place, ...progressLink(words));
      list.after(whole);
      told.push({ place, keys, whole });
    }
    ticks.hear(() => {
      for (const { place, keys, always, whole } of told) {
        const done = keys.filter(ticks.has).length;
        write(place, done || always ? fill(words.tally, { done, all: keys.length }) : "");
        place.classList.toggle("is-done", done > 0 && done === keys.length);
        if (whole) whole.hidden = !done;
      }
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    const words = JSON.parse(document.body.dataset.words);
    ticks.tell();
    const parts = [
      switchScheme, guidePage, stepPage, foldMap, explainTerms, labelTables, foldMenu, print,
      moveTicks, checklists, tallies,
    ];
    for (const part of parts) part(words);
  });
})();

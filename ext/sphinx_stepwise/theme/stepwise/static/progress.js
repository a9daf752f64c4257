/* The page "Your progress": what was ticked as a file, printed or cleared.  The ticks
   themselves are kept by stepwise.js; nothing leaves the device. */
(() => {
  "use strict";
  const desk = document.querySelector(".stepwise-desk");
  if (!desk) return;
  const { fill, isTick, keysOf, make, ticks } = window.stepwise;
  const words = { ...JSON.parse(document.body.dataset.words), ...JSON.parse(desk.dataset.words) };
  const FORMAT = "stepwise-ticks";
  const VERSION = 1;
  const LARGEST = 1_000_000;

  const whole = make("p", { class: "stepwise-whole-tally" });
  const buttons = make("p", { class: "answers" });
  const told = make("p", { role: "status" });
  const file = make("input", { type: "file", accept: ".json,application/json", hidden: "" });
  // Emptied first, so that the same words are heard again.
  const say = (text) => {
    told.textContent = "";
    setTimeout(() => { told.textContent = text; }, 50);
  };
  const button = (name, act) => {
    const made = make("button", { type: "button" }, words[name]);
    made.addEventListener("click", act);
    return made;
  };

  const save = () => {
    const saved = new Date().toISOString();
    const content = {
      format: FORMAT,
      version: VERSION,
      toolkit: desk.dataset.toolkit,
      release: desk.dataset.release,
      saved,
      ticks: ticks.all(),
    };
    const text = `${JSON.stringify(content, null, 2)}\n`;
    const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const name = `${words.file}-${saved.slice(0, 10)}.json`;
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    say(fill(words.saved, { file: name, number: content.ticks.length }));
  };

  // Return the ticks in a file, or throw the words that say why there are none.
  const read = async (chosen) => {
    if (chosen.size > LARGEST) throw words.large;
    let found;
    try { found = JSON.parse(await chosen.text()); } catch { throw words.wrong; }
    if (!found || found.format !== FORMAT || !Number.isInteger(found.version)) throw words.wrong;
    if (found.version > VERSION) throw words.newer;
    if (!Array.isArray(found.ticks) || !found.ticks.every(isTick)) throw words.wrong;
    return [...new Set(found.ticks)];
  };
  const load = async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    let found;
    try {
      found = await read(chosen);
    } catch (why) {
      say(typeof why === "string" ? why : words.wrong);
      return;
    } finally {
      file.value = ""; // the same file may be chosen again
    }
    const unknown = found.filter((tick) => !known.has(tick)).length;
    const before = ticks.all().length;
    ticks.change((held) => found.forEach((tick) => held.add(tick)));
    const added = ticks.all().length - before;
    const parts = [fill(words.loaded, { added, known: found.length - added })];
    if (unknown) parts.push(fill(words.unknown, { unknown }));
    if (ticks.refused()) parts.push(words.refused);
    say(parts.join(" "));
  };

  const ask = make("dialog", { "aria-labelledby": "clear-heading", "aria-describedby": "clear-told" });
  const lost = make("p", { id: "clear-told" });
  const keep = button("keep", () => ask.close());
  const choices = make("p", { class: "answers" });
  choices.append(keep, button("clear", () => {
    ticks.change((held) => held.clear());
    ask.close();
    say(words.cleared);
  }));
  ask.append(make("h2", { id: "clear-heading" }, words.ask), lost, choices);
  const clear = () => {
    const number = ticks.all().length;
    if (!number) {
      say(words.nothing);
      return;
    }
    lost.textContent = fill(words.lost, { number });
    ask.showModal(); // its first button has the focus: the one that clears nothing
  };

  file.addEventListener("change", load);
  buttons.append(
    button("save", save),
    button("load", () => file.click()),
    button("print", () => window.print()),
    button("clear", clear),
  );
  desk.append(whole, buttons, file, told, ask);

  const tallies = [...document.querySelectorAll(".stepwise-progress .stepwise-tally")];
  const known = new Set(tallies.flatMap(keysOf));
  const bars = [];
  // What is done is shown below: a box to tick by hand is for paper.
  for (const list of document.querySelectorAll(".stepwise-progress")) list.classList.add("is-counted");
  for (const tally of tallies) {
    if (!tally.closest(".stepwise-progress > li > p")) continue;
    const bar = make("progress", { "aria-hidden": "true" });
    tally.after(bar);
    bars.push({ bar, keys: keysOf(tally) });
  }
  ticks.hear(() => {
    const count = (keys) => keys.filter(ticks.has).length;
    const tally = fill(words.tally, { done: count([...known]), all: known.size });
    whole.textContent = fill(words.all, { tally });
    for (const { bar, keys } of bars) {
      bar.max = keys.length;
      bar.value = count(keys);
    }
  });
})();

/* The search of the theme `stepwise`.  The index says how well each word finds each
   entry, so that searching is adding up; sphinx_ext/search/index.py makes it.  Words are
   split there as they are here; the script of the language, which stems them, is
   Sphinx's. */
(() => {
  "use strict";
  const PAGE = 10; // results shown at a time
  const LONG = 40; // words of a query that count
  const LIKE = 0.6; // how much a word counts that is only like the one typed
  const SIZE = 200; // letters of an excerpt
  const WORD = /[0-9]+(?:[.,][0-9]+)+|[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu;

  const form = document.getElementById("search");
  const told = document.querySelector(".search-told");
  const frame = document.querySelector(".search-frame");
  const list = document.querySelector(".search-results");
  const more = document.querySelector(".more");
  const clear = document.querySelector(".clear");
  const ways = document.querySelector(".search-ways");
  const words = JSON.parse(form.dataset.words);

  const { fill, make } = window.stepwise;

  const loaded = window.stepwiseSearch;
  if (!loaded) {
    told.textContent = words.broken;
    return;
  }
  const { entries, facets, phrases } = loaded;
  const root = new URL(document.documentElement.dataset.content_root, location.href);

  /* Words */

  const stemmer = new Stemmer(); // it and the stop words: Sphinx's language_data.js
  const stems = new Map();
  const stem = (word) => {
    if (!stems.has(word)) {
      const plain = word.toLowerCase().replaceAll("’", "'").replaceAll(",", "")
        .replace(/^([0-9]+)k$/, (_, number) => `${number}000`);
      stems.set(word, stopwords.has(plain) ? "" : stemmer.stemWord(plain));
    }
    return stems.get(word);
  };
  // Words of the index, by stem; "@" begins marks, and "=" whole names.
  const key = (word) => {
    if (word[0] === "@") return word;
    return word[0] === "=" ? `=${word.slice(1).split(" ").map(stem).join(" ")}` : stem(word);
  };
  const index = new Map();
  for (const [word, found] of Object.entries(loaded.words)) {
    index.set(key(word), [...(index.get(key(word)) || []), ...found]);
  }
  const split = (text) => [...text.matchAll(WORD)]
    .map((found) => ({ word: found[0], stem: stem(found[0]), at: found.index }))
    .filter((found) => found.stem);

  // How many letters are added, left out, changed, or swapped with the next.
  const distance = (a, b) => {
    let [before, last] = [[], [...Array(b.length + 1).keys()]];
    for (let i = 1; i <= a.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= b.length; j += 1) {
        const changed = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
        row[j] = Math.min(row[j - 1] + 1, last[j] + 1, changed);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      [before, last] = [last, row];
    }
    return last[b.length];
  };

  // How often each word is said; only a word that nothing says asks for it.
  let vocabulary = null;
  const spoken = () => {
    if (vocabulary) return vocabulary;
    vocabulary = new Map();
    const texts = entries.map(([, title, summary, , sections]) => [title, summary, ...sections]);
    for (const text of [...texts, ...phrases.map(([typed]) => [typed])]) {
      for (const { word } of split(text.join(" "))) {
        const plain = word.toLowerCase();
        vocabulary.set(plain, (vocabulary.get(plain) || 0) + 1);
      }
    }
    return vocabulary;
  };

  // What an unknown word may stand for: words that begin with it, two words in one, or
  // words that are a slip away; the most frequent first.
  const similar = (typed) => {
    if (typed.length < 3 || /\p{N}/u.test(typed)) return []; // another number is another
    const said = spoken();
    const often = (found) => found.sort((a, b) => said.get(b) - said.get(a)).slice(0, 3);
    const begun = [...said.keys()].filter((word) => word.startsWith(typed));
    if (begun.length) return often(begun);
    for (let at = 1; at <= typed.length - 3; at += 1) {
      const parts = [typed.slice(0, at), typed.slice(at)];
      if (parts.every((part) => said.has(part) || stopwords.has(part))) {
        return parts.filter((part) => said.has(part));
      }
    }
    const most = typed.length < 8 ? 1 : 2;
    const near = [...said.keys()]
      .filter((word) => Math.abs(word.length - typed.length) <= most && !/\p{N}/u.test(word))
      .map((word) => ({ word, far: distance(typed, word) }));
    const least = Math.min(most, ...near.map(({ far }) => far));
    return often(near.filter(({ far }) => far === least).map(({ word }) => word));
  };

  const meanings = phrases.map(([typed, meant]) => [
    split(typed).map((found) => found.stem),
    Object.entries(meant).map(([word, weight]) => [key(word), weight]),
  ]);
  const typedWords = new Set(meanings.flatMap(([typed]) => typed));

  // What to look for: how much each stem counts; and what was not understood.
  const understand = (query) => {
    const weights = new Map();
    const add = (word, weight) => {
      weights.set(word, Math.max(weight, weights.get(word) || 0));
    };
    const unknown = [];
    const asked = split(query).slice(0, LONG).map(({ word, stem: own }) => {
      if (index.has(own)) add(own, 1);
      if (index.has(own) || typedWords.has(own)) return own;
      const like = similar(word.toLowerCase());
      unknown.push({ word, like });
      for (const other of like) add(stem(other), LIKE);
      return like.length ? stem(like[0]) : own;
    });
    for (const [typed, meant] of meanings) {
      for (let at = 0; at + typed.length <= asked.length; at += 1) {
        if (typed.every((word, i) => word === asked[at + i])) {
          for (const [word, weight] of meant) add(word, weight);
        }
      }
    }
    const whole = `=${asked.join(" ")}`; // the mark of what has this name
    if (index.has(whole)) add(whole, 1);
    return { weights, unknown };
  };

  const find = (weights) => {
    const scores = new Map();
    for (const [word, weight] of weights) {
      const found = index.get(word) || [];
      for (let at = 0; at < found.length; at += 2) {
        scores.set(found[at], (scores.get(found[at]) || 0) + weight * found[at + 1]);
      }
    }
    return [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([number]) => number);
  };

  /* Facets */

  const boxes = new Map(); // by facet and value
  const chosen = (facet) => [...boxes.get(facet)]
    .filter(([, box]) => box.checked).map(([value]) => value);
  const isNarrowed = () => [...boxes.keys()].some((facet) => chosen(facet).length);
  const has = (number, facet, values) => {
    const own = entries[number][3][facet] || [];
    return !values.length || values.some((value) => own.includes(value));
  };

  const count = (found) => {
    for (const [name, , values] of facets) {
      const others = facets.filter(([other]) => other !== name);
      const left = found.filter((number) => (
        others.every(([other]) => has(number, other, chosen(other)))));
      for (const [value] of values) {
        const box = boxes.get(name).get(value);
        const number = left.filter((at) => has(at, name, [value])).length;
        box.parentNode.lastChild.textContent = ` (${number})`;
        box.parentNode.hidden = !number && !box.checked;
      }
      const labels = [...boxes.get(name).values()].map((box) => box.parentNode);
      labels[0].parentNode.hidden = labels.every((label) => label.hidden);
    }
  };

  /* Results */

  const marked = (text, weights) => {
    const parts = [];
    let from = 0;
    for (const { word, stem: own, at } of split(text)) {
      if (!weights.has(own)) continue;
      parts.push(text.slice(from, at), make("mark", {}, word));
      from = at + word.length;
    }
    return [...parts, text.slice(from)];
  };

  // Each word once, and rare words for more, says where an answer stands.
  const worth = (found, weights) => {
    let sum = 0;
    for (const word of new Set(found.map((one) => one.stem))) {
      if (index.has(word)) sum += (weights.get(word) || 0) / Math.log(2 + index.get(word).length);
    }
    return sum;
  };

  // Where the section that answers best begins; -1 where none does.
  const best = (sections, weights) => {
    let [most, at] = [0, -1];
    for (let i = 0; i < sections.length; i += 3) {
      const value = worth(split(`${sections[i + 1]} ${sections[i + 2]}`), weights);
      if (value > most) [most, at] = [value, i];
    }
    return at;
  };

  // About two lines of a text: those that say most of what was asked.
  const excerpt = (text, weights) => {
    const hits = split(text).filter((found) => weights.has(found.stem));
    let [most, from] = [0, 0];
    for (const hit of hits) {
      const near = hits.filter(({ at }) => at >= hit.at && at < hit.at + SIZE * 0.8);
      const value = worth(near, weights);
      if (value > most) [most, from] = [value, hit.at];
    }
    const sentence = Math.max(...[". ", "? ", "! "].map((end) => text.lastIndexOf(end, from))) + 2;
    const isNear = from - sentence < SIZE * 0.4;
    let begin = isNear ? sentence : text.lastIndexOf(" ", from - SIZE * 0.2) + 1;
    if (begin < 2) begin = 0;
    const isEnd = text.length <= begin + SIZE;
    const end = isEnd ? text.length : text.lastIndexOf(" ", begin + SIZE);
    return [isNear || !begin ? "" : "… ", ...marked(text.slice(begin, end), weights), isEnd ? "" : " …"];
  };

  const labels = new Map(facets.map(([name, , values]) => [name, new Map(values)]));
  const result = (number, weights) => {
    const [address, title, summary, own, sections] = entries[number];
    const { href } = new URL(address, root);
    const at = best(sections, weights);
    // What is found by its name alone, such as a term, is told by its text as well.
    const text = at < 0 ? (!summary && sections[2]) || "" : sections[at + 2];
    const where = ["kind", "stage"]
      .filter((facet) => own[facet]?.length === 1)
      .map((facet) => labels.get(facet)?.get(own[facet][0]))
      .filter((label) => label && label !== title);
    const shown = make("li", {},
      make("h2", {}, make("a", { href }, ...marked(title, weights))),
      make("p", { class: "where" }, where.join(" · ")),
      make("p", {}, ...(text ? excerpt(text, weights) : marked(summary, weights))));
    if (at >= 0 && sections[at]) {
      const told_ = fill(words.section, { heading: sections[at + 1] });
      shown.append(make("p", { class: "part" }, make("a", { href: `${href}#${sections[at]}` }, told_)));
    }
    return shown;
  };

  let [shown, looked] = [[], new Map()];
  const showMore = () => {
    const from = list.children.length;
    const next = shown.slice(from, from + PAGE);
    list.append(...next.map((number) => result(number, looked)));
    more.hidden = list.children.length >= shown.length;
    return list.children[from];
  };

  const quoted = (all) => all.map((word) => fill(words.quoted, { word })).join(", ");
  const say = (query, unknown) => {
    const number = shown.length;
    const none = isNarrowed() ? words.narrow : words.none;
    const found = number > 1 ? words.many : number ? words.one : none;
    const lines = [query ? fill(found, { number, query }) : words.ask];
    const missing = unknown.filter(({ like }) => !like.length).map(({ word }) => word);
    if (missing.length) lines.push(fill(words.missing, { words: quoted(missing) }));
    for (const { word, like } of unknown) {
      if (like.length) lines.push(fill(words.instead, { word, words: quoted(like) }));
    }
    told.replaceChildren(...lines.map((line) => make("p", {}, line)));
  };

  const search = () => {
    const query = form.elements.q.value.trim();
    const { weights, unknown } = understand(query);
    const found = find(weights);
    looked = weights;
    shown = found.filter((number) => (
      facets.every(([facet]) => has(number, facet, chosen(facet)))));
    list.replaceChildren();
    showMore();
    count(found);
    say(query, unknown);
    frame.hidden = !found.length;
    ways.hidden = shown.length > 0;
    clear.hidden = !isNarrowed();
  };

  /* State: all of it stands in the address. */

  const read = () => {
    const asked = new URLSearchParams(location.search);
    form.elements.q.value = (asked.get("q") || "").slice(0, form.elements.q.maxLength);
    for (const [facet, values] of boxes) {
      for (const [value, box] of values) box.checked = asked.getAll(facet).includes(value);
    }
    search();
  };
  const write = (how) => {
    const address = new URL(location.href);
    address.search = new URLSearchParams(new FormData(form));
    history[how](null, "", address);
    search();
  };

  for (const [name, label, values] of facets) {
    const field = make("fieldset", {}, make("legend", {}, label));
    boxes.set(name, new Map());
    for (const [value, said] of values) {
      const box = make("input", { type: "checkbox", name, value, form: form.id });
      box.addEventListener("change", () => write("replaceState"));
      boxes.get(name).set(value, box);
      field.append(make("label", {}, box, said, make("span")));
    }
    clear.before(field);
  }
  const facetBox = clear.closest("details");
  facetBox.open = matchMedia("(min-width: 64rem)").matches;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    write("pushState");
  });
  clear.addEventListener("click", () => {
    for (const values of boxes.values()) for (const box of values.values()) box.checked = false;
    write("replaceState");
    facetBox.querySelector("summary").focus();
  });
  more.addEventListener("click", () => showMore().querySelector("a").focus());
  window.addEventListener("popstate", read);
  read();
})();

/* The finder of the theme `stepwise`: a form that narrows the list of all steps.  Its
   state stands in the address; without it the list is whole. */
(() => {
  "use strict";
  const finder = document.querySelector(".stepwise-finder");
  const facets = JSON.parse(finder.dataset.facets);
  const words = JSON.parse(finder.dataset.words);
  const steps = [...finder.querySelectorAll("li[data-found]")].map((item) => {
    const [stage, guidebooks, named] = JSON.parse(item.dataset.found);
    return { item, stage, guidebooks, named: Object.entries(named) };
  });

  const { fill, make } = window.stepwise;

  // A record and a property belong together: that property must name that record.
  const fits = (step, [stage, guidebook, record, by]) => (
    (!stage || step.stage === stage)
    && (!guidebook || step.guidebooks.includes(guidebook))
    && ((!record && !by) || step.named.some(([property, ids]) => (
      (!by || property === by) && (!record || ids.includes(record)))))
  );
  const count = (chosen) => steps.filter((step) => fits(step, chosen)).length;

  const form = make("form", { class: "finder-form", "aria-label": words.label, autocomplete: "off" });
  const selects = facets.map(([name, label, values]) => {
    const select = make("select", { id: `find-${name}`, name }, make("option", { value: "" }));
    for (const [value] of values) select.append(make("option", { value }));
    const field = make("p", {}, make("label", { for: select.id }, label), select);
    field.hidden = values.length < 2;
    form.append(field);
    return select;
  });
  const told = make("p", { class: "finder-told", role: "status", "aria-live": "polite" });
  const clear = make("button", { type: "button", class: "finder-clear" }, words.clear);

  const show = () => {
    const chosen = selects.map((select) => select.value);
    const choices = [];
    selects.forEach((select, at) => {
      for (const [number, option] of [...select.options].entries()) {
        const left = count(chosen.with(at, option.value));
        const name = number ? facets[at][2][number - 1][1] : "";
        option.textContent = fill(number ? words.option : words.any, { name, number: left });
        if (number && option.selected) choices.push(name);
      }
    });
    for (const step of steps) step.item.hidden = !fits(step, chosen);
    for (const stage of finder.querySelectorAll("section")) {
      stage.hidden = !stage.querySelector("li[data-found]:not([hidden])");
    }
    const values = { number: count(chosen), total: steps.length, choices: choices.join(", ") };
    const said = choices.length ? (values.number ? words.found : words.none) : words.all;
    told.textContent = fill(said, values);
    clear.hidden = !choices.length;
  };

  const read = () => {
    const asked = new URLSearchParams(location.search);
    selects.forEach((select) => {
      select.value = asked.get(select.name) || "";
      if (select.selectedIndex < 0) select.value = ""; // an id that there is not
    });
    show();
  };
  const write = () => {
    const address = new URL(location.href);
    for (const { name, value } of selects) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(null, "", address);
    show();
  };

  form.addEventListener("change", write);
  form.addEventListener("submit", (event) => event.preventDefault());
  clear.addEventListener("click", () => {
    for (const select of selects) select.value = "";
    write();
    selects.find((select) => !select.parentNode.hidden).focus();
  });
  window.addEventListener("popstate", read);
  form.append(clear);
  finder.prepend(form, told);
  read();
})();

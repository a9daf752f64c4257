/* Feedback, loaded where it is asked for.  Without it links and forms do the same, and
   whoever gets the answer says thanks. */
(() => {
  "use strict";
  const place = document.querySelector(".feedback");
  if (!place) return;
  const words = JSON.parse(place.dataset.words);
  const told = place.querySelector("[role=status]");
  // Emptied first, so that the same words are heard again.
  const say = (text) => {
    told.textContent = "";
    setTimeout(() => { told.textContent = text; }, 50);
  };

  for (const link of place.querySelectorAll("a")) {
    link.addEventListener("click", () => {
      say(link.protocol === "mailto:" ? words.mail : words.opened);
    });
  }

  // To another host the browser posts the form itself: a script could neither pass a
  // strict policy nor know what came of it.
  const post = async (form, button) => {
    const body = new URLSearchParams(new FormData(form, button));
    const answer = await fetch(form.action, { method: "POST", body });
    if (!answer.ok) throw new Error(String(answer.status));
  };
  for (const form of place.querySelectorAll("form")) {
    let busy = false;
    form.addEventListener("submit", async (event) => {
      if (new URL(form.action).origin !== location.origin) {
        form.target = "_blank";
        say(words.posted);
        return;
      }
      event.preventDefault();
      if (busy) return;
      busy = true;
      try {
        await post(form, event.submitter);
        form.reset();
        say(words.thanks);
      } catch {
        say(words.failed);
      }
      busy = false;
    });
  }
  document.addEventListener("securitypolicyviolation", (event) => {
    if (/^(form-action|connect-src)/.test(event.effectiveDirective)) say(words.failed);
  });
})();

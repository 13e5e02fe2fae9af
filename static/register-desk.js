/* The staff's desk: choosing whom a record is about, and taking over what is stored after a
 * conflict. Every page works without this file; it holds and stores nothing.
 */
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // --- choosing a person or a customer ------------------------------------------------------------

  for (const chooser of all("[data-chooser]")) {
    const search = chooser.querySelector(".chooser-search");
    const found = chooser.querySelector(".chooser-found");
    const chosen = chooser.querySelector("[data-chosen]");
    const name = chosen.querySelector("[data-chosen-name]");
    const field = chooser.querySelector("input[name]:not(.chooser-search)");

    const show = () => {
      chosen.hidden = !field.value;
      search.hidden = Boolean(field.value);
      field.hidden = true;
    };

    found.addEventListener("click", (event) => {
      const one = event.target.closest("[data-choose]");
      if (!one) return;
      field.value = one.dataset.choose;
      name.textContent = one.textContent;
      found.replaceChildren();
      search.value = "";
      show();
      chosen.querySelector("button").focus();
    });

    chosen.querySelector("button").addEventListener("click", () => {
      field.value = "";
      show();
      search.focus();
    });

    chooser.addEventListener("keydown", (event) => {
      const ones = all("[data-choose]", found);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Enter" && event.target === search) event.preventDefault();
      if (!step || !ones.length) return;
      event.preventDefault();
      const next = ones.indexOf(document.activeElement) + step;
      if (next < 0) search.focus();
      else ones[Math.min(next, ones.length - 1)].focus();
    });

    show();
  }

  // --- fields that do not apply ---------------------------------------------------------------------
  //
  // They are left out of what is saved by the server; here they are only hidden, unless something is
  // wrong with what stands in them.

  const dependent = all("[data-applies-to]");

  function showWhatApplies() {
    for (const place of dependent) {
      const other = place.closest("form").elements[place.dataset.appliesTo];
      const applies = place.dataset.appliesIf.split(" ").includes(other.value);
      place.hidden = !applies && !place.matches(".field-wrong, .field-conflict");
    }
  }

  if (dependent.length) {
    document.addEventListener("change", showWhatApplies);
    showWhatApplies();
  }

  // --- lines of a document --------------------------------------------------------------------------

  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const first = event.target.querySelector("[data-first-blank] select");
    if (first) first.focus();
  });

  // --- a form is sent once --------------------------------------------------------------------------

  const SENT_ONCE = ".desk-form, [data-sent-once]";

  document.addEventListener("submit", (event) => {
    if (!event.target.matches(SENT_ONCE)) return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });

  window.addEventListener("pageshow", () => {
    for (const form of all(SENT_ONCE)) delete form.dataset.sent;
  });

  // --- after a conflict -----------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const take = event.target.closest("[data-take]");
    if (!take) return;
    const place = take.closest("[data-conflict]");
    const stored = JSON.parse(take.dataset.take);
    for (const input of all("input, select, textarea", place)) {
      if (input.type === "checkbox") {
        input.checked = Array.isArray(stored) ? stored.includes(input.value) : Boolean(stored);
      } else {
        input.value = stored === null ? "" : stored;
      }
    }
    place.classList.remove("field-conflict");
    place.querySelector(".stored").remove();
    place.querySelector("input, select, textarea").focus();
  });
})();

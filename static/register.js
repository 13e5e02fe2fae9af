/* What the pages do beyond links and forms: calm sentences when an answer fails, the keyboard of
 * the lookup, and the menu. Every page works without this file; it holds and stores nothing.
 */
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // --- answers of the server --------------------------------------------------------------------

  /** Put one sentence in the place where the answer would have been: what was there is gone. */
  function say(place, sentence) {
    const notice = document.createElement("p");
    notice.className = "notice notice-error";
    notice.setAttribute("role", "alert");
    notice.textContent = sentence;
    place.replaceChildren(notice);
  }

  function sentenceFor(status) {
    const sentences = document.body.dataset;
    if (status === 503) return sentences.sayUnavailable;
    if (status === 429) return sentences.sayTooMany;
    if (status === 404) return sentences.sayMissing;
    if (status === 403) return sentences.sayRefused;
    return sentences.sayFailed;
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (xhr.status === 429 && xhr.response) { // the answer says itself how to go on
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    const asked = new URL(requestConfig.path, location.href).pathname;
    if (xhr.responseURL && new URL(xhr.responseURL).pathname !== asked) {
      event.detail.shouldSwap = false; // led elsewhere: the session has ended, sign in again
      location.reload();
    }
  });

  document.addEventListener("htmx:responseError", (event) => {
    say(event.detail.target, sentenceFor(event.detail.xhr.status));
  });

  for (const failure of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      say(event.detail.target, document.body.dataset.sayUnreachable);
    });
  }

  // --- the menu ---------------------------------------------------------------------------------

  const menu = $("details.menu");

  document.addEventListener("click", (event) => {
    if (menu && menu.open && !menu.contains(event.target)) menu.open = false;
  });

  // --- the lookup -------------------------------------------------------------------------------

  const form = $("form.lookup");
  const field = form && $("input[type=search]", form);
  const results = $("#results");
  const status = $("#lookup-status");

  const links = () => (results ? all(".hit-name", results) : []);

  let announcing;
  function announce() {
    clearTimeout(announcing);
    const said = $("[data-announce]", results);
    announcing = setTimeout(() => { status.textContent = said ? said.dataset.announce : ""; }, 400);
  }

  if (results) results.addEventListener("htmx:afterSwap", announce);

  function toTheField() {
    field.focus();
    field.select();
  }

  function clearTheField() {
    if (!field.value) return;
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // --- what is typed on a card, and its shortcuts -----------------------------------------------

  document.addEventListener("input", (event) => {
    const changed = event.target.closest("form[data-unsaved]");
    if (changed) changed.dataset.changed = "";
  });

  const isUnsaved = () => $("form[data-unsaved][data-changed]") !== null;
  const mayLeave = () => !isUnsaved() || window.confirm(document.body.dataset.askUnsaved);

  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved()) event.preventDefault();
  });

  /** A link within the page puts the focus there and leaves the address as it is. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-key][href^='#']");
    const place = link && document.getElementById(link.hash.slice(1));
    if (!place) return;
    event.preventDefault();
    const choices = place.closest("[role=radiogroup]");
    ((choices && $(":checked", choices)) || place).focus();
  });

  function useShortcut(key) {
    const found = all("[data-key]").find(
      (element) => element.dataset.key === key && element.getClientRects().length,
    );
    if (found) found.click();
    return Boolean(found);
  }

  // --- a card beside the results ----------------------------------------------------------------
  //
  // A click on a result is a link to the card's page; here the card comes beside the results (or
  // in their place on a narrow screen), so that they are still there after a look at a wrong card.
  // The address is the card's; the results are kept by the page alone, and nowhere stored.

  const pane = $("#card-pane");
  const startedAt = location.pathname;
  const isOpen = () => pane && !pane.hidden;

  function showCard(address) {
    for (const link of links()) {
      const row = link.closest(".hit");
      if (link.href === address) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    $("#card").replaceChildren();
    pane.hidden = false;
    pane.parentElement.classList.add("has-card");
    htmx
      .ajax("GET", address, { source: pane, target: "#card", swap: "innerHTML" })
      .catch(() => {}); // given up; a failure has been said above
  }

  function hideCard() {
    const current = $(".hit[aria-current] .hit-name", results);
    htmx.trigger(pane, "htmx:abort");
    pane.hidden = true;
    pane.parentElement.classList.remove("has-card");
    $("#card").replaceChildren();
    for (const row of all(".hit[aria-current]", results)) row.removeAttribute("aria-current");
    if (document.activeElement !== field) (current || field).focus();
  }

  function openCard(address) {
    if (!mayLeave()) return;
    if (isOpen()) history.replaceState({ card: address }, "", address);
    else history.pushState({ card: address }, "", address);
    showCard(address);
  }

  /** Hidden at once, so that a second key finds it closed; the address follows. */
  function closeCard() {
    if (!mayLeave()) return;
    hideCard();
    history.back();
  }

  if (pane) {
    results.addEventListener("click", (event) => {
      const link = event.target.closest(".hit-name");
      if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      openCard(link.href);
    });
    $("#card").addEventListener("htmx:afterSwap", (event) => {
      const heading = $("#card h1");
      if (heading && event.detail.target.matches("#card, .caller-card")) heading.focus();
    });
    $("[data-close-card]").addEventListener("click", closeCard);
    window.addEventListener("popstate", (event) => {
      if (event.state && event.state.card) showCard(event.state.card);
      else if (isOpen() && location.pathname === startedAt) hideCard();
    });
    field.addEventListener("input", () => { if (isOpen() && !isUnsaved()) closeCard(); });
  } else {
    window.addEventListener("popstate", () => {
      if (location.pathname !== startedAt) location.reload(); // a card reloaded, then left
    });
  }

  /** Move through the results; before the first one is the field. True if there was a way. */
  function move(step) {
    const found = links();
    const at = found.indexOf(document.activeElement);
    if (!found.length || (at < 0 && (document.activeElement !== field || step < 0))) return false;
    const next = at + step;
    if (next < 0) toTheField();
    else found[Math.min(next, found.length - 1)].focus();
    return true;
  }

  const isTyping = (element) =>
    element.matches("input, textarea, select, [contenteditable]") || element.isContentEditable;

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    const here = document.activeElement || document.body;
    const typedInto = here.closest("form[data-unsaved]");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && typedInto) {
      event.preventDefault();
      typedInto.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      if (menu && menu.open) {
        menu.open = false;
        $("summary", menu).focus();
      } else if (typedInto) {
        event.preventDefault();
        $("h1", typedInto.closest(".caller-card")).focus();
      } else if (isOpen()) {
        event.preventDefault();
        closeCard();
      } else if (field && here === field) {
        event.preventDefault();
        clearTheField();
      } else if (field) {
        toTheField();
      } else {
        const back = $("[data-back]");
        if (back && !isTyping(here)) back.click();
      }
      return;
    }
    if (field && event.key === "ArrowDown" && move(1)) return event.preventDefault();
    if (field && event.key === "ArrowUp" && move(-1)) return event.preventDefault();
    if ("noShortcuts" in document.body.dataset) return;
    if (event.key === "/" && here.matches("[type=search]") && !here.value) {
      return event.preventDefault(); // she is where it leads
    }
    if (isTyping(here)) return;
    if (event.key === "/") {
      event.preventDefault();
      const link = $("[data-lookup-link]");
      if (field) toTheField();
      else if (link) link.click();
    } else if (useShortcut(event.key)) {
      event.preventDefault();
    }
  });
})();

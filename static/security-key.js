/* Connects the buttons of the security-key pages with allauth's own functions.
 *
 * A button says by data-security-key which one ("add" or "authenticate"), and by
 * data-credential the id of the hidden field that takes the key's answer.
 */
"use strict";
(() => {
  const button = document.querySelector("[data-security-key]");
  if (!button || !window.allauth) return;
  const ids = { credential: button.dataset.credential, data: "webauthn-data" };
  if (button.dataset.securityKey === "add") {
    window.allauth.webauthn.forms.addForm({ ids: { ...ids, add: button.id } });
  } else {
    window.allauth.webauthn.forms.authenticateForm({ ids: { ...ids, authenticate: button.id } });
  }
  const failed = document.querySelector("[data-webauthn-failed]");
  button.addEventListener("click", () => { failed.hidden = true; });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    failed.hidden = false;
  });
})();

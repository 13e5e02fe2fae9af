// Clocks that run out: says every half minute what is left, in the words that the page gives.

"use strict";

const EVERY_MS = 30_000;
const MINUTE_MS = 60_000;

function say(clock) {
  const left = Date.parse(clock.dateTime) - Date.now();
  const minutes = Math.floor(Math.abs(left) / MINUTE_MS);
  const words = left < 0 ? clock.dataset.over : clock.dataset.left;
  clock.textContent = words
    .replace("{h}", String(Math.floor(minutes / 60)))
    .replace("{m}", String(minutes % 60));
  clock.classList.toggle("clock-over", left < 0);
}

function sayAll() {
  document.querySelectorAll("time[data-left]").forEach(say);
}

sayAll();
setInterval(sayAll, EVERY_MS);

/* The player of a recording: our own controls, by keyboard too. Without this file the browser's
 * own controls stay; it holds and stores nothing.
 */
"use strict";
(() => {
  const STEP = 5; // seconds

  const player = document.querySelector("[data-player]");
  if (!player) return;
  const $ = (selector) => player.querySelector(selector);
  const media = $("audio, video");
  const own = $(".player-own");
  const line = $("[data-line]");
  const speed = $("[data-speed]");
  const play = $("[data-do=play]");
  const minute = $("#player-minute");
  const said = player.dataset;

  media.controls = false;
  own.hidden = false;

  const length = () => (Number.isFinite(media.duration) ? media.duration : Number(said.length));

  /** 4:05, 1:00:00. */
  function clock(seconds) {
    const whole = Math.floor(seconds);
    const two = (number) => String(number).padStart(2, "0");
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  }

  function show() {
    const at = clock(media.currentTime);
    const whole = clock(length());
    $("[data-at]").textContent = at;
    $("[data-whole]").textContent = whole;
    line.max = Math.floor(length());
    if (document.activeElement !== line || !line.matches(":active")) line.value = media.currentTime;
    line.setAttribute("aria-valuetext", said.sayAt.replace("{at}", at).replace("{length}", whole));
  }

  function toggle() {
    if (media.paused) media.play().catch(() => {}); // a failure is told by the media's own event
    else media.pause();
  }

  function go(seconds) {
    media.currentTime = Math.min(Math.max(seconds, 0), Math.max(length() - 0.1, 0));
    show();
  }

  function faster(step) {
    const next = Math.min(Math.max(speed.selectedIndex + step, 0), speed.options.length - 1);
    speed.selectedIndex = next;
    media.playbackRate = Number(speed.value);
  }

  const does = {
    play: toggle,
    back: () => go(media.currentTime - STEP),
    on: () => go(media.currentTime + STEP),
  };

  for (const event of ["loadedmetadata", "durationchange", "timeupdate", "seeked"]) {
    media.addEventListener(event, show);
  }
  for (const event of ["play", "pause", "ended"]) {
    media.addEventListener(event, () => {
      play.textContent = media.paused ? said.sayPlay : said.sayPause;
    });
  }
  media.addEventListener("error", () => {
    const failed = $("[data-failed]");
    failed.textContent = said.sayEnded;
    failed.hidden = false;
  });
  media.addEventListener("contextmenu", (event) => event.preventDefault());

  player.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) does[button.dataset.do]();
  });
  line.addEventListener("input", () => go(Number(line.value)));
  speed.addEventListener("change", () => { media.playbackRate = Number(speed.value); });

  /** "12" is the minute, "12:30" and "1:02:30" are places. */
  $("[data-jump]").addEventListener("submit", (event) => {
    event.preventDefault();
    const parts = minute.value.split(":").map(Number);
    if (parts.length === 1) parts.push(0);
    go(parts.reduce((sum, part) => sum * 60 + part, 0));
    play.focus();
  });

  const keys = {
    " ": toggle,
    ArrowLeft: does.back,
    ArrowRight: does.on,
    ArrowUp: () => faster(1),
    ArrowDown: () => faster(-1),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || "noShortcuts" in document.body.dataset) return;
    const here = document.activeElement || document.body;
    if (here.matches("select, textarea, input:not([type=range])")) return;
    if (event.key === " " && here !== play && here.matches("button, a, summary")) return;
    const press = keys[event.key];
    if (!press) return;
    event.preventDefault();
    press();
  });

  play.focus();
  show();
})();

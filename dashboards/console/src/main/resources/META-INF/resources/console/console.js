// SPDX-License-Identifier: Apache-2.0
// Keeps the page live: fetches each [data-live] region every second and replaces the parts that changed.
(() => {
  "use strict";

  const PERIOD_MS = 1000;
  const SLOWEST_MS = 8000;
  const TIMEOUT_MS = 6000;
  const word = document.getElementById("connection-text");
  const lamp = document.getElementById("connection");
  const regions = [...document.querySelectorAll("[data-live]")].map((root) => ({ root, etag: null, known: new Map() }));
  let skewMs = 0;
  let failures = 0;

  const parts = (root) => [...root.querySelectorAll("[data-part]")];

  /** Where the reader is, so that a replaced part gives it back. */
  const remember = (part) => {
    const active = document.activeElement;
    return {
      focus: active && active.id && part.contains(active) ? active.id : null,
      scrolls: [...part.querySelectorAll("[id]")]
        .filter((box) => box.scrollTop || box.scrollLeft)
        .map((box) => [box.id, box.scrollTop, box.scrollLeft]),
    };
  };

  const restore = (place) => {
    for (const [id, top, left] of place.scrolls) {
      const box = document.getElementById(id);
      if (box) {
        box.scrollTop = top;
        box.scrollLeft = left;
      }
    }
    if (place.focus) {
      document.getElementById(place.focus)?.focus({ preventScroll: true });
    }
  };

  const swap = (region, html) => {
    const next = document.createElement("template");
    next.innerHTML = html;
    const fresh = parts(next.content);
    const old = parts(region.root);
    const sameShape =
      fresh.length === old.length && fresh.every((part, i) => part.dataset.part === old[i].dataset.part);
    const texts = new Map(fresh.map((part) => [part.dataset.part, part.outerHTML]));
    if (sameShape) {
      fresh.forEach((part, i) => {
        const name = part.dataset.part;
        if (region.known.get(name) !== texts.get(name)) {
          const place = remember(old[i]);
          old[i].replaceWith(part);
          restore(place);
        }
      });
    } else {
      const place = remember(region.root);
      region.root.replaceChildren(next.content);
      restore(place);
    }
    region.known = texts;
    const titled = region.root.querySelector("[data-title]");
    if (titled) {
      document.title = `${titled.dataset.title} · Edgewise`;
    }
    localTimes(region.root);
    tick();
  };

  const localTimes = (root) => {
    for (const time of root.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime);
      if (!Number.isNaN(at.getTime())) {
        time.title = `${at.toLocaleString()} local time`;
      }
    }
  };

  const duration = (seconds) => {
    const s = Math.max(0, Math.floor(seconds));
    const m = Math.floor(s / 60);
    const h = Math.floor(m / 60);
    const two = (a, unit, b, small) => `${a}\u00a0${unit}${b ? ` ${b}\u00a0${small}` : ""}`;
    if (m === 0) return `${s}\u00a0s`;
    if (h === 0) return two(m, "min", s % 60, "s");
    if (h < 24) return two(h, "h", m % 60, "min");
    return two(Math.floor(h / 24), "d", h % 24, "h");
  };

  const tick = () => {
    const now = Date.now() + skewMs;
    for (const clock of document.querySelectorAll("[data-since]")) {
      const text = duration((now - Date.parse(clock.dataset.since)) / 1000);
      if (clock.textContent !== text) {
        clock.textContent = text;
      }
    }
    for (const bar of document.querySelectorAll("progress[data-begin]")) {
      const spent = (now - Date.parse(bar.dataset.begin)) / 1000;
      bar.value = Math.min(100, Math.max(0, (spent * 100) / Number(bar.dataset.least)));
    }
  };

  const say = (state, text) => {
    if (lamp.dataset.state !== state) {
      lamp.dataset.state = state;
      word.textContent = text;
    }
  };

  const load = async (region) => {
    const headers = { Accept: "text/html" };
    if (region.etag) {
      headers["If-None-Match"] = region.etag;
    }
    const answer = await fetch(region.root.dataset.live, {
      headers,
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const at = Number(answer.headers.get("X-Edgewise-Now"));
    if (at) {
      skewMs = at - Date.now();
    }
    if (answer.status === 304) {
      return;
    }
    if (!answer.ok) {
      throw new Error(`the server answered ${answer.status}`);
    }
    region.etag = answer.headers.get("ETag");
    swap(region, await answer.text());
  };

  const round = async () => {
    try {
      await Promise.all(regions.map(load));
      failures = 0;
      say("live", "live");
    } catch {
      failures += 1;
      say("lost", "connection lost, retrying");
    }
    const pause = document.hidden ? 5 * PERIOD_MS : Math.min(SLOWEST_MS, PERIOD_MS * 2 ** Math.max(0, failures - 1));
    setTimeout(round, pause);
  };

  localTimes(document);
  say("live", "live");
  setInterval(tick, 1000);
  setTimeout(round, PERIOD_MS);
})();

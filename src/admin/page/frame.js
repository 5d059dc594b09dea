// What stands above every part: world, clock, connection, parts, and the ribbon of time.

import { PARTS, go, here, link } from "./address.js";
import { byId, fill, h, icon, s } from "./dom.js";
import { isOdd } from "./hub.js";
import { dateOf, many, shortTime, span } from "./when.js";
import { wasRefused } from "./words.js";

/** @typedef {import("./hub.js").Hub} Hub */

/** So many entries are on the ribbon. */
const RIBBON_ENTRIES = 150;
/** The part of the ribbon that has been. */
const PAST_PART = 0.72;
/** Marks of the ribbon are drawn so often at the most. */
const DRAW_MS = 400;

/** @param {Hub} hub */
export function showTabs(hub) {
  const { part } = here();
  /** @type {Record<string, [string, boolean]>} */
  const notes = {
    exchanges: [hub.counts.refused ? `${many(hub.counts.refused)} refused` : "", true],
    worlds: [String(hub.worlds.length || ""), false],
  };
  fill(
    byId("tabs"),
    PARTS.map(({ name, title }) => {
      const [note = "", bad = false] = notes[name] ?? [];
      const current = name === part ? { "aria-current": "page" } : {};
      return h("a", { href: link(name), ...current }, title, note && h("span", { class: bad ? "n bad" : "n" }, note));
    }),
  );
  byId("turn-to").setAttribute("href", link("time"));
  byId("ribbon").setAttribute("href", link("time"));
}

/** @param {Hub} hub */
export function showWorlds(hub) {
  const pick = /** @type {HTMLSelectElement} */ (byId("world"));
  const names = hub.worlds.map((it) => it.name);
  if (!names.includes(hub.world)) names.push(hub.world);
  if (names.join() !== [...pick.options].map((it) => it.value).join()) {
    fill(
      pick,
      names.map((name) => h("option", { value: name }, name)),
    );
  }
  pick.value = hub.world;
  pick.onchange = () => go(link(here().part, {}, pick.value));
  byId("world-title").textContent = hub.facts?.title ?? "";
}

/** @param {Hub} hub */
export function showClock(hub) {
  const clock = hub.facts?.clock;
  if (!clock) return;
  const now = hub.now();
  const time = byId("now");
  time.setAttribute("datetime", new Date(now).toISOString());
  fill(time, h("span", { class: "date" }, dateOf(now)), " ", shortTime(now));
  const mode = byId("mode");
  mode.hidden = clock.mode === "real";
  fill(mode, icon("frozen"), clock.mode === "scaled" ? `× ${clock.rate}` : clock.mode);
  const due = clock.next_due ? Date.parse(clock.next_due) - now : NaN;
  byId("turn-due").textContent = Number.isNaN(due) ? "" : `in ${span(Math.max(0, due))}`;
  byId("wall").textContent = new Date().toISOString().slice(11, 16);
}

/** @param {Hub} hub */
export function showState(hub) {
  const { body } = document;
  /** @type {Record<string, string>} */
  const words = { connecting: "connecting", live: "live", gone: "not connected", missing: "no such world" };
  const word = words[hub.state] ?? hub.state;
  if (byId("conn").textContent !== word) byId("conn").textContent = word;
  if (hub.state === "gone") {
    body.dataset["state"] = "gone";
    const wait = Math.max(0, Math.ceil((hub.retryAt - Date.now()) / 1000));
    const last = hub.newest()?.seq ?? 0;
    byId("gone-text").textContent =
      `The program at ${location.host} does not answer. Trying again in ${wait} s; the list goes on behind entry ${last}, nothing is lost.`;
    byId("gone-now").onclick = () => hub.retry();
  } else if (body.dataset["state"] === "gone") {
    body.dataset["state"] = "live";
  }
}

let drawn = 0;
let planned = 0;

/** @param {Hub} hub */
export function showRibbon(hub) {
  if (planned) return;
  planned = window.setTimeout(
    () => {
      planned = 0;
      drawn = Date.now();
      draw(hub);
    },
    Math.max(0, drawn + DRAW_MS - Date.now()),
  );
}

/**
 * Where moments stand on a ribbon, in percent.
 * @param {number} from
 * @param {number} now
 */
function scale(from, now) {
  const width = Math.max(now - from, 1000);
  return (/** @type {number} */ at) => `${(1.2 + ((at - from) / width) * PAST_PART * 100).toFixed(2)}%`;
}

/**
 * Round moments of an axis: about so many.
 * @param {number} from
 * @param {number} to
 * @param {number} count
 */
export function ticks(from, to, count) {
  const steps = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 21_600, 86_400, 604_800].map((it) => it * 1000);
  const step = steps.find((it) => (to - from) / it <= count) ?? 2_592_000_000;
  const made = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) made.push(at);
  return { made, step };
}

/**
 * @param {number} at
 * @param {number} step
 */
export function tickText(at, step) {
  const text = new Date(at).toISOString();
  if (step >= 86_400_000) return text.slice(5, 10);
  return step < 60_000 ? text.slice(11, 19) : text.slice(11, 16);
}

/** @param {Hub} hub */
function draw(hub) {
  const plot = byId("ribbon-plot");
  const shown = hub.entries.filter((it) => !it.stray).slice(-RIBBON_ENTRIES);
  const now = hub.now();
  const from = shown[0] ? Math.min(Date.parse(shown[0].at), now) : now - 60_000;
  const x = scale(from, now);
  const until = now + ((now - from || 60_000) / PAST_PART) * (1 - PAST_PART);
  const marks = shown.map((it) => {
    const kind = it.action === "checkpoint" ? "cp" : wasRefused(it) ? "bad" : isOdd(it) ? "warn" : "ok";
    return s("use", { href: `#m-${kind}`, x: x(Date.parse(it.at)), y: 18 });
  });
  const axis = ticks(from, until, 7);
  const due = hub.facts?.clock.next_due ? Date.parse(hub.facts.clock.next_due) : NaN;
  fill(
    plot,
    s("rect", { class: "fut", x: x(now), y: 0, width: "100%", height: 28 }),
    axis.made.map((at) => s("line", { class: "ax", x1: x(at), x2: x(at), y1: 0, y2: 28 })),
    axis.made.map((at) => s("text", { class: "axt", x: x(at), dx: 3, y: 9.5 }, tickText(at, axis.step))),
    marks,
    s("line", { class: "mk-now", x1: x(now), x2: x(now), y1: 0, y2: 28 }),
    due <= until && s("use", { href: "#m-due", x: x(due), y: 18 }),
  );
  const refused = shown.filter(wasRefused).length;
  const next = Number.isNaN(due) ? "nothing is due" : `next due in ${span(Math.max(0, due - now))}`;
  byId("ribbon-text").textContent =
    `Time of this world: ${shown.length} entries shown, ${refused} of them refused; ${next}. Opens Time.`;
}

// What stands above every part: world, clock, connection, parts, and the ribbon of time.

import { PARTS, go, here, link } from "./address.js";
import { Choice } from "./choice.js";
import { byId, fill, h, icon, s, setState } from "./dom.js";
import { isOdd, isQuiet } from "./hub.js";
import { Later } from "./later.js";
import { counted, dateOf, iso, many, shortTime, span, tickText, ticks, zone } from "./when.js";
import { wasRefused } from "./words.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./types").Entry} Entry */

/** So many entries are on the ribbon. */
const RIBBON_ENTRIES = 150;
/** The part of the ribbon that has been. */
const PAST_PART = 0.72;
/** Marks of the ribbon are drawn so often at the most. */
const DRAW_MS = 400;
/** So much of the ribbon a time takes that stands beside its mark. */
const LABEL_PART = 0.09;
/** So much of the part before the one that is shown is seen, where they do not fit beside each other. */
const BEFORE_PX = 48;
/** Entries of one moment stand beside each other where all are within so short a time. */
const MOMENT_MS = 1000;

/** What stands behind the name of a part, and whether it is bad. @param {Hub} hub */
function notes(hub) {
  const { found, rules, counts, worlds, closed } = hub;
  const fails = found?.strict?.verdict === "fail";
  const active = rules.filter((it) => it.active).length;
  /** @type {Record<string, [string, boolean]>} */
  const all = {
    exchanges: [counts.refused ? `${many(counts.refused)} refused` : "", true],
    faults: [active ? `${active} on` : "", false],
    worlds: [String(worlds.length + closed.length || ""), false],
    verdict: [fails ? "fails" : found?.findings.length ? counted(found.findings.length, "finding") : "", fails],
  };
  return all;
}

/** Where the parts were scrolled to, so that the one that is shown is in sight. */
let shownAt = -1;

/** @param {Hub} hub */
export function showTabs(hub) {
  const { part } = here();
  const tabs = byId("tabs");
  if (!tabs.childElementCount) {
    const made = PARTS.map(({ name, title }) => h("a", { "data-part": name }, title, h("span.n")));
    fill(tabs, made);
  }
  const all = notes(hub);
  let isWider = false;
  // Put right in place, not made anew: somebody may be at them with the tab key or the pointer.
  for (const tab of tabs.querySelectorAll("a")) {
    const name = tab.dataset["part"] ?? "";
    const [note = "", bad = false] = all[name] ?? [];
    const mark = tab.querySelector("span");
    if (mark && mark.textContent !== note) {
      isWider ||= mark.textContent?.length !== note.length;
      mark.textContent = note;
    }
    mark?.classList.toggle("bad", bad);
    tab.setAttribute("href", link(name));
    if (name === part) {
      if (!tab.hasAttribute("aria-current")) shownAt = -1;
      tab.setAttribute("aria-current", "page");
    } else tab.removeAttribute("aria-current");
  }
  const shown = /** @type {HTMLElement | null} */ (tabs.querySelector("[aria-current]"));
  // Whoever has scrolled them finds them as they were left.
  if (shown && (shownAt < 0 || (isWider && tabs.scrollLeft === shownAt))) {
    tabs.scrollLeft = shown.offsetLeft - tabs.offsetLeft - BEFORE_PX;
    shownAt = tabs.scrollLeft;
  }
  byId("turn-to").setAttribute("href", link("time"));
  byId("ribbon").setAttribute("href", link("time"));
}

const worldChoice = new Choice();

/** @param {Hub} hub */
export function showWorlds(hub) {
  const pick = /** @type {HTMLSelectElement} */ (byId("world"));
  const { value } = pick;
  const names = hub.worlds.map((it) => it.name);
  if (!names.includes(hub.world)) names.push(hub.world);
  if (names.join() !== [...pick.options].map((it) => it.value).join()) {
    fill(
      pick,
      names.map((name) => h("option", { value: name }, name)),
    );
  }
  // What the keys are at stays while it is not acted on.
  pick.value = worldChoice.waits ? value : hub.world;
  if (!pick.onchange) worldChoice.of(pick, (name) => go(link(here().part, {}, name)));
  fill(byId("world-title"), hub.facts?.title);
}

/** @param {Hub} hub */
export function showClock(hub) {
  const clock = hub.facts?.clock;
  if (!clock) return;
  const now = hub.now();
  const time = byId("now");
  time.setAttribute("datetime", iso(now));
  fill(time, h("span.date", dateOf(now)), " ", shortTime(now));
  byId("zone").textContent = zone();
  const mode = byId("mode");
  mode.hidden = clock.mode === "real";
  fill(
    mode,
    icon(clock.mode === "frozen" ? "frozen" : "clock"),
    clock.mode === "scaled" ? `× ${clock.rate}` : clock.mode,
  );
  const due = clock.next_due ? Date.parse(clock.next_due) - now : NaN;
  const isNone = Number.isNaN(due);
  byId("turn-due").textContent = isNone ? "Nothing due" : `in ${span(Math.max(0, due))}`;
  byId("turn-word").hidden = isNone;
  byId("turn-next").toggleAttribute("disabled", isNone || document.body.classList.contains("is-advancing"));
  byId("wall").textContent = shortTime(Date.now()).slice(0, 5);
}

/** @param {Hub} hub */
export function showConnection(hub) {
  /** @type {Record<string, string>} */
  const words = { connecting: "connecting", live: "live", gone: "not connected", missing: "no such world" };
  const word = (hub.state === "gone" && hub.why?.brief) || (words[hub.state] ?? hub.state);
  if (byId("conn").textContent !== word) byId("conn").textContent = word;
  setState("gone", hub.state === "gone");
  if (hub.state !== "gone") return;
  const wait = Math.max(0, Math.ceil((hub.retryAt - Date.now()) / 1000));
  const last = hub.newest()?.seq ?? 0;
  byId("gone-text").textContent =
    `${hub.why?.text ?? ""} Trying again in ${wait} s; the list goes on behind entry ${last}, nothing is lost.`;
  byId("gone-now").onclick = () => hub.retry();
}

let drawn = 0;
/** @type {Hub | undefined} Whose line of time is drawn next. */
let whose;
const ribbon = new Later(
  () => Math.max(0, drawn + DRAW_MS - Date.now()),
  () => {
    drawn = Date.now();
    if (whose) draw(whose);
  },
);

/** Where the clock runs, the line of time does. @param {Hub} hub */
export function tick(hub) {
  showClock(hub);
  if (hub.facts && hub.facts.clock.mode !== "frozen") showRibbon(hub);
  if (hub.state === "gone") showConnection(hub);
}

/** @param {Hub} hub */
export function showRibbon(hub) {
  whose = hub;
  ribbon.plan();
}

/**
 * What stands for an entry on a line of time.
 * @param {Entry} entry
 */
export function markOf(entry) {
  if (entry.action === "checkpoint") return "cp";
  return wasRefused(entry) ? "bad" : isOdd(entry) ? "warn" : "ok";
}

/**
 * Where entries stand between the first and now, as a part of one. Those of a frozen clock are all of one
 * moment: they stand in their order then, which is said beside them.
 * @param {Entry[]} entries
 * @param {number} from
 * @param {number} now
 */
export function places(entries, from, now) {
  const isMoment = now - from < MOMENT_MS;
  const at = entries.map((it, index) =>
    isMoment ? (index + 1) / (entries.length + 1) : (Date.parse(it.at) - from) / (now - from),
  );
  return { isMoment, at };
}

/** @param {Hub} hub */
function draw(hub) {
  const plot = byId("ribbon-plot");
  // Of steps of the clock that fired nothing the line itself tells.
  const shown = hub.entries.filter((it) => !it.stray && !isQuiet(it)).slice(-RIBBON_ENTRIES);
  const now = hub.now();
  const from = shown[0] ? Math.min(Date.parse(shown[0].at), now) : now - 60_000;
  const { isMoment, at } = places(shown, from, now);
  const percent = (/** @type {number} */ part) => `${(1.2 + part * PAST_PART * 100).toFixed(2)}%`;
  const x = (/** @type {number} */ moment) =>
    percent(isMoment && moment <= now ? 1 : (moment - from) / (now - from || 60_000));
  const until = now + ((now - from || 60_000) / PAST_PART) * (1 - PAST_PART);
  const marks = shown.map((it, index) => s("use", { href: `#m-${markOf(it)}`, x: percent(at[index] ?? 0), y: 18 }));
  const axis = isMoment ? { made: [], step: 0 } : ticks(from, until, 7);
  const due = hub.facts?.clock.next_due ? Date.parse(hub.facts.clock.next_due) : NaN;
  const isNear = !isMoment && due <= until;
  const timers = hub.facts?.clock.timers ?? 0;
  // The time of a mark stands at its right: there has to be room before what is said of now.
  const isClear = (/** @type {number} */ it) => it < now - (now - from) * LABEL_PART;
  const next = Number.isNaN(due) ? "nothing is due" : `next due at ${shortTime(due)}`;
  const more = timers > 1 ? `${next}, ${counted(timers, "timer")} in all` : next;
  fill(
    plot,
    s("rect.fut", { x: percent(1), y: 0, width: "100%", height: 28 }),
    axis.made.map((it) => s("line.ax", { x1: x(it), x2: x(it), y1: 0, y2: 28 })),
    axis.made.filter(isClear).map((it) => s("text.axt", { x: x(it), dx: 3, y: 9.5 }, tickText(it, axis.step))),
    isMoment && shown.length > 0 && s("text.axt", { x: percent(0), y: 9.5 }, "all at one moment, in their order"),
    marks,
    s("line.mk-now", { x1: percent(1), x2: percent(1), y1: 0, y2: 28 }),
    s("text.axt.nowt", { x: percent(1), dx: 5, y: 9.5 }, `now ${shortTime(now)}`),
    s("text.axt.rest", { x: "99.4%", y: 9.5, "text-anchor": "end" }, more),
    isNear && s("use", { href: "#m-due", x: x(due), y: 18 }),
  );
  const refused = shown.filter(wasRefused).length;
  byId("ribbon-text").textContent =
    `Time of this world: ${counted(shown.length, "entry", "entries")} shown, ${refused} of them refused; ${more}. Opens Time.`;
}

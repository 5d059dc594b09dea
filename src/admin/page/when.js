// Times and spans as people read them: in UTC, as the wire has them, or in the reader's own zone.

/** Where it is kept that this reader wants times in the own zone. */
const LOCAL = "ringback-local-times";

const MONTH_MS = 30 * 86_400_000;
const YEAR_MS = 365 * 86_400_000;

let local = localStorage.getItem(LOCAL) !== null;

export function isLocal() {
  return local;
}

/** @param {boolean} is */
export function setLocal(is) {
  local = is;
  if (is) localStorage.setItem(LOCAL, "yes");
  else localStorage.removeItem(LOCAL);
}

/** The zone that times are shown in. */
export function zone() {
  return local ? Intl.DateTimeFormat().resolvedOptions().timeZone : "UTC";
}

/**
 * How far the clock on the wall is from UTC at a moment, in milliseconds.
 * @param {number} at
 */
export function shift(at) {
  return local ? -new Date(at).getTimezoneOffset() * 60_000 : 0;
}

/**
 * A moment as the wire has it; what is none stays as it is.
 * @param {string | number} at
 */
export function iso(at) {
  const made = new Date(at);
  return Number.isNaN(made.getTime()) ? String(at) : made.toISOString();
}

/** The same with the hours of the zone that is shown. @param {string | number} at */
function shown(at) {
  const ms = new Date(at).getTime();
  return Number.isNaN(ms) ? String(at) : iso(ms + shift(ms));
}

/** @param {string | number} at */
export function clockTime(at) {
  const text = shown(at).slice(11, 23);
  return text.endsWith(".000") ? text.slice(0, 8) : text;
}

/** @param {string | number} at */
export function shortTime(at) {
  return shown(at).slice(11, 19);
}

/** @param {string | number} at */
export function dateOf(at) {
  return shown(at).slice(0, 10);
}

/** @param {string | number} at */
export function longDate(at) {
  const parts = /** @type {const} */ ({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  return new Date(at).toLocaleDateString("en-GB", { ...parts, timeZone: zone() });
}

/**
 * Round moments of an axis: about so many.
 * @param {number} from
 * @param {number} to
 * @param {number} count
 */
export function ticks(from, to, count) {
  const days = [1, 7, 30, 90].map((it) => it * 86_400);
  const steps = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 21_600, ...days].map((it) => it * 1000);
  const step = steps.find((it) => (to - from) / it <= count);
  const made = [];
  if (step) {
    const away = shift(from);
    for (let at = Math.ceil((from + away) / step) * step - away; at <= to; at += step) made.push(at);
    return { made, step };
  }
  // From there on in whole years, however far it goes.
  const years = Math.ceil((to - from) / YEAR_MS / count);
  const first = Math.ceil((new Date(from).getUTCFullYear() + 1) / years) * years;
  for (let year = first; Date.UTC(year) <= to; year += years) made.push(Date.UTC(year) - shift(Date.UTC(year)));
  return { made, step: years * YEAR_MS };
}

/**
 * @param {number} at
 * @param {number} step
 */
export function tickText(at, step) {
  const text = shown(at);
  if (step >= YEAR_MS) return text.slice(0, 4);
  if (step >= MONTH_MS) return text.slice(0, 10);
  if (step >= 86_400_000) return text.slice(5, 10);
  const time = text.slice(11, 19);
  // Where a day begins it is said which.
  if (time === "00:00:00") return text.slice(5, 10);
  return step < 60_000 ? time : time.slice(0, 5);
}

/**
 * A span of milliseconds: 2.8 s, 1:03, 2:04:10.
 * @param {number} ms
 */
export function span(ms) {
  const all = Math.abs(ms);
  if (all < 1000) return `${Math.round(all)} ms`;
  if (all < 60_000) return `${(all / 1000).toFixed(all % 1000 && all < 10_000 ? 1 : 0)} s`;
  const seconds = Math.floor(all / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (/** @type {number} */ it) => String(it).padStart(2, "0");
  if (hours >= 24) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** @param {number} count */
export function many(count) {
  return count.toLocaleString("en-GB");
}

/**
 * So many of something: 1 entry, 2 entries.
 * @param {number} count
 * @param {string} one
 * @param {string} [more]
 */
export function counted(count, one, more = `${one}s`) {
  return `${many(count)} ${count === 1 ? one : more}`;
}

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 10_000) return counted(bytes, "byte");
  if (bytes < 1_000_000) return `${Math.round(bytes / 1024)} KiB`;
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

// Times and spans as people read them. A time of the world is always in UTC, as the wire has it.

/** @param {string | number} at */
export function clockTime(at) {
  const text = iso(at).slice(11, 23);
  return text.endsWith(".000") ? text.slice(0, 8) : text;
}

/** @param {string | number} at */
export function shortTime(at) {
  return iso(at).slice(11, 19);
}

/** @param {string | number} at */
export function dateOf(at) {
  return iso(at).slice(0, 10);
}

/** @param {string | number} at */
export function iso(at) {
  const made = new Date(at);
  return Number.isNaN(made.getTime()) ? String(at) : made.toISOString();
}

/** @param {string | number} at */
export function longDate(at) {
  const options = /** @type {const} */ ({
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  return new Date(at).toLocaleDateString("en-GB", options);
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

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 10_000) return `${many(bytes)} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1024)} KiB`;
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

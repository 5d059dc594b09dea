// What is shown, as an address: world, part, filter, selection. A link can be sent to somebody.

/** The parts, with the letter that goes there after `g`. */
export const PARTS = [
  { name: "exchanges", title: "Exchanges", key: "e" },
  { name: "vendors", title: "Vendors", key: "v" },
  { name: "time", title: "Time", key: "t" },
  { name: "faults", title: "Faults", key: "f" },
  { name: "worlds", title: "Worlds", key: "w" },
  { name: "verdict", title: "Verdict", key: "d" },
  { name: "evidence", title: "Evidence", key: "i" },
  { name: "people", title: "People", key: "p" },
  { name: "day", title: "Day", key: "y" },
  { name: "manual", title: "Manual", key: "m" },
];

/** @typedef {{ world: string, part: string, params: URLSearchParams }} Address */

/** As long as the name of a world may be. */
export const NAME_CHARS_MAX = 63;

/**
 * Whether a world can be called so.
 * @param {string} name
 */
export function isName(name) {
  return /^[a-z0-9][a-z0-9_-]*$/.test(name) && name.length <= NAME_CHARS_MAX;
}

/** @returns {Address} */
export function here() {
  const params = new URLSearchParams(location.search);
  const part = params.get("part") ?? "";
  const known = PARTS.some((it) => it.name === part);
  return { world: params.get("world") || "default", part: known ? part : "exchanges", params };
}

/**
 * The address of a part, with what is selected in it.
 * @param {string} part
 * @param {Record<string, string | number | null | undefined>} [selected]
 * @param {string} [world]
 */
export function link(part, selected = {}, world = here().world) {
  const params = new URLSearchParams({ world, part });
  for (const [name, value] of Object.entries(selected)) {
    if (value !== "" && value !== null && value !== undefined) params.set(name, String(value));
  }
  return `/?${params}`;
}

/**
 * The address that is shown, with something in it changed; an empty value goes.
 * @param {Record<string, string | number | null>} changes
 */
export function changed(changes) {
  const { world, part, params } = here();
  const kept = Object.fromEntries(params);
  return link(part, { ...kept, ...changes, world, part }, world);
}

/** Where the command looks for the program, unless it is told. */
const ADMIN_PORT = "8081";

/**
 * A line for a terminal that means this program, and this world.
 * @param {string} text
 * @param {string} [world]
 */
export function command(text, world = here().world) {
  const which = world === "default" ? "" : ` --world ${world}`;
  return `ringback ${text}${which}${location.port === ADMIN_PORT ? "" : ` --admin ${location.origin}`}`;
}

/** @type {() => void} */
let moved = () => {};

/** @param {() => void} listener Called whenever the address is another. */
export function onMove(listener) {
  moved = listener;
  window.addEventListener("popstate", listener);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const target = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const href = target?.getAttribute("href");
    if (!href || !(href === "/" || href.startsWith("/?"))) return;
    event.preventDefault();
    go(href);
  });
}

/**
 * @param {string} href
 * @param {boolean} [replace] In the place of the address that is shown: for what is typed.
 */
export function go(href, replace = false) {
  if (replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  moved();
}

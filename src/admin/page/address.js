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
/**
 * Where on the page one is: how far it and what is in it are scrolled, or which row of a list stands where.
 * @typedef {{ y: number, inner: import("./dom.js").Scrolled, key?: string | undefined, top?: number }} Place
 */

/** Stands in an address for the newest checkpoint; none is called so. */
export const NEWEST = "*";

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

/** So long a page may take to be again what it was, for somebody who goes back. */
const RETURN_MS = 5000;

/** @type {() => void} */
let moved = () => {};
/** @type {() => Place} */
let placeNow = () => ({ y: 0, inner: new Map() });
/** Where somebody was at each entry of the browser's history. @type {Map<string, Place>} */
const places = new Map();
/** The entry that is shown. */
let shown = "";
/** @type {Place | null} Where somebody was who has just gone back. */
let place = null;
let staying = 0;

/** The place to which somebody goes back who has moved nowhere else since; `null` where nobody does. */
export function placeBefore() {
  return place;
}

/**
 * What is shown is an entry of the history's that may be come back to.
 * @param {Place} [back] Where one was then.
 */
function begin(back) {
  shown = history.state?.shown ?? String(Math.random());
  // One that was made by the browser, by an address or a place in the page.
  if (!history.state) history.replaceState({ shown }, "");
  place = back ?? null;
  clearTimeout(staying);
  if (place !== null) staying = window.setTimeout(stay, RETURN_MS);
}

/** From now on it is the reader who says where the page stands. */
function stay() {
  place = null;
}

/**
 * @param {() => void} listener Called whenever the address is another.
 * @param {() => Place} where Says where on the page one is.
 */
export function onMove(listener, where) {
  moved = listener;
  placeNow = where;
  // What is shown comes later than the browser would put the page back.
  history.scrollRestoration = "manual";
  begin(history.state?.place);
  window.addEventListener("popstate", () => {
    places.set(shown, placeNow());
    begin(places.get(history.state?.shown) ?? history.state?.place);
    listener();
  });
  window.addEventListener("pagehide", () => history.replaceState({ shown, place: placeNow() }, ""));
  for (const it of ["wheel", "pointerdown", "touchmove", "keydown"])
    window.addEventListener(it, stay, { capture: true, passive: true });
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
  if (replace) history.replaceState({ shown }, "", href);
  else {
    places.set(shown, placeNow());
    shown = String(Math.random());
    history.pushState({ shown }, "", href);
    stay();
  }
  moved();
}

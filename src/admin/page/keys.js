// Keys. None works while a field has the focus; single keys can be switched off (WCAG 2.1.4).

import { PARTS, go, link } from "./address.js";
import { byId } from "./dom.js";

const OFF = "ringback-keys-off";

/** @type {() => Record<string, () => void>} */
let ofPart = () => ({});
/** Until when the letter behind `g` is waited for. */
let waiting = 0;
const LETTER_MS = 2000;

/** @param {EventTarget | null} target */
function isField(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Whether single keys do nothing. */
export function off() {
  return localStorage.getItem(OFF) !== null;
}

/** @param {boolean} is */
export function setOff(is) {
  if (is) localStorage.setItem(OFF, "yes");
  else localStorage.removeItem(OFF);
}

/**
 * @param {Record<string, () => void>} always Keys that work on every part.
 * @param {() => Record<string, () => void>} part Keys of the part that is shown.
 */
export function listen(always, part) {
  ofPart = part;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const inField = isField(event.target);
    if (event.key !== "Escape" && (inField || off())) return;
    if (byId("help").hasAttribute("open")) return;
    // By when it was pressed: a page that is busy hears of it later.
    if (event.key !== "Shift" && event.timeStamp < waiting) {
      waiting = 0;
      const there = PARTS.find((it) => it.key === event.key);
      if (there) {
        event.preventDefault();
        go(link(there.name));
      }
      return;
    }
    if (event.key === "g") {
      waiting = event.timeStamp + LETTER_MS;
      return;
    }
    // Enter and the blank belong to the control that has the focus.
    const onControl = event.target instanceof Element && event.target.closest("a, button, summary");
    if (event.key === "Enter" && onControl) return;
    const action = ofPart()[event.key] ?? always[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

// Keys. None works while a field has the focus; single keys can be switched off (WCAG 2.1.4).

import { PARTS, go, link } from "./address.js";
import { byId, fill, h } from "./dom.js";
import { isLocal, setLocal } from "./when.js";

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

function off() {
  return localStorage.getItem(OFF) !== null;
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
    if (event.key !== "Shift" && Date.now() < waiting) {
      waiting = 0;
      const there = PARTS.find((it) => it.key === event.key);
      if (there) {
        event.preventDefault();
        go(link(there.name));
      }
      return;
    }
    if (event.key === "g") {
      waiting = Date.now() + LETTER_MS;
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

/** Opens the help. */
export function help() {
  const dialog = /** @type {HTMLDialogElement} */ (byId("help"));
  /** @type {[string[], string][]} */
  const rows = [
    [["j", "k"], "next, previous line"],
    [["J", "K"], "next, previous refusal"],
    [["Enter"], "open the line"],
    [["Esc"], "close; back to the line you came from"],
    [["/"], "filter"],
    [
      ["g", "e"],
      "go to a part: e Exchanges, v Vendors, t Time, f Faults, w Worlds, d Verdict, i Evidence, p People, y Day",
    ],
    [["c", "s", "n"], "copy as curl, step, condition"],
    [["b"], "break the next one like this"],
    [["."], "advance to the next timer"],
    [[","], "set a checkpoint"],
    [["x"], "pause the list, go on"],
    [["?"], "this help"],
  ];
  const keyed = rows.map(([keys, text]) =>
    h(
      "div",
      h(
        "dt",
        keys.flatMap((key) => [h("kbd", key), " "]),
      ),
      h("dd", text),
    ),
  );
  const box = h("input", { type: "checkbox", id: "keys-on" });
  box.checked = !off();
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "yes");
  });
  const local = h("input", { type: "checkbox", checked: isLocal() });
  local.addEventListener("change", () => {
    setLocal(local.checked);
    // Every time that is shown is another: the page begins anew where it is.
    location.reload();
  });
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  fill(
    dialog,
    h("h2", { id: "help-h" }, "Keys"),
    h("dl.keymap", keyed),
    h("p", h("label.choice", box, "single keys do something")),
    h("p", h("label.choice", local, `times in my zone, ${own}; else in UTC, as on the wire`)),
    h("form", { method: "dialog" }, h("button.btn", "Close ", h("kbd", "Esc"))),
  );
  dialog.showModal();
}

// The help: which keys there are, and what a reader wants otherwise.

import { byId, fill, h } from "./dom.js";
import { off, setOff } from "./keys.js";
import { isLocal, setLocal } from "./when.js";

/** Opens the help. */
export function help() {
  const dialog = /** @type {HTMLDialogElement} */ (byId("help"));
  if (dialog.open) return;
  /** @type {[string[], string][]} */
  const rows = [
    [["j", "k"], "next, previous line"],
    [["J", "K"], "next, previous refusal"],
    [["Enter"], "open the line"],
    [["Esc"], "close; back to the line you came from"],
    [["/"], "filter; in People and Manual: search"],
    [
      ["g", "e"],
      "go to a part: e Exchanges, v Vendors, t Time, f Faults, w Worlds, d Verdict, i Evidence, p People, y Day, m the manual",
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
  box.addEventListener("change", () => setOff(!box.checked));
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

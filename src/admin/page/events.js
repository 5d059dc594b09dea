// What a person lets happen outside a vendor's API: a form for each event, with its fields checked.

import { inWorld, send } from "./api.js";
import { button, copy, field, fill, h, icon, panel, select, sender, toast } from "./dom.js";
import { keyOf } from "./compare.js";
import { ask, curlOf, mark, shown, valuesOf } from "./schema.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./types").Row} Row */
/** @typedef {import("./types").Vendor} Vendor */
/** @typedef {import("./types").VendorEvent} VendorEvent */
/** @typedef {import("./schema.js").Asked} Asked */

/** So many rows are offered for a field that names one. */
const OFFERED = 100;

/**
 * @param {Hub} hub
 * @param {Vendor} vendor
 * @param {VendorEvent[]} events
 * @param {Record<string, Row[]>} rows The rows of the vendor's tables.
 */
export function eventForm(hub, vendor, events, rows) {
  const pick = select(
    events.map((it) => it.name),
    events[0]?.name ?? "",
  );
  const what = h("p.small.mid");
  const place = h("div");
  const show = () => {
    const event = events.find((it) => it.name === pick.value);
    if (!event) return;
    what.textContent = `${event.text}.`;
    fill(place, fieldsOf(hub, vendor, event, rows));
  };
  pick.addEventListener("change", show);
  show();
  const note = "What happens outside the vendor's API. It goes through the same rules as the clock's own events.";
  return panel(
    "Let something happen",
    null,
    h("div.in.form", h("p.small.mid", note), field("Event", pick, what), place),
  );
}

/**
 * Rows that a field may name: of the table that is called as it is.
 * @param {Asked} asked
 * @param {Record<string, Row[]>} rows
 */
function offer(asked, rows) {
  const stem = asked.name.replace(/_?id$/i, "").toLowerCase();
  const table = Object.keys(rows).find((it) => it === `${stem}s` || it === stem);
  const found = (table && rows[table]) || [];
  if (!found.length) return null;
  const id = `offer-${asked.error.id}`;
  asked.input.setAttribute("list", id);
  const options = found.slice(0, OFFERED).map((row) => {
    const name = row["full_name"] ?? row["name"] ?? row["name_last"] ?? row["number"] ?? "";
    const state = row["state"] ?? row["status"] ?? "";
    return h("option", { value: keyOf(row) }, [name, state].filter(Boolean).join(", "));
  });
  return h("datalist", { id }, options);
}

/**
 * @param {Hub} hub
 * @param {Vendor} vendor
 * @param {VendorEvent} event
 * @param {Record<string, Row[]>} rows
 */
function fieldsOf(hub, vendor, event, rows) {
  const fields = event.fields.map((it) => ask(it.name, it.schema, "", it.required));
  const error = h("p.err.bad.small", { role: "alert" });
  const path = inWorld(hub.world, "events", vendor.name, event.name);
  const form = h(
    "form.form",
    fields.map((it) => [shown(it), offer(it, rows)]),
    error,
    h(
      "div.btns",
      sender("Let it happen"),
      button([icon("copy"), "curl"], () => void copy(curlOf(path, JSON.stringify(valuesOf(fields)))), {
        class: "btn plain",
      }),
    ),
  );
  form.addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    error.textContent = mark(fields, null);
    send("POST", path, valuesOf(fields)).then(
      () => toast(`${event.name} happened.`),
      (problem) => {
        error.textContent = mark(fields, problem);
      },
    );
  });
  return form;
}

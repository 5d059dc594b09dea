// The difference of two worlds, table by table, from the tables of both.

import { get, inWorld } from "./api.js";
import { h, table } from "./dom.js";
import { many } from "./when.js";

/** @typedef {import("./types").Row} Row */
/** @typedef {{ vendor: string, table: string, how: "+" | "~" | "−", row: string, column: string, was: string, is: string }} Change */

/** So many rows of a table are compared. */
const ROWS_MAX = 5000;
const PAGE_ROWS = 1000;
/** So many changes are shown. */
const SHOWN = 400;

/**
 * The rows of a table.
 * @param {string} world
 * @param {string} vendor
 * @param {string} name
 * @param {number} most
 * @returns {Promise<Row[]>}
 */
export async function rowsOf(world, vendor, name, most = ROWS_MAX) {
  /** @type {Row[]} */
  const all = [];
  while (all.length < most) {
    const limit = Math.min(PAGE_ROWS, most - all.length);
    const path = inWorld(world, "state", vendor, name);
    /** @type {{ rows: Row[] }} */
    const page = await get(`${path}?offset=${all.length}&limit=${limit}`);
    all.push(...page.rows);
    if (page.rows.length < limit) break;
  }
  return all;
}

/**
 * What a row is known by.
 * @param {Row} row
 */
export function keyOf(row) {
  for (const name of ["id", "uid", "seq", "token", "login"]) if (name in row) return String(row[name]);
  return Object.values(row).slice(0, 2).join("/");
}

/**
 * Rows by what they are known by; where that is not theirs alone, by the campaign as well.
 * @param {Row[]} rows
 */
function keyed(rows) {
  const short = new Map(rows.map((row) => [keyOf(row), row]));
  if (short.size === rows.length) return short;
  return new Map(rows.map((row) => [`${row["campaign_id"] ?? ""}/${keyOf(row)}`, row]));
}

/** @param {Row} row */
function brief(row) {
  return Object.entries(row)
    .filter(([, it]) => it !== null && it !== "")
    .slice(0, 4)
    .map(([name, it]) => `${name} ${it}`)
    .join(", ");
}

/**
 * @param {string} vendor
 * @param {string} name
 * @param {Row[]} before
 * @param {Row[]} after
 * @returns {Change[]}
 */
export function changesIn(vendor, name, before, after) {
  const [old, now] = [keyed(before), keyed(after)];
  /** @type {Change[]} */
  const changes = [];
  const at = { vendor, table: name };
  for (const [row, is] of now) {
    const was = old.get(row);
    if (!was) {
      changes.push({ ...at, how: "+", row, column: "", was: "", is: brief(is) });
      continue;
    }
    for (const [column, value] of Object.entries(is)) {
      if (value !== was[column])
        changes.push({ ...at, how: "~", row, column, was: String(was[column]), is: String(value) });
    }
  }
  for (const [row, was] of old) {
    if (!now.has(row)) changes.push({ ...at, how: "−", row, column: "", was: brief(was), is: "" });
  }
  return changes;
}

/**
 * @param {string} before
 * @param {string} after
 * @returns {Promise<Change[]>}
 */
export async function difference(before, after) {
  /** @type {{ vendors: import("./types").Vendor[] }} */
  const { vendors } = await get("/v1/vendors");
  const tables = vendors.flatMap((vendor) => vendor.tables.map((name) => ({ vendor: vendor.name, name })));
  const found = await Promise.all(
    tables.map(async ({ vendor, name }) => {
      const [old, now] = await Promise.all([rowsOf(before, vendor, name), rowsOf(after, vendor, name)]);
      return changesIn(vendor, name, old, now);
    }),
  );
  return found.flat();
}

/** @type {Record<string, [string, string]>} */
const SIGNS = { "+": ["add", "new"], "~": ["chg", "changed"], "−": ["rem", "gone"] };

/**
 * The changes as a table.
 * @param {Change[]} changes
 * @param {string} before
 * @param {string} after
 */
export function differenceTable(changes, before, after) {
  const rows = changes.slice(0, SHOWN).map((it) => {
    const [sign = "", said = ""] = SIGNS[it.how] ?? [];
    return h(
      "tr",
      null,
      h(
        "td",
        null,
        h("span", { class: `sign ${sign}`, "aria-hidden": "true" }, it.how),
        h("span", { class: "vh" }, said),
      ),
      h("td", { class: "mid" }, it.vendor),
      h("td", { class: "mono" }, it.table),
      h("td", { class: "mono" }, it.row),
      h("td", { class: "mono" }, it.column),
      h("td", { class: "was" }, h("code", null, it.was.slice(0, 80))),
      h("td", { class: "is" }, h("code", null, it.is.slice(0, 80))),
    );
  });
  const shown = table("Rows that differ", [{ text: "how" }, "vendor", "table", "row", "column", before, after], rows);
  shown.querySelector("table")?.classList.add("diff");
  const more = changes.length - rows.length;
  return [shown, more > 0 && h("p", { class: "in small dim" }, `and ${many(more)} more`)];
}

/** @param {Change[]} changes */
export function summary(changes) {
  if (!changes.length) return "No row differs.";
  const rows = new Set(changes.map((it) => `${it.vendor} ${it.table} ${it.row}`)).size;
  const tables = new Set(changes.map((it) => `${it.vendor} ${it.table}`)).size;
  return `${many(rows)} rows differ in ${tables} ${tables === 1 ? "table" : "tables"}`;
}

// Rows of tables, and how a world differs from its seed, a checkpoint, or another world.

import { get, inWorld } from "./api.js";
import { complain, fill, h, table } from "./dom.js";
import { many } from "./when.js";

/** @typedef {import("./types").Row} Row */
/** @typedef {import("./types").Differences} Differences */
/** @typedef {import("./types").Changed} Changed */

/** So many rows of a table are read, unless said otherwise. */
const ROWS_MAX = 5000;
const PAGE_ROWS = 1000;
/** So many rows that differ are shown. */
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

/** @param {Record<string, unknown>} row */
function brief(row) {
  return Object.entries(row)
    .filter(([, it]) => it !== null && it !== "")
    .slice(0, 4)
    .map(([name, it]) => `${name} ${it}`)
    .join(", ");
}

/**
 * What has become of a world.
 * @param {string} world
 * @param {string} from As the control plane takes it: `seed`, `checkpoint:NAME` or `world:NAME`.
 * @returns {Promise<Differences>}
 */
function differences(world, from) {
  return get(`${inWorld(world, "diff")}?from=${encodeURIComponent(from)}&limit=${SHOWN}`);
}

/** @type {Record<Changed["how"], [string, string, string]>} */
const SIGNS = { added: ["+", "add", "new"], changed: ["~", "chg", "changed"], removed: ["−", "rem", "gone"] };

/**
 * The cells of one difference: of a changed row a line a field.
 * @param {Changed} it
 * @returns {[string, string, string][]}
 */
function cells(it) {
  if (it.how === "added") return [["", "", brief(it.row)]];
  if (it.how === "removed") return [["", brief(it.row), ""]];
  return Object.entries(it.fields ?? {}).map(([name, value]) => [name, String(value.from), String(value.to)]);
}

/**
 * @param {Differences} told
 * @param {string} before
 * @param {string} after
 */
function differenceTable(told, before, after) {
  const rows = told.tables.flatMap((in_) =>
    in_.rows.flatMap((it) =>
      cells(it).map(([column, was, is]) => {
        const [mark, sign, said] = SIGNS[it.how];
        return h(
          "tr",
          h("td", h("span", { class: `sign ${sign}`, "aria-hidden": "true" }, mark), h("span.vh", said)),
          h("td", h("span.mid", in_.vendor), " ", h("span.mono", in_.table)),
          h("td.mono", keyOf(it.row)),
          h("td.mono", column),
          h("td.was", h("code", was.slice(0, 80))),
          h("td.is", h("code", is.slice(0, 80))),
        );
      }),
    ),
  );
  const shown = table("Rows that differ", [{ text: "how" }, "table", "row", "column", before, after], rows);
  shown.querySelector("table")?.classList.add("diff");
  const more = told.added + told.removed + told.changed - told.shown;
  return [shown, more > 0 && h("p.in.small.dim", `and ${many(more)} more rows`)];
}

/** @param {Differences} told */
function summary(told) {
  if (told.same) return "No row differs.";
  const rows = told.added + told.removed + told.changed;
  const differ = rows === 1 ? "row differs" : "rows differ";
  const tables = `${told.tables.length} ${told.tables.length === 1 ? "table" : "tables"}`;
  const kinds = `${many(told.added)} new, ${many(told.changed)} changed, ${many(told.removed)} gone`;
  return `${many(rows)} ${differ} in ${tables}: ${kinds}.`;
}

/**
 * Shows what has become of a world in a place; what went wrong is told as ever.
 * @param {Element} place
 * @param {string} world
 * @param {string} from
 * @param {string} before How the state before is called.
 */
export async function compareInto(place, world, from, before) {
  const asked = h("p.in.mid", { role: "status" }, "Reading both states …");
  fill(place, asked);
  try {
    const told = await differences(world, from);
    // Something else was asked for meanwhile.
    if (asked.parentNode !== place) return;
    fill(
      place,
      h("p.in", { role: "status" }, h("b", `Since ${before}: `), summary(told)),
      !told.same && differenceTable(told, before, `${world} now`),
    );
    place.closest(".panel")?.scrollIntoView({ block: "nearest" });
  } catch (error) {
    if (asked.parentNode === place) fill(place);
    complain(error);
  }
}

// A board of a table: lanes by a state, or all columns. What is a lane is declared beside the vendor's
// surface; where nothing is declared it is seen in the rows.

import { fill, h, table } from "./dom.js";
import { many, shortTime, span } from "./when.js";
import { keyOf } from "./compare.js";

/** @typedef {import("./types").Row} Row */
/** @typedef {import("./types").Board} Board */
/** @typedef {import("./types").Cell} Cell */

/** Columns that say what state a row is in, the best first. */
const LANE_COLUMNS = ["state", "status", "disposition", "running", "locked", "active"];
const HEAD_COLUMNS = ["full_name", "name", "title", "number", "login", "text"];
const LANES_MAX = 9;
const ROWS_FOR_LANES_MAX = 2000;
const CARDS_MAX = 200;
const CARDS_SHOWN = 50;
const ROWS_SHOWN = 200;
const COLUMNS_SHOWN = 14;

/**
 * What a board of a table is like.
 * @param {string} name
 * @param {Row[]} rows
 * @param {Board[]} declared
 * @returns {Board}
 */
export function boardOf(name, rows, declared) {
  const stated = declared.find((it) => it.table === name);
  if (stated) return stated;
  const first = rows[0] ?? {};
  const lane = LANE_COLUMNS.find((column) => column in first && valuesOf(rows, column).length <= LANES_MAX);
  const head = HEAD_COLUMNS.find((column) => column in first) ?? "";
  const fits =
    lane &&
    rows.length <= ROWS_FOR_LANES_MAX &&
    (["state", "status"].includes(lane) || valuesOf(rows, lane).length > 1);
  return { table: name, head, ...(fits ? { lane } : {}), ...("since_ms" in first ? { since: "since_ms" } : {}) };
}

/**
 * @param {Row[]} rows
 * @param {string} column
 */
export function valuesOf(rows, column) {
  return [...new Set(rows.map((row) => String(row[column] ?? "")))];
}

/**
 * A value as a person reads it: times of the world are times.
 * @param {string} column
 * @param {Cell | undefined} value
 */
export function cellText(column, value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && column.endsWith("_ms") && value > 86_400_000_000) return `${shortTime(value)}`;
  return String(value);
}

/** @param {Row} row @param {Board} board */
function title(row, board) {
  if (board.head && row[board.head]) return String(row[board.head]);
  const names = [row["name_first"], row["name_last"]].filter(Boolean).join(" ");
  return names || keyOf(row);
}

/**
 * @param {string} column
 * @param {string} value
 */
function laneTitle(column, value) {
  if (value === "1") return column;
  if (value === "0") return `not ${column}`;
  return value || "none";
}

/**
 * @param {Row} row
 * @param {Board} board
 * @param {number} now
 * @param {boolean} moved
 */
function card(row, board, now, moved) {
  const since = board.since ? row[board.since] : null;
  const skipped = [board.lane, board.head, board.since, "id", "name_first", "name_last", "record"];
  const rest = Object.entries(row)
    .filter(
      ([name, value]) =>
        !skipped.includes(name) && value !== null && value !== "" && value !== 0 && !String(value).startsWith("***"),
    )
    .slice(0, 2)
    .map(([name, value]) =>
      h("span", { class: "r" }, `${name.replace(/_(id|ms)$/, "").replaceAll("_", " ")} ${cellText(name, value)}`),
    );
  return h(
    "div",
    { class: moved ? "card moved" : "card" },
    h("b", null, title(row, board)),
    h(
      "span",
      { class: "r" },
      h("span", null, keyOf(row)),
      typeof since === "number" && h("span", null, span(Math.max(0, now - since))),
    ),
    rest,
  );
}

/**
 * @param {Row[]} rows
 * @param {Board} board
 * @param {number} now
 * @param {Map<string, string>} before The lane in which each row was.
 */
export function lanes(rows, board, now, before) {
  const column = board.lane ?? "";
  const found = valuesOf(rows, column);
  const known = board.lanes ?? found.sort();
  const all = [...known, ...found.filter((it) => !known.includes(it))];
  const made = all.map((lane) => {
    const inLane = rows.filter((row) => String(row[column] ?? "") === lane);
    const shown = inLane.length > CARDS_MAX ? inLane.slice(0, CARDS_SHOWN) : inLane;
    const cards = shown.map((row) => {
      const was = before.get(keyOf(row));
      return card(row, board, now, was !== undefined && was !== lane);
    });
    return h(
      "div",
      { class: inLane.length ? "lane" : "lane none" },
      h("h3", null, laneTitle(column, lane), h("span", null, many(inLane.length))),
      cards.length ? cards : h("p", null, "nobody"),
      inLane.length > shown.length && h("p", { class: "small dim" }, `and ${many(inLane.length - shown.length)} more`),
    );
  });
  return h(
    "div",
    { class: "board", tabindex: 0, role: "group", "aria-label": `${board.title ?? board.table} by ${column}` },
    made,
  );
}

/**
 * @param {Row[]} rows
 * @param {Board} board
 */
export function plain(rows, board) {
  const first = rows[0] ?? {};
  const columns =
    board.columns ??
    Object.keys(first)
      .filter((it) => it !== "record")
      .slice(0, COLUMNS_SHOWN);
  const made = rows.slice(0, ROWS_SHOWN).map((row) =>
    h(
      "tr",
      null,
      columns.map((column) => {
        const isNumber = typeof row[column] === "number" && !column.endsWith("_ms");
        return h("td", { class: isNumber ? "num" : "mono" }, cellText(column, row[column]).slice(0, 120));
      }),
    ),
  );
  const heads = columns.map((text) => ({
    text: text.replaceAll("_", " "),
    class: typeof first[text] === "number" && !text.endsWith("_ms") ? "num" : "",
  }));
  const box = h("div", null);
  fill(
    box,
    table(board.title ?? board.table, heads, made),
    rows.length > ROWS_SHOWN &&
      h("p", { class: "in small dim" }, `the first ${ROWS_SHOWN} of ${many(rows.length)} rows that were read`),
  );
  return box;
}

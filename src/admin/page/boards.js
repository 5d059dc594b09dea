// A board of a table: lanes by a state, or all columns. What is a lane is declared beside the vendor's
// surface; where nothing is declared it is seen in the rows.

import { h, table } from "./dom.js";
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
const CELL_CHARS = 120;

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

/** @typedef {Record<string, Row[]>} Tables The rows of the vendor's tables, by name. */

/**
 * A cell: a column, or `column>table.column` for what stands in the row that it names.
 * @param {string} cell
 * @param {Row} row
 * @param {Tables} tables
 */
function cellOf(cell, row, tables) {
  const [column = "", behind] = cell.split(">");
  const value = row[column];
  if (behind === undefined || value === null || value === undefined) return cellText(column, value);
  const [name = "", other = ""] = behind.split(".");
  const found = tables[name]?.find(
    (it) => it[Object.keys(it).includes("id") ? "id" : (Object.keys(it)[0] ?? "")] === value,
  );
  return found ? cellText(other, found[other]) || String(value) : String(value);
}

/**
 * A line of a card, or nothing where one of its cells is empty.
 * @param {string} line
 * @param {Row} row
 * @param {Tables} tables
 */
function lineOf(line, row, tables) {
  let isFull = true;
  const text = line.replace(/\{([^}]*)\}/g, (_, cell) => {
    const shown = cellOf(cell, row, tables);
    if (!shown) isFull = false;
    return shown;
  });
  return isFull ? text : "";
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
 * Lines of a card of which nothing is declared: the first two columns that say something.
 * @param {Row} row
 * @param {Board} board
 */
function seen(row, board) {
  const skipped = [board.lane, board.head, board.since, "id", "name_first", "name_last", "record"];
  return Object.entries(row)
    .filter(([name, value]) => !skipped.includes(name) && value && !String(value).startsWith("***"))
    .slice(0, 2)
    .map(([name]) => `${name.replace(/_(id|ms)$/, "").replaceAll("_", " ")} {${name}}`);
}

/**
 * @param {Row} row
 * @param {Board} board
 * @param {number} now
 * @param {string} look `moved`, `sel` or nothing.
 * @param {Tables} tables
 */
function card(row, board, now, look, tables) {
  const since = board.since ? row[board.since] : null;
  const lines = (board.lines ?? seen(row, board))
    .map((line) => lineOf(line, row, tables))
    .filter((line) => line !== "")
    .map((line) => h("span.r", line));
  const long = typeof since === "number" && now - since >= 1000 && h("span", span(now - since));
  return h(
    "div",
    { class: `card ${look}` },
    h("b", title(row, board)),
    h("span.r", h("span", keyOf(row)), long),
    lines,
  );
}

/**
 * @param {Row[]} rows
 * @param {Board} board
 * @param {number} now
 * @param {Set<string>} moved The rows that were in another lane before.
 * @param {Tables} tables
 * @param {string} chosen The row that is looked for.
 */
export function lanes(rows, board, now, moved, tables, chosen) {
  const column = board.lane ?? "";
  const values = valuesOf(rows, column);
  const known = board.lanes ?? values.sort();
  const all = [...known, ...values.filter((it) => !known.includes(it))];
  const made = all.map((lane) => {
    const inLane = rows.filter((row) => String(row[column] ?? "") === lane);
    const shown = inLane.slice(0, inLane.length > CARDS_MAX ? CARDS_SHOWN : CARDS_MAX);
    // The row that is looked for is shown, however many there are.
    shown.unshift(...inLane.slice(shown.length).filter((row) => keyOf(row) === chosen));
    const cards = shown.map((row) => {
      const key = keyOf(row);
      return card(row, board, now, key === chosen ? "sel" : moved.has(key) ? "moved" : "", tables);
    });
    return h(
      "div",
      { class: inLane.length ? "lane" : "lane none" },
      h("h3", laneTitle(column, lane), h("span", many(inLane.length))),
      cards.length ? cards : h("p", "none"),
      inLane.length > shown.length && h("p.small.dim", `and ${many(inLane.length - shown.length)} more`),
    );
  });
  const label = `${board.title ?? board.table} by ${column}`;
  return h("div.board", { tabindex: 0, role: "group", "aria-label": label }, made);
}

/**
 * @param {Row[]} rows
 * @param {Board} board
 * @param {Tables} tables
 * @param {string} chosen The row that is looked for.
 */
export function plain(rows, board, tables, chosen) {
  const first = rows[0] ?? {};
  const all = Object.keys(first).filter((it) => it !== "record");
  const columns = board.columns ?? all.slice(0, COLUMNS_SHOWN);
  const isChosen = (/** @type {Row} */ row) => keyOf(row) === chosen;
  const shown = rows.slice(0, ROWS_SHOWN);
  shown.unshift(...rows.slice(ROWS_SHOWN).filter(isChosen));
  const isNumber = (/** @type {string} */ column) => typeof first[column] === "number" && !column.endsWith("_ms");
  const made = shown.map((row) => {
    const cells = columns.map((column) =>
      h("td", { class: isNumber(column) ? "num" : "mono" }, cellOf(column, row, tables).slice(0, CELL_CHARS)),
    );
    return h("tr", { class: isChosen(row) ? "sel" : "" }, cells);
  });
  const heads = columns.map((column) => ({
    text: (column.split(">")[0] ?? "").replace(/_(id|ms)$/, "").replaceAll("_", " "),
    class: isNumber(column) ? "num" : "",
  }));
  const note = `the first ${ROWS_SHOWN} of ${many(rows.length)} rows that were read`;
  return h(
    "div",
    table(board.title ?? board.table, heads, made),
    rows.length > ROWS_SHOWN && h("p.in.small.dim", note),
  );
}

// What agents were doing, as the calls in a vendor's tables show it: from when to when each was on one.

import { bands, stacked } from "./plots.js";
import { counted, dateOf, shift, shortTime, tickText, ticks } from "./when.js";

/** @typedef {import("./types").Row} Row */
/** @typedef {import("./plots.js").Plot} Plot */
/** @typedef {{ vendor: string, name: string, rows: Row[] }} Table */
/** @typedef {{ agent: string, from: number, to: number, after: number }} Shift A call, and when the work after it ends. */

const AGENTS = ["agent_id", "users_id", "user_id"];
const BEGINS = ["connected_ms", "at_ms", "start_ms", "started_ms", "date"];
const ENDS = ["end_ms", "ended_ms", "left_ms"];
const POINTS = 60;
const SHOWN = 12;

export const HOUR_MS = 3_600_000;

/**
 * Seconds, also of a text such as 00:02:54.
 * @param {unknown} value
 */
export function seconds(value) {
  const text = String(value ?? "");
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const [, hours, minutes, rest] = /^(\d+):(\d\d):(\d\d)$/.exec(text) ?? [];
  return rest === undefined ? NaN : Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
}

/** @param {unknown} value */
function moment(value) {
  return typeof value === "number" ? value : Date.parse(String(value ?? ""));
}

/** @param {Row} row @param {string[]} columns */
function firstOf(row, columns) {
  return row[columns.find((it) => row[it] !== null && row[it] !== undefined && row[it] !== "") ?? ""];
}

/**
 * The calls of a table in which agents are named; none where it does not say how long they were.
 * @param {Row[]} rows Opened: what a row holds as JSON stands beside its own columns.
 */
export function shiftsOf(rows) {
  const first = rows[0] ?? {};
  if (!AGENTS.some((it) => it in first)) return [];
  const handled = Object.keys(first).find((it) => /handle_?time/i.test(it));
  const after = Object.keys(first).find((it) => /after_?call/i.test(it));
  if (!handled && !ENDS.some((it) => it in first)) return [];
  /** @type {Shift[]} */
  const all = [];
  for (const row of rows) {
    const agent = firstOf(row, AGENTS);
    const from = moment(firstOf(row, BEGINS));
    const to = handled ? from + seconds(row[handled]) * 1000 : moment(firstOf(row, ENDS));
    if (agent === undefined || agent === null || !(to > from)) continue;
    all.push({ agent: String(agent), from, to, after: to + (after ? seconds(row[after]) * 1000 || 0 : 0) });
  }
  return all;
}

/**
 * What all agents of a vendor do, over the day.
 * @param {string} vendor
 * @param {Shift[]} shifts
 * @param {number} now
 * @returns {Plot[]}
 */
export function crowd(vendor, shifts, now) {
  const agents = new Set(shifts.map((it) => it.agent)).size;
  const first = shifts.reduce((a, it) => Math.min(a, it.from), now);
  const { step } = ticks(first, now, POINTS);
  const from = Math.floor((first + shift(first)) / step) * step - shift(first);
  const points = Math.ceil((now - from) / step);
  if (agents < 2 || points < 2) return [];
  const busy = new Array(points).fill(0);
  const after = new Array(points).fill(0);
  const spread = (/** @type {number[]} */ into, /** @type {number} */ a, /** @type {number} */ b) => {
    for (let at = Math.max(0, Math.floor((a - from) / step)); at < points && from + at * step < b; at += 1) {
      const begin = from + at * step;
      into[at] = (into[at] ?? 0) + Math.max(0, Math.min(b, begin + step) - Math.max(a, begin)) / step;
    }
  };
  for (const it of shifts) {
    spread(busy, it.from, it.to);
    spread(after, it.to, it.after);
  }
  const below = busy.map((_, at) => tickText(from + at * step, step));
  const rounded = (/** @type {number[]} */ all) => all.map((it) => Math.round(it * 10) / 10);
  const free = busy.map((it, at) => Math.max(0, agents - it - after[at]));
  const series = [
    { name: "on a call", values: rounded(busy) },
    { name: "after-call", values: rounded(after) },
    { name: "free", values: rounded(free) },
  ];
  return [stacked(`${vendor}, what ${counted(agents, "agent")} do`, below, series, agents, "by calls that are over")];
}

/**
 * The day of what is drawn, or its first and last: it need not be the world's own.
 * @param {number} from
 * @param {number} to
 */
export function daysOf(from, to) {
  const [first, last] = [dateOf(from), dateOf(to)];
  return first === last ? first : `${first} to ${last}`;
}

/**
 * Each agent's hour.
 * @param {string} vendor
 * @param {Shift[]} shifts
 * @param {Map<string, string>} names
 * @param {number} hour When it begins.
 * @returns {Plot}
 */
export function rota(vendor, shifts, names, hour) {
  /** @type {Map<string, [number, number][]>} */
  const of = new Map();
  for (const it of shifts) of.set(it.agent, [...(of.get(it.agent) ?? []), [it.from, it.to]]);
  const all = [...of].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  const rows = all.slice(0, SHOWN).map(([agent, spans]) => ({ name: names.get(agent) ?? agent, spans }));
  const title = `${vendor}, agents from ${shortTime(hour).slice(0, 5)} to ${shortTime(hour + HOUR_MS).slice(0, 5)}`;
  const note = `${dateOf(hour)} · ${rows.length} of ${all.length} · filled: on a call; the share of the hour at the right`;
  return bands(title, rows, hour, hour + HOUR_MS, note);
}

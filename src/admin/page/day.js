// The part Day: plots of what happened, from the journal and from the tables of the state.

import { get, save } from "./api.js";
import { button, complain, empty, fill, h } from "./dom.js";
import { rowsOf } from "./compare.js";
import { tickText, ticks } from "./frame.js";
import { bars, csvOf, lines, shown } from "./plots.js";
import { longDate, many, shortTime } from "./when.js";
import { wasRefused } from "./words.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./types").Row} Row */
/** @typedef {import("./plots.js").Plot} Plot */
/** @typedef {{ vendor: string, name: string, rows: Row[] }} Table */

/** So many rows of a table are drawn. */
const ROWS_MAX = 40_000;
/** Columns that say when a row came to be, the best first. */
const TIME_COLUMNS = ["at_ms", "start_ms", "started_ms", "executed_ms", "at", "start", "date", "joined"];
/** Columns whose few values are worth counting. */
const COUNTED = ["state", "status", "disposition", "how", "result_code", "text", "source", "kind"];
/** Names of numbers that are spans of time. */
const SPANS = /queue|wait|talk|hold|wrap|billed/i;
const VALUES_MAX = 12;
const BUCKETS = 48;
const REASONS = 14;

/** @param {Row} row */
function momentOf(row) {
  const column = TIME_COLUMNS.find((it) => row[it] !== null && row[it] !== undefined && row[it] !== "");
  const value = column ? row[column] : null;
  return typeof value === "number" ? value : Date.parse(String(value ?? ""));
}

/** What a row holds as JSON stands beside its own columns. @param {Row} row @returns {Row} */
function opened(row) {
  const record = row["record"];
  if (typeof record !== "string" || !record.startsWith("{")) return row;
  try {
    const inner = Object.entries(JSON.parse(record)).filter(([, it]) => typeof it !== "object");
    return { ...row, ...Object.fromEntries(inner) };
  } catch {
    return row;
  }
}

export class Day {
  /**
   * @param {HTMLElement} root
   * @param {Hub} hub
   */
  constructor(root, hub) {
    this.hub = hub;
    this.text = h("p", { role: "status" }, "Reading the tables …");
    this.figures = h("div", null);
    this.plots = h("div", { class: "cols plots" });
    /** @type {Plot[]} */
    this.drawn = [];
    /** Which reading is the last; an older one draws nothing. */
    this.loads = 0;
    fill(
      root,
      h(
        "div",
        { class: "wide" },
        h(
          "div",
          { class: "head" },
          h("h1", null, "Day"),
          this.text,
          h(
            "span",
            { class: "push btns" },
            button("Draw again", () => void this.load().catch(complain)),
            button("All as CSV", () => this.saveAll()),
          ),
        ),
        this.figures,
        this.plots,
      ),
    );
    this.stop = hub.on("anew", () => void this.load().catch(() => {}));
    void this.load().catch(complain);
  }

  leave() {
    this.loads = 0;
    this.stop();
  }

  update() {}

  saveAll() {
    save(`${this.hub.world}-day.csv`, "text/csv", this.drawn.map((it) => `${it.title}\n${csvOf(it.csv)}`).join("\n"));
  }

  async load() {
    this.loads += 1;
    const load = this.loads;
    /** @type {{ vendors: import("./types").Vendor[] }} */
    const { vendors } = await get("/v1/vendors");
    /** @type {Table[]} */
    const tables = [];
    for (const vendor of vendors) {
      for (const name of vendor.tables) {
        const first = await rowsOf(this.hub.world, vendor.name, name, 1);
        const row = first[0];
        if (!row) continue;
        const wanted = !Number.isNaN(momentOf(row)) || COUNTED.some((it) => it in row);
        if (wanted)
          tables.push({ vendor: vendor.name, name, rows: await rowsOf(this.hub.world, vendor.name, name, ROWS_MAX) });
      }
      if (load !== this.loads) return;
      this.show(tables, vendor === vendors.at(-1) ? "" : ` Reading on after ${vendor.name} …`);
    }
  }

  /**
   * @param {Table[]} tables
   * @param {string} rest What is still to come.
   */
  show(tables, rest) {
    this.drawn = [...this.ofJournal(), ...ofCalls(tables), ...tables.flatMap(ofValues), ...tables.flatMap(ofSpans)];
    const now = this.hub.now();
    this.text.textContent = `${longDate(now)}, up to ${shortTime(now)} world time. From the state and the journal of this world.${rest}`;
    const counted = tables
      .filter((it) => /call|history|contacts|callers|numbers/.test(it.name) && it.rows.length)
      .slice(0, 8);
    fill(
      this.figures,
      counted.length > 0 &&
        h(
          "dl",
          { class: "figs" },
          counted.map((it) =>
            h(
              "div",
              null,
              h("dt", null, `${it.vendor} ${it.name.replaceAll("_", " ")}`),
              h("dd", null, many(it.rows.length), it.rows.length >= ROWS_MAX && h("small", null, " and more")),
            ),
          ),
        ),
    );
    if (this.drawn.length) fill(this.plots, this.drawn.map(shown));
    else
      fill(
        this.plots,
        empty(
          "Nothing has happened yet",
          "Move the clock on by an hour, or send requests.",
          `ringback advance 1h --world ${this.hub.world}`,
        ),
      );
  }

  /** @returns {Plot[]} */
  ofJournal() {
    const exchanges = this.hub.entries.filter((it) => it.request && !it.stray);
    if (!exchanges.length) return [];
    const vendors = [...new Set(exchanges.map((it) => it.vendor ?? "none"))].sort();
    const all = vendors.map((vendor) => ({
      name: vendor,
      moments: exchanges.filter((it) => (it.vendor ?? "none") === vendor).map((it) => Date.parse(it.at)),
    }));
    /** @type {Map<string, number>} */
    const reasons = new Map();
    for (const it of exchanges.filter(wasRefused)) {
      const rule = it.why?.rule ?? it.outcome;
      reasons.set(rule, (reasons.get(rule) ?? 0) + 1);
    }
    const made = [overTime("Exchanges", all, "from the journal")];
    const rows = [...reasons].sort((a, b) => b[1] - a[1]).slice(0, REASONS);
    if (rows.length)
      made.push(
        bars(
          "Refusals by reason",
          rows,
          `${many(exchanges.filter(wasRefused).length)} of ${many(exchanges.length)} exchanges`,
        ),
      );
    return made;
  }
}

/**
 * Counts in equal stretches of time.
 * @param {string} title
 * @param {{ name: string, moments: number[] }[]} all
 * @param {string} note
 * @returns {Plot}
 */
function overTime(title, all, note) {
  const moments = all.flatMap((it) => it.moments);
  const to = moments.reduce((a, b) => Math.max(a, b), 0);
  const from = moments.reduce((a, b) => Math.min(a, b), to - 10_000);
  const { step } = ticks(from, to, BUCKETS);
  const start = Math.floor(from / step) * step;
  const count = Math.floor((to - start) / step) + 1;
  const texts = Array.from({ length: count }, (_, at) => tickText(start + at * step, step));
  const series = all.map(({ name, moments: own }) => {
    const values = new Array(count).fill(0);
    for (const at of own) values[Math.floor((at - start) / step)] += 1;
    return { name, values };
  });
  const per =
    step >= 3_600_000 ? `${step / 3_600_000} h` : step >= 60_000 ? `${step / 60_000} min` : `${step / 1000} s`;
  return lines(`${title} per ${per}`, texts, series, note);
}

/** @param {Table[]} tables @returns {Plot[]} */
function ofCalls(tables) {
  /** @type {Map<string, Table>} The table of each vendor that knows most of its calls. */
  const best = new Map();
  for (const it of tables.filter((other) => /call|history/.test(other.name) && other.name !== "callers")) {
    if (Number.isNaN(momentOf(it.rows[0] ?? {}))) continue;
    if ((best.get(it.vendor)?.rows.length ?? -1) < it.rows.length) best.set(it.vendor, it);
  }
  const all = [...best.values()].map((it) => ({
    name: it.vendor,
    moments: it.rows.map(momentOf).filter((at) => !Number.isNaN(at)),
  }));
  const moments = all.flatMap((it) => it.moments);
  if (!moments.length) return [];
  // A demo has calls of other years; what is drawn is the day of the newest.
  const newest = moments.reduce((a, b) => Math.max(a, b), 0);
  const recent = all
    .map((it) => ({ ...it, moments: it.moments.filter((at) => at > newest - 86_400_000) }))
    .filter((it) => it.moments.length);
  return [overTime("Calls", recent, [...best.values()].map((it) => `${it.vendor} ${it.name}`).join(", "))];
}

/** @param {Table} it @returns {Plot[]} */
function ofValues(it) {
  return COUNTED.filter((column) => column in (it.rows[0] ?? {})).flatMap((column) => {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const row of it.rows) {
      const value = String(row[column] ?? "none");
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    if (counts.size < 2 || counts.size > VALUES_MAX) return [];
    const rows = [...counts].sort((a, b) => b[1] - a[1]);
    return [
      bars(
        `${it.vendor} ${it.name.replaceAll("_", " ")} by ${column.replaceAll("_", " ")}`,
        rows,
        `${many(it.rows.length)} rows`,
      ),
    ];
  });
}

/** Half, nine of ten and ninety-nine of a hundred, by hour. @param {Table} it @returns {Plot[]} */
function ofSpans(it) {
  const rows = it.rows.map(opened);
  const first = rows[0] ?? {};
  const columns = Object.keys(first).filter((name) => SPANS.test(name) && /^\d+(\.\d+)?$/.test(String(first[name])));
  return columns.slice(0, 2).flatMap((column) => {
    /** @type {Map<number, number[]>} */
    const hours = new Map();
    for (const row of rows) {
      const at = Math.floor(momentOf(row) / 3_600_000);
      const value = Number(row[column]);
      if (Number.isNaN(at) || Number.isNaN(value)) continue;
      const known = hours.get(at);
      if (known) known.push(value);
      else hours.set(at, [value]);
    }
    if (hours.size < 2) return [];
    const sorted = [...hours]
      .sort((a, b) => a[0] - b[0])
      .map(([at, values]) => /** @type {const} */ ([at, values.sort((a, b) => a - b)]));
    const part = (/** @type {number} */ share) =>
      sorted.map(([, values]) => values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0);
    const texts = sorted.map(([at]) => tickText(at * 3_600_000, 3_600_000));
    return [
      lines(
        `${it.vendor} ${column}`,
        texts,
        [
          { name: "half", values: part(0.5) },
          { name: "9 of 10", values: part(0.9) },
          { name: "99 of 100", values: part(0.99) },
        ],
        "so much at the most, by hour",
      ),
    ];
  });
}

// The part Day: plots of what happened, from the journal and from the tables of the state.

import { changed, command } from "./address.js";
import { save } from "./api.js";
import { button, empty, fill, h, panel, reading, unread } from "./dom.js";
import { rowsOf } from "./compare.js";
import { bars, csvOf, lines, shown } from "./plots.js";
import { firstLine, vendorList } from "./served.js";
import { HOUR_MS, crowd, daysOf, rota, seconds, shiftsOf } from "./shifts.js";
import { counted, longDate, many, shift, shortTime, tickText, ticks } from "./when.js";
import { wasRefused } from "./words.js";

/** @typedef {import("./hub.js").Hub} Hub */
/** @typedef {import("./types").Row} Row */
/** @typedef {import("./plots.js").Plot} Plot */
/** @typedef {import("./shifts.js").Table} Table */
/** @typedef {import("./shifts.js").Shift} Shift */

/** So many rows of a table are drawn. */
const ROWS_MAX = 40_000;
/** Columns that say when a row came to be, the best first. */
const TIME_COLUMNS = ["at_ms", "start_ms", "started_ms", "executed_ms", "at", "start", "date", "joined"];
/** Columns whose few values are worth counting, of rows that came to be at some time. */
const COUNTED = ["disposition", "how", "result_code", "text", "source"];
/** Columns of a span of time that people wait. */
const WAITED = /queue.*time|wait/i;
const VALUES_MAX = 12;
const BUCKETS = 48;
const DAY_MS = 24 * HOUR_MS;
/** The longest stretch that is told by the day on which it begins. */
const LONGEST_MS = 90 * DAY_MS;
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
   * @param {URLSearchParams} params
   */
  constructor(root, hub, params) {
    this.hub = hub;
    this.params = params;
    this.text = h("p", { role: "status" }, "Reading the tables …");
    this.failed = h("div");
    this.figures = h("div");
    this.plots = h("div.cols.plots");
    /** @type {Plot[]} */
    this.drawn = [];
    /** @type {Table[]} */
    this.tables = [];
    /** Which reading is the last; an older one draws nothing. */
    this.loads = 0;
    const buttons = [button("Draw again", () => this.begin()), button("All as CSV", () => this.saveAll())];
    fill(
      root,
      h(
        "div.wide",
        h("div.head", h("h1", "Day"), this.text, h("span.push.btns", buttons)),
        this.failed,
        this.figures,
        this.plots,
      ),
    );
    this.stop = hub.on("anew", () => this.begin());
    this.begin();
  }

  begin() {
    fill(this.failed);
    this.load().catch((error) => {
      this.text.textContent = "Not all tables were read.";
      fill(this.failed, reading());
      unread(error, () => this.begin(), this.failed);
    });
  }

  leave() {
    this.loads = 0;
    this.stop();
  }

  /** @param {URLSearchParams} params */
  update(params) {
    this.params = params;
    this.show("");
  }

  saveAll() {
    save(`${this.hub.world}-day.csv`, "text/csv", this.drawn.map((it) => `${it.title}\n${csvOf(it.csv)}`).join("\n"));
  }

  async load() {
    this.loads += 1;
    const load = this.loads;
    const { world } = this.hub;
    const [vendors] = await Promise.all([vendorList(), this.hub.known]);
    if (load !== this.loads) return;
    this.vendors = vendors;
    /** @type {Table[]} */
    const tables = [];
    for (const vendor of vendors) {
      for (const name of vendor.tables) {
        const [first] = await rowsOf(world, vendor.name, name, 1);
        const isWanted = first && (!Number.isNaN(momentOf(first)) || /agents|users|result_codes/.test(name));
        if (isWanted) {
          const rows = await rowsOf(world, vendor.name, name, ROWS_MAX);
          tables.push({ vendor: vendor.name, name, rows: rows.map(opened) });
        }
      }
      if (load !== this.loads) return;
      this.tables = tables;
      this.show(vendor === vendors.at(-1) ? "" : ` Reading on after ${vendor.name} …`);
    }
  }

  /** @param {string} rest What is still to come. */
  show(rest) {
    const { hub, tables } = this;
    const now = hub.now();
    const timed = tables.filter((it) => !Number.isNaN(momentOf(it.rows[0] ?? {})));
    const agents = this.ofAgents();
    this.drawn = [
      ...ofCalls(timed),
      ...agents.crowds,
      ...timed.flatMap(ofWaiting),
      ...agents.rotas,
      ...timed.flatMap((it) => ofValues(it, tables)),
      ...this.ofJournal(),
    ];
    this.text.textContent = `${longDate(now)}, up to ${shortTime(now)} world time. From the state and the journal of this world.${rest}`;
    this.showFigures(timed);
    const isQuiet = !hub.entries.some((it) => it.request && !it.stray);
    fill(
      this.plots,
      !this.drawn.length &&
        !rest &&
        empty("Nothing has happened yet", "Move the clock on by an hour, or send requests.", command("advance 1h")),
      this.drawn.map(shown),
      isQuiet &&
        !rest &&
        panel(
          "Refusals by reason",
          null,
          empty(
            "No client has sent anything to this world",
            "Send a request: each refusal is counted here by its rule.",
            firstLine(this.vendors ?? [], hub.world, hub.facts),
          ),
        ),
    );
  }

  /** @param {Table[]} timed */
  showFigures(timed) {
    const counts = timed.filter((it) => /call|history|opt_ins|ivr/.test(it.name) && it.rows.length).slice(0, 8);
    const figures = counts.map((it) =>
      h(
        "div",
        h("dt", `${it.vendor} ${it.name.replaceAll("_", " ")}`),
        h("dd", many(it.rows.length), it.rows.length >= ROWS_MAX && h("small", " and more")),
      ),
    );
    fill(this.figures, figures.length > 0 && h("dl.figs", figures));
  }

  /** What agents did: all of a vendor's over the day, and each one's hour of the vendor that is chosen. */
  ofAgents() {
    const now = this.hub.now();
    /** @type {Map<string, Shift[]>} Of the table of each vendor that knows most. */
    const best = new Map();
    for (const { vendor, rows } of this.tables) {
      const shifts = shiftsOf(rows);
      if (shifts.length > (best.get(vendor)?.length ?? 0)) best.set(vendor, shifts);
    }
    const crowds = [...best].flatMap(([vendor, shifts]) => crowd(vendor, shifts, now));
    const names = [...best.keys()];
    const vendor = names.find((it) => it === this.params.get("agents")) ?? names.at(-1);
    const shifts = (vendor && best.get(vendor)) || [];
    if (!vendor || !shifts.length) return { crowds, rotas: [] };
    const last = shifts.reduce((a, it) => Math.max(a, it.from), 0);
    const whole = (/** @type {number} */ at) => Math.floor((at + shift(at)) / HOUR_MS) * HOUR_MS - shift(at);
    const hour = Number(this.params.get("hour")) || whole(last);
    const plot = rota(vendor, shifts, this.namesOf(vendor), hour);
    const first = shifts.reduce((a, it) => Math.min(a, it.from), last);
    const turn = (/** @type {number} */ to, /** @type {string} */ text) =>
      h("a", { href: changed({ hour: to }), "data-at": text }, text);
    const others = names.map((it) => it !== vendor && h("a", { href: changed({ agents: it, hour: "" }) }, it));
    plot.beside = h(
      "span.btns.small",
      hour > whole(first) && turn(hour - HOUR_MS, "the hour before"),
      hour < whole(last) && turn(hour + HOUR_MS, "the hour after"),
      others,
    );
    return { crowds, rotas: [plot] };
  }

  /** Names of a vendor's agents, by what their calls name them. @param {string} vendor */
  namesOf(vendor) {
    const rows = this.tables.find((it) => it.vendor === vendor && /^(agents|users)$/.test(it.name))?.rows ?? [];
    /** @type {Map<string, string>} */
    const names = new Map();
    for (const row of rows) {
      const name = row["full_name"] ?? [row["name_first"], row["name_last"]].filter(Boolean).join(" ");
      const id = row["id"] ?? Object.values(row)[0];
      if (name || row["name"]) names.set(String(id), String(name || row["name"]));
    }
    return names;
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
    const refused = exchanges.filter(wasRefused);
    const reasons = count(refused.map((it) => it.why?.rule ?? it.outcome)).slice(0, REASONS);
    const note = `${many(refused.length)} of ${counted(exchanges.length, "exchange")}`;
    return [
      overTime("Exchanges", all, "from the journal"),
      ...(reasons.length ? [bars("Refusals by reason", reasons, note)] : []),
    ];
  }
}

/**
 * How often each value is there, the most frequent first.
 * @param {string[]} values
 */
function count(values) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const it of values) counts.set(it, (counts.get(it) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** How long a stretch is, in words. @param {number} ms */
function perOf(ms) {
  if (ms >= 365 * DAY_MS) return counted(ms / (365 * DAY_MS), "year");
  if (ms >= DAY_MS) return counted(ms / DAY_MS, "day");
  return ms >= HOUR_MS ? `${ms / HOUR_MS} h` : ms >= 60_000 ? `${ms / 60_000} min` : `${ms / 1000} s`;
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
  const buckets = Math.floor((to - start) / step) + 1;
  // A stretch of years begins at no new year: it is told by its day.
  const told = Math.min(step, LONGEST_MS);
  const texts = Array.from({ length: buckets }, (_, at) => tickText(start + at * step, told));
  const series = all.map(({ name, moments: own }) => {
    const values = new Array(buckets).fill(0);
    for (const at of own) values[Math.floor((at - start) / step)] += 1;
    return { name, values };
  });
  const per = perOf(step);
  return lines(`${title} per ${per.replace(/^1 /, "")}`, texts, series, `${note} · ${daysOf(from, to)}`);
}

/** @param {Table[]} tables @returns {Plot[]} */
function ofCalls(tables) {
  /** @type {Map<string, Table>} The table of each vendor that knows most of its calls. */
  const best = new Map();
  for (const it of tables.filter((other) => /call|history/.test(other.name) && other.name !== "callers")) {
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
  const recent = all.map((it) => ({ ...it, moments: it.moments.filter((at) => at > newest - 24 * HOUR_MS) }));
  return [
    overTime(
      "Calls",
      recent.filter((it) => it.moments.length),
      "by vendor",
    ),
  ];
}

/**
 * @param {Table} it
 * @param {Table[]} tables
 * @returns {Plot[]}
 */
function ofValues(it, tables) {
  return COUNTED.filter((column) => column in (it.rows[0] ?? {})).flatMap((column) => {
    const codes = tables.find((other) => other.vendor === it.vendor && other.name === `${column}s`)?.rows ?? [];
    const named = (/** @type {unknown} */ value) => {
      const row = codes.find((code) => Object.values(code).includes(/** @type {any} */ (value)));
      return String(row?.["name"] ?? row?.["text"] ?? row?.["code"] ?? value);
    };
    const counts = count(it.rows.map((row) => String(row[column] ?? "none")));
    if (counts.length < 2 || counts.length > VALUES_MAX) return [];
    const rows = counts.map(
      ([value, times]) =>
        /** @type {[string, number]} */ ([named(isNaN(Number(value)) ? value : Number(value)), times]),
    );
    const title = `${it.vendor} ${it.name.replaceAll("_", " ")} by ${column.replaceAll("_", " ")}`;
    return [bars(title, rows, counted(it.rows.length, "row"))];
  });
}

/** Half, nine of ten and ninety-nine of a hundred, by hour. @param {Table} it @returns {Plot[]} */
function ofWaiting({ vendor, rows }) {
  const first = rows[0] ?? {};
  const column = Object.keys(first).find((name) => WAITED.test(name) && !Number.isNaN(seconds(first[name])));
  if (!column) return [];
  /** @type {Map<number, number[]>} */
  const hours = new Map();
  for (const row of rows) {
    const at = Math.floor(momentOf(row) / HOUR_MS);
    const value = seconds(row[column]);
    if (Number.isNaN(at) || Number.isNaN(value)) continue;
    const known = hours.get(at);
    if (known) known.push(value);
    else hours.set(at, [value]);
  }
  const sorted = [...hours].sort((a, b) => a[0] - b[0]);
  for (const [, values] of sorted) values.sort((a, b) => a - b);
  if (!sorted.length) return [];
  const part = (/** @type {number} */ share) =>
    sorted.map(([, values]) => values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0);
  const texts = sorted.map(([at]) => tickText(at * HOUR_MS, HOUR_MS));
  const series = [
    { name: "half", values: part(0.5) },
    { name: "9 of 10", values: part(0.9) },
    { name: "99 of 100", values: part(0.99) },
  ];
  const text = (/** @type {number} */ value) => `${many(value)} s`;
  const days = daysOf((sorted[0]?.[0] ?? 0) * HOUR_MS, (sorted.at(-1)?.[0] ?? 0) * HOUR_MS);
  return [lines(`${vendor}, time in the queue`, texts, series, `so long at the most, by hour · ${days}`, text)];
}

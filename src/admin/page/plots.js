// Plots from data, as SVG; each can be saved as SVG and as CSV.

import { save } from "./api.js";
import { button, h, panel, s } from "./dom.js";
import { clockTime, counted, many, tickText, ticks } from "./when.js";

/** @typedef {{ title: string, note?: string, label: string, svg: SVGSVGElement, csv: (string | number)[][], beside?: Child }} Plot */
/** @typedef {{ name: string, values: number[] }} Series */
/** @typedef {import("./types").Child} Child */

const WIDTH = 620;
const LEFT = 46;
const RIGHT = 96;
const HEIGHT = 220;
const BOTTOM = 198;
const TOP = 12;
/** So wide is a sign below a plot, and so much room there is between two texts. */
const TICK_PX = 6;
const TICK_GAP_PX = 8;
/** What a saved plot looks like where the page's sheet is not. */
const STYLE =
  "text{font:11px sans-serif;fill:#464d53}.grid{stroke:#dddcd6}.ln{fill:none;stroke-width:1.75}.c1{stroke:#005f7e}.c2{stroke:#15181b}.c3{stroke:#60676d}.c4{stroke:#754b00}.c5{stroke:#17602f}.d2{stroke-dasharray:6 3}.d3{stroke-dasharray:2 3}.d4{stroke-dasharray:9 3 2 3}.d5{stroke-dasharray:1.5 2}.bar1{fill:#005f7e}.bar-bg{fill:#eeeeea}.a1{fill:#005f7e}.a2{fill:#83888c}.a3{fill:#eeeeea}";

/** @param {(string | number)[][]} rows */
export function csvOf(rows) {
  const cell = (/** @type {string | number} */ it) =>
    /[",\n]/.test(String(it)) ? `"${String(it).replaceAll('"', '""')}"` : it;
  return `${rows.map((row) => row.map(cell).join(",")).join("\n")}\n`;
}

/** @param {SVGSVGElement} svg */
function standalone(svg) {
  const copied = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  copied.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copied.prepend(s("style", STYLE));
  return new XMLSerializer().serializeToString(copied);
}

/**
 * A plot in its panel.
 * @param {Plot} plot
 */
export function shown({ title, note, svg, csv, beside }) {
  const name = title.replaceAll(/\W+/g, "-").toLowerCase();
  const saves = h(
    "span.push.btns",
    button("SVG", () => save(`${name}.svg`, "image/svg+xml", standalone(svg)), {
      class: "btn plain",
      "aria-label": `Save ${title} as SVG`,
    }),
    button("CSV", () => save(`${name}.csv`, "text/csv", csvOf(csv)), {
      class: "btn plain",
      "aria-label": `Save ${title} as CSV`,
    }),
  );
  return panel(
    title,
    [note && h("span.small.mid", note), beside, saves],
    h("div.in.scroll", { tabindex: 0, role: "group", "aria-label": title }, svg),
  );
}

/** @param {number} most */
function roundUp(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  const step = [1, 2, 5, 10].find((it) => it * power >= most) ?? 10;
  return Math.max(1, step * power);
}

/**
 * The frame of a plot over time: lines across with their values, times below.
 * @param {number} most
 * @param {string[]} below
 * @param {(at: number) => number} x
 * @param {(value: number) => number} y
 * @param {(value: number) => string} text
 */
function frame(most, below, x, y, text) {
  // Of a date fewer stand beside each other than of a time.
  const longest = Math.max(...below.map((it) => it.length), 1);
  const room = (WIDTH - LEFT - RIGHT) / (longest * TICK_PX + TICK_GAP_PX);
  const every = Math.ceil(below.length / Math.min(9, Math.floor(room)));
  return [
    [0, 0.25, 0.5, 0.75, 1].map((part) => [
      s("line.grid", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(part * most), y2: y(part * most) }),
      s(
        "text.tick",
        { x: LEFT - 6, y: y(part * most) + 3.5, "text-anchor": "end" },
        text(Math.round(part * most * 100) / 100),
      ),
    ]),
    below.map((it, at) => at % every === 0 && s("text.tick", { x: x(at), y: HEIGHT - 6, "text-anchor": "middle" }, it)),
  ];
}

/** Names at the ends of lines keep a distance from each other. @param {number[]} wanted */
function apart(wanted) {
  const ends = wanted.map((y, at) => ({ at, y })).sort((a, b) => a.y - b.y);
  let last = TOP - 12;
  for (const end of ends) {
    end.y = Math.max(end.y, last + 12);
    last = end.y;
  }
  const over = Math.max(0, last - BOTTOM);
  return wanted.map((_, at) => (ends.find((it) => it.at === at)?.y ?? 0) - over);
}

/** @param {number} count */
function along(count) {
  return (/** @type {number} */ at) => LEFT + (count < 2 ? 0.5 : at / (count - 1)) * (WIDTH - LEFT - RIGHT);
}

/**
 * @param {string} title
 * @param {string} note
 * @param {string} label
 * @param {string[]} ticks
 * @param {Series[]} series
 * @param {Child[]} drawn
 * @returns {Plot}
 */
function made(title, note, label, ticks, series, drawn) {
  const svg = s("svg.plot", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label }, drawn);
  const csv = [
    ["time", ...series.map((it) => it.name)],
    ...ticks.map((text, at) => [text, ...series.map((it) => it.values[at] ?? 0)]),
  ];
  return { title, note, label, svg, csv };
}

/**
 * Lines over time, told apart by dash and by a name at their end.
 * @param {string} title
 * @param {string[]} below What stands below each value.
 * @param {Series[]} series
 * @param {string} [note]
 * @param {(value: number) => string} [text]
 * @returns {Plot}
 */
export function lines(title, below, series, note = "", text = many) {
  const most = roundUp(Math.max(1, ...series.flatMap((it) => it.values)));
  const x = along(below.length);
  const y = (/** @type {number} */ value) => BOTTOM - (value / most) * (BOTTOM - TOP);
  const ends = apart(series.map((it) => y(it.values.at(-1) ?? 0)));
  const drawn = series.map((it, at) => {
    const kind = (at % 5) + 1;
    const points = it.values.map((value, index) => `${x(index).toFixed(1)} ${y(value).toFixed(1)}`);
    const end = (ends[at] ?? 0) + 3.5;
    return [
      s("path", { class: `ln c${kind} d${kind}`, d: `M${points.join("L")}${points.length < 2 ? "h1" : ""}` }),
      s("path", { class: `ln c${kind} d${kind}`, d: `M${WIDTH - RIGHT + 6} ${end - 3.5}h14` }),
      s("text", { x: WIDTH - RIGHT + 24, y: end }, it.name.slice(0, 14)),
    ];
  });
  const label = `${title}. ${series.map((it) => `${it.name} between ${text(Math.min(...it.values))} and ${text(Math.max(...it.values))}`).join(", ")}.`;
  return made(title, note, label, below, series, [frame(most, below, x, y, text), drawn]);
}

/**
 * Parts of a whole over time, one on the other; told apart by fill and by a name at their end.
 * @param {string} title
 * @param {string[]} below
 * @param {Series[]} series The lowest first.
 * @param {number} most
 * @param {string} [note]
 * @returns {Plot}
 */
export function stacked(title, below, series, most, note = "") {
  const x = along(below.length);
  const y = (/** @type {number} */ value) => BOTTOM - (value / most) * (BOTTOM - TOP);
  let floor = below.map(() => 0);
  /** @type {number[]} */
  const middles = [];
  const areas = series.map((it, kind) => {
    const roof = floor.map((value, at) => Math.min(most, value + (it.values[at] ?? 0)));
    const up = roof.map((value, at) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`);
    const down = floor.map((value, at) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`).reverse();
    middles.push(y(((roof.at(-1) ?? 0) + (floor.at(-1) ?? 0)) / 2));
    floor = roof;
    return s("path", { class: `a${kind + 1}`, d: `M${[...up, ...down].join("L")}Z` });
  });
  const isThere = series.map((it) => it.values.some((value) => value > 0));
  const names = apart(middles).map(
    (at, kind) =>
      isThere[kind] && [
        s("rect", { class: `a${kind + 1} key`, x: WIDTH - RIGHT + 6, y: at - 5, width: 10, height: 10 }),
        s("text", { x: WIDTH - RIGHT + 22, y: at + 3.5 }, series[kind]?.name ?? ""),
      ],
  );
  const mean = (/** @type {number[]} */ all) => Math.round(all.reduce((a, b) => a + b, 0) / (all.length || 1));
  const label = `${title}. On the average ${series.map((it) => `${mean(it.values)} ${it.name}`).join(", ")}, of ${many(most)}.`;
  return made(title, note, label, below, series, [frame(most, below, x, y, many), areas, names]);
}

/** @typedef {{ name: string, spans: [number, number][] }} Band */

/**
 * A row for each of several, filled while something is so; the share of the time at the right.
 * @param {string} title
 * @param {Band[]} rows
 * @param {number} from
 * @param {number} to
 * @param {string} [note]
 * @returns {Plot}
 */
export function bands(title, rows, from, to, note = "") {
  const [left, wide] = [150, 1000];
  const height = rows.length * 18 + 26;
  const x = (/** @type {number} */ at) => left + ((at - from) / (to - from)) * wide;
  const axis = ticks(from, to, 7);
  /** @type {(string | number)[][]} */
  const csv = [["who", "from", "to"]];
  const drawn = rows.map(({ name, spans }, at) => {
    const top = at * 18 + 4;
    const seen = spans.map(([a, b]) => [Math.max(a, from), Math.min(b, to)]).filter(([a = 0, b = 0]) => b > a);
    const share = seen.reduce((sum, [a = 0, b = 0]) => sum + b - a, 0) / (to - from);
    for (const [a, b] of spans) csv.push([name, clockTime(a), clockTime(b)]);
    return [
      s("text", { x: 0, y: top + 10 }, name.slice(0, 24)),
      s("rect.bar-bg", { x: left, y: top, width: wide, height: 12 }),
      seen.map(([a = 0, b = 0]) =>
        s("rect.bar1", { x: x(a).toFixed(1), y: top, width: Math.max(0.6, x(b) - x(a)).toFixed(1), height: 12 }),
      ),
      s("text", { x: left + wide + 8, y: top + 10 }, `${Math.round(share * 100)} %`),
    ];
  });
  const below = axis.made.map((at) =>
    s("text.tick", { x: x(at), y: height - 6, "text-anchor": "middle" }, tickText(at, axis.step)),
  );
  const label = `${title}: ${counted(rows.length, "row")} between ${clockTime(from)} and ${clockTime(to)}; the CSV has them.`;
  const svg = s(
    "svg.plot.broad",
    { viewBox: `0 0 ${left + wide + 60} ${height}`, role: "img", "aria-label": label },
    drawn,
    below,
  );
  return { title, note, label, svg, csv };
}

/**
 * Bars with their counts and shares.
 * @param {string} title
 * @param {[string, number][]} rows
 * @param {string} [note]
 * @returns {Plot}
 */
export function bars(title, rows, note = "") {
  const all = rows.reduce((sum, it) => sum + it[1], 0) || 1;
  const most = Math.max(1, ...rows.map((it) => it[1]));
  const height = Math.max(60, rows.length * 22 + 12);
  const [left, wide] = [170, 340];
  const drawn = rows.map(([name, count], at) => {
    const top = 8 + at * 22;
    return [
      s("text", { x: 0, y: top + 10 }, name.slice(0, 28)),
      s("rect.bar-bg", { x: left, y: top, width: wide, height: 13 }),
      s("rect.bar1", { x: left, y: top, width: (count / most) * wide, height: 13 }),
      s("text", { x: left + wide + 8, y: top + 10 }, `${many(count)} · ${Math.round((count / all) * 100)} %`),
    ];
  });
  const label = `${title}: ${rows.map(([name, count]) => `${name} ${many(count)}`).join(", ")}.`;
  const svg = s("svg.plot", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": label }, drawn);
  return { title, note, label, svg, csv: [["what", "count"], ...rows] };
}

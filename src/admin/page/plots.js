// Plots from data, as SVG; each can be saved as SVG and as CSV.

import { save } from "./api.js";
import { button, h, panel, s } from "./dom.js";
import { many } from "./when.js";

/** @typedef {{ title: string, note?: string, label: string, svg: SVGSVGElement, csv: (string | number)[][] }} Plot */
/** @typedef {{ name: string, values: number[] }} Series */

const WIDTH = 620;
const LEFT = 46;
const RIGHT = 96;
const HEIGHT = 220;
const BOTTOM = 198;
const TOP = 12;
/** What a saved plot looks like where the page's sheet is not. */
const STYLE =
  "text{font:11px sans-serif;fill:#464d53}.grid{stroke:#dddcd6}.ln{fill:none;stroke-width:1.75}.c1{stroke:#005f7e}.c2{stroke:#15181b}.c3{stroke:#60676d}.c4{stroke:#754b00}.c5{stroke:#17602f}.d2{stroke-dasharray:6 3}.d3{stroke-dasharray:2 3}.d4{stroke-dasharray:9 3 2 3}.d5{stroke-dasharray:1.5 2}.bar1{fill:#005f7e}.bar-bg{fill:#eeeeea}";

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
  copied.prepend(s("style", null, STYLE));
  return new XMLSerializer().serializeToString(copied);
}

/**
 * A plot in its panel.
 * @param {Plot} plot
 */
export function shown({ title, note, svg, csv }) {
  const name = title.replaceAll(/\W+/g, "-").toLowerCase();
  const saves = h(
    "span",
    { class: "push btns" },
    button("SVG", () => save(`${name}.svg`, "image/svg+xml", standalone(svg)), {
      class: "btn plain",
      "aria-label": `Save ${title} as SVG`,
    }),
    button("CSV", () => save(`${name}.csv`, "text/csv", csvOf(csv)), {
      class: "btn plain",
      "aria-label": `Save ${title} as CSV`,
    }),
  );
  return panel(title, [note && h("span", { class: "small mid" }, note), saves], h("div", { class: "in" }, svg));
}

/** @param {number} most */
function roundUp(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  const step = [1, 2, 5, 10].find((it) => it * power >= most) ?? 10;
  return Math.max(1, step * power);
}

/**
 * Lines over time, told apart by dash and by a name at their end.
 * @param {string} title
 * @param {string[]} ticks What stands below each value.
 * @param {Series[]} series
 * @param {string} [note]
 * @returns {Plot}
 */
export function lines(title, ticks, series, note = "") {
  const most = roundUp(Math.max(1, ...series.flatMap((it) => it.values)));
  const x = (/** @type {number} */ at) =>
    LEFT + (ticks.length < 2 ? 0.5 : at / (ticks.length - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (/** @type {number} */ value) => BOTTOM - (value / most) * (BOTTOM - TOP);
  const every = Math.ceil(ticks.length / 9);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => [
    s("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(part * most), y2: y(part * most) }),
    s(
      "text",
      { class: "tick", x: LEFT - 6, y: y(part * most) + 3.5, "text-anchor": "end" },
      many(Math.round(part * most * 100) / 100),
    ),
  ]);
  // Names at the ends keep a distance from each other.
  const ends = series.map((it, at) => ({ at, y: y(it.values.at(-1) ?? 0) })).sort((a, b) => a.y - b.y);
  let last = TOP - 12;
  for (const end of ends) {
    end.y = Math.max(end.y, last + 12);
    last = end.y;
  }
  const over = Math.max(0, last - BOTTOM);
  for (const end of ends) end.y -= over;
  const drawn = series.map((it, at) => {
    const kind = (at % 5) + 1;
    const points = it.values.map((value, index) => `${x(index).toFixed(1)} ${y(value).toFixed(1)}`);
    const end = ends.find((other) => other.at === at)?.y ?? 0;
    return [
      s("path", { class: `ln c${kind} d${kind}`, d: `M${points.join("L")}${points.length < 2 ? "h1" : ""}` }),
      s("text", { x: WIDTH - RIGHT + 6, y: end + 3.5 }, it.name.slice(0, 16)),
    ];
  });
  const below = ticks.map(
    (text, at) =>
      at % every === 0 && s("text", { class: "tick", x: x(at), y: HEIGHT - 6, "text-anchor": "middle" }, text),
  );
  const label = `${title}. ${series.map((it) => `${it.name} between ${many(Math.min(...it.values))} and ${many(Math.max(...it.values))}`).join(", ")}.`;
  const svg = s(
    "svg",
    { class: "plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label },
    grid,
    below,
    drawn,
  );
  const csv = [
    ["time", ...series.map((it) => it.name)],
    ...ticks.map((text, at) => [text, ...series.map((it) => it.values[at] ?? 0)]),
  ];
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
      s("rect", { class: "bar-bg", x: left, y: top, width: wide, height: 13 }),
      s("rect", { class: "bar1", x: left, y: top, width: (count / most) * wide, height: 13 }),
      s("text", { x: left + wide + 8, y: top + 10 }, `${many(count)} · ${Math.round((count / all) * 100)} %`),
    ];
  });
  const label = `${title}: ${rows.map(([name, count]) => `${name} ${many(count)}`).join(", ")}.`;
  const svg = s("svg", { class: "plot", viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": label }, drawn);
  return { title, note, label, svg, csv: [["what", "count"], ...rows] };
}

// Bodies laid out: JSON, forms, CSV and XML. Always text, never markup.

import { h } from "./dom.js";
import { TOKEN, pairs } from "./proof.js";
import { size } from "./when.js";

/** As much of a body is shown; of a longer one the head, its length and its digest. */
const SHOWN_CHARS = 64 * 1024;
const CSV_ROWS = 50;

/** @param {string} text */
export function raw(text) {
  const shown = text.slice(0, SHOWN_CHARS);
  const rest = text.length - shown.length;
  return [
    h("pre.raw", { tabindex: 0 }, shown),
    rest > 0 && h("p.small.dim", `${size(rest)} more; the whole is in the journal's entry`),
  ];
}

/**
 * Names and values, one under the other.
 * @param {string} label
 * @param {[string, string][]} rows
 * @param {string} [marked] The name whose value is wrong.
 */
export function kv(label, rows, marked) {
  const made = rows.map(([name, value]) => {
    const shown = name === marked ? h("mark.f", value || "␣") : value;
    return h("tr", h("th", { scope: "row" }, name), h("td", shown));
  });
  return h("table.kv", { "aria-label": label }, h("tbody", made));
}

/** @param {string} text */
function indentedXml(text) {
  let depth = 0;
  const tokens = text.replaceAll(/>\s*</g, ">\n<").split("\n");
  return tokens
    .map((line) => {
      if (line.startsWith("</")) depth = Math.max(0, depth - 1);
      const shown = "  ".repeat(depth) + line;
      if (/^<[^/?!]/.test(line) && !line.endsWith("/>") && !line.includes("</")) depth += 1;
      return shown;
    })
    .join("\n");
}

/**
 * What JSON is made of, as it was sent: no member that is there twice is left out, and no digit of a number.
 * @param {string} text
 */
function tokens(text) {
  return (text.match(TOKEN) ?? []).map((it) => (it.startsWith('"') ? JSON.stringify(JSON.parse(it)) : it));
}

/** @param {string[]} all */
function indentedJson(all) {
  let depth = 0;
  const line = (/** @type {number} */ by) => "\n" + "  ".repeat((depth += by));
  return all
    .map((it, at) => {
      if (/^[{[]/.test(it)) return /^[}\]]/.test(all[at + 1] ?? "") ? it : it + line(1);
      if (/^[}\]]/.test(it)) return /[{[]$/.test(all[at - 1] ?? "") ? it : line(-1) + it;
      return it === "," ? it + line(0) : it === ":" ? ": " : it;
    })
    .join("");
}

/** @param {string} text */
function csv(text) {
  const lines = text.trimEnd().split(/\r?\n/);
  const cells = lines.slice(0, CSV_ROWS + 1).map((line) => {
    const found = line.match(/("([^"]|"")*"|[^,;]*)([,;]|$)/g) ?? [];
    return found.map((it) =>
      it
        .replace(/[,;]$/, "")
        .replace(/^"(.*)"$/, "$1")
        .replaceAll('""', '"'),
    );
  });
  const [heads = [], ...rows] = cells;
  const width = heads.length;
  return h(
    "div.scroll",
    { tabindex: 0, role: "region", "aria-label": "The rows" },
    h(
      "table.kv",
      h(
        "thead",
        h(
          "tr",
          heads.slice(0, width).map((it) => h("th", { scope: "col" }, it)),
        ),
      ),
      h(
        "tbody",
        rows.map((row) =>
          h(
            "tr",
            row.slice(0, width).map((it) => h("td", it)),
          ),
        ),
      ),
    ),
    lines.length > CSV_ROWS + 1 && h("p.small.dim", `${lines.length - 1} rows in all`),
  );
}

/**
 * A body as what it says it is, or as what it looks like.
 * @param {string} text
 * @param {string} type
 * @param {string} [marked]
 */
export function laidOut(text, type, marked) {
  if (text.length > SHOWN_CHARS) return raw(text);
  const start = text.trimStart().charAt(0);
  if (start === "{" || start === "[") {
    try {
      JSON.parse(text);
      const all = tokens(text);
      if (start === "[" || all.slice(1).some((it) => it === "{" || it === "[")) return raw(indentedJson(all));
      /** @type {[string, string][]} */
      const rows = [];
      for (let at = 1; at + 2 < all.length; at += 4) rows.push([JSON.parse(all[at] ?? ""), all[at + 2] ?? ""]);
      return [kv("Members of the body", rows, marked)];
    } catch {
      return raw(text);
    }
  }
  if (start === "<") return raw(indentedXml(text));
  if (type.includes("csv")) return [csv(text)];
  if (/^[\w.%[\]-]+=[^\n]*$/.test(text)) {
    return [
      kv(
        "Fields of the form",
        pairs(text).map((it) => [it.name, it.value]),
        marked,
      ),
    ];
  }
  return raw(text);
}

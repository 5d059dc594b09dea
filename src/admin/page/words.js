// Entries in words: what a line of the list says, beside the reason.

import { h } from "./dom.js";
import { link } from "./address.js";
import { clockTime, many, span } from "./when.js";
import { isOdd } from "./hub.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./dom.js").Child} Child */

/** @param {Entry} entry */
export function wasRefused(entry) {
  return entry.outcome === "refused" || entry.outcome === "error";
}

/**
 * The icon of an entry, and what it says to those who do not see it.
 * @param {Entry} entry
 * @returns {[string, string]}
 */
export function signOf(entry) {
  if (entry.action === "checkpoint") return ["flag", "checkpoint"];
  if (entry.action === "rollback" || entry.action === "reset") return ["back", "put back"];
  if (entry.action?.includes("fault")) return ["fault", "fault rule"];
  if (entry.action === "advance" || entry.action?.includes("clock")) return ["clock", "clock"];
  if (wasRefused(entry)) return ["no", entry.outcome];
  if (entry.action) return ["event", "event"];
  if (entry.fault) return ["fault", "a fault struck"];
  if (isOdd(entry)) return ["warn", "answered, but odd"];
  return ["ok", "answered"];
}

/** @param {unknown} value */
function plain(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Something that happened outside the vendors' APIs, in words.
 * @param {Entry} entry
 * @returns {Child[]}
 */
export function happened(entry) {
  const detail = entry.detail ?? {};
  const { name, event, fields, fired } = detail;
  switch (entry.action) {
    case "advance":
      return [
        "clock moved on by ",
        h("b", null, span(Number(detail["by_ms"] ?? 0))),
        ` to ${clockTime(String(detail["to"] ?? entry.at))}`,
        typeof fired === "number" && `; ${many(fired)} timers fired`,
      ];
    case "event":
      return ["event ", h("b", null, plain(event)), " ", fields ? h("code", null, plain(fields)) : null];
    case "handshake":
      return [
        h("b", null, "TLS handshake"),
        " that came to nothing, from ",
        h("code", null, plain(detail["peer"] ?? "somewhere")),
        detail["name"] ? [", for ", h("code", null, plain(detail["name"]))] : null,
      ];
    case "checkpoint":
    case "rollback":
      return [entry.action === "checkpoint" ? "checkpoint " : "gone back to ", h("b", null, plain(name))];
    default: {
      const words = (entry.action ?? "").replaceAll("_", " ");
      const rest = Object.keys(detail).length ? plain(detail) : "";
      return [h("b", null, words), " ", rest && h("code", null, rest.slice(0, 300))];
    }
  }
}

/**
 * The vendor's own code in a reply, where there is one.
 * @param {Entry} entry
 */
export function ownCode(entry) {
  const body = entry.response?.body ?? "";
  const json = /"(?:responseCode|code|ErrorCode)"\s*:\s*"?(-?\w+)/.exec(body.slice(0, 400));
  const inband = /^(-\d+),/.exec(body);
  return json?.[1] ?? inband?.[1] ?? "";
}

/**
 * The outcome in words.
 * @param {Entry} entry
 */
export function outcomeOf(entry) {
  if (entry.outcome === "refused") return "refused";
  if (entry.outcome === "error") return "our mistake";
  if (entry.fault) return faultIn(entry);
  if (entry.unread?.length) return "not read";
  return "";
}

/** @param {Entry} entry */
export function faultIn(entry) {
  const kind = plain(entry.fault?.["then"] ?? entry.fault?.["kind"] ?? entry.fault?.["name"] ?? "fault");
  return kind.replaceAll("_", " ");
}

/**
 * What stands under an odd line.
 * @param {Entry} entry
 * @returns {Child[][]}
 */
export function oddities(entry) {
  /** @type {Child[][]} */
  const said = [];
  for (const it of entry.unread ?? []) {
    const near = it.near ? [" did you mean ", h("code", null, it.near), "?"] : [];
    const belongs = it.belongs ? [` It belongs in the ${it.belongs}.`] : [];
    const because = it.because ? [` ${it.because}.`] : [];
    const several = it.counts === "joined" ? "its values are joined by commas" : `the ${it.counts} counts`;
    const times = it.counts === "either"
      ? " with another value than the query; one of them counts"
      : ` several times; ${several}`;
    const read = it.counts
      ? [times]
      : [", which nobody reads;", ...near, ...belongs, ...because];
    said.push([`the ${it.place} has `, h("code", { class: "u" }, it.name), ...read]);
  }
  if (entry.fault) {
    const href = link("faults", {}, entry.world || undefined);
    said.push(["fault ", h("a", { href }, faultIn(entry)), ": ", h("code", null, plain(entry.fault))]);
  }
  return said;
}

/**
 * How much is known, and where it stands.
 * @param {string} grade
 * @param {string} source
 */
export function badge(grade, source) {
  const [, vendor = "", section = ""] = /contract (\S+) ?(.*)$/.exec(source) ?? [];
  const place = vendor && `${vendor} ${section}`;
  const text = place ? `${grade} · ${place}` : grade;
  return h("a", { class: `ev ${grade}`, href: link("evidence", { vendor, section }) }, text);
}

/**
 * All that a search of text looks at.
 * @param {Entry} entry
 */
export function textOf(entry) {
  const known = texts.get(entry);
  if (known !== undefined) return known;
  const { request, response, why } = entry;
  const all = [
    entry.vendor,
    entry.operation,
    entry.action,
    entry.error,
    entry.trace,
    request?.method,
    request?.target,
    request?.body,
    response?.body,
    why && Object.values(why).map(plain).join(" "),
    entry.detail && plain(entry.detail),
    entry.effects
      .slice(0, 200)
      .map((it) => it.text)
      .join(" "),
  ];
  const text = all.filter(Boolean).join(" ").toLowerCase();
  texts.set(entry, text);
  return text;
}

/** @type {WeakMap<Entry, string>} */
const texts = new WeakMap();

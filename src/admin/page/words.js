// Entries in words: what a line of the list says, beside the reason.

import { link } from "./address.js";
import { textOfBody } from "./bytes.js";
import { h } from "./dom.js";
import { clockTime, counted, span } from "./when.js";
import { isOdd } from "./hub.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./types").Child} Child */

/** As much of a value stands in a line. */
const VALUE_CHARS = 120;
/** Longer texts are made again for each search: kept, they would be held twice. */
const KEPT_CHARS = 4000;

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
  if (["advance", "clock", "due"].includes(entry.action ?? "")) return ["clock", "clock"];
  if (wasRefused(entry)) return ["no", entry.outcome];
  if (entry.action) return ["event", "event"];
  if (entry.fault) return ["fault", "a fault struck"];
  if (isOdd(entry)) return ["warn", "answered, but odd"];
  return ["ok", "answered"];
}

/** @param {unknown} value */
export function plain(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Members as a person reads them: name value, name value.
 * @param {unknown} value
 * @returns {Child[]}
 */
export function pairsIn(value) {
  if (typeof value !== "object" || value === null) return [h("code", plain(value).slice(0, VALUE_CHARS))];
  return Object.entries(value).flatMap(([name, it], at) => [
    at ? ", " : "",
    Array.isArray(value) ? "" : `${name.replaceAll("_", " ")} `,
    ...pairsIn(it),
  ]);
}

/**
 * A change in words, with the vendor's name where it is another's than the entry's.
 * @param {import("./types").Effect} effect
 */
export function didText({ vendor, text }) {
  return vendor ? `${vendor}: ${text}` : text;
}

/** What some actions are called. @type {Record<string, string>} */
const CALLED = {
  faults: "rules for faults",
  variants: "switches turned",
  reset: "put back to what the world was made of",
  reseed: "made anew of its changed file",
  seed: "more rows were taken in",
  clock: "the clock is set",
  due: "what was due",
};

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
        h("b", span(Number(detail["by_ms"] ?? 0))),
        ` to ${clockTime(String(detail["to"] ?? entry.at))}`,
        typeof fired === "number" && `; ${counted(fired, "timer")} fired`,
      ];
    case "event":
      return ["event ", h("b", plain(event)), " ", fields ? pairsIn(fields) : null];
    case "handshake":
      return [
        h("b", detail["cause"] === "no_request" ? "no request" : "TLS handshake that came to nothing"),
        ", from ",
        h("code", plain(detail["peer"] ?? "somewhere")),
        detail["name"] ? [", for ", h("code", plain(detail["name"]))] : null,
      ];
    case "checkpoint":
    case "rollback":
      return [entry.action === "checkpoint" ? "checkpoint " : "gone back to ", h("b", plain(name))];
    case "strict": {
      const expect = Array.isArray(detail["expect"]) ? detail["expect"].length : 0;
      const text = detail["strict"] ? "the run is strict" : "the run is not strict";
      return [h("b", text), expect ? `; ${counted(expect, "expectation")}` : ""];
    }
    default: {
      const words = CALLED[entry.action ?? ""] ?? (entry.action ?? "").replaceAll("_", " ");
      const isMore = Object.keys(detail).length > 0;
      return [h("b", words), isMore && ": ", isMore && pairsIn(detail)];
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
  if (entry.finding) return "finding";
  return "";
}

/** @param {Entry} entry */
export function faultIn(entry) {
  const kind = plain(entry.fault?.["then"] ?? entry.fault?.["kind"] ?? entry.fault?.["name"] ?? "fault");
  return kind.replaceAll("_", " ");
}

/** What is told of a fault beside its kind: nothing that is empty. @param {Record<string, unknown>} fault */
function struck({ kind: _, then: __, ...rest }) {
  return Object.fromEntries(Object.entries(rest).filter(([, it]) => it !== null && it !== 0));
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
    const near = it.near ? [" did you mean ", h("code", it.near), "?"] : [];
    const belongs = it.belongs ? [` It belongs in the ${it.belongs}.`] : [];
    const because = it.because ? [` ${it.because}.`] : [];
    const several = it.counts === "joined" ? "its values are joined by commas" : `the ${it.counts} counts`;
    const times =
      it.counts === "either" ? " with another value than the query; one of them counts" : ` several times; ${several}`;
    const more = [...near, ...belongs, ...because];
    const read = it.counts ? [times] : [`, which nobody reads${more.length ? ";" : ""}`, ...more];
    said.push([`the ${it.place} has `, h("code.u", it.name), ...read]);
  }
  if (entry.fault) {
    const href = link("faults", {}, entry.world || undefined);
    said.push(["fault ", h("a", { href }, faultIn(entry)), " struck: ", pairsIn(struck(entry.fault))]);
  }
  if (entry.finding) {
    const href = link("verdict", {}, entry.world || undefined);
    said.push([`${entry.finding}: `, h("a", { href }, "the finding")]);
  }
  return said;
}

/**
 * Where a source points to in the contracts: the vendor and the section.
 * @param {string} source
 */
export function placeOf(source) {
  const [, vendor = "", section = ""] = /contract (\S+) ?(.*)$/.exec(source) ?? [];
  return { vendor, section };
}

/**
 * How much is known, and where it stands.
 * @param {string} grade
 * @param {string} source
 * @param {string} [of] The vendor that all around it is of: its name is left out.
 */
export function badge(grade, source, of = "") {
  const { vendor, section } = placeOf(source);
  const place = vendor === of ? section : vendor && `${vendor} ${section}`;
  const text = place ? `${grade} · ${place}` : grade;
  return h("a", { class: `ev ${grade}`, href: link("evidence", { vendor, section }) }, text);
}

/**
 * How many signs of two words are others, too many or in the wrong place.
 * @param {string} one
 * @param {string} other
 */
function apart(one, other) {
  let before = Array.from(other, (_, at) => at);
  before.push(other.length);
  /** @type {number[]} */
  let earlier = [];
  for (let row = 1; row <= one.length; row += 1) {
    const now = [row];
    for (let at = 1; at <= other.length; at += 1) {
      const [same, turned] = [
        one[row - 1] === other[at - 1],
        one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1],
      ];
      const steps = [(now[at - 1] ?? 0) + 1, (before[at] ?? 0) + 1, (before[at - 1] ?? 0) + (same ? 0 : 1)];
      now.push(Math.min(...steps, turned && at > 1 && row > 1 ? (earlier[at - 2] ?? 0) + 1 : Infinity));
    }
    [earlier, before] = [before, now];
  }
  return before[other.length] ?? 0;
}

/**
 * The word that was meant by one that is misspelt; none where none is near.
 * @param {string} word
 * @param {string[]} words
 */
export function nearest(word, words) {
  const far = Math.max(1, Math.floor(word.length / 3));
  const [near] = words.map((it) => ({ it, by: it.startsWith(word) ? 0 : apart(word, it) })).sort((a, b) => a.by - b.by);
  return near && near.by <= far ? near.it : "";
}

/** A text with what was written in signs for the wire, also as people write it. @param {string | undefined} text */
function readable(text) {
  if (!text || !/%[\da-f]{2}|\\u[\da-f]{4}/i.test(text)) return text;
  const spelt = text.replaceAll(/\\u([\da-f]{4})/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));
  try {
    return `${text} ${spelt} ${decodeURIComponent(spelt.replaceAll("+", " "))}`;
  } catch {
    return `${text} ${spelt}`;
  }
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
    readable(request?.target),
    readable(textOfBody(request)),
    readable(textOfBody(response)),
    why && Object.values(why).map(plain).join(" "),
    entry.detail && plain(entry.detail),
    entry.effects.slice(0, 200).map(didText).join(" "),
  ];
  const text = all.filter(Boolean).join(" ").toLowerCase();
  if (text.length < KEPT_CHARS) texts.set(entry, text);
  return text;
}

/** @type {WeakMap<Entry, string>} */
const texts = new WeakMap();

// The request with the place marked at which it is wrong. The place comes from the reply's reason: an
// exact edit, a name or a line and column; it is never looked for in the text.

import { textOfBody } from "./bytes.js";
import { h } from "./dom.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./dom.js").Child} Child */

/** What JSON is made of. */
export const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
/** As much of a body stands in a row. */
const BODY_CHARS = 320;
const ROUND_CHARS = 90;

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/**
 * Pairs of a query or form, with where their values stand.
 * @param {string} text
 */
export function pairs(text) {
  let at = 0;
  return text.split("&").map((pair) => {
    const start = at;
    at += pair.length + 1;
    const equals = pair.indexOf("=");
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
    const from = start + (equals < 0 ? pair.length : equals + 1);
    return { name, value: equals < 0 ? "" : decoded(pair.slice(equals + 1)), from, to: start + pair.length };
  });
}

/**
 * Where the value of a member of a JSON object stands.
 * @param {string} text
 * @param {string} name
 * @returns {{ from: number, to: number } | null}
 */
export function memberOf(text, name) {
  let depth = 0;
  let key = "";
  let from = -1;
  for (const found of text.matchAll(TOKEN)) {
    const it = found[0];
    if (from >= 0 && depth === 1 && (it === "," || it === "}")) return { from, to: found.index };
    if (it === "{" || it === "[") depth += 1;
    if (it === "}" || it === "]") depth -= 1;
    if (depth === 1 && from < 0 && it === ":" && key === JSON.stringify(name)) {
      from = found.index + 1;
      while (text[from] === " ") from += 1;
    }
    if (it.startsWith('"')) key = it;
  }
  return null;
}

/**
 * The name of the parameter that a reason is about, where it says one.
 * @param {import("./types").Why} why
 */
export function nameIn(why) {
  const placed = /^the (?:query parameter|form field|parameter|member|header) (\S+)/.exec(why.at ?? "");
  if (placed?.[1]) return placed[1];
  const pointer = /, in \/([^\s,]+)$/.exec(why.at ?? "");
  if (pointer?.[1]) return pointer[1];
  return /^([A-Za-z_][\w.[\]]*): /.exec(why.expected)?.[1] ?? "";
}

/**
 * What differs between two texts: what goes, what comes.
 * @param {string} was
 * @param {string} is
 */
export function difference(was, is) {
  let head = 0;
  while (head < was.length && head < is.length && was[head] === is[head]) head += 1;
  let tail = 0;
  const most = Math.min(was.length, is.length) - head;
  while (tail < most && was[was.length - 1 - tail] === is[is.length - 1 - tail]) tail += 1;
  return { head, gone: was.slice(head, was.length - tail), come: is.slice(head, is.length - tail), tail };
}

/** @param {string} text */
function shortened(text) {
  return text.length > BODY_CHARS ? `${text.slice(0, BODY_CHARS)}…` : text;
}

/**
 * A stretch of a text marked, with what stands round it.
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @param {Child[]} marked
 * @returns {Child[]}
 */
function round(text, from, to, marked) {
  const start = from > ROUND_CHARS * 2 ? from - ROUND_CHARS : 0;
  const end = text.length > to + ROUND_CHARS * 2 ? to + ROUND_CHARS : text.length;
  const before = (start ? "…" : "") + text.slice(start, from);
  return [before, ...marked, text.slice(to, end) + (end < text.length ? "…" : "")];
}

/** @param {string} text */
function wrong(text) {
  return h("mark.f", text || "␣");
}

/**
 * @param {string} body
 * @param {string} edited
 */
function corrected(body, edited) {
  const { head, gone, come } = difference(body, edited);
  const marks = [gone && h("del.f.cut", gone), come && h("ins.w", come)];
  return round(body, head, head + gone.length, marks);
}

/**
 * @param {string} body
 * @param {string} name
 * @param {string} at
 * @returns {Child[] | null}
 */
function markedBody(body, name, at) {
  const isJson = /^\s*[{[]/.test(body);
  if (name && isJson) {
    const found = memberOf(body, name);
    if (found) return round(body, found.from, found.to, [wrong(body.slice(found.from, found.to))]);
  } else if (name) {
    const found = pairs(body).find((it) => it.name === name);
    if (found) return round(body, found.from, found.to, [wrong(body.slice(found.from, found.to))]);
  }
  const place = /^line (\d+), column (\d+)/.exec(at);
  if (!place) return null;
  const lines = body.split("\n");
  const line = Number(place[1]) - 1;
  const from = lines.slice(0, line).reduce((sum, it) => sum + it.length + 1, 0) + Number(place[2]) - 1;
  if (from > body.length) return null;
  // A byte that is no character stands as four.
  const to = from + (/^\\x[0-9a-f]{2}/.test(body.slice(from, from + 4)) ? 4 : 1);
  return round(body, from, to, [wrong(body.slice(from, to))]);
}

/**
 * The request on a line or two.
 * @param {Entry} entry
 * @returns {Child[]}
 */
export function proof(entry) {
  const { request, why } = entry;
  if (!request) return [];
  const body = textOfBody(request);
  const [path = "", query = ""] = split(worldless(request.target, entry.world));
  const name = why ? nameIn(why) : "";
  /** @type {Child[]} */
  const said = [`${request.method} ${path}`];
  const inQuery = name ? pairs(query).find((it) => it.name === name) : undefined;
  const missing = why && /^(none|nothing|no )/.test(why.found);
  // What says by itself what is missing is not said another way.
  const gap = why?.found.startsWith("no ") ? why.found : `no ${name || why?.expected}`;
  if (query) said.push("?");
  if (inQuery) said.push(...round(query, inQuery.from, inQuery.to, [wrong(query.slice(inQuery.from, inQuery.to))]));
  else if (query) said.push(shortened(query));
  if (body) said.push(" ");
  if (why?.edit?.body !== undefined && body) said.push(...corrected(body, why.edit.body));
  else if (body) said.push(...((!inQuery && why && markedBody(body, name, why.at ?? "")) || [shortened(body)]));
  if (missing) said.push(" ", h("mark.f.gap", gap.slice(0, 60)));
  return said;
}

/**
 * Path and query of a target.
 * @param {string} target
 */
export function split(target) {
  const at = target.indexOf("?");
  return at < 0 ? [target, ""] : [target.slice(0, at), target.slice(at + 1)];
}

/**
 * A target without what chose the world, where that is the one that is shown.
 * @param {string} target
 * @param {string} world
 */
export function worldless(target, world) {
  const chosen = `/w/${world}`;
  return world && target.startsWith(`${chosen}/`) ? target.slice(chosen.length) : target;
}

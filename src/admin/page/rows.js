// A line of the list: the row is the reason.

import { h, icon } from "./dom.js";
import { changed, link } from "./address.js";
import { many, shortTime, span } from "./when.js";
import { badge, happened, oddities, outcomeOf, ownCode, signOf, wasRefused } from "./words.js";
import { isOdd } from "./hub.js";
import { proof } from "./proof.js";

/** @typedef {import("./types").Entry} Entry */

/** So many effects are told in a row. */
const EFFECTS_SHOWN = 4;
const PATH_CHARS = 160;

/**
 * Which entry a row stands for.
 * @param {Entry} entry
 */
export function keyOf(entry) {
  return entry.stray ? `s${entry.seq}` : String(entry.seq);
}

/** @param {Entry} entry */
function why(entry) {
  const reason = entry.why;
  if (!reason) {
    if (!entry.error) return null;
    return h(
      "div",
      { class: "why" },
      h("p", { class: "proof" }, proof(entry)),
      h("span", { class: "dt" }, "found"),
      h("span", { class: "dd x-found" }, entry.error),
    );
  }
  return h(
    "div",
    { class: "why" },
    h("p", { class: "proof" }, proof(entry)),
    h("span", { class: "dt" }, "expected"),
    h("span", { class: "dd x-want" }, reason.expected),
    h("span", { class: "dt" }, "found"),
    h("span", { class: "dd x-found" }, reason.found, reason.at && h("span", { class: "dim" }, ` at ${reason.at}`)),
    h("span", { class: "dt cure-t" }, "cure"),
    h("span", { class: "dd x-cure" }, sentence(reason.hint), " ", badge(reason.evidence, reason.source)),
  );
}

/** @param {string} text */
export function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @param {Entry} entry */
function more(entry) {
  const shown = entry.effects.slice(0, EFFECTS_SHOWN).map((it) => h("li", null, it.text));
  const rest = entry.effects.length - shown.length;
  if (rest > 0) shown.push(h("li", null, `and ${many(rest)} more`));
  for (const said of oddities(entry)) shown.push(h("li", null, said));
  return shown.length ? h("ul", { class: "more" }, shown) : null;
}

/**
 * @param {Entry} entry
 * @param {Entry | undefined} before
 */
function time(entry, before) {
  const ms = before ? Date.parse(entry.at) - Date.parse(before.at) : 0;
  const gap = ms > 0 && !entry.stray && !before?.stray ? h("i", null, `+${span(ms)}`) : null;
  return h("time", { datetime: entry.at }, shortTime(entry.at), gap);
}

/**
 * @param {Entry} entry
 * @param {Entry | undefined} before
 * @param {string} selected
 */
export function row(entry, before, selected) {
  const key = keyOf(entry);
  const refused = wasRefused(entry);
  const [sign, said] = signOf(entry);
  const kind = entry.action ? "sys" : "";
  const state = refused ? "refused" : isOdd(entry) ? "odd" : "";
  const label = `o${key}`;
  const href = changed({ entry: key });
  const { response } = entry;
  const code = refused ? ownCode(entry) : "";
  const status = response ? `${response.status}${code ? ` · code ${code}` : ""}` : "no reply";
  const path = refused
    ? null
    : h("code", null, `${entry.request?.method} ${entry.request?.target.slice(0, PATH_CHARS)}`);
  const name = entry.operation ?? (entry.stray ? "nobody took it" : "no operation");
  return h(
    "article",
    {
      class: `x ${kind} ${state} ${key === selected ? "sel" : ""}`,
      tabindex: key === selected ? 0 : -1,
      "aria-labelledby": label,
      "data-key": key,
    },
    icon(sign, said),
    h("span", { class: "seq" }, h("a", { href, tabindex: -1, "aria-label": `Open entry ${key}` }, key)),
    time(entry, before),
    h("span", { class: "vendor" }, entry.vendor ?? ""),
    h("span", { class: "op", id: label }, entry.action ? happened(entry) : [h("b", null, name), path]),
    h("span", { class: "out" }, outcome(entry, status)),
    refused ? why(entry) : null,
    more(entry),
  );
}

/**
 * @param {Entry} entry
 * @param {string} status
 * @returns {import("./dom.js").Child[]}
 */
function outcome(entry, status) {
  if (entry.action === "checkpoint") return [h("a", { href: link("time") }, "go back to it")];
  if (entry.action) return [outcomeOf(entry)];
  return [h("code", null, status), " ", h("b", null, outcomeOf(entry))];
}

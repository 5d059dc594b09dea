// A line of the list: the row is the reason.

import { fill, h, icon } from "./dom.js";
import { changed, link } from "./address.js";
import { many, shortTime, span } from "./when.js";
import { badge, didText, happened, oddities, outcomeOf, ownCode, signOf, wasRefused } from "./words.js";
import { isOdd } from "./hub.js";
import { proof, worldless } from "./proof.js";

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
  const found = { id: `f${keyOf(entry)}` };
  if (!reason) {
    if (!entry.error) return null;
    return h(
      "div.why.alone",
      h("p.proof", proof(entry)),
      h("span.dt", "found"),
      h("span.dd.x-found", found, entry.error),
    );
  }
  return h(
    "div.why",
    h("p.proof", proof(entry)),
    h("span.dt", "expected"),
    h("span.dd.x-want", reason.expected),
    h("span.dt", "found"),
    h("span.dd.x-found", found, reason.found, reason.at && h("span.dim", ` at ${reason.at}`)),
    h("span.dt.cure-t", "cure"),
    h("span.dd.x-cure", sentence(reason.hint), " ", badge(reason.evidence, reason.source)),
  );
}

/** @param {string} text */
export function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @param {Entry} entry */
function more(entry) {
  const shown = entry.effects.slice(0, EFFECTS_SHOWN).map((it) => h("li", didText(it)));
  const rest = entry.effects.length - shown.length;
  if (rest > 0) shown.push(h("li", `and ${many(rest)} more`));
  for (const said of oddities(entry)) shown.push(h("li", said));
  return shown.length ? h("ul.more", shown) : null;
}

/**
 * @param {Entry} entry
 * @param {Entry | undefined} before
 */
function time(entry, before) {
  const ms = before ? Date.parse(entry.at) - Date.parse(before.at) : 0;
  const gap = ms > 0 && !entry.stray && !before?.stray && h("i", `+${span(ms)}`);
  return h("time", { datetime: entry.at }, shortTime(entry.at), entry.stray ? h("i", "wall") : gap);
}

/**
 * What a row of many tells of them.
 * @param {Entry[]} all
 * @returns {import("./types").Child[]}
 */
function foldedText(all) {
  const [first, last] = [all[0], all.at(-1)];
  if (!first || !last) return [];
  const until = shortTime(first.at) === shortTime(last.at) ? "" : `, until ${shortTime(last.at)}`;
  return [h("b", `${many(all.length)} more`), ` like this, to ${keyOf(last)}${until} `];
}

/**
 * A row that stands for many which are alike.
 * @param {Entry} entry
 */
function foldedRow(entry) {
  const key = keyOf(entry);
  return h(
    "article.x.fold",
    { tabindex: -1, "aria-labelledby": `o${key}`, "aria-posinset": entry.seq, "aria-setsize": -1, "data-key": key },
    icon("ok", "answered"),
    h("span.seq", key),
    time(entry, undefined),
    h("span.vendor", entry.vendor ?? ""),
    h("span.op", { id: `o${key}` }, h("b", entry.operation ?? ""), " ", h("span.many", foldedText(entry.folded ?? []))),
    h("span.out", h("button.btn.plain", { type: "button", tabindex: -1, "data-unfold": key }, "Show them")),
  );
}

/**
 * A row of many, after more have come.
 * @param {Element} article
 * @param {Entry} entry
 */
export function refold(article, entry) {
  const text = article.querySelector(".many");
  if (text) fill(text, foldedText(entry.folded ?? []));
}

/**
 * @param {Entry} entry
 * @param {Entry | undefined} before
 * @param {string} selected
 */
export function row(entry, before, selected) {
  if (entry.folded) return foldedRow(entry);
  const key = keyOf(entry);
  const refused = wasRefused(entry);
  const [sign, said] = signOf(entry);
  const kind = entry.action ? "sys" : "";
  const state = refused ? "refused" : isOdd(entry) ? "odd" : "";
  const label = `o${key}`;
  // Who does not see the row hears what it is about, and what came of it.
  const labels = refused && !entry.action ? `${label} r${key} f${key}` : `${label} r${key}`;
  const href = changed({ entry: key });
  const { response, request } = entry;
  const code = refused ? ownCode(entry) : "";
  const status = response ? `${response.status}${code ? ` · code ${code}` : ""}` : "no reply";
  const path =
    !refused &&
    request &&
    h("code", `${request.method} ${worldless(request.target, entry.world).slice(0, PATH_CHARS)}`);
  const name = entry.operation ?? (entry.stray ? "nobody took it" : "no operation");
  const made = h(
    "article",
    {
      class: `x ${kind} ${state} ${key === selected ? "sel" : ""}`,
      tabindex: key === selected ? 0 : -1,
      "aria-labelledby": labels,
      "aria-posinset": entry.seq,
      "aria-setsize": -1,
      "data-key": key,
    },
    icon(sign, said),
    h("span.seq", h("a", { href, tabindex: -1, "aria-label": `Open entry ${key}` }, key)),
    time(entry, before),
    h("span.vendor", entry.vendor ?? ""),
    h("span.op", { id: label }, entry.action ? happened(entry) : [h("b", name), " ", path]),
    h("span.out", { id: `r${key}` }, outcome(entry, status)),
    refused ? why(entry) : null,
    more(entry),
  );
  // The feed puts what is in the row of the keys into the order of the tab key.
  for (const it of made.querySelectorAll("a")) it.tabIndex = -1;
  return made;
}

/**
 * @param {Entry} entry
 * @param {string} status
 * @returns {import("./types").Child[]}
 */
function outcome(entry, status) {
  if (entry.action === "checkpoint") {
    const since = entry.detail?.["name"];
    return [h("a", { href: link("time", { since: String(since) }) }, "what changed since, go back to it")];
  }
  if (entry.action === "faults") return [h("a", { href: link("faults") }, "the rules")];
  if (entry.action === "strict") return [h("a", { href: link("verdict") }, "the verdict")];
  if (entry.action === "variants") return [h("a", { href: link("evidence") }, "the switches")];
  if (entry.action) return [outcomeOf(entry)];
  return [h("code", status), " ", h("b", outcomeOf(entry))];
}

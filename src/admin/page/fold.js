// Rows that are alike: of many answered requests that differ in one value the first two are shown, and the
// others are counted in a row that grows. Refusals never fold.

import { isOdd } from "./hub.js";
import { wasRefused } from "./words.js";

/** @typedef {import("./types").Entry} Entry */

/** So many of a run are shown before the others are counted. */
const SHOWN = 2;
/** Longer requests are not compared: they are looked at one by one. */
const COMPARED_CHARS = 2000;

/**
 * Whether an entry may fold at all: a request that was answered, with nothing odd about it.
 * @param {Entry} entry
 */
function isPlain(entry) {
  const { request } = entry;
  // Of what is no text, or was too long to keep, nobody can say that it is alike.
  const isWhole = request !== undefined && typeof request.body === "string" && request.body_bytes === undefined;
  return Boolean(isWhole && entry.operation) && !entry.stray && !wasRefused(entry) && !isOdd(entry);
}

/** @param {Entry} entry */
function words(entry) {
  const { target = "", body } = entry.request ?? {};
  const text = `${target} ${body ?? ""}`;
  return text.length > COMPARED_CHARS ? null : text.split(/[/?&=,:{}"\s]+/);
}

/**
 * Whether two answered requests differ in one value at the most.
 * @param {Entry} one
 * @param {Entry} other
 */
export function isAlike(one, other) {
  if (one.vendor !== other.vendor || one.operation !== other.operation) return false;
  if (one.request?.method !== other.request?.method || one.response?.status !== other.response?.status) return false;
  if (!isPlain(one) || !isPlain(other)) return false;
  if (one.request?.target === other.request?.target && one.request?.body === other.request?.body) return true;
  const [mine, its] = [words(one), words(other)];
  if (!mine || !its || mine.length !== its.length) return false;
  let differ = 0;
  for (let at = 0; at < mine.length && differ < 2; at += 1) if (mine[at] !== its[at]) differ += 1;
  return differ < 2;
}

/** Folds entries as they come, oldest first. */
export class Folder {
  /** @param {Set<string>} open Keys of rows of which each one is shown. */
  constructor(open) {
    this.open = open;
    /** @type {Entry | undefined} The first of the run that is going on. */
    this.first = undefined;
    this.count = 0;
    /** @type {Entry | undefined} The row that counts the others of the run. */
    this.row = undefined;
  }

  /**
   * The rows that come of entries; what joins the row that is there is no row of its own.
   * @param {Entry[]} entries
   */
  rows(entries) {
    /** @type {Entry[]} */
    const rows = [];
    for (const entry of entries) {
      if (this.first && isAlike(this.first, entry)) {
        this.count += 1;
        if (this.row?.folded && !this.open.has(String(this.row.seq))) {
          this.row.folded.push(entry);
          continue;
        }
        if (this.count > SHOWN && !this.row) {
          this.row = { ...entry, folded: [entry] };
          rows.push(this.open.has(String(entry.seq)) ? entry : this.row);
          continue;
        }
      } else {
        [this.first, this.count, this.row] = [entry, 1, undefined];
      }
      rows.push(entry);
    }
    return rows;
  }
}

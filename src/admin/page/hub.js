// What the page knows of a world: its facts, its clock, its journal. Parts listen to it.

import { get, inWorld } from "./api.js";
import { Stream } from "./stream.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./types").Page} Page */
/** @typedef {import("./stream.js").Told} Told */
/**
 * `anew`: the entries are others. `older`: some came before those that were there. `newer`: behind.
 * `gone`: some of the oldest are held no longer. `facts`: world, clock, rules. `found`: the verdict.
 * `state`: the connection.
 * @typedef {{ anew: undefined, older: Entry[], newer: Entry[], gone: Entry[], facts: undefined, found: undefined,
 *   state: undefined }} News
 */

/** So many are shown at once; the rest comes behind. */
const FIRST_ROWS = 300;
const PAGE_ROWS = 1000;
/** So many are held; of a longer run the oldest go, a step at a time. */
const HELD_MAX = 60_000;
const GONE_STEP = 10_000;
/** How often clock and strays are asked for where nothing says that they moved. */
const LOOK_MS = 4000;
/** How soon after something happened they are asked for. */
const SOON_MS = 300;
/** What is found in the journal takes the program longer: so often at the most. */
const JUDGE_MS = 3000;

export class Hub {
  /** @param {string} world */
  constructor(world) {
    this.world = world;
    /** @type {Entry[]} Oldest first. */
    this.entries = [];
    /** @type {import("./types").Facts | null} */
    this.facts = null;
    /** @type {import("./types").Facts[]} */
    this.worlds = [];
    this.evicted = 0;
    /** @type {"connecting" | "live" | "gone" | "missing"} */
    this.state = "connecting";
    this.retryAt = 0;
    /** The wall time at which the clock was read. */
    this.readAt = Date.now();
    this.counts = { refused: 0, odd: 0, happened: 0, quiet: 0 };
    /** @type {import("./types").Rule[]} The rules for faults. */
    this.rules = [];
    /** @type {import("./types").Found | null} What the journal shows, and whether that is as expected. */
    this.found = null;
    this.ended = new AbortController();
    /** @type {Map<string, Set<(news: any) => void>>} */
    this.listeners = new Map();
    /** @type {Entry[]} */
    this.coming = [];
    this.strays = 0;
    this.looking = 0;
    this.soon = 0;
    this.judging = 0;
    this.judged = 0;
    this.planned = false;
    this.stream = new Stream(
      world,
      () => this.newest(),
      (told) => this.hear(told).catch(() => {}),
    );
  }

  /**
   * @template {keyof News} K
   * @param {K} kind
   * @param {(news: News[K]) => void} listener
   * @returns {() => void} Stops listening.
   */
  on(kind, listener) {
    const all = this.listeners.get(kind) ?? new Set();
    this.listeners.set(kind, all);
    all.add(listener);
    return () => all.delete(listener);
  }

  /**
   * @template {keyof News} K
   * @param {K} kind
   * @param {News[K]} news
   */
  tell(kind, news) {
    for (const listener of this.listeners.get(kind) ?? []) listener(news);
  }

  newest() {
    return this.entries.findLast((it) => !it.stray);
  }

  async start() {
    const { signal } = this.ended;
    try {
      await Promise.all([this.lookAtFacts(), this.load()]);
    } catch (error) {
      if (signal.aborted) return;
      const status = error instanceof Error && "status" in error ? error.status : 0;
      if (status === 401) return;
      if (status === 404) {
        this.state = "missing";
        await this.lookAtWorlds().catch(() => {});
        this.tell("state", undefined);
        // It may come to be: then it is shown.
        setTimeout(() => !signal.aborted && this.start(), LOOK_MS);
        return;
      }
      this.setState({ state: "gone", retryAt: Date.now() + 2000 });
      setTimeout(() => !signal.aborted && this.start(), 2000);
      return;
    }
    this.stream.start();
    this.judgeSoon();
    this.looking = window.setInterval(() => document.hidden || this.look(), LOOK_MS);
  }

  stop() {
    this.ended.abort();
    this.stream.stop();
    clearInterval(this.looking);
    clearTimeout(this.soon);
    clearTimeout(this.judging);
    this.listeners.clear();
  }

  retry() {
    this.stream.hurry();
  }

  /** What the stream does not tell. */
  look() {
    void this.lookAtFacts().catch(() => {});
    void this.lookAtStrays().catch(() => {});
  }

  /** As `look`, a little later, and once for all that comes until then. */
  lookSoon() {
    if (this.soon) return;
    this.soon = window.setTimeout(() => {
      this.soon = 0;
      void this.lookAtFacts().catch(() => {});
    }, SOON_MS);
  }

  async lookAtFacts() {
    const { signal } = this.ended;
    const path = (/** @type {string} */ name) => inWorld(this.world, name);
    const [clock, faults] = await Promise.all([
      get(path("clock"), signal),
      get(path("faults"), signal),
      this.lookAtWorlds(),
    ]);
    const facts = this.worlds.find((it) => it.name === this.world);
    if (!facts) return;
    this.readAt = Date.now();
    this.facts = { ...facts, clock };
    this.rules = faults.faults;
    this.tell("facts", undefined);
  }

  async lookAtWorlds() {
    this.worlds = (await get("/v1/worlds", this.ended.signal)).worlds;
  }

  /** Asks what the journal shows, not too often. */
  judgeSoon() {
    if (this.judging) return;
    const wait = Math.max(SOON_MS, this.judged + JUDGE_MS - Date.now());
    this.judging = window.setTimeout(() => {
      this.judging = 0;
      this.judged = Date.now();
      if (document.hidden) this.judgeSoon();
      else void this.judge().catch(() => {});
    }, wait);
  }

  async judge() {
    const found = await get(inWorld(this.world, "findings"), this.ended.signal);
    this.found = found;
    /** @type {Map<number, string>} */
    const named = new Map();
    for (const it of found.findings) for (const seq of it.entries) named.set(seq, it.what);
    for (const entry of this.entries) {
      const what = entry.stray ? undefined : named.get(entry.seq);
      if (what) entry.finding = what;
      else delete entry.finding;
    }
    this.counts = { refused: 0, odd: 0, happened: 0, quiet: 0 };
    this.count(this.entries);
    this.tell("found", undefined);
  }

  /** The world's time as it is by now, in milliseconds. */
  now() {
    const clock = this.facts?.clock;
    if (!clock) return 0;
    const read = Date.parse(clock.now);
    if (clock.mode === "frozen") return read;
    return read + (Date.now() - this.readAt) * (clock.mode === "scaled" ? (clock.rate ?? 1) : 1);
  }

  /** The newest entries first; older ones come behind, page by page. */
  async load() {
    const path = inWorld(this.world, "journal");
    /** @type {Page} */
    const page = await get(`${path}?last=${FIRST_ROWS}&limit=${PAGE_ROWS}`, this.ended.signal);
    this.entries = page.entries;
    this.evicted = page.evicted;
    this.counts = { refused: 0, odd: 0, happened: 0, quiet: 0 };
    this.strays = 0;
    this.count(page.entries);
    this.tell("anew", undefined);
    void this.loadOlder().catch(() => {});
    void this.lookAtStrays().catch(() => {});
  }

  async loadOlder() {
    const path = inWorld(this.world, "journal");
    for (;;) {
      const first = this.entries.find((it) => !it.stray)?.seq ?? 1;
      if (first <= this.evicted + 1 || this.entries.length >= HELD_MAX) return;
      /** @type {Page} */
      const page = await get(`${path}?before=${first}&limit=${PAGE_ROWS}`, this.ended.signal);
      this.evicted = page.evicted;
      if (!page.entries.length || (this.entries.find((it) => !it.stray)?.seq ?? 1) !== first) return;
      this.entries = page.entries.concat(this.entries);
      this.count(page.entries);
      this.tell("older", page.entries);
    }
  }

  /**
   * Asks the server for the entries that a filter picks, where not all are here yet.
   * @param {{ vendor: string, operation: string, outcome: string }} filter
   */
  async pick(filter) {
    const first = this.entries.find((it) => !it.stray)?.seq ?? 1;
    const wanted = Object.entries(filter).filter(([, value]) => value);
    if (!wanted.length || first <= this.evicted + 1) return [];
    const query = new URLSearchParams([...wanted, ["limit", String(PAGE_ROWS)]]);
    /** @type {Page} */
    const page = await get(`${inWorld(this.world, "journal")}?${query}`, this.ended.signal);
    return page.entries.filter((entry) => entry.seq < first);
  }

  async lookAtStrays() {
    /** @type {{ entries: Entry[] }} */
    const found = await get(`/v1/journal?after=${this.strays}&limit=${PAGE_ROWS}`, this.ended.signal);
    if (!found.entries.length) return;
    this.strays = found.entries[found.entries.length - 1]?.seq ?? this.strays;
    this.take(found.entries.map((entry) => ({ ...entry, stray: true })));
  }

  /** @param {Told} told */
  async hear(told) {
    if (told.anew) await this.load();
    if (told.state) this.setState(told);
    if (told.entries) this.take(told.entries);
  }

  /** @param {Told} told */
  setState(told) {
    this.state = told.state ?? this.state;
    this.retryAt = told.retryAt ?? 0;
    this.tell("state", undefined);
    if (told.state === "missing")
      void this.lookAtWorlds().then(
        () => this.tell("state", undefined),
        () => {},
      );
    if (told.state === "live") this.look();
  }

  /**
   * Entries are shown once per frame, however many come.
   * @param {Entry[]} entries
   */
  take(entries) {
    this.coming.push(...entries);
    if (this.planned) return;
    this.planned = true;
    const settle = () => {
      this.planned = false;
      void this.settle();
    };
    if (document.hidden) setTimeout(settle, 200);
    else requestAnimationFrame(settle);
  }

  async settle() {
    const last = this.newest()?.seq ?? 0;
    const coming = this.coming.filter((it) => it.stray || it.seq > last);
    this.coming = [];
    const first = coming.find((it) => !it.stray);
    // Told by another tab while this one was not listening: only the gap is asked for.
    if (first && last && first.seq > last + 1) coming.unshift(...(await this.gap(last, first.seq)));
    if (!coming.length || this.ended.signal.aborted) return;
    for (const entry of coming) this.entries.push(entry);
    this.count(coming);
    this.tell("newer", coming);
    if (this.entries.length > HELD_MAX) this.letGo();
    this.judgeSoon();
    if (coming.some((it) => it.action || it.effects.length || it.fault)) this.lookSoon();
  }

  /**
   * The entries between two.
   * @param {number} last
   * @param {number} first
   */
  async gap(last, first) {
    const path = inWorld(this.world, "journal");
    /** @type {Entry[]} */
    const all = [];
    for (let after = last; after < first - 1; ) {
      const query = `after=${after}&limit=${Math.min(PAGE_ROWS, first - 1 - after)}`;
      /** @type {Page} */
      const page = await get(`${path}?${query}`, this.ended.signal).catch(() => ({ entries: [] }));
      const found = page.entries.filter((it) => it.seq < first);
      if (!found.length) break;
      all.push(...found);
      after = found.at(-1)?.seq ?? first;
    }
    return all;
  }

  /** The oldest go where there are too many to hold. */
  letGo() {
    const gone = this.entries.splice(0, GONE_STEP);
    this.evicted = Math.max(this.evicted, gone.findLast((it) => !it.stray)?.seq ?? 0);
    this.tell("gone", gone);
  }

  /** @param {Entry[]} entries */
  count(entries) {
    for (const entry of entries) {
      if (entry.outcome === "refused" || entry.outcome === "error") this.counts.refused += 1;
      else if (isOdd(entry)) this.counts.odd += 1;
      if (entry.action) this.counts.happened += 1;
      if (isQuiet(entry)) this.counts.quiet += 1;
    }
  }
}

/**
 * The clock moved on, and nothing came of it.
 * @param {Entry} entry
 */
export function isQuiet(entry) {
  return entry.action === "advance" && entry.detail?.["fired"] === 0;
}

/**
 * Answered, but something about it should be looked at.
 * @param {Entry} entry
 */
export function isOdd(entry) {
  if (entry.outcome === "refused" || entry.outcome === "error") return false;
  return Boolean(entry.fault || entry.finding || entry.unread?.length) || entry.outcome === "faulted";
}

// What the page knows of a world: its facts, its clock, its journal. Parts listen to it.

import { get, inWorld } from "./api.js";
import { Stream } from "./stream.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./types").Page} Page */
/** @typedef {import("./stream.js").Told} Told */
/**
 * `anew`: the entries are others. `older`: some came before those that were there. `newer`: behind.
 * `facts`: world or clock. `state`: the connection.
 * @typedef {{ anew: undefined, older: Entry[], newer: Entry[], facts: undefined, state: undefined }} News
 */

/** So many are shown at once; the rest comes behind. */
const FIRST_ROWS = 300;
const PAGE_ROWS = 1000;
/** A number that no entry reaches, to be told the newest. */
const END = 9_000_000_000_000;
/** How often clock and strays are asked for where nothing says that they moved. */
const LOOK_MS = 4000;

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
    this.counts = { refused: 0, odd: 0, happened: 0 };
    this.ended = new AbortController();
    /** @type {Map<string, Set<(news: any) => void>>} */
    this.listeners = new Map();
    /** @type {Entry[]} */
    this.coming = [];
    this.strays = 0;
    this.looking = 0;
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
        return;
      }
      this.setState({ state: "gone", retryAt: Date.now() + 2000 });
      setTimeout(() => !signal.aborted && this.start(), 2000);
      return;
    }
    this.stream.start();
    this.looking = window.setInterval(() => document.hidden || this.look(), LOOK_MS);
  }

  stop() {
    this.ended.abort();
    this.stream.stop();
    clearInterval(this.looking);
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

  async lookAtFacts() {
    const { signal } = this.ended;
    const [facts, clock] = await Promise.all([
      get(inWorld(this.world), signal),
      get(inWorld(this.world, "clock"), signal),
      this.lookAtWorlds(),
    ]);
    this.readAt = Date.now();
    this.facts = { ...facts, clock };
    this.tell("facts", undefined);
  }

  async lookAtWorlds() {
    this.worlds = (await get("/v1/worlds", this.ended.signal)).worlds;
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
    const { signal } = this.ended;
    const end = await get(`${path}?after=${END}&limit=1`, signal);
    const after = Math.max(0, end.last_seq - FIRST_ROWS);
    /** @type {Page} */
    const page = await get(`${path}?after=${after}&limit=${PAGE_ROWS}`, signal);
    this.entries = page.entries;
    this.evicted = page.evicted;
    this.counts = { refused: 0, odd: 0, happened: 0 };
    this.strays = 0;
    this.count(page.entries);
    this.tell("anew", undefined);
    void this.loadOlder(after).catch(() => {});
    void this.lookAtStrays().catch(() => {});
  }

  /** @param {number} before */
  async loadOlder(before) {
    const path = inWorld(this.world, "journal");
    let end = before;
    while (end > 0) {
      const after = Math.max(0, end - PAGE_ROWS);
      /** @type {Page} */
      const page = await get(`${path}?after=${after}&limit=${PAGE_ROWS}`, this.ended.signal);
      const top = end;
      const older = page.entries.filter((entry) => entry.seq <= top);
      if (older.length) {
        this.entries = older.concat(this.entries);
        this.count(older);
        this.tell("older", older);
      }
      if (!older.length && page.evicted) return;
      end = after;
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
    if (first && last && first.seq > last + 1) {
      // Told by another tab while this one was not listening: only the gap is asked for.
      const path = `${inWorld(this.world, "journal")}?after=${last}&limit=${PAGE_ROWS}`;
      const page = await get(path, this.ended.signal).catch(() => ({ entries: [] }));
      const gap = page.entries.filter((/** @type {Entry} */ it) => it.seq < first.seq);
      coming.unshift(...gap);
    }
    if (!coming.length || this.ended.signal.aborted) return;
    this.entries.push(...coming);
    this.count(coming);
    this.tell("newer", coming);
    if (coming.some((it) => it.action || it.effects.length)) void this.lookAtFacts().catch(() => {});
  }

  /** @param {Entry[]} entries */
  count(entries) {
    for (const entry of entries) {
      if (entry.outcome === "refused" || entry.outcome === "error") this.counts.refused += 1;
      else if (isOdd(entry)) this.counts.odd += 1;
      if (entry.action) this.counts.happened += 1;
    }
  }
}

/**
 * Answered, but something about it should be looked at.
 * @param {Entry} entry
 */
export function isOdd(entry) {
  if (entry.outcome === "refused" || entry.outcome === "error") return false;
  return Boolean(entry.fault) || Boolean(entry.unread?.length) || entry.outcome === "faulted";
}

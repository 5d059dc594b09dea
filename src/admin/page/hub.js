// What the page knows of a world: its facts, its clock, its journal. Parts listen to it.

import { isName } from "./address.js";
import { Refused, Turns, get, inWorld, reasonOf, watched, within } from "./api.js";
import { Later } from "./later.js";
import { Stream } from "./stream.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./types").Page} Page */
/** @typedef {import("./stream.js").Told} Told */
/**
 * `anew`: the entries are others. `older`: some came before those that were there. `newer`: behind.
 * `gone`: some of the oldest are held no longer. `facts`: world, clock, rules. `found`: the verdict.
 * `state`: the connection. `other`: what was listed is of a journal that is no more. `vendors`: they may be
 * served elsewhere now. `trouble`: why something could not be read.
 * @typedef {{ anew: undefined, older: Entry[], newer: Entry[], gone: Entry[], facts: undefined, found: undefined,
 *   state: undefined, other: undefined, vendors: undefined, trouble: string }} News
 */

/** So many are shown at once; the rest comes behind. */
const FIRST_ROWS = 300;
const PAGE_ROWS = 1000;
/** So many are held, and so much of what clients and vendors said; of more the oldest go, a step at a time. */
const HELD_MAX = 60_000;
const HELD_CHARS_MAX = 64_000_000;
const STEP_PART = 1 / 6;
/** About so many an effect takes. */
const EFFECT_CHARS = 100;
/** How often clock and strays are asked for where nothing says that they moved, and how long an answer may take. */
const LOOK_MS = 4000;
const ANSWER_MS = 10_000;
/** How soon after something happened they are asked for. */
const SOON_MS = 300;
/** What is found in the journal takes the program longer: so often at the most. */
const JUDGE_MS = 3000;
/** How soon a start that failed is tried again. */
const RETRY_MS = 2000;

export class Hub {
  /** @param {string} world */
  constructor(world) {
    this.world = world;
    /** @type {Entry[]} Oldest first. */
    this.entries = [];
    /** @type {import("./types").Facts | null} */
    this.facts = null;
    this.isKnown = () => {};
    /** @type {Promise<void>} Kept once `facts` are there: the journal may be read before they are. */
    this.known = new Promise((known) => (this.isKnown = known));
    /** @type {import("./types").Facts[]} */
    this.worlds = [];
    /** @type {import("./types").Closed[]} Worlds that do not serve just now. */
    this.closed = [];
    this.evicted = 0;
    /** @type {"connecting" | "live" | "gone" | "missing"} */
    this.state = "connecting";
    this.retryAt = 0;
    /** @type {import("./stream.js").Reason | undefined} Why it is gone. */
    this.why = undefined;
    /** What could not be read although the connection stands; told once. */
    this.trouble = "";
    /** The wall time at which the clock was read. */
    this.readAt = Date.now();
    /** Answers come in any order. */
    this.turns = { facts: new Turns(), worlds: new Turns(), found: new Turns() };
    this.counts = none();
    /** @type {import("./types").Rule[]} The rules for faults. */
    this.rules = [];
    /** @type {import("./types").Found | null} What the journal shows, and whether that is as expected. */
    this.found = null;
    this.ended = new AbortController();
    /** @type {Map<string, Set<(news: any) => void>>} */
    this.listeners = new Map();
    /** @type {Entry[]} */
    this.coming = [];
    /** @type {Promise<Page> | null} The newest page, while the journal is read anew. */
    this.loading = null;
    /** How often it was: what was asked for before is of another run. */
    this.run = 0;
    /** The newest number that is known of. */
    this.last = 0;
    /** The run whose older entries are being read. */
    this.olderOf = 0;
    /** @type {Map<number, Entry>} Older entries that a filter picked. */
    this.picked = new Map();
    this.strays = 0;
    /** @type {Promise<void> | null} */
    this.straying = null;
    this.isLooking = false;
    this.looking = 0;
    /** What `look` asks for, a little later. */
    this.lookSoon = new Later(SOON_MS, () => this.lookAtFacts());
    this.judged = 0;
    /** @type {Later} Asks what the journal shows, not too often. */
    this.judgeSoon = new Later(
      () => Math.max(SOON_MS, this.judged + JUDGE_MS - Date.now()),
      () => {
        this.judged = Date.now();
        return document.hidden ? this.judgeSoon.plan() : this.judge();
      },
    );
    this.planned = false;
    /** @type {(() => void) | null} Cuts the wait short after a start that failed. */
    this.hurry = null;
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
    for (const listener of this.listeners.get(kind) ?? []) {
      try {
        listener(news);
      } catch (error) {
        // It is said, and keeps nothing from the others.
        reportError(error);
      }
    }
  }

  newest() {
    return this.entries.findLast((it) => !it.stray);
  }

  /** The number from which on entries are here. */
  first() {
    return this.entries.find((it) => !it.stray)?.seq ?? this.last + 1;
  }

  async start() {
    const { signal } = this.ended;
    if (!isName(this.world)) {
      // There is none, and in the path of a request the name may mean something else.
      this.state = "missing";
      await this.lookAtWorlds().catch(() => {});
      this.tell("state", undefined);
      return;
    }
    try {
      // What is waited for with the eyes comes first: the rows.
      await Promise.all([this.load(), watched(signal, (soon) => this.lookAtFacts(soon))]);
    } catch (error) {
      if (signal.aborted) return;
      const status = error instanceof Error && "status" in error ? error.status : 0;
      if (status === 401) return;
      if (status === 404 || status === 409) {
        this.state = "missing";
        await this.lookAtWorlds().catch(() => {});
        this.tell("state", undefined);
        // It may come to be: then it is shown.
        this.startIn(LOOK_MS);
        return;
      }
      this.setState({ state: "gone", retryAt: Date.now() + RETRY_MS, why: reasonOf(error) });
      this.startIn(RETRY_MS);
      return;
    }
    this.stream.start();
    this.looking = window.setInterval(() => document.hidden || this.look(), LOOK_MS);
  }

  /** @param {number} ms */
  startIn(ms) {
    const again = () => {
      clearTimeout(timer);
      this.hurry = null;
      if (!this.ended.signal.aborted) void this.start();
    };
    const timer = setTimeout(again, ms);
    this.hurry = again;
  }

  stop() {
    this.ended.abort();
    this.stream.stop();
    clearInterval(this.looking);
    this.lookSoon.drop();
    this.judgeSoon.drop();
    this.listeners.clear();
  }

  retry() {
    if (this.hurry) this.hurry();
    else this.stream.retry();
  }

  /** What the stream does not tell. A world that is at work is not asked a second time before it answers. */
  look() {
    if (this.isLooking) return;
    this.isLooking = true;
    const looks = [this.lookAtFacts(), this.lookAtStrays()];
    void Promise.allSettled(looks).then((all) => {
      this.isLooking = false;
      const failed = all.find((it) => it.status === "rejected");
      this.doubt(failed && reasonOf(failed.reason).text);
    });
  }

  /**
   * What is shown may be as it was, where the connection stands and something could not be read.
   * @param {string} [trouble]
   */
  doubt(trouble = "") {
    const isNew = this.state === "live" && trouble && trouble !== this.trouble;
    this.trouble = trouble;
    if (isNew && !this.ended.signal.aborted) this.tell("trouble", trouble);
  }

  /** @param {AbortSignal} [signal] */
  async lookAtFacts(signal = within(this.ended.signal, ANSWER_MS)) {
    const path = (/** @type {string} */ name) => inWorld(this.world, name);
    const isNew = this.turns.facts.begin();
    const [clock, faults] = await Promise.all([
      get(path("clock"), signal),
      get(path("faults"), signal),
      this.lookAtWorlds(signal),
    ]);
    if (!isNew()) return;
    const facts = this.worlds.find((it) => it.name === this.world);
    if (!facts) return;
    this.readAt = Date.now();
    this.facts = { ...facts, clock };
    this.rules = faults.faults;
    this.isKnown();
    this.tell("facts", undefined);
  }

  /** @param {AbortSignal} [signal] */
  async lookAtWorlds(signal = within(this.ended.signal, ANSWER_MS)) {
    const isNew = this.turns.worlds.begin();
    /** @type {(import("./types").Facts | import("./types").Closed)[]} */
    const all = (await get("/v1/worlds", signal)).worlds;
    if (!isNew()) return;
    this.worlds = all.filter((it) => "clock" in it);
    this.closed = all.filter((it) => "why" in it);
  }

  async judge() {
    const isNew = this.turns.found.begin();
    const found = await get(inWorld(this.world, "findings"), this.ended.signal);
    if (!isNew()) return;
    this.found = found;
    /** @type {Map<number, string>} */
    const named = new Map();
    for (const it of found.findings) for (const seq of it.entries) named.set(seq, it.what);
    for (const entry of this.entries) {
      const what = entry.stray ? undefined : named.get(entry.seq);
      if (what) entry.finding = what;
      else delete entry.finding;
    }
    this.recount();
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
    // What has come is in what is read now, or is of another run.
    this.coming = [];
    /** @type {Promise<Page>} */
    const loading = watched(this.ended.signal, (signal) =>
      get(`${path}?last=${FIRST_ROWS}&limit=${PAGE_ROWS}`, signal),
    );
    this.loading = loading;
    try {
      const page = await loading;
      if (loading === this.loading) this.begin(page);
    } finally {
      if (loading === this.loading) this.loading = null;
      this.plan();
    }
  }

  /** @param {Page} page */
  begin(page) {
    this.run += 1;
    this.entries = page.entries;
    this.evicted = page.evicted;
    this.last = page.entries.at(-1)?.seq ?? page.last_seq;
    this.picked = new Map();
    this.strays = 0;
    this.coming = this.coming.filter((it) => !it.stray);
    this.recount();
    this.tell("anew", undefined);
    this.judgeSoon.plan();
    void this.loadOlder().catch(() => {});
    void this.lookAtStrays().catch(() => {});
  }

  async loadOlder() {
    const path = inWorld(this.world, "journal");
    const { run } = this;
    if (this.olderOf === run) return;
    this.olderOf = run;
    try {
      for (;;) {
        const first = this.first();
        const isFull = this.entries.length >= HELD_MAX || this.counts.chars >= HELD_CHARS_MAX;
        if (first <= this.evicted + 1 || isFull) return;
        /** @type {Page} */
        const page = await get(`${path}?before=${first}&limit=${PAGE_ROWS}`, this.ended.signal);
        if (run !== this.run || first !== this.first()) return;
        this.evicted = page.evicted;
        if (!page.entries.length) return;
        // What a filter has picked is shown already: it stays the same entry.
        const older = page.entries.map((it) => this.picked.get(it.seq) ?? it);
        this.entries = older.concat(this.entries);
        this.count(older);
        this.tell("older", older);
      }
    } finally {
      if (this.olderOf === run) this.olderOf = 0;
    }
  }

  /**
   * Asks the server for the entries that a filter picks, where not all are here yet: the newest of those that
   * are older.
   * @param {{ vendor: string, operation: string, outcome: string }} filter
   */
  async pick(filter) {
    const { run } = this;
    const first = this.first();
    const wanted = Object.entries(filter).filter(([, value]) => value);
    if (!wanted.length || first <= this.evicted + 1) return [];
    const query = new URLSearchParams([...wanted, ["before", String(first)], ["limit", String(PAGE_ROWS)]]);
    /** @type {Page} */
    const { entries } = await get(`${inWorld(this.world, "journal")}?${query}`, this.ended.signal);
    if (run !== this.run) return [];
    this.picked = new Map(entries.map((it) => [it.seq, it]));
    return entries;
  }

  /**
   * Why nothing can fit a filter, where that is so: what it names is not there. The program names what is near.
   * @param {{ vendor: string, operation: string, outcome: string }} filter
   */
  async unfit(filter) {
    const query = new URLSearchParams([...Object.entries(filter).filter(([, value]) => value), ["limit", "1"]]);
    try {
      await get(`${inWorld(this.world, "journal")}?${query}`, this.ended.signal);
    } catch (error) {
      if (error instanceof Refused && error.status === 400) return error.message;
    }
    return "";
  }

  /** One asks at a time: what two bring would be there twice. */
  lookAtStrays() {
    this.straying ??= this.askForStrays().finally(() => (this.straying = null));
    return this.straying;
  }

  /** @returns {Promise<void>} */
  async askForStrays() {
    const { run, strays } = this;
    const signal = within(this.ended.signal, ANSWER_MS);
    /** @type {{ entries: Entry[] }} */
    const { entries } = await get(`/v1/journal?after=${strays}&limit=${PAGE_ROWS}`, signal);
    if (run !== this.run) return this.askForStrays();
    this.strays = entries.at(-1)?.seq ?? strays;
    this.take(entries.map((entry) => ({ ...entry, stray: true })));
  }

  /** @param {Told} told */
  async hear(told) {
    if (told.anew) await this.load();
    // Whoever emptied it here has read it anew already.
    else if (told.cleared && this.first() <= told.cleared) await this.load();
    if (told.other) this.tell("other", undefined);
    if (told.state) this.setState(told);
    if (told.entries) this.take(told.entries);
  }

  /** @param {Told} told */
  setState(told) {
    this.state = told.state ?? this.state;
    this.retryAt = told.retryAt ?? 0;
    this.why = told.why;
    this.tell("state", undefined);
    if (told.state === "missing")
      void this.lookAtWorlds().then(
        () => this.tell("state", undefined),
        () => {},
      );
    if (told.state !== "live") return;
    this.look();
    // Where the connection was lost before all of them were here.
    void this.loadOlder().catch(() => {});
  }

  /**
   * Entries are shown once per frame, however many come.
   * @param {Entry[]} entries
   */
  take(entries) {
    this.coming.push(...entries);
    this.plan();
  }

  /** One settles at a time, and none before it is known what is there. */
  plan() {
    if (this.planned || this.loading || !this.run || !this.coming.length) return;
    this.planned = true;
    const settle = () => {
      // What could not be read of a gap is asked for with the next that comes.
      const settled = this.settle().catch(() => {});
      void settled.finally(() => {
        this.planned = false;
        this.plan();
      });
    };
    if (document.hidden) setTimeout(settle, 200);
    else requestAnimationFrame(settle);
  }

  async settle() {
    if (this.loading) return;
    const { run, coming } = this;
    let { last } = this;
    this.coming = [];
    /** @type {Entry[]} */
    const fresh = [];
    for (const it of coming) {
      if (!it.stray) {
        if (it.seq <= last) continue;
        // Told by another tab while this one was not listening: only the gap is asked for.
        if (it.seq > last + 1) fresh.push(...(await this.gap(last, it.seq)));
        last = it.seq;
      }
      fresh.push(it);
    }
    if (!fresh.length || run !== this.run || this.ended.signal.aborted) return;
    this.last = last;
    for (const entry of fresh) this.entries.push(entry);
    this.count(fresh);
    this.tell("newer", fresh);
    this.letGo();
    this.judgeSoon.plan();
    if (fresh.some((it) => it.action || it.effects.length || it.fault)) this.lookSoon.plan();
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
      const page = await watched(this.ended.signal, (signal) => get(`${path}?${query}`, signal));
      const found = page.entries.filter((it) => it.seq < first);
      if (!found.length) break;
      all.push(...found);
      after = found.at(-1)?.seq ?? first;
    }
    return all;
  }

  /** The oldest go where there is too much to hold. */
  letGo() {
    let held = this.entries.length;
    let { chars } = this.counts;
    if (held <= HELD_MAX && chars <= HELD_CHARS_MAX) return;
    const kept = 1 - STEP_PART;
    const isMore = () => held > HELD_MAX * kept || chars > HELD_CHARS_MAX * kept;
    let to = 0;
    for (; held > 1 && isMore(); held -= 1, to += 1) chars -= charsOf(this.entries[to]);
    const gone = this.entries.splice(0, to);
    this.evicted = Math.max(this.evicted, gone.findLast((it) => !it.stray)?.seq ?? 0);
    this.recount();
    this.tell("gone", gone);
  }

  recount() {
    this.counts = none();
    this.count(this.entries);
  }

  /** @param {Entry[]} entries */
  count(entries) {
    for (const entry of entries) {
      this.counts.chars += charsOf(entry);
      if (entry.outcome === "refused" || entry.outcome === "error") this.counts.refused += 1;
      else if (isOdd(entry)) this.counts.odd += 1;
      if (entry.action) this.counts.happened += 1;
      if (isQuiet(entry)) this.counts.quiet += 1;
    }
  }
}

function none() {
  return { refused: 0, odd: 0, happened: 0, quiet: 0, chars: 0 };
}

/**
 * How much of an entry is what clients and vendors said; the rest is small.
 * @param {Entry | undefined} entry
 */
function charsOf(entry) {
  const { request, response, effects } = entry ?? {};
  const chars = (/** @type {import("./types").Message | null | undefined} */ it) =>
    (it?.body?.length ?? 0) + (it?.body_base64?.length ?? 0);
  return chars(request) + chars(response) + (effects?.length ?? 0) * EFFECT_CHARS;
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

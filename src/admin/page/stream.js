// The journal as it grows: one stream for all tabs of a world. The tab that holds the lock reads it
// and tells the others; when that tab goes, the next one takes over where the entries end.

import { Failed, ask, get, inWorld, parsed, reasonOf, watched } from "./api.js";

/** @typedef {import("./types").Entry} Entry */
/**
 * What tabs tell each other.
 * @typedef {{ entries?: Entry[], cleared?: number, state?: "live" | "gone" | "missing", retryAt?: number, anew?: boolean, hello?: boolean,
 *   hurry?: boolean, other?: boolean, why?: Reason }} Told
 *   `cleared`: up to which entry the journal was emptied. `other`: the journal is another than the one that was read. `why`: of a connection that is gone.
 * @typedef {ReturnType<typeof reasonOf>} Reason
 */

const RETRY_MS_MAX = 8000;

export class Stream {
  /**
   * @param {string} world
   * @param {() => Entry | undefined} newest The newest entry that this tab has.
   * @param {(told: Told) => void | Promise<void>} heard
   */
  constructor(world, newest, heard) {
    this.world = world;
    this.newest = newest;
    this.heard = heard;
    this.ended = new AbortController();
    this.leads = false;
    /** @type {Told} */
    this.last = {};
    /** The newest entry that the stream has brought. */
    this.seen = 0;
    /** Cuts a wait short. */
    this.hurry = () => {};
    this.channel = new BroadcastChannel(`ringback ${location.host} ${world}`);
    this.channel.addEventListener("message", (event) => {
      /** @type {Told} */
      const told = event.data;
      if (told.hurry) this.hurry();
      else if (!told.hello) void this.heard(told);
      else if (this.leads) this.channel.postMessage({ ...this.last, entries: undefined });
    });
  }

  start() {
    const { signal } = this.ended;
    this.channel.postMessage({ hello: true });
    if (!navigator.locks) {
      // No secure context, no locks: each tab has a stream of its own.
      void this.lead();
      return;
    }
    const name = `ringback stream ${this.world}`;
    navigator.locks
      .request(name, { signal }, () => this.lead())
      .catch(() => {
        // The page went to another world while it waited.
      });
  }

  stop() {
    this.ended.abort();
    this.hurry();
    this.channel.close();
  }

  /** Tries at once, whichever tab it is that waits. */
  retry() {
    this.hurry();
    this.channel.postMessage({ hurry: true });
  }

  /** @param {Told} told */
  async tell(told) {
    if (this.ended.signal.aborted) return;
    if (told.state) this.last = { ...told, entries: undefined };
    this.channel.postMessage(told);
    await this.heard(told);
  }

  /** Reads until the page is left; a connection that is lost is made again. */
  async lead() {
    this.leads = true;
    let pause = 500;
    while (!this.ended.signal.aborted) {
      /** @type {Told["state"]} */
      let state = "gone";
      let why = reasonOf(new Failed("ended the stream of what happens"));
      try {
        const read = async (/** @type {AbortSignal} */ signal, /** @type {() => void} */ heard) => {
          await this.check(signal);
          await this.read(signal, () => {
            pause = 500;
            heard();
          });
        };
        await watched(this.ended.signal, read, (signal) => this.isWell(signal));
      } catch (error) {
        if (this.ended.signal.aborted) return;
        const status = error instanceof Error && "status" in error ? error.status : 0;
        if (status === 401) return;
        // The one where there is none; the other while it is made or deleted, or where its file is not read.
        if (status === 404 || status === 409) state = "missing";
        why = reasonOf(error);
      }
      if (this.ended.signal.aborted) return;
      void this.tell({ state, retryAt: Date.now() + pause, why });
      await this.wait(pause);
      pause = Math.min(pause * 2, RETRY_MS_MAX);
    }
  }

  /** @param {number} ms */
  wait(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.hurry = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
  }

  /**
   * A page of the journal.
   * @param {number} after
   * @param {AbortSignal} signal
   * @returns {Promise<import("./types").Page>}
   */
  next(after, signal) {
    return get(`${inWorld(this.world, "journal")}?after=${after}&limit=1`, signal);
  }

  /**
   * Throws where the journal has what the stream did not bring: that was lost on its way, and nobody said so.
   * @param {AbortSignal} signal
   */
  async isWell(signal) {
    const { seen } = this;
    // No answer says that the world is at work; then the stream has to wait as well.
    const page = await this.next(seen, signal).catch(() => null);
    if (page?.entries.length && seen === this.seen) throw new Error("the stream is lost");
  }

  /**
   * Whether it is still the journal that this tab knows: another run begins to count anew.
   * @param {AbortSignal} signal
   */
  async check(signal) {
    const newest = this.newest();
    if (!newest) return;
    const page = await this.next(newest.seq - 1, signal);
    /** @type {Entry | undefined} */
    const there = page.entries[0];
    if (page.last_seq < newest.seq || (there && there.seq === newest.seq && there.at !== newest.at)) {
      // The stream goes on behind what is read now, not behind what was there before.
      await this.tell({ anew: true, other: true });
    }
  }

  /**
   * @param {AbortSignal} signal
   * @param {() => void} heard
   */
  async read(signal, heard) {
    this.seen = this.newest()?.seq ?? 0;
    const answer = await ask(`${inWorld(this.world, "journal", "stream")}?after=${this.seen}`, { signal });
    if (!answer.body) throw new Error("no body");
    heard();
    void this.tell({ state: "live" });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      const parts = (rest + value).split("\n\n");
      rest = parts.pop() ?? "";
      const told = parts.map(toldBy);
      const cleared = told.findLast((it) => it.cleared)?.cleared;
      if (cleared) void this.tell({ cleared });
      const entries = told.flatMap((it) => it.entries ?? []);
      this.seen = entries.at(-1)?.seq ?? this.seen;
      if (entries.length) void this.tell({ entries });
    }
  }
}

/**
 * What an event of the stream tells: an entry, or up to which the journal was emptied; a heartbeat tells nothing.
 * @param {string} event
 * @returns {Told}
 */
function toldBy(event) {
  const lines = event.split("\n");
  const data = lines.filter((line) => line.startsWith("data:"));
  if (!data.length) return {};
  const value = parsed(data.map((line) => line.slice(5)).join("\n"));
  const kind = lines
    .find((line) => line.startsWith("event:"))
    ?.slice(6)
    .trim();
  if (kind === "cleared") return { cleared: value.up_to };
  // What a later program says beside that is none of the page's.
  return "seq" in value ? { entries: [value] } : {};
}

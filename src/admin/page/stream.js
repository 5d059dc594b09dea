// The journal as it grows: one stream for all tabs of a world. The tab that holds the lock reads it
// and tells the others; when that tab goes, the next one takes over where the entries end.

import { ask, get, inWorld } from "./api.js";

/** @typedef {import("./types").Entry} Entry */
/**
 * What tabs tell each other.
 * @typedef {{ entries?: Entry[], state?: "live" | "gone" | "missing", retryAt?: number, anew?: boolean, hello?: boolean }} Told
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
    /** Cuts a wait short. */
    this.hurry = () => {};
    this.channel = new BroadcastChannel(`ringback ${location.host} ${world}`);
    this.channel.addEventListener("message", (event) => {
      /** @type {Told} */
      const told = event.data;
      if (told.hello && this.leads) this.channel.postMessage({ ...this.last, entries: undefined });
      else if (!told.hello) void this.heard(told);
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

  /** @param {Told} told */
  async tell(told) {
    if (this.ended.signal.aborted) return;
    if (told.state) this.last = { state: told.state, retryAt: told.retryAt };
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
      try {
        await this.check();
        await this.read(() => {
          pause = 500;
        });
      } catch (error) {
        if (this.ended.signal.aborted) return;
        const status = error instanceof Error && "status" in error ? error.status : 0;
        if (status === 401) return;
        if (status === 404) state = "missing";
      }
      if (this.ended.signal.aborted) return;
      void this.tell({ state, retryAt: Date.now() + pause });
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

  /** Whether it is still the journal that this tab knows: another run begins to count anew. */
  async check() {
    const newest = this.newest();
    if (!newest) return;
    const after = newest.seq - 1;
    const page = await get(`${inWorld(this.world, "journal")}?after=${after}&limit=1`, this.ended.signal);
    /** @type {Entry | undefined} */
    const there = page.entries[0];
    if (page.last_seq < newest.seq || (there && there.seq === newest.seq && there.at !== newest.at)) {
      // The stream goes on behind what is read now, not behind what was there before.
      await this.tell({ anew: true });
    }
  }

  /** @param {() => void} opened */
  async read(opened) {
    const after = this.newest()?.seq ?? 0;
    const { signal } = this.ended;
    const answer = await ask(`${inWorld(this.world, "journal", "stream")}?after=${after}`, { signal });
    if (!answer.body) throw new Error("no body");
    opened();
    void this.tell({ state: "live" });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop() ?? "";
      const entries = parts.flatMap(entryOf);
      if (entries.length) void this.tell({ entries });
    }
  }
}

/**
 * The entry of an event of the stream; a heartbeat has none.
 * @param {string} event
 * @returns {Entry[]}
 */
function entryOf(event) {
  const data = event.split("\n").filter((line) => line.startsWith("data:"));
  if (!data.length) return [];
  return [JSON.parse(data.map((line) => line.slice(5)).join("\n"))];
}

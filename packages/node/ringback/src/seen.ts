// The worlds of one test as its report shows them: its own, those that it made beside it, those that it shares with
// other tests; also when they are gone.
//
// Not here: the words of a report (report.ts), when a test has failed (helper.ts).

import { type Looked, look, newest } from './report';
import { forget, keyOf, madeByHand, unwatched, type Watcher } from './watch';
import type { World } from './world';

/** Shared worlds that are looked at, the newest: each costs a call for every test. */
const SHARED_MAX = 20;
/** Worlds beside a test's own that are told; a report of more is read by nobody. */
const BESIDE_MAX = 10;

/** What a test's report is made of. */
export class Seen implements Watcher {
  readonly #own: World;
  /** Worlds that were there before, with the number of their newest entry. */
  readonly #shared = new Map<string, { world: World; after: number }>();
  readonly #made = new Map<string, World>();
  readonly #gone = new Map<string, Looked>();

  private constructor(own: World) {
    this.#own = own;
  }

  /** A test begins. */
  static async begin(own: World): Promise<Seen> {
    const seen = new Seen(own);
    for (const world of madeByHand().slice(-SHARED_MAX)) {
      try {
        seen.#shared.set(keyOf(world), { world, after: await newest(world) });
      } catch {
        // Its time has ended, or its program has.
        forget(world);
      }
    }
    return seen;
  }

  /** What another process is to look at in place of this one. */
  static of(own: World, made: World[], shared: { world: World; after: number }[]): Seen {
    const seen = new Seen(own);
    for (const world of made) seen.#made.set(keyOf(world), world);
    for (const it of shared) seen.#shared.set(keyOf(it.world), it);
    return seen;
  }
  /** Which those are, of the Ringback of the test's own world. */
  handed(): { made: string[]; shared: { name: string; after: number }[] } {
    const isThere = (world: World) => world.ringback === this.#own.ringback && !this.#gone.has(keyOf(world));
    return {
      made: [...this.#made.values()].filter(isThere).map((it) => it.name),
      shared: [...this.#shared.values()]
        .filter((it) => isThere(it.world))
        .map(({ world, after }) => ({ name: world.name, after })),
    };
  }

  made(world: World): void {
    this.#made.set(keyOf(world), world);
  }
  async deletes(world: World): Promise<void> {
    const key = keyOf(world);
    const shared = this.#shared.get(key);
    const isOurs = key === keyOf(this.#own) || this.#made.has(key) || shared !== undefined;
    if (!isOurs || this.#gone.size > BESIDE_MAX) return;
    try {
      this.#gone.set(key, { ...(await look(world, shared?.after)), isGone: true });
    } catch {
      // One that is gone already has nothing to tell.
    }
  }

  /** The test's own world; as it was, where the test has deleted it. */
  async own(): Promise<Looked> {
    return this.#gone.get(keyOf(this.#own)) ?? look(this.#own);
  }
  /** Those that the test made beside it. */
  madeBeside(): Promise<Looked[]> {
    return this.#looked([...this.#made.values()].map((world) => ({ world, after: 0 })));
  }
  /** Those, and the shared ones that were asked since it began. */
  async beside(): Promise<Looked[]> {
    const shared = await this.#looked([...this.#shared.values()]);
    const asked = shared.filter((it) => it.entries.some((entry) => entry.request !== undefined));
    return [...(await this.madeBeside()), ...asked];
  }

  async #looked(worlds: { world: World; after: number }[]): Promise<Looked[]> {
    const all: Looked[] = [];
    for (const { world, after } of worlds.slice(-BESIDE_MAX)) {
      try {
        all.push(this.#gone.get(keyOf(world)) ?? (await unwatched(() => look(world, after))));
      } catch {
        // Its time has ended, or somebody else has deleted it.
      }
    }
    return all;
  }
}

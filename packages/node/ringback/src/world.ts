// One isolated universe of a Ringback: its own state, clock, faults and journal.
//
// Not here: how it is made (making.ts), and what is reported when a test fails (report.ts).

import './dispose';
import { performance } from 'node:perf_hooks';
import { Calls } from './call';
import { options as checked, inWords, ofKind, oneOf, switches } from './checked';
import { type Ended, environ, type RunOptions, runChild } from './environ';
import { ArgumentError, ProblemError, StrictError, strictText, VerifyError } from './errors';
import { report } from './report';
import { JOURNAL_FILTER, type Ringback } from './server';
import { clockBody, stepBody } from './times';
import type {
  Advanced,
  Capsule,
  Clock,
  ClockFacts,
  Condition,
  Differences,
  Fault,
  Faults,
  Findings,
  JournalEntry,
  JournalFilter,
  Problem,
  Row,
  Seeded,
  Variants,
  VendorName,
  Verdict,
  WorldFacts,
} from './types';
import { noteDeleted, noteMade } from './watch';

/** Entries or rows that are asked for at once. */
const PAGE = 1_000;
const MS_OF_SECOND = 1_000;
/** Of the proxy's user; nobody asks for it. */
const ANY_PASSWORD = 'any';
/** The status of a verdict that is no pass. */
const NOT_SO = 422;

let callsOf: (world: World) => Calls;
/** The rules for faults that were added by this object. */
export let faultsOf: (world: World) => ReadonlySet<number>;
/** The worlds that were forked from one, and from those. */
export let forksOf: (world: World) => World[];

/** Why those of a world's calls failed that nobody took up or that have not ended, when they have. */
export function settled(world: World): Promise<unknown[]> {
  return callsOf(world).settled();
}

/** One isolated universe of a Ringback. */
export class World {
  readonly #own: string | null | undefined;
  readonly #calls = new Calls();
  readonly #forks: World[] = [];
  readonly #faults = new Set<number>();
  static {
    callsOf = (world) => world.#calls;
    faultsOf = (world) => world.#faults;
    forksOf = (world) => world.#forks.flatMap((it) => [it, ...forksOf(it)]);
  }

  /** @internal */
  constructor(
    readonly ringback: Ringback,
    /** As in paths of the control plane. */
    readonly name: string,
    own: string | null | undefined,
  ) {
    this.#own = own;
  }

  /** The base URL of a vendor in this world, behind which its native paths come; without one, of all. */
  url(vendor?: VendorName): string {
    const base = this.#own ?? `${this.ringback.url}/w/${this.name}`;
    return vendor === undefined ? base : `${base}/${oneOf('there is no vendor', vendor, this.ringback.vendors)}`;
  }
  /** The address that is this world's own, if it has one. */
  get ownUrl(): string | undefined {
    return this.#own ?? undefined;
  }
  /** The proxy that leads an unchanged client here, by the scheme that it asks for. */
  proxies(): { http: string; https: string } {
    let proxy = this.#own ?? undefined;
    if (proxy === undefined) {
      const url = new URL(this.ringback.url);
      url.username = this.name;
      // Many clients send no user that has no password; what that is does not matter.
      url.password = ANY_PASSWORD;
      proxy = url.href.replace(/\/$/, '');
    }
    return { http: proxy, https: proxy };
  }
  /**
   * What an unchanged client needs in its environment: proxy and trust variables, and for Node a preload.
   * They are read when a program starts: `spawn('node', ['job.js'], { env: { ...process.env, ...world.environ() } })`.
   */
  environ(): Record<string, string> {
    return environ(this);
  }
  /** Runs an unchanged client as a child in that environment, and comes back when it has ended. */
  run(command: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Ended> {
    return runChild(this, command, args, options);
  }

  /** What the world is and has. */
  info(): Promise<WorldFacts> {
    return this.call('GET', '');
  }
  /** Moves the clock on: by a length such as `90m`, to an instant, or to the `next` due timer. */
  async advance(step: string | Date): Promise<Advanced> {
    return this.call('POST', '/clock/advance', stepBody(step));
  }
  /** The clock. */
  clock(): Promise<ClockFacts> {
    return this.call('GET', '/clock');
  }
  /** Sets the clock, where it stands or from an instant on: `real`, `frozen`, `scaled:60`; never back. */
  async setClock(clock: Clock): Promise<ClockFacts> {
    return this.call('PUT', '/clock', clockBody(clock, null));
  }
  /** Lets something happen outside a vendor's API; answers what the vendor says of it. */
  async event<T = Record<string, unknown>>(vendor: VendorName, event: string, fields: object = {}): Promise<T> {
    ofKind('vendor', vendor, 'text');
    ofKind('event', event, 'text');
    ofKind('fields', fields, 'object');
    return this.call('POST', `/events/${encodeURIComponent(vendor)}/${encodeURIComponent(event)}`, fields);
  }
  /**
   * Adds a rule by which requests go wrong; answers the ids of what was added. A refusal is of the vendor whose
   * rule it is, where `on` does not say so.
   */
  async fault(rule: Fault): Promise<{ ids: number[] }> {
    ofKind('rule', rule, 'object');
    const owner = String(rule.error ?? '').split('.')[0] as string;
    const isRefusal = rule.then === 'refuse' && rule.on?.vendor === undefined;
    const on = isRefusal && this.ringback.vendors.includes(owner) ? { ...rule.on, vendor: owner } : rule.on;
    const added = await this.call<{ ids: number[] }>('POST', '/faults', on === undefined ? rule : { ...rule, on });
    for (const id of added.ids) this.#faults.add(id);
    return added;
  }
  /** The rules, with how often they struck. */
  faults(): Promise<Faults> {
    return this.call('GET', '/faults');
  }
  /** Removes one rule, or all. */
  async clearFaults(id?: number): Promise<void> {
    await this.call('DELETE', id === undefined ? '/faults' : `/faults/${id}`);
  }
  /** Takes a piece of scenario into the world as it is, all of it or nothing. */
  async seed(piece: object): Promise<Seeded> {
    ofKind('piece', piece, 'object');
    return this.call('POST', '/seed', piece);
  }
  /** Keeps the state under a name. */
  async checkpoint(name: string): Promise<void> {
    await this.call('POST', '/checkpoint', { name });
  }
  /** Puts a kept state back; the journal goes on. */
  async rollback(name: string): Promise<void> {
    await this.call('POST', '/rollback', { name });
  }
  /** Back to the seed; the journal goes on. */
  async reset(): Promise<void> {
    await this.call('POST', '/reset', {});
  }
  /** A new world that begins where this one is; it has no port of its own. */
  async fork(name: string): Promise<World> {
    const facts = await this.call<WorldFacts>('POST', '/fork', { name });
    const fork = new World(this.ringback, facts.name, facts.listen);
    this.#forks.push(fork);
    noteMade(fork);
    return fork;
  }

  /**
   * Checks what has happened so far.
   *
   * @throws VerifyError where it is not so, or cannot be told; its message is the whole explanation.
   */
  verify(condition: Condition): Promise<Verdict> {
    return this.#calls.track(this.#judged('/verify', condition));
  }
  /** The same, as soon as it holds or no longer can, within a real time such as `30s`. */
  wait(condition: Condition, timeout = '30s'): Promise<Verdict> {
    return this.#calls.track(this.#waited(condition, timeout));
  }
  async #waited(condition: Condition, timeout: string): Promise<Verdict> {
    const began = performance.now();
    try {
      return await this.#judged('/wait', condition, timeout);
    } catch (error) {
      if (!(error instanceof VerifyError)) throw error;
      const seconds = (performance.now() - began) / MS_OF_SECOND;
      // Of a world that was deleted meanwhile nothing more is to be waited for, and that is said.
      throw new VerifyError(error.verdict, waitText(seconds, timeout, error.verdict, await this.clock()));
    }
  }
  async #judged(path: string, given: object, timeout?: string): Promise<Verdict> {
    ofKind('condition', given, 'object');
    if (timeout !== undefined) ofKind('timeout', timeout, 'text');
    const condition = timeout === undefined ? given : { ...given, timeout };
    const answer = await this.call<Verdict | Problem>('POST', path, condition, [NOT_SO]);
    if (!('verdict' in answer)) throw new ProblemError(`POST /v1/worlds/${this.name}${path}`, answer);
    if (answer.verdict !== 'pass') throw new VerifyError(answer);
    return answer;
  }

  /** What happened so far, oldest first; requests with their reply, effects and reasons. */
  async journal(filter: JournalFilter = {}): Promise<JournalEntry[]> {
    checked('journal', filter, JOURNAL_FILTER);
    const isPage = filter.limit !== undefined || filter.last !== undefined;
    const all: JournalEntry[] = [];
    let after = filter.after ?? 0;
    for (;;) {
      const asked = isPage ? filter : { ...filter, after, limit: PAGE };
      const { entries } = await this.call<{ entries: JournalEntry[] }>('GET', `/journal?${query(asked)}`);
      all.push(...entries);
      if (isPage || entries.length < PAGE) return all;
      after = (entries[entries.length - 1] as JournalEntry).seq;
    }
  }
  /** One entry. */
  entry(seq: number): Promise<JournalEntry> {
    return this.call('GET', `/journal/${seq}`);
  }
  /** A line for the shell that sends an entry's request again. */
  async curl(seq: number): Promise<string> {
    return (await this.call<{ curl: string }>('GET', `/journal/${seq}?as=curl`)).curl;
  }
  /** The exchanges as an HTTP archive, HAR 1.2. */
  har(): Promise<Record<string, unknown>> {
    return this.call('GET', '/journal.har');
  }
  /**
   * What clients did so far, with pseudonyms for credentials: written to a file whose name ends in `.capsule`,
   * `ringback replay` does it again elsewhere. Of a program that was started with `--capsules`.
   */
  capsule(): Promise<Capsule> {
    return this.call('GET', '/capsule');
  }
  /** Forgets all entries. */
  async clearJournal(): Promise<void> {
    await this.call('DELETE', '/journal');
  }
  /** What clients do wrong although they are answered, and the verdict of a strict world. */
  findings(): Promise<Findings> {
    return this.call('GET', '/findings');
  }
  /**
   * Judges a strict world's run so far, as a test's helper does in the end.
   *
   * @throws StrictError where it is no pass.
   */
  async judge(): Promise<void> {
    const text = strictText((await this.findings()).strict, this.name);
    if (text !== undefined) throw new StrictError(text);
  }
  /** Which rows differ from another world, from the seed, or from `checkpoint:NAME`. */
  async diff(other: World | string = 'seed', limit?: number): Promise<Differences> {
    if (typeof other !== 'string' && !(other instanceof World))
      throw new ArgumentError(`diff: expected 'seed', 'checkpoint:NAME' or a world, found ${inWords(other)}`);
    const from = typeof other === 'string' ? other : `world:${other.name}`;
    try {
      return await this.call('GET', `/diff?${query({ from, limit })}`);
    } catch (error) {
      const isElsewhere = error instanceof ProblemError && error.status === 404 && this.ringback.isBalanced;
      if (!isElsewhere || typeof other === 'string') throw error;
      await other.info();
      const detail =
        `${error.problem.detail}; there are several processes here, and two worlds are compared where one has both: ` +
        `names that are alike up to two underscores, such as ${this.name}__b, lead to one`;
      throw new ProblemError(error.call, { ...error.problem, detail });
    }
  }
  /** Rows of one of a vendor's tables: the state behind the wire. */
  async state(vendor: VendorName, table: string): Promise<Row[]> {
    ofKind('vendor', vendor, 'text');
    ofKind('table', table, 'text');
    const path = `/state/${encodeURIComponent(vendor)}/${encodeURIComponent(table)}`;
    const all: Row[] = [];
    for (;;) {
      const { rows } = await this.call<{ rows: Row[] }>('GET', `${path}?${query({ offset: all.length, limit: PAGE })}`);
      all.push(...rows);
      if (rows.length < PAGE) return all;
    }
  }
  /** A person's way across the vendors, whichever way they write the number. */
  person(phone: string): Promise<Record<string, unknown>> {
    return this.call('GET', `/people/${encodeURIComponent(phone)}`);
  }
  /** The state now, as a scenario that makes it again; its credentials are not masked. */
  scenario(): Promise<Record<string, unknown>> {
    return this.call('GET', '/scenario');
  }
  /** The switches. */
  variants(): Promise<Record<string, unknown>> {
    return this.call('GET', '/variants');
  }
  /** Turns switches, such as `{ jtel: { pick: 'highest_id' } }`. */
  async setVariants(variants: Variants): Promise<void> {
    await this.call('PUT', '/variants', switches(variants));
  }
  /** Makes it strict or not, with what is expected. */
  async setStrict(strict: boolean, expect: readonly Condition[] = []): Promise<void> {
    await this.call('PUT', '/strict', { strict, expect });
  }
  /** The state as one file; its credentials are not masked. */
  async export(): Promise<Buffer> {
    return (await this.ringback.exchange('GET', `/v1/worlds/${this.name}/export`)).body;
  }
  /** What a failed test shows: refusals, unmatched requests and findings with their reasons, last exchanges. */
  report(): Promise<string> {
    return report(this);
  }
  /** Removes the world. */
  async delete(): Promise<void> {
    await noteDeleted(this);
    await this.call('DELETE', '');
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.delete();
  }
  /** Any call of the control plane on this world, such as `GET` and `/strict`. */
  call<T>(method: string, path: string, body?: unknown, also?: readonly number[]): Promise<T> {
    return this.#calls.track(
      this.ringback.call<T>(method, `/v1/worlds/${encodeURIComponent(this.name)}${path}`, body, also),
    );
  }
}

/** What was waited for, how long, and by which clock: one that stands is the most frequent reason. */
function waitText(seconds: number, timeout: string, { expected }: Verdict, clock: ClockFacts): string {
  const ran = clock.mode === 'scaled' ? `ran meanwhile, by ${clock.rate},` : 'ran meanwhile, as the real one does,';
  const told =
    clock.mode === 'frozen'
      ? `stands at ${clock.now}; waiting does not move it, advance() does`
      : `${ran} and is at ${clock.now}`;
  const what = `of real time (at most ${timeout}) for ${expected}`;
  return `waited ${seconds.toFixed(1)} s ${what}; the world's clock ${told}`;
}

function query(fields: object): URLSearchParams {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
}

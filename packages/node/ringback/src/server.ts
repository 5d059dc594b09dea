// A running Ringback: one that this process started, or one that is there.
//
// Not here: how the child is started (launch.ts), how worlds are made (making.ts), what a world does (world.ts).

import './dispose';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { clearTimeout as cancel, setTimeout as later } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { binaryPath } from './binary';
import { capsuleArguments } from './capsules';
import { options as checked, type Known, ofKind } from './checked';
import { ArgumentError, ConnectionError, ProblemError, ScenarioError, StartError } from './errors';
import { Folder } from './folder';
import { type Answer, call, exchange, type Plane } from './http';
import { type Launched, launch, type Ready } from './launch';
import { isOfRun } from './lead';
import { isText, make, mistakesOf, type ScenarioGiven, TEXT, WORLD_OPTIONS, type WorldOptions } from './making';
import { clockWord } from './times';
import type { Clock, JournalEntry, JournalFilter, StraysFilter, WorldFacts, WorldListed } from './types';
import { noteMade } from './watch';
import { World } from './world';

/** How long a program may take to end when it is told to, before it is killed. */
const STOP_WITHIN_MS = 5_000;
/** How long it may take until it is known that one has ended which answers nobody any more: mostly a moment. */
const ENDING_WITHIN_MS = 2_000;
/** What tells names that are made up here from others'. */
const OWN_NAME_BYTES = 4;
/** Lines of what it said on stderr that are told of its end: a panic with where it came from. */
const SAID_LINES = 20;
/** The addresses that are asked for: ports that are free, on loopback. */
const ANY_PORT = '127.0.0.1:0';

/** What to start with. */
export interface StartOptions {
  /**
   * What the worlds are made of unless they say otherwise: the name of a built-in scenario, the path or
   * URL of a file, a scenario as an object, or as TOML. The demo where it is left out.
   */
  scenario?: ScenarioGiven;
  /** A seed in place of the scenario's own, for the default world. */
  seed?: number;
  /** The clock of the default world: `real`, `frozen`, `frozen@2026-03-02T09:00:00Z` or `scaled:60`. */
  clock?: Clock;
  /** Where the vendors' clients go; a free port where it is left out. */
  listen?: string;
  /** Where the control plane is; a free port where it is left out. */
  admin?: string;
  /** A folder to keep worlds in; in memory where it is left out. */
  data?: string;
  /** Shows credentials in journals as they came; for your own machine. */
  showSecrets?: boolean;
  /** Host names for vendors, beside their own, such as `{ jtel: 'portal.example.test' }`. */
  hosts?: Record<string, string | readonly string[]>;
  /** Further flags of `ringback serve`. */
  args?: readonly string[];
  /** The program, in place of the one that was installed. */
  binary?: string;
  /** Milliseconds in which it has to be ready. */
  readyWithin?: number;
  /** Goes on when this process ends. */
  outlives?: boolean;
}

/** Where a running Ringback is. */
export interface ConnectOptions {
  /** Address of its control plane, such as `http://127.0.0.1:8081`. */
  admin: string;
  /** Address of the vendors' listener, such as `http://127.0.0.1:8080`. */
  url?: string;
  /** The value of `RINGBACK_ADMIN_TOKEN` there. */
  token?: string;
  /** Worlds get a port each; right where its ports can be reached from here, as those of `ringback run`. */
  ports?: boolean;
}

const START_OPTIONS: Known<StartOptions> = {
  scenario: 'any',
  seed: 'number',
  clock: 'any',
  listen: 'text',
  admin: 'text',
  data: 'text',
  showSecrets: 'boolean',
  hosts: 'object',
  args: 'texts',
  binary: 'text',
  readyWithin: 'number',
  outlives: 'boolean',
};
const CONNECT_OPTIONS: Known<ConnectOptions> = { admin: 'text', url: 'text', token: 'text', ports: 'boolean' };
/** What a journal may be asked for. */
export const JOURNAL_FILTER: Known<JournalFilter> = {
  after: 'number',
  before: 'number',
  last: 'number',
  limit: 'number',
  vendor: 'text',
  operation: 'text',
  outcome: 'text',
  trace: 'text',
};
const STRAYS_FILTER: Known<StraysFilter> = {
  after: 'number',
  last: 'number',
  limit: 'number',
  process: 'text',
};

interface Parts {
  plane: Plane;
  listen: string | undefined;
  launched?: Launched;
  folder: Folder;
  scenario?: ScenarioGiven;
  program?: string;
  ports: boolean;
  ready?: Ready;
  /** What one that was not started here tells of its vendors. */
  told?: Told;
}

/** The vendors, as `GET /v1/vendors` has them. */
interface Told {
  listen: string[];
  vendors: { name: string; hosts: string[]; paths: string[] }[];
}

/** Starts a Ringback that ends with this process at the latest. */
export function start(options: StartOptions = {}): Promise<Ringback> {
  return Ringback.start(options);
}

/** Speaks with a Ringback that runs already. */
export function connect(options: ConnectOptions): Promise<Ringback> {
  return Ringback.connect(options);
}

/** Hears of the end of one that was started from here and ends on its own. */
export let onEnd: (ringback: Ringback, tell: (how: string) => void) => void;

const running = new Set<Ringback>();
let isWatching = false;

/** A running Ringback. */
export class Ringback {
  static {
    onEnd = (ringback, tell) => {
      ringback.#parts.launched?.child.once('close', () => {
        if (!ringback.#isClosed && ringback.ended !== undefined) tell(ringback.ended);
      });
    };
  }
  readonly #parts: Parts;
  #number = 0;
  #stopped: Promise<void> | undefined;
  /** Whether it ran until `stop()`. */
  #isClosed = false;
  /** Keeps the program and its files when this process ends. */
  keep = false;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Starts one.
   *
   * @throws MissingBinaryError, StartError, or ScenarioError with all mistakes of the scenario.
   */
  static async start(options: StartOptions = {}): Promise<Ringback> {
    checked('start', options, START_OPTIONS);
    const args = serveArguments(options);
    const program = options.binary ?? binaryPath();
    const folder = new Folder();
    const scenario = onDisk(options.scenario, folder);
    try {
      const outlives = options.outlives === true ? folder.file('stderr.log') : undefined;
      const env = withoutOurs(process.env);
      if (scenario !== undefined) args.push(scenario);
      const launched = await launch({ program, args, env, outlives, within: options.readyWithin });
      const { ready } = launched;
      // What outlives this process would leave its log behind.
      if (outlives !== undefined) folder.remove();
      const plane = { admin: ready.admin };
      const parts: Parts = { plane, listen: ready.listen, launched, folder, program, ports: true, ready };
      if (scenario !== undefined) parts.scenario = scenario;
      const ringback = new Ringback(parts);
      await ringback.#keepAuthority();
      ringback.#watch();
      return ringback;
    } catch (error) {
      const called = shown(options.scenario);
      const isOurs = typeof options.scenario === 'object' && !(options.scenario instanceof URL);
      const wanted = error instanceof StartError ? scenario : undefined;
      const mistakes =
        wanted === undefined
          ? []
          : await mistakesOf(program, wanted, isText(options.scenario) || isOurs ? called : wanted);
      folder.remove();
      throw mistakes.length > 0 ? new ScenarioError(called, mistakes) : error;
    }
  }

  /** Speaks with one that runs. */
  static async connect(options: ConnectOptions): Promise<Ringback> {
    checked('connect', options, CONNECT_OPTIONS);
    ofKind('admin', options.admin, 'text');
    if (options.url !== undefined && !isAddress(options.url))
      throw new ArgumentError(`url: expected an address such as http://127.0.0.1:8080, found '${options.url}'`);
    const plane: Plane = { admin: options.admin, token: options.token };
    await call(plane, 'GET', '/version');
    const folder = new Folder();
    const told = await call<Told>(plane, 'GET', '/v1/vendors');
    // What one of several processes tells leads past the balancer, to its own worlds alone.
    const listen = options.url ?? (plane.isBalanced ? undefined : listenerBeside(plane.admin, told.listen));
    const ports = options.ports ?? isOfRun(listen, told.listen);
    const parts: Parts = { plane, listen, folder, ports, told };
    const ringback = new Ringback(parts);
    await ringback.#keepAuthority();
    ringback.#watch();
    return ringback;
  }

  /** Address of the control plane. */
  get admin(): string {
    return this.#parts.plane.admin;
  }
  /** Address of the vendors' listener; where it is not known, an error says so. */
  get url(): string {
    if (this.#parts.listen !== undefined) return this.#parts.listen;
    throw new ConnectionError(
      `it is not known where the vendors of ${this.admin} are; set RINGBACK_URL, or the option url of connect()`,
    );
  }
  /** The process, where it was started from here. */
  get pid(): number | undefined {
    return this.#parts.ready?.pid;
  }
  /** The program, where it was started from here. */
  get program(): string {
    return this.#parts.program ?? binaryPath();
  }
  /** The names of the vendors' hosts. */
  get hosts(): string[] {
    const { ready, told } = this.#parts;
    return ready === undefined
      ? (told?.vendors ?? []).flatMap((it) => it.hosts)
      : Object.values(ready.hosts ?? {}).flat();
  }
  /** The vendors' names. */
  get vendors(): string[] {
    return Object.keys(this.paths);
  }
  /** The path that a vendor's requests begin with, by its name. */
  get paths(): Record<string, string> {
    const { ready, told } = this.#parts;
    const all =
      ready === undefined
        ? (told?.vendors ?? []).map((it) => [it.name, it.paths[0] ?? '/'])
        : Object.entries(ready.vendors ?? {}).map(([name, url]) => [name, new URL(url).pathname]);
    return Object.fromEntries(all);
  }
  /** Where it says itself that it serves all vendors. */
  get listeners(): string[] {
    const { ready, told } = this.#parts;
    return ready === undefined ? (told?.listen ?? []) : [ready.listen];
  }
  /** What worlds are made of that say nothing of it. */
  get scenario(): ScenarioGiven {
    return this.#parts.scenario ?? 'demo';
  }
  /** Whether worlds get a port each. */
  get hasPorts(): boolean {
    return this.#parts.ports;
  }
  /** The file with the certificate that clients are to trust; `undefined` where there is no authority. */
  get caFile(): string | undefined {
    if (this.#authority === undefined) return undefined;
    this.#authorityFile ??= this.#parts.folder.write('ca.pem', this.#authority);
    return this.#authorityFile;
  }
  /** Files of this run. */
  get folder(): Folder {
    return this.#parts.folder;
  }
  #authority: Buffer | undefined;
  #authorityFile: string | undefined;

  /** A new world, which sees nothing of the others. Its clock stands where neither options nor scenario have one. */
  async world(options: WorldOptions = {}): Promise<World> {
    checked('world', options, WORLD_OPTIONS);
    if ((options.claims?.length ?? 0) > 0 && this.isBalanced)
      throw new ArgumentError(
        'claims: there are several processes here, and the balancer before them leads nobody by credentials; ' +
          "give the client the world's url(…), or its proxies(), which name the world",
      );
    this.#number += 1;
    const facts = await make(
      this,
      options,
      // Of those who share a program two may have one process id, in two containers.
      options.name ?? `world-${process.pid}-${randomBytes(OWN_NAME_BYTES).toString('hex')}-${this.#number}`,
    );
    const world = new World(this, facts.name, facts.listen);
    noteMade(world);
    return world;
  }
  /** The world of this name, which is there already; `default` always is. */
  async open(name: string): Promise<World> {
    const facts = await this.call<WorldFacts>('GET', `/v1/worlds/${encodeURIComponent(name)}`);
    return new World(this, facts.name, facts.listen);
  }
  /**
   * All worlds; those that do not serve have a `state` other than `open`, and say why. Behind a balancer those of
   * all processes, each with its `process`.
   */
  async worlds(): Promise<WorldListed[]> {
    const all: WorldListed[] = [];
    for (const process of await this.#each()) {
      const { worlds } = await this.#ofProcess<{ worlds: WorldListed[] }>(process, '/v1/worlds');
      all.push(...(process === undefined ? worlds : worlds.map((it) => ({ ...it, process }))));
    }
    return all;
  }
  /** The names of the processes, where a balancer stands before several; else none. */
  async processes(): Promise<string[]> {
    if (!this.isBalanced) return [];
    this.#processes ??= await this.#toldOfProcesses();
    return [...this.#processes];
  }
  /** Whether a balancer stands before it. */
  get isBalanced(): boolean {
    return this.#parts.plane.isBalanced === true;
  }
  #processes: string[] | undefined;

  /** What is of each process is refused with their names. */
  async #toldOfProcesses(): Promise<string[]> {
    try {
      await this.call('GET', '/v1/worlds');
    } catch (error) {
      const named = error instanceof ProblemError ? (error.problem as { processes?: unknown }).processes : undefined;
      if (Array.isArray(named)) return named.map(String);
      throw error;
    }
    // One process behind something that says its name.
    return [];
  }
  /** Whom to ask for what is of each process; nobody by name where there is one. */
  async #each(): Promise<(string | undefined)[]> {
    const named = await this.processes();
    return named.length > 0 ? named : [undefined];
  }
  /** What one process has; one that is down is named. */
  async #ofProcess<T>(process: string | undefined, path: string): Promise<T> {
    try {
      return await this.#told(() => call<T>(this.#parts.plane, 'GET', path, undefined, [], process));
    } catch (error) {
      if (!(error instanceof ProblemError) || process === undefined || error.problem.detail.includes(process))
        throw error;
      throw new ProblemError(error.call, { ...error.problem, detail: `${process}: ${error.problem.detail}` });
    }
  }
  /** A new world from what `World.export` gave. */
  async import(name: string, file: Buffer): Promise<World> {
    const path = `/v1/worlds/${encodeURIComponent(name)}/import`;
    await this.exchange('POST', path, { type: 'application/vnd.sqlite3', bytes: file });
    const world = await this.open(name);
    noteMade(world);
    return world;
  }
  /**
   * Requests that no world took, and handshakes that came to nothing. Behind a balancer those of one process, or of
   * all, one after the other.
   */
  async strays(filter: StraysFilter = {}): Promise<JournalEntry[]> {
    checked('strays', filter, STRAYS_FILTER);
    const { process, ...asked } = filter;
    if (asked.after && process === undefined && (await this.processes()).length > 0)
      throw new ArgumentError(
        'strays: there are several processes here, and each counts what reached no world by itself; expected ' +
          `process beside after: ${asked.after}, one of ${(await this.processes()).join(', ')}`,
      );
    const query = new URLSearchParams(
      Object.entries(asked).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const all: JournalEntry[] = [];
    for (const one of process === undefined ? await this.#each() : [process])
      all.push(...(await this.#ofProcess<{ entries: JournalEntry[] }>(one, `/v1/journal?${query}`)).entries);
    return all;
  }

  /** Any call of the control plane, with a body as JSON. */
  call<T>(method: string, path: string, body?: unknown, also?: readonly number[]): Promise<T> {
    return this.#told(() => call<T>(this.#parts.plane, method, path, body, also));
  }
  /** Any call of the control plane, with a body as it is. */
  exchange(method: string, path: string, sent?: { type: string; bytes: string | Buffer }): Promise<Answer> {
    return this.#told(() => exchange(this.#parts.plane, method, path, sent));
  }
  /** What another process needs to speak with it. */
  address(): { admin: string; url: string | undefined; token: string | undefined; pid: number | undefined } {
    const { plane, listen } = this.#parts;
    return { admin: plane.admin, url: listen, token: plane.token, pid: this.pid };
  }
  /** What a program of this package needs in its environment to call the control plane. */
  environment(): Record<string, string | undefined> {
    const token = this.#parts.plane.token;
    return { ...withoutOurs(process.env), ...(token === undefined ? {} : { RINGBACK_ADMIN_TOKEN: token }) };
  }

  /** Ends it, where it was started from here, and comes back when it has ended. */
  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #end(): Promise<void> {
    running.delete(this);
    const child = this.#parts.launched?.child;
    if (child !== undefined) {
      this.#isClosed = child.exitCode === null && child.signalCode === null;
      await ended(child);
    }
    this.folder.remove();
  }

  async #keepAuthority(): Promise<void> {
    try {
      this.#authority = (await exchange(this.#parts.plane, 'GET', '/ca.pem')).body;
    } catch {
      // One with a certificate of its own has no authority; its clients trust that already.
    }
  }

  #watch(): void {
    running.add(this);
    if (isWatching) return;
    isWatching = true;
    process.on('exit', () => {
      for (const ringback of running) ringback.#abandon();
    });
  }
  #abandon(): void {
    if (this.keep) return;
    this.#parts.launched?.child.kill();
    this.folder.remove();
  }

  #how(child: ChildProcess): string {
    if (this.#isClosed) return 'was ended by stop()';
    if (child.signalCode !== null) return `has ended with ${child.signalCode}`;
    // It takes the signal and ends in order, which nobody who reads of it would think of.
    const stopped = child.exitCode === 0 ? ', as it does when somebody stops it with SIGTERM or SIGINT' : '';
    return `has ended with exit code ${child.exitCode}${stopped}`;
  }
  /** How it ended, with what it said last, where it was started from here; `undefined` while it runs. */
  get ended(): string | undefined {
    const launched = this.#parts.launched;
    if (launched === undefined || !hasEnded(launched.child)) return undefined;
    const said = launched.stderr().trimEnd().split('\n');
    const left = said.length - SAID_LINES;
    const more = left > 0 ? `(${left} lines before these)\n` : '';
    const last = said.slice(-SAID_LINES).join('\n');
    return `Ringback ${this.#how(launched.child)}${last === '' ? '' : `:\n${more}${last}`}`;
  }
  async #told<T>(asked: () => Promise<T>): Promise<T> {
    try {
      return await asked();
    } catch (error) {
      const child = this.#parts.launched?.child;
      if (!(error instanceof ConnectionError) || child === undefined) throw error;
      await ending(child);
      if (this.ended === undefined) throw error;
      throw new ConnectionError(this.ended, { cause: error });
    }
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Waits a moment for the end of a program that answers nobody any more, and for what it said last. */
async function ending(child: ChildProcess): Promise<void> {
  if (hasEnded(child) && child.stderr?.closed !== false) return;
  await new Promise<void>((done) => {
    const timer = later(done, ENDING_WITHIN_MS);
    child.once('close', () => {
      cancel(timer);
      done();
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.ref();
  await new Promise<void>((done) => {
    const timer = later(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    child.once('exit', () => {
      cancel(timer);
      done();
    });
    // Not its stdin as well: to a second call to end, the program cuts off what is in flight.
    child.kill('SIGTERM');
  });
}

function isAddress(url: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}

/** Hosts of an address that is this machine's own. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** Where the vendors are of a program on this machine, as it tells itself; one in a container tells an address within. */
function listenerBeside(admin: string, listeners: string[]): string | undefined {
  const isHere = (url: string) => LOOPBACK.includes(new URL(url).hostname);
  return isHere(admin) ? listeners.find(isHere) : undefined;
}

/** A scenario that is no name, as the path of a file that the program can read. */
function onDisk(scenario: ScenarioGiven | undefined, folder: Folder): string | undefined {
  if (scenario === undefined) return undefined;
  if (scenario instanceof URL) return fileURLToPath(scenario);
  if (typeof scenario === 'string' && !isText(scenario)) return scenario;
  return isText(scenario)
    ? folder.write('scenario.toml', scenario)
    : folder.write('scenario.json', JSON.stringify(scenario));
}

function shown(scenario: ScenarioGiven | undefined): string {
  if (scenario instanceof URL) return fileURLToPath(scenario);
  if (isText(scenario)) return TEXT;
  return typeof scenario === 'string' ? scenario : 'the scenario';
}

function serveArguments(options: StartOptions): string[] {
  const args = ['serve', '--listen', options.listen ?? ANY_PORT, '--admin', options.admin ?? ANY_PORT];
  if (options.seed !== undefined) args.push('--seed', String(options.seed));
  if (options.clock !== undefined) args.push('--clock', clockWord(options.clock));
  if (options.data !== undefined) args.push('--data', options.data);
  if (options.showSecrets === true) args.push('--show-secrets');
  for (const [vendor, given] of Object.entries(options.hosts ?? {})) {
    const names = ([] as string[]).concat(given);
    ofKind(`hosts.${vendor}`, names, 'texts');
    for (const host of names) args.push('--host', `${vendor}=${host}`);
  }
  const more = options.args ?? [];
  args.push(...more, ...capsuleArguments(more));
  return args;
}

/** The environment without our own variables, which are flags: what is started goes by its options alone. */
export function withoutOurs(env: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('RINGBACK_') || name === 'RINGBACK_LOG'),
  );
}

export type { Clock, ScenarioGiven, WorldOptions };

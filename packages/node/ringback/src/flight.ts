// Requests of this process that are on their way to a test's world when the test ends, or that come after it: calls
// that nobody awaits.
//
// Node tells of them by channels of its own: `fetch` and undici have theirs, `http` and what is built on it too. Not
// here: clients in other processes, of which nobody knows what they still mean to ask.

import * as channels from 'node:diagnostics_channel';
import type { World } from './world';

/** What undici tells of a request. */
interface Fetched {
  origin: string | URL;
  path: string;
  method: string;
}
/** What `http` tells of one. */
interface Asked {
  path: string;
  method: string;
  getHeader(name: string): unknown;
  once(event: 'close', listener: () => void): void;
}

/** A request on its way. */
interface Request {
  flight: Flight;
  line: string;
}

/** The requests to one world. */
export class Flight {
  /** The address of its world, without a scheme. */
  readonly base: string;
  readonly #under = new Set<Request>();
  readonly #late: Request[] = [];
  #state: 'open' | 'ended' | 'gone' = 'open';
  #afterwards: ((line: string) => void) | undefined;

  constructor(world: World) {
    this.base = hostAndPath(world.url());
  }

  get isGone(): boolean {
    return this.#state === 'gone';
  }

  begun(request: Request): void {
    if (this.#state === 'open') this.#under.add(request);
    else if (this.#state === 'ended') this.#late.push(request);
    // A port may be somebody else's by now, and then it answers; a path is nobody else's.
    else if (this.base.includes('/')) this.#tell(request);
    else this.#under.add(request);
  }
  answered(request: Request): void {
    this.#under.delete(request);
  }
  failed(request: Request): void {
    if (this.#under.delete(request) && this.isGone) this.#tell(request);
  }

  /** The test's body has ended. */
  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    this.#late.push(...this.#under);
    this.#under.clear();
  }
  /** Those that had no reply when the body ended, and those that came after it, a line each. */
  late(): string[] {
    return this.#late.map((it) => it.line);
  }
  /** The world is gone; what comes now is told once. */
  close(afterwards: (line: string) => void): void {
    this.end();
    this.#state = 'gone';
    this.#afterwards = afterwards;
  }

  #tell(request: Request): void {
    const tell = this.#afterwards;
    this.#afterwards = undefined;
    tell?.(request.line);
  }
}

/** Segments of an address that may belong to a world's own: its host, a path before `/w/`, and its name. */
const SEGMENTS_MAX = 8;

/** Those of this process, by the address of their world: a port's next world takes the place of the one before. */
const flights = new Map<string, Flight>();
const requests = new WeakMap<object, Request>();
let isListening = false;

/** Watches the requests to a world from now on. */
export function flightTo(world: World): Flight {
  const flight = new Flight(world);
  flights.set(flight.base, flight);
  listen();
  return flight;
}

/** Watches no more. */
export function endFlights(): void {
  flights.clear();
  if (!isListening) return;
  isListening = false;
  for (const [name, listener] of LISTENERS) channels.channel(name).unsubscribe(listener);
}

function listen(): void {
  if (isListening) return;
  isListening = true;
  for (const [name, listener] of LISTENERS) channels.channel(name).subscribe(listener);
}

type Listener = (message: unknown) => void;
const LISTENERS: [string, Listener][] = [
  ['undici:request:create', (it) => fetched((it as { request: Fetched }).request)],
  ['undici:request:headers', (it) => ended((it as { request: object }).request, 'answered')],
  ['undici:request:error', (it) => ended((it as { request: object }).request, 'failed')],
  ['http.client.request.start', (it) => asked((it as { request: Asked }).request)],
  ['http.client.response.finish', (it) => ended((it as { request: object }).request, 'answered')],
];

function fetched(request: Fetched): void {
  begun(request, `${hostAndPath(String(request.origin))}${request.path}`, request.method, request.path);
}

function asked(request: Asked): void {
  begun(request, `${String(request.getHeader('host'))}${request.path}`, request.method, request.path);
  request.once('close', () => ended(request, 'failed'));
}

function begun(key: object, address: string, method: string, path: string): void {
  const flight = flightOf(address.replace(/[?#].*$/s, ''));
  if (flight === undefined) return;
  const request = { flight, line: lineOf(method, path) };
  requests.set(key, request);
  flight.begun(request);
}

/** What a journal has in place of a credential begins so. */
const MASK = '***';
/** The password in a path that one of the vendors has. */
const IN_PATH = /(\/login\/[^/?]+\/)[^/?]+/gi;

/**
 * A request on one line, without what may be a credential: a client's own request is masked by nobody, so no value
 * of a query is shown. That of a journal, masked already, comes to the same line.
 */
export function lineOf(method: string, target: string): string {
  const [path, ...query] = target.split('?');
  const names = query
    .join('?')
    .split('&')
    .map((it) => (it.includes('=') ? `${it.slice(0, it.indexOf('='))}=${MASK}` : it && MASK));
  const shown = (path as string).replace(IN_PATH, `$1${MASK}`);
  return `${method} ${shown}${query.length > 0 ? `?${names.join('&')}` : ''}`;
}

/** The world that an address is within. */
function flightOf(address: string): Flight | undefined {
  const segments = address.split('/', SEGMENTS_MAX);
  for (let count = segments.length; count > 0; count -= 1) {
    const found = flights.get(segments.slice(0, count).join('/'));
    if (found !== undefined) return found;
  }
  return undefined;
}

function ended(key: object, how: 'answered' | 'failed'): void {
  const request = requests.get(key);
  request?.flight[how](request);
}

/** An address without its scheme: a listener speaks plain and TLS. */
function hostAndPath(url: string): string {
  return url.replace(/^\w+:\/\//, '').replace(/\/$/, '');
}

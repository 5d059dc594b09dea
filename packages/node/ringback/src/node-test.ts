// Worlds for `node:test`: `test('title', withWorld({ scenario: 'demo' }, async (world, t) => { … }))`.
//
// Not here: what a world of a test is (helper.ts).

import { executionAsyncResource } from 'node:async_hooks';
import { relative } from 'node:path';
import { inspect } from 'node:util';
import { ArgumentError } from './errors';
import { type FailOn, inWorld, pattern, quoted, type TestWorldOptions } from './helper';
import { type Runtime, runtime } from './runtime';
import type { World } from './world';

/** What this needs of a test's context. */
export interface TestContextLike {
  /** Not in Node before 18.8. */
  readonly name?: string | undefined;
  readonly fullName?: string | undefined;
  readonly filePath?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A test in a world of its own. */
export function withWorld<Context extends TestContextLike>(
  options: TestWorldOptions,
  body: (world: World, t: Context) => unknown,
): (t: Context) => Promise<void>;
export function withWorld<Context extends TestContextLike>(
  body: (world: World, t: Context) => unknown,
): (t: Context) => Promise<void>;
export function withWorld<Context extends TestContextLike>(
  first: TestWorldOptions | ((world: World, t: Context) => unknown),
  second?: (world: World, t: Context) => unknown,
): (t: Context) => Promise<void> {
  const [options, body] = typeof first === 'function' ? [{}, first] : [first, second];
  if (typeof body !== 'function') throw new ArgumentError('withWorld: expected a function (world, t) => …');
  const isOfSuite = isWithinSuite();
  return async (t) => {
    const file = t.filePath ?? process.argv[1];
    const where = file === undefined ? '' : ` ${quoted(relative(process.cwd(), file))}`;
    const rerun = alone(t, isOfSuite, where, runtime());
    const title = t.fullName ?? t.name ?? 'test';
    const watch = new Cut(t.signal);
    const place = { title, rerun, signal: t.signal, cut: () => watch.why, afterwards: failRun };
    try {
      await inWorld(place, options, (world) => body(world, t));
    } finally {
      watch.end();
    }
  };
}

/** What stands between the names of a test and of what it is in. */
const WITHIN = ' > ';

/** The line that runs a test alone, in what runs it now. */
export function alone(t: TestContextLike, isOfSuite: boolean, where: string, by: Runtime): string {
  if (by === 'node' || t.name === undefined)
    return { node: `node --test${only(t, isOfSuite)}${where}`, deno: `deno test -A${where}`, bun: `bun test${where}` }[
      by
    ];
  const names = [...around(t).split(WITHIN), t.name].filter((it) => it !== '').map(pattern);
  // Deno goes by the outermost name alone, Bun by all of them.
  if (by === 'deno') return `deno test -A --filter=${quoted(`/^${names[0]}$/`)}${where}`;
  return `bun test${where} -t ${quoted(`^${names.join(' ')}$`)}`;
}

/** The names of what a test is in. */
function around(t: TestContextLike): string {
  return t.fullName?.endsWith(WITHIN + t.name) ? t.fullName.slice(0, -(WITHIN + t.name).length) : '';
}

/**
 * The option that runs a test alone. The runner goes through suites for a name, and not through tests: a subtest is
 * found only when the test that it is in is run, which runs all within it.
 */
function only(t: TestContextLike, isOfSuite: boolean): string {
  if (t.name === undefined) return '';
  const outer = around(t);
  const names = [...outer.split(WITHIN), t.name].map(pattern);
  const found = outer === '' || isOfSuite ? `${pattern(t.name)}$` : `^(${names.join('|')})$`;
  return ` --test-name-pattern=${quoted(found)}`;
}

/** Whether what runs now is the body of a `describe`, and not that of a test. */
function isWithinSuite(): boolean {
  return (executionAsyncResource() as object | undefined)?.constructor?.name === 'Suite';
}

/** A test that is over cannot fail any more, and its file can. */
function failRun(): void {
  process.exitCode = 1;
}

/** Why the runner has ended a test before its body did: it hears of an error that nobody takes, and drops the test's. */
class Cut {
  static readonly #open = new Set<Cut>();
  static #isListening = false;
  readonly #signal: AbortSignal | undefined;
  #isNow = false;
  why: string | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    Cut.#open.add(this);
    signal?.addEventListener('abort', this.#aborted, { once: true });
    Cut.#listen();
  }
  end(): void {
    Cut.#open.delete(this);
    this.#signal?.removeEventListener('abort', this.#aborted);
  }

  // The runner's listener comes before this one, within the same event.
  readonly #aborted = () => {
    this.#isNow = true;
    queueMicrotask(() => {
      this.#isNow = false;
    });
  };
  static #listen(): void {
    if (Cut.#isListening) return;
    Cut.#isListening = true;
    Cut.#on('unhandledRejection', 'a promise that nobody awaits was rejected');
    Cut.#on('uncaughtException', 'an error was thrown that nobody catches');
  }
  /** Only where the runner listens as well: the first listener changes what the process does. */
  static #on(event: 'unhandledRejection' | 'uncaughtException', what: string): void {
    if (process.listenerCount(event) === 0) return;
    process.on(event as 'uncaughtException', (error: unknown) => {
      const said = error instanceof Error ? error.message : inspect(error);
      for (const cut of Cut.#open) if (cut.#isNow) cut.why = `${what}: ${said}; is an await missing?`;
    });
  }
}

export type { FailOn, TestWorldOptions };

// Worlds for jest: `test('title', withWorld({ scenario: 'demo' }, async (world) => { … }))`.
//
// Not here: what a world of a test is (helper.ts).

import { relative } from 'node:path';
import { ArgumentError, type StrictError } from './errors';
import { endFlights } from './flight';
import { closeOpen, type FailOn, inWorld, pattern, quoted, type TestWorldOptions } from './helper';
import { lastWords } from './open';
import { calledRunner } from './runtime';
import { endShared } from './shared';
import type { World } from './world';

interface Globals {
  expect: { getState(): { currentTestName?: string; testPath?: string } };
  afterAll(body: () => Promise<void>): void;
}

/** Jest's functions: globals, or with `injectGlobals: false` those of its own module. */
function globals(): Globals {
  const here = globalThis as unknown as Partial<Globals>;
  if (here.expect !== undefined && here.afterAll !== undefined) return here as Globals;
  try {
    return require('@jest/globals') as Globals;
  } catch {
    throw new ArgumentError('ringback/jest: expected to be loaded by a test file that jest runs');
  }
}

const { expect, afterAll } = globals();
const realExit = process.exit;
// Jest hides the end of its process from the tests within, and hands them this alone.
process.exit = (code) => {
  const isCut = lastWords();
  // A test that never came to its end is no green one.
  return realExit(isCut && !Number(code ?? process.exitCode ?? 0) ? 1 : code);
};
// Workers go on to the next file, and each file has its own copy of this module.
afterAll(async () => {
  await closeOpen();
  await endShared();
  // What listens to the process would keep this file's sandbox.
  endFlights();
  process.exit = realExit;
  const [first] = afterwards;
  if (first !== undefined) throw first;
});

/** What strict tests would have failed for, had they not ended; it fails their file. */
const afterwards: StrictError[] = [];

/** What jest knows of the test that it runs, by itself alone. */
interface Circus {
  currentlyRunningTest?: { errors?: unknown[]; unhandledRejectionErrorByPromise?: Map<unknown, unknown> } | null;
  unhandledRejectionErrorByPromise?: Map<unknown, unknown>;
}

/** Errors that came beside the test's body: jest hears of them alone, and fails the test for them. */
function loose(): unknown[] {
  const key = Object.getOwnPropertySymbols(globalThis).find((it) => it.description === 'JEST_STATE_SYMBOL');
  const state = key === undefined ? undefined : (globalThis as unknown as Record<symbol, Circus | undefined>)[key];
  const test = state?.currentlyRunningTest;
  return [
    ...(test?.errors ?? []).map((it) => (Array.isArray(it) ? it[0] : it)),
    ...(test?.unhandledRejectionErrorByPromise?.values() ?? []),
    ...(state?.unhandledRejectionErrorByPromise?.values() ?? []),
  ];
}

/** A test in a world of its own; the body has the row of `test.each` behind the world. */
export function withWorld<Row extends unknown[]>(
  options: TestWorldOptions,
  body: (world: World, ...row: Row) => unknown,
): (...row: Row) => Promise<void>;
export function withWorld<Row extends unknown[]>(
  body: (world: World, ...row: Row) => unknown,
): (...row: Row) => Promise<void>;
export function withWorld<Row extends unknown[]>(
  first: TestWorldOptions | ((world: World, ...row: Row) => unknown),
  second?: (world: World, ...row: Row) => unknown,
): (...row: Row) => Promise<void> {
  const [options, body] = typeof first === 'function' ? [{}, first] : [first, second];
  if (typeof body !== 'function') throw new ArgumentError('withWorld: expected a function (world) => …');
  // Of no length: jest takes a parameter more than its row has for a callback to wait for.
  return async (...row) => {
    const { currentTestName: title = 'test', testPath } = expect.getState();
    const where = testPath === undefined ? '' : ` ${quoted(relative(process.cwd(), testPath))}`;
    const rerun = `${calledRunner('jest')}${where} -t ${quoted(`^${pattern(title)}$`)}`;
    const place = { title, rerun, loose, afterwards: (error: StrictError) => afterwards.push(error) };
    await inWorld(place, options, (world) => body(world, ...row));
  };
}

export type { FailOn, TestWorldOptions };

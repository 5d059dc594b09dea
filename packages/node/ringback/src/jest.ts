// Worlds for jest: `test('title', withWorld({ scenario: 'demo' }, async (world) => { … }))`.
//
// Not here: what a world of a test is (helper.ts).

import { relative } from 'node:path';
import { ArgumentError, type StrictError } from './errors';
import { endFlights } from './flight';
import { closeOpen, inWorld, pattern, quoted, type TestWorldOptions } from './helper';
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
// Workers go on to the next file, and each file has its own copy of this module.
afterAll(async () => {
  await closeOpen();
  await endShared();
  // What listens to the process would keep this file's sandbox.
  endFlights();
  const [first] = afterwards;
  if (first !== undefined) throw first;
});

/** What strict tests would have failed for, had they not ended; it fails their file. */
const afterwards: StrictError[] = [];

/** A test in a world of its own. */
export function withWorld(options: TestWorldOptions, body: (world: World) => unknown): () => Promise<void>;
export function withWorld(body: (world: World) => unknown): () => Promise<void>;
export function withWorld(
  first: TestWorldOptions | ((world: World) => unknown),
  second?: (world: World) => unknown,
): () => Promise<void> {
  const [options, body] = typeof first === 'function' ? [{}, first] : [first, second];
  if (typeof body !== 'function') throw new ArgumentError('withWorld: expected a function (world) => …');
  // Without parameters: jest takes a first one for a callback to wait for.
  return async () => {
    const { currentTestName: title = 'test', testPath } = expect.getState();
    const where = testPath === undefined ? '' : ` ${quoted(relative(process.cwd(), testPath))}`;
    const rerun = `npx jest${where} -t ${quoted(`^${pattern(title)}$`)}`;
    await inWorld({ title, rerun, afterwards: (error) => afterwards.push(error) }, options, body);
  };
}

export type { TestWorldOptions };

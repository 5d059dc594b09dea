// Worlds for `node:test`: `test('title', withWorld({ scenario: 'demo' }, async (world, t) => { … }))`.
//
// Not here: what a world of a test is (helper.ts).

import { relative } from 'node:path';
import { ArgumentError } from './errors';
import { inWorld, pattern, quoted, type TestWorldOptions } from './helper';
import type { World } from './world';

/** What this needs of a test's context. */
export interface TestContextLike {
  /** Not in Node before 18.8. */
  readonly name?: string;
  readonly fullName?: string;
  readonly filePath?: string;
  readonly signal?: AbortSignal;
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
  return async (t) => {
    const file = t.filePath ?? process.argv[1];
    const where = file === undefined ? '' : ` ${quoted(relative(process.cwd(), file))}`;
    const only = t.name === undefined ? '' : ` --test-name-pattern=${quoted(`${pattern(t.name)}$`)}`;
    const rerun = `node --test${only}${where}`;
    const title = t.fullName ?? t.name ?? 'test';
    await inWorld({ title, rerun, signal: t.signal }, options, (world) => body(world, t));
  };
}

export type { TestWorldOptions };

// The types of `ringback/vitest` for ES modules: with vitest's own of a test's context, which its CommonJS has not.
//
// Not here: all other types, which come from src/vitest.ts. It is copied to lib/, where its paths lead.

import type { TestFunction } from 'vitest';
import type { TestWorldOptions } from './vitest.js';
import type { World } from './world.js';

export * from './vitest.js';

/** The context that vitest gives to a test. */
export type VitestContext = Parameters<TestFunction>[0];

/**
 * A test in a world of its own. The body has behind the world what vitest gives: the context of `test`, the row and the
 * context of `test.for`, the row of `test.each`.
 */
export declare function withWorld<Given extends unknown[] = [VitestContext]>(
  options: TestWorldOptions,
  body: (world: World, ...given: Given) => unknown,
): (...given: Given) => Promise<void>;
export declare function withWorld<Given extends unknown[] = [VitestContext]>(
  body: (world: World, ...given: Given) => unknown,
): (...given: Given) => Promise<void>;

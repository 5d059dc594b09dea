// The types of `ringback/vitest` for ES modules: with vitest's own of a test's context, which its CommonJS has not.
//
// Not here: all other types, which come from src/vitest.ts. It is copied to lib/, where its paths lead.

import type { TestFunction } from 'vitest';
import type { TestContextLike, TestWorldOptions } from './vitest.js';
import type { World } from './world.js';

export * from './vitest.js';

/** The context that vitest gives to a test. */
export type VitestContext = Parameters<TestFunction>[0];

/** A test in a world of its own. */
export declare function withWorld<Context extends TestContextLike = VitestContext>(
  options: TestWorldOptions,
  body: (world: World, context: Context) => unknown,
): (context: Context) => Promise<void>;
export declare function withWorld<Context extends TestContextLike = VitestContext>(
  body: (world: World, context: Context) => unknown,
): (context: Context) => Promise<void>;
export declare function withWorld<Given extends unknown[]>(
  options: TestWorldOptions,
  body: (world: World, ...given: Given) => unknown,
): (...given: Given) => Promise<void>;
export declare function withWorld<Given extends unknown[]>(
  body: (world: World, ...given: Given) => unknown,
): (...given: Given) => Promise<void>;

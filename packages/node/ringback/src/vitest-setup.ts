// `globalSetup: ['ringback/vitest-setup']`: one Ringback for all workers of a vitest run.
//
// Not here: the tests' worlds (vitest.ts).

import { begin, end } from './run';

/** Before the first test. */
export async function setup(): Promise<void> {
  await begin();
}
/** After the last. */
export async function teardown(): Promise<void> {
  await end();
}

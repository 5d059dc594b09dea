// The same package from an ES module: helpers of the test runners are typed as well.
import { test } from 'node:test';
import { Ringback, World } from 'ringback';
import { type FailOn, type TestWorldOptions, withWorld } from 'ringback/node-test';
import { withWorld as withVitest, worldFixture } from 'ringback/vitest';
import { test as base } from 'vitest';

test(
  'node',
  withWorld({ faults: [{ on: { vendor: 'mor' }, then: 'hang' }] }, async (world, t) => {
    t.diagnostic(world.url('mor'));
  }),
);

const withFixture = base.extend<{ world: World }>({ world: worldFixture({ scenario: 'demo' }) });
withFixture('vitest, by a fixture', async ({ world }) => {
  await world.info();
});
base(
  'vitest',
  withVitest({ failOn: ['unread'] }, async (world, { task, expect, skip, onTestFinished }) => {
    onTestFinished(() => world.judge());
    if (task.name === '') skip();
    expect((await world.journal()).flatMap((it) => it.effects ?? []).map((it) => it.text)).toEqual([]);
  }),
);

/** As newer types of Node have it. */
interface NewerContext {
  readonly name: string;
  readonly fullName: string;
  readonly filePath: string | undefined;
  readonly signal: AbortSignal;
}
declare function newer(name: string, body: (t: NewerContext) => Promise<void>): void;
export const another = () =>
  newer(
    'of newer types',
    withWorld(async (world, t) => {
      const { firings } = await world.advance('1h');
      await world.verify({ never: true, operation: firings[0]?.kind ?? t.name });
    }),
  );

export const kinds: [typeof Ringback, typeof World] = [Ringback, World];
base.for([
  { id: 301501, status: 200 },
  { id: 1, status: 404 },
])(
  'vitest, a row',
  withVitest(async (world, { id, status }, { expect }) => {
    const sum: number = id + status;
    expect(world.name).toBe(String(sum));
  }),
);
base.each([1, 2])(
  'vitest, of each',
  withVitest({ strict: true }, async (world, id) => {
    const same: number = id;
    await world.entry(same);
  }),
);

/** What several tests share may be constant. */
const SHARED = { strict: true, failOn: ['unread'], expect: [{ operation: 'dial', never: true }], claims: [] } as const;
const ARGUMENTS = ['--version'] as const;
const OPTIONS: TestWorldOptions = SHARED;
const words: readonly FailOn[] = SHARED.failOn;
test(
  'constant',
  withWorld({ ...OPTIONS, failOn: words }, async (world) => {
    await world.run('node', ARGUMENTS);
  }),
);

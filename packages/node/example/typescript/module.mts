// The same package from an ES module: helpers of the test runners are typed as well.
import { test } from 'node:test';
import { Ringback, World } from 'ringback';
import { withWorld } from 'ringback/node-test';
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
  withVitest(async (world, { task }) => {
    await world.seed({ title: task.name });
  }),
);

export const kinds: [typeof Ringback, typeof World] = [Ringback, World];

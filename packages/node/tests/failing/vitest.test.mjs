// Tests that are to fail, for the sake of what is then shown. Run by failure.test.mjs.
import { withWorld, worldFixture } from 'ringback/vitest';
import { test as base, describe, expect } from 'vitest';

const test = base.extend({ world: worldFixture({ scenario: 'demo', strict: true }) });

describe('group [a/b]', () => {
  base(
    'throws what is no error',
    withWorld(async () => {
      throw 'only text';
    }),
  );
});
base(
  'is skipped from within',
  withWorld(async (_, { skip }) => {
    skip();
  }),
);
test('fails with the fixture', async ({ world }) => {
  const reply = await fetch(`${world.url('jtel')}/rest/v1.0/7/dialler/contacts/5`);
  expect(reply.status).toBe(200);
});
test('is strict by the fixture', async ({ world }) => {
  await fetch(`${world.url()}/nobody`);
});
base(
  'runs out of time',
  withWorld(async (world) => {
    await fetch(`${world.url('mor')}/billing/api/nothing`);
    await new Promise((done) => {
      setTimeout(done, 4_000);
    });
  }),
  1500,
);

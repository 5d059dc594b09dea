// Tests that are to fail, for the sake of what is then shown. Run by failure.test.mjs.
import { describe, test } from 'node:test';
import { withWorld } from 'ringback/node-test';

describe('group [a/b]', () => {
  test(
    'throws what is no error',
    withWorld(async () => {
      throw 'only text';
    }),
  );
});
test(
  'runs out of time',
  { timeout: 1500 },
  withWorld(async (world) => {
    await fetch(`${world.url('mor')}/billing/api/nothing`);
    await new Promise((done) => {
      setTimeout(done, 4_000);
    });
  }),
);
test(
  'strict',
  withWorld({ strict: true }, async (world) => {
    await fetch(`${world.url()}/nobody`);
  }),
);
test(
  'deletes its world itself',
  withWorld(async (world) => {
    await world.delete();
    throw new Error('after that');
  }),
);

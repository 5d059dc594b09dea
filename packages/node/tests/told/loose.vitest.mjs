// The same, by vitest, and by a fixture. Run by told.test.mjs.
import { withWorld, worldFixture } from 'ringback/vitest';
import { test as base } from 'vitest';

const headers = { Authorization: 'Bearer SIMTOKEN-7A' };
const lock = (world) =>
  fetch(`${world.url('jtel')}/rest/v1.0/7/dialler/contacts/contact/30150/lock`, { method: 'PATCH', headers });

base(
  'is rejected at its end',
  withWorld(async (world) => {
    await lock(world);
    Promise.reject(new Error('nobody takes it'));
  }),
);
base(
  'is thrown at by a timer',
  withWorld(async (world) => {
    await lock(world);
    setTimeout(() => {
      throw new Error('out of a timer');
    }, 1);
    await world.wait({ operation: 'lock_contact_by_id', at_least: 2 }, '200ms').catch(() => {});
  }),
);
base.extend({ world: worldFixture() })('is rejected with a fixture', async ({ world }) => {
  await lock(world);
  Promise.reject(new Error('nobody takes this'));
});

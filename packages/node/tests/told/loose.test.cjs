// Errors that come beside a test's body, which has them from nobody. Run by told.test.mjs.
const { withWorld } = require('ringback/jest');

const headers = { Authorization: 'Bearer SIMTOKEN-7A' };
const lock = (world) =>
  fetch(`${world.url('jtel')}/rest/v1.0/7/dialler/contacts/contact/30150/lock`, { method: 'PATCH', headers });

test(
  'is rejected at its end',
  withWorld(async (world) => {
    await lock(world);
    Promise.reject(new Error('nobody takes it'));
  }),
);
test(
  'is thrown at by a timer',
  withWorld(async (world) => {
    await lock(world);
    setTimeout(() => {
      throw new Error('out of a timer');
    }, 1);
    await world.wait({ operation: 'lock_contact_by_id', at_least: 2 }, '200ms').catch(() => {});
  }),
);
test(
  'is rejected by a text',
  withWorld(async (world) => {
    await lock(world);
    Promise.reject('only text');
  }),
);
test(
  'takes its own',
  withWorld(async (world) => {
    await lock(world);
    await Promise.reject(new Error('taken')).catch(() => {});
  }),
);

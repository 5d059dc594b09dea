// Tests that are to fail while node:test ends them for another error. Run by told.test.mjs.
import assert from 'node:assert';
import { describe, test } from 'node:test';
import { withWorld } from 'ringback/node-test';

const headers = { Authorization: 'Bearer SIMTOKEN-7A' };
const contact = (world, what, id = 301501) =>
  fetch(`${world.url('jtel')}/rest/v1.0/7/dialler/contacts/contact/${id}/${what}`, { method: 'PATCH', headers });

async function unlock(world) {
  const reply = await contact(world, 'unlock');
  if (!reply.ok) throw new Error(`jtel answered ${reply.status}`);
}
async function whileLocked(world) {
  await contact(world, 'lock');
  try {
    return 'done';
  } finally {
    unlock(world);
  }
}
const faults = { then: 'refuse', error: 'jtel.internal', on: { vendor: 'jtel', operation: 'unlock_contact_by_id' } };

test(
  'is rejected as its body fails',
  withWorld({ faults }, async (world) => {
    await assert.rejects(whileLocked(world));
  }),
);
test(
  'is rejected while its body goes on',
  withWorld({ faults }, async (world) => {
    await whileLocked(world);
    await new Promise(() => {
      setTimeout(() => {}, 2_000);
    });
  }),
);
test(
  'is rejected at its end',
  withWorld({ faults }, async (world) => {
    await contact(world, 'lock');
    Promise.reject(new Error('nobody takes it'));
  }),
);
test(
  'is thrown at by a timer',
  withWorld(async (world) => {
    await contact(world, 'lock');
    setTimeout(() => {
      throw new Error('out of a timer');
    }, 1);
    await new Promise(() => {
      setTimeout(() => {}, 2_000);
    });
  }),
);
test(
  'fails when its time is over',
  { timeout: 500 },
  withWorld(async (world) => {
    await contact(world, 'lock');
    await new Promise((done) => {
      setTimeout(done, 1_500);
    });
    throw new Error('too late');
  }),
);
describe('a suite', () => {
  test(
    'of one',
    withWorld(async (world) => {
      assert.equal((await contact(world, 'lock', 1)).status, 200);
    }),
  );
});
test('a parent', async (t) => {
  await t.test(
    'a child',
    withWorld(async (world) => {
      assert.equal((await contact(world, 'lock', 2)).status, 200);
    }),
  );
});

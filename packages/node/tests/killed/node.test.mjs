// Tests whose program is killed while they run. Run by killed.test.mjs.
import assert from 'node:assert';
import { test } from 'node:test';
import { shared } from 'ringback';
import { withWorld } from 'ringback/node-test';

const lock = (world) =>
  fetch(`${world.url('jtel')}/rest/v1.0/7/dialler/contacts/contact/301501/lock`, {
    method: 'PATCH',
    headers: { Authorization: 'Bearer SIMTOKEN-7A' },
  });

test(
  'killed',
  withWorld(async (world) => {
    process.kill(world.ringback.pid, 'SIGKILL');
    for (;;) await lock(world);
  }),
);
test(
  'next',
  withWorld(async (world) => {
    assert.equal((await lock(world)).status, 200);
  }),
);
test('killed between two tests', async () => {
  process.kill((await shared()).pid, 'SIGKILL');
});
test(
  'next but one',
  withWorld(async (world) => {
    assert.equal((await lock(world)).status, 200);
  }),
);
test('side by side', { concurrency: true }, async (t) => {
  process.kill((await shared()).pid, 'SIGKILL');
  const admins = new Set();
  const own = withWorld(async (world) => {
    admins.add(world.ringback.admin);
  });
  await Promise.all(['one', 'two', 'three'].map((name) => t.test(name, own)));
  assert.equal(admins.size, 1);
});

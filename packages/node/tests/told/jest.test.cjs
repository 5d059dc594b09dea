// Tests that are to fail in ways that jest words anew. Run by told.test.mjs.
const assert = require('node:assert');
const { withWorld } = require('ringback/jest');

const headers = { Authorization: 'Bearer SIMTOKEN-7A' };
const lock = (world) =>
  fetch(`${world.url('jtel')}/rest/v1.0/7/dialler/contacts/contact/30150/lock`, { method: 'PATCH', headers });

const WAYS = {
  equal: (reply) => assert.equal(reply.status, 200),
  ok: (reply) => assert.ok(reply.ok),
  'deep equal': (reply) => assert.deepEqual([reply.status], [200]),
  rejects: () => assert.rejects(Promise.resolve()),
  'a message of its own': (reply) => assert.equal(reply.status, 200, 'lock it'),
  expect: (reply) => expect(reply.status).toBe(200),
  'any of several': () => Promise.any([Promise.reject(new Error('one'))]),
  'what cannot be changed': () => Promise.reject(Object.freeze(new Error('frozen'))),
  'what has no message to set': () => Promise.reject(new DOMException('given up', 'AbortError')),
};
for (const [title, fail] of Object.entries(WAYS)) {
  test(
    `told by ${title}`,
    withWorld(async (world) => {
      await fail(await lock(world));
    }),
  );
}

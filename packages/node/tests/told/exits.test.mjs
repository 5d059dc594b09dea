// A client that ends its process in a test, and says that all is well. Run by told.test.mjs.
import { test } from 'node:test';
import { withWorld } from 'ringback/node-test';

const headers = { Authorization: 'Bearer SIMTOKEN-7A' };
test(
  'ends its process',
  withWorld(async (world) => {
    const other = await world.ringback.world({ name: 'made-beside' });
    for (const [it, id] of [
      [world, 30150],
      [other, 5],
    ])
      await fetch(`${it.url('jtel')}/rest/v1.0/7/dialler/contacts/contact/${id}/lock`, { method: 'PATCH', headers });
    process.exit(0);
  }),
);

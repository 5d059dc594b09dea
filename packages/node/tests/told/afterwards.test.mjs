// A strict test whose client asks when it is over. Run by told.test.mjs.
import { after, test } from 'node:test';
import { withWorld } from 'ringback/node-test';

let url;
test(
  'is over too early',
  withWorld({ strict: true }, async (world) => {
    url = world.url('jtel');
  }),
);
after(() => fetch(`${url}/rest/v1.0/7/dialler/campaigns`).catch(() => {}));

// The same, by jest. Run by told.test.mjs.
const { withWorld } = require('ringback/jest');

let url;
test(
  'is over too early',
  withWorld({ strict: true }, async (world) => {
    url = world.url('jtel');
  }),
);
test('comes next', () => fetch(`${url}/rest/v1.0/7/dialler/campaigns`).catch(() => {}));

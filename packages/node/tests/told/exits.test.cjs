// The same, by jest. Run by told.test.mjs.
const { withWorld } = require('ringback/jest');

const headers = { Authorization: 'Bearer SIMTOKEN-7A' };
test(
  'ends its process',
  withWorld(async (world) => {
    await fetch(`${world.url('jtel')}/rest/v1.0/7/dialler/contacts/contact/30150/lock`, { method: 'PATCH', headers });
    process.exit(0);
  }),
);

// The same, by vitest; and a strict fixture that fails. Run by told.test.mjs.
import { withWorld, worldFixture } from 'ringback/vitest';
import { afterAll, test as base } from 'vitest';

const test = base.extend({ world: worldFixture({ strict: true }) });
test('is strict by the fixture', async ({ world }) => {
  await fetch(`${world.url()}/nobody`);
});
let url;
base(
  'is over too early',
  withWorld({ strict: true }, async (world) => {
    url = world.url('jtel');
  }),
);
afterAll(() => fetch(`${url}/rest/v1.0/7/dialler/campaigns`).catch(() => {}));

// An unchanged client in a process of its own, which asks for a vendor's real name, is led to one world.
import assert from 'node:assert';
import { after, before, test } from 'node:test';
import { start } from '../ringback/lib/index.mjs';
import { here } from './common.mjs';

const BODY =
  '{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}';
const CLIENTS = {
  fetch: `fetch(TO, { method: 'POST', body: BODY }).then((it) => it.text()).then(console.log);`,
  'https with an agent of its own': `
    const https = require('node:https');
    const asked = https.request(TO, { method: 'POST', agent: new https.Agent({ keepAlive: true }) }, (it) => { it.pipe(process.stdout); it.on('end', () => process.exit()); });
    asked.end(BODY);`,
  axios: `require(${JSON.stringify(here('../node_modules/axios'))}).post(TO, BODY, { headers: { 'Content-Type': 'application/json' } }).then((it) => console.log(JSON.stringify(it.data)));`,
};

let ringback;
before(async () => {
  ringback = await start();
});
after(() => ringback.stop());

for (const [name, script] of Object.entries(CLIENTS)) {
  test(`${name} is led`, async () => {
    const world = await ringback.world();
    const other = await ringback.world();
    const head = `const TO = 'https://api.infocu5.com/dialer/'; const BODY = ${JSON.stringify(BODY)};\n`;
    const told = await world.run(process.execPath, ['-e', head + script]);
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /Okafor|50017/);
    const [entry] = await world.journal({ vendor: 'infocu5' });
    assert.equal(entry.operation, 'get_agents');
    assert.equal(entry.outcome, 'ok');
    assert.deepEqual(await other.journal(), []);
  });
}

test('the variables are plain text, and add to NODE_OPTIONS', async () => {
  const world = await ringback.world();
  process.env.NODE_OPTIONS = '--no-deprecation';
  const env = world.environ();
  delete process.env.NODE_OPTIONS;
  assert.ok(Object.values(env).every((it) => typeof it === 'string'));
  assert.match(env.NODE_OPTIONS, /^--no-deprecation --require .*preload\.cjs$/);
  assert.equal(env.https_proxy, world.proxies().https);
  assert.equal(env.RINGBACK_JTEL_URL, world.url('jtel'));
});

test('a child that fails is told as it ended', async () => {
  const world = await ringback.world();
  const told = await world.run(process.execPath, ['-e', 'process.stdin.pipe(process.stdout); process.exitCode = 7'], {
    input: 'hin',
  });
  assert.deepEqual([told.code, told.signal, told.stdout], [7, null, 'hin']);
  await assert.rejects(world.run('/nonexistent/job'), /ENOENT/);
});

// An unchanged client in a process of its own, which asks for a vendor's real name, is led to one world.
import assert from 'node:assert';
import { after, before, test } from 'node:test';
import { start } from '../ringback/lib/index.mjs';
import { BIN, clean, here, run } from './common.mjs';

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

const HEAD = `const TO = 'https://api.infocu5.com/dialer/'; const BODY = ${JSON.stringify(BODY)};\n`;

let ringback;
before(async () => {
  ringback = await start();
});
after(() => ringback.stop());

for (const [name, script] of Object.entries(CLIENTS)) {
  test(`${name} is led`, async () => {
    const world = await ringback.world();
    const other = await ringback.world();
    const told = await world.run(process.execPath, ['-e', HEAD + script]);
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
  // Behind it comes what follows the vendor's own path, as behind that of `ringback run`.
  assert.equal(env.RINGBACK_JTEL_URL, `${world.url()}/rest/v1.0/`);
});

test('within `ringback run`, a child is led to its world, and not to that of the run', async () => {
  const script = `
    const { shared } = require(${JSON.stringify(here('../ringback/lib/index.js'))});
    shared().then(async (ringback) => {
      const seen = async (it) => (await it.journal({ vendor: 'infocu5' })).length;
      const job = ['-e', ${JSON.stringify(HEAD + CLIENTS.fetch)}];
      const world = await ringback.world();
      const led = await world.run(process.execPath, job);
      const fork = await world.fork('a-fork');
      const lost = await fork.run(process.execPath, job);
      const { JAVA_TOOL_OPTIONS: java, RINGBACK_PHP_PROXY: php } = world.environ();
      const ports = [...java.matchAll(/proxyPort=(\\d+)/g)].map(([, port]) => port);
      const own = new URL(world.ownUrl);
      console.log(JSON.stringify({
        led: [led.code, await seen(world)],
        // A Node that reads proxy variables comes to the fork by them.
        lost: (lost.code === 0) === ((await seen(fork)) === 1),
        others: [php === 'tcp://' + own.host, ports.every((it) => it === own.port), ports.length],
        byRun: await seen(await ringback.open('default')),
      }));
    });`;
  const told = await run(BIN, ['run', '--', process.execPath, '-e', script], { env: clean() });
  assert.equal(told.code, 0, told.stderr);
  assert.deepEqual(JSON.parse(told.stdout), { led: [0, 1], lost: true, others: [true, true, 2], byRun: 0 });
});

test('a child that fails is told as it ended', async () => {
  const world = await ringback.world();
  const told = await world.run(process.execPath, ['-e', 'process.stdin.pipe(process.stdout); process.exitCode = 7'], {
    input: 'hin',
  });
  assert.deepEqual([told.code, told.signal, told.stdout], [7, null, 'hin']);
  await assert.rejects(world.run('/nonexistent/job'), /ENOENT/);
});

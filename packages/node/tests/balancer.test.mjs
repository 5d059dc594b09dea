// Several processes behind the balancer of packages/deploy, used as one.
import assert from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect, start } from '../ringback/lib/index.mjs';
import { BEARER, clean, here, lock, run, until } from './common.mjs';

const CONFIG = here('../../deploy/haproxy/haproxy.cfg');
const hasBalancer = spawnSync('haproxy', ['-v']).status === 0;
const skip = hasBalancer || process.env.RINGBACK_CI === '1' ? false : 'there is no haproxy';
/** More than there are processes, so that they are on several. */
const WORLDS = 12;

/** An address of this machine where nobody listens. */
async function free() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((done) => {
    server.close(done);
  });
  return `127.0.0.1:${port}`;
}

describe('behind a balancer', { concurrency: false, skip }, () => {
  let folder;
  let processes;
  let balancer;
  let many;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ringback-balancer-'));
    processes = [];
    // One after the other: the first makes the authority that all of them show.
    for (let n = 0; n < 3; n += 1) processes.push(await start({ args: ['--ca-dir', join(folder, 'ca')] }));
    const [vendors, control] = [await free(), await free()];
    const env = { ...process.env, RINGBACK_BIND_VENDORS: vendors, RINGBACK_BIND_CONTROL: control };
    for (const [n, it] of processes.entries()) {
      env[`RINGBACK${n + 1}_VENDORS`] = it.url.replace('http://', '');
      env[`RINGBACK${n + 1}_CONTROL`] = it.admin.replace('http://', '');
    }
    balancer = spawn('haproxy', ['-db', '-f', CONFIG], { env, stdio: 'ignore' });
    many = { admin: `http://${control}`, url: `http://${vendors}` };
    await until('the balancer is ready', async () => {
      try {
        return (await fetch(`${many.admin}/readyz`)).ok;
      } catch {
        return false;
      }
    });
  });
  after(async () => {
    if (balancer !== undefined) {
      balancer.kill();
      await once(balancer, 'exit');
    }
    for (const it of processes) await it.stop();
    rmSync(folder, { recursive: true });
  });

  /** Which processes have a world, asked behind the balancer's back. */
  async function holders(name) {
    const found = [];
    for (const [n, it] of processes.entries())
      if ((await it.worlds()).some((one) => one.name === name)) found.push(`ringback${n + 1}`);
    return found;
  }

  test('worlds are made, used and deleted', async () => {
    const ringback = await connect(many);
    assert.deepEqual(await ringback.processes(), ['ringback1', 'ringback2', 'ringback3']);
    const worlds = [];
    for (let n = 0; n < WORLDS; n += 1) worlds.push(await ringback.world());
    const listed = (await ringback.worlds()).filter((it) => it.name !== 'default');
    assert.equal(listed.length, WORLDS);
    for (const { name, process } of listed) assert.deepEqual(await holders(name), [process]);
    assert.ok(new Set(listed.map((it) => it.process)).size > 1);
    for (const world of worlds) {
      assert.equal((await lock(world, 301501)).status, 200);
      await world.event('jtel', 'start_campaign', { campaign: 612 });
      await world.advance('3h');
      await world.verify({ operation: 'lock_contact_by_id', outcome: 'ok', exactly: 1 });
      await world.wait({ operation: 'lock_contact_by_id' }, '1s');
      assert.equal((await world.journal({ operation: 'lock_contact_by_id' })).length, 1);
      assert.equal((await world.diff()).same, false);
      assert.match(await world.report(), /1 request, 0 of them refused/);
      const fork = await world.fork(`${world.name}__more`);
      assert.equal((await world.diff(fork)).same, true);
      await fork.delete();
      await world.delete();
    }
    assert.deepEqual([...new Set((await ringback.worlds()).map((it) => it.name))], ['default']);
    await ringback.stop();
  });

  test('a scenario of every form makes one, however long', async () => {
    const ringback = await connect(many);
    const file = join(folder, 'mine.toml');
    const text = 'title = "Own"\n[jtel]\n';
    writeFileSync(file, text);
    // Longer than the balancer looks for a name.
    const long = { title: 'x'.repeat(100_000), jtel: {} };
    for (const scenario of ['demo', file, text, long]) {
      const world = await ringback.world({ scenario });
      assert.equal((await holders(world.name)).length, 1);
      await world.delete();
    }
  });

  test('what cannot be says why', async () => {
    const ringback = await connect(many);
    const origin = await ringback.world({ name: 'origin' });
    await assert.rejects(origin.fork('elsewhere-1'), /call it ORIGIN__MORE/);
    const made = [origin];
    let other;
    const [own] = await holders('origin');
    for (let n = 0; other === undefined; n += 1) {
      const world = await ringback.world({ name: `other${n}` });
      made.push(world);
      if ((await holders(world.name))[0] !== own) other = world;
    }
    const both = /there are several processes here, and two worlds are compared where one has both/;
    await assert.rejects(origin.diff(other), both);
    const credentials = /the balancer before them leads nobody by credentials/;
    await assert.rejects(ringback.world({ claims: ['jtel:SIMTOKEN-7A'] }), credentials);
    await assert.rejects(ringback.strays({ after: 1 }), /expected process beside after: 1, one of ringback1, /);
    for (const world of made) await world.delete();
  });

  test('the way past the balancer is not taken', async () => {
    const ringback = await connect({ admin: many.admin });
    assert.throws(() => ringback.url, /it is not known where the vendors of .* are; set RINGBACK_URL/);
  });

  test('what reached no world is that of all processes', async () => {
    const ringback = await connect(many);
    const count = async () => {
      const each = await ringback.processes();
      return Promise.all(each.map(async (process) => (await ringback.strays({ process })).length));
    };
    const earlier = await count();
    for (let n = 0; n < WORLDS; n += 1) await fetch(`${many.url}/w/nobody-${n}/jtel`, { headers: BEARER });
    const more = (await count()).map((it, n) => it - earlier[n]);
    assert.equal(
      more.reduce((sum, it) => sum + it),
      WORLDS,
    );
    assert.ok(more.filter((it) => it > 0).length > 1);
  });

  test('tests are run and told', async () => {
    const file = join(folder, 'behind.test.mjs');
    const body = `
      import assert from 'node:assert';
      import { test } from 'node:test';
      import { withWorld } from ${JSON.stringify(here('../ringback/lib/node-test.mjs'))};
      const lock = (base, id) => fetch(base + '/rest/v1.0/7/dialler/contacts/contact/' + id + '/lock',
        { method: 'PATCH', headers: { Authorization: 'Bearer SIMTOKEN-7A' } });
      for (const n of [1, 2, 3, 4, 5, 6])
        test('right ' + n, withWorld({ strict: true, failOn: ['unmatched'] }, async (world) => {
          assert.equal((await lock(world.url('jtel'), 301501)).status, 200);
          await world.advance('1h');
          await world.verify({ operation: 'lock_contact_by_id', exactly: 1 });
        }));
      test('wrong', withWorld(async (world) => {
        assert.equal((await lock(world.url('jtel'), 1)).status, 200);
      }));
      test('stray', withWorld(async (world) => {
        assert.equal((await lock(world.ringback.url + '/w/nowhere/jtel', 301501)).status, 200);
      }));`;
    writeFileSync(file, body);
    const env = clean({ RINGBACK_ADMIN_URL: many.admin, RINGBACK_URL: many.url });
    const told = await run(process.execPath, ['--test', '--test-reporter=spec', file], { env });
    assert.equal(told.code, 1, told.stdout + told.stderr);
    assert.match(told.stdout, /pass 6\n.* fail 2\n/);
    assert.match(told.stdout, /jtel\.contact: expected the ID of a contact of client account 7/);
    assert.match(told.stdout, /reached no world:\n.*\/w\/nowhere\/jtel\/rest/);
    for (const it of processes)
      assert.deepEqual(
        (await it.worlds()).map((one) => one.name),
        ['default'],
      );
  });
});

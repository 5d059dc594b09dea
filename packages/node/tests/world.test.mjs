// What a world and its Ringback do, each call once against the real program.
import assert from 'node:assert';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as esm from '../ringback/lib/index.mjs';
import { BEARER, BIN, here, isAlive, lock, run, serve, until } from './common.mjs';

const { ConnectionError, ProblemError, ScenarioError, start, StartError, VerifyError } = esm;
let ringback;
let folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringback-tests-'));
  ringback = await start({ scenario: 'demo' });
});
after(async () => {
  await ringback.stop();
  rmSync(folder, { recursive: true });
});

test('both module systems hand out the same classes', () => {
  const cjs = createRequire(import.meta.url)('../ringback/lib/index.js');
  assert.equal(cjs.World, esm.World);
  assert.deepEqual(Object.keys(esm).sort(), Object.keys(cjs).sort());
});

test('a wait in vain says for what, how long and by which clock', async () => {
  for (const [clock, told] of [
    ['frozen', /stands at 2026-03-02T09:00:00Z; waiting does not move it, advance\(\) does$/],
    ['scaled:60', /ran meanwhile, by 60, and is at 2026-03-02T\S+Z$/],
    ['real', /ran meanwhile, as the real one does, and is at \S+Z$/],
  ]) {
    const world = await ringback.world({ clock });
    const error = await world.wait({ operation: 'lock_contact_by_id', at_least: 2 }, '50ms').catch((it) => it);
    assert.ok(error instanceof VerifyError, String(error));
    const [first, ...rest] = error.message.split('\n');
    assert.match(
      first,
      /^waited \d+\.\d s of real time \(at most 50ms\) for at least 2 × lock_contact_by_id; the world's/,
    );
    assert.match(first, told);
    // What came closest is told as a verification tells it.
    assert.equal(rest.join('\n'), error.verdict.explanation);
    const waiting = world.wait({ operation: 'lock_contact_by_id' }, '20s').catch((it) => it);
    await world.delete();
    const gone = await waiting;
    assert.ok(gone instanceof ProblemError && gone.status === 404, String(gone));
  }
});

test('a world gives a capsule where its program takes note', async () => {
  const world = await ringback.world({ name: 'no-note' });
  await assert.rejects(world.capsule(), (error) => error instanceof ProblemError && error.status === 409);
  const noting = await start({ args: ['--capsules'] });
  const other = await noting.world({ name: 'with-note' });
  assert.equal((await lock(other, 301501)).status, 200);
  const capsule = await other.capsule();
  await noting.stop();
  assert.deepEqual(
    capsule.scenarios.map(({ name, scenario }) => [name, scenario.step.length]),
    [['with-note', 1]],
  );
  const file = join(folder, 'x.capsule');
  writeFileSync(file, JSON.stringify(capsule));
  const told = await run(BIN, ['replay', file]);
  assert.equal(told.code, 0, told.stdout + told.stderr);
});

test('a world has state, clock, events, checkpoints and a journal', async () => {
  const world = await ringback.world({ name: 'all-calls' });
  assert.equal((await world.clock()).now, '2026-03-02T09:00:00Z');
  assert.equal((await lock(world, 301501)).status, 200);
  assert.equal((await world.verify({ operation: 'lock_contact_by_id', exactly: 1 })).verdict, 'pass');
  await world.checkpoint('locked');
  assert.equal((await world.state('jtel', 'contacts')).find((it) => it.id === 301501).locked, 1);
  const differences = await world.diff();
  assert.equal(differences.changed, 1);
  await world.event('jtel', 'start_campaign', { campaign: 612 });
  assert.equal((await world.advance('90m')).now, '2026-03-02T10:30:00Z');
  assert.equal((await world.advance('2026-03-02T11:00:00Z')).now, '2026-03-02T11:00:00Z');
  await world.rollback('locked');
  assert.equal(
    (await world.seed({ jtel: { contacts: [{ id: 9, campaign: 612, name: 'Neu' }] } })).added.jtel.contacts,
    1,
  );
  const fork = await world.fork('all-calls-fork');
  assert.equal((await fork.diff(world)).same, true);
  assert.equal((await lock(fork, 9)).status, 200);
  assert.equal((await fork.diff(world)).changed, 1);
  await world.reset();
  assert.equal((await world.diff()).same, true);
  const locks = await world.journal({ operation: 'lock_contact_by_id' });
  assert.equal(locks.length, 1);
  assert.match(await world.curl(locks[0].seq), /^curl .*contacts\/contact\/301501\/lock/);
  assert.equal((await world.entry(locks[0].seq)).request.method, 'PATCH');
  assert.equal((await world.har()).log.version, '1.2');
  assert.deepEqual((await world.findings()).findings, []);
  const copy = await ringback.import('all-calls-copy', await world.export());
  assert.equal((await copy.state('jtel', 'contacts')).length, 2);
  assert.ok((await world.scenario()) !== null);
  await world.clearJournal();
  assert.deepEqual(await world.journal(), []);
  for (const it of [fork, copy, world]) await it.delete();
  await assert.rejects(world.info(), (error) => error instanceof ProblemError && error.status === 404);
});

test('a journal longer than a page is given whole', async () => {
  const world = await ringback.world();
  const count = 1_030;
  for (let done = 0; done < count; done += 10) {
    await Promise.all(
      Array.from({ length: 10 }, () =>
        fetch(`${world.url('jtel')}/rest/v1.0/7/dialler/contacts/301501`, { headers: BEARER }).then((it) => it.text()),
      ),
    );
  }
  const entries = await world.journal();
  assert.deepEqual(
    entries.map((it) => it.seq),
    Array.from({ length: count }, (_, at) => at + 1),
  );
  assert.equal((await world.journal({ last: 3 })).length, 3);
});

test('faults strike, are listed and are cleared', async () => {
  const world = await ringback.world();
  const { ids } = await world.fault({ on: { vendor: 'jtel', nth: 1 }, then: 'status', status: 503 });
  assert.equal((await lock(world, 301501)).status, 503);
  assert.equal((await lock(world, 301501)).status, 200);
  assert.equal((await world.faults()).faults.length, 1);
  await world.clearFaults(ids[0]);
  await world.fault({ on: { vendor: 'jtel' }, then: 'lose_reply' });
  await assert.rejects(lock(world, 301501), TypeError);
  await world.clearFaults();
  assert.equal((await world.faults()).faults.length, 0);
  await assert.rejects(world.fault({ then: 'loose_reply' }), /did you mean "lose_reply"/);
});

test('a failed verify has the whole explanation as its message', async () => {
  const world = await ringback.world();
  await lock(world, 3015);
  const condition = { vendor: 'jtel', operation: 'lock_contact_by_id', outcome: 'ok', exactly: 1 };
  await assert.rejects(world.verify(condition), (error) => {
    assert.ok(error instanceof VerifyError);
    assert.equal(error.name, 'VerifyError');
    assert.equal(error.verdict.verdict, 'fail');
    assert.match(error.message, /closest: entry 1/);
    assert.match(error.message, /expected "ok", found "refused"/);
    assert.match(error.message, /jtel\.contact/);
    return true;
  });
  await assert.rejects(world.wait(condition, '50ms'), VerifyError);
  const soon = world.wait(condition, '10s');
  await lock(world, 301501);
  assert.equal((await soon).verdict, 'pass');
  await assert.rejects(world.verify({ operation: 'lokc' }), (error) => {
    return (
      error instanceof ProblemError &&
      error.mistakes[0].pointer === '/operation' &&
      error.message.includes('unknown operation')
    );
  });
});

test('scenarios are names, files, addresses of files, objects and text', async () => {
  writeFileSync(join(folder, 'rows.csv'), 'id,campaign,name\n901,612,Eins\n902,612,Zwei\n');
  const file = join(folder, 'own.toml');
  writeFileSync(file, 'extends = "demo"\n[jtel]\ncontacts = { csv = "rows.csv" }\n');
  const count = async (scenario, more) => {
    const world = await ringback.world({ scenario, ...more });
    const rows = await world.state('jtel', 'contacts');
    assert.equal((await world.clock()).mode, 'frozen');
    return rows.length;
  };
  assert.equal(await count('demo'), 2);
  assert.equal(await count('empty'), 0);
  assert.equal(await count(file), 4);
  assert.equal(await count(pathToFileURL(file)), 4);
  assert.equal(await count('title = "a"\nextends = "demo"\n'), 2);
  assert.equal(await count({ title: 'none' }), 0);
  const set = { seed: 5, strict: true, variants: { jtel: { pick: 'highest_id' } }, ttl: '10m', claims: ['jtel:X-1'] };
  const world = await ringback.world({ scenario: file, ...set, clock: 'scaled:60' });
  const facts = await world.info();
  assert.deepEqual([facts.seed, facts.clock.mode, facts.ttl, facts.claims.length], [5, 'scaled', '10m', 1]);
  const own = await ringback.world({ scenario: { clock: { mode: 'frozen', at: '2027-01-01T00:00:00Z' } } });
  assert.equal((await own.clock()).now, '2027-01-01T00:00:00Z');
});

test('the mistakes of a scenario are told with their places', async () => {
  const file = join(folder, 'bad.toml');
  writeFileSync(file, 'x = 1\n[jtel]\ncontacs = []\n');
  const isTold = (error) => {
    assert.ok(error instanceof ScenarioError, String(error));
    assert.match(error.message, /bad\.toml:1:1: unknown key "x"/);
    assert.match(error.message, /bad\.toml:3:1: .*did you mean "contacts"/);
    assert.deepEqual(
      error.mistakes.map((it) => it.line),
      [1, 3],
    );
    return true;
  };
  await assert.rejects(ringback.world({ scenario: file }), isTold);
  await assert.rejects(start({ scenario: file }), isTold);
  const isText = (error) => {
    assert.ok(error instanceof ScenarioError, String(error));
    assert.match(
      error.message,
      /^the scenario text has mistakes:\n {2}the scenario text, line 1, column 1: unknown key "x"/,
    );
    assert.match(error.message, /the scenario text, line 3, column 1: .*did you mean "contacts"/);
    assert.doesNotMatch(error.message, /\.toml/);
    assert.deepEqual(
      error.mistakes.map((it) => [it.file, it.line]),
      [
        [null, 1],
        [null, 3],
      ],
    );
    return true;
  };
  const text = 'x = 1\n[jtel]\ncontacs = []\n';
  await assert.rejects(ringback.world({ scenario: text }), isText);
  await assert.rejects(start({ scenario: text }), isText);
  await assert.rejects(
    start({ scenario: { x: 1 } }),
    /^ScenarioError: the scenario has mistakes:\n {2}the scenario#\/x/,
  );
  await ringback.world({ name: 'named-once' });
  await assert.rejects(
    ringback.world({ name: 'named-once', scenario: 'extends = "demo"\n' }),
    /^RingbackError: a world of the scenario text cannot be made: .*already called named-once$/,
  );
  await assert.rejects(ringback.world({ scenario: { x: 1, jtel: { contacs: [] } } }), (error) => {
    return (
      error instanceof ProblemError &&
      error.mistakes.length === 2 &&
      /scenario#\/jtel\/contacs: .*did you mean/.test(error.message)
    );
  });
  await assert.rejects(ringback.world({ scenario: join(folder, 'gone.toml') }), /gone\.toml/);
  await assert.rejects(ringback.world({ scenario: 'dmeo' }), /no scenario called "dmeo"; expected one of demo/);
  await assert.rejects(ringback.world({ name: 'Grüße' }), /cannot be a world's name/);
});

test('a world that cannot be read is listed with the reason', async () => {
  const data = join(folder, 'torn');
  mkdirSync(join(data, 'worlds/torn'), { recursive: true });
  writeFileSync(join(data, 'worlds/torn/world.db'), 'no database');
  const served = await start({ data });
  const [first, torn] = await served.worlds();
  assert.deepEqual([first.name, first.state], ['default', 'open']);
  assert.deepEqual([torn.name, torn.state, torn.why !== ''], ['torn', 'unreadable', true]);
  await served.stop();
});

test('two that run at once see nothing of each other', async () => {
  const both = await Promise.all([start(), start({ scenario: { title: 'Mine' } })]);
  const worlds = await Promise.all(both.map((it) => it.world({ name: 'same' })));
  assert.equal((await worlds[1].info()).title, 'Mine');
  assert.notEqual(both[0].admin, both[1].admin);
  await worlds[0].checkpoint('only-here');
  assert.deepEqual((await worlds[1].info()).checkpoints, []);
  await Promise.all(both.map((it) => it.stop()));
  await until('both have ended', () => both.every((it) => !isAlive(it.pid)));
});

test('what is in the environment does not change what is started', async () => {
  const script = `
    const { start } = require(${JSON.stringify(here('../ringback/lib/index.js'))});
    start().then(async (ringback) => {
      const facts = await ringback.worlds();
      console.log(facts.length, facts[0].persistent, await ringback.world().then((it) => it.info()).then((it) => it.seed));
      await ringback.stop();
    });`;
  const env = {
    RINGBACK_DATA: join(folder, 'data'),
    RINGBACK_SEED: '9',
    RINGBACK_STRICT: 'true',
    RINGBACK_ADMIN_TOKEN: 'x',
    RINGBACK_LISTEN: '192.0.2.1:1',
  };
  const told = await run(process.execPath, ['-e', script], { env: { ...process.env, ...env } });
  assert.deepEqual([told.stdout.trim(), told.stderr, told.code], ['1 false 42', '', 0]);
});

test('one that runs elsewhere, with a token', async (t) => {
  const { connect } = esm;
  const { ready, stop } = await serve({ RINGBACK_ADMIN_TOKEN: 'geheim' });
  t.after(stop);
  const { admin, listen } = ready;
  await assert.rejects(connect({ admin }), (error) => error instanceof ProblemError && error.status === 401);
  const there = await connect({ admin, url: listen, token: 'geheim' });
  const world = await there.world();
  assert.equal(world.url('jtel'), `${listen}/w/${world.name}/jtel`);
  assert.equal((await lock(world, 301501)).status, 200);
  assert.equal((await world.journal()).length, 1);
  const proxy = new URL(world.proxies().https);
  // Python's clients send no user without a password.
  assert.deepEqual([proxy.username, proxy.password !== ''], [world.name, true]);
  const file = await there.world({ scenario: here('../example/night.toml') });
  assert.equal((await file.state('jtel', 'contacts')).length, 3);
  assert.equal((await connect({ admin, token: 'geheim' })).url, listen);
  // One that listens everywhere, as in a container, tells no address to reach it by.
  const everywhere = await serve({}, '0.0.0.0:0');
  t.after(everywhere.stop);
  const bare = await connect({ admin: everywhere.ready.admin });
  assert.throws(() => bare.url, /set RINGBACK_URL/);
  await there.stop();
  assert.ok(isAlive(ready.pid), 'stop() ends only what was started here');
  await assert.rejects(connect({ admin: 'http://127.0.0.1:1' }), ConnectionError);
});

test('a Ringback that the environment names wrongly is told with the variable', async (t) => {
  const { ready, stop } = await serve({ RINGBACK_ADMIN_TOKEN: 'geheim' });
  t.after(stop);
  const script = `
    const { shared } = require(${JSON.stringify(here('../ringback/lib/index.js'))});
    shared().catch((error) => console.log(error.name + ': ' + error.message));`;
  const said = async (env) =>
    (await run(process.execPath, ['-e', script], { env: { ...process.env, ...env } })).stdout.trim();
  for (const named of ['http://127.0.0.1:1', 'nonsense', ready.listen]) {
    const told = await said({ RINGBACK_ADMIN_URL: named });
    assert.match(told, /^ConnectionError: /);
    assert.ok(told.includes(`\nRINGBACK_ADMIN_URL names ${named}, which tests use in place of`), told);
    assert.doesNotMatch(told, /RINGBACK_ADMIN_TOKEN/);
  }
  const url = await said({ RINGBACK_ADMIN_URL: ready.admin, RINGBACK_URL: 'nonsense' });
  assert.equal(
    url,
    "ArgumentError: RINGBACK_URL, url: expected an address such as http://127.0.0.1:8080, found 'nonsense'",
  );
  for (const token of ['', 'wrong'])
    assert.match(
      await said({ RINGBACK_ADMIN_URL: ready.admin, RINGBACK_ADMIN_TOKEN: token }),
      /-> 401[\s\S]*RINGBACK_ADMIN_URL names [\s\S]*RINGBACK_ADMIN_TOKEN is to hold the token/,
    );
});

test('a program that cannot start, or ends, says why', async () => {
  await assert.rejects(start({ args: ['--no-such-flag'] }), (error) => {
    return (
      error instanceof StartError && error.code === 2 && /unexpected argument '--no-such-flag'/.test(error.message)
    );
  });
  await assert.rejects(start({ binary: '/nonexistent/ringback' }), /cannot be started: .*ENOENT/);
  await assert.rejects(start({ binary: folder }), /cannot be started: .*EACCES; it is a folder/);
  await assert.rejects(
    start({ binary: here('./common.mjs') }),
    /cannot be started: .*EACCES; make it executable: chmod/,
  );
  await assert.rejects(start({ binary: process.execPath }), StartError);
  const mortal = await start();
  process.kill(mortal.pid, 'SIGKILL');
  await until('it has ended', () => !isAlive(mortal.pid));
  await until('the end is known', async () => {
    const error = await mortal.worlds().catch((it) => it);
    assert.ok(error instanceof ConnectionError, String(error));
    return /Ringback has ended with SIGKILL/.test(error.message);
  });
  await mortal.stop();
  await mortal.stop();
  await assert.rejects(mortal.worlds(), /Ringback has ended with SIGKILL/);
});

test('a program that was stopped in order is told as that', async () => {
  const stopped = await start();
  process.kill(stopped.pid, 'SIGTERM');
  // It answers until then.
  await until('it has ended', () => !isAlive(stopped.pid));
  await until('the end is known', async () => {
    const error = await stopped.worlds().catch((it) => it);
    assert.ok(error instanceof ConnectionError, String(error));
    const told = /^Ringback has ended with exit code 0, as it does when somebody stops it with SIGTERM or SIGINT$/;
    return told.test(error.message);
  });
  const closed = await start();
  await closed.stop();
  await assert.rejects(closed.worlds(), /^ConnectionError: Ringback was ended by stop\(\)$/);
});

// A program that was started never outlives whoever started it, and never holds them up.
import assert from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { here, isAlive, run, until } from './common.mjs';
import { environment, install } from './installed.mjs';

/** Comes to nothing, after so long. */
const WAIT = JSON.stringify({ operation: 'lock_contact_by_id', exactly: 1, timeout: '600ms' });

const START = `
  const { start } = require(${JSON.stringify(here('../ringback/lib/index.js'))});
  start().then((ringback) => {
    console.log(ringback.pid);`;

test('it ends when its parent is killed', async () => {
  const parent = spawn(process.execPath, ['-e', `${START} setInterval(() => {}, 1000); });`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(parent.stdout, 'data');
  const pid = Number(line);
  assert.ok(isAlive(pid));
  parent.kill('SIGKILL');
  await until('the program has ended', () => !isAlive(pid));
});

test('it ends with its parent, which does not wait for it', async () => {
  for (const end of ['', 'process.exit(3);', 'throw new Error("the test run broke");']) {
    const told = await run(process.execPath, ['-e', `${START} ${end} });`]);
    assert.equal(told.code, end === '' ? 0 : end.includes('exit') ? 3 : 1);
    await until('the program has ended', () => !isAlive(Number(told.stdout)));
  }
});

test('the command ends with the npx that has called it, however that ends', async (t) => {
  if (process.platform !== 'linux') return t.skip('only Linux tells who has called whom');
  const installed = await install();
  t.after(() => installed.remove());
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGKILL']) {
    const args = ['--no', 'ringback', 'serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'];
    const npx = spawn('npx', args, { cwd: installed.folder, env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(npx.stdout, 'data');
    const { pid } = JSON.parse(line);
    assert.ok(isAlive(pid));
    npx.kill(signal);
    await until(`the program has ended, by ${signal}`, () => !isAlive(pid));
  }
});

test('the command goes on where somebody else has called it and ended', async () => {
  const command = here('../ringback/bin/ringback.js');
  const args = [command, 'serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'];
  const script = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ${JSON.stringify(args)}, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    child.stdout.once('data', (line) => { process.stdout.write(line); process.exit(); });`;
  const told = await run(process.execPath, ['-e', script]);
  const { pid, admin } = JSON.parse(told.stdout);
  // As long as the command takes to look for npm, and longer.
  const headers = { 'Content-Type': 'application/json' };
  const waited = await fetch(`${admin}/v1/worlds/default/wait`, { method: 'POST', headers, body: WAIT });
  assert.equal(waited.status, 422, await waited.text());
  assert.ok(isAlive(pid));
  process.kill(pid);
  await until('the program has ended', () => !isAlive(pid));
});

test('await using, or what it stands for, ends world and program', async () => {
  const { start } = await import('../ringback/lib/index.mjs');
  const ringback = await start();
  const world = await ringback.world();
  await world[Symbol.asyncDispose]();
  assert.deepEqual(
    (await ringback.worlds()).map((it) => it.name),
    ['default'],
  );
  await ringback[Symbol.asyncDispose]();
  assert.ok(!isAlive(ringback.pid));
});

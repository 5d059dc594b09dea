// A program that was started never outlives whoever started it, and never holds them up.
import assert from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { here, isAlive, run, until } from './common.mjs';

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

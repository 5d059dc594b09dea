// Reports that a runner would lose, and what is told of tests that ended too early.
import assert from 'node:assert';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { run } from './common.mjs';
import { environment, install } from './installed.mjs';

let installed;
before(async () => {
  installed = await install();
});
after(() => installed.remove());

async function fails(args, more = {}) {
  const told = await run(process.execPath, args, { cwd: installed.folder, env: environment(more) });
  assert.equal(told.code, 1, told.stdout + told.stderr);
  return told.stdout + told.stderr;
}
const node = (...args) => fails(['--test', '--test-reporter=spec', ...args]);
const jest = (file) =>
  fails([join(installed.folder, 'node_modules/jest/bin/jest.js'), '--rootDir', '.', '--testMatch', `**/told/${file}`]);
const vitest = (file) => {
  const { folder } = installed;
  return fails([join(folder, 'node_modules/vitest/vitest.mjs'), 'run', '--dir', 'told', '--config', `told/${file}`]);
};

describe('what a runner words anew, or drops', { concurrency: false }, () => {
  test('jest, however a test fails', async () => {
    const output = await jest('jest.test.cjs');
    const ways = ['equal', 'ok', 'deep-equal', 'rejects', 'a-message-of-its-own', 'expect', 'any-of-several'];
    for (const way of [...ways, 'what-cannot-be-changed', 'what-has-no-message-to-set']) {
      const report = new RegExp(`Ringback, world told-by-${way}-[0-9a-f]{10}: 1 request, 1 of them refused\\n`);
      assert.match(output, report);
    }
    assert.equal(output.split('jtel.contact: expected the ID').length - 1, 9, output);
  });

  test('node:test, which ends a test for an error that nobody takes', async () => {
    const output = await node('told/node.test.mjs');
    const refused = 'a promise that nobody awaits was rejected: jtel answered 500; is an await missing\\?';
    for (const [title, why] of [
      ['is rejected as its body fails', refused],
      ['is rejected while its body goes on', refused],
      ['is thrown at by a timer', 'an error was thrown that nobody catches: out of a timer; is an await missing\\?'],
    ]) {
      assert.match(output, new RegExp(`^${title}: ${why}\\nRingback, world ${title.replaceAll(' ', '-')}-`, 'm'));
    }
    // What a body throws when its time is over is no second end of it.
    assert.match(output, /^fails when its time is over: not ended\nRingback, world /m);
    assert.equal(output.split('Ringback, world fails-when-its-time-is-over-').length - 1, 1, output);
  });

  test('the line that runs a test of a suite alone, and one within a test', async () => {
    const output = await node('told/node.test.mjs');
    const lines = [...output.matchAll(/RINGBACK_KEEP=1 node --test (.*node\.test\.mjs)$/gm)].map(([, it]) => it);
    for (const [name, world] of [
      ['of one', /world a-suite-of-one-/],
      ['a child', /world a-parent-a-child-/],
    ]) {
      const line = lines.find((it) => it.includes(name));
      assert.ok(line !== undefined, output);
      const told = await run('sh', ['-c', `"${process.execPath}" --test --test-reporter=spec ${line}`], {
        cwd: installed.folder,
        env: environment(),
      });
      assert.match(told.stdout, world);
      assert.doesNotMatch(told.stdout + told.stderr, /is thrown at by a timer:/);
    }
  });
});

describe('a strict test that is over too early fails its file', { concurrency: false }, () => {
  const came = /a request came after the test had ended: GET \/jtel\/rest\/v1\.0\/7\/dialler\/campaigns/;
  test('by node:test', async () => {
    assert.match(await node('told/afterwards.test.mjs'), came);
  });
  test('by jest', async () => {
    const output = await jest('afterwards.test.cjs');
    assert.match(output, came);
    assert.match(output, /Test suite failed to run/);
  });
  test('by vitest; and a strict fixture fails its test once', async () => {
    const output = await vitest('vitest.config.mjs');
    assert.match(output, came);
    assert.match(output, /Unhandled/);
    assert.equal(output.split(/^ FAIL /m).length - 1, 1, output);
    assert.match(output, /1 failed \| 1 passed/);
  });
});

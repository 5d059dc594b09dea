// Reports that a runner would lose, and what is told of tests that ended too early.
import assert from 'node:assert';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isAlive, run, until } from './common.mjs';
import { environment, install } from './installed.mjs';

let installed;
before(async () => {
  installed = await install();
});
after(() => installed.remove());

async function ends(code, args, more = {}) {
  const told = await run(process.execPath, args, { cwd: installed.folder, env: environment(more) });
  assert.equal(told.code, code, told.stdout + told.stderr);
  return told.stdout + told.stderr;
}
const fails = (args, more) => ends(1, args, more);
const node = (...args) => fails(['--test', '--test-reporter=spec', ...args]);
const jestArguments = (file) => {
  const program = join(installed.folder, 'node_modules/jest/bin/jest.js');
  return [program, '--rootDir', '.', '--testMatch', `**/told/${file}`];
};
const vitestArguments = (file) => {
  const program = join(installed.folder, 'node_modules/vitest/vitest.mjs');
  return [program, 'run', '--dir', 'told', '--config', `told/${file}`];
};
const jest = (file) => fails(jestArguments(file));
const vitest = (file) => fails(vitestArguments(file));

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
      ['is rejected at its end', 'a promise that nobody awaits was rejected: nobody takes it; is an await missing\\?'],
      ['is thrown at by a timer', 'an error was thrown that nobody catches: out of a timer; is an await missing\\?'],
    ]) {
      assert.match(output, new RegExp(`^${title}: ${why}\\nRingback, world ${title.replaceAll(' ', '-')}-`, 'm'));
    }
    assert.doesNotMatch(output, /there is no report/);
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

describe('a process that ends in a test', { concurrency: false }, () => {
  const cut = /^ends its process: the process ended before the test did, by process\.exit\(\)/m;
  const report = /Ringback, world ends-its-process-[0-9a-f]{10}: 1 request, 1 of them refused\n/;
  test('by node:test is told with its worlds, and its file is no green one', async () => {
    const output = await node('told/exits.test.mjs');
    assert.match(output, cut);
    assert.match(output, report);
    assert.match(output, /jtel\.contact: expected the ID of a contact/);
    assert.match(output, /Ringback, world made-beside: 1 request, 1 of them refused\n/);
    assert.match(output, /run it again and keep the world: RINGBACK_KEEP=1 node --test /);
    await until('no program is left', () => installed.programs().length === 0);
  });
  test('by jest as well', async () => {
    const output = await jest('exits.test.cjs');
    assert.match(output, cut);
    assert.match(output, report);
    assert.match(output, /process\.exit called with/);
    await until('no program is left', () => installed.programs().length === 0);
  });
  test('leaves what is to be kept, and a capsule', async () => {
    const more = { RINGBACK_KEEP: '1', RINGBACK_CAPSULE_FOLDER: 'kept' };
    const output = await fails(['--test', '--test-reporter=spec', 'told/exits.test.mjs'], more);
    const [, world, admin] = /npx ringback tail -v --no-follow --world (ends-\S+) --admin (\S+)/.exec(output) ?? [];
    const [, pid] = /end it: kill (\d+)/.exec(output) ?? [];
    assert.ok(pid !== undefined, output);
    try {
      const { entries } = await (await fetch(`${admin}/v1/worlds/${world}/journal`)).json();
      assert.equal(entries.length, 1);
      assert.match(output, new RegExp(`npx ringback replay -v kept/${world}\\.capsule`));
      assert.ok(existsSync(join(installed.folder, 'kept', `${world}.capsule`)));
    } finally {
      process.kill(Number(pid));
    }
    await until('it ends', () => !isAlive(Number(pid)));
  });
});

describe('an error beside a test’s body comes with its world', { concurrency: false }, () => {
  const refused = ': 1 request, 1 of them refused\n';
  test('by jest', async () => {
    const output = await jest('loose.test.cjs');
    assert.match(output, new RegExp(`nobody takes it\n\n +Ringback, world is-rejected-at-its-end-\\w+${refused}`));
    assert.match(output, new RegExp(`out of a timer\n\n +Ringback, world is-thrown-at-by-a-timer-\\w+${refused}`));
    assert.match(output, new RegExp(`Ringback, world is-rejected-by-a-text-\\w+${refused}`));
    assert.doesNotMatch(output, /Ringback, world takes-its-own/);
    assert.match(output, /3 failed, 1 passed/);
  });
  test('by vitest', async () => {
    const output = await vitest('loose.config.mjs');
    for (const [said, title] of [
      ['nobody takes it', 'is rejected at its end'],
      ['out of a timer', 'is thrown at by a timer'],
      ['nobody takes this', 'is rejected with a fixture'],
    ]) {
      const world = `Ringback, world ${title.replaceAll(' ', '-')}-\\w+${refused}`;
      assert.match(output, new RegExp(`Error: ${said}\n\n${title}: .*; is an await missing\\?\n${world}`));
    }
    assert.match(output, /Vitest caught 3 unhandled errors/);
  });
});

describe('rows', { concurrency: false }, () => {
  test('of vitest', async () => {
    assert.match(await ends(0, vitestArguments('rows.config.mjs')), /6 passed/);
  });
  test('of jest', async () => {
    assert.match(await ends(0, jestArguments('rows.test.cjs')), /2 passed/);
  });
});

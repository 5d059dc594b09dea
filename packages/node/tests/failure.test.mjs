// What a failed test shows, in the ways in which tests fail.
import assert from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isAlive, run, until } from './common.mjs';
import { environment, install } from './installed.mjs';

let installed;
before(async () => {
  installed = await install();
});
after(() => installed.remove());

const commands = (folder) => ({
  'node-test': ['--test', '--test-reporter=spec', 'failing/node.test.mjs'],
  vitest: [join(folder, 'node_modules/vitest/vitest.mjs'), 'run', 'failing/vitest.test.mjs'],
  jest: [join(folder, 'node_modules/jest/bin/jest.js'), '--rootDir', folder, '--testMatch', '**/failing/*.test.cjs'],
});

async function fails(name, more = {}) {
  const { folder } = installed;
  const told = await run(process.execPath, commands(folder)[name], { cwd: folder, env: environment(more) });
  assert.equal(told.code, 1, told.stdout + told.stderr);
  return told.stdout + told.stderr;
}

describe('what is shown', { concurrency: false }, () => {
  for (const name of ['node-test', 'vitest', 'jest']) {
    test(`by ${name}`, async () => {
      const output = await fails(name);
      assert.match(output, /only text/);
      assert.match(output, /Ringback, world (group-a-b-)?throws-what-is-no-error-[0-9a-f]{10}: 0 requests/);
      assert.match(output, /no request reached this world; is the client given world\.url/);
      // Of a test that never came back, too.
      assert.match(output, /Ringback, world runs-out-of-time-[0-9a-f]{10}: 1 request, 1 of them refused/);
      assert.match(output, /GET \/mor\/billing\/api\/nothing -> /);
      assert.match(output, /run it again and keep the world: RINGBACK_KEEP=1 (node --test|npx vitest run|npx jest) /);
      await until('no program is left', () => installed.programs().length === 0);
    });
  }

  test('of a strict world, and of one that is gone', async () => {
    const output = await fails('node-test');
    assert.match(output, /StrictError.*: strict: fail\n/);
    assert.match(output, /^\s+\d+: GET \/nobody -> 404 refused\n +no operation takes it/m);
    assert.match(output, /after that/);
    assert.match(
      output,
      /deletes-its-world-itself-[0-9a-f]{10}: 0 requests, 0 of them refused; the test has deleted it/,
    );
  });

  test('by a fixture of vitest', async () => {
    const output = await fails('vitest');
    assert.match(output, /Ringback, world fails-with-the-fixture-[0-9a-f]{10}: 1 request, 1 of them refused/);
    assert.match(output, /jtel\.token: expected Authorization: Bearer/);
    assert.match(output, /^\s+\d+: GET \/nobody -> 404 refused\n +no operation takes it/m);
    assert.match(output, /1 skipped/);
    assert.doesNotMatch(output, /world is-skipped-from-within/);
  });

  test('jest’s timers may stand still, and its sandbox may lack symbols', async () => {
    const output = await fails('jest');
    assert.match(output, /got through/);
    assert.match(output, /✓ can be disposed of/);
  });
});

describe('capsules', { concurrency: false }, () => {
  for (const name of ['node-test', 'vitest', 'jest']) {
    test(`of failed tests by ${name} do again what their clients did`, async () => {
      const kept = join(installed.folder, `kept-${name}`);
      // As a shell gives it: from where the tests are run.
      const output = await fails(name, { RINGBACK_CAPSULE_FOLDER: `kept-${name}` });
      assert.match(output, /there is no capsule; GET .* -> 409.*: no vendor was asked in the world/s);
      const told = output.matchAll(/do it again elsewhere: npx ringback replay -v (\S+)/g);
      // Vitest shows some messages twice.
      const named = [...new Set([...told].map(([, file]) => file))];
      assert.ok(named.some((it) => it.startsWith(`kept-${name}/runs-out-of-time-`)));
      assert.deepEqual(named.map((it) => it.slice(it.indexOf('/') + 1)).sort(), readdirSync(kept).sort());
      const command = join(installed.folder, 'node_modules/.bin/ringback');
      for (const file of named) {
        const text = readFileSync(join(installed.folder, file), 'utf8');
        assert.doesNotMatch(text, /SIMTOKEN-7A/);
        const { report, journal } = JSON.parse(text);
        assert.ok(report.test !== '' && report.failed !== '', JSON.stringify(report));
        assert.equal(Object.values(journal.worlds).length, 1);
        const again = await run(command, ['replay', '-v', file], { cwd: installed.folder, env: environment() });
        assert.equal(again.code, 0, again.stdout + again.stderr);
        // What the client was answered stands there: a capsule does the same again, so its run passes.
        assert.match(again.stdout, /^ {2}< \d{3} /m, again.stdout);
      }
    });
  }
});

describe('worlds that are kept', { concurrency: false }, () => {
  for (const name of ['node-test', 'jest']) {
    test(`by ${name} can be looked at by the line that is told`, async () => {
      const output = await fails(name, { RINGBACK_KEEP: '1' });
      const [, world, admin] =
        /npx ringback tail -v --no-follow --world (throws-\S+|group-\S+) --admin (\S+)/.exec(output) ?? [];
      assert.ok(world !== undefined, output);
      const [, pid] = /end it: kill (\d+)/.exec(output);
      try {
        assert.ok(isAlive(Number(pid)));
        const command = join(installed.folder, 'node_modules/.bin/ringback');
        const [, other] = /--world (runs-out-\S+) /.exec(output);
        const told = await run(command, ['tail', '-v', '--no-follow', '--world', other, '--admin', admin], {
          env: environment(),
        });
        assert.equal(told.code, 0, told.stderr);
        assert.match(told.stdout, /GET \/mor\/billing\/api\/nothing|GET \/billing\/api\/nothing/);
      } finally {
        process.kill(Number(pid));
      }
      await until('it ends', () => !isAlive(Number(pid)));
    });
  }
});

// A program that is killed while tests run: one test is the worse for it, and says how it ended.
import assert from 'node:assert';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BIN, run, until } from './common.mjs';
import { environment, install } from './installed.mjs';

let installed;
before(async () => {
  installed = await install();
});
after(() => installed.remove());

/** Runs tests that have one which fails. */
async function fails(args, more = {}) {
  const told = await run(process.execPath, args, { cwd: installed.folder, env: environment(more) });
  assert.equal(told.code, 1, told.stdout + told.stderr);
  return told.stdout + told.stderr;
}

test('the test fails with the signal and what the program said last, and the next one has a new one', async () => {
  const talks = join(installed.folder, 'talks');
  const loop = 'i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo line $i >&2; done';
  writeFileSync(talks, `#!/bin/sh\n${loop}\nexec ${BIN} "$@"\n`);
  chmodSync(talks, 0o755);
  const output = await fails(['--test', '--test-reporter=spec', 'killed/node.test.mjs'], { RINGBACK_BIN: talks });
  assert.match(output, /pass 7\n.* fail 1\n/);
  const said = 'Ringback has ended with SIGKILL:\n\\(10 lines before these\\)\nline 11\n(line \\d+\n){18}line 30\n';
  const [, report] = /(Ringback, world killed-[\s\S]*?)run it again/.exec(output) ?? [];
  assert.match(report?.replace(/^ +/gm, '') ?? output, new RegExp(`there is no report; ${said}`));
  assert.match(output, /line 30\nThe next test has a new one; worlds that outlast a test are gone\.\n/);
  assert.equal(output.split('The next test has a new one').length - 1, 3, output);
});

test('one that a run’s global setup has started is replaced by each worker', async (t) => {
  if (process.platform !== 'linux') return t.skip('the test finds its program by /proc');
  const program = join(installed.folder, 'node_modules/vitest/vitest.mjs');
  const output = await fails([program, 'run', '--dir', 'killed', '--config', 'killed/vitest.config.mjs']);
  assert.match(output, /1 failed \| 1 passed/);
  assert.match(output, /^ringback: Ringback has ended with SIGKILL$/m);
  assert.match(output, /the Ringback of the run has ended; .*ECONNREFUSED/);
  await until('no program is left', () => installed.programs().length === 0);
});

// The examples, from the packed packages in a folder that was empty: green with all three runners, and one
// bug in the client is told so that it can be mended from the output alone.
import assert from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isAlive, run, until } from './common.mjs';
import { environment, install, RUNNERS, snapshot } from './installed.mjs';

const PASSED = {
  'node-test': /^ℹ pass 10$/m,
  vitest: /Tests {2}10 passed \(10\)/,
  jest: /Tests: {7}10 passed, 10 total/,
};
/** The user's name and the campaign change places in what is hashed. */
const HASHED = /(\$\{this\.user\})(\$\{campaign\})/;

let installed;
before(async () => {
  installed = await install();
});
after(() => installed.remove());

describe('the examples', { concurrency: false }, () => {
  for (const name of Object.keys(RUNNERS)) {
    test(`are green with ${name}, and leave nothing`, async () => {
      const told = await installed.run(name);
      assert.equal(told.code, 0, told.stdout + told.stderr);
      assert.match(told.stdout + told.stderr, PASSED[name]);
      assert.doesNotMatch(told.stderr, /did not exit|open handle|Warning/);
      await until('no program is left', () => installed.programs().length === 0);
    });
  }

  test('two runs at once do not see each other', async () => {
    const both = await Promise.all([installed.run('node-test'), installed.run('node-test')]);
    assert.deepEqual(
      both.map((it) => it.code),
      [0, 0],
      both.map((it) => it.stdout).join('\n'),
    );
  });

  test('within `ringback run`, they use what runs', async () => {
    const command = join(installed.folder, 'node_modules/.bin/ringback');
    const args = ['run', '--', process.execPath, ...RUNNERS['node-test'].args()];
    const told = await run(command, args, { cwd: join(installed.folder, 'node-test'), env: environment() });
    assert.match(told.stdout, PASSED['node-test']);
  });

  test('compile with tsc --strict, and run', async () => {
    const cwd = join(installed.folder, 'typescript');
    const tsc = join(installed.folder, 'node_modules/typescript/bin/tsc');
    const told = await run(process.execPath, [tsc, '-p', '.'], { cwd });
    assert.deepEqual([told.stdout, told.code], ['', 0]);
    const ran = await run(process.execPath, ['out/example.js'], { cwd, env: environment() });
    assert.deepEqual([ran.stdout, ran.stderr, ran.code], ['all as expected\n', '', 0]);
  });
});

describe('a bug in the client', { concurrency: false }, () => {
  before(() => {
    const file = join(installed.folder, 'client.cjs');
    const text = readFileSync(file, 'utf8');
    assert.match(text, HASHED);
    writeFileSync(file, text.replace(HASHED, '$2$1'));
  });
  for (const name of Object.keys(RUNNERS)) {
    test(`is told by ${name}`, async () => {
      const told = await installed.run(name);
      assert.equal(told.code, 1);
      assert.equal(shown(told.stdout + told.stderr), snapshot(name, shown(told.stdout + told.stderr)));
    });
  }
});

test('the one Ringback of a whole run is kept where a test failed', async () => {
  const { at, args } = RUNNERS.vitest;
  const cwd = join(installed.folder, at);
  const { stdout, stderr } = await run(process.execPath, args(installed.folder), {
    cwd,
    env: environment({ RINGBACK_KEEP: '1' }),
  });
  const [, admin, pid] =
    /kept at (\S+) with the worlds of failed tests: the-answers-\S+; end it: kill (\d+)/.exec(stderr) ?? [];
  assert.ok(pid !== undefined, stdout + stderr);
  try {
    const { worlds } = await (await fetch(`${admin}/v1/worlds`)).json();
    assert.equal(worlds.length, 2);
  } finally {
    process.kill(Number(pid));
  }
  await until('it ends', () => !isAlive(Number(pid)));
});

/** From the failed test's message to the line to paste; what differs from run to run is put away. */
function shown(output) {
  const lines = output.replace(/\r/g, '').split('\n');
  const begin = lines.findIndex((it) => /Error: MOR:/.test(it) || /^ *MOR: /.test(it));
  const end = lines.findIndex((it, at) => at > begin && it.includes('RINGBACK_KEEP=1'));
  assert.ok(begin >= 0 && end > begin, output);
  const kept = lines.slice(begin, end + 1);
  const margin = Math.min(...kept.filter((it) => it.trim() !== '').map((it) => it.search(/\S/)));
  return `${kept
    .map((it) => it.slice(margin).trimEnd())
    .join('\n')
    .replace(/-[0-9a-f]{10}\b/g, '-0123456789')}\n`;
}

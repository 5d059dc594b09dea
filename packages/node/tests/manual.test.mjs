// The manual's first test does what the manual says, word for word.
import assert from 'node:assert';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BIN, here, run } from './common.mjs';
import { environment, install } from './installed.mjs';

const manual = readFileSync(here('../../../docs/node.md'), 'utf8');
const front = readFileSync(here('../../../README.md'), 'utf8');
const blocks = (language, page = manual) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((it) => it[1]);
const ENDING = /-[0-9a-f]{10}\b/g;

let installed;
before(async () => {
  installed = await install();
});
after(() => installed.remove());

function node(file) {
  const args = ['--test', '--test-reporter=spec', file];
  return run(process.execPath, args, { cwd: installed.folder, env: environment() });
}

test('the first test fails as the manual shows, and is green when it is mended', async () => {
  const [first] = blocks('js');
  writeFileSync(join(installed.folder, 'lock.test.mjs'), first);
  const failed = await node('lock.test.mjs');
  assert.equal(failed.code, 1);
  const printed = failed.stdout.replace(ENDING, '-0123456789').replace(/^ {2}/gm, '').replace(/ +$/gm, '');
  const shown = blocks('text').find((it) => it.includes('refused:'));
  assert.ok(printed.includes(shown), printed);
  assert.ok(first.includes('/30150`'));
  writeFileSync(join(installed.folder, 'lock.test.mjs'), first.replace('/30150`', '/301501`'));
  const mended = await node('lock.test.mjs');
  assert.equal(mended.code, 0, mended.stdout);
});

const CLIENT = `
import { test } from 'node:test';
import { withWorld } from 'ringback/node-test';

class MyClient {
  constructor(base) {
    this.base = base;
  }

  async lock(contact) {
    const url = \`\${this.base}/rest/v1.0/7/dialler/contacts/contact/\${contact}/lock\`;
    await fetch(url, { method: 'PATCH', headers: { Authorization: 'Bearer SIMTOKEN-7A' } });
  }
}
`;

test('the test of the front page is green, and can fail', async () => {
  const [shown] = blocks('js', front);
  writeFileSync(join(installed.folder, 'front.test.mjs'), CLIENT + shown);
  const told = await node('front.test.mjs');
  assert.equal(told.code, 0, told.stdout);
  writeFileSync(join(installed.folder, 'front.test.mjs'), CLIENT + shown.replace('exactly: 1', 'exactly: 2'));
  assert.equal((await node('front.test.mjs')).code, 1);
});

test('the first test by hand says what is missing', async () => {
  const page = readFileSync(here('../../../docs/first-test.md'), 'utf8');
  const [shown] = blocks('js needs=node', page);
  writeFileSync(join(installed.folder, 'client.test.mjs'), shown);
  const by = (RINGBACK_BIN) => {
    const args = ['--test', '--test-reporter=spec', 'client.test.mjs'];
    return run(process.execPath, args, { cwd: installed.folder, env: environment({ RINGBACK_BIN }) });
  };
  const green = await by(BIN);
  assert.equal(green.code, 0, green.stdout);
  const missing = await by('/nonexistent/ringback');
  assert.equal(missing.code, 1);
  const cure = 'cannot be started; put ringback on the PATH, or its path into RINGBACK_BIN';
  assert.ok(missing.stdout.includes(`/nonexistent/ringback ${cure}`), missing.stdout);
  const other = await by(process.execPath);
  assert.equal(other.code, 1);
  assert.match(other.stdout, /serve ended with exit code 1/);
});

test('the example of every call is green', async () => {
  const example = blocks('js').find((it) => it.includes('world.setVariants'));
  writeFileSync(join(installed.folder, 'example.test.mjs'), example);
  const told = await node('example.test.mjs');
  assert.equal(told.code, 0, told.stdout);
});

test('the tests for vitest and jest are green', async () => {
  const find = (word) => blocks('js').find((it) => it.includes(word) && it.includes('title'));
  writeFileSync(join(installed.folder, 'vitest/manual.test.mjs'), find("'ringback/vitest'"));
  writeFileSync(join(installed.folder, 'jest/manual.test.cjs'), find("'ringback/jest'"));
  for (const name of ['vitest', 'jest']) {
    const told = await installed.run(name, 'manual');
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.match(told.stdout + told.stderr, /1 passed/);
  }
});

test('a test for each row is green with each runner', async () => {
  const find = (word) => blocks('js').find((it) => it.includes(word));
  writeFileSync(join(installed.folder, 'rows.test.mjs'), find('for (const [id, status]'));
  const told = await node('rows.test.mjs');
  assert.equal(told.code, 0, told.stdout);
  assert.match(told.stdout, /^ℹ pass 2$/m);
  writeFileSync(join(installed.folder, 'vitest/rows.test.mjs'), find('test.for('));
  writeFileSync(join(installed.folder, 'jest/rows.test.cjs'), find('test.each('));
  for (const name of ['vitest', 'jest']) {
    const of = await installed.run(name, 'rows');
    assert.equal(of.code, 0, of.stdout + of.stderr);
    assert.match(of.stdout + of.stderr, /2 passed/);
  }
});

/** What a piece of the manual stands in. */
const AROUND = `
import assert from 'node:assert';
import type { World } from 'ringback';
declare const world: World;
`;

test('each sample of the manual compiles with tsc --strict', async () => {
  const folder = join(installed.folder, 'typed');
  mkdirSync(folder);
  const samples = blocks('js');
  assert.ok(samples.length >= 7);
  for (const [at, sample] of samples.entries()) {
    const isWhole = /^import |require\(/m.test(sample);
    // Jest's samples are of its own module system: there the types come by checking JavaScript.
    const name = sample.includes('require(') ? `sample-${at}.cjs` : `sample-${at}.mts`;
    writeFileSync(join(folder, name), isWhole ? sample : AROUND + sample);
  }
  const jest = "import type { test as Test, expect as Expect } from '@jest/globals';\n";
  writeFileSync(
    join(folder, 'jest.d.ts'),
    `${jest}declare global {\n  const test: typeof Test;\n  const expect: typeof Expect;\n}\n`,
  );
  const options = { noEmit: true, allowJs: true, checkJs: true };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../typescript/tsconfig.json', compilerOptions: options, include: ['*'] }),
  );
  const tsc = join(installed.folder, 'node_modules/typescript/bin/tsc');
  const told = await run(process.execPath, [tsc, '-p', '.'], { cwd: folder });
  assert.deepEqual([told.stdout, told.code], ['', 0]);
});

test('the manual names each method, option and error that there is', async () => {
  const { Ringback, World, ...others } = await import('../ringback/lib/index.mjs');
  const methods = [...Object.getOwnPropertyNames(World.prototype), ...Object.getOwnPropertyNames(Ringback.prototype)];
  const internal = ['constructor', 'exchange', 'environment', 'program', 'hosts', 'hasPorts', 'folder', 'ownUrl'];
  internal.push('paths', 'listeners');
  const errors = Object.keys(others).filter((it) => it.endsWith('Error'));
  for (const name of [...methods, ...errors].filter((it) => !internal.includes(it))) {
    assert.match(manual, new RegExp(`\\b${name}\\b`), `docs/node.md does not name ${name}`);
  }
  const options = ['making', 'server', 'helper'].flatMap((file) => {
    const source = readFileSync(here(`../ringback/src/${file}.ts`), 'utf8');
    const tables = source.matchAll(/_OPTIONS: Known<\w+> = \{([^}]*)\}/g);
    return [...tables].flatMap(([, table]) => [...table.matchAll(/(\w+): '/g)].map(([, name]) => name));
  });
  assert.ok(options.length > 20, 'the options were not found');
  for (const name of options) assert.match(manual, new RegExp(`\`${name}\`|[{ ]${name}[,: ]`), `no option ${name}`);
});

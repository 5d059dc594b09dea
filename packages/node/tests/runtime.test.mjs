// Lines to type name what runs the tests: Node, Deno or Bun.
import assert from 'node:assert';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const { called, calledRunner, runtime, scriptArguments } = require('../ringback/lib/runtime.js');
const { alone } = require('../ringback/lib/node-test.js');

test('each tells itself by its versions', () => {
  assert.equal(runtime(), 'node');
  // Both say which Node they stand in for as well.
  assert.equal(runtime({ node: '24.0.0', deno: '2.9.6' }), 'deno');
  assert.equal(runtime({ node: '24.0.0', bun: '1.4.5' }), 'bun');
});

test('commands are called by what is there', () => {
  assert.deepEqual(
    ['node', 'deno', 'bun'].map((by) => called('ringback', by)),
    ['npx ringback', 'deno run -A npm:ringback', 'bunx ringback'],
  );
  assert.equal(calledRunner('vitest', 'bun'), 'bunx --bun vitest');
  assert.deepEqual(scriptArguments('it.js', 'deno'), ['run', '-A', '--quiet', 'it.js']);
});

test('a test is run alone by the runner that ran it', () => {
  const t = { name: 'it [works]', fullName: 'a suite > it [works]' };
  const lines = (of) => ['node', 'deno', 'bun'].map((by) => alone(of, true, ' x.test.mjs', by));
  assert.deepEqual(lines(t), [
    "node --test --test-name-pattern='it \\[works\\]$' x.test.mjs",
    "deno test -A --filter='/^a suite$/' x.test.mjs",
    "bun test x.test.mjs -t '^a suite it \\[works\\]$'",
  ]);
  assert.deepEqual(lines({ name: 'one', fullName: 'one' }).slice(1), [
    "deno test -A --filter='/^one$/' x.test.mjs",
    "bun test x.test.mjs -t '^one$'",
  ]);
  assert.deepEqual(lines({}), ['node --test x.test.mjs', 'deno test -A x.test.mjs', 'bun test x.test.mjs']);
});

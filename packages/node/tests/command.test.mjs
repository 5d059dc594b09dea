// `npx ringback`: the command hands over to the program, with its streams, signals and exit code.
import assert from 'node:assert';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { here, isAlive, run, until } from './common.mjs';

const { binaryPath, MissingBinaryError, PLATFORMS, VERSION } = createRequire(import.meta.url)(
  '../ringback/lib/index.js',
);
const COMMAND = here('../ringback/bin/ringback.js');
const ringback = (args, options) => run(process.execPath, [COMMAND, ...args], options);

test('exit code and output are the program’s', async () => {
  const version = await ringback(['--version']);
  assert.deepEqual([version.stdout, version.stderr, version.code], [`ringback ${VERSION}\n`, '', 0]);
  const bad = await ringback(['serve', '--nope']);
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /unexpected argument '--nope'/);
});

test('stdin is the program’s', async () => {
  const told = await ringback(['check', '-'], { input: 'x = 1\n' });
  assert.equal(told.code, 2);
  assert.match(told.stderr + told.stdout, /1:1: unknown key "x"/);
});

test('serve works, and SIGTERM and SIGINT end it in order', async () => {
  for (const signal of ['SIGTERM', 'SIGINT']) {
    let pid;
    const told = await ringback(['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'], {
      started: (child) => {
        child.stdout.once('data', (line) => {
          pid = JSON.parse(line).pid;
          child.kill(signal);
        });
      },
    });
    assert.deepEqual([told.code, told.signal], [0, null]);
    await until('the program has ended', () => !isAlive(pid));
  }
});

test('a signal that ends the program ends the command', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-tests-'));
  const program = join(folder, 'dies');
  writeFileSync(program, '#!/bin/sh\nkill -$1 $$\n');
  chmodSync(program, 0o755);
  for (const signal of ['SIGTERM', 'SIGKILL', 'SIGSEGV']) {
    const told = await ringback([signal.slice(3)], { env: { ...process.env, RINGBACK_BIN: program } });
    assert.deepEqual([told.code, told.signal], [null, signal]);
  }
  rmSync(folder, { recursive: true });
});

test('a package that is not installed is named, with what to do', async () => {
  const env = { ...process.env, RINGBACK_BIN: '' };
  const told = await ringback(['serve'], { env });
  assert.equal(told.code, 127);
  const platform = `@ringback/${process.platform}-${process.arch}`;
  assert.match(told.stderr, new RegExp(`^ringback: the package ${platform} is not installed`));
  assert.match(told.stderr, new RegExp(`npm install --save-optional ${platform}@${VERSION}`));
  assert.match(told.stderr, new RegExp(`npm install --save-dev \\./ringback-${platform.slice(10)}-${VERSION}\\.tgz`));
  assert.match(told.stderr, /--no-optional/);
  assert.doesNotMatch(told.stderr, /\n {4}at /);
});

test('a platform that there is none for is told', () => {
  assert.throws(
    () => binaryPath({ platform: 'sunos', arch: 'x64', env: {} }),
    (error) => {
      assert.ok(error instanceof MissingBinaryError);
      return PLATFORMS.every((it) => error.message.includes(it)) && error.message.includes('sunos-x64');
    },
  );
  assert.throws(() => binaryPath({ platform: 'win32', arch: 'x64', env: {} }), /WSL/);
  const resolve = (file) => `/m/${file}`;
  assert.equal(
    binaryPath({ platform: 'darwin', arch: 'arm64', env: {}, resolve }),
    '/m/@ringback/darwin-arm64/bin/ringback',
  );
});

test('RINGBACK_BIN comes first, and is checked', async () => {
  for (const [named, what] of [
    ['/nonexistent/ringback', 'is not there'],
    [here('./command.test.mjs'), 'is not executable'],
    [here('.'), 'is a folder'],
    ['/dev/stdin/ringback', 'is not there'],
  ]) {
    const told = await ringback(['serve'], { env: { ...process.env, RINGBACK_BIN: named } });
    assert.equal(told.code, 127);
    assert.ok(told.stderr.includes(`RINGBACK_BIN names ${named}, which ${what}`), told.stderr);
  }
});

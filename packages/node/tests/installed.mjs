// The packed packages, installed into an empty folder with the examples, as a user has them. Not a test.
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clean, here, run } from './common.mjs';

if (!process.env.RINGBACK_PACKED)
  throw new Error('RINGBACK_PACKED is to name the folder of the packed packages; packages/node/check BIN sets it');

/** What the examples need beside `ringback`; taken from this folder's own, so that nothing is fetched. */
const OTHERS = ['vitest', 'jest', '@jest', 'typescript', '@types'];

/** Installs into a new folder. A registry is named that is not there: nothing else may be needed. */
export async function install() {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-installed-'));
  writeFileSync(join(folder, 'package.json'), '{"name":"mine","private":true}\n');
  const packed = readdirSync(process.env.RINGBACK_PACKED).map((it) => join(process.env.RINGBACK_PACKED, it));
  const args = ['install', '--no-audit', '--no-fund', '--registry', 'http://127.0.0.1:1', '--fetch-retries', '0'];
  const told = await run('npm', [...args, ...packed], { cwd: folder });
  if (told.code !== 0) throw new Error(told.stderr);
  for (const name of OTHERS) symlinkSync(here(`../node_modules/${name}`), join(folder, 'node_modules', name));
  cpSync(here('../example'), folder, { recursive: true });
  for (const name of ['failing', 'killed', 'told']) cpSync(here(`./${name}`), join(folder, name), { recursive: true });
  return {
    folder,
    runner: RUNNERS,
    run: (name, ...more) => {
      const { at, args: own } = RUNNERS[name];
      return run(process.execPath, [...own(folder), ...more], { cwd: join(folder, at), env: environment() });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
    programs: () => programsOf(folder),
  };
}

/** Without what would name another program, and without colours. */
export function environment(more = {}) {
  return clean({ RINGBACK_BIN: '', NO_COLOR: '1', FORCE_COLOR: '0', CI: '1', ...more });
}

export const RUNNERS = {
  'node-test': { at: 'node-test', args: () => ['--test', '--test-reporter=spec'] },
  vitest: { at: 'vitest', args: (folder) => [join(folder, 'node_modules/vitest/vitest.mjs'), 'run'] },
  jest: { at: 'jest', args: (folder) => [join(folder, 'node_modules/jest/bin/jest.js')] },
};

/** The numbers of the processes that run a program of this folder, where the system tells (Linux). */
export function programsOf(folder) {
  let numbers;
  try {
    numbers = readdirSync('/proc').filter((it) => /^\d+$/.test(it));
  } catch {
    return [];
  }
  return numbers.filter((it) => {
    try {
      return readlinkSync(`/proc/${it}/exe`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

/** The text of a snapshot; with RINGBACK_SNAPSHOTS=write it is written. */
export function snapshot(name, text) {
  const file = here(`./snapshots/${name}.txt`);
  if (process.env.RINGBACK_SNAPSHOTS === 'write') writeFileSync(file, text);
  return readFileSync(file, 'utf8');
}

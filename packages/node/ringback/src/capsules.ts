// The capsule of a failed test: a file with which `ringback replay` does again, on another machine, what its
// client did. Kept for each where `RINGBACK_CAPSULE_FOLDER` names a folder.
//
// Written while the test's world is there: nobody has to wait for the end of a program, and a runner may
// kill its workers. Not here: when a test has failed (helper.ts).

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RingbackError } from './errors';
import type { Capsule } from './types';
import { forksOf, type World } from './world';

/** Has a program take note of what clients do. */
export const FLAG = '--capsules';
/** Flags that go with no other of them. */
const ALIKE = [FLAG, '--capsule', '--record'];
/** Names the folder. */
const VARIABLE = 'RINGBACK_CAPSULE_FOLDER';

/** Where capsules are kept; `undefined` where none are wanted. */
export function capsuleFolder(): string | undefined {
  const folder = process.env[VARIABLE];
  return folder === undefined || folder === '' ? undefined : resolve(folder);
}

/** What a program is started with for them, beside what it is given. */
export function capsuleArguments(given: readonly string[]): string[] {
  const isTold = given.some((it) => ALIKE.some((flag) => it === flag || it.startsWith(`${flag}=`)));
  return capsuleFolder() === undefined || isTold ? [] : [FLAG];
}

/** Writes that of a failed test; answers the path of its file. */
export async function keepCapsule(folder: string, world: World, title: string, why: string): Promise<string> {
  const capsule = await world.capsule();
  for (const fork of forksOf(world)) await addTo(capsule, fork);
  const path = join(folder, `${world.name}.capsule`);
  const report = { test: title, failed: why, ...(capsule.report ?? {}) };
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, `${JSON.stringify({ ...capsule, report }, null, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    throw new RingbackError(`${VARIABLE} names ${folder}, ${unusable(error)}`, { cause: error });
  }
  return path;
}

function unusable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'which is a file, or in one; expected a folder';
  if (code === 'EACCES' || code === 'EROFS') return 'where nothing may be written; expected a folder that may be';
  return `where nothing can be written: ${message}`;
}

/** Takes a fork in; one that nobody asked, or that is gone, has nothing to do again. */
async function addTo(capsule: Capsule, fork: World): Promise<void> {
  try {
    const its = await fork.capsule();
    capsule.scenarios.push(...its.scenarios);
    Object.assign(capsule.journal.worlds, its.journal.worlds);
  } catch {
    // What the test's own world did is kept all the same.
  }
}

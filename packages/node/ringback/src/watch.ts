// Who looks on while a test runs: worlds that it makes and deletes beside its own are told to its report.
//
// Not here: what is remembered of them (seen.ts).

import { AsyncLocalStorage } from 'node:async_hooks';
import type { World } from './world';

/** Who is told. */
export interface Watcher {
  /** A world was made. */
  made(world: World): void;
  /** A world is about to be deleted; that waits for it. */
  deletes(world: World): Promise<void>;
}

/** `null` within the helpers' own calls, which are no test's. */
const storage = new AsyncLocalStorage<Watcher | null>();
/** Worlds that somebody made by hand and did not delete, in the order of their making. */
const byHand = new Map<string, World>();

/** Which world it is, also by another object. */
export function keyOf(world: World): string {
  return `${world.ringback.admin} ${world.name}`;
}

/** Those of the tests that have not ended. */
const watchers = new Set<Watcher>();

/** A test begins. */
export function beginWatch(watcher: Watcher): void {
  watchers.add(watcher);
}
/** It has ended. */
export function endWatch(watcher: Watcher): void {
  watchers.delete(watcher);
}
/** Runs a test's body with somebody looking on. */
export function watched<T>(watcher: Watcher, body: () => T): T {
  return storage.run(watcher, body);
}
/** Runs the helpers' own calls, also from within a test. */
export function unwatched<T>(body: () => T): T {
  return storage.run(null, body);
}
/** Whether what runs now belongs to a test of this watcher. */
export function isOf(watcher: Watcher): boolean {
  return storage.getStore() === watcher;
}
/** A world was made. */
export function noteMade(world: World): void {
  const watcher = storage.getStore();
  if (watcher === null) return;
  byHand.set(keyOf(world), world);
  // A hook, and a test with a fixture, run beside the helper: then it is the test's, where there is one alone.
  const [only] = watchers;
  (watcher ?? (watchers.size === 1 ? only : undefined))?.made(world);
}
/** A world is about to be deleted. */
export async function noteDeleted(world: World): Promise<void> {
  forget(world);
  const watcher = storage.getStore();
  if (watcher === null) return;
  for (const it of watcher === undefined ? [...watchers] : [watcher]) await unwatched(() => it.deletes(world));
}
/** It is not there any more. */
export function forget(world: World): void {
  byHand.delete(keyOf(world));
}
/** The worlds that were made by hand and are there, as far as this process knows. */
export function madeByHand(): World[] {
  return [...byHand.values()];
}

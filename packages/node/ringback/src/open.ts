// Tests that have not ended; and what is told of them when their process ends first, as by `process.exit()`.
//
// Nothing can be waited for then, so another process looks at their worlds while this one stands still. Not here:
// what that process does (last-words.ts), what a report says (report.ts).

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Opened } from './helper';
import type { Marks } from './report';
import { runtime, scriptArguments } from './runtime';

/** How long a report may take that is waited for. */
const REPORT_WITHIN_MS = 20_000;
/** Variables that would have the other process do what this one was told to. */
const NOT_FOR_IT = ['NODE_OPTIONS', 'NODE_V8_COVERAGE', 'NODE_TEST_CONTEXT', 'NODE_CHANNEL_FD'];

/** What a process needs that looks in place of this one. */
export interface Handed {
  admin: string;
  url: string | undefined;
  token: string | undefined;
  pid: number | undefined;
  world: string;
  /** Worlds that the test made beside its own, and those that it shares, each from where it began. */
  made: string[];
  shared: { name: string; after: number }[];
  strayAfter: Marks;
  defaultAfter: number;
  late: string[];
  title: string;
  rerun: string | undefined;
  keep: boolean;
  why: string;
}

const open = new Set<Opened>();
let isWatching = false;

/** Those that have not ended. */
export function openTests(): Opened[] {
  return [...open];
}
/** A test has begun. */
export function begun(opened: Opened): void {
  open.add(opened);
  if (isWatching) return;
  isWatching = true;
  // Before the listener that ends their Ringback.
  process.prependListener('exit', (code) => {
    // A test that never came to its end is no green one, whatever its client says when it leaves.
    if (lastWords() && code === 0) process.exitCode = 1;
  });
}
/** It has ended; `false` where it had already. */
export function over(opened: Opened): boolean {
  return open.delete(opened);
}

/** Tells of those that the end of their process cuts off; `false` where there are none. */
export function lastWords(): boolean {
  const cut = openTests();
  for (const opened of cut) {
    over(opened);
    opened.flight.end();
    const why = 'the process ended before the test did, by process.exit() or because nothing was left to wait for';
    process.stderr.write(`\n${opened.place.title}: ${why}\n${reportNow(opened, why)}\n`);
    if (opened.keep) opened.world.ringback.keep = true;
  }
  return cut.length > 0;
}

/** The report on a test as it stands, at once. */
export function reportNow(opened: Opened, why: string): string {
  const { world, place, keep, strayAfter, defaultAfter, seen, flight } = opened;
  const { ringback } = world;
  const handed: Handed = {
    ...ringback.address(),
    world: world.name,
    ...seen.handed(),
    strayAfter,
    defaultAfter,
    late: flight.late(),
    title: place.title,
    rerun: place.rerun,
    keep,
    why,
  };
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_FOR_IT.includes(name)));
  const told = spawnSync(process.execPath, scriptArguments(join(__dirname, 'last-words.js'), runtime()), {
    input: JSON.stringify(handed),
    encoding: 'utf8',
    env,
    timeout: REPORT_WITHIN_MS,
    windowsHide: true,
  });
  if (told.status === 0) return told.stdout;
  const reason = told.error?.message ?? told.stderr.trim();
  return `Ringback, world ${world.name}: there is no report; ${reason}`;
}

// A world for one test: made before it, named after it, deleted behind it; and what a failure shows.
//
// Not here: the test runners' own ways (node-test.ts, vitest.ts, jest.ts).

import { relative } from 'node:path';
import { inspect, types } from 'node:util';
import { capsuleFolder, keepCapsule } from './capsules';
import { options as checked, inWords, type Known } from './checked';
import { ArgumentError, StrictError } from './errors';
import { WORLD_OPTIONS, type WorldOptions } from './making';
import { worldName } from './name';
import { newestOfDefault, newestStray, report, toDefault } from './report';
import type { Ringback } from './server';
import { isKeeping, shared } from './shared';
import type { Fault } from './types';
import { settled, type World } from './world';

/** What the world of a test is made of. */
export interface TestWorldOptions extends Omit<WorldOptions, 'name'> {
  /** Rules by which requests go wrong, from the beginning. */
  faults?: Fault | Fault[];
  /** A Ringback in place of the one that all tests of a process share. */
  ringback?: Ringback;
  /** Leaves the world when the test fails; `RINGBACK_KEEP=1` does so for all. */
  keep?: boolean;
}

const { name: _, ...OF_WORLD } = WORLD_OPTIONS;
const TEST_WORLD_OPTIONS: Known<TestWorldOptions> = { ...OF_WORLD, faults: 'any', ringback: 'any', keep: 'boolean' };

/** Which test it is. */
export interface Place {
  title: string;
  /** A line for the shell that runs this test alone, where it can be told. */
  rerun?: string | undefined;
  /** Aborted when the test runs out of time. */
  signal?: AbortSignal | undefined;
  /** Takes what is still being done when the test is over, so that it is waited for. */
  late?: ((work: Promise<void>) => void) | undefined;
}

/** A world with what is needed to end it. */
export interface Opened {
  world: World;
  place: Place;
  keep: boolean;
  strict: boolean;
  strayAfter: number;
  /** Where the journal of `default` stood. */
  defaultAfter: number;
}

/** Worlds of tests that have not ended. */
const open = new Set<Opened>();

/** Runs the body in a world of its own. */
export async function inWorld<T>(
  place: Place,
  options: TestWorldOptions,
  body: (world: World) => T,
): Promise<Awaited<T>> {
  const opened = await openWorld(place, options);
  let isOver = false;
  const outOfTime = () => {
    if (isOver) return;
    const work = timedOut(opened);
    place.late?.(work);
  };
  place.signal?.addEventListener('abort', outOfTime, { once: true });
  let error: unknown;
  try {
    const result = await body(opened.world);
    await judge(opened);
    isOver = true;
    await closeWorld(opened, false);
    return result;
  } catch (thrown) {
    isOver = true;
    error = isSkip(thrown) ? thrown : await explained(thrown, opened);
    await closeWorld(opened, !isSkip(thrown));
  } finally {
    place.signal?.removeEventListener('abort', outOfTime);
  }
  throw error;
}

/** Makes the world of a test. */
export async function openWorld(place: Place, options: TestWorldOptions): Promise<Opened> {
  const { faults, ringback: given, keep, ...rest } = checked('withWorld', options, TEST_WORLD_OPTIONS);
  const rules = rulesOf(faults);
  const ringback = given ?? (await shared());
  const world = await ringback.world({ ...rest, name: worldName(place.title) });
  const [strayAfter, defaultAfter] = [await newestStray(world), await newestOfDefault(world)];
  const strict = options.strict === true;
  const opened = { world, place, keep: keep ?? isKeeping(), strict, strayAfter, defaultAfter };
  open.add(opened);
  try {
    for (const fault of rules) await world.fault(fault);
  } catch (error) {
    await closeWorld(opened, false);
    throw error;
  }
  return opened;
}

function rulesOf(faults: Fault | Fault[] | undefined): Fault[] {
  const rules = faults === undefined ? [] : Array.isArray(faults) ? faults : [faults];
  for (const rule of rules as unknown[]) {
    if (typeof rule === 'object' && rule !== null) continue;
    const hint = typeof rule === 'string' ? `; write { preset: '${rule}' } for a preset` : '';
    throw new ArgumentError(`faults: expected rules such as { then: 'lose_reply' }, found ${inWords(rule)}${hint}`);
  }
  return rules;
}

/** Deletes it, unless it is kept. */
export async function closeWorld(opened: Opened, hasFailed: boolean): Promise<void> {
  if (!open.delete(opened)) return;
  if (hasFailed && opened.keep) {
    opened.world.ringback.keep = true;
    return;
  }
  try {
    await opened.world.delete();
  } catch {
    // The test may have deleted it itself, or stopped its Ringback; how the test ended matters more.
  }
}

/** Ends worlds whose tests never did, and tells of them. */
export async function closeOpen(): Promise<void> {
  for (const opened of [...open]) await timedOut(opened);
}

async function timedOut(opened: Opened): Promise<void> {
  process.stderr.write(`\n${opened.place.title}: not ended\n${await told(opened, 'not ended')}\n`);
  await closeWorld(opened, true);
}

/** @throws StrictError where a strict world has seen what nobody expected. */
export async function judge(opened: Opened): Promise<void> {
  const [failed] = await settled(opened.world);
  if (failed !== undefined) {
    if (isError(failed))
      append(failed, 'a call of the world failed that the test does not await: write `await world.…`');
    throw failed;
  }
  if (!opened.strict) return;
  const { strict } = await opened.world.findings();
  if (strict != null && strict.verdict !== 'pass') throw new StrictError(strictText(strict));
  await judgeElsewhere(opened);
}

/** A client that goes past the world of its test goes to `default`, which nobody judges. */
async function judgeElsewhere({ world, defaultAfter }: Opened): Promise<void> {
  // What others ask of a program that is not ours, or another test beside this one, says nothing of this test.
  if (world.ringback.pid === undefined || open.size > 1) return;
  const strayed = await toDefault(world, defaultAfter);
  if (strayed.length === 0) return;
  const what = strayed.length === 1 ? '1 request' : `${strayed.length} requests`;
  throw new StrictError(
    `the test is strict, and ${what} went to the world default, past its own: give the client ${world.url()} as its base`,
  );
}

function strictText(strict: object): string {
  const { verdict, unexpected, unmet } = strict as { verdict: string; unexpected?: Line[]; unmet?: unknown[] };
  const lines = [`the world is strict, and its run is no pass but ${verdict}`];
  for (const it of unexpected ?? []) lines.push(`  not expected: ${it.line ?? inspect(it)}`);
  for (const it of unmet ?? [])
    lines.push(`  not met: ${(typeof it === 'string' ? it : explanationOf(it)).replace(/\n\s*/g, '\n    ')}`);
  return lines.join('\n');
}
interface Line {
  line?: string;
}
function explanationOf(unmet: unknown): string {
  const told = (unmet as { explanation?: string }).explanation;
  return told ?? JSON.stringify(unmet);
}

/** The report on a test that failed, with lines to paste. */
export async function told(opened: Opened, why: unknown): Promise<string> {
  const { world, place, keep } = opened;
  let text: string;
  try {
    text = await report(world, opened.strayAfter, opened.defaultAfter);
  } catch (error) {
    text = `Ringback, world ${world.name}: there is no report; ${(error as Error).message}`;
  }
  text += await capsuled(opened, why);
  if (keep) {
    const pid = world.ringback.pid;
    const end = pid === undefined ? '' : `\n  it is kept at ${world.url()}; end it: kill ${pid}`;
    return `${text}\n  look at it: npx ringback tail -v --no-follow --world ${world.name} --admin ${world.ringback.admin}${end}`;
  }
  const rerun = place.rerun ?? 'the same command';
  return `${text}\n  run it again and keep the world: RINGBACK_KEEP=1 ${rerun}`;
}

/** Where its capsule is, if there is to be one. */
async function capsuled({ world, place }: Opened, why: unknown): Promise<string> {
  const folder = capsuleFolder();
  if (folder === undefined) return '';
  try {
    const file = await keepCapsule(folder, world, place.title, isError(why) ? why.message : inspect(why));
    return `\n  do it again elsewhere: npx ringback replay ${quoted(relative(process.cwd(), file))}`;
  } catch (error) {
    return `\n  there is no capsule; ${(error as Error).message}`;
  }
}

/** The error with the report behind its message; what is no error is put into one. */
async function explained(error: unknown, opened: Opened): Promise<unknown> {
  const text = await told(opened, error);
  if (!isError(error)) return new Error(`${inspect(error)}\n\n${text}`, { cause: error });
  append(error, text);
  return error;
}

/** Puts a text behind an error's message, also where that stands in its stack. */
export function append(error: { message: string; stack?: string | undefined }, text: string): void {
  const { message, stack } = error;
  const longer = `${message}\n\n${text}\n`;
  try {
    error.message = longer;
    if (typeof stack === 'string')
      error.stack =
        message !== '' && stack.includes(message) ? stack.replace(message, () => longer) : withHead(stack, longer);
  } catch {
    // An error that cannot be changed is shown as it is, and the report by itself.
    process.stderr.write(`${text}\n`);
  }
}

function withHead(stack: string, text: string): string {
  const frames = stack.search(/^\s+at /m);
  return frames < 0 ? `${stack}\n${text}` : `${stack.slice(0, frames)}${text}\n${stack.slice(frames)}`;
}

function isError(error: unknown): error is Error {
  if (types.isNativeError(error)) return true;
  return typeof error === 'object' && error !== null && typeof (error as Error).message === 'string';
}

/** Whether a runner's own way of skipping a test was thrown. */
function isSkip(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: string }).code === 'VITEST_PENDING';
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w./:=@+-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}

/** A text as a regular expression that matches it alone. */
export function pattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

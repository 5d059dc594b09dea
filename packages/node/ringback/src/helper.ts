// A world for one test: made before it, named after it, deleted behind it; and what a failure shows.
//
// Not here: the test runners' own ways (node-test.ts, vitest.ts, jest.ts).

import { relative } from 'node:path';
import { setImmediate as soon } from 'node:timers';
import { inspect, types } from 'node:util';
import { capsuleFolder, keepCapsule } from './capsules';
import { options as checked, inWords, type Known, oneOf } from './checked';
import { ArgumentError, ConnectionError, ProblemError, StrictError, strictText } from './errors';
import { type Flight, flightTo, lineOf } from './flight';
import { WORLD_OPTIONS, type WorldOptions } from './making';
import { worldName } from './name';
import { begun, openTests, over } from './open';
import {
  exchangesOf,
  findingsOf,
  isUnmatched,
  type Looked,
  lookElsewhere,
  type Marks,
  newestOfDefault,
  newestStrays,
  reportOf,
  ruleLine,
  toDefault,
  unreadOf,
} from './report';
import { called } from './runtime';
import { Seen } from './seen';
import type { Ringback } from './server';
import { isKeeping, shared } from './shared';
import type { Fault, JournalEntry } from './types';
import { beginWatch, endWatch, unwatched, watched } from './watch';
import { faultsOf, settled, type World } from './world';

/** What has a world count its faults anew. */
const SET_BACK: readonly string[] = ['reset', 'reseed', 'rollback'];
const FAIL_ON: readonly string[] = ['refused', 'findings', 'unmatched', 'unread'];

/** What else fails a test, in the words of `ringback run --fail-on`. */
export type FailOn = 'refused' | 'findings' | 'unmatched' | 'unread';

/** What the world of a test is made of. */
export interface TestWorldOptions extends Omit<WorldOptions, 'name'> {
  /** Rules by which requests go wrong, from the beginning. */
  faults?: Fault | readonly Fault[];
  /** What else fails the test: `refused`, `findings`, `unmatched`, `unread`. */
  failOn?: readonly FailOn[];
  /** A Ringback in place of the one that all tests of a process share. */
  ringback?: Ringback;
  /** Leaves the world when the test fails; `RINGBACK_KEEP=1` does so for all. */
  keep?: boolean;
}

const { name: _, ...OF_WORLD } = WORLD_OPTIONS;
const TEST_WORLD_OPTIONS: Known<TestWorldOptions> = {
  ...OF_WORLD,
  faults: 'any',
  failOn: 'texts',
  ringback: 'any',
  keep: 'boolean',
};

/** Which test it is. */
export interface Place {
  title: string;
  /** A line for the shell that runs this test alone, where it can be told. */
  rerun?: string | undefined;
  /** Aborted when the test runs out of time, or its runner ends it for another reason. */
  signal?: AbortSignal | undefined;
  /** Takes what is still being done when the test is over, so that it is waited for. */
  late?: ((work: Promise<void>) => void) | undefined;
  /** Why its runner has ended the test, where that was not its time. */
  cut?: (() => string | undefined) | undefined;
  /** Errors that fail the test beside what its body throws, as far as its runner knows them. */
  loose?: (() => unknown[]) | undefined;
  /** Takes what a strict test would have failed for, had it not ended. */
  afterwards?: ((error: StrictError) => void) | undefined;
}

/** A world with what is needed to end it. */
export interface Opened {
  world: World;
  place: Place;
  keep: boolean;
  strict: boolean;
  failOn: readonly FailOn[];
  strayAfter: Marks;
  /** Where the journal of `default` stood. */
  defaultAfter: number;
  seen: Seen;
  flight: Flight;
  /** Whether the run fails for it although its body was through. */
  isLoose?: boolean;
}

/** What a report is made of. */
export interface Tellable extends Pick<Opened, 'world' | 'keep' | 'strayAfter' | 'defaultAfter' | 'seen'> {
  place: Pick<Place, 'title' | 'rerun'>;
  flight: Pick<Flight, 'late'>;
  /** Of the program, where this process has not started it. */
  pid?: number | undefined;
}

/** Runs the body in a world of its own. */
export async function inWorld<T>(
  place: Place,
  options: TestWorldOptions,
  body: (world: World) => T,
): Promise<Awaited<T>> {
  const opened = await openWorld(place, options);
  let at: 'body' | 'end' | 'over' = 'body';
  let isCut = false;
  let telling: Promise<void> | undefined;
  const cut = () => {
    isCut = at === 'end';
    if (at !== 'body') return;
    telling = timedOut(opened);
    place.late?.(telling);
  };
  place.signal?.addEventListener('abort', cut, { once: true });
  let error: unknown;
  let text: string | undefined;
  try {
    const result = await watched(opened.seen, () => body(opened.world));
    await turn();
    if (telling !== undefined) {
      // Its world has to stay until it is told.
      await telling;
      return result;
    }
    const [loose] = place.loose?.() ?? [];
    if (loose !== undefined) {
      at = 'end';
      await tellLoose(opened, loose);
      return result;
    }
    await judge(opened);
    at = 'end';
    await closeWorld(opened, opened.isLoose === true);
    return result;
  } catch (thrown) {
    if (telling !== undefined) {
      await telling;
      throw thrown;
    }
    at = 'end';
    if (!isSkip(thrown)) {
      opened.flight.end();
      text = await told(opened, thrown);
    }
    error = text === undefined ? thrown : explained(thrown, text);
    await closeWorld(opened, text !== undefined);
  } finally {
    at = 'over';
    place.signal?.removeEventListener('abort', cut);
    // The runner has ended the test while the report was made, and takes no error any more.
    if (isCut && text !== undefined) process.stderr.write(`\n${place.title}: ${endOf(place)}\n${text}\n`);
  }
  throw error;
}

/** Lets the runner hear of promises that were rejected while nobody awaited them: it does when all else is done. */
export function turn(): Promise<void> {
  return new Promise((done) => {
    soon(done);
  });
}

/** A test whose body is through fails for an error that came beside it; the report goes with that. */
async function tellLoose(opened: Opened, error: unknown): Promise<void> {
  opened.flight.end();
  const text = await told(opened, error);
  if (isError(error)) append(error, text);
  else process.stderr.write(`\n${opened.place.title}: ${inspect(error)}\n${text}\n`);
  await closeWorld(opened, true);
}

/** How a test ended that its runner has ended. */
function endOf(place: Place): string {
  return place.cut?.() ?? 'not ended';
}

/** Makes the world of a test. */
export async function openWorld(place: Place, options: TestWorldOptions): Promise<Opened> {
  const { faults, failOn = [], ringback: given, keep, ...rest } = checked('withWorld', options, TEST_WORLD_OPTIONS);
  const rules = rulesOf(faults);
  for (const word of failOn) oneOf('failOn: there is no', word, FAIL_ON);
  return unwatched(async () => {
    const world = await made(given, { ...rest, name: worldName(place.title) });
    const [strayAfter, defaultAfter] = [await newestStrays(world), await newestOfDefault(world)];
    const [strict, seen, flight] = [options.strict === true, await Seen.begin(world), flightTo(world)];
    const marks = { strayAfter, defaultAfter, seen, flight };
    const opened = { world, place, keep: keep ?? isKeeping(), strict, failOn, ...marks };
    begun(opened);
    beginWatch(seen);
    try {
      for (const fault of rules) await world.fault(fault);
    } catch (error) {
      await closeWorld(opened, false);
      throw error;
    }
    return opened;
  });
}

async function made(given: Ringback | undefined, options: WorldOptions): Promise<World> {
  const ringback = given ?? (await shared());
  try {
    return await ringback.world(options);
  } catch (error) {
    // It has ended since it was last asked, and nobody knew.
    if (given !== undefined || !(error instanceof ConnectionError) || ringback.ended === undefined) throw error;
    return (await shared()).world(options);
  }
}

function rulesOf(faults: Fault | readonly Fault[] | undefined): Fault[] {
  const rules = faults === undefined ? [] : ([] as Fault[]).concat(faults);
  for (const rule of rules as unknown[]) {
    if (typeof rule === 'object' && rule !== null) continue;
    const hint = typeof rule === 'string' ? `; write { preset: '${rule}' } for a preset` : '';
    throw new ArgumentError(`faults: expected rules such as { then: 'lose_reply' }, found ${inWords(rule)}${hint}`);
  }
  return rules;
}

/** Deletes it, unless it is kept. */
export async function closeWorld(opened: Opened, hasFailed: boolean): Promise<void> {
  if (!over(opened)) return;
  endWatch(opened.seen);
  const { world, place, flight, strict } = opened;
  const tell = (line: string) => {
    const what = `a request came after the test had ended: ${line}; is an await missing?`;
    process.stderr.write(`\n${place.title}: ${what}\n`);
    if (strict) place.afterwards?.(new StrictError(`the test “${place.title}” is strict, and ${what}`));
  };
  if (hasFailed && opened.keep) {
    world.ringback.keep = true;
    flight.close(tell);
    return;
  }
  const held = await heldBack(opened);
  try {
    await unwatched(() => world.delete());
  } catch {
    // The test may have deleted it itself, or stopped its Ringback; how the test ended matters more.
  }
  const late = hasFailed ? [] : flight.late().filter((it) => !held.has(it));
  if (late.length > 0) process.stderr.write(`\n${place.title}: ${lateText(late)}\n`);
  flight.close(tell);
}

/** Ends worlds whose tests never did, and tells of them. */
export async function closeOpen(): Promise<void> {
  for (const opened of openTests()) await timedOut(opened);
}

async function timedOut(opened: Opened): Promise<void> {
  opened.flight.end();
  const text = await told(opened, 'not ended');
  process.stderr.write(`\n${opened.place.title}: ${endOf(opened.place)}\n${text}\n`);
  await closeWorld(opened, true);
}

/**
 * Judges a test whose body is through.
 *
 * @throws StrictError where a strict world has seen what nobody expected, or what `failOn` names.
 */
export async function judge(opened: Opened): Promise<void> {
  opened.flight.end();
  const [failed] = await settled(opened.world);
  if (failed !== undefined) {
    if (isError(failed))
      append(failed, 'a call of the world failed that the test does not await: write `await world.…`');
    throw failed;
  }
  for (const it of await unwatched(() => opened.seen.madeBeside())) judgeStrict(it, it.world.name);
  if (!opened.strict && opened.failOn.length === 0) return;
  const own = await unwatched(() => opened.seen.own());
  judgeStrict(own);
  if (opened.strict) {
    await judgeElsewhere(opened);
    judgeFaults(own);
  }
  await judgeFailOn(opened, own);
  const held = await heldBack(opened);
  const late = opened.strict ? opened.flight.late().filter((it) => !held.has(it)) : [];
  if (late.length > 0) throw new StrictError(`the test is strict, and ${lateText(late)}`);
}

function judgeStrict({ findings }: Looked, name?: string): void {
  const text = strictText(findings.strict, name);
  if (text !== undefined) throw new StrictError(text);
}

/** A client that goes past the world of its test goes to `default`, which nobody judges. */
async function judgeElsewhere(opened: Opened): Promise<void> {
  const { world, defaultAfter } = opened;
  if (!isAlone(opened)) return;
  const strayed = await toDefault(world, defaultAfter);
  if (strayed.length === 0) return;
  throw new StrictError(
    `the test is strict, and ${requests(strayed.length)} went to the world default, past its own: give the client ${world.url()} as its base, or its proxy variables (world.environ())`,
  );
}

/**
 * A test of a fault that never struck tests nothing. One that is drawn by chance, or that waits for a client that asks
 * for too much, may well not strike; a world that was set back counts anew.
 */
function judgeFaults({ world, faults, entries }: Looked): void {
  if (entries.some((it) => SET_BACK.includes(it.action ?? ''))) return;
  const asked = faultsOf(world);
  const idle = faults.filter(
    (it) => it.fired === 0 && asked.has(it.id) && it.then !== 'rate_limit' && !('probability' in it.on),
  );
  if (idle.length === 0) return;
  const what = 'a fault that it asked for never struck (clearFaults() takes away what was not to)';
  throw new StrictError([`the test is strict, and ${what}:`, ...idle.map((it) => `  ${ruleLine(it)}`)].join('\n'));
}

/** What others ask of a program that is not ours, or another test beside this one, says nothing of this test. */
function isAlone({ world }: Opened): boolean {
  return world.ringback.pid !== undefined && openTests().length <= 1;
}

async function judgeFailOn(opened: Opened, own: Looked): Promise<void> {
  const [exchanges, lines] = [exchangesOf(own), [] as string[]];
  const { strays } = isAlone(opened) ? await lookElsewhere(opened.world, opened.strayAfter) : { strays: [] };
  for (const word of opened.failOn) {
    if (word === 'refused') {
      const refused = exchanges.filter((it) => it.outcome === 'refused' && !isUnmatched(it)).length;
      if (refused > 0) lines.push(`${requests(refused)} refused`);
    } else if (word === 'unmatched') {
      const unmatched = exchanges.filter(isUnmatched).length + strays.length;
      if (unmatched > 0) lines.push(`${requests(unmatched)} taken by no vendor`);
    } else if (word === 'findings') {
      for (const it of findingsOf(own)) lines.push(`finding ${it.name}: ${it.what}`);
    } else {
      const of = (it: JournalEntry) => unreadOf(it).map((what) => `unread: ${it.vendor} ${it.operation}: ${what}`);
      lines.push(...new Set(exchanges.flatMap(of)));
    }
  }
  if (lines.length > 0) throw new StrictError(['the test fails by its option failOn:', ...lines].join('\n  '));
}

/** Requests that had no reply as the test ended because a fault holds it back: that is no call that nobody awaits. */
async function heldBack({ seen, flight }: Opened): Promise<Set<string>> {
  const held = new Set<string>();
  if (flight.late().length === 0) return held;
  try {
    for (const { fault, request } of (await unwatched(() => seen.own())).entries) {
      if (fault != null && (fault.kind === 'hang' || fault.delay_ms > 0))
        held.add(lineOf(String(request?.method), String(request?.target)));
    }
  } catch {
    // Without its journal none is known.
  }
  return held;
}

function lateText(late: string[]): string {
  return `${requests(late.length)} had no reply when its body ended, or came after it: ${late.join(', ')}; is an await missing?`;
}

function requests(count: number): string {
  return count === 1 ? '1 request' : `${count} requests`;
}

/** The report on a test that failed, with lines to paste. */
export async function told(opened: Tellable, why: unknown): Promise<string> {
  const { world, place, keep, seen, flight } = opened;
  let text: string;
  let isGone = false;
  try {
    const own = await unwatched(() => seen.own());
    isGone = own.isGone;
    const elsewhere = await lookElsewhere(world, opened.strayAfter, opened.defaultAfter);
    const beside = await unwatched(() => seen.beside());
    text = [reportOf(own, elsewhere), ...beside.map((it) => reportOf(it))].join('\n');
    const late = flight.late();
    if (late.length > 0)
      text += `\n  without a reply when the test ended:\n    ${late.join('\n    ')}\n      is an await missing?`;
  } catch (error) {
    text = `Ringback, world ${world.name}: there is no report; ${noReport(error)}`;
  }
  text += await capsuled(opened, why, isGone);
  if (keep && !isGone) {
    const pid = opened.pid ?? world.ringback.pid;
    const end = pid === undefined ? '' : `\n  it is kept at ${world.url()}; end it: kill ${pid}`;
    return `${text}\n  look at it: ${called('ringback')} tail -v --no-follow --world ${world.name} --admin ${world.ringback.admin}${end}`;
  }
  const rerun = place.rerun ?? 'the same command';
  return `${text}\n  run it again and keep the world: RINGBACK_KEEP=1 ${rerun}`;
}

function noReport(error: unknown): string {
  const isGone = error instanceof ProblemError && error.status === 404;
  const why = (error as Error).message;
  return isGone ? `the world is gone: it was deleted, or lived unused beyond its ttl (${why})` : why;
}

/** Where its capsule is, if there is to be one. */
async function capsuled({ world, place }: Tellable, why: unknown, isGone: boolean): Promise<string> {
  const folder = capsuleFolder();
  if (folder === undefined) return '';
  if (isGone) return '\n  there is no capsule; the test has deleted its world';
  try {
    const file = await keepCapsule(folder, world, place.title, isError(why) ? why.message : inspect(why));
    return `\n  do it again elsewhere: ${called('ringback')} replay -v ${quoted(relative(process.cwd(), file))}`;
  } catch (error) {
    return `\n  there is no capsule; ${(error as Error).message}`;
  }
}

/** The error with the report behind its message; what is no error is put into one. */
function explained(error: unknown, text: string): unknown {
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
    // Jest words such a message anew, and drops what was put behind it.
    if ((error as { generatedMessage?: boolean }).generatedMessage === true)
      (error as { generatedMessage?: boolean }).generatedMessage = false;
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

/** Whether something thrown has a message that can be added to. */
export function isError(error: unknown): error is Error {
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

// Worlds for vitest: `test('title', withWorld({ … }, async (world) => { … }))`, or as a fixture:
// `const test = base.extend({ world: worldFixture({ … }) })`.
//
// Not here: what a world of a test is (helper.ts); vitest's own type of a context (types/vitest.d.mts). Vitest itself is not loaded: its contexts are all it takes.

import { relative } from 'node:path';
import { ArgumentError, type StrictError } from './errors';
import {
  append,
  closeWorld,
  type FailOn,
  inWorld,
  isError,
  judge,
  openWorld,
  type Place,
  pattern,
  quoted,
  type TestWorldOptions,
  told,
  turn,
} from './helper';
import { openTests, reportNow } from './open';
import { calledRunner } from './runtime';
import { isOf } from './watch';
import type { World } from './world';

/** What this needs of a test's context. */
export interface TestContextLike {
  readonly task: TaskLike;
  readonly signal?: AbortSignal | undefined;
  readonly onTestFinished?: ((hook: () => Promise<void>) => void) | undefined;
}
/** What this needs of a test. */
export interface TaskLike {
  readonly name: string;
  readonly suite?: { readonly name: string; readonly suite?: unknown | undefined } | undefined;
  readonly file?: { readonly filepath?: string | undefined; readonly name: string } | undefined;
  readonly result?:
    | {
        readonly state?: string | undefined;
        readonly errors?: { message: string; stack?: string | undefined }[] | undefined;
      }
    | undefined;
}

/** A test in a world of its own. The body has behind the world what vitest gives: its context, and a row before that. */
export function withWorld<Given extends unknown[] = [TestContextLike]>(
  options: TestWorldOptions,
  body: (world: World, ...given: Given) => unknown,
): (...given: Given) => Promise<void>;
export function withWorld<Given extends unknown[] = [TestContextLike]>(
  body: (world: World, ...given: Given) => unknown,
): (...given: Given) => Promise<void>;
export function withWorld(
  first: TestWorldOptions | ((world: World, ...given: never[]) => unknown),
  second?: (world: World, ...given: never[]) => unknown,
): (...given: never[]) => Promise<void> {
  const [options, body] = typeof first === 'function' ? [{}, first] : [first, second];
  if (typeof body !== 'function') throw new ArgumentError('withWorld: expected a function (world, context) => …');
  // Without parameters: vitest reads the names of fixtures from those that it finds here.
  return async function (this: unknown) {
    // biome-ignore lint/complexity/noArguments: a rest parameter is one that vitest reads.
    const given = [...arguments] as never[];
    const context = contextOf(given);
    let rest: Promise<void> | undefined;
    // Vitest waits for its hooks, and for nothing else of a test that ran out of time.
    context.onTestFinished?.(async () => rest);
    const late = (work: Promise<void>) => {
      rest = work;
    };
    const place = { ...placeOf(context.task), signal: context.signal, late };
    listen();
    await inWorld(place, options, (world) => body(world, ...given));
  };
}

/** The context among what vitest gives: `test` and `test.for` have one, last; `test.each` has none. */
function contextOf(given: readonly unknown[]): TestContextLike {
  const last = given[given.length - 1] as Partial<TestContextLike> | null | undefined;
  if (typeof last?.task?.name === 'string') return last as TestContextLike;
  const worker = (globalThis as { __vitest_worker__?: { current?: TaskLike & { type?: string } } }).__vitest_worker__;
  const task = worker?.current;
  if (task?.type === 'test') return { task };
  throw new ArgumentError(
    'withWorld: expected the context of a test, which test.each does not give; write ' +
      "test.for(rows)('title', withWorld(options, async (world, row, context) => …))",
  );
}

type Listener = (error: unknown, ...more: unknown[]) => void;
const ours = new WeakSet<object>();

/**
 * An error that nobody takes fails the whole run, and no test: vitest sends it off as it comes, so the report is put
 * to it at once. Vitest leaves such errors alone where it is not the only listener, so this one takes its place.
 */
function listen(): void {
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    const [theirs, ...others] = process.rawListeners(event) as Listener[];
    if (theirs === undefined || others.length > 0 || ours.has(theirs)) continue;
    const what = event === 'uncaughtException' ? 'an error that nobody catches' : 'a promise that nobody awaits';
    // By this name Node finds it when vitest takes its own away.
    const ourListener = Object.assign(
      (error: unknown, ...more: unknown[]) => {
        tellNow(error, what);
        theirs.call(process, error, ...more);
      },
      { listener: theirs },
    );
    ours.add(ourListener);
    process.removeListener(event, theirs);
    process.on(event as 'uncaughtException', ourListener);
  }
}

function tellNow(error: unknown, what: string): void {
  const now = openTests();
  const own = now.filter((it) => isOf(it.seen));
  for (const opened of own.length > 0 ? own : now) {
    const text = `${opened.place.title}: ${what}; is an await missing?\n${reportNow(opened, what)}`;
    opened.isLoose = true;
    if (isError(error)) append(error, text);
    else process.stderr.write(`\n${text}\n`);
  }
}

/** A fixture for `test.extend`: each test that asks for it has a world of its own. */
export function worldFixture(
  options: TestWorldOptions = {},
): (context: TestContextLike, use: (world: World) => Promise<void>) => Promise<void> {
  // Vitest reads the names of what a fixture needs from this pattern.
  return async ({ task, onTestFinished }, use) => {
    listen();
    const opened = await openWorld(placeOf(task), options);
    await use(opened.world);
    await turn();
    opened.flight.end();
    const errors = task.result?.errors ?? [];
    if (task.result?.state === 'fail' || errors.length > 0) {
      const last = errors[errors.length - 1];
      const text = await told(opened, last);
      if (last === undefined) process.stderr.write(`${text}\n`);
      else append(last, text);
      await closeWorld(opened, true);
      return;
    }
    try {
      await judge(opened);
    } catch (error) {
      append(error as Error, await told(opened, error));
      await closeWorld(opened, true);
      if (onTestFinished === undefined) throw error;
      // What a fixture throws fails its test twice over in some versions; what this throws does so once.
      onTestFinished(async () => {
        throw error;
      });
      return;
    }
    await closeWorld(opened, opened.isLoose === true);
  };
}

/** A test that is over cannot fail any more, and the run can. */
function failRun(error: StrictError): void {
  Promise.reject(error);
}

function placeOf(task: TaskLike): Place {
  const names = [task.name];
  let suite = task.suite as TaskLike | undefined;
  while (suite !== undefined && suite !== null && suite.name !== '') {
    // The outermost is the file itself.
    if (suite.suite === undefined && suite.name === task.file?.name) break;
    names.unshift(suite.name);
    suite = suite.suite as TaskLike | undefined;
  }
  const title = names.join(' ');
  const file = task.file?.filepath;
  const where = file === undefined ? '' : ` ${quoted(relative(process.cwd(), file))}`;
  return {
    title,
    rerun: `${calledRunner('vitest')} run${where} -t ${quoted(`^${pattern(title)}$`)}`,
    afterwards: failRun,
  };
}

export type { FailOn, TestWorldOptions };

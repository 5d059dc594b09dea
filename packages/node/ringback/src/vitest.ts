// Worlds for vitest: `test('title', withWorld({ … }, async (world) => { … }))`, or as a fixture:
// `const test = base.extend({ world: worldFixture({ … }) })`.
//
// Not here: what a world of a test is (helper.ts); vitest's own type of a context (types/vitest.d.mts). Vitest itself is not loaded: its contexts are all it takes.

import { relative } from 'node:path';
import { ArgumentError, type StrictError } from './errors';
import {
  append,
  closeWorld,
  inWorld,
  judge,
  openWorld,
  type Place,
  pattern,
  quoted,
  type TestWorldOptions,
  told,
} from './helper';
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

/** A test in a world of its own. */
export function withWorld<Context extends TestContextLike>(
  options: TestWorldOptions,
  body: (world: World, context: Context) => unknown,
): (context: Context) => Promise<void>;
export function withWorld<Context extends TestContextLike>(
  body: (world: World, context: Context) => unknown,
): (context: Context) => Promise<void>;
export function withWorld<Context extends TestContextLike>(
  first: TestWorldOptions | ((world: World, context: Context) => unknown),
  second?: (world: World, context: Context) => unknown,
): (context: Context) => Promise<void> {
  const [options, body] = typeof first === 'function' ? [{}, first] : [first, second];
  if (typeof body !== 'function') throw new ArgumentError('withWorld: expected a function (world, context) => …');
  return async (context) => {
    let rest: Promise<void> | undefined;
    // Vitest waits for its hooks, and for nothing else of a test that ran out of time.
    context.onTestFinished?.(async () => rest);
    const late = (work: Promise<void>) => {
      rest = work;
    };
    const place = { ...placeOf(context.task), signal: context.signal, late };
    await inWorld(place, options, (world) => body(world, context));
  };
}

/** A fixture for `test.extend`: each test that asks for it has a world of its own. */
export function worldFixture(
  options: TestWorldOptions = {},
): (context: TestContextLike, use: (world: World) => Promise<void>) => Promise<void> {
  // Vitest reads the names of what a fixture needs from this pattern.
  return async ({ task, onTestFinished }, use) => {
    const opened = await openWorld(placeOf(task), options);
    await use(opened.world);
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
    await closeWorld(opened, false);
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
  return { title, rerun: `npx vitest run${where} -t ${quoted(`^${pattern(title)}$`)}`, afterwards: failRun };
}

export type { TestWorldOptions };

// The one Ringback of a test process: the one that the run has (`RINGBACK_ADMIN_URL`, as `ringback run` and
// the runners' global setup say it), else one of its own, started when the first test needs it.
//
// Not here: worlds and tests (helper.ts).

import { ArgumentError, ConnectionError, ProblemError } from './errors';
import { connect, Ringback } from './server';

/** Where it is kept: both module systems and all copies of this package find the same. */
const KEY = Symbol.for('ringback.shared');
/** Says that the run's Ringback was started by the global setup, so its ports can be reached. */
export const OURS = 'RINGBACK_STARTED_BY';
export const NODE = 'node';
const UNAUTHORIZED = 401;

type Holder = { [KEY]?: Promise<Ringback> | undefined };
const holder = globalThis as Holder;

/** The Ringback of this process; a new one where the one before has ended on its own. */
export async function shared(): Promise<Ringback> {
  const known = holder[KEY] ?? keep(begin());
  const ringback = await known;
  const how = await endOf(ringback);
  if (how === undefined) return ringback;
  // Of tests that run side by side the first one does it.
  if (holder[KEY] === known) {
    process.stderr.write(`\nringback: ${how}\nThe next test has a new one; worlds that outlast a test are gone.\n`);
    keep(Ringback.start({ outlives: isKeeping() }));
    await ringback.stop();
  }
  return shared();
}

/** How one ended that tests are to use; `undefined` where it serves. */
async function endOf(ringback: Ringback): Promise<string | undefined> {
  if (ringback.pid !== undefined) return ringback.ended;
  // One that the run's global setup has started is another process's child: it is asked.
  if (process.env[OURS] !== NODE) return undefined;
  try {
    await ringback.call('GET', '/livez');
    return undefined;
  } catch (error) {
    return error instanceof ConnectionError ? `the Ringback of the run has ended; ${error.message}` : undefined;
  }
}

function keep(begun: Promise<Ringback>): Promise<Ringback> {
  holder[KEY] = begun;
  // The next test tries again, and has the same error as its own.
  begun.catch(() => {
    holder[KEY] = undefined;
  });
  return begun;
}

/** Ends it, where it was started. */
export async function endShared(): Promise<void> {
  const known = holder[KEY];
  holder[KEY] = undefined;
  const ringback = await known?.catch(() => undefined);
  if (ringback !== undefined && !ringback.keep) await ringback.stop();
}

/** Whether worlds of failed tests stay. */
export function isKeeping(): boolean {
  const said = process.env.RINGBACK_KEEP;
  return said !== undefined && !['', '0', 'false', 'no'].includes(said);
}

async function begin(): Promise<Ringback> {
  const admin = process.env.RINGBACK_ADMIN_URL;
  if (admin === undefined || admin === '') return Ringback.start({ outlives: isKeeping() });
  const { RINGBACK_URL: url, RINGBACK_ADMIN_TOKEN: token } = process.env;
  try {
    return await connect({
      admin,
      ...(url === undefined ? {} : { url }),
      ...(token === undefined ? {} : { token }),
      ...(process.env[OURS] === NODE ? { ports: true } : {}),
    });
  } catch (error) {
    // What the run's global setup has started may have ended before this process began.
    if (process.env[OURS] === NODE && error instanceof ConnectionError)
      return Ringback.start({ outlives: isKeeping() });
    throw named(error, admin);
  }
}

/** What is wrong with a Ringback that the environment names is told with the variable. */
function named(error: unknown, admin: string): unknown {
  const means = `RINGBACK_ADMIN_URL names ${admin}, which tests use in place of a Ringback of their own; unset it for that`;
  if (error instanceof ArgumentError) return new ArgumentError(`RINGBACK_URL, ${error.message}`, { cause: error });
  if (error instanceof ConnectionError) return new ConnectionError(`${error.message}\n${means}`, { cause: error });
  if (!(error instanceof ProblemError)) return error;
  const isToken = error.status === UNAUTHORIZED;
  const token = isToken ? '\nRINGBACK_ADMIN_TOKEN is to hold the token that it was started with' : '';
  return new ConnectionError(`${error.message}\n${means}${token}`, { cause: error });
}

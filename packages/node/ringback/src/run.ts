// One Ringback for a whole test run: started in the runner's own process, told to its workers by variables.
//
// Not here: the Ringback of a single process (shared.ts).

import { onEnd, Ringback } from './server';
import { isKeeping, NODE, OURS } from './shared';

const KEY = Symbol.for('ringback.run');
const holder = globalThis as { [KEY]?: Ringback | undefined };

/** Starts it, unless the run has one (`ringback run -- npm test`). */
export async function begin(): Promise<void> {
  if (process.env.RINGBACK_ADMIN_URL) return;
  const ringback = await Ringback.start({ outlives: isKeeping() });
  holder[KEY] = ringback;
  // Its workers are other processes, and know only that nobody answers.
  onEnd(ringback, (how) => process.stderr.write(`\nringback: ${how}\n`));
  process.env.RINGBACK_ADMIN_URL = ringback.admin;
  process.env.RINGBACK_URL = ringback.url;
  process.env[OURS] = NODE;
}

/** Ends it, unless worlds of failed tests are kept in it. */
export async function end(): Promise<void> {
  const ringback = holder[KEY];
  holder[KEY] = undefined;
  if (ringback === undefined) return;
  for (const name of ['RINGBACK_ADMIN_URL', 'RINGBACK_URL', OURS]) delete process.env[name];
  const kept = isKeeping()
    ? (await ringback.worlds()).filter((it) => it.state === 'open' && it.name !== 'default')
    : [];
  if (kept.length === 0) {
    await ringback.stop();
    return;
  }
  ringback.keep = true;
  const names = kept.map((it) => it.name).join(', ');
  process.stderr.write(
    `Ringback: kept at ${ringback.admin} with the worlds of failed tests: ${names}; end it: kill ${ringback.pid}\n`,
  );
}

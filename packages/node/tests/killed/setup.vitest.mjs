// A test whose run's program is killed, and one after it. Run by killed.test.mjs.
import { readdirSync, readlinkSync } from 'node:fs';
import { withWorld } from 'ringback/vitest';
import { expect, test } from 'vitest';

/** The number of the program that was installed here: a worker knows nothing but its address. */
function number() {
  return readdirSync('/proc').find((it) => {
    try {
      return /^\d+$/.test(it) && readlinkSync(`/proc/${it}/exe`).startsWith(process.cwd());
    } catch {
      return false;
    }
  });
}

test(
  'killed',
  withWorld(async (world) => {
    process.kill(Number(number()), 'SIGKILL');
    for (;;) await world.info();
  }),
);
test(
  'next',
  withWorld(async (world) => {
    expect((await world.info()).title).toBe('Demo');
  }),
);

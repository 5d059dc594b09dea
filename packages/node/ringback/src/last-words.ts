// Run by itself, in place of a process that can wait for nothing any more: looks at a test's worlds and prints the
// report on them. What it needs comes as JSON on stdin, the token among it, which an argument would show to all.
//
// Not here: who starts it (open.ts).

import { readFileSync } from 'node:fs';
import { told } from './helper';
import type { Handed } from './open';
import { Seen } from './seen';
import { Ringback } from './server';
import type { World } from './world';

async function main(): Promise<void> {
  const handed = JSON.parse(readFileSync(0, 'utf8')) as Handed;
  const { admin, url, token, strayAfter, defaultAfter, title, rerun, keep, pid, late } = handed;
  const ringback = await Ringback.connect({
    admin,
    ...(url === undefined ? {} : { url }),
    ...(token === undefined ? {} : { token }),
  });
  const there = async (name: string): Promise<World | undefined> => ringback.open(name).catch(() => undefined);
  const world = await ringback.open(handed.world);
  const made: World[] = [];
  for (const name of handed.made) {
    const it = await there(name);
    if (it !== undefined) made.push(it);
  }
  const shared: { world: World; after: number }[] = [];
  for (const { name, after } of handed.shared) {
    const it = await there(name);
    if (it !== undefined) shared.push({ world: it, after });
  }
  const seen = Seen.of(world, made, shared);
  const of = {
    world,
    place: { title, rerun },
    keep,
    pid,
    strayAfter,
    defaultAfter,
    seen,
    flight: { late: () => late },
  };
  process.stdout.write(await told(of, handed.why));
}

main().catch((error: Error) => {
  process.stderr.write(error.message);
  process.exitCode = 1;
});

// What runs this process: Node, Deno or Bun. A line that somebody is to type names the one that they have.
//
// Not here: the lines themselves (helper.ts, and each runner's own).

/** What may run it. */
export type Runtime = 'node' | 'deno' | 'bun';

/** What runs this process, by the versions that it tells of itself. */
export function runtime(versions: Record<string, string | undefined> = process.versions): Runtime {
  if (versions.deno !== undefined) return 'deno';
  return versions.bun === undefined ? 'node' : 'bun';
}

/** How a command of a package is called from a shell. */
export function called(command: string, by: Runtime = runtime()): string {
  return { node: `npx ${command}`, deno: `deno run -A npm:${command}`, bun: `bunx ${command}` }[by];
}

/** The same for a test runner, which is to run in what runs it now: `bunx` alone would take Node where it is there. */
export function calledRunner(command: string, by: Runtime = runtime()): string {
  return by === 'bun' ? `bunx --bun ${command}` : called(command, by);
}

/** The arguments by which a script of this package is run. */
export function scriptArguments(file: string, by: Runtime = runtime()): string[] {
  return by === 'deno' ? ['run', '-A', '--quiet', file] : [file];
}

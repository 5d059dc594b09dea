// Starting `ringback serve` as a child that never outlives this process, and reading its ready line.
//
// The child's stdin is a pipe that only this process holds: it closes however this process ends, also by
// `kill -9`, and the child ends then. Not here: what is done with a running program (server.ts).

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { clearTimeout as cancel, setTimeout as later } from 'node:timers';
import { StartError } from './errors';

/** How long a program may take until it is ready; it takes milliseconds, a large scenario seconds. */
const READY_WITHIN_MS = 60_000;
/** How much of stderr is kept for an error message. */
const STDERR_KEPT = 64 * 1024;
/** What tells the program to end when its stdin does. */
const UNTIL = '--until-stdin-closes';

/** The line that the program prints when it serves. */
export interface Ready {
  version: string;
  pid: number;
  admin: string;
  listen: string;
  page?: string;
  vendors?: Record<string, string>;
  worlds: string[];
  hosts?: Record<string, string[]>;
}

/** A child and what it said of itself. */
export interface Launched {
  child: ChildProcess;
  ready: Ready;
  /** What it wrote on stderr so far, the last of it. */
  stderr: () => string;
}

/** What to start. */
export interface Launch {
  program: string;
  args: string[];
  env: Record<string, string | undefined>;
  /** The child goes on when this process ends, and writes its stderr to this file until it serves. */
  outlives: string | undefined;
  within?: number | undefined;
  cwd?: string | undefined;
}

/** Starts the program and waits until it serves. */
export function launch(what: Launch): Promise<Launched> {
  const log = what.outlives;
  const child = spawn(what.program, log === undefined ? [...what.args, UNTIL] : what.args, {
    stdio: [log === undefined ? 'pipe' : 'ignore', 'pipe', log === undefined ? 'pipe' : openSync(log, 'a')],
    env: what.env as NodeJS.ProcessEnv,
    detached: log !== undefined,
    cwd: what.cwd,
    windowsHide: true,
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    said = (said + part).slice(-STDERR_KEPT);
  });
  // A write to a child that has just ended is its end, not ours.
  child.stdin?.on('error', () => {});
  const stderr = () => (log === undefined ? said : logged(log));
  const within = what.within ?? READY_WITHIN_MS;
  return new Promise((started, failed) => {
    let printed = '';
    const fail = (how: string, code: number | null) => {
      cancel(timer);
      const text = stderr();
      const told = text.trim() === '' ? '' : `:\n${text.trim()}`;
      failed(new StartError(`${what.program} serve ${how}${told}`, code, text));
    };
    const timer = later(() => {
      child.kill('SIGKILL');
      fail(`was not ready within ${within} ms`, null);
    }, within);
    child.on('error', (error) => fail(`cannot be started: ${error.message}${cure(what.program, error)}`, null));
    // Not `exit`: what it said on stderr is read to its end first.
    child.on('close', (code, signal) => fail(`ended at once with ${signal ?? `exit code ${code}`}`, code));
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      if (printed.includes('\n')) return;
      printed += part;
      if (!printed.includes('\n')) return;
      cancel(timer);
      let ready: Ready;
      try {
        ready = JSON.parse(printed.slice(0, printed.indexOf('\n'))) as Ready;
      } catch {
        child.kill();
        fail(`printed no ready line but ${JSON.stringify(printed)}; is it Ringback?`, null);
        return;
      }
      release(child);
      started({ child, ready, stderr });
    });
  });
}

/** What is to be done where a file is no program. */
function cure(program: string, error: NodeJS.ErrnoException): string {
  if (error.code !== 'EACCES') return '';
  const isFolder = statSync(program, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? '; it is a folder, expected the path of the program ringback' : '; make it executable: chmod +x';
}

/** What stands in a log, which is gone when the program serves. */
function logged(log: string): string {
  return existsSync(log) ? readFileSync(log, 'utf8').slice(-STDERR_KEPT) : '';
}

/** A child is no reason for this process to stay. */
function release(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) (stream as unknown as { unref?: () => void } | null)?.unref?.();
}

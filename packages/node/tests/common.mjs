// What several tests need. Not a test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

if (!process.env.RINGBACK_BIN) throw new Error('RINGBACK_BIN is to name the program; packages/node/check BIN sets it');

export const BIN = process.env.RINGBACK_BIN;
export const BEARER = { Authorization: 'Bearer SIMTOKEN-7A' };
/** How long anything here may take that is waited for. */
const WITHIN_MS = 20_000;
const POLL_MS = 20;

export const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Waits until something is so. */
export async function until(what, isSo) {
  const end = Date.now() + WITHIN_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not within ${WITHIN_MS} ms: ${what}`);
    await pause(POLL_MS);
  }
}

/** Whether a process is there; one that only waits to be reaped is not. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Runs a program to its end. */
export function run(command, args, options = {}) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { stdio: 'pipe', ...options });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (part) => {
      said.stdout += part;
    });
    child.stderr.setEncoding('utf8').on('data', (part) => {
      said.stderr += part;
    });
    child.on('error', failed);
    child.on('close', (code, signal) => done({ code, signal, ...said }));
    child.stdin.end(options.input ?? '');
    options.started?.(child);
  });
}

/** The environment without what the runner of these tests has put there for its own children. */
export function clean(more = {}) {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return { ...env, ...more };
}

/** Locks a contact as a client does. */
export function lock(world, id) {
  const url = `${world.url('jtel')}/rest/v1.0/7/dialler/contacts/contact/${id}/lock`;
  return fetch(url, { method: 'PATCH', headers: BEARER });
}

/** A program that this test starts by itself, and its ready line. */
export async function serve(env, listen = '127.0.0.1:0') {
  const args = ['serve', '--listen', listen, '--admin', '127.0.0.1:0'];
  const child = spawn(BIN, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const [line] = await once(child.stdout, 'data');
  return { ready: JSON.parse(line), stop: () => child.kill() };
}

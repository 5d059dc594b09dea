// What leads an unchanged client, in a process of its own, to a world: proxies, trust, a preload for Node.
//
// Not here: clients of other runtimes, beyond what variables can do; `ringback run` has those levers.

import { type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import { options as checked, type Known, ofKind } from './checked';
import { RingbackError } from './errors';
import { inherited, isOfRun, LEAD, type Lead } from './lead';
import type { World } from './world';

/** The proxy's variables: clients differ in which case they read. */
const PROXY = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
/** Hosts that are asked for without the proxy: what a test serves by itself. */
const NO_PROXY = 'localhost,127.0.0.1,::1';
/** What clients read the trusted certificates from; Node's own roots stay beside it. */
const TRUST = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'DENO_CERT',
  'GIT_SSL_CAINFO',
  'AWS_CA_BUNDLE',
  'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH',
];

/** How a child is run. */
export interface RunOptions {
  cwd?: string;
  /** Over the environment of this process and what leads here. */
  env?: Record<string, string>;
  /** What it reads on stdin. */
  input?: string;
  /** It is aborted, with SIGTERM. */
  signal?: AbortSignal;
}

const RUN_OPTIONS: Known<RunOptions> = { cwd: 'text', env: 'object', input: 'text', signal: 'any' };

/** How a child ended. */
export interface Ended {
  /** Its exit code; `null` where a signal ended it. */
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** The variables that lead a child to this world. */
export function environ(world: World): Record<string, string> {
  const { http } = world.proxies();
  const env: Record<string, string> = {};
  for (const name of PROXY) env[name] = http;
  env.no_proxy = NO_PROXY;
  env.NO_PROXY = NO_PROXY;
  const ca = world.ringback.caFile;
  if (ca !== undefined) {
    for (const name of TRUST) env[name] = ca;
    env.RINGBACK_CA = ca;
  }
  env.RINGBACK_ADMIN_URL = world.ringback.admin;
  env.RINGBACK_URL = world.url();
  env.RINGBACK_WORLD = world.name;
  // With the vendor's own path, as `ringback run` has it.
  for (const [vendor, path] of Object.entries(world.ringback.paths)) {
    env[`RINGBACK_${vendor.toUpperCase()}_URL`] = `${world.url()}${path}`;
  }
  // What names no world is for the default one.
  const own = world.ownUrl ?? (world.name === 'default' ? world.ringback.url : undefined);
  return Object.assign(env, own === undefined ? unled() : led(world, own));
}

/** Where nobody listens. */
const NOWHERE = { address: '127.0.0.1', port: 0 };

/**
 * Without a port of its own the world is found by proxy variables alone. A preload that this process has
 * inherited would lead to the world `default`: it leads nowhere then, since a client that fails is better than
 * one that works in another world, or asks the real vendor.
 */
function unled(): Record<string, string> {
  const lead = inherited();
  const nowhere = lead === undefined ? {} : { [LEAD]: JSON.stringify({ ...lead, ...NOWHERE }) };
  return { NODE_USE_ENV_PROXY: '1', ...nowhere };
}

/** What knows an address and no world: here the world's own. */
function led(world: World, own: string): Record<string, string> {
  const { hostname, port } = new URL(own);
  const env = preload({ address: hostname, port: Number(port), hosts: world.ringback.hosts });
  const from = inherited();
  // They trust whom `ringback run` has named to them, so they are led only to worlds of its own.
  if (from === undefined || !isOfRun(world.ringback.url, world.ringback.listeners)) return env;
  if (process.env.RINGBACK_PHP_PROXY) env.RINGBACK_PHP_PROXY = `tcp://${hostname}:${port}`;
  const java = process.env.JAVA_TOOL_OPTIONS;
  if (java)
    env.JAVA_TOOL_OPTIONS = java.replace(/(-Dhttps?\.proxyPort=)(\d+)/g, (all, option: string, was: string) =>
      Number(was) === from.port ? `${option}${port}` : all,
    );
  return env;
}

/**
 * Node before 22.21 reads no proxy variable, and a client with an agent of its own reads none in any
 * version, so its connections to the vendors' names are led here where they are made. The preload knows
 * an address and no world: the world needs a port of its own.
 */
function preload(lead: Lead): Record<string, string> {
  // Within quotes, Node takes a backslash for an escape.
  const file = join(__dirname, 'preload.cjs').replace(/\\/g, '/');
  const inherited = process.env.NODE_OPTIONS;
  const option = `--require ${file.includes(' ') ? JSON.stringify(file) : file}`;
  return {
    NODE_OPTIONS: inherited === undefined || inherited === '' ? option : `${inherited} ${option}`,
    [LEAD]: JSON.stringify(lead),
  };
}

/** Runs a command in that environment. */
export async function runChild(
  world: World,
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Ended> {
  ofKind('command', command, 'text');
  ofKind('args', args, 'texts');
  checked('run', options, RUN_OPTIONS);
  const env = { ...process.env, ...environ(world), ...options.env };
  const spawned: SpawnOptions = { env, stdio: 'pipe' };
  if (options.cwd !== undefined) spawned.cwd = options.cwd;
  if (options.signal !== undefined) spawned.signal = options.signal;
  return new Promise((ended, failed) => {
    const child = spawn(command, args, spawned);
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (part: string) => {
        said[name] += part;
      });
    }
    child.on('error', (error) => {
      // One that was aborted is told as the signal's owner tells it.
      if (error.name === 'AbortError') failed(error);
      else failed(new RingbackError(`${command} cannot be started: ${error.message}`, { cause: error }));
    });
    child.on('close', (code, signal) => ended({ code, signal, ...said }));
    child.stdin?.on('error', () => {}).end(options.input ?? '');
  });
}

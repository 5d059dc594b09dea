// What leads an unchanged client, in a process of its own, to a world: proxies, trust, a preload for Node.
//
// Not here: clients of other runtimes, beyond what variables can do; `ringback run` has those levers.

import { type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import { options as checked, type Known, ofKind } from './checked';
import { RingbackError } from './errors';
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
  for (const vendor of world.ringback.vendors) env[`RINGBACK_${vendor.toUpperCase()}_URL`] = world.url(vendor);
  if (world.ownUrl !== undefined) Object.assign(env, preload(world.ownUrl, world.ringback.hosts));
  return env;
}

/**
 * Node before 22.21 reads no proxy variable, and a client with an agent of its own reads none in any
 * version, so its connections to the vendors' names are led here where they are made. The preload knows
 * an address and no world: the world needs a port of its own.
 */
function preload(own: string, hosts: string[]): Record<string, string> {
  const { hostname, port } = new URL(own);
  // Within quotes, Node takes a backslash for an escape.
  const file = join(__dirname, 'preload.cjs').replace(/\\/g, '/');
  const inherited = process.env.NODE_OPTIONS;
  const option = `--require ${file.includes(' ') ? JSON.stringify(file) : file}`;
  const lead = { address: hostname, port: Number(port), hosts };
  return {
    NODE_OPTIONS: inherited === undefined || inherited === '' ? option : `${inherited} ${option}`,
    RINGBACK_LEAD: JSON.stringify(lead),
  };
}

/** Runs a command in that environment. */
export async function runChild(world: World, command: string, args: string[], options: RunOptions): Promise<Ended> {
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

// Making a world: of a scenario by name, as an object, as text or of a file; on a frozen clock unless its
// scenario has a clock that stands or runs by a rate.
//
// Not here: what a scenario may hold; the program says that, with each mistake and its place.

import { execFile } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Known, switches } from './checked';
import { ArgumentError, RingbackError, ScenarioError } from './errors';
import type { Folder } from './folder';
import type { Ringback } from './server';
import { clockBody, clockWord, STARTS_AT } from './times';
import type { Clock, Condition, Mistake, Variants, WorldFacts } from './types';

/** The answer of a program, such as all mistakes of a scenario, may be so long. */
const ANSWER_MAX = 64 * 1024 * 1024;

/** A scenario: a name, the path or URL of a file, an object, or TOML text of more than one line. */
export type ScenarioGiven = string | URL | object;

/** What a world is made of. */
export interface WorldOptions {
  /** 1 to 63 lower-case letters, digits, `-` or `_`; one is made up where it is left out. */
  name?: string;
  /** The Ringback's own where it is left out. */
  scenario?: ScenarioGiven;
  /** A seed in place of the scenario's own. */
  seed?: number;
  /** A clock in place of the scenario's; frozen on 2026-03-02T09:00:00Z where neither has one. */
  clock?: Clock;
  /** Switches, such as `{ jtel: { pick: 'highest_id' } }`. */
  variants?: Variants;
  /** Fails a run on whatever was not expected. */
  strict?: boolean;
  /** What a strict run expects. */
  expect?: readonly Condition[];
  /** Credentials that lead to it, such as `jtel:SIMTOKEN-7A`. */
  claims?: readonly string[];
  /** An address of its own, `127.0.0.1:0` for any port; `false` for none. */
  listen?: string | false;
  /** How long it lives unused, such as `10m`. */
  ttl?: string;
}

/** Its options, each with what it may be. */
export const WORLD_OPTIONS: Known<WorldOptions> = {
  name: 'text',
  scenario: 'any',
  seed: 'number',
  clock: 'any',
  variants: 'any',
  strict: 'boolean',
  expect: 'list',
  claims: 'texts',
  listen: 'any',
  ttl: 'text',
};

/** The scenarios whose clock runs with the real one, by name or path: they are made frozen at once. */
const unfrozen = new Set<string>();

/** Makes a world of this name. */
export async function make(ringback: Ringback, given: WorldOptions, name: string): Promise<WorldFacts> {
  const options = { ...given };
  if (given.variants !== undefined) options.variants = switches(given.variants);
  if (given.clock !== undefined) options.clock = clockBody(given.clock);
  if ((given.expect?.length ?? 0) > 0 && given.strict !== true)
    throw new ArgumentError(
      `expect needs strict: true: only a strict world's run is judged by it, found strict: ${given.strict}`,
    );
  const scenario = located(options.scenario ?? ringback.scenario, ringback.folder, name);
  const maker = isFile(scenario) ? ofFile : ofBody;
  const listen = options.listen ?? (ringback.hasPorts ? '127.0.0.1:0' : false);
  const made = (clock: Clock | undefined) => maker(ringback, { ...options, listen }, name, scenario, clock);
  if (options.clock !== undefined) return made(options.clock);

  const frozen = { mode: 'frozen', at: STARTS_AT } as const;
  if (typeof scenario === 'object') return made('clock' in scenario ? undefined : frozen);
  if (unfrozen.has(scenario)) return made(frozen);
  const facts = await made(undefined);
  if (facts.clock.mode !== 'real') return facts;
  unfrozen.add(scenario);
  await ringback.call('DELETE', `/v1/worlds/${name}`);
  return made(frozen);
}

function located(scenario: ScenarioGiven, folder: Folder, name: string): string | object {
  if (scenario instanceof URL) return fileURLToPath(scenario);
  if (!isText(scenario)) return scenario;
  return folder.write(`${name.replace(/[^a-z0-9_-]/g, '-')}.toml`, scenario);
}

/** Whether a scenario is given as TOML. */
export function isText(scenario: ScenarioGiven | undefined): scenario is string {
  return typeof scenario === 'string' && scenario.includes('\n');
}

/** What a scenario that was given as text is called: its file is nobody's. */
export const TEXT = 'the scenario text';

/** Whether a scenario is named by its file, as the command line tells them apart. */
function isFile(scenario: string | object): scenario is string {
  if (typeof scenario !== 'string') return false;
  return scenario.includes('/') || ['.toml', '.json'].includes(extname(scenario).toLowerCase());
}

async function ofBody(
  ringback: Ringback,
  options: WorldOptions,
  name: string,
  scenario: string | object,
  clock: Clock | undefined,
): Promise<WorldFacts> {
  const { seed, variants, strict, expect, claims, listen, ttl } = options;
  const set = { seed, variants, strict, expect, claims, ttl, listen: listen === false ? undefined : listen };
  const body = { name, scenario, ...set, clock: clock === undefined ? undefined : clockBody(clock) };
  return ringback.call<WorldFacts>('POST', '/v1/worlds', body);
}

/** By the program, which reads the file with what it extends and the CSV beside it. */
async function ofFile(
  ringback: Ringback,
  options: WorldOptions,
  name: string,
  scenario: string | object,
  clock: Clock | undefined,
): Promise<WorldFacts> {
  const file = scenario as string;
  const args = [
    'world',
    'make',
    name,
    '--scenario',
    file.includes('/') ? file : `./${file}`,
    '--admin',
    ringback.admin,
    '--json',
  ];
  if (options.seed !== undefined) args.push('--seed', String(options.seed));
  if (clock !== undefined) args.push('--clock', clockWord(clock));
  if (options.strict === true) args.push('--strict');
  if (typeof options.listen === 'string') args.push('--listen', options.listen);
  if (options.ttl !== undefined) args.push('--ttl', options.ttl);
  const turned = Object.entries(options.variants ?? {});
  for (const [vendor, switches] of turned) {
    for (const [word, value] of Object.entries(switches)) {
      // In quotes: a position is text also where it looks like a number.
      args.push('--variants', `${vendor}.${word}=${JSON.stringify(value)}`);
    }
  }
  // Not as an argument, which all of the machine can see, and so can whoever reads why it went wrong.
  const claims = options.claims?.length ? { RINGBACK_CLAIMS: options.claims.join(',') } : {};
  const told = await run(ringback.program, args, { ...ringback.environment(), ...claims });
  if (told.code !== 0) {
    const called = isText(options.scenario) ? TEXT : file;
    const mistakes = await mistakesOf(ringback.program, file, called);
    if (mistakes.length > 0) throw new ScenarioError(called, mistakes);
    const why = (told.stderr.trim() || told.why).replaceAll(file, called);
    throw new RingbackError(`a world of ${called} cannot be made: ${why}`);
  }
  if (options.expect !== undefined) {
    const strict = { strict: options.strict ?? false, expect: options.expect };
    await ringback.call('PUT', `/v1/worlds/${name}/strict`, strict);
  }
  return JSON.parse(told.stdout) as WorldFacts;
}

/** All mistakes of a scenario file, with their places; none where it is fine or cannot be checked. */
export async function mistakesOf(program: string, file: string, called = file): Promise<Mistake[]> {
  const told = await run(program, ['check', file, '--report', 'json'], process.env);
  try {
    const mistakes = (JSON.parse(told.stdout) as { mistakes: Mistake[] }[]).flatMap((it) => it.mistakes);
    return called === file ? mistakes : mistakes.map((it) => (it.file === file ? placed(it, file, called) : it));
  } catch {
    return [];
  }
}

/** A mistake of what is a file for the program alone. */
function placed(mistake: Mistake, file: string, called: string): Mistake {
  const { line, column, message } = mistake;
  const place = line == null ? '' : `, line ${line}${column == null ? '' : `, column ${column}`}`;
  const [before, after] = [message.slice(0, file.length), message.slice(file.length).replace(/^(:\d+)*/, '')];
  return { ...mistake, file: null, message: before === file ? `${called}${place}${after}` : message };
}

interface Told {
  code: number | null;
  stdout: string;
  stderr: string;
  why: string;
}

function run(program: string, args: string[], env: Record<string, string | undefined>): Promise<Told> {
  return new Promise((done) => {
    execFile(program, args, { env: env as NodeJS.ProcessEnv, maxBuffer: ANSWER_MAX }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      done({ code, stdout, stderr, why: error?.message ?? '' });
    });
  });
}

// Arguments that make no sense, told before anything is asked: what was expected, what was found, and the near
// name where there is one.
//
// Not here: what the program checks by itself, such as the rows of a scenario or the rules of a condition.

import { ArgumentError } from './errors';
import type { Variants } from './types';

/** What an option may be. */
export type Kind = 'any' | 'text' | 'number' | 'boolean' | 'object' | 'list' | 'texts';
/** The options of a call, each with what it may be. */
export type Known<Options> = Readonly<Record<keyof Required<Options>, Kind>>;

/** Edits that make a word another, of all its letters: beyond that it is another word. */
const NEAR_OF = 3;
const SWITCHES = "an object by vendor, such as { jtel: { pick: 'highest_id' } }";

/** Arguments that are credentials: what was given is not told. */
const SECRET: readonly string[] = ['claims', 'token'];

/** A value in words, as the end of a message. */
export function inWords(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `the text '${value}'`;
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (typeof value === 'boolean') return `the value ${value}`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'function') return 'a function';
  const name = (value as object).constructor?.name ?? 'Object';
  return name === 'Object' ? 'an object' : `a ${name}`;
}

/** A name that has to be one of those; `lead` begins the message, such as `there is no vendor`. */
export function oneOf(lead: string, name: unknown, known: readonly string[]): string {
  if (typeof name === 'string' && known.includes(name)) return name;
  const shown = typeof name === 'string' ? `'${name}'` : inWords(name);
  throw new ArgumentError(`${lead} ${shown}; expected one of ${known.join(', ')}${near(name, known)}`);
}

/** Options that are there, each of its kind; `call` is what takes them. */
export function options<Options extends object>(call: string, given: unknown, known: Known<Options>): Options {
  const names = Object.keys(known);
  const isOne = typeof given === 'object' && given !== null && !Array.isArray(given);
  if (!isOne) throw new ArgumentError(`${call}: expected an object of options, found ${inWords(given)}`);
  for (const [name, value] of Object.entries(given)) {
    oneOf(`${call} has no option`, name, names);
    if (value !== undefined) ofKind(name, value, known[name as keyof Options]);
  }
  return given as Options;
}

/** A value that is what it may be. */
export function ofKind(name: string, value: unknown, kind: Kind): void {
  const isText = typeof value === 'string';
  const shown = (it: unknown) => (SECRET.includes(name) ? withoutValue(it) : inWords(it));
  if (kind === 'any') return;
  if (kind === 'list' || kind === 'texts') {
    const isOne = Array.isArray(value) && (kind === 'list' || value.every((it) => typeof it === 'string'));
    if (isOne) return;
    const what = kind === 'list' ? 'a list' : 'a list of texts';
    const hint = isText && kind === 'texts' ? `; write [${SECRET.includes(name) ? '…' : `'${value}'`}]` : '';
    const other = Array.isArray(value) ? value.find((it) => typeof it !== 'string') : undefined;
    const found = other === undefined ? shown(value) : `a list with ${shown(other)}`;
    throw new ArgumentError(`${name}: expected ${what}, found ${found}${hint}`);
  }
  if (kind === 'object') {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
    throw new ArgumentError(`${name}: expected an object, found ${inWords(value)}`);
  }
  const words = { text: 'string', number: 'number', boolean: 'boolean' } as const;
  if (typeof value === words[kind]) return;
  const what = { text: 'text', number: 'a number', boolean: 'true or false' }[kind];
  throw new ArgumentError(`${name}: expected ${what}, found ${shown(value)}`);
}

/** What kind of value it is. */
function withoutValue(value: unknown): string {
  const kinds: Partial<Record<string, string>> = { string: 'a text', number: 'a number', bigint: 'a number' };
  return kinds[typeof value] ?? inWords(value);
}

/** Positions of switches by vendor and name. */
export function switches(variants: unknown): Variants {
  if (typeof variants !== 'object' || variants === null || Array.isArray(variants))
    throw new ArgumentError(`variants: expected ${SWITCHES}, found ${inWords(variants)}`);
  const turned = Object.entries(variants).map(([vendor, given]) => [vendor, positions(vendor, given)]);
  return Object.fromEntries(turned) as Variants;
}

function positions(vendor: string, given: unknown): Record<string, string> {
  if (typeof given === 'object' && given !== null && !Array.isArray(given))
    return Object.fromEntries(Object.entries(given).map(([name, it]) => [name, position(`${vendor}.${name}`, it)]));
  const [owner, name] = vendor.split('.');
  const hint = name === undefined ? '' : `; write { ${owner}: { ${name}: '${String(given)}' } }`;
  throw new ArgumentError(`variants: expected ${SWITCHES}, found ${inWords(given)} under '${vendor}'${hint}`);
}

/** Positions are texts, also those that look like a number or like true and false. */
function position(word: string, given: unknown): string {
  if (['string', 'number', 'boolean'].includes(typeof given)) return String(given);
  throw new ArgumentError(`variants: expected the position of ${word} as text, found ${inWords(given)}`);
}

function near(name: unknown, known: readonly string[]): string {
  const word = String(name).toLowerCase();
  const edits = known.map((it): [number, string] => [distance(word, it.toLowerCase()), it]).sort((a, b) => a[0] - b[0]);
  const close = edits.filter(([count, it]) => count * NEAR_OF <= Math.max(word.length, it.length)).map(([, it]) => it);
  // `max` for maxcontact is less alike than it is a beginning.
  const begun = known.filter((it) => word.length > 1 && it.toLowerCase().startsWith(word));
  const found = close[0] ?? (begun.length === 1 ? begun[0] : undefined);
  return found === undefined ? '' : `; did you mean '${found}'?`;
}

/** How many letters have to be put in, taken out or replaced. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [to, there] of [...other].entries()) {
      const replaced = (row[to] as number) + (letter === there ? 0 : 1);
      next.push(Math.min(replaced, (row[to + 1] as number) + 1, (next[to] as number) + 1));
    }
    row = next;
  }
  return row[other.length] as number;
}

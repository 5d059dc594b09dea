// Lengths of time, instants and clocks, as users write them and as the control plane takes them.
//
// Not here: moving a clock (world.ts).

import { inWords, type Known, oneOf, options } from './checked';
import { ArgumentError } from './errors';
import type { Clock } from './types';

/** Where a clock stands that nothing is said about: a Monday morning. */
export const STARTS_AT = '2026-03-02T09:00:00Z';

const INSTANT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
const FORMS = "'real', 'frozen', 'frozen@2026-03-02T09:00:00Z' or 'scaled:60'";
const KEYS: Known<Exclude<Clock, string>> = { mode: 'any', at: 'any', rate: 'number' };

/** The body that moves a clock on: by a length, to an instant, or to the next due timer. */
export function stepBody(step: unknown): object {
  if (step instanceof Date) return { to: instant('advance', step) };
  if (typeof step === 'string') return step === 'next' || /^\d{4}-/.test(step) ? { to: step } : { by: step };
  const hint = typeof step === 'number' ? `; write '${step}s' for seconds, '${step}ms' for milliseconds` : '';
  const forms = "a length of time such as '90m', an instant such as '2026-03-02T09:00:00Z', a Date, or 'next'";
  throw new ArgumentError(`advance: expected ${forms}, found ${inWords(step)}${hint}`);
}

/** The body that sets a clock; `at` is where one stands or begins that does not say so itself, `null` for where it is. */
export function clockBody(clock: Clock, at: string | null = STARTS_AT): ClockBody {
  if (typeof clock !== 'string') return ofObject(clock, at);
  const [, real, frozen, frozenAt, , rate, scaledAt] =
    /^(?:(real)|(frozen)(?:@(.+))?|(scaled):([^@]+)(?:@(.+))?)$/.exec(clock) ?? [];
  if (real !== undefined) return { mode: 'real' };
  const begins = checkedAt(clock, frozenAt ?? scaledAt) ?? at;
  const where = begins === null ? {} : { at: begins };
  if (frozen !== undefined) return { mode: 'frozen', ...where };
  if (rate === undefined) throw new ArgumentError(`clock: expected ${FORMS}, found '${clock}'${near(clock)}`);
  if (!(Number(rate) > 0))
    throw new ArgumentError(`clock: expected a rate, as in 'scaled:60', found '${rate}' in '${clock}'`);
  return { mode: 'scaled', rate: Number(rate), ...where };
}

/** A clock in the form of the command line. */
export function clockWord(clock: Clock): string {
  const { mode, at, rate } = clockBody(clock);
  return `${mode}${rate === undefined ? '' : `:${rate}`}${at === undefined ? '' : `@${at}`}`;
}

interface ClockBody {
  mode: 'frozen' | 'real' | 'scaled';
  at?: string;
  rate?: number;
}

function ofObject(clock: Exclude<Clock, string>, at: string | null): ClockBody {
  if (typeof clock !== 'object' || clock === null || Array.isArray(clock))
    throw new ArgumentError(`clock: expected ${FORMS}, found ${inWords(clock)}`);
  const { mode, at: given, rate } = options('a clock', clock, KEYS);
  oneOf('a clock has no mode', mode, ['frozen', 'real', 'scaled']);
  if (mode === 'real') return given === undefined ? { mode } : { mode, at: instant('clock', given) };
  if (mode === 'scaled' && rate === undefined) throw new ArgumentError('clock: expected a rate such as 60, found none');
  const begins = given === undefined ? at : instant('clock', given);
  return { mode, ...(rate === undefined ? {} : { rate }), ...(begins === null ? {} : { at: begins }) };
}

function instant(what: string, given: unknown): string {
  const isDate = given instanceof Date;
  if (isDate && !Number.isNaN(given.getTime())) return given.toISOString();
  if (typeof given === 'string') return checkedAt(given, given) as string;
  const found = isDate ? 'a Date that is none' : inWords(given);
  throw new ArgumentError(`${what}: expected a time such as '${STARTS_AT}', or a Date, found ${found}`);
}

function checkedAt(clock: string, at: string | undefined): string | undefined {
  if (at === undefined || INSTANT.test(at)) return at;
  const hint = /^\d{4}-\d\d-\d\d$/.test(at) ? '; time of day and offset are missing' : '';
  throw new ArgumentError(`clock: expected a time such as ${STARTS_AT}, found '${at}' in '${clock}'${hint}`);
}

function near(clock: string): string {
  if (INSTANT.test(clock)) return `; did you mean 'frozen@${clock}'?`;
  return clock.startsWith('scaled') ? "; a rate is missing, as in 'scaled:60'" : '';
}

// What a failed test shows of a world: what was refused or taken by nobody, and why; habits that were found; what
// happened last.
//
// Not here: which worlds (seen.ts), and when it is shown (helper.ts). Credentials come masked from the control plane.

import { ProblemError } from './errors';
import type { ClockFacts, FaultRule, FaultStruck, Findings, JournalEntry, Why } from './types';
import type { World } from './world';

/** Refusals that are told in full; a client in a loop makes hundreds. */
const REFUSALS_SHOWN = 10;
/** Exchanges at the end that are shown: what led to the failure, on one screen. */
const LAST_SHOWN = 6;
/** Those, and what was done to the world between them. */
const HAPPENED_SHOWN = 12;
/** Characters of a line, a target or a body that are shown: three lines of a terminal. */
const LINE_SHOWN = 240;
/** Entries that are looked at: the newest. */
const LOOKED_AT = 1_000;
/** Effects of one entry that are shown: a morning of dialling has hundreds. */
const EFFECTS_SHOWN = 8;
/** Findings that are told; few clients have as many. */
const FINDINGS_SHOWN = 5;

/** What changes what a client finds; faults, switches and expectations are told where they count. */
const HAPPENINGS: readonly string[] = ['event', 'advance', 'due', 'clock', 'seed', 'reset', 'reseed', 'rollback'];

/** What clients got of a reply that a fault spoilt on its way. */
const SPOILT: Readonly<Record<string, string>> = {
  lose_reply: 'the client got nothing of',
  reset_after_head: 'the client got no more than the head of',
  truncate: 'the client got a part of',
  malform: 'the client got all but the last byte of',
};

/** A world, and what happened in it. */
export interface Looked {
  world: World;
  /** The number that its newest entry had before. */
  after: number;
  entries: JournalEntry[];
  findings: Findings;
  faults: FaultRule[];
  clock?: ClockFacts | undefined;
  isGone: boolean;
}
/** What happened beside it. */
export interface Elsewhere {
  /** Requests that reached no world. */
  strays: JournalEntry[];
  /** Requests that reached `default`. */
  past: JournalEntry[];
}

/** Looks at a world, at what happened since. */
export async function look(world: World, after = 0): Promise<Looked> {
  const newest = await world.journal({ last: LOOKED_AT });
  const [findings, faults, clock] = [await world.findings(), await world.faults(), await world.clock()];
  const entries = newest.filter((it) => it.seq > after);
  return { world, after, entries, findings, faults: faults.faults, clock, isGone: false };
}

/** Looks at what happened beside it. */
export async function lookElsewhere(world: World, strayAfter: Marks, defaultAfter?: number): Promise<Elsewhere> {
  const past = defaultAfter === undefined ? [] : await toDefault(world, defaultAfter);
  return { strays: await straysOf(world, strayAfter), past };
}

/** The report on a world, without a line break at its end. */
export async function report(world: World): Promise<string> {
  return reportOf(await look(world), await lookElsewhere(world, {}));
}

/** The same, of what was looked at. */
export function reportOf(looked: Looked, elsewhere: Elsewhere = { strays: [], past: [] }): string {
  const { world, entries } = looked;
  const exchanges = exchangesOf(looked);
  const refused = exchanges.filter((it) => it.outcome !== 'ok' && !isUnmatched(it) && it.fault == null);
  const remarked = exchanges.filter((it) => it.outcome === 'ok' && it.why !== undefined);
  const faulted = exchanges.filter((it) => it.fault != null);
  const passed = `went to the world default; give the client ${world.url()} as its base`;
  return [
    `Ringback, world ${world.name}: ${counted(exchanges)}${circumstances(looked)}`,
    ...(looked.clock === undefined ? [] : [`  clock ${looked.clock.mode}, ${looked.clock.now}`]),
    ...section('refused', refused, refusal),
    ...section('taken by no vendor', exchanges.filter(isUnmatched), refusal),
    ...section('reached no world', elsewhere.strays, refusal),
    ...section(passed, elsewhere.past, refusal),
    ...section('answered, with a remark', remarked, refusal),
    ...section('struck by a fault', faulted, struck),
    ...neverStruck(looked),
    ...section('with parameters that nobody reads', exchanges.filter(hasUnread), unread),
    ...habits(looked),
    ...last(entries),
    ...(exchanges.length > 0 ? [] : ['  no request reached this world; is the client given world.url(…)?']),
  ].join('\n');
}

/** The number of a world's newest entry. */
export async function newest(world: World): Promise<number> {
  const last = await world.journal({ last: 1 });
  return last[last.length - 1]?.seq ?? 0;
}

/** Where the journals stand of what reached no world, by process; one that is alone has no name. */
export type Marks = Record<string, number>;

/** The numbers of the newest requests that reached no world. */
export async function newestStrays(world: World): Promise<Marks> {
  const marks: Marks = {};
  for (const process of await processesOf(world)) {
    try {
      const last = await world.ringback.strays({ last: 1, ...of(process) });
      marks[process] = last[last.length - 1]?.seq ?? 0;
    } catch (error) {
      // One of several that is down has nothing to tell, and keeps nobody from the others.
      if (process === '' || !(error instanceof ProblemError)) throw error;
    }
  }
  return marks;
}

async function processesOf(world: World): Promise<string[]> {
  const named = await world.ringback.processes();
  return named.length > 0 ? named : [''];
}

function of(process: string): { process?: string } {
  return process === '' ? {} : { process };
}

/** The number of the newest entry of `default`. */
export async function newestOfDefault(world: World): Promise<number> {
  return newest(await world.ringback.open('default'));
}

/** The requests that went to `default` since; none where that is the world itself. */
export async function toDefault(world: World, after: number): Promise<JournalEntry[]> {
  if (world.name === 'default') return [];
  try {
    const entries = await (await world.ringback.open('default')).journal({ after, limit: LOOKED_AT });
    return entries.filter((it) => it.request !== undefined);
  } catch {
    return [];
  }
}

async function straysOf(world: World, marks: Marks): Promise<JournalEntry[]> {
  const all: JournalEntry[] = [];
  try {
    for (const process of await processesOf(world))
      all.push(...(await world.ringback.strays({ after: marks[process] ?? 0, limit: REFUSALS_SHOWN, ...of(process) })));
  } catch {
    // Those of a process that is down are not known.
  }
  return all;
}

/** The requests among its entries. */
export function exchangesOf(looked: Looked): JournalEntry[] {
  return looked.entries.filter((it) => it.request !== undefined);
}

/** Whether no vendor took a request. */
export function isUnmatched(entry: JournalEntry): boolean {
  return entry.operation == null && entry.why === undefined;
}

/** Whether a request has parameters that nothing reads. */
export function hasUnread(entry: JournalEntry): boolean {
  return (entry.unread?.length ?? 0) > 0;
}

function counted(exchanges: JournalEntry[]): string {
  const refused = exchanges.filter((it) => it.outcome !== 'ok' && it.outcome !== 'faulted').length;
  const faulted = exchanges.filter((it) => it.outcome === 'faulted').length;
  const what = exchanges.length === 1 ? '1 request' : `${exchanges.length} requests`;
  return `${what}, ${refused} of them refused${faulted === 0 ? '' : `, ${faulted} not done for a fault`}`;
}

function circumstances({ after, isGone }: Looked): string {
  return `${after > 0 ? ', since the test began' : ''}${isGone ? '; the test has deleted it' : ''}`;
}

function section(title: string, entries: JournalEntry[], told: (entry: JournalEntry) => string[]): string[] {
  if (entries.length === 0) return [];
  const shown = entries.slice(-REFUSALS_SHOWN);
  const left = entries.length - shown.length;
  const more = left > 0 ? [`    and ${left} before those`] : [];
  return [`  ${title}:`, ...shown.flatMap((it) => told(it).map((text) => `    ${text}`)), ...more];
}

function refusal(entry: JournalEntry): string[] {
  const lines = [line(entry)];
  if (entry.why !== undefined) lines.push(...reason(entry.why));
  else if (entry.error !== undefined) lines.push(`  ${entry.error}`);
  return lines;
}

function reason(why: Why): string[] {
  const lines = [`  ${why.rule}: expected ${why.expected}`, `  found ${why.found}`];
  if (why.hint) lines.push(`  ${why.hint}`);
  lines.push(...edited(why.edit).map((it) => `  ${it}`));
  lines.push(`  known from: ${why.source} (${why.evidence})`);
  return lines;
}

/** What is to be sent in place of what was: a text, or parts of the request by their names. */
function edited(edit: unknown): string[] {
  if (typeof edit === 'string') return [`put there: ${edit}`];
  if (typeof edit !== 'object' || edit === null) return [];
  const told = (it: unknown) => clipped(typeof it === 'string' ? it : JSON.stringify(it));
  return Object.entries(edit).map(([name, it]) => `put there, as its ${name.replace(/_/g, ' ')}: ${told(it)}`);
}

function struck(entry: JournalEntry): string[] {
  return [`${line(entry)}  ${clipped(JSON.stringify(entry.fault))}`];
}

function neverStruck({ faults }: Looked): string[] {
  const idle = faults.filter((it) => it.fired === 0);
  if (idle.length === 0) return [];
  const told = idle
    .slice(0, REFUSALS_SHOWN)
    .map(({ id, matched, fired: _fired, active: _active, added: _added, work: _work, ...rule }) => {
      const met = matched === 0 ? 'it met no request' : `it met ${matched === 1 ? '1 request' : `${matched} requests`}`;
      return `    rule ${id}, ${met}: ${clipped(JSON.stringify(given(rule)))}`;
    });
  return ['  faults that never struck:', ...told];
}

/** A rule on one line, as Python has it. */
export function ruleLine({ id, name, then, on, matched }: FaultRule): string {
  const what = Object.entries(on)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  const met = matched === 1 ? '1 request' : `${matched} requests`;
  return `rule ${id}${name === null ? '' : ` ${name}`}: ${then} on ${what || 'all'}; it matched ${met}`;
}

/** A rule without what nobody said of it. */
function given(rule: object): object {
  return Object.fromEntries(Object.entries(rule).filter(([, it]) => it !== null && it !== false && it !== undefined));
}

/** A request's parameters that nothing reads, a line each. */
export function unreadOf(entry: JournalEntry): string[] {
  return (entry.unread ?? []).map((it) => {
    const cure =
      it.belongs != null ? `; it is read in the ${it.belongs}` : it.near != null ? `; did you mean ${it.near}?` : '';
    return `${it.place} ${it.name}${cure}`;
  });
}

function unread(entry: JournalEntry): string[] {
  return [line(entry), ...unreadOf(entry).map((it) => `  ${it}`)];
}

/** The findings that something since the test began belongs to. */
export function findingsOf({ findings, after }: Looked): Findings['findings'] {
  return findings.findings.filter((it) => after === 0 || it.entries.some((seq) => seq > after));
}

function habits(looked: Looked): string[] {
  const found = findingsOf(looked);
  if (found.length === 0) return [];
  const told = found
    .slice(0, FINDINGS_SHOWN)
    .flatMap((it) => [
      `    ${it.name} (${it.vendor}): ${it.what} (entries ${it.entries.join(', ')})`,
      `      ${it.remedy}`,
    ]);
  const left = found.length - FINDINGS_SHOWN;
  return ['  found:', ...told, ...(left > 0 ? [`    and ${left} more`] : [])];
}

/** What happened last, requests and what was done to the world. */
function last(entries: JournalEntry[]): string[] {
  const shown = lastOf(entries);
  if (shown.length === 0) return [];
  const what = shown.every((it) => it.request !== undefined) ? ['exchange', 'exchanges'] : ['entry', 'entries'];
  const title = shown.length === 1 ? what[0] : `${shown.length} ${what[1]}`;
  const told = shown.flatMap((it) =>
    it.request === undefined
      ? [`    ${doing(it)}`, ...effects(it)]
      : [`    ${line(it)}`, ...bodies(it), ...effects(it)],
  );
  return [`  last ${title}:`, ...told];
}

/** The last exchanges, with what happened to the world before, between and after them. */
function lastOf(entries: JournalEntry[]): JournalEntry[] {
  const shown: JournalEntry[] = [];
  for (const it of [...entries].reverse()) {
    const count = shown.filter((one) => one.request !== undefined).length;
    if (count === LAST_SHOWN || shown.length === HAPPENED_SHOWN) break;
    if (it.request !== undefined || HAPPENINGS.includes(it.action ?? '')) shown.unshift(it);
  }
  return shown;
}

/** What was done to a world, on one line. */
function doing(entry: JournalEntry): string {
  const { vendor, action, detail, at, outcome } = entry;
  const said = detail == null ? '' : ` ${clipped(JSON.stringify(detail))}`;
  const words = [entry.seq, action ?? 'something', vendor].filter((it) => it != null).join(' ');
  return `${words}${said} at ${at}${outcome === undefined || outcome === 'ok' ? '' : ` -> ${outcome}`}`;
}

function effects(entry: JournalEntry): string[] {
  const all = entry.effects ?? [];
  const more = all.length > EFFECTS_SHOWN ? [`      and ${all.length - EFFECTS_SHOWN} more`] : [];
  return [...all.slice(0, EFFECTS_SHOWN).map((it) => `      did  ${clipped(it.text)}`), ...more];
}

/** An exchange on one line. */
function line(entry: JournalEntry): string {
  const request = entry.request as NonNullable<JournalEntry['request']>;
  const status = entry.response == null ? 'no reply' : String(entry.response.status);
  const outcome = entry.outcome === 'ok' ? '' : ` ${entry.outcome}`;
  const operation = entry.operation == null ? '' : `  [${entry.vendor} ${entry.operation}]`;
  return `${entry.seq} ${request.method} ${clipped(request.target)} -> ${status}${outcome}${operation}`;
}

/** What was sent and what came back, of an exchange that has bodies. */
function bodies(entry: JournalEntry): string[] {
  const told = (what: string, body: unknown) =>
    typeof body === 'string' && body !== '' ? [`      ${what} ${clipped(body.replace(/\s+/g, ' ').trim())}`] : [];
  return [...told('sent', entry.request?.body), ...told(arrival(entry.fault), entry.response?.body)];
}

/** How a reply came to the client. */
function arrival(fault: FaultStruck | null | undefined): string {
  return SPOILT[fault?.kind ?? ''] ?? 'got ';
}

function clipped(text: string): string {
  return text.length > LINE_SHOWN ? `${text.slice(0, LINE_SHOWN)}…` : text;
}

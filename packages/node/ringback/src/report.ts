// What a failed test shows of its world: what was refused or taken by nobody, and why; habits that were
// found; the last exchanges.
//
// Not here: when it is shown (helper.ts). Credentials come masked from the control plane.

import type { JournalEntry, Why } from './types';
import type { World } from './world';

/** Refusals that are told in full; a client in a loop makes hundreds. */
const REFUSALS_SHOWN = 10;
/** Exchanges at the end that are shown on a line each. */
const LAST_SHOWN = 10;
/** Characters of a line, a target or a body that are shown. */
const LINE_SHOWN = 160;
/** Entries that are looked at: the newest. */
const LOOKED_AT = 1_000;

/** The report on a world, without a line break at its end. */
export async function report(world: World, strayAfter = 0, defaultAfter?: number): Promise<string> {
  const entries = await world.journal({ last: LOOKED_AT });
  const exchanges = entries.filter((it) => it.request !== undefined);
  const strays = await straysOf(world, strayAfter);
  const lines = [`Ringback, world ${world.name}: ${counted(exchanges)}`];
  const unmatched = exchanges.filter((it) => isUnmatched(it));
  const refused = exchanges.filter((it) => it.outcome !== 'ok' && !isUnmatched(it) && it.fault == null);
  lines.push(...section('refused', refused, refusal));
  lines.push(...section('taken by no vendor', unmatched, refusal));
  lines.push(...section('reached no world', strays, refusal));
  const past = defaultAfter === undefined ? [] : await toDefault(world, defaultAfter);
  lines.push(...section(`went to the world default; give the client ${world.url()} as its base`, past, refusal));
  lines.push(
    ...section(
      'struck by a fault',
      exchanges.filter((it) => it.fault != null),
      struck,
    ),
  );
  lines.push(
    ...section(
      'with parameters that nobody reads',
      exchanges.filter((it) => it.outcome === 'ok' && it.unread !== undefined),
      unread,
    ),
  );
  lines.push(...(await habits(world)));
  if (exchanges.length > 0) {
    const last = exchanges.slice(-LAST_SHOWN);
    lines.push(
      `  last ${last.length === 1 ? 'exchange' : `${last.length} exchanges`}:`,
      ...last.flatMap((it) => [`    ${line(it)}`, ...bodies(it)]),
    );
  } else {
    lines.push('  no request reached this world; is the client given world.url(…)?');
  }
  return lines.join('\n');
}

/** The number of the newest request that reached no world. */
export async function newestStray(world: World): Promise<number> {
  const last = await world.ringback.strays({ last: 1 });
  return last[last.length - 1]?.seq ?? 0;
}

/** The number of the newest entry of `default`. */
export async function newestOfDefault(world: World): Promise<number> {
  const last = await (await world.ringback.open('default')).journal({ last: 1 });
  return last[last.length - 1]?.seq ?? 0;
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

async function straysOf(world: World, after: number): Promise<JournalEntry[]> {
  try {
    return await world.ringback.strays({ after, limit: REFUSALS_SHOWN });
  } catch {
    return [];
  }
}

function isUnmatched(entry: JournalEntry): boolean {
  return entry.operation == null && entry.why === undefined;
}

function counted(exchanges: JournalEntry[]): string {
  const refused = exchanges.filter((it) => it.outcome !== 'ok').length;
  const what = exchanges.length === 1 ? '1 request' : `${exchanges.length} requests`;
  return `${what}, ${refused} of them refused`;
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
  if (typeof why.edit === 'string') lines.push(`  put there: ${why.edit}`);
  lines.push(`  known from: ${why.source} (${why.evidence})`);
  return lines;
}

function struck(entry: JournalEntry): string[] {
  return [`${line(entry)}  ${clipped(JSON.stringify(entry.fault))}`];
}

function unread(entry: JournalEntry): string[] {
  const told = (entry.unread ?? []).map((it) => {
    const cure =
      it.belongs != null ? `; it is read in the ${it.belongs}` : it.near != null ? `; did you mean ${it.near}?` : '';
    return `  ${it.place} ${it.name}${cure}`;
  });
  return [line(entry), ...told];
}

async function habits(world: World): Promise<string[]> {
  const { findings } = await world.findings();
  if (findings.length === 0) return [];
  const told = findings.flatMap((it) => [
    `    ${it.name}: ${it.what} (entries ${it.entries.join(', ')})`,
    `      ${it.remedy}`,
  ]);
  return ['  found:', ...told];
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
  return [...told('sent', entry.request?.body), ...told('got ', entry.response?.body)];
}

function clipped(text: string): string {
  return text.length > LINE_SHOWN ? `${text.slice(0, LINE_SHOWN)}…` : text;
}

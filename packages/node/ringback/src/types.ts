// The shapes that go to and fro, under the names that users know them by.
//
// Those of the control plane come from its own description (openapi.d.ts); what that leaves open, as the
// entries of a journal, is written out here.

import type { components, operations } from '../openapi';

type Schemas = components['schemas'];
type Reply<Name extends keyof operations, Status extends number> = operations[Name] extends {
  responses: { [S in Status]: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;

/** An error of the control plane (RFC 9457). */
export type Problem = Schemas['Problem'];
/** A condition over a world's journal. */
export type Condition = Schemas['Condition'];
/** Whether a condition holds, and what came closest. */
export type Verdict = Schemas['Verdict'];
/** What a world is and has. */
export type WorldFacts = Schemas['WorldFacts'];
/** A world in the list of all: one that is `open`, or the name and reason of one that does not serve. */
export type WorldListed = Reply<'list_worlds', 200>['worlds'][number] & {
  /** Which process has it, where a balancer stands before several. */
  process?: string;
};
/** A rule by which requests go wrong. */
export type Fault = Schemas['Fault'];
/** A world's clock. */
export type ClockFacts = Schemas['ClockFacts'];
/** What moving the clock did. */
export type Advanced = Omit<Schemas['Advanced'], 'firings' | 'effects'> & {
  /** The timers that fired, the first of them. */
  firings: Firing[];
  /** What came of it, the first of it. */
  effects: Effect[];
};
/** What clients do wrong although they are answered. */
export type Findings = Schemas['Findings'];
/** What clients did in worlds, to be done again elsewhere. */
export interface Capsule extends Omit<Reply<'show_capsule', 200>, 'report' | 'journal'> {
  /** What a run came to. */
  report: Record<string, unknown> | null;
  journal: { worlds: Record<string, JournalEntry[]> };
}
/** Which rows of a world differ. */
export type Differences = Schemas['Differences'];
/** What taking a piece of scenario added. */
export type Seeded = Reply<'seed_world', 200>;
/** A rule by which requests go wrong, as a world has it. */
export interface FaultRule {
  id: number;
  name: string | null;
  then: FaultKind;
  on: Record<string, unknown>;
  work: 'done' | 'not done';
  /** Real time, where it was added to a world that was there. */
  added: string | null;
  /** Requests that it was for. */
  matched: number;
  /** Those that it struck. */
  fired: number;
  /** Whether it may strike again. */
  active: boolean;
  [more: string]: unknown;
}
/** The rules of a world. */
export interface Faults {
  /** In the order in which they are asked. */
  faults: FaultRule[];
}
/** A row of one of a vendor's tables, by column. */
export type Row = Record<string, string | number | boolean | null>;
/** Switches by vendor and name. */
export type Variants = Record<string, Record<string, string>>;

/**
 * The five vendors, by their names. A build of one's own adds its others:
 * `declare module 'ringback' { interface Vendors { acme: true } }`.
 */
export interface Vendors {
  infocu5: true;
  jtel: true;
  maestro: true;
  maxcontact: true;
  mor: true;
}
/** The name of a vendor. */
export type VendorName = keyof Vendors;

/** How a clock goes. */
export type ClockMode = ClockFacts['mode'];
/** A clock to set: `real`, `frozen`, `frozen@2026-03-02T09:00:00Z`, `scaled:60`, or the same as an object. */
export type Clock =
  | 'real'
  | 'frozen'
  | `frozen@${string}`
  | `scaled:${number}`
  | `scaled:${number}@${string}`
  | { mode: ClockMode; at?: string | Date; rate?: number };

/** What a fault does to a request. */
export type FaultKind = NonNullable<Fault['then']>;

/** A mistake in what was sent, with its place. */
export interface Mistake {
  file?: string | null;
  line?: number | null;
  column?: number | null;
  /** JSON pointer of the place, where it was sent as JSON. */
  pointer?: string | null;
  expected: string;
  found: string;
  hint: string | null;
  /** All of it on one line. */
  message: string;
}

/** Why a request was refused. */
export interface Why {
  rule: string;
  expected: string;
  found: string;
  hint?: string;
  evidence: 'documented' | 'observed' | 'inferred' | 'assumed';
  source: string;
  /** The place in the request. */
  at?: unknown;
  /** What to put there. */
  edit?: unknown;
}

/** A request of a journal entry; credentials are masked. */
export interface RequestSeen {
  method: string;
  target: string;
  path: string;
  headers: [string, string][];
  body: string;
}

/** A timer that fired. */
export interface Firing {
  /** When it was due, in world time. */
  at: string;
  vendor: VendorName;
  kind: string;
  /** Of what, as its vendor writes it. */
  key: string;
}

/** Something that came of a request or of what was done to a world. */
export interface Effect {
  /** World time. */
  at: string;
  text: string;
  /** Where it is not the entry's own. */
  vendor?: VendorName;
}

/** The fault that struck a request. */
export interface FaultStruck {
  /** The number of its rule. */
  rule: number;
  /** The name of its rule. */
  name: string | null;
  /** As in `then`. */
  kind: FaultKind;
  /** Whether the vendor did its work all the same. */
  work: 'done' | 'not done';
  /** Which of its rule's requests it was. */
  nth: number;
  delay_ms: number;
}

/** A reply of a journal entry. */
export interface ReplySeen {
  status: number;
  headers: [string, string][];
  body: string;
}

/** One entry of a journal: an exchange, or something that was done to the world. */
export interface JournalEntry {
  seq: number;
  /** World time. */
  at: string;
  world: string;
  vendor?: string | null;
  operation?: string | null;
  /** `faulted`: a fault struck and the work was not done; where it was done, the outcome is the vendor's own. */
  outcome?: 'ok' | 'refused' | 'faulted' | 'error' | 'canned' | (string & Record<never, never>);
  request?: RequestSeen;
  response?: ReplySeen | null;
  why?: Why;
  /** Why no vendor took it. */
  error?: string;
  /** Parameters that the operation does not read. */
  unread?: { place: string; name: string; near?: string | null; belongs?: string | null }[];
  effects?: Effect[];
  fault?: FaultStruck | null;
  /** What was done to the world, where it is no request, such as `advance`. */
  action?: string;
  /** What it was done with. */
  detail?: unknown;
  [more: string]: unknown;
}

/** Which requests are wanted that reached no world; all where nothing is said. */
export interface StraysFilter {
  /** Of one process alone, where there are several: each counts by itself. */
  after?: number;
  last?: number;
  limit?: number;
  /** One of several behind a balancer. */
  process?: string;
}

/** Which entries of a journal are wanted; all where nothing is said. */
export interface JournalFilter {
  after?: number;
  before?: number;
  last?: number;
  limit?: number;
  vendor?: VendorName;
  operation?: string;
  outcome?: string;
  trace?: string;
}

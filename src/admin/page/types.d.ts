// Shapes of what the control plane answers, as far as the page reads them. Not served: for the type checker only.

export interface Effect { at?: string; text: string }
export interface Why {
  rule: string; at?: string; expected: string; found: string; hint: string;
  edit?: { body?: string; content_type?: string }; evidence: Grade; source: string;
}
export type Grade = "documented" | "observed" | "inferred" | "assumed";
export interface Message { headers: [string, string][]; body?: string | null; body_bytes?: number; body_sha256?: string }
export interface Sent extends Message { method: string; target: string; path: string }
export interface Said extends Message { status: number }
export interface Unread { place: string; name: string; near?: string | null; belongs?: string | null; counts?: string; because?: string }
export interface Entry {
  seq: number; at: string; world: string; vendor: string | null; operation?: string | null;
  outcome: "ok" | "refused" | "error" | "faulted" | "canned"; action?: string; detail?: Record<string, unknown>;
  request?: Sent; response?: Said | null; fault?: Record<string, unknown> | null; effects: Effect[];
  why?: Why; unread?: Unread[]; error?: string; trace?: string;
  /** Set by the page: an entry of the list of requests that nobody took. */
  stray?: boolean;
  /** Set by the page: what it is part of that the findings tell. */
  finding?: string;
  /** Set by the page: a row that stands for these, which are alike. */
  folded?: Entry[];
}
export interface Rule {
  id: number; name?: string; then: string; on?: Record<string, unknown>; work: string; added: string;
  matched: number; fired: number; active: boolean; [more: string]: unknown;
}
export interface Rules {
  rule: string; vendor: string; when: string; why: string[]; mistakes: { what: string; cure: string }[];
  evidence: Grade; source: string;
}
export interface Checked { rule: string; matched: boolean; expected: string; found: string }
export interface Near { seq: number; exchange: string; rules: Checked[]; why?: string }
export interface Judged {
  verdict: string; expected: string; found: number; matched: number[]; reason?: string; closest?: Near[];
}
export interface Finding {
  name: string; vendor: string | null; what: string; entries: number[]; count: number; matters: string; remedy: string;
}
export interface Strict {
  verdict: string; unexpected: { seq: number; line: string; reason: string }[]; unexpected_count: number; unmet: Judged[];
}
export interface Found { findings: Finding[]; more: number; entries: number; evicted: number; strict: Strict | null }
export interface Page { entries: Entry[]; last_seq: number; evicted: number }
export interface Clock {
  mode: "real" | "frozen" | "scaled"; rate?: number | null; now: string;
  next_due?: string | null; timers?: number; timers_failed?: number;
}
export interface Facts {
  name: string; title?: string | null; seed: number; clock: Clock; inputs: number; persistent: boolean;
  own_bytes: number; checkpoints: Checkpoint[]; busy: boolean; state: string;
  listen?: string | null; ttl?: string | null; claims: string[];
}
export type Checkpoint = string | { name: string; at?: string };
export interface Operation { name: string; method: string; path: string; text: string; evidence: Grade; source: string }
export interface Vendor {
  name: string; title: string; paths: string[]; operations: Operation[]; tables: string[]; events: string[];
  boards?: Board[]; url?: string | null;
}
export interface Board {
  table: string; title?: string; lane?: string; lanes?: string[]; since?: string; head?: string;
  /** Lines of a card, with cells in braces; a cell is a column, or `column>table.column`. */
  lines?: string[]; columns?: string[];
}
export interface Changed { how: "added" | "removed" | "changed"; row: Row; fields?: Record<string, { from: unknown; to: unknown }> }
export interface Differences {
  from: string; same: boolean; added: number; removed: number; changed: number; shown: number;
  tables: { vendor: string; table: string; rows: Changed[] }[];
}
export type Cell = string | number | boolean | null;
export type Row = Record<string, Cell>;
export interface Table { table: string; offset: number; count: number; rows: Row[] }
export interface Firing { at: string; vendor: string; kind: string; key: string }
export interface Advanced { from: string; now: string; fired: number; kinds: Record<string, Record<string, number>>; firings: Firing[]; effects: Effect[] }
export interface EventField { name: string; text: string; required?: boolean; type?: string }
export interface VendorEvent { name: string; text: string; fields: EventField[] }
export interface VariantValue { name: string; text: string; evidence: Grade; source: string }
export interface Variant { name: string; text: string; default: string; values: VariantValue[] }
export interface Fact { kind: string; group: string; name: string; text: string; evidence: Grade; source: string }
export interface Problem { type: string; title: string; status: number; detail: string; mistakes?: unknown[] }
export interface Filter { q: string; vendor: string; operation: string; outcome: string; show: string }
export interface Part { update(params: URLSearchParams): void; leave(): void; keys?: Record<string, () => void> }
/** What an element can have in it: texts and elements; what is no value is left out. */
export type Child = Node | string | number | boolean | null | undefined | Child[];
/** What an element is made with: attributes stand first, where there are any. */
export type Inside = Child | { [name: string]: unknown };
/** The element that a tag with its classes makes. */
export type Made<T extends string, M> = T extends keyof M ? M[T]
  : T extends `${infer K}.${string}` ? (K extends keyof M ? M[K] : never) : never;

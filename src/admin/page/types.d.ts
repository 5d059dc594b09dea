// Shapes of what the control plane answers, as far as the page reads them: those that its own description states
// come from there; what it leaves open, the entries of a journal and rows, is said here. Not served: for the type
// checker only.

import type { components, paths } from "../../../packages/node/ringback/openapi";

type Named = components["schemas"];
/** What a route answers with 200. */
type Answer<P extends keyof paths, M extends keyof paths[P] = keyof paths[P] & "get"> = paths[P][M] extends {
  responses: { 200: { content: { "application/json": infer T } } };
} ? T : never;

export type Clock = Named["ClockFacts"];
/** A world as lists show it, with its clock in full. */
export type Facts = Omit<Named["WorldFacts"], "clock"> & { clock: Pick<Clock, "mode" | "now"> & Partial<Clock> };
/** A world that does not serve just now, and why. */
export interface Closed { name: string; state: "busy" | "unreadable"; why: string }
export type Advanced = Omit<Named["Advanced"], "firings" | "effects"> & { firings: Firing[]; effects: Effect[] };
export type Found = Named["Findings"];
export type Finding = Found["findings"][number];
export type Strict = NonNullable<Found["strict"]>;
export type Judged = Named["Verdict"];
export type Differences = Omit<Named["Differences"], "tables"> & {
  tables: { vendor: string; table: string; rows: Changed[] }[];
};
export type Changed = Omit<Named["Differences"]["tables"][number]["rows"][number], "row"> & { row: Row };
export type Vendor = Answer<"/v1/vendors">["vendors"][number];
export type Operation = Vendor["operations"][number];
export type Board = Omit<Vendor["boards"][number], "title"> & { title?: string };
export type Grade = Operation["evidence"];
export type Rules = Answer<"/v1/rules/{rule}">;
export type Known = Answer<"/v1/fidelity">["vendors"][number];
export type Fact = Known["facts"][number];
export type Switches = Answer<"/v1/variants">["vendors"][number];
export type Variant = Switches["variants"][number];
export type VendorEvent = Answer<"/v1/worlds/{world}/events/{vendor}">["events"][number];
export type Page = Omit<Answer<"/v1/worlds/{world}/journal">, "entries"> & { entries: Entry[] };
export type Way = Answer<"/v1/worlds/{world}/people/{phone}">;
export type Person = Answer<"/v1/worlds/{world}/people">["people"][number];
export type Step = Way["steps"][number];

export interface Effect { at?: string; text: string; vendor?: string }
export interface Why {
  rule: string; at?: string; expected: string; found: string; hint: string;
  edit?: { body?: string; content_type?: string }; evidence: Grade; source: string;
}
export interface Message {
  headers: [string, string][]; body?: string | null; body_bytes?: number; body_sha256?: string;
  /** In the place of `body`: of one that is no text, and of one that was made while it was sent. */
  body_base64?: string; stream?: { bytes: number; sha256: string; whole: boolean } | null;
}
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
/** A rule for faults, with what has come of it. */
export interface Rule {
  id: number; name?: string; then: string; on?: Named["Fault"]["on"]; work: string; added: string;
  matched: number; fired: number; active: boolean;
}
export type Cell = string | number | boolean | null;
export type Row = Record<string, Cell>;
export interface Table { table: string; offset: number; count: number; rows: Row[] }
export interface Firing { at: string; vendor: string; kind: string; key: string }
export interface Problem { type: string; title: string; status: number; detail: string; mistakes?: { message: string }[] }
export interface Filter { q: string; vendor: string; operation: string; outcome: string; show: string }
type Place = import("./address.js").Place;
export interface Part {
  update(params: URLSearchParams): void; leave(): void; keys?: Record<string, () => void>;
  /** Where one is on it, where that is not said by how far it is scrolled; and how one comes back there. */
  place?(): Partial<Place>; comeBack?(place: Place): void;
}
/** What an element can have in it: texts and elements; what is no value is left out. */
export type Child = Node | string | number | boolean | null | undefined | Child[];
/** What an element is made with: attributes stand first, where there are any. */
export type Inside = Child | { [name: string]: unknown };
/** The element that a tag with its classes makes. */
export type Made<T extends string, M> = T extends keyof M ? M[T]
  : T extends `${infer K}.${string}` ? (K extends keyof M ? M[K] : never) : never;

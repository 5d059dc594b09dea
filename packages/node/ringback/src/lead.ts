// What `ringback run` or `ringback env` has told this process: whom their preload leads Node to, by an address alone.
//
// Not here: the environment of a child (environ.ts).

/** Whom a preload leads to, and for which hosts. */
export interface Lead {
  address: string;
  port: number;
  hosts: string[];
}

/** The variable that the preload reads. */
export const LEAD = 'RINGBACK_LEAD';

/** Whom this process is led to; `undefined` where nobody leads it. */
export function inherited(): Lead | undefined {
  try {
    const lead = JSON.parse(process.env[LEAD] ?? 'null') as Lead | null;
    return typeof lead?.port === 'number' ? lead : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a Ringback, by its address and the listeners that it tells, is the one that this process is led to, and
 * on this machine. One in a container tells an address within.
 */
export function isOfRun(url: string | undefined, listeners: readonly string[]): boolean {
  const lead = inherited();
  return lead !== undefined && url === `http://${lead.address}:${lead.port}` && listeners.includes(url);
}

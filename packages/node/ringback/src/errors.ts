// What can go wrong, as types that a test can tell apart.
//
// Not here: the report on a failed test (report.ts).

import type { Findings, Mistake, Problem, Verdict } from './types';

/** Whatever this package throws. */
export class RingbackError extends Error {
  static {
    RingbackError.prototype.name = 'RingbackError';
  }
}

/** An argument makes no sense; the message says what was expected and what was found. */
export class ArgumentError extends RingbackError {
  static {
    ArgumentError.prototype.name = 'ArgumentError';
  }
}

/** The program did not start; the message has what it said. */
export class StartError extends RingbackError {
  static {
    StartError.prototype.name = 'StartError';
  }
  constructor(
    message: string,
    /** Its exit code; `null` where a signal ended it, or it did not end. */
    readonly code: number | null,
    /** What it wrote on stderr. */
    readonly stderr: string,
  ) {
    super(message);
  }
}

/** The control plane does not answer. */
export class ConnectionError extends RingbackError {
  static {
    ConnectionError.prototype.name = 'ConnectionError';
  }
}

/** The control plane refused a call; the message has its reason and all mistakes. */
export class ProblemError extends RingbackError {
  static {
    ProblemError.prototype.name = 'ProblemError';
  }
  constructor(
    /** The call, such as `POST /v1/worlds`. */
    readonly call: string,
    /** What the control plane says of it (RFC 9457). */
    readonly problem: Problem,
  ) {
    super(problemText(call, problem));
  }
  /** The HTTP status. */
  get status(): number {
    return this.problem.status;
  }
  /** Each mistake with its place. */
  get mistakes(): Mistake[] {
    return (this.problem.mistakes ?? []) as Mistake[];
  }
}

/** A scenario has mistakes; the message has one line for each, with its place. */
export class ScenarioError extends RingbackError {
  static {
    ScenarioError.prototype.name = 'ScenarioError';
  }
  constructor(
    scenario: string,
    readonly mistakes: Mistake[],
  ) {
    super([`${scenario} has mistakes:`, ...mistakes.map((it) => `  ${it.message}`)].join('\n'));
  }
}

/**
 * What was to be verified is not so, or cannot be told; the message is the whole explanation. That of a wait begins
 * with what was waited for, how long, and by which clock.
 */
export class VerifyError extends RingbackError {
  static {
    VerifyError.prototype.name = 'VerifyError';
  }
  constructor(
    /** What the control plane answered. */
    readonly verdict: Verdict,
    waited?: string,
  ) {
    const told = verdict.explanation ?? `${verdict.verdict}: expected ${verdict.expected}, found ${verdict.found}`;
    super(waited === undefined ? told : `${waited}\n${told}`);
  }
}

/** A strict world has seen what nobody expected, or not what was, or a test what its `failOn` names; the message lists it. */
export class StrictError extends RingbackError {
  static {
    StrictError.prototype.name = 'StrictError';
  }
}

function problemText(call: string, problem: Problem): string {
  const lines = [`${call} -> ${problem.status}: ${problem.detail}`];
  for (const mistake of (problem.mistakes ?? []) as Mistake[]) {
    // The detail may be all of them, a line each.
    if (!problem.detail.includes(mistake.message)) lines.push(`  ${mistake.message}`);
  }
  if (problem.more !== undefined && problem.more > 0) lines.push(`  and ${problem.more} more`);
  for (const differs of problem.differs ?? []) lines.push(`  ${differs}`);
  return lines.join('\n');
}

/**
 * What a strict world's run comes to, in the program's words and Python's; `undefined` where it passes, or the world
 * is not strict.
 */
export function strictText(strict: Findings['strict'], name?: string): string | undefined {
  if (strict == null || strict.verdict === 'pass') return undefined;
  const { unexpected, unexpected_count: count, unmet } = strict;
  const lines = [`${name === undefined ? '' : `world ${name}: `}strict: ${strict.verdict}`];
  for (const it of unexpected) lines.push(`  ${it.seq}: ${it.line}`, `      ${it.reason}`);
  if (count > unexpected.length) lines.push(`  and ${count - unexpected.length} more`);
  for (const it of unmet)
    lines.push(...(it.explanation ?? `${it.verdict}: ${it.expected}`).split('\n').map((line) => `  ${line}`));
  return lines.join('\n');
}

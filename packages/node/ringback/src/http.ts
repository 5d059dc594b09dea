// One call of the control plane, over Node's own client.
//
// Not `fetch`: Node may lead that through a proxy, tests stand in for it, and jsdom takes it away.

import * as http from 'node:http';
import * as https from 'node:https';
import { ConnectionError, ProblemError } from './errors';
import type { Problem } from './types';

/** What was answered. */
export interface Answer {
  status: number;
  body: Buffer;
}

/** Where the control plane is. */
export interface Plane {
  admin: string;
  token?: string | undefined;
  /** Whether an answer came by a balancer, from one of several processes. */
  isBalanced?: boolean;
}

/** Who has answered, where a balancer stands before several processes; and whom a call is for. */
const PROCESS = 'x-ringback-process';

/** Statuses that are an answer and no refusal, beside those from 200 to 299. */
type Also = readonly number[];

// Taken now, before a test may put something in their place.
const requestOver = { 'http:': http.request, 'https:': https.request };
const ANSWERED_FROM = 200;
const REFUSED_FROM = 300;

/** Calls the control plane, or one process of several, with a body as JSON; `undefined` for none. */
export async function call<T>(
  plane: Plane,
  method: string,
  path: string,
  body?: unknown,
  also: Also = [],
  process?: string,
): Promise<T> {
  const sent = body === undefined ? undefined : { type: 'application/json', bytes: JSON.stringify(body) };
  const answer = await exchange(plane, method, path, sent, also, process);
  return JSON.parse(answer.body.toString('utf8')) as T;
}

/** Calls the control plane with a body as it is. */
export async function exchange(
  plane: Plane,
  method: string,
  path: string,
  sent?: { type: string; bytes: string | Buffer },
  also: Also = [],
  process?: string,
): Promise<Answer> {
  const answer = await send(plane, method, path, sent, process);
  const isAnswer = answer.status >= ANSWERED_FROM && answer.status < REFUSED_FROM;
  if (isAnswer || also.includes(answer.status)) return answer;
  throw new ProblemError(`${method} ${path}`, problemOf(answer));
}

function problemOf(answer: Answer): Problem {
  const text = answer.body.toString('utf8');
  try {
    const read = JSON.parse(text) as Problem;
    if (typeof read.detail === 'string') return read;
  } catch {
    // Something between here and there has answered; its words are all there is.
  }
  return { type: 'about:blank', title: 'no problem document', status: answer.status, detail: text.trim() };
}

function urlOf(path: string, base: string): URL | undefined {
  try {
    return new URL(path, base);
  } catch {
    return undefined;
  }
}

function send(
  plane: Plane,
  method: string,
  path: string,
  sent: { type: string; bytes: string | Buffer } | undefined,
  process: string | undefined,
): Promise<Answer> {
  const url = urlOf(path, plane.admin);
  const request = requestOver[url?.protocol as keyof typeof requestOver];
  if (url === undefined || request === undefined) {
    throw new ConnectionError(`${plane.admin} is no address of a control plane; expected http:// or https://`);
  }
  const headers: Record<string, string | number> = {};
  if (plane.token !== undefined) headers.Authorization = `Bearer ${plane.token}`;
  if (process !== undefined) headers[PROCESS] = process;
  if (sent !== undefined) {
    headers['Content-Type'] = sent.type;
    headers['Content-Length'] = Buffer.byteLength(sent.bytes);
  }
  return new Promise((answered, failed) => {
    const fail = (error: Error) => {
      failed(new ConnectionError(`${method} ${url.href}: ${error.message}; is Ringback running?`, { cause: error }));
    };
    const asked = request(url, { method, headers, agent: false }, (response) => {
      if (response.headers[PROCESS] !== undefined) plane.isBalanced = true;
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', fail);
      response.on('end', () => answered({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }));
    });
    asked.on('error', fail);
    asked.end(sent?.bytes);
  });
}

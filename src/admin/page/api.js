// Asking the control plane: the token, JSON, and problems as errors.

import { painted } from "./later.js";

/** @typedef {import("./types").Problem} Problem */

/** Where the token is kept: for this tab only. */
const TOKEN = "ringback-token";

/** After so long a silence it is asked whether the program lives, and an answer is waited for so long. */
const SILENT_MS = 20_000;
const LIVE_MS = 5000;

/** Told on `window` when an answer was 401. */
export const TOKEN_NEEDED = "ringback-token-needed";

/** So much is told of an answer that is not understood. */
const HEAD_CHARS = 120;

/** There is no answer, or none that can be read. */
export class Failed extends Error {
  /**
   * @param {string} what What the program does, as a sentence without its subject.
   * @param {string} [brief] The same in a word or two.
   */
  constructor(what, brief = "not connected") {
    super(`The program at ${location.host} ${what}.`);
    this.brief = brief;
  }
}

/** The program said no, and why. */
export class Refused extends Error {
  /**
   * @param {Problem} problem
   * @param {string} asked
   */
  constructor(problem, asked) {
    const { status, title, detail } = problem;
    const why = detail && detail !== title ? `: ${detail.replace(/\.$/, "")}` : "";
    const whole = `${asked} was answered with ${`${status} ${title}`.trim()}${why}.${blame(status)}`;
    super(status < 500 && detail ? detail : whole);
    this.problem = problem;
    this.status = status;
    this.whole = whole;
    this.brief = `answered ${status}`;
  }
}

/**
 * Whose fault it is where what was asked for could not be done.
 * @param {number} status
 */
function blame(status) {
  if (status < 500) return "";
  return status === 500
    ? " That is a fault of the program's own; its log has more."
    : " What was asked for is not at fault: a little later it may be answered.";
}

/**
 * What went wrong, in words for those who look at the page.
 * @param {unknown} error
 */
export function reasonOf(error) {
  if (error instanceof Refused) return { text: error.whole, brief: error.brief };
  const text = error instanceof Error ? error.message : String(error);
  return { text, brief: error instanceof Failed ? error.brief : "not connected" };
}

/**
 * Waits for what the network brings; what the browser says of a failure nobody understands.
 * @template T
 * @param {Promise<T>} coming
 * @param {string} what
 * @param {string} [brief]
 * @returns {Promise<T>}
 */
async function brought(coming, what, brief) {
  try {
    return await coming;
  } catch (error) {
    const { name = "" } = error instanceof Error ? error : {};
    // Who has left waits for nothing; who was told has words already.
    if (name === "AbortError" || error instanceof Failed) throw error;
    throw name === "TimeoutError" ? new Failed("does not answer in time") : new Failed(what, brief);
  }
}

/** Whether a text can be sent as a token. @param {string} text */
export function isToken(text) {
  return /^[\x20-\x7e]*$/.test(text);
}

/** @param {string} token */
export function keepToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

export function hasToken() {
  return sessionStorage.getItem(TOKEN) !== null;
}

/**
 * Sends a request; what is refused is an error.
 * @param {string} path
 * @param {RequestInit} [options]
 */
export async function ask(path, options = {}) {
  const headers = new Headers(options.headers);
  const token = sessionStorage.getItem(TOKEN);
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  const asked = `${options.method ?? "GET"} ${path.split("?")[0]}`;
  const coming = fetch(path, { ...options, headers, credentials: "omit", cache: "no-store" });
  const answer = await brought(coming, "does not answer");
  if (answer.ok) return answer;
  const text = await brought(answer.text(), `broke off its answer to ${asked}`, "broken off");
  /** @type {Problem} */
  let problem = { type: "", title: answer.statusText, status: answer.status, detail: headOf(text) };
  try {
    problem = { ...problem, ...JSON.parse(text) };
  } catch {
    // Not a problem document; its text will do.
  }
  if (answer.status === 401) window.dispatchEvent(new Event(TOKEN_NEEDED));
  throw new Refused(problem, asked);
}

/** @param {string} text */
function headOf(text) {
  return text.length > HEAD_CHARS ? `${text.slice(0, HEAD_CHARS)}…` : text;
}

/** A whole number that may be too long. */
const LONG = /(^|[:,[])\s*-?\d{16}/;

/**
 * The value of a JSON text. Of a whole number no digit is lost: one that is too great stays as it was written, as a
 * text.
 * @param {string} text
 * @param {(digits: string) => unknown} kept What stands for such a number.
 * @returns {any}
 */
export function parsed(text, kept = (digits) => digits) {
  if (!LONG.test(text)) return JSON.parse(text);
  /** @type {any} Browsers that do not say how a value was written round it. */
  const exact = (/** @type {string} */ _, /** @type {unknown} */ value, /** @type {{ source: string }} */ written) =>
    Number.isInteger(value) && !Number.isSafeInteger(value) && written ? kept(written.source) : value;
  return JSON.parse(text, exact);
}

/**
 * The value of a JSON text that is sent again: such a number is written then as it was.
 * @param {string} text
 */
export function resent(text) {
  const { rawJSON } = /** @type {{ rawJSON?: (digits: string) => unknown }} */ (JSON);
  return parsed(text, rawJSON);
}

/** What the program states, to state it again. @param {string} path */
export async function getToSend(path) {
  return resent(await (await ask(path)).text());
}

/**
 * The JSON of an answer.
 * @param {Response} answer
 * @returns {Promise<any>}
 */
async function read(answer) {
  const { pathname } = new URL(answer.url);
  const text = await brought(answer.text(), `broke off its answer at ${pathname}`, "broken off");
  try {
    return parsed(text);
  } catch {
    const what = `answered at ${pathname} with what is no JSON: “${headOf(text.trim())}”`;
    throw new Failed(what, "not understood");
  }
}

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function get(path, signal) {
  const answer = await ask(path, signal ? { signal } : {});
  // It is asked at once, and what comes of it is drawn behind the first frame.
  await painted;
  return read(answer);
}

/**
 * A signal that ends with another, or after so long.
 * @param {AbortSignal} signal
 * @param {number} ms
 */
export function within(signal, ms) {
  return AbortSignal.any([signal, AbortSignal.timeout(ms)]);
}

/**
 * Does what may take its time, and ends it where the program lives no longer. Silence alone says nothing:
 * while the clock goes a long way the world answers nobody.
 * @template T
 * @param {AbortSignal} ended
 * @param {(signal: AbortSignal, heard: () => void) => Promise<T>} work Says each time that something came.
 * @param {(signal: AbortSignal) => Promise<void>} [isWell] What else has to be so: throws where it is not.
 */
export async function watched(ended, work, isWell = async () => {}) {
  const gone = new AbortController();
  const signal = AbortSignal.any([ended, gone.signal]);
  let timer = 0;
  const heard = () => {
    clearTimeout(timer);
    timer = window.setTimeout(look, SILENT_MS);
  };
  const look = async () => {
    const soon = within(signal, LIVE_MS);
    try {
      // Whatever it answers, it lives.
      await get("/livez", soon).catch((error) => {
        if (!(error instanceof Refused)) throw error;
      });
      await isWell(soon);
      heard();
    } catch {
      gone.abort(new Failed("says nothing any more"));
    }
  };
  heard();
  try {
    return await work(signal, heard);
  } finally {
    gone.abort();
    clearTimeout(timer);
  }
}

/** Where the same is asked for again and again, an answer may come after that to a later question: it is old then. */
export class Turns {
  constructor() {
    this.begun = 0;
    this.shown = 0;
  }

  /** @returns {() => boolean} Whether what is asked for now is still to be shown, once it is there. */
  begin() {
    this.begun += 1;
    const mine = this.begun;
    return () => {
      if (mine < this.shown) return false;
      this.shown = mine;
      return true;
    };
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body] A text is sent as it is.
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function send(method, path, body, signal) {
  const headers = { "content-type": "application/json" };
  const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
  const options = { method, headers, body: method === "DELETE" ? null : text };
  return read(await ask(path, signal ? { ...options, signal } : options));
}

/**
 * As `send`, but a verdict that is no problem comes back as it is: 422 has one.
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<any>}
 */
export async function judge(path, body) {
  try {
    return await send("POST", path, body);
  } catch (error) {
    if (error instanceof Refused && "verdict" in error.problem) return error.problem;
    throw error;
  }
}

/**
 * The path of something of a world's.
 * @param {string} world
 * @param {...(string | number)} rest
 */
export function inWorld(world, ...rest) {
  return ["/v1/worlds", world, ...rest].map((it, at) => (at ? encodeURIComponent(it) : it)).join("/");
}

/**
 * Offers text as a file.
 * @param {string} name
 * @param {string} type
 * @param {BlobPart} content
 */
export function save(name, type, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

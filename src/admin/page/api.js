// Asking the control plane: the token, JSON, and problems as errors.

/** @typedef {import("./types").Problem} Problem */

/** Where the token is kept: for this tab only. */
const TOKEN = "ringback-token";

/** Told on `window` when an answer was 401. */
export const TOKEN_NEEDED = "ringback-token-needed";

/** The program said no, and why. */
export class Refused extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
    this.status = problem.status;
  }
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
  const answer = await fetch(path, { ...options, headers, credentials: "omit", cache: "no-store" });
  if (answer.ok) return answer;
  const text = await answer.text();
  /** @type {Problem} */
  let problem = { type: "", title: answer.statusText, status: answer.status, detail: text };
  try {
    problem = { ...problem, ...JSON.parse(text) };
  } catch {
    // Not a problem document; its text will do.
  }
  if (answer.status === 401) window.dispatchEvent(new Event(TOKEN_NEEDED));
  throw new Refused(problem);
}

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function get(path, signal) {
  return (await ask(path, signal ? { signal } : {})).json();
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function send(method, path, body, signal) {
  const headers = { "content-type": "application/json" };
  const text = body === undefined ? null : JSON.stringify(body);
  const options = { method, headers, body: method === "DELETE" ? null : text };
  return (await ask(path, signal ? { ...options, signal } : options)).json();
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

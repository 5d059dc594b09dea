// What is known of a body: its text, how long it was, and what of it is not shown.

import { counted, size } from "./when.js";

/** @typedef {import("./types").Message} Message */

/** A character of UTF-8 that takes several bytes, or a byte that is none. */
const CHARACTER = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x80-\xff]/g;

/** @param {string} bytes */
function escaped(bytes) {
  return [...bytes].map((it) => `\\x${it.charCodeAt(0).toString(16)}`).join("");
}

/** @param {string} bytes */
function character(bytes) {
  try {
    return decodeURIComponent(escaped(bytes).replaceAll("\\x", "%"));
  } catch {
    return escaped(bytes);
  }
}

/**
 * A body as text; bytes that are none stand as `\xff`.
 * @param {Message | null | undefined} message
 */
export function textOfBody(message) {
  if (message?.body_base64 === undefined) return message?.body ?? "";
  return atob(message.body_base64).replace(CHARACTER, character);
}

/**
 * How long it was on the wire, in bytes.
 * @param {Message} message
 */
export function bytesOfBody({ body, body_base64, body_bytes, stream }) {
  if (body_base64 !== undefined) return atob(body_base64).length;
  return body_bytes ?? stream?.bytes ?? new Blob([body ?? ""]).size;
}

/**
 * What has to be told of a body beside its text.
 * @param {Message} message
 */
export function noteOfBody(message) {
  const { body_base64, body_bytes, body_sha256, stream } = message;
  if (body_base64 !== undefined)
    return `${counted(bytesOfBody(message), "byte that is", "bytes that are")} not UTF-8; others stand as \\xff`;
  if (body_bytes !== undefined) return `the head of ${size(body_bytes)}; no more is kept. SHA-256 ${body_sha256}`;
  if (stream === undefined) return "";
  if (!stream) return "still being sent";
  return `made while it was sent, and not kept: ${size(stream.bytes)}${stream.whole ? "" : ", cut short"}. SHA-256 ${stream.sha256}`;
}

// An exchange in other shapes: a step of a scenario, a condition over the journal, a rule for faults.

import { pairs, split, worldless } from "./proof.js";

/** @typedef {import("./types").Entry} Entry */

/** Headers that a client sets by itself. */
const OWN = ["host", "user-agent", "accept", "accept-encoding", "content-length", "connection", "accept-language"];

/** @param {string} text */
function quoted(text) {
  return JSON.stringify(text);
}

/** @param {string} text Inside of three quotes. */
function many(text) {
  return text.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"');
}

/** @param {Entry} entry */
export function asStep(entry) {
  const { request, response } = entry;
  if (!request) return "";
  const headers = request.headers.filter(([name]) => !OWN.includes(name.toLowerCase()));
  const lines = [
    `${request.method} ${worldless(request.target, entry.world)}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(request.body ? ["", request.body] : []),
  ];
  const name = `${entry.vendor ?? ""} ${entry.operation ?? "request"}`.trim();
  const expect = response ? `expect = { status = ${response.status} }\n` : "";
  return `[[step]]\nname   = ${quoted(name)}\nsend   = """\n${many(lines.join("\n"))}\n"""\n${expect}`;
}

/** @param {Entry} entry */
export function asCondition(entry) {
  /** @type {Record<string, unknown>} */
  const condition = {};
  if (entry.vendor) condition["vendor"] = entry.vendor;
  if (entry.operation) condition["operation"] = entry.operation;
  if (entry.action === "event") condition["event"] = entry.detail?.["event"];
  else if (entry.action) condition["action"] = entry.action;
  if (entry.request) {
    const query = pairs(split(entry.request.target)[1] ?? "");
    const plain = query.filter((it) => it.name && !it.value.includes("***"));
    if (plain.length) condition["query"] = Object.fromEntries(plain.map((it) => [it.name, it.value]));
    if (!entry.operation) condition["path"] = worldless(entry.request.path, entry.world);
  }
  if (entry.why) condition["why"] = entry.why.rule;
  else condition["outcome"] = entry.outcome;
  condition["exactly"] = 1;
  return JSON.stringify(condition, null, 2);
}

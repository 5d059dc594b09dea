// Forms from the schemas that the program's own OpenAPI document states.

import { get, hasToken, resent } from "./api.js";
import { field, h, messageOf, select } from "./dom.js";

/**
 * As much of a JSON Schema as the document uses.
 * @typedef {{ type?: string | string[], enum?: string[], description?: string, examples?: string[], format?: string,
 *   minimum?: number, properties?: Record<string, Schema>, required?: string[], anyOf?: Schema[] }} Schema
 */
/**
 * @typedef {{ name: string, input: HTMLInputElement | HTMLSelectElement, schema: Schema, error: HTMLElement,
 *   needed: boolean }} Asked
 */

/** A number, as JSON has it. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** @type {Promise<any> | null} */
let loaded = null;

/**
 * A text as one word of a shell.
 * @param {string} text
 */
export function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * What a form sends, as a line to paste.
 * @param {string} path
 * @param {string} body
 */
export function curlOf(path, body) {
  // The token itself stands in no line that somebody may send on.
  const token = hasToken() ? '-H "Authorization: Bearer $RINGBACK_ADMIN_TOKEN" ' : "";
  return `curl ${token}-H content-type:application/json ${location.origin}${path} -d ${quoted(body)}`;
}

/**
 * The schema of the body of an operation.
 * @param {string} path
 * @param {string} method
 * @returns {Promise<Schema>}
 */
export async function bodyOf(path, method) {
  loaded ??= get("/openapi.json").catch((error) => {
    // The next one asks again.
    loaded = null;
    throw error;
  });
  const document = await loaded;
  return document.paths[path]?.[method]?.requestBody?.content["application/json"]?.schema ?? {};
}

/**
 * @param {string} name
 * @param {Schema} schema
 * @param {string} value
 * @param {boolean} needed Whether it has to be filled in.
 * @returns {Asked}
 */
export function ask(name, schema, value = "", needed = false) {
  const error = h("span.err", { id: `e-${++count}` });
  const common = { "data-name": name, "aria-describedby": error.id, "aria-required": String(needed) };
  const values = schema.enum ?? (schema.type === "boolean" ? ["true", "false"] : null);
  const input = values
    ? select([["", "–"], ...values.map((it) => /** @type {[string, string]} */ ([it, it]))], value, common)
    : h("input.mono", { value, placeholder: schema.examples?.[0] ?? "", ...common });
  return { name, input, schema, error, needed };
}

let count = 0;

/** @param {Asked} asked */
export function shown(asked) {
  const { input, schema, error } = asked;
  const name = asked.needed ? `${asked.name} (required)` : asked.name;
  const text = schema.description ? `${name}: ${schema.description}` : name;
  return field(text, input, error);
}

/**
 * The values that are filled in, as the program takes them.
 * @param {Asked[]} all
 */
export function valuesOf(all) {
  /** @type {Record<string, unknown>} */
  const values = {};
  for (const { name, input, schema } of all) {
    if (input.value === "") continue;
    values[name] = typed(input.value, schema);
  }
  return values;
}

/**
 * @param {string} text
 * @param {Schema} schema
 */
function typed(text, schema) {
  // Where texts are taken as well, an id of digits stays as it was typed.
  if ([schema.type ?? []].flat().includes("string")) return text;
  const types = [schema.type ?? [], ...(schema.anyOf ?? []).map((it) => it.type ?? [])].flat();
  const isNumber = types.includes("integer") || types.includes("number");
  // What a number would round goes as it was typed: the program says what it wants.
  if (isNumber && NUMBER.test(text)) return resent(text);
  if (types.includes("boolean") && (text === "true" || text === "false")) return text === "true";
  if (types.includes("array") || types.includes("object")) {
    try {
      return resent(text);
    } catch {
      return text;
    }
  }
  return text;
}

/**
 * Puts the program's own words under the fields that it finds wrong; what belongs to no field is returned.
 * @param {Asked[]} all
 * @param {unknown} problem
 * @returns {string}
 */
export function mark(all, problem) {
  for (const it of all) {
    it.error.textContent = "";
    it.input.removeAttribute("aria-invalid");
  }
  if (!problem) return "";
  const { mistakes } =
    /** @type {{ mistakes?: { pointer: string, expected: string, found: string, hint?: string | null }[] }} */ (
      /** @type {any} */ (problem).problem ?? {}
    );
  const rest = [];
  for (const { pointer, expected, found, hint } of mistakes ?? []) {
    // What is missing is nowhere: it is named in what was found.
    const name = /^"(\w+)" is missing/.exec(found)?.[1] ?? (pointer ?? "").split("/").pop();
    const asked = all.find((it) => it.name === name);
    const text = `expected ${expected}, found ${found}${hint ? `; ${hint}` : ""}`;
    if (asked) {
      asked.error.textContent = text;
      asked.input.setAttribute("aria-invalid", "true");
    } else {
      rest.push(text);
    }
  }
  if (mistakes?.length) return rest.join("\n");
  return messageOf(problem);
}

// Types of the control plane from what a running program says of itself.
//
// The description repeats shapes where they are used. What is used often gets a name here first, so that
// the types stay small and can be spoken of. Not here: the classes over them (ringback/src).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const FILE = fileURLToPath(new URL('../ringback/openapi.d.ts', import.meta.url));
const HEADER = `// The control plane's calls and shapes, made from its own /openapi.json by packages/node/types. Not for editing.\n\n`;

/** Shapes that get a name, innermost first: where one stands in the description. */
const NAMED = {
  Match: (d) => body(d, '/v1/worlds/{world}/verify', 'post').properties.vendor,
  Condition: (d) => body(d, '/v1/worlds/{world}/verify', 'post'),
  Verdict: (d) => reply(d, '/v1/worlds/{world}/verify', 'post', 200),
  WorldFacts: (d) => reply(d, '/v1/worlds/{world}', 'get', 200),
  Fault: (d) => body(d, '/v1/worlds/{world}/faults', 'post'),
  ClockFacts: (d) => reply(d, '/v1/worlds/{world}/clock', 'get', 200),
  Advanced: (d) => reply(d, '/v1/worlds/{world}/clock/advance', 'post', 200),
  Findings: (d) => reply(d, '/v1/worlds/{world}/findings', 'get', 200),
  Differences: (d) => reply(d, '/v1/worlds/{world}/diff', 'get', 200),
};

const reply = (d, path, method, status) => d.paths[path][method].responses[status].content['application/json'].schema;
const body = (d, path, method) => d.paths[path][method].requestBody.content['application/json'].schema;

/** A shape as text, but for what is said about this use of it. */
const shape = (schema) => {
  const { description: _, ...rest } = schema;
  return JSON.stringify(rest);
};

function name(document) {
  for (const [word, find] of Object.entries(NAMED)) {
    const found = find(document);
    if (found === undefined || found.$ref !== undefined)
      throw new Error(`tools/types.mjs: ${word} is not where it was`);
    const kept = structuredClone(found);
    const text = shape(kept);
    const visit = (value) => {
      if (value === null || typeof value !== 'object') return value;
      if (!Array.isArray(value) && value.$ref === undefined && shape(value) === text) {
        const ref = { $ref: `#/components/schemas/${word}` };
        return value.description === undefined ? ref : { ...ref, description: value.description };
      }
      for (const key of Object.keys(value)) value[key] = visit(value[key]);
      return value;
    };
    visit(document.paths);
    for (const known of Object.values(document.components.schemas)) visit(known);
    document.components.schemas[word] = kept;
  }
  return document;
}

async function describe(program) {
  const child = spawn(program, ['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(createInterface(child.stdout), 'line');
    const answer = await fetch(`${JSON.parse(line).admin}/openapi.json`);
    return await answer.json();
  } finally {
    child.kill();
  }
}

const [program, flag] = process.argv.slice(2);
const made = HEADER + astToString(await openapiTS(name(await describe(program))));
if (flag === '--check') {
  let kept = '';
  try {
    kept = readFileSync(FILE, 'utf8');
  } catch {
    // Not there is as stale as another.
  }
  if (kept !== made) {
    console.error('packages/node/ringback/openapi.d.ts is stale; make it again: packages/node/types BIN');
    process.exitCode = 1;
  }
} else {
  writeFileSync(FILE, made);
}

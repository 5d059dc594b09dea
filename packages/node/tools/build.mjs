// Builds ringback/lib: CommonJS by TypeScript, and beside it ES modules that hand on the same objects, so
// that a program with both has one Ringback.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const MODULES = ['index', 'node-test', 'vitest', 'vitest-setup', 'jest'];
/** The preload that `ringback run` gives to Node is the same. */
const PRELOAD = here('../../../src/run/files/preload.cjs');

rmSync(here('../ringback/lib'), { recursive: true, force: true });
execFileSync(process.execPath, [here('../node_modules/typescript/bin/tsc'), '-p', here('../ringback')], {
  stdio: 'inherit',
});
copyFileSync(PRELOAD, here('../ringback/lib/preload.cjs'));
for (const name of MODULES) {
  writeFileSync(
    here(`../ringback/lib/${name}.mjs`),
    `import cjs from './${name}.js';\nexport const { ${exported(name).join(', ')} } = cjs;\n`,
  );
  writeFileSync(here(`../ringback/lib/${name}.d.mts`), `export * from './${name}.js';\n`);
}
// Vitest is there in this module system alone, so only here its types can be named.
copyFileSync(here('../ringback/types/vitest.d.mts'), here('../ringback/lib/vitest.d.mts'));

/** The names that a module exports; jest's is not loaded outside of jest. */
function exported(name) {
  const file = here(`../ringback/lib/${name}.js`);
  if (name !== 'jest') return Object.keys(createRequire(file)(file));
  return [...readFileSync(file, 'utf8').matchAll(/^exports\.(\w+) = \w+;$/gm)].map((it) => it[1]);
}

// What is sent of the scripts is what is written: without what is for readers alone, and joined, but sign for sign.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { serve } from "./support.js";

const FOLDER = fileURLToPath(new URL("../../../src/admin/page/", import.meta.url));

/** What a script is made of, by the grammar, without what may be said in another way. */
function parts(source, node) {
  const { SyntaxKind } = ts;
  if (node.kind === SyntaxKind.JSDoc || node.kind === SyntaxKind.ExportKeyword) return [];
  const children = node.getChildren(source);
  if (!children.length) {
    const text = node.getText(source);
    if (!text || node.kind === SyntaxKind.SemicolonToken) return [];
    return [node.kind === SyntaxKind.ConstKeyword ? "let" : text];
  }
  // The comma that a list ends with.
  if (node.kind === SyntaxKind.SyntaxList && children.at(-1).kind === SyntaxKind.CommaToken) children.pop();
  const isBare = ts.isArrowFunction(node) && node.parameters.length === 1 && isName(node.parameters[0]);
  const isBracket = (it) => it.kind === SyntaxKind.OpenParenToken || it.kind === SyntaxKind.CloseParenToken;
  return children.filter((it) => !(isBare && isBracket(it))).flatMap((it) => parts(source, it));
}

const isName = (it) => ts.isIdentifier(it.name) && !it.initializer && !it.dotDotDotToken;

const read = (name, text) => ts.createSourceFile(name, text, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);

/** What a file says beside what it imports, and what stands for that where it is joined. */
function written(name, ones) {
  const source = read(name, readFileSync(FOLDER + name, "utf8"));
  const own = name.replace(".js", "");
  const imports = source.statements.filter(ts.isImportDeclaration);
  const taken = imports.flatMap((it) => {
    const from = `$${it.moduleSpecifier.text.replace("./", "").replace(".js", "")}`;
    const names = it.importClause.namedBindings.elements.map((one) =>
      one.propertyName ? [one.propertyName.text, ":", one.name.text] : [one.name.text],
    );
    return ["let", "{", ...names.flatMap((one, at) => (at ? [",", ...one] : one)), "}", "=", from];
  });
  const rest = source.statements.filter((it) => !ts.isImportDeclaration(it));
  const said = rest.flatMap((it) => parts(source, it));
  const joined = said.join("\n").replaceAll(/import\n\(\n"\.\/(\w+)\.js"\n\)/g, (_, asked) => {
    const [mine, theirs] = [own, asked].map((it) => ones.find((one) => one.names.includes(it))?.name);
    if (mine === theirs) return `Promise\n.\nresolve\n(\n$${asked}\n)`;
    return `import\n(\n"./${theirs}.js"\n)\n.\nthen\n(\nit\n=>\nit\n.\n$${asked}\n)`;
  });
  return [...taken, ...(joined ? joined.split("\n") : [])].join(" ");
}

test("each script is sent as it is written", async (its) => {
  const running = await serve();
  its.after(() => running.stop());
  const ones = await Promise.all(
    ["page", "parts"].map(async (name) => {
      const answer = await fetch(`${running.admin}/page/${name}.js`);
      const source = read(name, await answer.text());
      assert.deepEqual(source.parseDiagnostics, []);
      const isMade = (it) => ts.isVariableStatement(it) && it.getText(source).startsWith("let $");
      const made = source.statements.filter(isMade).map((it) => it.declarationList.declarations[0]);
      const own = source.statements.filter(
        (it) => !isMade(it) && !ts.isImportDeclaration(it) && !ts.isExportDeclaration(it),
      );
      const sent = new Map(
        made.map((it) => {
          const { body } = it.initializer.expression.expression;
          // Last it gives away what it exports.
          const said = body.statements.slice(0, -1).flatMap((one) => parts(source, one));
          return [it.name.text.slice(1), said.join(" ")];
        }),
      );
      if (own.length) sent.set(name, own.flatMap((it) => parts(source, it)).join(" "));
      return { name, names: [...sent.keys()], sent };
    }),
  );
  const files = readdirSync(FOLDER).filter((it) => it.endsWith(".js"));
  assert.deepEqual(ones.flatMap((it) => it.names.map((name) => `${name}.js`)).sort(), files.sort());
  for (const { names, sent } of ones) {
    for (const name of names) {
      const [is, wanted] = [sent.get(name), written(`${name}.js`, ones)];
      const at = [...wanted].findIndex((sign, place) => sign !== is[place]);
      assert.ok(
        is === wanted,
        `${name}: ${wanted.slice(Math.max(at - 60, 0), at + 60)}\nsent: ${is.slice(Math.max(at - 60, 0), at + 60)}`,
      );
    }
  }
});

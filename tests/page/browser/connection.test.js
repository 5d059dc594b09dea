// Tokens, strangers, and a program that goes and comes again.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { admin, at, browser, morning, serve, tab } from "./support.js";

let window;

before(async () => {
  window = await browser();
});

after(async () => {
  await window?.close();
});

test("the token is asked for once, kept for the tab, and never in an address", async () => {
  const running = await serve({ env: { RINGBACK_ADMIN_TOKEN: "open-sesame" } });
  const page = await tab(window);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(at(running, "worlds"));
  await page.getByLabel("Token").fill("wrong");
  await page.getByRole("button", { name: "Open the page" }).click();
  await page.getByText("The last one was refused with 401.").waitFor();
  await page.getByLabel("Token").fill("open-sesame");
  await page.getByRole("button", { name: "Open the page" }).click();
  await page.locator("td b", { hasText: "default" }).waitFor();
  await page.reload();
  await page.locator("td b", { hasText: "default" }).waitFor();
  await page.locator("#conn:text('live')").waitFor();
  assert.ok(
    asked.every((it) => !it.includes("sesame")),
    "the token is in an address",
  );
  assert.equal(await page.evaluate(() => JSON.stringify(localStorage).includes("sesame")), false);
  const other = await tab(window);
  await other.goto(at(running, "worlds"));
  await other.getByLabel("Token").waitFor();
  await page.context().close();
  await other.context().close();
  await running.stop();
});

test("a lost connection is told; it goes on when the program is there again", async () => {
  let running = await serve();
  const page = await tab(window);
  await page.goto(at(running, "exchanges"));
  await morning(running);
  await page.locator("article").nth(6).waitFor();
  const port = new URL(running.admin).host;
  await running.stop();
  await page.locator("#conn", { hasText: "not connected" }).waitFor();
  await page.getByText("nothing is lost").waitFor();
  assert.equal(await page.locator("article").count(), 7, "what is there stays");
  // Another run: its journal begins anew, and so does the list. What tells it stands for a while only.
  const told = page.getByText("The journal begins anew").waitFor();
  running = await serve({ admin: port });
  await told;
  await page.getByText("Nothing has been sent to this world").waitFor();
  await page.locator("#conn", { hasText: "live" }).waitFor();
  await morning(running);
  await page.locator("article").nth(6).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
  await running.stop();
});

test("a token that cannot be sent is told, one with blanks round it is taken, and no line holds it", async () => {
  let running = await serve({ env: { RINGBACK_ADMIN_TOKEN: "open-sesame" } });
  const page = await tab(window);
  await page.goto(at(running, "faults"));
  const [token, open] = [page.getByLabel("Token"), page.getByRole("button", { name: "Open the page" })];
  await token.fill("sésame €");
  await open.click();
  await page.locator("#token-error", { hasText: "signs that cannot be part of a token" }).waitFor();
  const host = new URL(running.admin).host;
  await running.stop();
  await token.fill("open-sesame");
  await open.click();
  await page.locator("#token-error", { hasText: `The program at ${host} does not answer` }).waitFor();
  running = await serve({ admin: host, env: { RINGBACK_ADMIN_TOKEN: "open-sesame" } });
  await token.fill(" open-sesame ");
  await open.click();
  await page.getByRole("heading", { name: "Add a rule" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.getByRole("button", { name: "curl" }).click();
  await page.getByText("Copied.").waitFor();
  const line = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(!line.includes("sesame"), line);
  const options = { env: { ...process.env, RINGBACK_ADMIN_TOKEN: "open-sesame" } };
  const { stdout } = await promisify(execFile)("sh", ["-c", line], options);
  assert.deepEqual(JSON.parse(stdout).ids, [1]);
  assert.deepEqual(page.faults, []);
  await page.context().close();
  await running.stop();
});

test("vendors that are served elsewhere after a new start are told there", async () => {
  let running = await serve();
  const page = await tab(window);
  await page.goto(at(running, "vendors", { vendor: "jtel" }));
  await page.locator(".head code", { hasText: running.listen }).waitFor();
  const { host } = new URL(running.admin);
  const { listen } = running;
  await running.stop();
  await page.locator("#conn", { hasText: "not connected" }).waitFor();
  running = await serve({ admin: host });
  assert.notEqual(running.listen, listen);
  await page.locator(".head code", { hasText: running.listen }).waitFor();
  await page.locator("#foot", { hasText: new URL(running.listen).host }).waitFor();
  await page.context().close();
  await running.stop();
});

test("a world that is gone is told, with the ones that are there", async () => {
  const running = await serve();
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, "nowhere"));
  await page.getByText("There is no world nowhere").waitFor();
  await page.getByRole("main").getByRole("link", { name: "default" }).click();
  await page.getByText("Nothing has been sent to this world").waitFor();
  await page.context().close();
  await running.stop();
});

test("another page cannot frame this one", async () => {
  const running = await serve();
  const answer = await fetch(running.page);
  const policy = answer.headers.get("content-security-policy") ?? "";
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
  await admin(running, "GET", "/version");
  await running.stop();
});

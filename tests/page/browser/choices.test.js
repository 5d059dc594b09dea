// Choices and forms: what is chosen is what happens, and what is copied is what was typed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { JTEL, admin, at, browser, drawn, inOneGo, makeWorld, send, stage, tab, until } from "./support.js";

let running;
let window;

stage((it) => ({ running, window } = it));

const world = (name, more) => makeWorld(running, name, more);

/** The bodies of what a page asks for with PUT. */
function puts(page, what) {
  const bodies = [];
  page.on("request", (request) => {
    if (request.method() === "PUT" && what.test(request.url())) bodies.push(request.postDataJSON());
  });
  return bodies;
}

test("the arrow keys go through modes and positions, and act where they end", async () => {
  const name = await world("arrows");
  const page = await tab(window);
  await page.clock.install();
  const modes = puts(page, /\/clock$/);
  await page.goto(at(running, "time", {}, name));
  await page.locator("input[name=mode][value=frozen]:checked").focus();
  await inOneGo(page, async () => {
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
  });
  await page.locator(".bigclock .tag", { hasText: "real" }).waitFor();
  assert.deepEqual(modes, [{ mode: "real" }]);
  const turns = puts(page, /\/variants$/);
  await page.goto(at(running, "evidence", { vendor: "jtel" }, name));
  const pick = page.locator('input[name="jtel.pick"]');
  await pick.first().waitFor();
  const values = await pick.evaluateAll((all) => all.map((it) => it.value));
  assert.ok(values.length > 2, "there is a position between the first and the last");
  await pick.first().focus();
  await inOneGo(page, async () => {
    for (let n = 1; n < values.length; n += 1) await page.keyboard.press("ArrowDown");
  });
  await page.getByText(`pick is ${values.at(-1)}`).waitFor();
  assert.deepEqual(turns, [{ jtel: { pick: values.at(-1) } }]);
  // Who goes on at once has chosen all the same.
  await pick.first().check();
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await page.getByText(`pick is ${values[0]}`).waitFor();
  await page.context().close();
});

test("the rate of a scaled clock is shown, and can be changed", async () => {
  const name = await world("rates");
  await admin(running, "PUT", `/v1/worlds/${name}/clock`, { mode: "scaled", rate: 120 });
  const page = await tab(window);
  await page.goto(at(running, "time", {}, name));
  await page.locator("input[name=mode][value=scaled]:checked").waitFor();
  const rate = page.getByLabel("rate");
  await until(page, () => document.querySelector("[aria-label=rate]").value === "120");
  await rate.fill("30");
  await page.keyboard.press("Tab");
  await page.locator(".bigclock .tag", { hasText: "scaled × 30" }).waitFor();
  assert.equal((await admin(running, "GET", `/v1/worlds/${name}/clock`)).rate, 30);
  await page.context().close();
});

test("a checkpoint is offered for comparing as soon as it is set, and a choice stays", async () => {
  const name = await world("offers");
  await world("offers-other");
  const page = await tab(window);
  await page.goto(at(running, "worlds", {}, name));
  const [from, to] = [page.getByLabel("from", { exact: true }), page.getByLabel("to", { exact: true })];
  await from.selectOption("seed");
  await to.selectOption("offers-other");
  await admin(running, "POST", `/v1/worlds/${name}/checkpoint`, { name: "later" });
  await from.locator("option", { hasText: "checkpoint later" }).waitFor({ state: "attached" });
  assert.deepEqual([await from.inputValue(), await to.inputValue()], ["seed", "offers-other"]);
  await page.context().close();
});

test("a table that is chosen shows the rows that it has now, and a wide one stays where it was scrolled to", async () => {
  const name = await world("tables");
  const page = await tab(window, { width: 700 });
  await page.goto(at(running, "vendors", { vendor: "maxcontact", table: "calls" }, name));
  await page.getByRole("heading", { name: "Routes" }).waitFor();
  const read = page.waitForResponse(/state\/maxcontact\/calls/);
  await admin(running, "POST", `/v1/worlds/${name}/events/maxcontact/agent_logout`, { user: 101 });
  await read;
  await page.getByRole("link", { name: "users", exact: true }).click();
  await page
    .locator(".lane", { hasText: /^logged out/ })
    .locator(".card", { hasText: "101" })
    .waitFor();
  await page.goto(at(running, "vendors", { vendor: "jtel", table: "contacts", view: "table" }, name));
  const scroll = page.locator(".scroll", { has: page.locator("td", { hasText: "301501" }) }).first();
  await scroll.evaluate((it) => (it.scrollLeft = 90));
  const marked = scroll.locator("tr").nth(1);
  await marked.evaluate((it) => (it.dataset.mark = "old"));
  await send(running, "/rest/v1.0/7/dialler/contacts/contact/301501/lock", { method: "PATCH", headers: JTEL }, name);
  await page.locator("[data-mark=old]").waitFor({ state: "detached" });
  assert.equal(await scroll.evaluate((it) => it.scrollLeft), 90);
  // How often a route was called is counted on.
  await page.locator("tr", { hasText: "lock_contact_by_id" }).locator("td.num", { hasText: /^1$/ }).waitFor();
  await page.context().close();
});

test("a number's way is asked for now and then, and an old answer does not take a new one's place", async () => {
  const name = await world("ways");
  const page = await tab(window);
  let asked = 0;
  page.on("request", (request) => {
    if (/\/people\/5105550188$/.test(request.url())) asked += 1;
  });
  let go;
  const gate = new Promise((open) => (go = open));
  await page.route(/\/people\/12345$/, async (route) => {
    await gate;
    await route.abort();
  });
  await page.goto(at(running, "people", { phone: "12345" }, name));
  await page.locator("#conn:text('live')").waitFor();
  await page.getByLabel(/A number in any form/).fill("5105550188");
  await page.locator("h2", { hasText: "5105550188" }).waitFor();
  go();
  await drawn(page);
  assert.equal(await page.locator("h2", { hasText: /^12345$/ }).count(), 0);
  const before = asked;
  const start = Date.now();
  const sent = 40;
  for (let n = 0; n < sent; n += 1) {
    const path = `/rest/v1.0/7/dialler/contacts/contact/301501/${n % 2 ? "unlock" : "lock"}`;
    await send(running, path, { method: "PATCH", headers: JTEL }, name);
    await page.evaluate(() => new Promise((seen) => requestAnimationFrame(seen)));
  }
  // Once what came before it, and once more what comes to an end after it.
  const most = 2 + (Date.now() - start) / 400;
  assert.ok(asked - before <= most, `${asked - before} times for ${sent} requests, and ${most} at the most`);
  await page.context().close();
});

test("a line that is copied means what was typed, in a shell too", async () => {
  const name = await world("quotes");
  const page = await tab(window);
  await page.goto(at(running, "vendors", { vendor: "maxcontact", table: "users" }, name));
  await page.getByLabel("Event").selectOption("agent_logout");
  await page.getByRole("combobox", { name: /^user/ }).fill("O'Brien");
  await page.locator(".panel", { hasText: "Let something happen" }).getByRole("button", { name: "curl" }).click();
  await page.locator(".toast[data-on]").waitFor();
  const line = await page.evaluate(() => navigator.clipboard.readText());
  const { stdout } = await promisify(execFile)("sh", ["-c", line.replace(/^curl/, "printf '%s\\n'")]);
  assert.deepEqual(JSON.parse(stdout.trim().split("\n").at(-1)), { user: "O'Brien" });
  await page.context().close();
});

test("what could not be copied is told, and the focus stays where it was", async () => {
  const page = await tab(window);
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
    globalThis.copies_ = false;
    document.execCommand = () => globalThis.copies_;
  });
  await page.goto(at(running, "exchanges", {}, await world("copies")));
  const copy = page.locator(".paste").getByRole("button", { name: "copy" });
  await copy.focus();
  await page.keyboard.press("Enter");
  await page.getByText("The browser lets nothing be copied.").waitFor();
  assert.ok(await copy.evaluate((it) => it === document.activeElement));
  await page.evaluate(() => (globalThis.copies_ = true));
  await page.keyboard.press("Enter");
  await page.locator(".toast", { hasText: "Copied." }).waitFor();
  assert.ok(await copy.evaluate((it) => it === document.activeElement));
  await page.context().close();
});

// The questions of somebody who is new, answered from the page alone.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { BINARY, JTEL, admin, at, makeWorld, morning, send, stage, tab, twice, until } from "./support.js";

let running;
let window;

stage((it) => ({ running, window } = it));

const world = (name, scenario) => makeWorld(running, name, scenario && { scenario, clock: undefined });

test("where do I send something? The line to paste does it", async () => {
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, await world("fresh")));
  const line = page.locator(".paste code");
  await page.locator(".paste code", { hasText: "/w/fresh/" }).waitFor();
  const text = await line.textContent();
  assert.ok(text.includes(new URL(running.listen).host), text);
  const [, header, url] = /-H '([^']*)' (\S+)/.exec(text);
  const [name, value] = header.split(": ");
  assert.equal((await fetch(url, { headers: { [name]: value } })).status, 200);
  await page.locator("article", { hasText: "get_contact" }).waitFor();
  await page.context().close();
});

test("why was my third request refused? With the rule explained and the contract's section", async () => {
  const name = await world("third");
  await morning(running, name);
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator('article[data-key="3"]').click();
  const pane = page.locator(".pane");
  await pane.getByText("Why it was refused").waitFor();
  await pane.locator(".cure", { hasText: /hash has 40 digits/ }).waitFor();
  await pane.getByText("What mor.hash is about").click();
  await pane.locator("details li").first().waitFor();
  await pane.getByText("Section 1.3 of mor's contract").click();
  await pane.locator("pre", { hasText: "1.3" }).waitFor();
  // The world is no part of the vendor's path.
  assert.match(await pane.locator("p.strong").textContent(), /^POST \/billing\//);
  await page.context().close();
});

test("which agent is in a call?", async () => {
  const name = await world("calls", "working-day");
  await admin(running, "POST", `/v1/worlds/${name}/clock/advance`, { by: "10m" });
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  await page.getByRole("link", { name: /^Vendors/ }).click();
  await page.getByRole("link", { name: "maxcontact", exact: true }).click();
  const lane = page.locator(".lane", { hasText: /^talking/ });
  await lane.locator(".card b").first().waitFor();
  await page.context().close();
});

test("what would happen in the next hour? And nothing has moved", async () => {
  const name = await world("ahead", "working-day");
  const page = await tab(window);
  await page.goto(at(running, "time", {}, name));
  await page.getByRole("button", { name: "Work it out" }).click();
  await page.locator("ol.ahead li").nth(5).waitFor({ timeout: 120_000 });
  // Numbers of two vendors look alike: each line says whose it is.
  const whose = await page.locator("ol.ahead li > .mid").allTextContents();
  const vendors = ["infocu5", "jtel", "maestro", "maxcontact", "mor"];
  assert.deepEqual(
    [...new Set(whose)].filter((it) => !vendors.includes(it)),
    [],
  );
  assert.ok(new Set(whose).size > 2, `${new Set(whose).size} vendors do something`);
  assert.equal((await admin(running, "GET", `/v1/worlds/${name}/clock`)).now, "2026-03-02T08:00:00Z");
  await page.context().close();
});

test("undo what my test did, though no checkpoint was set", async () => {
  const name = await world("undo");
  await send(running, "/rest/v1.0/7/dialler/contacts/contact/301501/lock", { method: "PATCH", headers: JTEL }, name);
  const page = await tab(window);
  await page.clock.install();
  await page.goto(at(running, "time", {}, name));
  await page.getByRole("button", { name: "What changed since as it was made" }).click();
  await page.locator(".diff td", { hasText: "locked" }).waitFor();
  const back = page.getByRole("button", { name: /Go back \(reset\)/ });
  await twice(page, back);
  await page.getByText("is as it was when it was made").waitFor();
  const { rows } = await admin(running, "GET", `/v1/worlds/${name}/state/jtel/contacts`);
  assert.equal(rows.find((row) => row.id === 301501).locked, 0);
  await page.context().close();
});

test("many alike are one row that counts, and open again", async () => {
  const name = await world("alike");
  for (let n = 0; n < 30; n += 1)
    await send(running, `/rest/v1.0/7/dialler/contacts/30150${(n % 2) + 1}`, { headers: JTEL }, name);
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator("article.fold", { hasText: "28 more" }).waitFor();
  assert.equal(await page.locator("article").count(), 3);
  await send(running, "/rest/v1.0/7/dialler/contacts/301503", { headers: JTEL }, name);
  await page
    .locator("article", { hasText: "301503" })
    .or(page.locator("article.fold", { hasText: "29 more" }))
    .first()
    .waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await until(page, () => document.querySelectorAll("article").length >= 30);
  await page.context().close();
});

test("an effect leads to the row that it touched", async () => {
  const name = await world("touched");
  await send(running, "/rest/v1.0/7/dialler/contacts/contact/301501/lock", { method: "PATCH", headers: JTEL }, name);
  const page = await tab(window);
  await page.goto(at(running, "exchanges", { entry: "1" }, name));
  await page.locator(".pane").getByRole("link", { name: "contact 301501" }).click();
  await page.locator(".card.sel, tr.sel td", { hasText: "301501" }).first().waitFor();
  await page.context().close();
});

test("times are in the reader's own zone where that is wanted", async () => {
  const name = await world("zones");
  const context = await window.newContext({ timezoneId: "Asia/Kolkata" });
  const page = await tab(window, { context });
  await page.goto(at(running, "time", {}, name));
  await page.locator("#now", { hasText: "09:00:00" }).waitFor();
  await page.keyboard.press("?");
  await page.getByLabel(/times in my zone/).click();
  await page.locator("#now", { hasText: "14:30:00" }).waitFor();
  await page.locator("#zone", { hasText: /Asia/ }).waitFor();
  await context.close();
});

test("the lines to paste in a terminal do what they say", async () => {
  const name = await world("pasted");
  const page = await tab(window);
  for (const [part, head] of [
    ["faults", "Nothing goes wrong on purpose"],
    ["verdict", "Nothing is expected yet"],
  ]) {
    await page.goto(at(running, part, {}, name));
    const line = page.locator(".empty", { hasText: head }).locator(".paste code");
    const [program, ...args] = (await line.textContent()).split(" ");
    assert.equal(program, "ringback");
    // Exit code 0: it is understood, and it is so.
    await promisify(execFile)(BINARY, args);
  }
  assert.equal((await admin(running, "GET", `/v1/worlds/${name}/faults`)).faults.length, 1);
  await page.context().close();
});

// What goes wrong around the page: a program that hangs, worlds that do not serve, files that do not come, several tabs.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { JTEL, admin, at, browser, morning, send, serve, tab, twice, until } from "./support.js";

let window;

before(async () => {
  window = await browser();
});

after(async () => {
  await window?.close();
});

/** What the buttons of the filter count: all, and what was refused. */
const counted = (page, show) =>
  page.evaluate(
    (it) => Number(document.querySelector(`[data-show="${it}"] span`)?.textContent.replace(/\D/g, "")),
    show,
  );

/** All entries of a journal, a page at a time. */
async function all(running, path) {
  const found = [];
  for (;;) {
    const { entries } = await admin(running, "GET", `${path}?after=${found.at(-1)?.seq ?? 0}&limit=1000`);
    if (!entries.length) return found;
    found.push(...entries);
  }
}

test("a world that cannot be read is listed with the reason, and breaks nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ringback-page-"));
  mkdirSync(join(folder, "worlds", "hollow"), { recursive: true });
  writeFileSync(join(folder, "worlds", "hollow", "world.db"), "no database");
  const running = await serve({ args: ["--data", folder] });
  const page = await tab(window);
  await page.goto(at(running, "worlds"));
  await page.locator("tr", { hasText: "hollow" }).getByText("unreadable").waitFor();
  await page.locator("td b", { hasText: "default" }).waitFor();
  await page.locator("#conn:text('live')").waitFor();
  const offered = await page.getByLabel("to", { exact: true }).locator("option").allTextContents();
  assert.deepEqual(offered, ["default"]);
  await page.goto(at(running, "exchanges", {}, "hollow"));
  await page.getByText("World hollow is unreadable").waitFor();
  await page.getByRole("main").getByRole("link", { name: "default" }).click();
  await page.getByText("Nothing has been sent to this world").waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
  await running.stop();
  rmSync(folder, { recursive: true });
});

test("a listener that throws is told and keeps nothing from the others", async () => {
  const running = await serve();
  const page = await tab(window);
  await page.goto(at(running, "exchanges"));
  const heard = await page.evaluate(async () => {
    const { Hub } = (await import("/page/page.js")).$hub;
    const hub = new Hub("unheard");
    let heard = 0;
    hub.on("facts", () => {
      throw new Error("this one throws");
    });
    hub.on("facts", () => (heard += 1));
    hub.tell("facts", undefined);
    hub.stop();
    return heard;
  });
  assert.equal(heard, 1);
  assert.match(page.faults.join(), /this one throws/);
  await page.context().close();
  await running.stop();
});

test("a program that hangs is told, and the list goes on when it does", async () => {
  const running = await serve();
  const page = await tab(window);
  await page.goto(at(running, "exchanges"));
  await morning(running);
  await page.locator("article").nth(6).waitFor();
  running.halt();
  await page.locator("#conn", { hasText: "not connected" }).waitFor({ timeout: 60_000 });
  assert.equal(await page.locator("article").count(), 7);
  running.goOn();
  await page.locator("#conn", { hasText: "live" }).waitFor();
  await morning(running);
  await page.locator("article").nth(13).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
  await running.stop();
});

test("“Try now” does so in a tab whose stream is another tab's", async () => {
  let running = await serve();
  const context = await window.newContext();
  const [first, second] = [await tab(window, { context }), await tab(window, { context })];
  await first.clock.install();
  await first.goto(at(running, "exchanges"));
  await first.locator("#conn:text('live')").waitFor();
  await second.goto(at(running, "exchanges"));
  await second.locator("#conn:text('live')").waitFor();
  const host = new URL(running.admin).host;
  await running.stop();
  await second.getByText(/Trying again in [678] s/).waitFor({ timeout: 30_000 });
  // No time goes by in them any more: by themselves they try no more.
  await first.clock.pauseAt(Date.now() + 1000);
  const tried = first.waitForRequest(/\/v1\/worlds\/default\/journal/);
  await second.getByRole("button", { name: "Try now" }).click();
  await tried;
  await first.clock.resume();
  running = await serve({ admin: host });
  await second.locator("#conn:text('live')").waitFor();
  await context.close();
  await running.stop();
});

test("each entry is listed once in every tab, though all are forgotten while requests come", async () => {
  const running = await serve();
  const context = await window.newContext();
  const [first, second] = [await tab(window, { context }), await tab(window, { context })];
  let sending = true;
  const client = async () => {
    for (let n = 0; sending; n += 1) {
      const path = `/rest/v1.0/7/dialler/contacts/contact/301501/${n % 2 ? "lock" : "unlock"}`;
      await send(running, path, { method: "PATCH", headers: JTEL });
      await send(running, `/rest/v1.0/7/dialler/contacts/nothing-${n}`, { headers: JTEL });
      if (n % 5 === 0) await send(running, `/nobody-${n}`);
    }
  };
  const clients = [client(), client(), client()];
  try {
    await first.clock.install();
    for (const page of [first, second]) {
      await page.goto(at(running, "exchanges"));
      await page.locator("article").nth(20).waitFor();
    }
    for (const page of [second, first, second]) {
      const forgotten = page.waitForResponse((answer) => answer.request().method() === "DELETE");
      const read = page.waitForResponse(/journal\?last=/);
      await twice(page, page.getByRole("button", { name: /forget all/i }));
      await Promise.all([forgotten, read]);
      await page.locator("article").nth(20).waitFor();
    }
  } finally {
    sending = false;
    await Promise.all(clients);
  }
  const [entries, strays] = [await all(running, "/v1/worlds/default/journal"), await all(running, "/v1/journal")];
  const refused = [...entries, ...strays].filter((it) => it.outcome === "refused" || it.outcome === "error").length;
  for (const page of [first, second]) {
    const is = (n) => Number(document.querySelector('[data-show="refused"] span').textContent.replace(/\D/g, "")) >= n;
    await until(page, is, refused);
    assert.equal(await counted(page, "refused"), refused);
    assert.equal(await counted(page, ""), entries.length + strays.length);
    const keys = await page.evaluate(() =>
      [...document.querySelectorAll("article")].map((it) => it.dataset.key).filter((it) => !it.startsWith("s")),
    );
    assert.deepEqual(
      keys.map(Number),
      [...new Set(keys.map(Number))].sort((a, b) => a - b),
    );
    assert.deepEqual(page.faults, []);
  }
  await context.close();
  await running.stop();
});

test("a part whose file did not come is told, and is there once it comes", async () => {
  const running = await serve();
  const page = await tab(window);
  await page.goto(at(running, "exchanges"));
  await page.locator("#conn:text('live')").waitFor();
  await page.route("**/page/parts.js", (route) => route.abort());
  await page.getByRole("navigation", { name: "Parts" }).getByRole("link", { name: /^Time/ }).click();
  await page.getByText("Time could not be shown").waitFor();
  await page.unroute("**/page/parts.js");
  await page.getByRole("button", { name: "Load the page again" }).click();
  await page.getByRole("button", { name: "Work it out" }).waitFor();
  // What a form is made of is asked for again as well.
  await page.route("**/openapi.json", (route) => route.abort());
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await page.getByRole("main").getByRole("alert").waitFor();
  await page.unroute("**/openapi.json");
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await page.locator("input[name=then]").first().waitFor();
  await page.context().close();
  await running.stop();
});

test("another run has another verdict, and boards of its own", async () => {
  let running = await serve();
  await admin(running, "PUT", "/v1/worlds/default/strict", { strict: true, expect: [] });
  await morning(running);
  const context = await window.newContext();
  const [verdict, board] = [await tab(window, { context }), await tab(window, { context })];
  await verdict.goto(at(running, "verdict"));
  await verdict.getByText("This run fails").waitFor();
  await board.goto(at(running, "vendors", { vendor: "jtel", table: "contacts", view: "lanes" }));
  const locked = board.locator(".lane", { hasText: /^locked/ }).locator(".card", { hasText: "301501" });
  await locked.waitFor();
  const host = new URL(running.admin).host;
  await running.stop();
  running = await serve({ admin: host });
  await verdict.getByText("Nothing is expected of this run").waitFor({ timeout: 60_000 });
  await locked.waitFor({ state: "detached" });
  await context.close();
  await running.stop();
});

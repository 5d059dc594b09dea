// The page while things happen: requests arrive, keys are pressed, the program goes and comes again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { JTEL, admin, at, makeWorld, morning, near, place, send, stage, tab, twice, until } from "./support.js";

let running;
let window;

stage((it) => ({ running, window } = it));

const world = (name, more) => makeWorld(running, name, more);

test("a request is seen when it arrives, with its reason, its place and its cure", async () => {
  const name = await world("arrives");
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  await page.getByText("Nothing has been sent to this world").waitFor();
  await morning(running, name);
  const row = page.locator("article", { hasText: "fetch_callers_by_date" });
  await row.waitFor();
  assert.equal(await row.locator("mark.f").textContent(), "2015-09-14T00:00:00");
  assert.match(await row.locator(".x-want").textContent(), /2015-09-14 00:00:00/);
  assert.match(await row.locator(".x-cure").textContent(), /one blank, not by a T/);
  const broken = page.locator("article", { hasText: "one JSON object" }).or(page.locator("article").first());
  assert.equal(await broken.first().locator("del.cut").textContent(), ",");
  const odd = page.locator("article.odd", { hasText: "diallerCampaignId" });
  assert.match(await odd.textContent(), /did you mean diallerCampaignsID/);
  await page.locator("a", { hasText: /^Exchanges\s*5 refused/ }).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("by keys alone: to the refusal, open it, copy it, close it, filter", async () => {
  const name = await world("keys");
  await morning(running, name);
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator("article").nth(6).waitFor();
  await page.keyboard.press("k");
  await page.keyboard.press("K");
  await page.keyboard.press("K");
  await page.keyboard.press("Enter");
  await page.locator(".pane h2").waitFor();
  const opened = new URL(page.url()).searchParams.get("entry");
  await page.keyboard.press("n");
  await page.locator(".toast[data-on]").waitFor();
  const condition = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.ok(condition.why, "a refusal is copied by its reason");
  await page.keyboard.press("s");
  await until(page, async () => (await navigator.clipboard.readText()).startsWith("[[step]]"));
  await page.keyboard.press("Escape");
  await until(page, (key) => document.activeElement?.getAttribute("data-key") === key, opened);
  await page.keyboard.press("/");
  await page.keyboard.type("lock_contact");
  await until(page, () => document.querySelectorAll("article").length === 1);
  await page.waitForURL((url) => url.searchParams.get("q") === "lock_contact");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.locator('[aria-current=page]:text("Time")').waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("a fault is made from an exchange, and strikes", async () => {
  const name = await world("breaks");
  await morning(running, name);
  const page = await tab(window);
  await page.goto(at(running, "exchanges", { entry: "4" }, name));
  await page.getByRole("link", { name: /Break the next one/ }).click();
  await page.locator("input[value=fail]").check();
  await page.getByRole("button", { name: "Add the rule" }).click();
  await page.locator("td", { hasText: "lock_contact_by_id" }).first().waitFor();
  await send(running, "/rest/v1.0/7/dialler/contacts/contact/301501/lock", { method: "PATCH", headers: JTEL }, name);
  const { faults } = await admin(running, "GET", `/v1/worlds/${name}/faults`);
  assert.equal(faults[0].fired, 1);
  await page.getByRole("button", { name: "Take rule 1 away" }).click();
  await page.getByText("Nothing goes wrong on purpose").waitFor();
  await page.context().close();
});

test("the clock is turned, a checkpoint is set, and what came since is undone", async () => {
  const name = await world("turns");
  const page = await tab(window);
  await page.clock.install();
  await page.goto(at(running, "time", {}, name));
  await page.getByRole("button", { name: /Set one/ }).click();
  const back = page.getByRole("button", { name: /Go back \(rollback\)/ });
  await back.waitFor();
  await send(running, "/rest/v1.0/7/dialler/contacts/contact/301501/lock", { method: "PATCH", headers: JTEL }, name);
  await page.getByRole("button", { name: "+1 min" }).click();
  await page.locator(".t", { hasText: "09:01:00" }).waitFor();
  const locked = async () =>
    (await admin(running, "GET", `/v1/worlds/${name}/state/jtel/contacts`)).rows.find((row) => row.id === 301501)
      .locked;
  assert.equal(await locked(), 1);
  await twice(page, back);
  await page.getByText("The state is as it was at").waitFor();
  assert.equal(await locked(), 0);
  await page.getByRole("button", { name: "Work it out" }).click();
  await page.getByText("Worked out in a fork").waitFor();
  const { worlds } = await admin(running, "GET", "/v1/worlds");
  assert.ok(!worlds.some((it) => it.name.startsWith("ahead-")), "the fork is thrown away");
  await page.context().close();
});

test("worlds are made, forked, compared and deleted", async () => {
  const name = await world("first");
  const page = await tab(window);
  await page.clock.install();
  await page.goto(at(running, "worlds", {}, name));
  await page.getByRole("button", { name: `Fork ${name}` }).click();
  await page.locator("td b", { hasText: `${name}-1` }).waitFor();
  await send(running, "/rest/v1.0/7/dialler/contacts/contact/301501/lock", { method: "PATCH", headers: JTEL }, name);
  await page.getByLabel("from", { exact: true }).selectOption(`world:${name}-1`);
  await page.getByLabel("to", { exact: true }).selectOption(name);
  await page.getByRole("button", { name: "Compare" }).click();
  await page.locator(".diff td", { hasText: "locked" }).waitFor();
  const remove = page.getByRole("button", { name: `Delete ${name}-1` });
  await twice(page, remove);
  await page.locator("td b", { hasText: `${name}-1` }).waitFor({ state: "detached" });
  await page.context().close();
});

test("a board moves when things happen, and an event's mistake stands under its field", async () => {
  const name = await world("boards");
  const page = await tab(window);
  await page.goto(at(running, "vendors", { vendor: "maxcontact", table: "users" }, name));
  await page.getByLabel("Event").selectOption("go_not_ready");
  const user = page.getByRole("combobox", { name: /^user/ });
  await user.fill("nobody");
  await page.getByRole("button", { name: "Let it happen" }).click();
  await page.locator(".err", { hasText: /expected an integer/ }).waitFor();
  assert.equal(await user.getAttribute("aria-invalid"), "true");
  await page.getByLabel("Event").selectOption("agent_logout");
  await page.getByRole("combobox", { name: /^user/ }).fill("101");
  await page.getByRole("button", { name: "Let it happen" }).click();
  await page.locator(".card.moved", { hasText: "101" }).waitFor();
  await page.context().close();
});

test("a switch is turned for the world that is shown", async () => {
  const name = await world("switches");
  const page = await tab(window);
  await page.goto(at(running, "evidence", { vendor: "jtel" }, name));
  await page.locator('input[name="jtel.pick"][value="highest_id"]').check();
  await page.getByText("pick is highest_id").waitFor();
  assert.equal((await admin(running, "GET", `/v1/worlds/${name}/variants`)).jtel.pick, "highest_id");
  await page.context().close();
});

test("a condition is tried, and its closest miss is told rule by rule", async () => {
  const name = await world("verdicts");
  await morning(running, name);
  const page = await tab(window);
  await page.goto(at(running, "verdict", {}, name));
  await page.getByLabel(/A condition over the journal/).fill('{"operation":"import_contact","outcome":"ok"}');
  await page.getByRole("button", { name: "Try", exact: true }).click();
  await page.locator(".rules b", { hasText: "NO" }).first().waitFor();
  await page.getByRole("button", { name: "Expect it" }).click();
  await page.getByRole("checkbox", { name: "strict" }).check();
  await page.locator(".verdict strong", { hasText: "This run fails" }).waitFor();
  await page.context().close();
});

test("what is changed of a run while another change is under way is changed as well", async () => {
  const name = await world("changes");
  await morning(running, name);
  const page = await tab(window);
  let go;
  const gate = new Promise((open) => (go = open));
  await page.route(/\/strict$/, async (route) => {
    if (route.request().method() === "PUT") await gate;
    await route.continue();
  });
  await page.goto(at(running, "verdict", {}, name));
  await page.getByLabel(/A condition over the journal/).fill('{"outcome":"refused","at_least":99}');
  const put = page.waitForRequest((it) => it.method() === "PUT");
  await page.getByRole("button", { name: "Expect it" }).click();
  await put;
  await page.getByRole("checkbox", { name: "strict" }).check();
  go();
  await page.getByText("1 of 1 expectation not met").waitFor();
  await page.getByRole("button", { name: "Take expectation 1 away" }).waitFor();
  await page.context().close();
});

test("hostile text shows as what it is", async () => {
  const name = await world("hostile");
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  const bad = "<img src=x onerror=struck=1>";
  await send(
    running,
    "/rest/v1.0/7/dialler/contacts/import",
    {
      method: "POST",
      headers: { ...JTEL, "content-type": "application/json", "x-note": "<script>globalThis.struck=1</script>" },
      body: JSON.stringify({ DiallerCampaignsID: 612, UserData: bad, Name: bad, PhoneNumber1: "5105550188" }),
    },
    name,
  );
  await send(running, `/rest/v1.0/7/dialler/contacts/${encodeURIComponent(bad)}`, { headers: JTEL }, name);
  await send(running, "/dialer/", { method: "POST", body: new Uint8Array([0xff, 0xfe, 0x3c, 0x80]) }, name);
  await send(running, "/dialer/", { method: "POST", body: `{"a":"${"x".repeat(300_000)}"}` }, name);
  await page.locator("article").nth(3).waitFor();
  for (const entry of ["1", "2", "3", "4"]) {
    await page.goto(at(running, "exchanges", { entry }, name));
    await page.locator(".pane h2").waitFor();
  }
  await page.goto(at(running, "vendors", { vendor: "jtel", table: "contacts" }, name));
  await page.locator("td, .card", { hasText: "<img src=x" }).first().waitFor();
  assert.equal(await page.evaluate(() => globalThis.struck), undefined);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("two worlds in two tabs do not see each other", async () => {
  const [one, two] = [await world("one"), await world("two")];
  const context = await window.newContext();
  const [left, right] = [await tab(window, { context }), await tab(window, { context })];
  await left.goto(at(running, "exchanges", {}, one));
  await right.goto(at(running, "exchanges", {}, two));
  await morning(running, two);
  await right.locator("article").nth(6).waitFor();
  await left.getByText("Nothing has been sent to this world").waitFor();
  await context.close();
});

test("eight tabs of a world stay live on one stream", async () => {
  const name = await world("tabs");
  const context = await window.newContext();
  const pages = [];
  let streams = 0;
  for (let n = 0; n < 8; n += 1) {
    const page = await tab(window, { context });
    page.on("request", (request) => {
      if (request.url().includes("journal/stream")) streams += 1;
    });
    await page.goto(at(running, "exchanges", {}, name));
    pages.push(page);
  }
  await pages[7].locator("#conn:text('live')").waitFor();
  await morning(running, name);
  for (const page of pages) await page.locator("article").nth(6).waitFor();
  assert.equal(streams, 1, "one tab reads for all");
  // The tab that reads goes: another takes over, and nothing is missed.
  await pages[0].close();
  await morning(running, name);
  for (const page of pages.slice(1)) await page.locator('article[data-key="14"]').waitFor();
  await context.close();
});

test("ten thousand entries open quickly, and only a window of them is in the document", async () => {
  const name = await world("many");
  const all = Array.from({ length: 10_000 }, (_, n) => n);
  const worker = async () => {
    for (let n = all.pop(); n !== undefined; n = all.pop()) {
      // By turns, so that they are not folded into one row.
      const path = `/rest/v1.0/7/dialler/contacts/contact/301501/${n % 2 ? "lock" : "unlock"}`;
      await send(running, path, { method: "PATCH", headers: JTEL }, name);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  const page = await tab(window);
  const start = Date.now();
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator("article").first().waitFor();
  console.log(`# first rows after ${Date.now() - start} ms`);
  await page.locator('[data-show=""] span', { hasText: "10,000" }).waitFor();
  console.log(`# all rows after ${Date.now() - start} ms`);
  const rows = await page.locator("article").count();
  assert.ok(rows < 400, `${rows} rows are in the document`);
  // What one reads does not move while more arrive.
  await page.evaluate(() => scrollTo(0, 100_000));
  const before = await place(page);
  await morning(running, name);
  await page.locator('[data-show="refused"] span', { hasText: "5" }).waitFor();
  const after = await place(page);
  assert.ok(after[0] === before[0] && near(after[1], before[1]), `${before} became ${after}`);
  await page.context().close();
});

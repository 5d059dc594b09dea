// The clock of a world as it is seen and turned: far away, over years, by others, and while its world goes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { admin, at, drawn, hold, makeWorld, morning, send, stage, tab, until } from "./support.js";

let running;
let window;

stage(async (it) => {
  ({ running, window } = it);
});

/** Texts of a plot that stand over each other. */
const overlaps = (page, plot) =>
  page.evaluate((which) => {
    const all = [...document.querySelectorAll(`${which} text`)].map((it) => [
      it.textContent,
      it.getBoundingClientRect(),
    ]);
    const isOver = (one, other) =>
      one.left < other.right && other.left < one.right && one.top < other.bottom - 2 && other.top < one.bottom - 2;
    return all.flatMap(([text, box], place) =>
      all.slice(place + 1).flatMap(([other, its]) => (isOver(box, its) ? [`${text} | ${other}`] : [])),
    );
  }, plot);

const advance = (world, how) => admin(running, "POST", `/v1/worlds/${world}/clock/advance`, how);
const keep = (world, name) => admin(running, "POST", `/v1/worlds/${world}/checkpoint`, { name });

test("no flag stands over another text, at 360 px and at 1280", async () => {
  const name = await makeWorld(running, "flags");
  await morning(running, name);
  for (const [flag, by] of [
    ["breakfast", "20m"],
    ["before-lunch", "1m"],
    ["after-lunch-with-a-long-name", "1s"],
    ["now", "1s"],
  ]) {
    await keep(name, flag);
    await advance(name, { by });
  }
  await keep(name, "the-last-of-them-all");
  for (const width of [360, 1280]) {
    const page = await tab(window, { width });
    await page.goto(at(running, "time", {}, name));
    await page.locator("svg.strip .nowt").waitFor();
    await until(page, () => document.querySelectorAll('svg.strip use[href="#m-cp"]').length === 5);
    // Where there is room the newest has its name beside it.
    const named = width > 360 ? "the-last-of-them-all" : "breakfast";
    await page.locator("svg.strip text", { hasText: named }).waitFor();
    assert.deepEqual(await overlaps(page, "svg.strip"), []);
    await page.context().close();
  }
});

test("an axis over days says where each begins, and one over years is told in days", async () => {
  const name = await makeWorld(running, "days", { clock: { mode: "frozen", at: "1975-06-01T22:00:00Z" } });
  await morning(running, name);
  await advance(name, { by: "26h" });
  await morning(running, name);
  const page = await tab(window);
  await page.goto(at(running, "time", {}, name));
  await page.locator("svg.strip text", { hasText: /^06-03$/ }).waitFor();
  assert.deepEqual(await overlaps(page, "svg.strip"), []);
  await advance(name, { to: "1979-06-01T22:00:00Z" });
  await morning(running, name);
  await page.goto(at(running, "day", {}, name));
  const panel = page.locator(".panel", { has: page.getByRole("heading", { name: "Exchanges per 90 days" }) });
  await panel.getByText(/1975-06-0\d to 1979-06-01/).waitFor();
  const years = await panel.locator("text.tick").allTextContents();
  assert.ok(
    years.some((it) => /^197\d-\d\d-\d\d$/.test(it)),
    years.join(),
  );
  assert.deepEqual(await overlaps(page, ".plot"), []);
  // As far as the years go.
  const far = await makeWorld(running, "far", { clock: { mode: "frozen", at: "1971-01-01T00:00:00Z" } });
  await morning(running, far);
  await advance(far, { to: "9998-12-30T22:00:00Z" });
  await morning(running, far);
  await page.goto(at(running, "day", {}, far));
  await page.getByRole("heading", { name: /^Exchanges per \d+ years$/ }).waitFor();
  assert.deepEqual(await overlaps(page, ".plot"), []);
  await page.goto(at(running, "time", {}, far));
  await page.locator("p.d", { hasText: "9998" }).waitFor();
  assert.deepEqual(await overlaps(page, "svg.strip"), []);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

/** A tab whose clock is on its way over eight hours, and what lets it go there. */
async function advancing(name) {
  const page = await tab(window);
  await page.goto(at(running, "time", {}, name));
  await page.locator("p.t", { hasText: "09:00:00" }).waitFor();
  const go = await hold(page, /clock\/advance$/);
  await page.getByRole("button", { name: "+8 h" }).click();
  await page.locator("body.is-advancing").waitFor();
  return { page, go };
}

test("a long advance goes on from where somebody else has turned the clock to", async () => {
  const name = await makeWorld(running, "overtaken");
  const { page, go } = await advancing(name);
  await advance(name, { by: "3h" });
  go();
  await page.getByText(/^Moved on at 17:00:00/).waitFor();
  assert.equal((await admin(running, "GET", `/v1/worlds/${name}/clock`)).now, "2026-03-02T17:00:00Z");
  // Where they were further than that already, it is at its end.
  const again = await hold(page, /clock\/advance$/);
  await page.getByRole("button", { name: "+1 h" }).last().click();
  await page.locator("body.is-advancing").waitFor();
  await advance(name, { by: "5h" });
  again();
  await page.getByText(/^Moved on at 22:00:00/).waitFor();
  await page.locator("p.t", { hasText: "22:00:00" }).waitFor();
  await page.context().close();
});

test("an advance whose world goes meanwhile is told, and its buttons can be pressed again", async () => {
  const name = await makeWorld(running, "going");
  const { page, go } = await advancing(name);
  await admin(running, "DELETE", `/v1/worlds/${name}`);
  go();
  await page.locator(".toast", { hasText: name }).waitFor();
  await page.getByText(`There is no world ${name}`).waitFor();
  assert.equal(await page.locator("body.is-advancing").count(), 0);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("what the stream says was cleared is listed no longer, and what it says beside that breaks nothing", async () => {
  const name = await makeWorld(running, "cleared");
  await morning(running, name);
  const page = await tab(window);
  let go;
  const gate = new Promise((open) => (go = open));
  let asked = 0;
  await page.route(/journal\/stream/, async (route) => {
    asked += 1;
    if (asked > 1) return route.continue();
    await gate;
    const body = 'event: cleared\ndata: {"up_to":7}\n\nevent: other\ndata: {"more":1}\n\n';
    return route.fulfill({ contentType: "text/event-stream", body });
  });
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator("article").nth(6).waitFor();
  await admin(running, "DELETE", `/v1/worlds/${name}/journal`);
  await drawn(page);
  assert.equal(await page.locator("article").count(), 7);
  go();
  await page.getByText("Nothing has been sent to this world").waitFor();
  assert.equal(await page.locator("article").count(), 0);
  await page.locator("#conn:text('live')").waitFor();
  await send(running, "/dialer/", { method: "POST", body: "{}" }, name);
  await page.locator("article").waitFor();
  assert.equal(await page.locator("article").getAttribute("data-key"), "8");
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("a journal that is emptied is empty in each tab, and goes on in each", async () => {
  const name = await makeWorld(running, "emptied");
  await morning(running, name);
  const first = await tab(window);
  const second = await tab(window, { context: first.context() });
  for (const page of [first, second]) {
    await page.goto(at(running, "exchanges", {}, name));
    await page.locator("article").nth(6).waitFor();
    await page.locator("#conn:text('live')").waitFor();
  }
  await admin(running, "DELETE", `/v1/worlds/${name}/journal`);
  for (const page of [first, second]) {
    await page.getByText("Nothing has been sent to this world").waitFor();
    assert.equal(await page.locator("article").count(), 0);
  }
  await send(running, "/dialer/", { method: "POST", body: "{}" }, name);
  for (const page of [first, second]) {
    await page.locator("article").waitFor();
    assert.equal(await page.locator("article").getAttribute("data-key"), "8");
    assert.deepEqual(page.faults, []);
  }
  await first.context().close();
});

test("what is due on a running clock happens on the page, and is told as that", async () => {
  const name = await makeWorld(running, "due", { clock: { mode: "real" } });
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator("#conn:text('live')").waitFor();
  const dial = "/webservices/services/telephony/dial/user/101/phone/07700900142";
  const headers = { cookie: "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47", accept: "application/json" };
  await admin(running, "PUT", `/v1/worlds/${name}/clock`, { mode: "scaled", rate: 60 });
  await send(running, dial, { headers }, name);
  // Nobody asks for anything meanwhile.
  await page.locator("article", { hasText: "what was due" }).first().waitFor();
  await page.context().close();
});

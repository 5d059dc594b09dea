// How fast it is. The figures are printed; the bounds are wide, for slow machines and programs that are not optimised.

import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { test } from "node:test";
import { JTEL, admin, at, hold, makeWorld, near, place, stage, tab, until } from "./support.js";

/** So many clients send at once. */
const CLIENTS = 16;

let running;
let window;

stage(async (it) => {
  ({ running, window } = it);
  for (const name of ["small", "large", "fast"]) await makeWorld(running, name);
});

/** Sends by turns what is answered and what is refused, as fast as it is told to. */
async function flood(world, { count = Infinity, perSecond = Infinity, isOver = () => false }) {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const { host, port } = new URL(running.listen);
  const start = performance.now();
  let sent = 0;
  const one = (n) =>
    new Promise((resolve, reject) => {
      const isRefused = n % 10 === 9;
      const path = isRefused ? "nothing" : `contact/301501/${n % 2 ? "lock" : "unlock"}`;
      const options = {
        agent,
        host: host.split(":")[0],
        port,
        path: `/w/${world}/rest/v1.0/7/dialler/contacts/${path}`,
        method: isRefused ? "GET" : "PATCH",
        headers: JTEL,
      };
      request(options, (reply) => reply.resume().on("end", resolve))
        .on("error", reject)
        .end();
    });
  const worker = async () => {
    while (sent < count && !isOver()) {
      if (sent > ((performance.now() - start) / 1000) * perSecond) {
        await new Promise((soon) => setImmediate(soon));
        continue;
      }
      sent += 1;
      await one(sent);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, worker));
  agent.destroy();
  return Math.round((sent / (performance.now() - start)) * 1000);
}

/** When a tab first paints, in milliseconds after it began to go there. */
const firstPaint = (page) =>
  page.evaluate(() => Math.round(performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN));

test("the first paint, and ten thousand entries", async () => {
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, "small"));
  await page.locator("#conn:text('live')").waitFor();
  const cold = await firstPaint(page);
  const files = await page.evaluate(() => {
    const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    const own = all.filter((it) => !/\/v1\/|\/version$/.test(it.name));
    const sum = (what) => own.reduce((all, it) => all + it[what], 0);
    const names = own.map((it) => new URL(it.name).pathname).sort();
    return { names, bytes: sum("decodedBodySize"), wire: sum("encodedBodySize") };
  });
  console.log(`# Exchanges takes ${files.bytes} bytes, ${files.wire} on the wire`);
  // One answer for what is painted first, and one for what it takes to show the rows: none waits for another.
  assert.deepEqual(
    files.names.filter((it) => it !== "/page/icon.svg"),
    ["/", "/page/page.js"],
  );
  await page.reload();
  await page.locator("#conn:text('live')").waitFor();
  console.log(`# first paint after ${cold} ms, with the files known after ${await firstPaint(page)} ms`);
  // What the browser itself takes here, for a line of text.
  const bare = await tab(window);
  await bare.goto(`${running.admin}/version`);
  await bare.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  const plain = await firstPaint(bare);
  await bare.reload();
  await bare.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  console.log(`# a line of text: first paint after ${plain} ms, again after ${await firstPaint(bare)} ms`);
  await bare.context().close();
  await flood("large", { count: 10_000 });
  await page.goto(at(running, "exchanges", {}, "large"));
  await until(page, () => document.querySelector("article") !== null);
  const rows = await page.evaluate(() => Math.round(performance.now()));
  await until(page, () => document.querySelector('[data-show=""] span')?.textContent === "10,000");
  const all = await page.evaluate(() => Math.round(performance.now()));
  console.log(`# 10,000 entries: rows are seen after ${rows} ms, all are there after ${all} ms`);
  assert.ok(rows < 5_000 && all < 30_000);
  await page.context().close();
});

test("what one reads stays where it is while older ones come", async () => {
  const page = await tab(window);
  const go = await hold(page, /journal\?before=/);
  await page.goto(at(running, "exchanges", {}, "large"));
  await page.locator("article").nth(20).waitFor();
  await page.evaluate(() => scrollBy(0, -700));
  const [key, before] = await place(page);
  go();
  const told = await page.evaluate(async (it) => {
    const frame = () => new Promise((soon) => requestAnimationFrame(soon));
    const top = () => document.querySelector(`[data-key="${it}"]`)?.getBoundingClientRect().top;
    const tops = [];
    while (document.querySelector('[data-show=""] span')?.textContent !== "10,000") {
      tops.push(top());
      await frame();
    }
    await frame();
    return [...tops, top()];
  }, key);
  assert.ok(told.length > 1, "older ones were still to come");
  for (const after of told) assert.ok(near(after, before), `${before} became ${after}`);
  await page.context().close();
});

test("a thousand a second neither freeze it nor move what one reads", async () => {
  const page = await tab(window);
  await flood("fast", { count: 500 });
  await page.goto(at(running, "exchanges", {}, "fast"));
  await page.locator("article").nth(20).waitFor();
  await page.evaluate(() => {
    scrollTo(0, 600);
    globalThis.frames_ = [];
    let last = performance.now();
    const tick = (now) => {
      globalThis.frames_.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await until(page, () => document.querySelector(".btn[aria-pressed=false]") !== null);
  const before = await place(page);
  const end = performance.now() + 5_000;
  const rate = await flood("fast", { perSecond: 1_000, isOver: () => performance.now() > end });
  const after = await place(page);
  assert.ok(after[0] === before[0] && near(after[1], before[1]), `${before} became ${after}`);
  const { last_seq: last } = await admin(running, "GET", "/v1/worlds/fast/journal?last=1");
  await until(
    page,
    (n) => document.querySelector('[data-show=""] span')?.textContent?.replaceAll(",", "") === String(n),
    last,
  );
  const frames = await page.evaluate(() => globalThis.frames_.slice(5).sort((a, b) => a - b));
  const worst = Math.round(frames.at(-1));
  const most = Math.round(frames[Math.floor(frames.length * 0.99)]);
  console.log(
    `# ${rate} exchanges a second: ${frames.length} frames, 99 of 100 within ${most} ms, the longest ${worst} ms`,
  );
  assert.ok(worst < 3_000, `a frame took ${worst} ms`);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

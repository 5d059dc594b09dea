// The list of exchanges: what it holds, where its rows stand, what is said of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { JTEL, at, drawn, hold, makeWorld, morning, send, stage, tab, until } from "./support.js";

/** More than the list shows at first. */
const OLDER = 420;

let running;
let window;

stage(async (it) => {
  ({ running, window } = it);
  await world("long");
  await morning(running, "long");
  for (let n = 0; n < OLDER; n += 1) {
    const path = `/rest/v1.0/7/dialler/contacts/contact/301501/${n % 2 ? "lock" : "unlock"}`;
    await send(running, path, { method: "PATCH", headers: JTEL }, "long");
  }
});

const world = (name, more) => makeWorld(running, name, more);

const keys = (page) => page.evaluate(() => [...document.querySelectorAll("article")].map((it) => it.dataset.key));

test("what a filter picks among older entries is listed once, in order", async () => {
  const page = await tab(window);
  const go = await hold(page, /journal\?before=\d+&limit=\d+$/);
  await page.goto(at(running, "exchanges", { show: "refused" }, "long"));
  await page.locator("article").nth(4).waitFor();
  const picked = await keys(page);
  assert.equal(picked.length, 5);
  // New ones come behind, the older ones before; those that were picked are among them.
  await send(running, "/rest/v1.0/7/dialler/contacts/nothing", { headers: JTEL }, "long");
  await page.locator("article").nth(5).waitFor();
  go();
  await until(
    page,
    (n) => Number(document.querySelector('[data-show=""] span').textContent.replace(/\D/g, "")) === n,
    OLDER + 8,
  );
  assert.deepEqual(await keys(page), [...picked, String(OLDER + 8)]);
  // In a list of a filter that all of the newest fit, what was picked stands before them.
  await page.getByLabel("Vendor", { exact: true }).selectOption("jtel");
  await page.locator("article").nth(1).waitFor();
  const all = (await keys(page)).map(Number);
  assert.deepEqual(
    all,
    [...new Set(all)].sort((a, b) => a - b),
  );
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("a slow entry does not take the place of the one that is open", async () => {
  const page = await tab(window);
  await hold(page, /journal\?before=/);
  const go = await hold(page, /journal\/2$/);
  const asked = page.waitForRequest(/journal\/2$/);
  await page.goto(at(running, "exchanges", { entry: "2" }, "long"));
  await asked;
  const wanted = at(running, "exchanges", { entry: "3" }, "long");
  await page.evaluate((href) => {
    history.pushState(null, "", href);
    dispatchEvent(new PopStateEvent("popstate"));
  }, wanted);
  await page.locator(".pane h2 .seq", { hasText: /^3$/ }).waitFor();
  const late = page.waitForResponse(/journal\/2$/);
  go();
  await (await late).finished();
  await drawn(page);
  assert.equal(await page.locator(".pane h2 .seq").textContent(), "3");
  await page.context().close();
});

test("notes and the pane come and go, and what is read stays where it is", async () => {
  const name = await world("still");
  for (let n = 0; n < 15; n += 1) await morning(running, name);
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator('[data-show=""] span', { hasText: "105" }).waitFor();
  await page.evaluate(() => scrollBy(0, -1500));
  await until(page, () => document.querySelector(".filters .btn[aria-pressed=false]") !== null);
  const row = await page.evaluateHandle(() =>
    [...document.querySelectorAll("article")].find((it) => it.getBoundingClientRect().top > 300),
  );
  const top = async () => {
    await drawn(page);
    return row.evaluate((it) => it.getBoundingClientRect().top);
  };
  const before = await top();
  // A page is scrolled by whole pixels.
  const stays = async (how) => {
    const now = await top();
    assert.ok(Math.abs(now - before) <= 1, `${how}: at ${now}, and was at ${before}`);
  };
  await page.keyboard.press("x");
  await page.locator("#paused-text").waitFor();
  await stays("with a note");
  await page.keyboard.press("x");
  await page.locator("#paused-text").waitFor({ state: "hidden" });
  await stays("without it");
  await row.evaluate((it) => it.querySelector(".seq a").click());
  await page.locator(".pane h2").waitFor();
  await stays("beside the pane");
  await page.keyboard.press("Escape");
  await page.locator(".pane h2").waitFor({ state: "detached" });
  await stays("without it again");
  await page.context().close();
});

test("what many long bodies hold is bounded, and the oldest go", async () => {
  const name = await world("heavy");
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  const told = await page.evaluate(async (of) => {
    const { Hub } = (await import("/page/page.js")).$hub;
    const hub = new Hub(of);
    const body = "x".repeat(1_000_000);
    hub.begin({ entries: [], last_seq: 0, evicted: 0 });
    const gone = [];
    hub.on("gone", (entries) => gone.push(...entries.map((it) => it.seq)));
    const held = () => hub.entries.reduce((sum, it) => sum + it.request.body.length, 0);
    let most = 0;
    for (let seq = 1; seq <= 100; seq += 1) {
      const entry = { seq, at: "2026-03-02T09:00:00Z", outcome: "ok", effects: [], request: { body } };
      hub.take([entry]);
      while (hub.last < seq) await new Promise((soon) => requestAnimationFrame(soon));
      most = Math.max(most, held());
    }
    const { length } = hub.entries;
    hub.stop();
    return { most, gone, first: hub.entries[0].seq, last: hub.entries.at(-1).seq, length, counted: hub.counts.chars };
  }, name);
  assert.ok(told.most <= 64_000_000, `${told.most} bytes are held`);
  assert.ok(told.gone.length > 0 && told.gone[0] === 1);
  assert.equal(told.last, 100);
  assert.equal(told.first, told.gone.at(-1) + 1);
  assert.equal(told.length, 100 - told.gone.length);
  assert.equal(told.counted, told.length * 1_000_000);
  await page.context().close();
});

test("what comes twice, while something is asked for, is taken once", async () => {
  const name = await world("gaps");
  const page = await tab(window);
  // The page itself shows another world: it would tell what it hears.
  await page.goto(at(running, "exchanges"));
  await page.evaluate(async (of) => {
    const { Hub } = (await import("/page/page.js")).$hub;
    globalThis.hub_ = new Hub(of);
    await globalThis.hub_.load();
  }, name);
  await morning(running, name);
  await morning(running, name);
  await send(running, "/nobody");
  const told = await page.evaluate(async (of) => {
    const hub = globalThis.hub_;
    const frame = () => new Promise((soon) => requestAnimationFrame(soon));
    const all = (await (await fetch(`/v1/worlds/${of}/journal`)).json()).entries;
    // As a tab hears it that was not listening: behind a gap, and more while that is asked for.
    hub.take(all.slice(4, 6));
    await frame();
    hub.take(all.slice(4, 8));
    await frame();
    hub.take(all.slice(6, 10));
    while (hub.newest()?.seq !== all[9].seq) await frame();
    // And as all is read anew meanwhile.
    hub.take(all.slice(12));
    await frame();
    await Promise.all([hub.load(), hub.lookAtStrays(), hub.lookAtStrays()]);
    hub.take(all.slice(8));
    await hub.lookAtStrays();
    while (!hub.entries.some((it) => it.stray)) await frame();
    await frame();
    await frame();
    hub.stop();
    const keys = hub.entries.map((it) => (it.stray ? `s${it.seq}` : it.seq));
    return { keys, wanted: all.map((it) => it.seq) };
  }, name);
  assert.deepEqual(
    told.keys.filter((it) => Number(it)),
    told.wanted,
  );
  assert.equal(new Set(told.keys).size, told.keys.length, told.keys.join());
  await page.context().close();
});

test("all of a burst is said to who listens, and so is what a key has done", async () => {
  const name = await world("said");
  const page = await tab(window);
  // Requests that nobody took, in other tests, are no rows of this one, though they are said as well.
  await page.goto(at(running, "exchanges", { q: "vendor:mor" }, name));
  await page.locator("#conn:text('live')").waitFor();
  // What was there before the list was is no news.
  await page.getByRole("search").waitFor();
  await page.evaluate(() => {
    globalThis.said_ = 0;
    const said = document.getElementById("said");
    new MutationObserver(() => (globalThis.said_ += Number(/^\d+/.exec(said.textContent)?.[0] ?? 0))).observe(said, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await morning(running, name);
  await until(page, () => globalThis.said_ >= 7);
  await page.locator("article[data-key]").first().waitFor();
  // What announces has to be there before it has something to say.
  assert.notEqual(await page.locator("#toast").evaluate((it) => getComputedStyle(it).display), "none");
  await page.keyboard.press("k");
  await page.keyboard.press("c");
  await page.locator(".toast[data-on]").waitFor();
  await until(page, () => document.getElementById("toast").textContent === "");
  await page.context().close();
});

test("a key is about what is listed, and an entry that is nowhere is told", async () => {
  const name = await world("keyed");
  await morning(running, name);
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator('[data-key="7"]').waitFor();
  await page.locator('[data-key="2"]').focus();
  await page.keyboard.press("/");
  await page.keyboard.type("lock_contact");
  await page.locator('[data-key="2"]').waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await page.keyboard.press("c");
  await page.getByText("No line is chosen").waitFor();
  await page.goto(at(running, "exchanges", { entry: "s999" }, name));
  await page.getByText("There is no such request that nobody took").waitFor();
  await page.locator(".pane").getByRole("link", { name: "Close" }).click();
  await page.locator(".pane").waitFor({ state: "hidden" });
  await send(running, "/nobody-takes-this");
  const stray = page.locator('article[data-key^="s"]').last();
  await stray.click();
  const key = await stray.getAttribute("data-key");
  await page
    .getByRole("region", { name: `Entry ${key}` })
    .locator(".seq", { hasText: key })
    .waitFor();
  await page.context().close();
});

// The manual on the page: from a rule, an address, and by itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { admin, at, makeWorld, morning, stage, tab, violations } from "./support.js";

let running;
let window;

stage(async (it) => {
  ({ running, window } = it);
  await makeWorld(running, "read");
  await morning(running, "read");
});

test("every chapter is laid out, and each link in it leads to a chapter and a heading that is there", async () => {
  const page = await tab(window);
  await page.goto(at(running, "manual", {}, "read"));
  await page.locator("nav.chapters a").first().waitFor();
  const { chapters } = await admin(running, "GET", "/v1/manual");
  assert.ok(chapters.length > 30);
  assert.equal(await page.locator("nav.chapters a").count(), chapters.length);
  const headings = new Map();
  const links = [];
  for (const { name, title } of chapters) {
    await page.locator(`nav.chapters a[href*="chapter=${name}"]`, { hasText: title }).first().click();
    await page.locator(`nav.chapters a[aria-current][href*="chapter=${name}"]`).waitFor();
    await page.locator(".chapter > :not(.reading)").first().waitFor();
    assert.equal(await page.locator("main h1").textContent(), title);
    const told = await page.evaluate(() => {
      const chapter = document.querySelector(".chapter");
      // What is code may have any sign; elsewhere one of Markdown's was not understood.
      const bare = chapter?.cloneNode(true);
      bare?.querySelectorAll("code, pre").forEach((it) => it.remove());
      return {
        ids: [...(chapter?.querySelectorAll("[id^=at-]") ?? [])].map((it) => it.id.slice(3)),
        links: [...(chapter?.querySelectorAll('a[href^="/?"]') ?? [])].map((it) => it.getAttribute("href") ?? ""),
        left: bare?.textContent?.match(/\*\*|\]\(|^#+ |`|\|/gm) ?? [],
      };
    });
    assert.deepEqual(told.left, [], name);
    headings.set(name, new Set(told.ids));
    links.push(...told.links.map((href) => [name, href]));
  }
  assert.ok(links.length > 100, `${links.length} links`);
  for (const [from, href] of links) {
    const { searchParams } = new URL(href, running.admin);
    const chapter = searchParams.get("chapter") ?? "";
    const place = searchParams.get("at");
    assert.ok(headings.has(chapter), `${from} leads to a chapter ${chapter}`);
    assert.ok(!place || headings.get(chapter).has(place), `${from} leads to ${chapter}#${place}`);
  }
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("it fits, is read by everybody, and opens at a heading", async () => {
  for (const width of [360, 1280]) {
    const context = await window.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
    const page = await tab(window, { context });
    await page.goto(at(running, "manual", { chapter: "time" }, "read"));
    await page.locator(".chapter pre").first().waitFor();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `at ${width} px the page is ${over} px too wide`);
    assert.deepEqual(await violations(page), [], `at ${width} px`);
    const ids = await page.evaluate(() => [...document.querySelectorAll(".chapter h2")].map((it) => it.id));
    const last = ids.at(-1)?.slice(3) ?? "";
    await page.goto(at(running, "manual", { chapter: "time", at: last }, "read"));
    await page.waitForFunction((id) => document.activeElement?.id === id, `at-${last}`);
    assert.deepEqual(page.faults, []);
    await context.close();
  }
});

test("a rule leads to its vendor's chapter, a chapter that is none to the list", async () => {
  const page = await tab(window);
  const entries = await admin(running, "GET", "/v1/worlds/read/journal?outcome=refused&limit=1");
  const [{ seq, vendor }] = entries.entries;
  await page.goto(at(running, "exchanges", { entry: seq }, "read"));
  await page.locator("summary", { hasText: "is about" }).click();
  await page.getByRole("link", { name: `the chapter of ${vendor}` }).click();
  await page.locator(`nav.chapters a[aria-current][href*="chapter=${vendor}"]`).waitFor();
  assert.deepEqual(page.faults, []);
  await page.goto(at(running, "manual", { chapter: "fautls" }, "read"));
  await page.getByRole("alert").filter({ hasText: 'did you mean "faults"?' }).waitFor();
  await page.locator("nav.chapters a").first().waitFor();
  await page.context().close();
});

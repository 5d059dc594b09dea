// Finding one's way: the manual's search, the place that one goes back to, what can be selected and reached, and
// names and numbers as they are.

import assert from "node:assert/strict";
import { test } from "node:test";
import { JTEL, admin, at, drawn, makeWorld, morning, near, send, stage, tab, twice, until } from "./support.js";

let running;
let window;

stage(async (it) => {
  ({ running, window } = it);
  await makeWorld(running, "read");
  await morning(running, "read");
});

/** Goes back, and waits until the page stands again where it stood. */
async function backTo(page, top) {
  await page.goBack();
  await until(page, (wanted) => Math.abs(scrollY - wanted) < 2, top);
}

test("the manual is searched by its own key, in titles, headings and text, and what is found leads there", async () => {
  const page = await tab(window);
  await page.goto(at(running, "manual", {}, "read"));
  await page.locator("nav.chapters a").first().waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("which requests");
  const found = page.getByRole("navigation", { name: "Found" }).getByRole("link");
  await found.first().waitFor();
  assert.equal(new URL(page.url()).searchParams.get("part"), "manual");
  // What is called so stands before what has it in its text.
  assert.equal(await found.first().textContent(), "Faults: Which requests");
  await page.keyboard.press("Enter");
  await until(page, () => document.activeElement?.id === "at-which-requests");
  assert.equal(await page.locator("main h1").textContent(), "Faults");
  assert.match(new URL(page.url()).search, /q=which/);
  // In a text alone, and in a title.
  const field = page.getByRole("searchbox");
  await field.fill("overwriteDuplicates reset_after_head");
  await page.getByRole("status").filter({ hasText: "Nothing in the manual has" }).waitFor();
  await field.fill("reset_after_head");
  await found.filter({ hasText: "Faults: The kinds" }).waitFor();
  await field.fill("glossary");
  await found.first().waitFor();
  await until(page, () => /glossary/i.test(document.querySelector("nav.chapters a")?.textContent ?? ""));
  await field.fill("");
  await page.getByRole("navigation", { name: "Chapters" }).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("each chapter and what is open has a title of its own, that before what it is part of", async () => {
  const page = await tab(window);
  const { chapters } = await admin(running, "GET", "/v1/manual");
  const seen = new Set();
  for (const { name, title } of chapters.slice(0, 5)) {
    await page.goto(at(running, "manual", { chapter: name }, "read"));
    await page.locator("nav.chapters a[aria-current]").waitFor();
    assert.equal(await page.title(), `${title} · Manual · Ringback`);
    seen.add(await page.title());
  }
  assert.equal(seen.size, 5);
  await page.locator("nav.chapters a").nth(7).click();
  await page.locator("nav.chapters li:nth-child(8) a[aria-current]").waitFor();
  assert.equal(await page.title(), `${chapters[7].title} · Manual · Ringback`);
  await page.goto(at(running, "vendors", { vendor: "mor" }, "read"));
  await page.locator("h1", { hasText: "mor" }).waitFor();
  assert.equal(await page.title(), "mor · Vendors · read · Ringback");
  await page.context().close();
});

test("who goes back is where they were: in a chapter, in a part, and in what is scrolled by itself", async () => {
  const page = await tab(window);
  await page.goto(at(running, "manual", { chapter: "page" }, "read"));
  await page.locator("#at-manners").waitFor();
  const down = async () => {
    await page.evaluate(() => scrollTo(0, 700));
    await drawn(page);
    return page.evaluate(() => scrollY);
  };
  let top = await down();
  assert.ok(top > 600);
  await page
    .locator(".chapter a[href*='chapter=']")
    .first()
    .evaluate((it) => it.click());
  await until(page, () => scrollY === 0);
  await backTo(page, top);
  assert.equal(await page.locator("main h1").textContent(), "The page");
  // Another part, and a load of the page between.
  await page.goto(at(running, "evidence", { vendor: "jtel", facts: "all" }, "read"));
  const facts = page.getByRole("group", { name: "Facts of jtel" });
  await facts.waitFor();
  await facts.evaluate((it) => it.scrollTo(0, 300));
  await page.evaluate(() => scrollTo(0, 250));
  await drawn(page);
  top = await page.evaluate(() => scrollY);
  assert.ok(top > 100);
  await page.locator("#tabs a[data-part=time]").evaluate((it) => it.click());
  await page.locator(".strip").waitFor();
  await backTo(page, top);
  await until(page, () => document.querySelector("[aria-label='Facts of jtel']")?.scrollTop === 300);
  // Who has moved since is not put back again.
  await page.mouse.move(600, 500);
  await page.mouse.wheel(0, -1000);
  await until(page, () => scrollY === 0 || document.querySelector("[aria-label='Facts of jtel']")?.scrollTop === 0);
  await page.reload();
  await facts.waitFor();
  await drawn(page);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("who goes back to the list finds the row that was read where it stood", async () => {
  const name = await makeWorld(running, "long");
  for (let n = 0; n < 40; n += 1) await send(running, `/rest/v1.0/7/dialler/contacts/${n}x`, { headers: JTEL }, name);
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator("article").nth(30).waitFor();
  await page.mouse.move(600, 600);
  await page.mouse.wheel(0, -1500);
  await page.locator("button[aria-pressed=false]", { hasText: "Follow" }).waitFor();
  await drawn(page);
  const read = () =>
    page.evaluate(() => {
      const row = [...document.querySelectorAll("article")].find((it) => it.getBoundingClientRect().bottom > 0);
      return [row?.getAttribute("data-key"), row?.getBoundingClientRect().top ?? 0];
    });
  const [key, top] = await read();
  await page.locator("#tabs a[data-part=faults]").evaluate((it) => it.click());
  await page.locator("h1", { hasText: "Faults" }).waitFor();
  await page.goBack();
  await page.locator("article").first().waitFor();
  await until(
    page,
    ([key, top]) => {
      const row = document.querySelector(`article[data-key="${key}"]`);
      return row && Math.abs(row.getBoundingClientRect().top - top) < 2;
    },
    [key, top],
  );
  const [again, there] = await read();
  assert.equal(again, key);
  assert.ok(near(there, top), `${there} and ${top}`);
  await page.context().close();
});

test("a text in a line can be selected without opening it, and what was not sent is not copied with it", async () => {
  const name = await makeWorld(running, "selected");
  const body =
    '{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getCalls",' +
    '"dateStart":"2022-03-04T00:00:00+00:00","dateEnd":"2022-03-05T00:00:00+00:00","filterCampaigns":1}';
  await send(running, "/dialer/", { method: "POST", body }, name);
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  const line = page.locator("article .proof");
  await line.waitFor();
  // The note says what belongs there: it is told by a sign that is no part of it.
  assert.equal(await line.locator("ins.w").last().textContent(), '["1"]');
  assert.match(
    await line
      .locator("ins.w")
      .last()
      .evaluate((it) => getComputedStyle(it, "::before").content),
    /[+→]/,
  );
  const box = await line.boundingBox();
  // Between pixels a browser that is driven selects nothing.
  const [x, y] = [Math.round(box.x), Math.round(box.y)];
  await page.mouse.move(x + 4, y + 8);
  await page.mouse.down();
  await page.mouse.move(x + 200, y + 8, { steps: 8 });
  await page.mouse.up();
  const selected = await page.evaluate(() => String(getSelection()));
  assert.match(selected, /^P?OST \/dialer\//);
  assert.equal(await page.locator(".pane h2").count(), 0, "a line opened while a text in it was selected");
  await page.evaluate(() => getSelection()?.selectAllChildren(document.querySelector("article .proof")));
  await page.keyboard.press("Control+c");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(copied.includes('"filterCampaigns":1}') && !copied.includes("["), copied);
  // A click opens it as ever.
  await page.evaluate(() => getSelection()?.empty());
  await page.locator("article .op").click();
  await page.locator(".pane h2").waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("what changed is a click away from the list, and stands before what was sent", async () => {
  const name = await makeWorld(running, "since");
  await admin(running, "POST", `/v1/worlds/${name}/checkpoint`, { name: "before" });
  await send(running, "/rest/v1.0/7/dialler/contacts/contact/301501/lock", { method: "PATCH", headers: JTEL }, name);
  const page = await tab(window, { height: 720 });
  await page.goto(at(running, "exchanges", { entry: "2" }, name));
  const headings = page.locator(".pane section > h3");
  await headings.first().waitFor();
  assert.equal(await headings.first().textContent(), "What changed");
  await page.getByRole("link", { name: "What changed", exact: true }).click();
  const told = page.getByRole("region", { name: "What changed" });
  await told.getByText("Since before: 1 row differs").waitFor();
  await until(page, () => {
    const panel = document.querySelector("table.diff")?.getBoundingClientRect();
    return panel && panel.top > 0 && panel.bottom < innerHeight;
  });
  // Another state by its own button; the answer is brought into sight.
  await page.getByRole("button", { name: "What changed since as it was made" }).click();
  await told.getByText("Since as it was made:").waitFor();
  await until(page, () => (document.querySelector("table.diff")?.getBoundingClientRect().top ?? -1) > 0);
  await page.context().close();
});

test("a filter takes a beginning that is one's own, and names what it does not know", async () => {
  const page = await tab(window);
  const filtered = async (/** @type {string} */ q) => page.goto(at(running, "exchanges", { q }, "read"));
  await filtered("vendor:max");
  await until(page, () => document.querySelectorAll("article").length === 1);
  await page.locator("article", { hasText: "maxcontact" }).waitFor();
  await filtered("vendor:jt op:lock_contact_by_i");
  await page.locator("article", { hasText: "lock_contact_by_id" }).waitFor();
  for (const [q, told] of [
    ["vendor:m", "m begins more than one vendor: maestro, maxcontact, mor."],
    ["vendor:mxacontact", 'There is no vendor called "mxacontact"; did you mean "maxcontact"?'],
    ["vendor:acme", 'There is no vendor called "acme"; expected one of infocu5, jtel, maestro, maxcontact, mor.'],
    ["op:import_contct", 'There is no operation called "import_contct"; did you mean "import_contact"?'],
    ["outcome:refusd", 'did you mean "refused"?'],
    ["vendro:max", "vendro: is looked for as text. Did you mean vendor:?"],
  ]) {
    await filtered(q);
    await page.locator(".empty", { hasText: told }).waitFor();
  }
  await page.context().close();
});

test("the times of faults are told in plain words, with the way to their chapter", async () => {
  const page = await tab(window);
  await page.goto(at(running, "faults", {}, "read"));
  const text = await page.locator(".head p").textContent();
  assert.match(text, /this world's clock, which may stand still.*real time/);
  await page.getByRole("link", { name: "More about faults" }).click();
  await page.locator("main h1", { hasText: "Faults" }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("chapter"), "faults");
  await page.context().close();
});

test("at 360 px the chapters, the person that is chosen, and all that the list offers can be reached", async () => {
  const page = await tab(window, { width: 360, height: 800 });
  await page.goto(at(running, "manual", { chapter: "faults" }, "read"));
  await page.locator(".chapter p").first().waitFor();
  const summary = page.locator("summary", { hasText: "Chapters" });
  const { y } = await summary.boundingBox();
  assert.ok(y < 300, `the chapters stand at ${y}`);
  await summary.click();
  await page.locator("nav.chapters a", { hasText: "Worlds" }).first().click();
  await page.locator("main h1", { hasText: "Worlds" }).waitFor();
  assert.equal(await page.locator("nav.chapters").isVisible(), false, "they fold once they have led to one");
  await page.keyboard.press("/");
  await until(page, () => document.activeElement?.matches("input[type=search]"));
  await admin(running, "POST", "/v1/worlds", { name: "crowd", scenario: "working-day" });
  const { people } = await admin(running, "GET", "/v1/worlds/crowd/people?limit=1");
  await page.goto(at(running, "people", { phone: people[0].phone }, "crowd"));
  const way = page.locator("section.panel h2", { hasText: people[0].name });
  await way.waitFor();
  await page.locator("main tr.sel").waitFor();
  assert.ok((await way.boundingBox()).y < 800, "the way stands below the list of all");
  await page.goto(at(running, "exchanges", {}, "read"));
  await page.locator("article").first().waitFor();
  await page.getByRole("button", { name: "Save as HAR" }).waitFor();
  await page.clock.install();
  await twice(page, page.getByRole("button", { name: "Forget all" }));
  await page.getByText("Nothing has been sent to this world").waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("great numbers are shown digit by digit, and a seed that is too great is refused as it was typed", async () => {
  const page = await tab(window);
  await page.goto(at(running, "worlds"));
  const make = page.getByRole("button", { name: "Make it" });
  const name = page.getByLabel("name", { exact: true });
  await name.fill("great");
  for (const seed of [String(2n ** 70n), String(2n ** 63n)]) {
    await page.getByLabel("seed").fill(seed);
    await make.click();
    await page
      .locator(".panel [role=alert]", { hasText: seed })
      .filter({ hasText: String(2n ** 63n - 1n) })
      .waitFor();
  }
  const kept = String(2n ** 63n - 1n);
  await page.getByLabel("seed").fill(kept);
  await make.click();
  await page.locator("td.num", { hasText: new RegExp(`^${kept}$`) }).waitFor();
  const stated = await (await fetch(`${running.admin}/v1/worlds/great`)).text();
  assert.ok(stated.includes(`"seed":${kept}`), stated);
  await page.goto(at(running, "exchanges", {}, "great"));
  await page.locator("#foot", { hasText: `seed ${kept}` }).waitFor();
  // As a file's own.
  await page.goto(at(running, "worlds"));
  await page.getByLabel("scenario").selectOption("");
  const file = (seed) => ({ name: "a.json", mimeType: "application/json", buffer: Buffer.from(`{"seed":${seed}}`) });
  await name.fill("filed");
  await page.getByLabel("file", { exact: true }).setInputFiles(file(2n ** 70n));
  await make.click();
  await page.locator(".panel [role=alert]", { hasText: "too great" }).waitFor();
  await page.getByLabel("file", { exact: true }).setInputFiles(file(2n ** 53n + 1n));
  await make.click();
  await page.locator("td.num", { hasText: new RegExp(`^${2n ** 53n + 1n}$`) }).waitFor();
  // What was sent stands as it was sent: each digit, and a member that is there twice.
  const body = `{"affiliateID":${2n ** 70n},"a":1,"a":{"b":[${2n ** 53n + 1n},"x"],"c":[]}}`;
  await send(running, "/dialer/", { method: "POST", body }, "read");
  const { entries } = await admin(running, "GET", "/v1/worlds/read/journal?last=1");
  await page.goto(at(running, "exchanges", { entry: entries[0].seq }, "read"));
  const laid = page.locator(".pane section", { hasText: "What was sent" }).locator("pre").first();
  await laid.waitFor();
  assert.equal(
    await laid.textContent(),
    `{\n  "affiliateID": ${2n ** 70n},\n  "a": 1,\n  "a": {\n    "b": [\n      ${2n ** 53n + 1n},\n      "x"\n    ],\n    "c": []\n  }\n}`,
  );
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

// What a reader types, clicks and lets go: it is taken once, as it was meant, and what is wrong is told where it stands.

import assert from "node:assert/strict";
import { test } from "node:test";
import { JTEL, admin, at, drawn, makeWorld, morning, send, stage, tab, until } from "./support.js";

/** A number of which no digit may be lost. */
const GREAT = String(2n ** 63n - 1n);

let running;
let window;

stage(async (it) => {
  ({ running, window } = it);
});

test("a word of the filter that is misspelt names the one that was meant", async () => {
  const name = await makeWorld(running, "misspelt");
  await morning(running, name);
  const page = await tab(window);
  for (const [typed, meant] of [
    ["vendro:jtel", "vendor:"],
    ["vend:jtel", "vendor:"],
    ["outcom:refused", "outcome:"],
    ["operations:dial", "operation:"],
  ]) {
    await page.goto(at(running, "exchanges", { q: typed }, name));
    const advice = page.locator(".empty", { hasText: "No entry fits the filter" });
    await advice.getByText("Did you mean").waitFor();
    assert.deepEqual(await advice.locator("p code").allTextContents(), [`${typed.split(":")[0]}:`, meant]);
  }
  // What is like no word of the filter is told which there are.
  await page.goto(at(running, "exchanges", { q: "tomorrow:yes" }, name));
  await page.getByText("Words of the filter are vendor:, op:, outcome:.").waitFor();
  await page.goto(at(running, "exchanges", { q: "VENDOR:jtel Outcome:refused" }, name));
  await page.locator("article", { hasText: "import_contact" }).waitFor();
  assert.equal(await page.locator("article").count(), 1);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("a text is found as people write it, however the wire has it", async () => {
  const name = await makeWorld(running, "written");
  await send(running, "/rest/v1.0/7/dialler/contacts?q=M%C3%BCller%20%22a:b%22", { headers: JTEL }, name);
  const body = '{"DiallerCampaignsID": 612, "UserData": "J\\u00f6rg"}';
  const headers = { ...JTEL, "content-type": "application/json" };
  await send(running, "/rest/v1.0/7/dialler/contacts/import", { method: "POST", headers, body }, name);
  const page = await tab(window);
  for (const [typed, key] of [
    ['müller "a:b"', "1"],
    ["M%C3%BCller", "1"],
    ["jörg", "2"],
    ["\\u00f6rg", "2"],
  ]) {
    await page.goto(at(running, "exchanges", { q: typed }, name));
    await page.locator("article").first().waitFor();
    const keys = await page.locator("article").evaluateAll((all) => all.map((it) => it.dataset.key));
    assert.deepEqual(keys, [key], typed);
  }
  await page.context().close();
});

test("a whole number that is great is sent again with each of its digits", async () => {
  const name = await makeWorld(running, "digits");
  const page = await tab(window);
  await page.goto(at(running, "verdict", {}, name));
  const text = page.getByLabel("A condition over the journal, as JSON");
  await text.fill(`{"json":{"/id":${GREAT}},"never":true}`);
  await page.getByRole("button", { name: "Expect it" }).click();
  await page.getByText("It is expected now.").waitFor();
  const stated = async () => (await fetch(`${running.admin}/v1/worlds/${name}/strict`)).text();
  assert.match(await stated(), new RegExp(`"/id":${GREAT}\\b`));
  // All that is expected is stated anew with each change.
  await page.getByRole("checkbox", { name: "strict" }).check();
  await page.getByText("The run is strict now.").waitFor();
  const now = await stated();
  assert.ok(now.includes('"strict":true') && now.includes(`"/id":${GREAT}`), now);
  await page.getByRole("button", { name: "Take expectation 1 away" }).click();
  await page.getByText("It is expected no longer.").waitFor();
  assert.ok(!(await stated()).includes(GREAT));
  await page.context().close();
});

test("the form of an event says what has to be there, and what is typed is sent and copied as what it is", async () => {
  const name = await makeWorld(running, "events");
  const page = await tab(window);
  for (const [vendor, event, typed, sent] of [
    ["infocu5", "set_agent_active", { id: "50022", active: "false" }, '{"id":"50022","active":false}'],
    ["jtel", "start_campaign", { campaign: "612" }, '{"campaign":612}'],
  ]) {
    await page.goto(at(running, "vendors", { vendor }, name));
    await page.getByLabel("Event").selectOption(event);
    const form = page.locator("form", { has: page.getByRole("button", { name: "Let it happen" }) });
    const needed = await form.locator("[aria-required=true]").evaluateAll((all) => all.map((it) => it.dataset.name));
    assert.deepEqual(needed, Object.keys(typed));
    for (const [field, value] of Object.entries(typed)) {
      await form.getByText(`${field} (required)`).waitFor();
      const input = form.locator(`[data-name=${field}]`);
      const isChoice = await input.evaluate((it) => it.tagName === "SELECT");
      await (isChoice ? input.selectOption(value) : input.fill(value));
    }
    await form.getByRole("button", { name: "curl" }).click();
    await until(page, async (event) => (await navigator.clipboard.readText()).includes(event), event);
    const line = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(line.endsWith(`-d '${sent}'`), line);
    await form.getByRole("button", { name: "Let it happen" }).click();
    await page.getByText(`${event} happened.`).waitFor();
  }
  await page.context().close();
});

test("what is refused stands at its field with the reason, and nothing that was typed is lost", async () => {
  const name = await makeWorld(running, "refused");
  const page = await tab(window);
  await page.goto(at(running, "worlds", {}, name));
  const fields = { name: "Bad Name!", seed: "many", ttl: "soon" };
  const labels = { name: "name", seed: "seed", ttl: "deleted when unused for" };
  const input = (it) => page.locator("#new-world").getByLabel(labels[it], { exact: true });
  for (const it of Object.keys(fields)) await input(it).fill(fields[it]);
  const good = { name: "well-named", seed: "7", ttl: "10m" };
  const seen = [];
  while (seen.length < 3) {
    await page.getByRole("button", { name: "Make it" }).click();
    await until(
      page,
      (before) => {
        const wrong = [...document.querySelectorAll("#new-world [aria-invalid]")];
        return wrong.length === 1 && !before.includes(wrong[0].id);
      },
      await Promise.all(seen.map((it) => input(it).getAttribute("id"))),
    );
    const wrong = page.locator("#new-world [aria-invalid]");
    const id = await wrong.getAttribute("id");
    const ids = await Promise.all(Object.keys(fields).map((it) => input(it).getAttribute("id")));
    const which = Object.keys(fields)[ids.indexOf(id)];
    assert.match(
      await page.locator(`#${await wrong.getAttribute("aria-describedby")}`).textContent(),
      /expected|must/i,
    );
    for (const it of Object.keys(fields))
      assert.equal(await input(it).inputValue(), seen.includes(it) ? good[it] : fields[it]);
    seen.push(which);
    await input(which).fill(good[which]);
  }
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByText("well-named is there.").waitFor();
  assert.equal(await page.locator("#new-world [aria-invalid]").count(), 0);
  // How far the clock is to go.
  await page.goto(at(running, "time", {}, name));
  const by = page.getByLabel("by or to");
  for (const [typed, told] of [
    ["", /expected a length/],
    ["soon", /expected a length of time/],
    ["2001-01-01T00:00:00Z", /back|earlier|before/],
  ]) {
    await by.fill(typed);
    await page.getByRole("button", { name: "Advance", exact: true }).click();
    await page.locator("#by-wrong", { hasText: told }).waitFor();
    assert.equal(await by.getAttribute("aria-invalid"), "true");
    assert.equal(await by.inputValue(), typed);
  }
  await by.fill("1s");
  await page.getByRole("button", { name: "Advance", exact: true }).click();
  await until(page, () => document.querySelector("#by-wrong").textContent === "");
  // A condition that is no JSON.
  await page.goto(at(running, "verdict", {}, name));
  const text = page.getByLabel("A condition over the journal, as JSON");
  await text.fill("{oops");
  await page.getByRole("button", { name: "Try" }).click();
  await until(page, () => document.querySelector("textarea").getAttribute("aria-invalid") === "true");
  await text.fill('{"outcome":"refused","never":true}');
  await page.getByRole("button", { name: "Try" }).click();
  await page.getByRole("status").filter({ hasText: "pass" }).waitFor();
  assert.equal(await text.getAttribute("aria-invalid"), null);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("what is typed into the form of a rule stays where its part is chosen once more", async () => {
  const name = await makeWorld(running, "kept");
  const page = await tab(window);
  await page.goto(at(running, "faults", {}, name));
  await page.getByLabel(/^nth/).fill("3");
  await page
    .getByRole("navigation", { name: "Parts" })
    .getByRole("link", { name: /^Faults/ })
    .click();
  await drawn(page);
  assert.equal(await page.getByLabel(/^nth/).inputValue(), "3");
  // A line of the journal fills it in anew.
  await page.goto(at(running, "faults", { vendor: "jtel", nth: "1" }, name));
  await until(page, () => document.querySelector('[data-name="nth"]')?.value === "1");
  await page.context().close();
});

test("a double click does once what is done once, and answers no question", async () => {
  const name = await makeWorld(running, "double");
  const page = await tab(window);
  await page.goto(at(running, "faults", {}, name));
  await page.getByRole("button", { name: "Add the rule" }).dblclick();
  await page.getByText(/^Rule 1 is on/).waitFor();
  await page.getByRole("button", { name: "Add flaky" }).dblclick();
  await page.getByText(/^Rule 2.* is on/).waitFor();
  await page.getByRole("button", { name: "Remove all" }).waitFor();
  // What came of a second click would be there before what is asked for behind it.
  const rules = async () => (await admin(running, "GET", `/v1/worlds/${name}/faults`)).faults;
  const count = (await rules()).length;
  assert.equal((await rules()).filter((it) => it.then === "lose_reply").length, 1);
  await page.getByRole("button", { name: "Remove all" }).dblclick();
  await page.getByRole("button", { name: "Really remove all?" }).waitFor();
  assert.equal((await rules()).length, count);
  await page.goto(at(running, "time", {}, name));
  await page.getByRole("button", { name: /^Set one/ }).dblclick();
  await page.getByText(/^Checkpoint .* is set/).waitFor();
  assert.equal((await admin(running, "GET", `/v1/worlds/${name}`)).checkpoints.length, 1);
  await page.context().close();
});

test("worlds are dropped one or several at a time, and no file takes the place of the page", async () => {
  const name = await makeWorld(running, "dropped");
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator("#conn:text('live')").waitFor();
  const drop = (names) =>
    page.evaluate(
      async ([world, all]) => {
        const file = await (await fetch(`/v1/worlds/${world}/export`)).arrayBuffer();
        const data = new DataTransfer();
        for (const it of all) data.items.add(new File([file], it));
        const event = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data });
        document.querySelector("main").dispatchEvent(event);
        return event.defaultPrevented;
      },
      [name, names],
    );
  assert.equal(await drop(["one.db"]), true);
  await page.getByText("A world is taken in from its file in").waitFor();
  await page.goto(at(running, "worlds", {}, name));
  await page.locator("table b", { hasText: name }).waitFor();
  assert.equal(await drop(["Twice.db", "twice.db"]), true);
  await page.locator("table b", { hasText: /^twice$/ }).waitFor();
  await page.locator("table b", { hasText: /^twice-1$/ }).waitFor();
  await page.context().close();
});

test("an entry is shown that was opened before what shows it had come, and told where that does not come", async () => {
  const name = await makeWorld(running, "behind");
  await morning(running, name);
  const page = await tab(window);
  let go;
  const gate = new Promise((open) => (go = open));
  await page.route("**/page/parts.js", async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator("article").nth(2).click();
  await page.locator(".pane").getByText("Reading …").waitFor();
  // Of two that were chosen meanwhile the last is shown.
  await page.locator("article").nth(1).click();
  go();
  await page.locator(".pane h2 .seq", { hasText: /^2$/ }).waitFor();
  assert.equal(await page.locator(".pane h2").count(), 1);
  const other = await tab(window);
  await other.route("**/page/parts.js", (route) => route.abort());
  await other.goto(at(running, "exchanges", { entry: "1" }, name));
  await other.locator(".pane").getByText("Entry 1 could not be shown").waitFor();
  await other.unroute("**/page/parts.js");
  await other.getByRole("button", { name: "Load the page again" }).click();
  await other.locator(".pane h2 .seq", { hasText: /^1$/ }).waitFor();
  assert.deepEqual([...page.faults, ...other.faults], []);
  await page.context().close();
  await other.context().close();
});

// Answers come in any order, and lists are put anew while somebody is at them: what is newest is shown, and a press is one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { JTEL, admin, at, drawn, makeWorld, send, stage, tab, until } from "./support.js";

let running;
let window;

stage((it) => ({ running, window } = it));

const world = (name, more) => makeWorld(running, name, more);

/** Has the answers to what a page asks come late, as they are now, until `pass` lets later ones overtake them. */
async function delay(page, what) {
  let go;
  const gate = new Promise((open) => (go = open));
  const late = [];
  let isOver = false;
  await page.route(what, async (route) => {
    if (isOver || route.request().method() !== "GET") return route.fallback();
    const answer = route.fetch();
    late.push(answer.then((response) => gate.then(() => route.fulfill({ response }))));
    answer.then(() => first());
  });
  let first;
  const asked = new Promise((done) => (first = done));
  return {
    /** Until one waits. */
    asked,
    pass: () => (isOver = true),
    /** Lets those that wait come, and waits until they are there. */
    async go() {
      go();
      await Promise.all(late);
      await drawn(page);
    },
  };
}

const lock = (name) =>
  send(running, "/rest/v1.0/7/dialler/contacts/contact/301501/lock", { method: "PATCH", headers: JTEL }, name);

test("rules and facts that were read before others do not come back", async () => {
  const name = await world("rules");
  const page = await tab(window);
  await page.goto(at(running, "faults", {}, name));
  await page.getByText("Nothing goes wrong on purpose").waitFor();
  const old = await delay(page, /\/(faults|worlds)$/);
  await lock(name);
  await old.asked;
  old.pass();
  await admin(running, "POST", `/v1/worlds/${name}/faults`, { then: "fail" });
  const rule = page.getByRole("button", { name: "Take rule 1 away" });
  const tab_ = page.locator('[data-part="faults"] .n', { hasText: "1 on" });
  await rule.waitFor();
  await tab_.waitFor();
  await old.go();
  assert.ok((await rule.isVisible()) && (await tab_.isVisible()));
  await page.context().close();
});

test("a verdict that was asked for before another does not come back", async () => {
  const name = await world("verdict");
  const page = await tab(window);
  await page.goto(at(running, "verdict", {}, name));
  await page.getByText("Nothing is expected of this run").waitFor();
  const old = await delay(page, /\/strict$/);
  await lock(name);
  await old.asked;
  old.pass();
  await admin(running, "PUT", `/v1/worlds/${name}/strict`, { strict: true, expect: [] });
  await page.getByText("This run passes").waitFor();
  await old.go();
  assert.ok(await page.getByRole("checkbox", { name: "strict" }).isChecked());
  await page.context().close();
});

test("a board that was read before another does not come back, nor does a switch or a number's way", async () => {
  const name = await world("boards");
  const page = await tab(window);
  const rows = await delay(page, /state\/jtel\/contacts/);
  await page.goto(at(running, "vendors", { vendor: "jtel", table: "contacts", view: "lanes" }, name));
  await rows.asked;
  rows.pass();
  await lock(name);
  const locked = page.locator(".lane", { hasText: /^locked/ }).locator(".card", { hasText: "301501" });
  await locked.waitFor();
  await rows.go();
  // The whole vendor is shown once all of its tables are there.
  await page.getByRole("button", { name: "Let it happen" }).waitFor();
  assert.ok(await locked.isVisible());

  await page.goto(at(running, "evidence", { vendor: "jtel" }, name));
  await page.getByText(/^\d+; all at their default$/).waitFor();
  const switches = await delay(page, /\/variants$/);
  await admin(running, "POST", `/v1/worlds/${name}/checkpoint`, { name: "one" });
  await switches.asked;
  switches.pass();
  await page.locator('input[name="jtel.pick"][value="highest_id"]').check();
  await page.getByText("pick is highest_id").waitFor();
  await switches.go();
  assert.ok(await page.locator('input[name="jtel.pick"][value="highest_id"]').isChecked());

  const phone = "5105550188";
  await page.goto(at(running, "people", { phone }, name));
  const steps = page.locator("table", { hasText: "what happened" }).locator("tbody tr");
  await steps.first().waitFor();
  const before = await steps.count();
  const way = await delay(page, new RegExp(`/people/${phone}$`));
  await admin(running, "POST", `/v1/worlds/${name}/checkpoint`, { name: "two" });
  await way.asked;
  way.pass();
  await send(
    running,
    "/rest/v1.0/7/dialler/contacts/import?overwriteDuplicates=false",
    {
      method: "POST",
      headers: { ...JTEL, "content-type": "application/json" },
      body: JSON.stringify({ DiallerCampaignsID: 612, UserData: "SIM-9", Name: "a", PhoneNumber1: phone }),
    },
    name,
  );
  await until(page, (n) => document.querySelectorAll("section.panel tbody tr").length > n, before);
  const now = await steps.count();
  await way.go();
  assert.equal(await steps.count(), now);
  await page.context().close();
});

test("a press that began before its list was to be put anew is one", async () => {
  const name = await world("pressed");
  await admin(running, "POST", `/v1/worlds/${name}/faults`, { then: "fail" });
  const page = await tab(window);
  const mark = () => admin(running, "POST", `/v1/worlds/${name}/checkpoint`, { name: "marked" });
  for (const [part, named, said, change] of [
    ["worlds", `Fork ${name}`, `${name}-1 begins where`, mark],
    ["faults", "Take rule 1 away", "Rule 1 is gone.", () => lock(name)],
  ]) {
    await page.goto(at(running, part, {}, name));
    await page.locator("#conn:text('live')").waitFor();
    const button = page.getByRole("button", { name: named, exact: true });
    await button.hover();
    await page.mouse.down();
    // What is told of it is another now, and is read.
    const read = page.waitForResponse(part === "worlds" ? /\/v1\/worlds$/ : /\/faults$/);
    await change();
    await (await read).finished();
    await drawn(page);
    await page.mouse.up();
    await page.getByText(said).waitFor();
  }
  await page.context().close();
});

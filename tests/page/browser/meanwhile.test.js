// Each part while a client sends: it goes on showing, keeps the focus, and can be left with the keyboard.

import assert from "node:assert/strict";
import { test } from "node:test";
import { JTEL, admin, at, makeWorld, morning, send, stage, tab, until } from "./support.js";

let running;
let window;
let sending = true;
let client;

/** The parts, and what moves in them while requests come. */
const PARTS = [
  ["exchanges", {}, "article"],
  ["vendors", { vendor: "jtel" }, ".board .card"],
  ["time", {}, "svg.strip use"],
  ["faults", {}, "input[name=then]"],
  ["worlds", {}, "td b"],
  ["verdict", {}, ".verdict strong"],
  ["evidence", { vendor: "jtel" }, "fieldset.var input"],
  ["people", { phone: "5105550188" }, "h2"],
  ["day", {}, "svg.plot"],
];

stage(
  async (it) => {
    ({ running, window } = it);
    await morning(running, await makeWorld(running, "busy"));
    await morning(running, await makeWorld(running, "calm"));
    const lock = (is) => `/rest/v1.0/7/dialler/contacts/contact/301501/${is ? "lock" : "unlock"}`;
    client = (async () => {
      for (let n = 0; sending; n += 1) {
        await send(running, lock(n % 2 === 0), { method: "PATCH", headers: JTEL }, "busy");
        await send(running, "/rest/v1.0/7/dialler/contacts/nothing", { headers: JTEL }, "busy");
      }
    })();
  },
  async () => {
    sending = false;
    await client;
  },
);

const refusals = (page) =>
  page.evaluate(() => Number(document.querySelector('[data-part="exchanges"] .n')?.textContent?.replace(/\D/g, "")));

for (const [part, selected, wanted] of PARTS) {
  test(`${part} stays alive and at rest while a client sends`, async () => {
    const page = await tab(window);
    await page.goto(at(running, part, selected, "busy"));
    await page.locator(wanted).first().waitFor();
    const first = await refusals(page);
    // Whoever is at a tab or a field with the keyboard stays there while all around is shown anew.
    const link = page.getByRole("navigation", { name: "Parts" }).getByRole("link", { name: /^Worlds/ });
    await link.focus();
    await until(
      page,
      (n) => Number(document.querySelector('[data-part="exchanges"] .n')?.textContent?.replace(/\D/g, "")) > n + 20,
      first,
    );
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-part")), "worlds");
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}

test("what has the focus in a part that is shown anew keeps it", async () => {
  const page = await tab(window);
  await page.goto(at(running, "vendors", { vendor: "jtel", table: "contacts", view: "lanes" }, "busy"));
  await page.locator(".board .card").first().waitFor();
  const held = page.getByRole("link", { name: "calls", exact: true });
  await held.focus();
  await until(page, () => document.querySelector(".card.moved") !== null);
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "calls");
  await page.context().close();
});

test("a button that has the focus keeps it by its text", async () => {
  const page = await tab(window);
  await page.goto(at(running, "time", {}, "calm"));
  const held = page.getByRole("button", { name: "Fork here" });
  await held.focus();
  await held.evaluate((it) => (it.dataset.mark = "old"));
  await admin(running, "POST", "/v1/worlds/calm/checkpoint", { name: "kept" });
  await page.getByText(/\d entr(y|ies) since$/).waitFor();
  await page.locator("[data-mark=old]").waitFor({ state: "detached" });
  assert.ok(await held.evaluate((it) => it === document.activeElement));
  await page.context().close();
});

for (const [part, selected, wanted] of PARTS) {
  test(`${part} is walked through with the tab key, and left again`, async () => {
    sending = false;
    await client;
    const page = await tab(window);
    await page.goto(at(running, part, selected, "calm"));
    await page.locator(wanted).first().waitFor();
    // What can have the focus: each group of radios counts as one.
    const all = await page.evaluate(() => {
      const found = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]");
      const seen = [...found].filter(
        (it) => it.tabIndex >= 0 && !it.disabled && it.checkVisibility({ visibilityProperty: true }),
      );
      const groups = new Set(seen.filter((it) => it.type === "radio").map((it) => it.name));
      return seen.filter((it) => it.type !== "radio").length + groups.size;
    });
    let steps = 0;
    let isBack = false;
    await page.evaluate(() => document.querySelector(".skip").focus());
    while (!isBack && steps < all + 20) {
      await page.keyboard.press("Tab");
      steps += 1;
      const told = await page.evaluate(() => {
        const it = document.activeElement;
        if (!it || it === document.body || it.matches(".skip")) return null;
        const { outlineStyle } = getComputedStyle(it);
        return { isSeen: outlineStyle !== "none", text: it.outerHTML.slice(0, 100) };
      });
      isBack = told === null;
      if (told) assert.ok(told.isSeen, `nothing shows that the focus is at ${told.text}`);
    }
    assert.ok(isBack, `the focus never comes out of ${part} in ${steps} steps`);
    assert.ok(steps >= all - 2, `only ${steps} of ${all} are reached`);
    await page.context().close();
  });
}

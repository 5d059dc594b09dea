// What is drawn can be read: nothing lies upon another text or is cut off, and room is used where there is some.

import assert from "node:assert/strict";
import { test } from "node:test";
import { JTEL, admin, at, makeWorld, morning, send, stage, tab } from "./support.js";

let running;
let window;

stage((it) => ({ running, window } = it));

/** Texts of a drawing that lie upon each other, or are cut at its sides. */
const unreadable = (page, which) =>
  page.locator(which).evaluate((plot) => {
    const frame = plot.getBoundingClientRect();
    const all = [...plot.querySelectorAll("text")].map((it) => [it.textContent, it.getBoundingClientRect()]);
    const cut = all.filter(([, it]) => it.left < frame.left - 1 || it.right > frame.right + 1).map(([text]) => text);
    const upon = all.flatMap(([text, it], n) =>
      all
        .slice(n + 1)
        .filter(
          ([, other]) =>
            it.left < other.right - 1 &&
            other.left < it.right - 1 &&
            it.top < other.bottom - 1 &&
            other.top < it.bottom - 1,
        )
        .map(([other]) => `${text} and ${other}`),
    );
    return [...cut, ...upon];
  });

for (const width of [320, 360, 700, 1280, 1920]) {
  test(`at ${width} px every time on the line of time can be read`, async () => {
    for (const isOneMoment of [true, false]) {
      const name = await makeWorld(running, `line-${width}-${isOneMoment}`);
      await morning(running, name);
      if (!isOneMoment) {
        await admin(running, "POST", `/v1/worlds/${name}/clock/advance`, { by: "10m" });
        await morning(running, name);
      }
      const page = await tab(window, { width });
      await page.goto(at(running, "time", {}, name));
      await page
        .locator("svg.strip use")
        .nth(isOneMoment ? 6 : 13)
        .waitFor({ state: "attached" });
      assert.deepEqual(await unreadable(page, "svg.strip"), []);
      await page.context().close();
    }
  });
}

test("at 360 px what changed is seen whole, before and after", async () => {
  const name = await makeWorld(running, "changed");
  await send(running, "/rest/v1.0/7/dialler/contacts/contact/301501/lock", { method: "PATCH", headers: JTEL }, name);
  const page = await tab(window, { width: 360 });
  await page.goto(at(running, "time", {}, name));
  await page.getByRole("button", { name: "What changed since as it was made" }).click();
  const after = page.locator(".diff td.is").first();
  await after.waitFor();
  assert.ok(await after.evaluate((it) => it.getBoundingClientRect().right <= innerWidth));
  await page.context().close();
});

test("cards of a wide lane stand beside each other", async () => {
  const page = await tab(window, { width: 1920 });
  await page.goto(at(running, "vendors", { vendor: "jtel", table: "contacts" }, await makeWorld(running, "wide")));
  const cards = page.locator(".lane", { hasText: /^not locked/ }).locator(".card");
  await cards.nth(1).waitFor();
  const tops = await cards.evaluateAll((all) => all.slice(0, 2).map((it) => it.getBoundingClientRect().top));
  assert.equal(tops[0], tops[1]);
  await page.context().close();
});

// Each part, with data, at the widths and in the schemes that people have; and its picture for the manual.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { admin, at, makeWorld, morning, stage, tab, violations } from "./support.js";

const PICTURES = fileURLToPath(new URL("../../../docs/page/", import.meta.url));

/** The parts, with what is selected in them, what has to be seen, and in which world. */
const PARTS = [
  ["exchanges", { entry: "5" }, "article.refused mark.f"],
  ["vendors", { vendor: "maxcontact" }, ".board .card"],
  ["time", {}, ".strip use"],
  ["faults", { vendor: "jtel", operation: "import_contact", nth: "1" }, "input[value=lose_reply]"],
  ["worlds", {}, "td b"],
  ["verdict", {}, ".verdict strong"],
  ["evidence", { vendor: "jtel" }, "fieldset.var input"],
  ["people", { phone: "+493023125449" }, "svg.way circle", "day"],
  ["day", {}, 'h2:text("mor calls by disposition")', "day"],
];

let running;
let window;

stage(async (it) => {
  ({ running, window } = it);
  await makeWorld(running, "webinar");
  await admin(running, "POST", "/v1/worlds/webinar/checkpoint", { name: "before-import" });
  await admin(running, "PUT", "/v1/worlds/webinar/strict", {
    strict: true,
    expect: [{ operation: "import_contact", outcome: "ok", exactly: 1 }],
  });
  await admin(running, "POST", "/v1/worlds/webinar/faults", { preset: "lost-replies" });
  await morning(running, "webinar");
  await admin(running, "POST", "/v1/worlds", { name: "day", scenario: "working-day" });
  await admin(running, "POST", "/v1/worlds/day/clock/advance", { by: "1h" });
});

for (const [part, selected, wanted, world = "webinar"] of PARTS) {
  test(`${part} is shown, fits, and is read by everybody`, async () => {
    mkdirSync(PICTURES, { recursive: true });
    for (const [width, dark] of [
      [360, false],
      [1280, false],
      [1280, true],
      [1920, false],
    ]) {
      const context = await window.newContext({
        viewport: { width, height: 900 },
        colorScheme: dark ? "dark" : "light",
        reducedMotion: "reduce",
        bypassCSP: true,
      });
      const page = await tab(window, { context });
      await page.goto(at(running, part, selected, world));
      await page.locator(wanted).first().waitFor();
      await page.locator("#conn:text('live')").waitFor({ state: "attached" });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `at ${width} px the page is ${over} px too wide`);
      assert.deepEqual(await violations(page), [], `at ${width} px`);
      assert.deepEqual(page.faults, []);
      if (width === 1280) {
        const path = `${PICTURES}${part}${dark ? "-dark" : ""}.png`;
        if (process.env.UPDATE_PICTURES) await page.screenshot({ path });
      }
      await context.close();
    }
  });
}

test("each part is a link whose name begins with its own", async () => {
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, "webinar"));
  for (const name of ["Exchanges", "Vendors", "Time", "Faults", "Worlds", "Verdict", "Evidence", "People", "Day"]) {
    const link = page.getByRole("navigation", { name: "Parts" }).getByRole("link", { name: new RegExp(`^${name}`) });
    await link.click();
    await page.waitForURL((url) => url.searchParams.get("part") === name.toLowerCase());
    await page.locator(`[aria-current=page]:text("${name}")`).waitFor();
  }
  await page.goBack();
  await page.locator('[aria-current=page]:text("People")').waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

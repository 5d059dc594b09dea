// What others do to a world that is looked at, what runs by itself, and what a name or a number must not do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { JTEL, admin, at, browser, inOneGo, makeWorld, morning, send, serve, stage, tab, until } from "./support.js";

let running;
let window;

stage((it) => ({ running, window } = it));

const world = (name, clock) => makeWorld(running, name, clock && { clock });

test("a switch that somebody else turns is shown turned, and stays where it stands", async () => {
  const name = await world("turned");
  const [page, other] = [await tab(window), await tab(window)];
  for (const it of [page, other]) {
    await it.goto(at(running, "evidence", { vendor: "jtel" }, name));
    await it.locator("input[name='jtel.pick']").first().waitFor();
  }
  const order = () => page.locator("fieldset.var legend code:last-child").allTextContents();
  const before = await order();
  await other.locator("input[name='jtel.pick'][value=highest_id]").check();
  await page.locator("input[name='jtel.pick'][value=highest_id]:checked").waitFor();
  for (const it of [page, other]) await it.getByText(/^\d+; 1 turned$/).waitFor();
  assert.deepEqual(await order(), before);
  // Put back with all that came since, as by a reset, it is shown so as well.
  await admin(running, "POST", `/v1/worlds/${name}/reset`, {});
  await page.getByText(/^\d+; all at their default$/).waitFor();
  // What a client does meanwhile is counted.
  await send(running, "/rest/v1.0/7/dialler/contacts/301501", { headers: JTEL }, name);
  await page.getByRole("link", { name: "touched 1" }).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
  await other.context().close();
});

test("the arrow keys go through worlds and filters, and act where they end", async () => {
  const own = await serve();
  for (const name of ["a-first", "b-next", "c-last"])
    await admin(own, "POST", "/v1/worlds", { name, scenario: "demo" });
  const page = await tab(window);
  await page.clock.install();
  await page.goto(at(own, "exchanges", {}, "a-first"));
  await page.locator("#conn:text('live')").waitFor();
  const seen = [];
  page.on("framenavigated", (frame) => seen.push(new URL(frame.url()).searchParams.get("world")));
  const pick = page.locator("#world");
  await pick.focus();
  await inOneGo(page, async () => {
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
  });
  await page.waitForURL(/world=c-last/);
  await page.locator("#conn:text('live')").waitFor();
  assert.deepEqual(seen, ["c-last"]);
  await page.goBack();
  await page.waitForURL(/world=a-first/);
  await until(page, () => document.querySelector("#world").value === "a-first");
  const vendor = page.getByLabel("Vendor", { exact: true });
  await vendor.locator("option", { hasText: "mor" }).waitFor({ state: "attached" });
  await vendor.focus();
  await inOneGo(page, async () => {
    for (let n = 0; n < 3; n += 1) await page.keyboard.press("ArrowDown");
  });
  await page.waitForURL(/vendor=maestro/);
  assert.deepEqual(seen, ["c-last", "a-first", "a-first"]);
  assert.ok(await vendor.evaluate((it) => it === document.activeElement));
  await page.context().close();
  await own.stop();
});

test("a world of many centuries is drawn, with years on its lines", async () => {
  const name = await world("ages");
  await morning(running, name);
  await admin(running, "POST", `/v1/worlds/${name}/clock/advance`, { by: "2000000d" });
  await morning(running, name);
  const page = await tab(window);
  await page.goto(at(running, "time", {}, name));
  await page
    .locator("svg.strip text", { hasText: /^\d{4}$/ })
    .first()
    .waitFor();
  await page
    .locator("#ribbon-plot text", { hasText: /^\d{4}$/ })
    .first()
    .waitFor();
  assert.ok((await page.locator("svg.strip line").count()) < 40);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("what was due is told as old once the world has gone on, and steps of the clock are no entries", async () => {
  const name = await world("older");
  const page = await tab(window);
  await page.goto(at(running, "time", {}, name));
  await page.getByRole("button", { name: "Set one" }).click();
  await page.getByText(/; 0 entries since$/).waitFor();
  await page.getByRole("button", { name: "Work it out" }).click();
  await page.getByText("nothing here has moved").waitFor();
  await page.locator(".bigclock").getByRole("button", { name: "+1 h" }).click();
  await page.getByText(/The world has gone on since: this is what was due at 09:00:00/).waitFor();
  await page.getByText("Moved on at 10:00:00").waitFor();
  await morning(running, name);
  await page.getByText(/; 7 entries since$/).waitFor();
  await page.context().close();
});

test("the lines of time run with a clock that runs", async () => {
  const name = await world("runs", { mode: "scaled", rate: 3600, at: "2026-03-02T09:00:00Z" });
  await morning(running, name);
  const page = await tab(window);
  await page.goto(at(running, "time", {}, name));
  await page.locator("svg.strip .nowt").waitFor();
  assert.equal(await page.locator("#mode use").getAttribute("href"), "#i-clock", "it does not look frozen");
  // Nothing is read any more: the page knows how fast the clock goes.
  await page.route(/\/clock$/, (route) => route.abort());
  for (const plot of [".strip .nowt", "#ribbon-plot .nowt"]) {
    const text = await page.locator(plot).textContent();
    await until(page, ([it, was]) => document.querySelector(it).textContent !== was, [plot, text]);
  }
  await page.context().close();
});

test("a seed that is none makes no world with another", async () => {
  const page = await tab(window);
  await page.goto(at(running, "worlds"));
  await page.getByLabel("name", { exact: true }).fill("seeded");
  for (const seed of ["abc", "1.5", "-1", "9223372036854775808"]) {
    await page.getByLabel("seed").fill(seed);
    await page.getByRole("button", { name: "Make it" }).click();
    await page.locator(".panel [role=alert]", { hasText: seed }).waitFor();
  }
  await page.getByLabel("seed").fill("7");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByText("seeded is there.").waitFor();
  assert.equal((await admin(running, "GET", "/v1/worlds/seeded")).seed, 7);
  await page.context().close();
});

test("a world is imported wherever its file is let go, whatever that is called", async () => {
  const name = await world("moved");
  const file = Buffer.from(await (await fetch(`${running.admin}/v1/worlds/${name}/export`)).arrayBuffer());
  const page = await tab(window);
  await page.goto(at(running, "worlds", {}, name));
  await page.locator("td b", { hasText: name }).waitFor();
  const isKept = await page.evaluate(
    ([base64, called]) => {
      const bytes = Uint8Array.from(atob(base64), (it) => it.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], called));
      return ["dragover", "drop"].every((kind) => {
        const event = new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true });
        document.querySelector("h1").dispatchEvent(event);
        return event.defaultPrevented;
      });
    },
    [file.toString("base64"), "_A Day (1).DB"],
  );
  assert.ok(isKept, "the browser leaves the page for the file");
  await page.getByText("a-day-1 is there.").waitFor();
  await page.context().close();
});

test("what no world can be called is told as such, and stands in no line to paste", async () => {
  const page = await tab(window);
  for (const name of ["a;touch x", "$(id)", ".", "..", "Day", "a/b"]) {
    await page.goto(at(running, "faults", {}, name));
    await page.getByRole("heading", { name: `No world can be called ${name}` }).waitFor();
    assert.equal(await page.locator(".paste").count(), 0);
    assert.equal(await page.locator("#conn").textContent(), "no such world");
  }
  await page.getByRole("main").getByRole("link", { name: "default" }).click();
  await page.locator("#conn:text('live')").waitFor();
  await page.context().close();
});

test("a pause that a filter was changed in counts what it holds back", async () => {
  const name = await world("paused");
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator("#conn:text('live')").waitFor();
  await page.locator("[data-show=refused]").waitFor();
  await page.keyboard.press("x");
  await morning(running, name);
  await page.getByText("7 more entries have arrived").waitFor();
  await page.getByRole("button", { name: /^refused/ }).click();
  await page.getByText("Paused at entry 7. 0 more entries have arrived").waitFor();
  assert.equal(
    await page.locator("article").evaluateAll((all) => all.filter((it) => !it.dataset.key.startsWith("s")).length),
    5,
  );
  await page.context().close();
});

test("a way beyond the last year is not gone in part", async () => {
  const name = await world("beyond");
  const page = await tab(window);
  await page.goto(at(running, "time", {}, name));
  await page.getByLabel("by or to").fill("9999999d");
  await page.getByRole("button", { name: "Advance", exact: true }).click();
  await page.locator(".toast", { hasText: /9999/ }).waitFor();
  assert.equal((await admin(running, "GET", `/v1/worlds/${name}/clock`)).now, "2026-03-02T09:00:00Z");
  await page.context().close();
});

test("at 320 pixels no part scrolls sideways, nor does the longest name of an operation", async () => {
  const name = await world("narrow");
  await morning(running, name);
  const page = await tab(window, { width: 320, height: 640 });
  const parts = ["exchanges", "vendors", "time", "faults", "worlds", "verdict", "evidence", "people", "day"];
  for (const [part, selected] of [...parts.map((it) => [it, {}]), ["exchanges", { entry: "3" }]]) {
    await page.goto(at(running, part, selected, name));
    await page.locator("#conn:text('live')").waitFor();
    await page
      .locator(selected.entry ? ".pane h2" : "main h1")
      .first()
      .waitFor();
    const wide = await page.evaluate(() => {
      const seen = document.querySelectorAll(".top, .pane.open, main, .pane h2 a");
      return [...seen].filter((it) => it.getBoundingClientRect().right > innerWidth + 1).map((it) => it.className);
    });
    assert.deepEqual(wide, [], part);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320, part);
    await until(page, () => {
      const { left, right } = document.querySelector(".tabs [aria-current]").getBoundingClientRect();
      return left >= 0 && right <= innerWidth;
    });
  }
  await page.context().close();
});

test("where colours are forced, what is chosen differs from what is not", async () => {
  const name = await world("forced");
  const context = await window.newContext({ forcedColors: "active", viewport: { width: 1280, height: 900 } });
  const page = await tab(window, { context });
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator("[data-show=refused]").waitFor();
  const looks = (which) =>
    page
      .locator(which)
      .evaluate((it) => [getComputedStyle(it).backgroundColor, getComputedStyle(it).borderBottomColor].join());
  assert.notEqual(await looks("[data-show='']"), await looks("[data-show=refused]"));
  assert.notEqual(await looks(".tabs [data-part=exchanges]"), await looks(".tabs [data-part=time]"));
  await page.context().close();
});

test("of what was not read yet it is not said that there is none", async () => {
  const name = await world("slow");
  await morning(running, name);
  for (const [part, selected, wanted] of [
    ["exchanges", {}, "article"],
    ["vendors", { vendor: "jtel" }, ".card"],
    ["time", {}, "svg.strip use"],
    ["faults", {}, "input[name=then]"],
    ["verdict", {}, ".verdict strong"],
    ["evidence", { vendor: "jtel" }, "fieldset.var input"],
    ["people", {}, ".paste"],
  ]) {
    const page = await tab(window);
    let go;
    const gate = new Promise((open) => (go = open));
    await page.route(/\/v1\//, async (route) => {
      await gate;
      await route.continue();
    });
    await page.goto(at(running, part, selected, name));
    if (part === "time") await page.getByRole("heading", { name: "So far, and what is due" }).waitFor();
    else await page.getByText("Reading …").first().waitFor();
    const { said, times } = await page.evaluate(() => ({
      said: document.querySelector("main").textContent,
      times: document.querySelectorAll("svg.strip text").length,
    }));
    assert.doesNotMatch(
      said,
      /Nothing has been sent|No people are declared|Nothing goes wrong|Nothing is expected/,
      part,
    );
    assert.equal(times, 0);
    go();
    await page.locator(wanted).first().waitFor();
    await page.locator(":text('Reading …'):visible").first().waitFor({ state: "hidden" });
    await page.context().close();
  }
});

test("a field that is missing is told under it, and what was done to a run is told as that", async () => {
  const name = await world("missing");
  const page = await tab(window);
  await page.goto(at(running, "vendors", { vendor: "maxcontact", table: "users" }, name));
  await page.getByLabel("Event").selectOption("agent_login");
  await page.getByRole("button", { name: "Let it happen" }).click();
  for (const field of ["user", "campaign"])
    await page
      .locator(".field", { has: page.locator(`[data-name=${field}]`) })
      .getByText(`"${field}" is missing`)
      .waitFor();
  await page.goto(at(running, "verdict", {}, name));
  await page.getByRole("button", { name: "Expect it" }).click();
  await page.getByText("It is expected now.").waitFor();
  await page.getByRole("button", { name: "Take expectation 1 away" }).click();
  await page.getByText("It is expected no longer.").waitFor();
  await page.context().close();
});

test("who is chosen among people is marked among the others", async () => {
  const own = await serve({ args: ["working-day"] });
  const page = await tab(window);
  await page.goto(at(own, "people"));
  const rows = page.locator("tbody tr", { has: page.locator("td a") });
  await rows.nth(5).locator("a").click();
  await page.locator("tr.sel").waitFor();
  assert.ok((await rows.count()) > 20);
  await page.context().close();
  await own.stop();
});

test("by the keyboard: what is gone leaves the focus near, and what is asked once is heard", async () => {
  const name = await world("gone");
  await admin(running, "POST", `/v1/worlds/${name}/faults`, { then: "fail" });
  const page = await tab(window);
  await page.goto(at(running, "faults", {}, name));
  await page.getByRole("button", { name: "Take rule 1 away" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Nothing goes wrong on purpose").waitFor();
  await until(
    page,
    () => document.activeElement?.matches("section") && /^Rules/.test(document.activeElement.textContent),
  );
  await page.goto(at(running, "time", {}, name));
  await page.getByRole("button", { name: "Fork here" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`world=${name}-1`));
  await until(page, () => document.activeElement?.id === "main");
  await page.goto(at(running, "worlds", {}, name));
  await page.clock.install();
  await page.getByRole("button", { name: `Delete ${name}-1` }).focus();
  // The question stands for a while only.
  await inOneGo(page, async () => {
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("#said").textContent(), "Really delete?");
    assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), `Really delete? Delete ${name}-1`);
    await page.keyboard.press("Enter");
  });
  await page.getByText(`${name}-1 is gone.`).waitFor();
  await until(page, () => document.activeElement?.matches("section"));
  await page.context().close();
});

test("what is drawn of another day than the world's says which, whatever is known first", async () => {
  const name = await world("days");
  const page = await tab(window);
  // First the journal is read, then the part is there, and the clock is known last.
  const read = page.waitForResponse(/\/journal\?last=/).then((it) => it.finished());
  await page.route("**/page/parts.js", async (route) => {
    await read;
    await page.locator("#ribbon svg").waitFor();
    await route.continue();
  });
  await page.route("**/clock", async (route) => {
    await page.getByText("Reading the tables").waitFor();
    await route.continue();
  });
  await page.goto(at(running, "day", {}, name));
  const panel = page.locator(".panel", { has: page.getByRole("heading", { name: /^Calls per/ }) });
  await panel.getByText(/^by vendor · \d{4}-\d\d-\d\d$/).waitFor();
  await page.context().close();
});

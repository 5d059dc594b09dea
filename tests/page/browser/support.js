// What the tests share: the program, a browser, a client of the vendors.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const BINARY = process.env.RINGBACK_BINARY ?? "ringback";
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** Credentials of the demo. */
export const JTEL = { authorization: "Bearer SIMTOKEN-7A" };

/** A program that serves; `stop` ends it. */
export async function serve({ args = [], env = {}, admin = "127.0.0.1:0" } = {}) {
  const all = ["serve", "--listen", "127.0.0.1:0", "--admin", admin, ...args];
  const child = spawn(BINARY, all, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const ready = await new Promise((resolve, reject) => {
    lines.once("line", (line) => resolve(JSON.parse(line)));
    child.once("exit", (code) => reject(new Error(`the program ended with ${code}`)));
  });
  const ended = new Promise((resolve) => {
    child.once("exit", resolve);
  });
  return {
    ...ready,
    /** Lets it stand still as one that hangs, and go on. */
    halt: () => child.kill("SIGSTOP"),
    goOn: () => child.kill("SIGCONT"),
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** A browser for one file of tests. */
export function browser() {
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}

/**
 * Has a program and a browser there before the tests of a file, which `take` gets, and gone after them; what still
 * uses them then ends in `end`.
 */
export function stage(take, end = async () => {}) {
  const there = {};
  before(async () => {
    there.running = await serve();
    there.window = await browser();
    await take(there);
  });
  after(async () => {
    await end();
    await there.window?.close();
    await there.running?.stop();
  });
}

/** A tab; whatever the page complains of is an error of the test's. */
export async function tab(browser, { width = 1280, height = 900, dark = false, context } = {}) {
  const own =
    context ??
    (await browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? "dark" : "light",
      reducedMotion: "reduce",
      permissions: ["clipboard-read", "clipboard-write"],
    }));
  const page = await own.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(error.stack ?? String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && /Content Security Policy|Uncaught/.test(message.text()))
      page.faults.push(message.text());
  });
  return page;
}

/** What axe finds wrong. Its own script is put in beside the page's policy. */
export async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  return found.violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

/** Asks the control plane. */
export async function admin(running, method, path, body, headers = {}) {
  const answer = await fetch(`${running.admin}${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Makes a world whose clock stands, unless told otherwise; its name comes back. */
export async function makeWorld(running, name, more = {}) {
  const clock = { mode: "frozen", at: "2026-03-02T09:00:00Z" };
  await admin(running, "POST", "/v1/worlds", { name, scenario: "demo", clock, ...more });
  return name;
}

/** Until something is so in a page. The page's policy forbids what Playwright would wait with. */
export async function until(page, check, wanted) {
  const end = Date.now() + 20_000;
  while (!(await page.evaluate(check, wanted))) {
    if (Date.now() > end) throw new Error(`never so: ${check}`);
    await page.evaluate(() => new Promise((seen) => requestAnimationFrame(seen)));
  }
}

/** Holds what a page asks for; what is answered lets it go. */
export async function hold(page, what) {
  let go;
  const gate = new Promise((open) => (go = open));
  await page.route(what, async (route) => {
    await gate;
    await route.continue();
  });
  return go;
}

/**
 * Has keys come in one go, however slowly they are pressed: no time goes by in the page meanwhile. Its clock
 * has to be held from the beginning, by `page.clock.install()`.
 */
export async function inOneGo(page, press) {
  // Such a moment has to be to come.
  await page.clock.pauseAt(Date.now() + 1000);
  await press();
  await page.clock.resume();
}

/** Presses a button that asks whether it is meant, and answers: its question stands for a while only. */
export async function twice(page, button) {
  await inOneGo(page, async () => {
    await button.click();
    await button.click();
  });
}

/** The row that is read, once it is drawn where it was scrolled to: its key, and where it stands. */
export const place = (page) =>
  page.evaluate(async () => {
    const frame = () => new Promise((soon) => requestAnimationFrame(soon));
    const isRead = (it) => it.getBoundingClientRect().top > 300 && it.getBoundingClientRect().top < innerHeight;
    const find = () => [...document.querySelectorAll("article")].find(isRead);
    while (!find()) await frame();
    await frame();
    await frame();
    const seen = find();
    return [seen.getAttribute("data-key"), seen.getBoundingClientRect().top];
  });

/** Whether two places are one: within a pixel, of which rows are parts. Rounded, a thousandth of one could be a whole. */
export const near = (one, other) => Math.abs(one - other) < 1;

/** Until what was done is drawn. */
export async function drawn(page) {
  await page.evaluate(() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen))));
}

/** Sends a vendor a request, and waits for its reply. */
export async function send(running, path, options = {}, world = "") {
  const prefix = world ? `/w/${world}` : "";
  const answer = await fetch(`${running.listen}${prefix}${path}`, options);
  return answer.text();
}

/** What a client does on a bad morning: answered, refused, odd, and nobody's. */
export async function morning(running, world = "") {
  const hash = "u=dialer_bob&id=17&hash=5bec2fa3";
  await send(running, "/dialer/", { method: "POST", body: '{"affiliateID":"A7k2Qm9ZrT4x",}' }, world);
  await send(
    running,
    "/_access/fetchCallersByDate?offer_id=4711&offer_token=5c0e77a1d94b42f8a6e13b90cf28d451&dateFrom=2015-09-14T00:00:00&dateTo=2015-09-15%2000:00:00",
    {},
    world,
  );
  await send(
    running,
    "/billing/api/autodialer_get_campaign_ivr_poll_results",
    { method: "POST", body: new URLSearchParams(hash) },
    world,
  );
  await send(running, "/rest/v1.0/7/dialler/contacts/contact/301501/lock", { method: "PATCH", headers: JTEL }, world);
  await send(running, "/rest/v1.0/7/dialler/contacts?diallerCampaignId=612", { headers: JTEL }, world);
  await send(
    running,
    "/rest/v1.0/7/dialler/contacts/import?overwriteDuplicates=false",
    {
      method: "POST",
      headers: { ...JTEL, "content-type": "application/json" },
      body: '{"DiallerCampaignsID": 612, "UserData": "WEB-4", "Name": "Nobody"}',
    },
    world,
  );
  await send(
    running,
    "/webservices/services/telephony/dial/user/102/phone/07700900142",
    { headers: { cookie: "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47", accept: "application/json" } },
    world,
  );
}

/** The address of a part. */
export function at(running, part, selected = {}, world = "default") {
  return `${running.page}?${new URLSearchParams({ world, part, ...selected })}`;
}

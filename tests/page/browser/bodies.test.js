// What clients and vendors send, as it is: bytes that are no text, long bodies, signs that are not seen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { JTEL, at, makeWorld, send, stage, tab, until } from "./support.js";

const IMPORT = "/rest/v1.0/7/dialler/contacts/import?overwriteDuplicates=false";
const JSON_SENT = { ...JTEL, "content-type": "application/json" };

let running;
let window;

stage((it) => ({ running, window } = it));

const world = (name, more) => makeWorld(running, name, more);

test("a body that is no text is shown, marked and told as such, and makes no step", async () => {
  const name = await world("bytes");
  const body = new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0xc3, 0xa9, 0x22, 0x7d]);
  await send(running, IMPORT, { method: "POST", headers: JSON_SENT, body }, name);
  const page = await tab(window);
  await page.goto(at(running, "exchanges", { entry: "1" }, name));
  const row = page.locator("article").first();
  await row.locator("mark", { hasText: /^\\xff$/ }).waitFor();
  assert.match(await row.locator(".proof").innerText(), /\{"\\xff\\xfeé"\}$/);
  await page.getByText("8 bytes that are not UTF-8").waitFor();
  assert.equal(await page.locator(".pane", { hasText: "no body" }).count(), 0);
  // It is found by what can be read of it.
  await page.goto(at(running, "exchanges", { q: "\\xfeé" }, name));
  await row.waitFor();
  await row.focus();
  await page.keyboard.press("s");
  await page.getByText("Its body is no text").waitFor();
  await page.keyboard.press("n");
  await page.getByText("Copied. Paste it into Verdict").waitFor();
  assert.equal(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())).why, "jtel.json");
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("of a body that is too long to keep it is said how long it was", async () => {
  const name = await world("long");
  const body = JSON.stringify({ Name: "x".repeat(300_000) });
  await send(running, IMPORT, { method: "POST", headers: JSON_SENT, body }, name);
  const page = await tab(window);
  await page.goto(at(running, "exchanges", { entry: "1" }, name));
  await page.getByText(/^the head of 293 KiB; no more is kept\. SHA-256 [0-9a-f]{64}$/).waitFor();
  await page.locator("article").first().focus();
  await page.keyboard.press("s");
  await page.getByText("Of its 293 KiB the journal has the head only").waitFor();
  await page.context().close();
});

test("bodies that are no text are not taken for alike", async () => {
  const name = await world("unlike");
  for (let n = 0; n < 5; n += 1) {
    const path = "/rest/v1.0/7/dialler/contacts/contact/301501/lock";
    const body = new Uint8Array([0xff, n]);
    await send(running, path, { method: "PATCH", headers: { ...JTEL, "content-type": "image/png" }, body }, name);
  }
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator("article").nth(4).waitFor();
  assert.equal(await page.locator("article.fold").count(), 0);
  await page.context().close();
});

test("signs that turn a line round or are not seen stand as what they are", async () => {
  const name = await world("signs");
  const contact = {
    DiallerCampaignsID: 612,
    UserData: "SIM-9",
    Name: "a\u202egpj.exe\u001b[31m",
    PhoneNumber1: "5105550188",
  };
  await send(running, IMPORT, { method: "POST", headers: JSON_SENT, body: JSON.stringify(contact) }, name);
  await send(running, "/dialer/", { method: "POST", body: '{"a":"\u202e\u0007"' }, name);
  const page = await tab(window);
  const isPlain = () => page.evaluate(() => !/[\u0007\u001b\u202e]/.test(document.body.textContent));
  await page.goto(at(running, "vendors", { vendor: "jtel", table: "contacts" }, name));
  await page.locator(".card b", { hasText: "a\\u{202e}gpj.exe\\u{1b}[31m" }).waitFor();
  assert.ok(await isPlain());
  for (const entry of ["1", "2"]) {
    await page.goto(at(running, "exchanges", { entry }, name));
    await page.locator(".pane", { hasText: "\\u{202e}" }).waitFor();
    assert.ok(await isPlain());
  }
  await page.context().close();
});

test("a row is known by what it is about, what came of it and what was found", async () => {
  const name = await world("heard");
  await send(running, "/rest/v1.0/7/dialler/contacts/contact/301501/lock", { method: "PATCH", headers: JTEL }, name);
  await send(
    running,
    "/webservices/services/telephony/dial/user/102/phone/07700900142",
    { headers: { cookie: "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47", accept: "application/json" } },
    name,
  );
  await send(running, "/rest/v1.0/7/dialler/contacts?diallerCampaignsID=612&colour=red", { headers: JTEL }, name);
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  await page.getByRole("article", { name: /^dial 200 refused agent 102 is logged out/ }).waitFor();
  await page.getByRole("article", { name: /^lock_contact_by_id PATCH .*lock 200$/ }).waitFor();
  // What nobody reads and resembles nothing is told to its end.
  await page.getByText("the query has colour, which nobody reads", { exact: false }).waitFor();
  assert.doesNotMatch(await page.locator("article.odd").innerText(), /;\s*$/);
  await until(page, () => document.querySelectorAll("article").length === 3);
  await page.context().close();
});

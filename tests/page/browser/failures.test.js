// What fails between the page and the program is told as what it is, and mended when it is over.

import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { test } from "node:test";
import { admin, at, makeWorld, morning, stage, tab } from "./support.js";

let running;
let window;

stage((it) => ({ running, window } = it));

const problem = (status, title, detail) => ({
  status,
  contentType: "application/problem+json",
  body: JSON.stringify({ type: "urn:ringback:problem:internal", title, status, detail }),
});

/** What an answer to the journal can be like, and what is told of it: in a word, and whole. */
const ANSWERS = [
  [
    problem(500, "Internal Server Error", "The disk is odd."),
    "answered 500",
    /500 Internal Server Error: The disk is odd\. That is a fault of the program's own/,
  ],
  [
    problem(503, "Service Unavailable", "The world is closing."),
    "answered 503",
    /503 Service Unavailable: The world is closing\. What was asked for is not at fault/,
  ],
  [
    { status: 408, contentType: "text/plain", body: "too slow" },
    "answered 408",
    /GET \/v1\/worlds\/[\w-]+\/journal was answered with 408 Request Timeout: too slow\./,
  ],
  [{ status: 413, contentType: "text/plain", body: "" }, "answered 413", /was answered with 413 \w[\w ]+\./],
  [
    { status: 429, contentType: "text/plain", body: "slow down" },
    "answered 429",
    /was answered with 429 Too Many Requests: slow down\./,
  ],
  [
    { status: 200, contentType: "text/html", body: "<h1>Log in</h1>" },
    "not understood",
    /answered at \/v1\/worlds\/[\w-]+\/journal with what is no JSON: “<h1>Log in<\/h1>”\./,
  ],
];

for (const [answer, brief, whole] of ANSWERS) {
  test(`${brief} is told as that, and goes when it is over`, async () => {
    const name = await makeWorld(running, brief.replaceAll(/\W/g, "-"));
    await morning(running, name);
    const page = await tab(window);
    await page.route(/\/journal\?last=/, (route) => route.fulfill(answer));
    await page.goto(at(running, "exchanges", {}, name));
    await page.locator("#conn", { hasText: brief }).waitFor();
    const told = await page.locator("#gone-text").textContent();
    assert.match(told, whole);
    assert.match(told, / Trying again in \d s;/);
    assert.doesNotMatch(told, /does not answer/);
    await page.unroute(/\/journal\?last=/);
    await page.locator("article").nth(6).waitFor();
    await page.locator("#conn:text('live')").waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}

/** Stands before the program, and breaks off what it answers to some. */
async function breaking(running, isBroken) {
  const up = new URL(running.admin);
  const server = createServer((asked, answer) => {
    const options = { host: up.hostname, port: up.port, path: asked.url, method: asked.method };
    const headers = { ...asked.headers, host: up.host, ...(asked.headers.origin && { origin: up.origin }) };
    const sent = request({ ...options, headers }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      if (!isBroken(asked.url)) return got.pipe(answer);
      got.once("data", (data) => {
        answer.write(data.subarray(0, data.length / 2));
        setImmediate(() => answer.destroy());
      });
    });
    answer.on("close", () => sent.destroy());
    sent.on("error", () => answer.destroy());
    asked.pipe(sent);
  });
  await new Promise((listens) => server.listen(0, "127.0.0.1", listens));
  const address = `http://127.0.0.1:${server.address().port}`;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { ...running, admin: address, page: `${address}/`, stop };
}

test("an answer that is broken off is told as that", async () => {
  const name = await makeWorld(running, "broken");
  await morning(running, name);
  let isBroken = true;
  const between = await breaking(running, (url) => isBroken && url.includes("/journal?last="));
  const page = await tab(window);
  await page.goto(at(between, "exchanges", {}, name));
  await page.locator("#conn", { hasText: "broken off" }).waitFor();
  await page.locator("#gone-text", { hasText: `broke off its answer at /v1/worlds/${name}/journal.` }).waitFor();
  isBroken = false;
  await page.locator("article").nth(6).waitFor();
  await page.context().close();
  between.stop();
});

test("what is pressed and fails says whose fault it is, or that nobody answers", async () => {
  const name = await makeWorld(running, "pressed");
  const page = await tab(window);
  await page.goto(at(running, "time", {}, name));
  await page.locator("#conn:text('live')").waitFor();
  const path = /\/clock\/advance$/;
  await page.route(path, (route) => route.fulfill(problem(500, "Internal Server Error", "A rule is broken.")));
  const press = () => page.getByRole("button", { name: "+1 min" }).click();
  await press();
  await page
    .locator(".toast", { hasText: `POST /v1/worlds/${name}/clock/advance was answered with 500` })
    .filter({ hasText: "A rule is broken. That is a fault of the program's own" })
    .waitFor();
  await page.unroute(path);
  await page.route(path, (route) => route.abort());
  await press();
  await page.locator(".toast", { hasText: `The program at ${new URL(running.admin).host} does not answer.` }).waitFor();
  await page.context().close();
});

for (const [part, selected, what, wanted] of [
  ["vendors", { vendor: "jtel" }, /\/state\/jtel\//, ".card"],
  ["faults", {}, /\/openapi\.json$/, "input[name=then]"],
  ["verdict", {}, /\/findings$/, ".verdict strong"],
  ["evidence", { vendor: "jtel" }, /\/v1\/fidelity/, "fieldset.var input"],
  ["people", {}, /\/people\?/, ".paste"],
  ["day", {}, /\/state\/jtel\//, "svg.plot"],
]) {
  test(`${part}: what cannot be read is told in its place, and is there once somebody tries again`, async () => {
    const name = await makeWorld(running, `unread-${part}`);
    await morning(running, name);
    const page = await tab(window);
    await page.route(what, (route) => route.fulfill(problem(500, "Internal Server Error", "A table is odd.")));
    await page.goto(at(running, part, selected, name));
    const told = page.getByRole("main").getByRole("alert").filter({ hasText: "A table is odd." });
    await told.waitFor();
    await page.unroute(what);
    await told.getByRole("button", { name: "Try again" }).click();
    await page.locator(wanted).first().waitFor();
    await told.waitFor({ state: "detached" });
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}

test("a number that cannot be looked up is not told as unknown", async () => {
  const page = await tab(window);
  await page.route(/\/people\/5105550188$/, (route) => route.fulfill(problem(500, "Internal Server Error", "Odd.")));
  await page.goto(at(running, "people", { phone: "5105550188" }));
  await page.getByText("This number could not be looked up").waitFor();
  await page.context().close();
});

test("where the clock cannot be read any more that is told once, while the rest goes on", async () => {
  const name = await makeWorld(running, "clockless");
  const page = await tab(window);
  await page.goto(at(running, "exchanges", {}, name));
  await page.locator("#conn:text('live')").waitFor();
  await page.route(/\/clock$/, (route) => route.fulfill(problem(500, "Internal Server Error", "It stands.")));
  await admin(running, "POST", `/v1/worlds/${name}/checkpoint`, { name: "now" });
  await page
    .locator(".toast", { hasText: "Not all that is shown is of now." })
    .filter({ hasText: "It stands." })
    .waitFor();
  await morning(running, name);
  await page.locator("article").nth(6).waitFor();
  await page.context().close();
});

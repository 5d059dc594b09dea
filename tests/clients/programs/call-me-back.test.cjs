// The test that the team of the form has: two forms are sent as a browser sends them.
const { test, before, after } = require("node:test");
const assert = require("node:assert");
const { once } = require("node:events");
const { server } = require("./call-me-back.cjs");

let base;
before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());

const send = (form, fields) => fetch(base + form, { method: "POST", body: new URLSearchParams(fields) });

test("somebody who wants to be called is called", async () => {
  const begun = await send("/call-me", { name: "Wanda Form", phone: "07700 900 188" });
  const call = (await begun.text()).trim();
  assert.equal(begun.status, 200, call);
  assert.match(call, /^\d+$/);
  const over = await send("/call-over", { call, outcome: "SALE" });
  assert.equal(await over.text(), "thank you\n");
});

test("a number that is none is told", async () => {
  const reply = await send("/call-me", { name: "Nobody", phone: "call me" });
  assert.equal(reply.status, 502);
});

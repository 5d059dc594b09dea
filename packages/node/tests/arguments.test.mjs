// Arguments that make no sense: each is told in its own words, with the near name, and nothing is done.
import assert from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ArgumentError, connect, RingbackError, start } from '../ringback/lib/index.mjs';
import { withWorld } from '../ringback/lib/node-test.mjs';
import { withWorld as inVitest } from '../ringback/lib/vitest.mjs';

let ringback;
let world;
let folder;
let file;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringback-tests-'));
  file = join(folder, 'mine.toml');
  writeFileSync(file, 'extends = "demo"\n');
  ringback = await start();
  world = await ringback.world();
});
after(async () => {
  await ringback.stop();
  rmSync(folder, { recursive: true });
});

/** Each call is refused before anything is asked, with a message that the pattern describes. */
async function refused(calls) {
  for (const [call, pattern] of calls) {
    await assert.rejects(
      async () => call(),
      (error) => {
        assert.ok(error instanceof ArgumentError && error instanceof RingbackError, `${call}: ${error.stack}`);
        assert.match(error.message, pattern, String(call));
        return true;
      },
    );
  }
}

test('vendors that are not there have no address', async () => {
  await refused([
    [() => world.url('Jtel'), /^there is no vendor 'Jtel'; expected one of infocu5, .*; did you mean 'jtel'\?$/],
    [() => world.url('max'), /did you mean 'maxcontact'\?$/],
    [() => world.url(''), /mor$/],
    [() => world.url(5), /the number 5/],
  ]);
  assert.deepEqual(ringback.vendors, ['infocu5', 'jtel', 'maestro', 'maxcontact', 'mor']);
  const there = await connect({ admin: ringback.admin, url: ringback.url });
  assert.deepEqual(there.vendors, ringback.vendors);
  await there.stop();
});

test('options that are not there, or are something else, are refused', async () => {
  const inTest = (options) => withWorld({ ringback, ...options }, () => assert.fail('it was run'))({ name: 'a' });
  const count = (await ringback.worlds()).length;
  await refused([
    [() => ringback.world({ strickt: true }), /^world has no option 'strickt'; .*; did you mean 'strict'\?$/],
    [() => ringback.world('a'), /^world: expected an object of options, found the text 'a'$/],
    [() => ringback.world({ strict: 'yes' }), /^strict: expected true or false, found the text 'yes'$/],
    [() => ringback.world({ expect: [{ vendor: 'jtel' }] }), /^expect needs strict: true: only a strict world/],
    [() => ringback.world({ seed: '7' }), /^seed: expected a number/],
    [() => ringback.world({ scenario: file, ttl: 5 }), /^ttl: expected text, found the number 5$/],
    // A credential is not told again.
    [() => ringback.world({ claims: 'jtel:X' }), /^claims: expected a list of texts, found a text; write \[…\]$/],
    [() => ringback.world({ claims: [481516] }), /^claims: expected a list of texts, found a list with a number$/],
    [() => connect({ admin: ringback.admin, token: 481516 }), /^token: expected text, found a number$/],
    [() => ringback.world({ variants: { 'jtel.pick': 'a' } }), /write { jtel: { pick: 'a' } }$/],
    [() => inTest({ fault: [] }), /^withWorld has no option 'fault'; .*; did you mean 'faults'\?$/],
    [() => inTest({ faults: ['flaky'] }), /write { preset: 'flaky' } for a preset$/],
    [() => inTest({ name: 'a' }), /^withWorld has no option 'name'/],
    [() => withWorld({ ringback }), /^withWorld: expected a function/],
    [() => start('demo'), /^start: expected an object of options, found the text 'demo'$/],
    [() => start({ args: '--strict' }), /^args: expected a list of texts/],
    [() => start({ hosts: { jtel: 5 } }), /^hosts.jtel: expected a list of texts, found a list with the number 5$/],
    [() => connect({ admim: ringback.admin }), /did you mean 'admin'\?$/],
    [() => connect({}), /^admin: expected text, found undefined$/],
    [() => world.journal({ oparation: 'lock' }), /^journal has no option 'oparation'; .*did you mean 'operation'/],
    [() => world.run('ls', 'x'), /^args: expected a list of texts/],
  ]);
  assert.equal((await ringback.worlds()).length, count);
  let struck;
  const body = async (it) => {
    struck = (await it.faults()).faults.length;
  };
  await withWorld({ ringback, faults: { then: 'lose_reply' } }, body)({ name: 'one rule' });
  assert.equal(struck, 1);
});

test('a test of rows that has no context is told the form that has one', async () => {
  const body = () => assert.fail('it was run');
  await refused([
    [
      () => inVitest(body)(5),
      /^withWorld: expected the context of a test.*; write test\.for\(rows\)\('title', withWorld\(/,
    ],
    [() => inVitest({ strict: true }, body)({ task: 'x' }, null), /test\.each does not give/],
  ]);
});

test('clocks have the same forms everywhere, and a wrong one is told as a clock', async () => {
  for (const scenario of ['demo', file]) {
    const now = async (clock) => (await (await ringback.world({ scenario, clock })).clock()).now;
    assert.equal(await now('frozen'), '2026-03-02T09:00:00Z');
    assert.equal(await now({ mode: 'frozen' }), '2026-03-02T09:00:00Z');
    assert.equal(await now('frozen@2026-05-04T08:00:00Z'), '2026-05-04T08:00:00Z');
    assert.equal(await now({ mode: 'frozen', at: new Date('2026-05-04T08:00:00Z') }), '2026-05-04T08:00:00Z');
    assert.match(await now('scaled:2@2026-05-04T08:00:00Z'), /^2026-05-04T08:/);
    await refused([
      [() => now('frozn'), /^clock: expected 'real', 'frozen', .* found 'frozn'$/],
      [() => now('frozen@2026-03-02'), /found '2026-03-02' .*; time of day and offset are missing$/],
      [() => now('scaled'), /a rate is missing, as in 'scaled:60'$/],
      [() => now({ mode: 'frozn' }), /^a clock has no mode 'frozn'; .*did you mean 'frozen'/],
      [() => now(null), /^clock: expected .* found null$/],
    ]);
  }
  assert.equal((await world.setClock('frozen@2026-03-03T09:00:00Z')).now, '2026-03-03T09:00:00Z');
  assert.equal((await world.setClock('scaled:60')).rate, 60);
  assert.equal((await world.setClock('frozen')).mode, 'frozen');
  assert.equal((await world.advance(new Date('2026-04-01T00:00:00Z'))).now, '2026-04-01T00:00:00Z');
  await refused([
    [
      () => world.advance(60),
      /^advance: expected a length of time such as '90m', .*; write '60s' for seconds, '60ms' for milliseconds$/,
    ],
    [() => world.advance({}), /found an object$/],
    [() => world.advance(new Date('x')), /found a Date that is none$/],
    [() => world.setClock(5), /^clock: expected .* found the number 5$/],
  ]);
});

test('what is asked of a world is of its kind', async () => {
  await refused([
    [() => world.verify(), /^condition: expected an object, found undefined$/],
    [() => world.wait({ operation: 'lock_contact_by_id' }, 5), /^timeout: expected text/],
    [() => world.event('jtel'), /^event: expected text/],
    [() => world.state('jtel'), /^table: expected text/],
    [() => world.seed([]), /^piece: expected an object, found a list$/],
    [() => world.diff({}), /^diff: expected 'seed', /],
    [() => world.setVariants('x'), /^variants: expected an object by vendor/],
    [() => world.fault('flaky'), /^rule: expected an object/],
  ]);
  await assert.rejects(world.run('no-such-program'), (error) => {
    return error instanceof RingbackError && /^no-such-program cannot be started: /.test(error.message);
  });
  await assert.rejects(connect({ admin: 'nonsense' }), /^ConnectionError: nonsense is no address/);
});

test('a refusal is of the vendor whose rule it is, and a position is text', async () => {
  await world.fault({ then: 'refuse', error: 'jtel.contact' });
  assert.deepEqual((await world.faults()).faults[0].on, { vendor: 'jtel' });
  for (const scenario of ['demo', file]) {
    const made = await ringback.world({ scenario, variants: { jtel: { wrong_method: '404' } } });
    assert.equal((await made.variants()).jtel.wrong_method, '404');
  }
});

test('a call that nobody awaits fails its test, when it fails', async () => {
  const inTest = (body) => withWorld({ ringback }, body)({ name: 'forgotten' });
  const never = { operation: 'lock_contact_by_id', exactly: 1 };
  const told = /no entry meets all rules[\s\S]*that the test does not await/;
  await assert.rejects(
    inTest((world) => {
      world.verify(never);
    }),
    told,
  );
  await assert.rejects(
    inTest((world) => {
      world.wait(never, '50ms');
    }),
    told,
  );
  // One that was awaited, and whose failure was expected, is nobody's business.
  await inTest(async (world) => {
    await assert.rejects(world.verify(never));
    await world.verify(never).catch(() => {});
    world.verify({ operation: 'lock_contact_by_id', never: true });
  });
});

test('a strict test whose client goes past its world fails', async () => {
  const other = await start();
  const past = async () => {
    await fetch(`${other.url}/jtel/rest/v1.0/7/dialler/contacts`);
  };
  try {
    const strict = withWorld({ ringback: other, strict: true }, past)({ name: 'past' });
    await assert.rejects(strict, /the test is strict, and 1 request went to the world default, past its own: give/);
    await withWorld({ ringback: other }, past)({ name: 'not strict' });
  } finally {
    await other.stop();
  }
});

test('mistakes are told once each', async () => {
  await assert.rejects(world.verify({ vendr: 'mor', opname: 'x' }), (error) => {
    for (const name of ['vendr', 'opname'])
      assert.equal(error.message.split(`unknown member "${name}"`).length, 2, error.message);
    return true;
  });
});

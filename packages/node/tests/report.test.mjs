// What the report of a failed test tells of its worlds, and what else fails a test.
import assert from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ArgumentError, StrictError, start } from '../ringback/lib/index.mjs';
import { withWorld } from '../ringback/lib/node-test.mjs';
import { BEARER, lock, until } from './common.mjs';

const { reportOf } = createRequire(import.meta.url)('../ringback/lib/report.js');
let ringback;
before(async () => {
  ringback = await start();
});
after(() => ringback.stop());

const inTest = (options, body) => withWorld({ ringback, ...options }, body)({ name: 'the test' });
/** The message with which such a test fails. */
async function failure(options, body) {
  try {
    await inTest(options, body);
  } catch (error) {
    return error.message;
  }
  throw new Error('it did not fail');
}
const list = (world, query) =>
  fetch(`${world.url('jtel')}/rest/v1.0/7/dialler/contacts?${query}`, { headers: BEARER }).then((it) => it.text());

test('worlds that a test made and deleted are told, its own as well', async () => {
  const text = await failure({}, async (world) => {
    const other = await ringback.world({ name: 'made-beside' });
    try {
      await lock(other, 5);
      await lock(world, 6);
      throw new Error('in between');
    } finally {
      await other.delete();
      await world.delete();
    }
  });
  assert.match(
    text,
    /^in between\n\nRingback, world the-test-\S+: 1 request, 1 of them refused; the test has deleted it/,
  );
  assert.match(text, /found 6, which is none/);
  assert.match(text, /\nRingback, world made-beside: 1 request, 1 of them refused; the test has deleted it\n/);
  assert.match(text, /found 5, which is none/);
  assert.doesNotMatch(text, /there is no report/);
});

test('a world that several tests share is told from where this one began', async () => {
  const common = await ringback.world({ name: 'shared-by-tests' });
  await lock(common, 7);
  const quiet = await failure({}, () => assert.fail('not asked'));
  assert.doesNotMatch(quiet, /shared-by-tests/);
  const text = await failure({}, async () => {
    await lock(common, 8);
    assert.fail('asked');
  });
  assert.match(text, /Ringback, world shared-by-tests: 1 request, 1 of them refused, since the test began\n/);
  assert.match(text, /found 8, which is none/);
  assert.doesNotMatch(text, /found 7, which is none/);
  await common.delete();
});

test('a strict world that was made by hand is judged', async () => {
  const made = async (then) => {
    const world = await ringback.world({ strict: true });
    await lock(world, 9);
    await then(world);
  };
  const isStrict = /^world world-\S+: strict: fail\n {2}\d+: PATCH .* -> 404 refused\n {6}refused \(jtel\.contact\)/;
  assert.match(await failure({}, () => made(() => {})), isStrict);
  assert.match(await failure({}, () => made((it) => it.delete())), isStrict);
  await made(async (world) => {
    await assert.rejects(world.judge(), (error) => error instanceof StrictError && isStrict.test(error.message));
    await world.setStrict(false);
    await world.judge();
    await world.delete();
  });
});

test('faults that never struck, what was done, and what a client did not get', async () => {
  const faults = [
    { then: 'lose_reply', on: { vendor: 'jtel', nth: 1 } },
    { then: 'status', status: 503, on: { vendor: 'mor' }, name: 'down' },
  ];
  const text = await failure({ faults }, async (world) => {
    await assert.rejects(lock(world, 301501));
    await world.event('jtel', 'start_campaign', { campaign: 612 });
    await world.advance('3h');
    assert.fail('all of it');
  });
  assert.match(text, /faults that never struck:\n {4}rule 2, it met no request: {"name":"down","then":"status"/);
  assert.match(text, /the client got nothing of {"status":200}/);
  assert.match(text, /event jtel {"event":"start_campaign".*\n {6}did {2}campaign 612 started\n/);
  assert.match(text, /advance {"by_ms":10800000.*\n {6}did {2}contact 301502 dialled/);
});

test('what an exchange did, and where the clock stands', async () => {
  const text = await failure({}, async (world) => {
    await lock(world, 301501);
    await lock(world, 301501);
    await world.advance('1h');
    assert.fail('done');
  });
  assert.match(text, /: 2 requests, 0 of them refused\n {2}clock frozen, 2026-03-02T10:00:00Z\n/);
  const did = (what) =>
    `/lock -> 200 {2}\\[jtel lock_contact_by_id\\]\n {6}got {2}{"status":200}\n {6}did {2}${what}\n`;
  assert.match(
    text,
    new RegExp(`${did('contact 301501 locked')} {4}\\d+ PATCH .*${did('contact 301501 was locked already')}`),
  );
});

test('the last exchanges stand there, without what tests are made of', async () => {
  const text = await failure({}, async (world) => {
    for (let id = 1; id <= 8; id += 1) await lock(world, id);
    await world.setVariants({ jtel: { lock_methods: 'patch' } });
    await world.event('jtel', 'start_campaign', { campaign: 612 });
    assert.fail('done');
  });
  const shown = text.slice(text.indexOf('last 7 entries:'));
  assert.deepEqual(
    shown.match(/contact\/\d+\/lock/g)?.map((it) => Number(it.split('/')[1])),
    [3, 4, 5, 6, 7, 8],
  );
  assert.doesNotMatch(shown, /variants/);
});

test('a remark on what was answered, and what nobody read of what was refused', async () => {
  const why = { rule: 'x.rule', expected: 'this', found: 'that', evidence: 'assumed', source: 'nowhere' };
  const request = { method: 'GET', target: '/x', path: '/x', headers: [], body: '' };
  const response = { status: 200, headers: [], body: '' };
  const entry = { seq: 1, at: '', world: 'w', vendor: 'mor', operation: 'x', request, response, effects: [] };
  const unread = [{ place: 'query', name: 'y', near: 'z' }];
  const entries = [
    { ...entry, outcome: 'ok', why },
    { ...entry, seq: 2, outcome: 'refused', why, unread },
  ];
  const findings = { findings: [], more: 0, entries: 2, evicted: 0, strict: null };
  const world = await ringback.open('default');
  const text = reportOf({ world, after: 0, entries, findings, faults: [], isGone: false });
  assert.match(text, /answered, with a remark:\n {4}1 GET \/x .*\n {6}x\.rule: expected this\n/);
  assert.match(text, /parameters that nobody reads:\n {4}2 GET \/x .*\n {6}query y; did you mean z\?/);
});

test('what is to be put there is told, a text or parts of the request', async () => {
  const why = { rule: 'x.rule', expected: 'this', found: 'that', evidence: 'documented', source: 'x 1' };
  const findings = { findings: [], more: 0, entries: 1, evicted: 0, strict: null };
  const world = await ringback.open('default');
  const told = (edit) => {
    const entries = [
      { seq: 1, request: { method: 'GET', target: '/x' }, outcome: 'refused', operation: 'x', why: { ...why, edit } },
    ];
    const text = reportOf({ world, after: 0, entries, findings, faults: [], isGone: false });
    return text.split('\n').filter((it) => it.includes('put there'));
  };
  assert.deepEqual(told('this one'), ['      put there: this one']);
  assert.deepEqual(told({ body: '{"a":1}', content_type: 'text/xml' }), [
    '      put there, as its body: {"a":1}',
    '      put there, as its content type: text/xml',
  ]);
});

test('failOn has the words of the command line', async () => {
  const misspelt = (world) => list(world, 'diallerCampaignId=612');
  await inTest({}, misspelt);
  assert.match(
    await failure({ failOn: ['unread'] }, misspelt),
    /^the test fails by its option failOn:\n {2}unread: jtel list_contacts: query diallerCampaignId; did you mean diallerCampaignsID\?\n/,
  );
  const right = (world) => list(world, 'diallerCampaignsID=612');
  await inTest({ failOn: ['unread', 'refused', 'unmatched', 'findings'] }, right);
  assert.match(await failure({ failOn: ['refused'] }, (world) => lock(world, 1)), /failOn:\n {2}1 request refused\n/);
  assert.match(
    await failure({ failOn: ['unmatched'] }, (world) => fetch(`${world.url()}/nobody`)),
    /failOn:\n {2}1 request taken by no vendor\n/,
  );
  const twice = async (world) => {
    await world.fault({ then: 'lose_reply', on: { vendor: 'jtel', nth: 1 } });
    const row = { DiallerCampaignsID: 612, Name: 'Neu', PhoneNumber1: '4940555099' };
    const add = `${world.url('jtel')}/rest/v1.0/7/dialler/contacts/import?overwriteDuplicates=false`;
    const headers = { ...BEARER, 'Content-Type': 'application/json' };
    const send = () => fetch(add, { method: 'POST', headers, body: JSON.stringify(row) });
    await assert.rejects(send());
    await send();
  };
  assert.match(await failure({ failOn: ['findings'] }, twice), /failOn:\n {2}finding repeated_write: /);
  await assert.rejects(inTest({ failOn: ['unred'] }, right), (error) => {
    return (
      error instanceof ArgumentError && /^failOn: there is no 'unred'; .*did you mean 'unread'\?$/.test(error.message)
    );
  });
});

/** What is written on stderr while something runs. */
async function stderrOf(body) {
  const { write } = process.stderr;
  let text = '';
  process.stderr.write = (part) => {
    text += part;
    return true;
  };
  try {
    await body(() => text);
  } finally {
    process.stderr.write = write;
  }
  return text;
}

test('a strict test fails where a fault that it asked for never struck', async () => {
  const fails = async (faults, body = (world) => lock(world, 301501)) => failure({ strict: true, faults }, body);
  // In the words of pytest's plugin.
  const told =
    'the test is strict, and a fault that it asked for never struck (clearFaults() takes away what was not to):';
  for (const [rule, line] of [
    [
      { then: 'lose_reply', on: { operation: 'import_contact', nth: 1 } },
      'rule 1: lose_reply on operation=import_contact nth=1; it matched 0 requests',
    ],
    [
      { then: 'delay', delay: '1ms', name: 'late', on: { operation: 'lock_contact_by_id', nth: 2 } },
      'rule 1 late: delay on operation=lock_contact_by_id nth=2; it matched 1 request',
    ],
  ]) {
    const text = await fails(rule);
    assert.ok(text.startsWith(`${told}\n  ${line}\n\nRingback, world `), text);
  }
  const never = { then: 'fail', on: { vendor: 'mor' } };
  const added = await fails([], (world) => world.fault(never));
  assert.ok(added.startsWith(`${told}\n  rule 1: fail on vendor=mor; it matched 0 requests\n`), added);
  const passes = (options, body = (world) => lock(world, 301501)) => inTest({ strict: true, ...options }, body);
  await passes({ faults: { then: 'delay', delay: '1ms', on: { operation: 'lock_contact_by_id' } } });
  await passes({ faults: { then: 'fail', on: { probability: 0.0001 } } });
  await passes({ faults: { then: 'rate_limit', most: 9, per: '1h', on: { vendor: 'jtel' } } });
  await passes({ faults: never }, (world) => world.clearFaults());
  await passes({ faults: never }, (world) => world.reset());
  await passes({ strict: false, faults: never });
  await passes({ scenario: { extends: 'demo', fault: [never] } });
});

test('what a strict test expects and is not met is told in the program’s words', async () => {
  const expect = [{ operation: 'import_contact', outcome: 'ok', exactly: 1 }];
  const text = await failure({ strict: true, expect }, (world) => lock(world, 301501));
  const unmet =
    'strict: fail\n  fail: no entry meets all rules\n    expected exactly 1 × import_contact where outcome is "ok"\n';
  assert.ok(text.startsWith(unmet), text);
});

test('a call of the client that nobody awaits is told, and fails a strict test', async () => {
  const forgets = {
    fetch: (world) => {
      lock(world, 301501).catch(() => {});
    },
    http: (world) => {
      const url = `${world.url('jtel')}/rest/v1.0/7/dialler/contacts/contact/301501/lock`;
      http
        .request(url, { method: 'PATCH', headers: BEARER })
        .on('error', () => {})
        .end();
    },
  };
  const late = /1 request had no reply when its body ended, or came after it: PATCH \/jtel\/\S+\/lock; is an await/;
  for (const forget of Object.values(forgets)) {
    assert.match(await failure({ strict: true }, forget), late);
    assert.match(await stderrOf(() => inTest({}, forget)), late);
  }
  const text = await failure({}, async (world) => {
    forgets.fetch(world);
    throw new Error('at once');
  });
  assert.match(text, /without a reply when the test ended:\n {4}PATCH /);
  // One whose answer a fault holds back was awaited by a client that gave it up.
  const faults = { then: 'hang', on: { vendor: 'jtel' } };
  const givesUp = async (world) => {
    forgets.fetch(world);
    await world.wait({ operation: 'lock_contact_by_id' });
  };
  assert.equal(await stderrOf(() => inTest({ strict: true, faults }, givesUp)), '');
});

test('a request that the client’s own process tells shows no credential', async () => {
  const secret = 'SIM-SECRET-42';
  const ask = (world) => {
    fetch(`${world.url('mor')}/api/user_details_get?u=${secret}&hash=${secret}&${secret}`).catch(() => {});
    fetch(`${world.url('maxcontact')}/apitoken/login/me/${secret}?output=json`).catch(() => {});
  };
  const text = await failure({ strict: true }, ask);
  assert.match(text, /GET \/mor\/api\/user_details_get\?u=\*\*\*&hash=\*\*\*&\*\*\*/);
  assert.match(text, /^ +GET \/maxcontact\/apitoken\/login\/me\/\*\*\*\?output=\*\*\*$/m);
  const own = text.replace(/^ +\d+ GET .*$/gm, '');
  assert.ok(!own.includes(secret), own);
  assert.ok(!(await stderrOf(() => inTest({}, ask))).includes(secret));
  // One that a fault holds back is known all the same.
  const faults = { then: 'hang', on: { vendor: 'mor' } };
  const givesUp = async (world) => {
    fetch(`${world.url('mor')}/api/user_details_get?u=bob&hash=${secret}`, { method: 'POST' }).catch(() => {});
    await world.wait({ vendor: 'mor' });
  };
  assert.equal(await stderrOf(() => inTest({ faults }, givesUp)), '');
});

test('a request that comes when its test is over is told', async () => {
  let world;
  const told = await stderrOf(async (text) => {
    await inTest({}, (it) => {
      world = it;
    });
    await assert.rejects(lock(world, 301501));
    await until('it is told', () => text() !== '');
  });
  assert.match(
    told,
    /^\nthe test: a request came after the test had ended: PATCH \/jtel\/\S+; is an await missing\?\n$/,
  );
  const unported = await stderrOf(async (text) => {
    await inTest({ listen: false }, (it) => {
      world = it;
    });
    await lock(world, 301501);
    await until('it is told', () => text() !== '');
  });
  assert.match(unported, /a request came after the test had ended: PATCH \/w\/the-test-/);
});

test('a folder for capsules that is none is told with its variable', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-tests-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const noting = await start({ args: ['--capsules'] });
  try {
    for (const named of [file, join(file, 'within')]) {
      process.env.RINGBACK_CAPSULE_FOLDER = named;
      const text = await failure({ ringback: noting }, (world) => lock(world, 1).then(() => assert.fail('told')));
      assert.ok(text.includes(`no capsule; RINGBACK_CAPSULE_FOLDER names ${named}, which is a file, or in one;`), text);
    }
    const gone = await failure({ ringback: noting }, (world) => world.delete().then(() => assert.fail('told')));
    assert.match(gone, /there is no capsule; the test has deleted its world/);
  } finally {
    delete process.env.RINGBACK_CAPSULE_FOLDER;
    await noting.stop();
    rmSync(folder, { recursive: true });
  }
});

// What a project in TypeScript writes; compiled with `tsc --strict`, and run.
import assert from 'node:assert';
import { type JournalEntry, ProblemError, start, type Verdict, VerifyError } from 'ringback';

async function main(): Promise<void> {
  await using ringback = await start({ scenario: 'demo', seed: 7 });
  await using world = await ringback.world({ variants: { jtel: { pick: 'highest_id' } } });

  const reply = await fetch(`${world.url('jtel')}/rest/v1.0/7/dialler/contacts/301501`, {
    headers: { Authorization: 'Bearer SIMTOKEN-7A' },
  });
  assert.equal(reply.status, 200);

  const entries: JournalEntry[] = await world.journal({ vendor: 'jtel' });
  assert.equal(entries[0]?.operation, 'get_contact');
  const verdict: Verdict = await world.verify({ operation: 'get_contact', exactly: 1 });
  assert.equal(verdict.found, 1);

  await assert.rejects(world.verify({ operation: 'list_contacts' }), (error: unknown) => {
    return error instanceof VerifyError && error.verdict.verdict === 'fail' && error.message.includes('list_contacts');
  });
  await assert.rejects(world.event('jtel', 'start_campaign', { campaign: 999 }), (error: unknown) => {
    return error instanceof ProblemError && error.status === 409;
  });
  const served = (await ringback.worlds()).map((it) => (it.state === 'open' ? it.clock.mode : it.why));
  assert.deepEqual(served, ['real', 'frozen']);
  await world.fault({ on: { vendor: 'jtel' }, then: 'status', status: 503 });
  const moved = await world.advance('90m');
  assert.equal(moved.now, '2026-03-02T10:30:00Z');
  console.log('all as expected');
}

void main();

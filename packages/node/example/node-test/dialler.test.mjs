import assert from 'node:assert';
import { test } from 'node:test';
import { withWorld } from 'ringback/node-test';
import { Dialler } from '../client.cjs';

/** The client, led to this world. */
const diallerOf = (world) => new Dialler({ jtel: world.url('jtel'), mor: world.url('mor') });

test(
  'the contacts of a campaign are listed',
  withWorld({ scenario: 'demo' }, async (world) => {
    const { records } = await diallerOf(world).contacts(612);
    assert.equal(records.length, 2);
  }),
);

test(
  'a contact is locked once',
  withWorld({ scenario: 'demo' }, async (world) => {
    await diallerOf(world).lock(301501);
    await world.verify({ vendor: 'jtel', operation: 'lock_contact_by_id', param: { id: '301501' }, exactly: 1 });
  }),
);

test(
  'a contact is dialled within the morning',
  withWorld({ scenario: 'demo' }, async (world) => {
    await world.event('jtel', 'start_campaign', { campaign: 612 });
    await world.advance('3h');
    const { count } = await diallerOf(world).history(301501);
    assert.equal(count > 0, true);
  }),
);

test(
  'a locked contact is not dialled',
  withWorld({ scenario: 'demo' }, async (world) => {
    const dialler = diallerOf(world);
    await dialler.lock(301501);
    await world.event('jtel', 'start_campaign', { campaign: 612 });
    await world.advance('3h');
    assert.equal((await dialler.history(301501)).count, 0);
  }),
);

test(
  'an imported contact is one row more',
  withWorld({ scenario: 'demo', strict: true }, async (world) => {
    await diallerOf(world).add({ DiallerCampaignsID: 612, Name: 'Neu', PhoneNumber1: '4940555099' });
    const differences = await world.diff('seed');
    assert.equal(differences.added, 1);
  }),
);

test(
  'a server that is busy for a moment is asked again',
  withWorld({ scenario: 'demo' }, async (world) => {
    await world.fault({ on: { vendor: 'jtel', nth: 1 }, then: 'status', status: 503 });
    await diallerOf(world).lock(301501);
    await world.verify({ vendor: 'jtel', operation: 'lock_contact_by_id', outcome: 'ok', exactly: 1 });
  }),
);

test(
  'a wrong token is told',
  withWorld({ scenario: 'demo' }, async (world) => {
    const dialler = new Dialler({ jtel: world.url('jtel'), mor: world.url('mor'), token: 'WRONG' });
    await assert.rejects(dialler.lock(301501), /401/);
    await world.verify({ why: 'jtel.token', exactly: 1 });
  }),
);

test(
  'the answers of a poll are fetched',
  withWorld({ scenario: 'demo' }, async (world) => {
    await diallerOf(world).pollResults(17);
    await world.verify({ vendor: 'mor', operation: 'get_campaign_ivr_poll_results', outcome: 'ok', exactly: 1 });
  }),
);

test(
  'what was removed is back after a rollback',
  withWorld({ scenario: 'demo' }, async (world) => {
    const dialler = diallerOf(world);
    await world.checkpoint('before');
    await dialler.remove(301501);
    assert.equal((await dialler.contacts(612)).records.length, 1);
    await world.rollback('before');
    assert.equal((await dialler.contacts(612)).records.length, 2);
  }),
);

test(
  'a scenario of our own',
  withWorld({ scenario: new URL('../night.toml', import.meta.url) }, async (world) => {
    const { records } = await diallerOf(world).contacts(612);
    assert.equal(records.length, 3);
  }),
);

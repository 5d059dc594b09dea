// The client under test: what an application has, which knows nothing of Ringback.
'use strict';

const { createHash } = require('node:crypto');

/** Attempts at a request that a server could not serve just then. */
const ATTEMPTS = 3;
const UNAVAILABLE = 503;

/** Speaks with a jtel dialler and a MOR autodialer. */
class Dialler {
  constructor({ jtel, mor, token = 'SIMTOKEN-7A', user = 'dialer_bob', key = 'sim-secret-1' }) {
    Object.assign(this, { jtel: `${jtel}/rest/v1.0/7/dialler`, mor: `${mor}/billing/api`, token, user, key });
  }

  contacts(campaign) {
    return this.#ask('GET', `/contacts?diallerCampaignsID=${campaign}`);
  }
  lock(id) {
    return this.#ask('PATCH', `/contacts/contact/${id}/lock`);
  }
  history(id) {
    return this.#ask('GET', `/contacts/contact/${id}/history`);
  }
  remove(id) {
    return this.#ask('DELETE', `/contacts/contact/${id}`);
  }
  add(contact) {
    return this.#ask('POST', '/contacts/import?overwriteDuplicates=false', contact);
  }

  async pollResults(campaign) {
    const hash = createHash('sha1').update(`${this.user}${campaign}${this.key}`).digest('hex');
    const form = new URLSearchParams({ u: this.user, id: String(campaign), hash });
    const reply = await fetch(`${this.mor}/autodialer_get_campaign_ivr_poll_results`, { method: 'POST', body: form });
    const text = await reply.text();
    const error = /<error>(.*?)<\/error>/.exec(text);
    if (error !== null) throw new Error(`MOR: ${error[1]}`);
    return text;
  }

  async #ask(method, path, body) {
    const headers = { Authorization: `Bearer ${this.token}` };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    for (let attempt = 1; ; attempt += 1) {
      const reply = await fetch(this.jtel + path, { method, headers, body: body && JSON.stringify(body) });
      if (reply.status === UNAVAILABLE && attempt < ATTEMPTS) continue;
      if (!reply.ok) throw new Error(`jtel: ${reply.status}`);
      return reply.json();
    }
  }
}

module.exports = { Dialler };

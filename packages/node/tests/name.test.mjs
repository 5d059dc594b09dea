// Any title of a test becomes the name of a world.
import assert from 'node:assert';
import { after, before, test } from 'node:test';
import { start, worldName } from '../ringback/lib/index.mjs';

const HOSTILE = [
  'a/b\\c/../..//d',
  'Grüße aus Köln — 日本語のテスト 🎉',
  '日本語',
  '',
  ' ',
  '---',
  '_x_',
  'x'.repeat(300),
  'é'.repeat(300),
  'a?b#c%2F&d=e',
  'line\nbreak\ttab\u0000nul\u202ertl',
  'quote \' " ` $(id) ; |',
  'default',
  '\ud800 half a pair',
  '{{curly}} <html> [re.*]',
];

let ringback;
before(async () => {
  ringback = await start();
});
after(() => ringback.stop());

for (const title of HOSTILE) {
  test(`a world is named after ${JSON.stringify(title).slice(0, 60)}`, async () => {
    const name = worldName(title);
    assert.match(name, /^[a-z0-9][a-z0-9_-]{0,62}$/);
    const world = await ringback.world({ name });
    assert.equal((await world.info()).name, name);
    assert.notEqual(worldName(title), name);
  });
}

test('what can be read of a title stays', () => {
  assert.match(worldName('Grüße aus Köln'), /^grusse-aus-koln-[0-9a-f]{10}$|^gru-e-aus-koln-[0-9a-f]{10}$/);
});

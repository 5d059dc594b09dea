// The same, by jest. Run by told.test.mjs.
const { withWorld } = require('ringback/jest');

test.each([
  [1, 'one'],
  [2, 'two'],
])(
  'each %i',
  withWorld(async (world, number, word) => {
    expect(world.name.slice(0, -11)).toBe(`each-${number}`);
    expect(word).toBe(number === 1 ? 'one' : 'two');
  }),
);

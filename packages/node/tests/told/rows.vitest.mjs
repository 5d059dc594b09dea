// Tests of rows in the ways that vitest has, and beside fixtures. Run by told.test.mjs.
import { withWorld } from 'ringback/vitest';
import { test as base, describe, expect } from 'vitest';

const named = (world, text) => expect(world.name.slice(0, -11)).toBe(text);
describe('rows', () => {
  base.for([
    [1, 'one'],
    [2, 'two'],
  ])(
    'for %i',
    withWorld(async (world, [number, word], { task }) => {
      named(world, `rows-for-${number}`);
      expect(task.name).toBe(`for ${number}`);
      expect(word).toBe(number === 1 ? 'one' : 'two');
    }),
  );
  base.each([
    [1, 'one'],
    [2, 'two'],
  ])(
    'each %i',
    withWorld({ strict: true }, async (world, number, word) => {
      named(world, `rows-each-${number}`);
      expect(word).toBe(number === 1 ? 'one' : 'two');
    }),
  );
});
base.each([{ id: 1 }])(
  'an object',
  withWorld(async (world, { id }) => {
    named(world, 'an-object');
    expect(id).toBe(1);
  }),
);
base.extend({ other: 5 })(
  'beside a fixture that it does not ask for',
  withWorld(async (_, { task }) => {
    expect(task.name).toBe('beside a fixture that it does not ask for');
  }),
);

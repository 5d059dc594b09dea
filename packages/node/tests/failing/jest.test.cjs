// Tests that are to fail, for the sake of what is then shown. Run by failure.test.mjs.
const { withWorld } = require('ringback/jest');

describe('group [a/b]', () => {
  test(
    'throws what is no error',
    withWorld(async () => {
      throw 'only text';
    }),
  );
});
test(
  'runs out of time',
  withWorld(async (world) => {
    await fetch(`${world.url('mor')}/billing/api/nothing`);
    await new Promise((done) => {
      setTimeout(done, 4_000).unref();
    });
  }),
  1500,
);
test(
  'timers that stand still',
  withWorld(async (world) => {
    jest.useFakeTimers();
    await world.advance('1h');
    jest.useRealTimers();
    throw new Error('got through');
  }),
);
test(
  'can be disposed of',
  withWorld(async (world) => {
    expect(typeof world[Symbol.asyncDispose]).toBe('function');
    expect(typeof world.ringback[Symbol.asyncDispose]).toBe('function');
  }),
);

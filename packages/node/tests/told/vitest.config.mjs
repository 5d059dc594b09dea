export default { test: { include: ['**/afterwards.vitest.mjs'] } };

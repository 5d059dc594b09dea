export default { test: { include: ['**/loose.vitest.mjs'] } };

export default { test: { include: ['**/rows.vitest.mjs'] } };

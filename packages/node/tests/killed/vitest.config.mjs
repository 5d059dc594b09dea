export default { test: { include: ['**/setup.vitest.mjs'], globalSetup: ['ringback/vitest-setup'] } };

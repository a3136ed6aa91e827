import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'examples/*/src/**/*.test.ts',
      'bench/src/**/*.test.ts',
      'tests/**/*.test.ts',
    ],
    // Integration tests start real servers: a slow machine may take a while, none may hang for ever.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

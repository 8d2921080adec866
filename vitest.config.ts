import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'fuzz/**/*.test.ts', 'tests/**/*.test.ts'],
    testTimeout: 30_000,
  },
});

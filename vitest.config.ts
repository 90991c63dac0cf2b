import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['unit', 'contract', 'integration', 'abuse', 'architecture'].map((name) => ({
      test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: name === 'unit' ? 5_000 : 30_000 },
    })),
  },
});

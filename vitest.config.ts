import { defineConfig } from 'vitest/config';

const fast = ['unit', 'architecture'];

export default defineConfig({
  test: {
    maxWorkers: '100%',
    projects: ['unit', 'contract', 'integration', 'abuse', 'architecture'].map((name) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.{ts,tsx}`],
        // Real processes and sockets on a shared machine: in CI a second try is reported, not hidden.
        retry: process.env['CI'] && !fast.includes(name) ? 1 : 0,
        testTimeout: fast.includes(name) ? 5_000 : 30_000,
        hookTimeout: fast.includes(name) ? 5_000 : 30_000,
      },
    })),
  },
});

import { defineConfig } from '@playwright/test';

/**
 * End-to-end tests on real Electron. One worker: the tests share a display, and only one window has the focus there.
 * `sandboxed` runs the app as an ordinary user, so that Chromium's own sandbox is on even when the tests run as root.
 */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  workers: 1,
  // The X server's own pointer and keyboard are shared with whatever else the machine does; a second try is reported.
  retries: process.env['CI'] ? 2 : 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  projects: [
    { name: 'app', testIgnore: '**/sandboxed/**' },
    { name: 'sandboxed', testMatch: '**/sandboxed/**/*.spec.ts' },
  ],
});

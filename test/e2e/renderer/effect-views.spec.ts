/**
 * Every effect view as the window draws it, from the real classifier, parsers and view builder. Pictures for a person's
 * eye go to test-results/effect-views; what a machine can tell (nothing cut, nothing wider than the window, the act named) is
 * checked here. PICTURES=all draws every look; two of them are enough to check.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { runnerImport } from 'vite';
import { launchChromium, openSurface } from '../../support/renderer-browser.ts';
import { type RendererPages, serveRenderers } from '../../support/renderer-pages.ts';
import { sampleApproval } from '../../support/sample-approvals.ts';

const FOLDER = 'test-results/effect-views';
const everyLook = [
  ['light-100', 'light', 1, 720],
  ['dark-100', 'dark', 1, 720],
  ['light-200', 'light', 2, 720],
  ['dark-200', 'dark', 2, 720],
  ['whole', 'light', 1, 2000],
] as const;
const looks = everyLook.filter(([look]) => process.env['PICTURES'] === 'all' || /light-100|dark-200/.test(look));

let browser: Browser;
let pages: RendererPages;
test.beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  [browser, pages] = await Promise.all([launchChromium(), serveRenderers()]);
});
test.afterAll(async () => {
  await browser.close();
  await pages.close();
});

// The sources import JSON as the bundler does, so the bundler loads them.
type Samples = typeof import('../../support/sample-operations.ts');
const { module: samples } = await runnerImport<Samples>(
  fileURLToPath(new URL('../../support/sample-operations.ts', import.meta.url)),
  { configFile: false, logLevel: 'silent' },
);

for (const { name, serverId, toolName, toolArguments, build } of samples.allSamples()) {
  test(`${name} is drawn whole in every look`, async () => {
    const view = await build();
    for (const [look, colorScheme, zoom, height] of looks) {
      const approval = sampleApproval('commit', Date.now(), {
        approvalId: `approval-${name}`,
        serverId,
        toolName,
        canonicalArguments: JSON.stringify(toolArguments),
        sessionGrantSentence: undefined,
        position: 1,
        waiting: 1,
        view,
      });
      const { page, problems } = await openSurface(browser, pages.url, 'approval', {
        colorScheme,
        zoom,
        height,
        replies: { 'approval:current': { ok: true, value: { approval, arming: { state: 'armed', armedInMs: 0 } } } },
      });
      await expect(page.getByRole('button', { name: 'Deny' })).toBeVisible();
      await page.screenshot({ path: `${FOLDER}/${name}-${look}.png` });
      expect(problems).toEqual([]);
      expect(await tooWide(page)).toEqual([]);
      await expect(page.locator('[data-answer="approve-once"]')).toContainText(view.approveLabel);
      await page.context().close();
    }
  });
}

/** Elements that reach past the window, whatever is clipped around them. */
function tooWide(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
      .map((element) => `${element.tagName}.${element.className}`),
  );
}

/** The person's browser: Debian's Chromium on an empty profile, led through the provider's real pages by role and label. */
import fs from 'node:fs';
import { chromium } from 'playwright';
import { demoPerson } from '../../main/identity/demo-person.ts';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

export async function signInWithBrowser(address: string, answer: 'Allow' | 'Do not allow' = 'Allow'): Promise<void> {
  const executablePath = candidates.find((file) => fs.existsSync(file));
  if (!executablePath) throw new Error('Chromium is missing: run node main/launch/setup.mjs walkthrough');
  const browser = await chromium.launch({
    executablePath,
    args: [...quiet, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  try {
    const page = await browser.newPage();
    await page.goto(address);
    await page.getByLabel('Email').fill(demoPerson.email);
    await page.getByLabel('Password').fill(demoPerson.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: answer, exact: true }).click();
    const heading = answer === 'Allow' ? 'Signed in' : 'Not signed in';
    await page.getByRole('heading', { name: heading, exact: true }).waitFor();
  } finally {
    await browser.close();
  }
}

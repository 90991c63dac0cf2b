import { expect, test } from 'vitest';
import { assetFor } from '../../../main/app/app-assets.ts';
import { contentSecurityPolicy } from '../../../main/app/csp.ts';

test.each([
  ['app://countersign/dashboard/index.html', { surface: 'dashboard', file: 'index.html' }],
  ['app://countersign/approval/assets/index-CrJfh2.js', { surface: 'approval', file: 'assets/index-CrJfh2.js' }],
  ['app://countersign/approval/assets/index-CrJfh2.css?v=1', { surface: 'approval', file: 'assets/index-CrJfh2.css' }],
])('%s is served', (address, expected) => {
  expect(assetFor(address)).toMatchObject(expected);
});

test.each([
  'app://countersign/dashboard/../approval/index.html',
  'app://countersign/dashboard/..%2findex.html',
  'app://countersign/dashboard/%2e%2e/index.html',
  'app://countersign/dashboard/..\\index.html',
  'app://countersign/dashboard/%5c..%5cindex.html',
  'app://countersign/dashboard//etc/passwd',
  'app://countersign/dashboard/assets/../index.html',
  'app://countersign/dashboard/index.html%00.js',
  'app://countersign/dashboard/.env',
  'app://countersign/dashboard/index.html/',
  'app://countersign/dashboard/secret.json',
  'app://countersign/dashboard/index',
  'app://countersign/main/main.cjs',
  'app://countersign/preload/dashboard.cjs',
  'app://other/dashboard/index.html',
  'app://countersign:80/dashboard/index.html',
  'app://user@countersign/dashboard/index.html',
  'file:///etc/passwd',
  'https://countersign/dashboard/index.html',
  '',
])('EL-07: %s is nothing of ours', (address) => {
  expect(assetFor(address)).toBeUndefined();
});

test.each(['dashboard', 'approval'] as const)(
  'EL-08: the policy of the %s allows nothing that is not named',
  (surface) => {
    const policy = contentSecurityPolicy(surface);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/);
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe|https?:|\*|data:|blob:|connect-src/);
  },
);

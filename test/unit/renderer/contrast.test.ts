import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Relative luminance and contrast ratio as WCAG 2.2 §1.4.3 defines them. */
function luminance(colour: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const css = readFileSync(new URL('../../../renderer/ui/tokens.css', import.meta.url), 'utf8');
const [lightPart = '', darkPart = ''] = css.split('@media (prefers-color-scheme: dark)');
const read = (part: string) =>
  Object.fromEntries([...part.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));
const schemes: { readonly [name: string]: { readonly [token: string]: string | undefined } } = {
  light: read(lightPart),
  dark: { ...read(lightPart), ...read(darkPart) },
};

const texts: readonly (readonly [ink: string, ...grounds: string[]])[] = [
  ['ink', 'background', 'surface', 'raised', 'write-tint', 'delete-tint', 'accent-tint', 'mark-tint'],
  ['ink-2', 'background', 'surface', 'raised'],
  ['ink-on-ink', 'ink'],
  ['ink-on-inert', 'inert'],
  ['ink-on-delete', 'delete'],
  ['ink-on-inert-delete', 'inert-delete'],
  ['read', 'read-tint', 'surface', 'background'],
  ['write', 'write-tint', 'surface', 'background'],
  ['delete', 'delete-tint', 'surface', 'background', 'raised'],
  ['accent', 'accent-tint', 'surface'],
  ['added', 'added-tint', 'surface'],
  ['removed', 'removed-tint', 'surface'],
];
const pairs = ['light', 'dark'].flatMap((scheme) =>
  texts.flatMap(([ink, ...grounds]) => grounds.map((ground) => [scheme, ink, ground] as const)),
);

test.each(pairs)('%s: text in %s on %s is at least 4.5:1', (scheme, ink, ground) => {
  const colours = schemes[scheme] ?? {};
  expect(contrast(colours[ink] ?? '', colours[ground] ?? '')).toBeGreaterThanOrEqual(4.5);
});

// WCAG 2.2 §1.4.11: edges that show where a control is, and the focus ring.
test.each(
  ['light', 'dark'].flatMap((scheme) =>
    ['background', 'surface'].flatMap((ground) =>
      ['line-strong', 'accent'].map((edge) => [scheme, edge, ground] as const),
    ),
  ),
)('%s: edge %s on %s is at least 3:1', (scheme, edge, ground) => {
  const colours = schemes[scheme] ?? {};
  expect(contrast(colours[edge] ?? '', colours[ground] ?? '')).toBeGreaterThanOrEqual(3);
});

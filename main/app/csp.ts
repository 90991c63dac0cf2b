import type { Surface } from '../ipc/channel.ts';

/**
 * Content security policies of the two pages (EL-08): nothing but our own scripts, styles and images, no connection
 * anywhere, no frame, no eval, and Trusted Types without a single policy.
 */
export function contentSecurityPolicy(surface: Surface): string {
  const shared = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  // The approval window draws text only; the dashboard may show its own font files.
  return (surface === 'dashboard' ? [...shared, "font-src 'self'"] : shared).join('; ');
}

/**
 * Text that an AI client or an upstream server wrote. It is shown as theirs, in a box of its own, with every
 * invisible character drawn as an escape; it is never parsed as control, markup or a name of ours.
 */
declare const untrusted: unique symbol;
export type UntrustedText = string & { readonly [untrusted]: true };

export function asUntrusted(text: string): UntrustedText {
  return text as UntrustedText;
}

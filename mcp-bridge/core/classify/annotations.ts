/**
 * Annotations (MCP 2026-07-28 ToolAnnotations) beside the tool's own words. From a server the person trusts they
 * count; from any other they can only break a tie upward, and `readOnlyHint: true` is not heard at all.
 */
import type { Classification } from '../model/classification.ts';
import type { Effect } from '../model/effect.ts';
import { worstEffect } from '../model/effect.ts';
import type { ToolAnnotations, ToolDefinition } from '../model/tool.ts';
import type { Judged } from './judge-arguments.ts';
import { isMild, verbOf } from './names/lexicon.ts';
import type { ToolReading } from './tool-reading.ts';

type Own = Pick<Classification, 'effect' | 'basis' | 'confidence' | 'uninterpreted' | 'reasons'>;

export function withAnnotations(
  reading: ToolReading,
  judged: Judged,
  { tool, trusted }: { tool: ToolDefinition; trusted: boolean },
): Own {
  const own = fromWords(reading, judged);
  const hints = readHints(tool.annotations);
  if (trusted) return fromTrusted(own, hints, reading, judged);
  return fromUntrusted(own, hints, reading);
}

function fromWords(reading: ToolReading, judged: Judged): Own {
  const words: Own = {
    effect: reading.effect,
    basis: reading.certainty === 'none' ? 'unknown' : 'names',
    confidence: reading.certainty === 'sure' ? 'high' : reading.certainty === 'leaning' ? 'medium' : 'low',
    reasons: reading.reasons,
  };
  if (!judged.effect) return words;
  const effect = judged.alone ? judged.effect : worstEffect(judged.effect, reading.effect);
  return {
    effect,
    basis: effect === reading.effect && !judged.alone ? words.basis : 'arguments',
    confidence: judged.uninterpreted ? 'low' : judged.analysed ? 'high' : 'medium',
    ...(judged.uninterpreted ? { uninterpreted: true } : {}),
    reasons:
      judged.alone || effect === judged.effect
        ? [...judged.reasons, ...reading.reasons]
        : [...reading.reasons, ...judged.reasons],
  };
}

type Hints = { readonly readOnly: boolean | undefined; readonly destructive: boolean | undefined };

function readHints(annotations: ToolAnnotations | undefined): Hints {
  const hint = (value: unknown) => (typeof value === 'boolean' ? value : undefined);
  return { readOnly: hint(annotations?.readOnlyHint), destructive: hint(annotations?.destructiveHint) };
}

/** Arguments in a language of their own are judged by their bytes, whatever a hint says. A clear deletion stays one. */
function fromTrusted(own: Own, hints: Hints, reading: ToolReading, judged: Judged): Own {
  const saysDelete = reading.effect === 'delete' && reading.certainty === 'sure';
  const runsAnyCode = reading.code.some(({ kind }) => kind === undefined || kind === 'shell');
  if (judged.analysed || saysDelete || runsAnyCode) return own;
  const hinted: Effect | undefined = hints.readOnly ? 'read' : hints.destructive === false ? 'write' : undefined;
  if (hinted && (reading.certainty !== 'sure' || hints.readOnly)) {
    const capped = hinted === 'read' || own.effect === 'delete' ? hinted : own.effect;
    if (capped === own.effect) return own;
    const reason = `The server, which you trust, says it ${hinted === 'read' ? 'only reads' : 'destroys nothing'}.`;
    return { effect: capped, basis: 'annotations', confidence: 'medium', reasons: [reason, ...own.reasons] };
  }
  return fromUntrusted(own, hints, reading);
}

function fromUntrusted(own: Own, hints: Hints, reading: ToolReading): Own {
  if (reading.certainty === 'sure' || own.basis === 'arguments') return own;
  if (own.effect === 'read' && hints.readOnly === false) {
    return raise(own, 'write', 'The server says it does not only read.');
  }
  if (own.effect === 'write' && hints.destructive === true && hints.readOnly !== true && mayDestroy(reading)) {
    return raise(own, 'delete', 'The server says it may destroy.');
  }
  return own;
}

/** `cancel` may destroy. What is run is known by its code, and a verb that may as well read is no deletion. */
function mayDestroy(reading: ToolReading): boolean {
  const clear = verbOf(reading.verb ?? '')?.certainty === 'sure';
  return !reading.runs && !clear && !isMild(reading.verb ?? '');
}

function raise(own: Own, effect: Effect, reason: string): Own {
  return { ...own, effect, basis: 'annotations', reasons: [reason, ...own.reasons] };
}

/**
 * What would this call really do? Evidence in order of strength, the first that speaks decides:
 *
 * 1. the person's own pin for this server, tool and definition
 * 2. a profile of a well-known server (only for a server that the person's configuration names so)
 * 3. analysers of arguments in a language of their own (SQL, shell …): they may find worse, and they decide for
 *    tools that only run what they are given
 * 4. annotations of a server the person trusts; those of any other may only raise
 * 5. names, descriptions, schema
 * 6. nothing: delete-grade
 *
 * Deliberately not done: believing an untrusted server's `readOnlyHint: true`, or its `destructiveHint: true` against a
 * clear word. MCP's "destructive" covers every overwriting update and is the default for silence, so it only breaks
 * ties upward.
 *
 * INVARIANT: pure and total. Any JSON yields a classification; nothing here throws; time is linear in the input.
 */
import type { Classification, Domain } from '../model/classification.ts';
import type { Effect } from '../model/effect.ts';
import type { JsonObject } from '../model/json.ts';
import type { ToolDefinition } from '../model/tool.ts';
import type { Analysers } from './analysers/ports.ts';
import { withAnnotations } from './annotations.ts';
import { domainOf } from './domain.ts';
import { judgeArguments } from './judge-arguments.ts';
import { MAX_NAME_CHARACTERS, wordsOf } from './names/words.ts';
import { applyRule } from './profiles/apply-rule.ts';
import { profiles } from './profiles/index.ts';
import { ruleFinder } from './profiles/profile.ts';
import { readTool } from './read-tool.ts';
import type { ToolReading } from './tool-reading.ts';

export type ClassifyInput = {
  /** The configuration's own id for the server. */
  readonly serverId: string;
  /**
   * The package that the pinned configuration starts; where it names none, the server's id again, so that the
   * person's own name for it selects a profile. Never from `serverInfo`. Undefined: no profile.
   */
  readonly serverName?: string | undefined;
  /** Untrusted. */
  readonly tool: ToolDefinition;
  /** The person lets this server's annotations count. */
  readonly trusted: boolean;
  readonly dialect?: string | undefined;
  /** Undefined: the worst case over all arguments. */
  readonly arguments?: JsonObject | undefined;
  /** The person's own word for this server, tool and definition hash. */
  readonly pin?: Effect | undefined;
};

export function classify(input: ClassifyInput, analysers: Analysers): Classification {
  try {
    return decide(input, analysers);
  } catch {
    // INVARIANT: total. An analyser that breaks, or a definition no one thought of, is delete-grade, not an error.
    return unknown('The definition or its arguments could not be read.');
  }
}

/** The worst case over all arguments: what lists and the dashboard show. */
export function classifyTool(input: Omit<ClassifyInput, 'arguments'>): Classification {
  return classify({ ...input, arguments: undefined }, {});
}

/** True when calls of this tool can differ in effect, so that a list should say "depends". */
export function argumentDecides(tool: ToolDefinition): boolean {
  const reading = readTool(tool, new Set());
  return reading.actions.length > 0 || reading.code.length > 0 || reading.flags.length > 0;
}

const findRule = ruleFinder(profiles);

function decide(input: ClassifyInput, analysers: Analysers): Classification {
  if (typeof input.tool.name !== 'string' || input.tool.name.length > MAX_NAME_CHARACTERS) {
    return unknown('The tool has no name that a person could read.');
  }
  const { reading, found, domain, action } = studied(input);
  if (input.pin) {
    return {
      effect: input.pin,
      basis: 'pin',
      confidence: 'high',
      domain,
      action,
      reasons: [`You set this tool to ${input.pin}.`],
    };
  }
  const judged = judgeArguments(reading, input, analysers);
  const code = judged.code.length === 0 ? {} : { code: judged.code };
  if (found) return { ...applyRule(found, input, judged, { domain, action }), ...code };
  const own = withAnnotations(reading, judged, input);
  return { ...own, domain: judged.domain ?? domain, action: judged.action ?? action, ...code };
}

/** What a definition says by itself, before any argument. */
type Study = {
  readonly serverId: string;
  readonly serverName: string | undefined;
  readonly reading: ToolReading;
  readonly found: ReturnType<typeof findRule>;
  readonly domain: Domain;
  readonly action: string | undefined;
};

/**
 * A definition is studied once, not per call: pinned definitions never change in place (MC-05), so this remembers what
 * would come out again.
 */
const studies = new WeakMap<ToolDefinition, Study>();

function studied(input: ClassifyInput): Study {
  const { serverId, serverName, tool } = input;
  const known = studies.get(tool);
  if (known !== undefined && known.serverId === serverId && known.serverName === serverName) return known;
  const serverWords = new Set(wordsOf(`${serverId} ${serverName ?? ''}`.slice(0, 200)));
  const reading = readTool(tool, serverWords);
  const found = findRule(input, tool);
  const domain = found?.rule.domain ?? found?.profile.domain ?? domainOf([...serverWords, ...reading.words]);
  const study = { serverId, serverName, reading, found, domain, action: found?.rule.action ?? reading.verb };
  studies.set(tool, study);
  return study;
}

function unknown(reason: string): Classification {
  const domain: Domain = 'other';
  return { effect: 'delete', basis: 'unknown', confidence: 'low', domain, uninterpreted: true, reasons: [reason] };
}

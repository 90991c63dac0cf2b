/**
 * What is true in the world right now, read with the bridge's own eyes (policy information point). Reads of an AI
 * client get no facts: nothing is decided by them and nobody is shown them. Whatever fails, takes too long or is not
 * understood is `unavailable` with its reason, and never a guess.
 */
import { isAbsolute } from 'node:path';
import { declaredArguments } from '../core/approval/declared-arguments.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Classification } from '../core/model/classification.ts';
import type { Attributes, Facts, GatheredFacts } from '../core/model/facts.ts';
import type { JsonObject, JsonValue } from '../core/model/json.ts';
import type { FactsPort, ServerFacts } from '../pipeline/ports.ts';
import { readFileCall } from './files/file-call.ts';
import { readFiles } from './files/read-files.ts';
import { readGitCall } from './git/git-call.ts';
import { type Reading, readGit } from './git/read-git.ts';
import { findGit, hardenedGit } from './git/run-git.ts';
import { readGraph, readKnowledge } from './read-knowledge.ts';
import { hostedRepository, isFileServer, isMemoryServer, seesOurFiles } from './server-place.ts';
import { Unreadable } from './unreadable.ts';

export type FactsOptions = {
  /** SHA-256 of UTF-8 text, lower-case hex. */
  readonly sha256: (text: string) => string;
  /** Absolute path of git; looked for on the PATH when not given. */
  readonly gitPath?: string | undefined;
  /** For one call, all in all. Default 4000. */
  readonly timeoutMs?: number | undefined;
  /**
   * The variables that the configuration gives a server: GIT_AUTHOR_* decide who the author is, HOME whose git
   * configuration counts, MEMORY_FILE_PATH where a knowledge graph is kept.
   */
  readonly environmentOf?: ((serverId: string) => { readonly [name: string]: string }) | undefined;
};

type Question = {
  readonly server: ServerFacts;
  readonly toolName: string;
  readonly toolArguments: JsonObject;
  readonly classification: Classification;
  readonly signal: AbortSignal;
};

export function createFactsPort(options: FactsOptions): FactsPort {
  const gitPath = options.gitPath ?? findGit();
  const environmentOf = options.environmentOf ?? (() => ({}));
  const nothing = new Map<string | undefined, GatheredFacts>();
  const nothingGathered = (environment: string | undefined): GatheredFacts => {
    const known = nothing.get(environment) ?? gathered(noFacts, environment, options.sha256);
    nothing.set(environment, known);
    return known;
  };
  return {
    async gather(tool, toolArguments, classification, signal) {
      const { server } = tool;
      if (classification.effect === 'read') return nothingGathered(server.environment);
      const { name: toolName, inputSchema } = tool.pinned.definition;
      // SECURITY(MC-13): what the server does not know of cannot say what it acts on.
      const declared = declaredArguments(toolArguments, inputSchema);
      const reading = await withinTime(signal, options.timeoutMs ?? 4000, (ownSignal) =>
        read({ server, toolName, toolArguments: declared, classification, signal: ownSignal }, gitPath, environmentOf),
      );
      try {
        return gathered(reading, server.environment, options.sha256);
      } catch {
        // Text that has no canonical form cannot be held against what is there later.
        return gathered(unavailable('They hold text that cannot be compared.'), server.environment, options.sha256);
      }
    },
  };
}

const noFacts: Reading = { facts: { kind: 'none' }, attributes: {} };

async function read(
  question: Question,
  gitPath: string | undefined,
  environmentOf: NonNullable<FactsOptions['environmentOf']>,
): Promise<Reading> {
  const { server, toolName, toolArguments, classification, signal } = question;
  const environment = environmentOf(server.serverId);
  if (classification.domain === 'version-control') {
    const hosted = hostedRepository(toolName, toolArguments);
    if (hosted !== undefined) return { facts: { kind: 'none' }, attributes: hosted };
    if (!seesOurFiles(server))
      throw new Unreadable('The git server does not see the files of this machine as they are.');
    if (gitPath === undefined) throw new Unreadable('git was not found on this machine.');
    const git = hardenedGit({ gitPath, serverEnvironment: gitEnvironment(environment), signal });
    return readGit(git, readGitCall(toolName, toolArguments, classification));
  }
  if (classification.domain === 'files') {
    const call = readFileCall(toolName, toolArguments, classification);
    if (call !== undefined && isFileServer(server)) return readFiles(call, server.roots, signal);
    const path = call?.paths[0];
    return { facts: { kind: 'none' }, attributes: path === undefined ? {} : { path } };
  }
  if (isMemoryServer(server)) {
    const graphPath = environment['MEMORY_FILE_PATH'];
    // A relative one counts from the server's own files, which only it knows.
    const graph = graphPath !== undefined && isAbsolute(graphPath) ? await readGraph(graphPath) : undefined;
    const facts = readKnowledge(toolName, toolArguments, graph);
    if (facts !== undefined) return { facts, attributes: {} };
  }
  return noFacts;
}

/** The author as @cyanheads/git-mcp-server takes it from its variables; other servers know only git's own. */
function gitEnvironment(environment: { readonly [name: string]: string }): { readonly [name: string]: string } {
  const first = (...names: readonly string[]) => names.map((name) => environment[name]).find(Boolean);
  const wanted = {
    HOME: environment['HOME'],
    GIT_AUTHOR_NAME: first('GIT_AUTHOR_NAME', 'GIT_USERNAME', 'GIT_USER'),
    GIT_AUTHOR_EMAIL: first('GIT_AUTHOR_EMAIL', 'GIT_EMAIL', 'GIT_USER_EMAIL'),
  };
  return Object.fromEntries(
    Object.entries(wanted).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** INVARIANT: settles by the deadline, and never rejects. */
async function withinTime(
  callerSignal: AbortSignal,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<Reading>,
): Promise<Reading> {
  const own = new AbortController();
  const abort = () => own.abort();
  const timer = setTimeout(abort, timeoutMs);
  callerSignal.addEventListener('abort', abort, { once: true });
  if (callerSignal.aborted) abort();
  const tooLate = new Promise<Reading>((resolve) => {
    own.signal.addEventListener('abort', () => resolve(unavailable('Reading them took too long.')), { once: true });
  });
  try {
    if (own.signal.aborted) return unavailable('The call was withdrawn.');
    return await Promise.race([work(own.signal).catch(explained), tooLate]);
  } finally {
    clearTimeout(timer);
    callerSignal.removeEventListener('abort', abort);
    own.abort(); // whatever still runs for this call has nobody to tell
  }
}

function explained(error: unknown): Reading {
  return unavailable(error instanceof Unreadable ? error.message : 'They could not be read.');
}

function unavailable(reason: string): Reading {
  return { facts: { kind: 'unavailable', reason } satisfies Facts, attributes: {} };
}

function gathered(
  { facts, attributes: read }: Reading,
  environment: string | undefined,
  sha256: FactsOptions['sha256'],
): GatheredFacts {
  const attributes: Attributes = environment === undefined ? read : { ...read, environment };
  const worldDigest = sha256(canonicalJson({ facts, attributes } as unknown as JsonValue));
  return { facts, attributes, worldDigest };
}

/**
 * What "for this session" would mean for a call, as an exact set: this AI client, this session, this tool in this
 * definition, and the attributes that name the target. Undefined where no such set is both exact and harmless enough:
 * deletions, production, what could not be interpreted or read, what leaves the machine to people, and free text that
 * runs (DG-24). The sentence says all of the set but its end, which whoever makes the grant adds.
 */
import { isProduction } from '../approval/confirmation.ts';
import type { Attributes, Facts } from '../model/facts.ts';
import type { GrantOffer } from '../model/grant.ts';
import type { Operation } from '../model/operation.ts';

export function offerSessionGrant(operation: Operation): GrantOffer | undefined {
  const { call, classification, gathered, environment } = operation;
  if (classification.effect !== 'write' || classification.uninterpreted || isProduction(environment)) return undefined;
  const covered = coveredBy(operation, gathered.facts);
  if (covered === undefined) return undefined;
  return {
    effect: 'write',
    constraints: {
      mcpClientId: call.caller.mcpClientId,
      mcpSessionId: call.caller.mcpSessionId,
      serverId: call.serverId,
      toolName: call.toolName,
      definitionHash: call.definitionHash,
      attributes: environment === undefined ? covered.attributes : { ...covered.attributes, environment },
    },
    sentence: `May ${covered.words} until this session ends`,
  };
}

type Covered = { readonly attributes: Attributes; readonly words: string };

function coveredBy(operation: Operation, facts: Facts): Covered | undefined {
  const { attributes } = operation.gathered;
  switch (facts.kind) {
    case 'git-commit':
      if (facts.amend || facts.skipsHooks || facts.remarks !== undefined) return undefined;
      return covering(attributes, ['repository', 'branch', 'amend', 'skipsHooks'], ({ branch }) => {
        return `commit to ${facts.repository.repositoryName} on ${branch}`;
      });
    case 'git-push':
      if (facts.force || facts.deletes || facts.remarks !== undefined) return undefined;
      return covering(attributes, ['repository', 'branch', 'remote', 'force', 'deletes'], ({ branch }) => {
        return `push ${facts.repository.repositoryName} to ${branch} on ${facts.remote.name}`;
      });
    case 'git-other':
      if (facts.remarks !== undefined) return undefined;
      return covering(attributes, ['repository', 'branch', 'action'], ({ branch, action }) => {
        return `run git ${action} in ${facts.repository.repositoryName} on ${branch}`;
      });
    case 'files':
      if (facts.action === 'delete' || facts.action === 'move' || facts.remarks !== undefined) return undefined;
      if (facts.targets.length !== 1 || facts.targets.some(isDelicate)) return undefined;
      return covering(attributes, ['folder'], ({ folder }) => {
        return facts.action === 'create-folder'
          ? `create folders directly in ${folder}`
          : `create and change files directly in ${folder}`;
      });
    case 'objects':
      if (facts.action === 'delete') return undefined;
      return { attributes: {}, words: `use ${operation.call.toolName} on ${operation.call.serverId}` };
    case 'none':
      return coveredByTool(operation);
    case 'unavailable':
      return undefined;
  }
}

/** A tool without facts: its repository and branch in version control; otherwise all calls of a well-known tool. */
function coveredByTool({ call, classification, gathered }: Operation): Covered | undefined {
  const { toolName, serverId } = call;
  const isKnown = classification.basis === 'pin' || classification.basis === 'profile';
  switch (classification.domain) {
    case 'version-control':
      return covering(gathered.attributes, ['repository', 'branch'], ({ repository, branch }) => {
        return `use ${toolName} in ${repository} on ${branch}`;
      });
    case 'knowledge':
    case 'other':
      return isKnown ? { attributes: {}, words: `use ${toolName} on ${serverId} with any arguments` } : undefined;
    default:
      return undefined;
  }
}

/** Undefined when one of the attributes is not known: an absent one would cover everything. */
function covering(
  attributes: Attributes,
  names: readonly string[],
  words: (covered: Attributes) => string,
): Covered | undefined {
  const covered: Record<string, string | number | boolean> = {};
  for (const name of names) {
    const value = attributes[name];
    if (value === undefined) return undefined;
    covered[name] = value;
  }
  return { attributes: covered, words: words(covered) };
}

function isDelicate({ path, outsideRoots }: { readonly path: string; readonly outsideRoots?: boolean | undefined }) {
  return outsideRoots === true || /(^|[\\/])\.git([\\/]|$)/i.test(path);
}

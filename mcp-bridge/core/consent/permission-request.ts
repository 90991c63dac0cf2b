/**
 * What an AI client asks to be permitted in advance, as RFC 9396 authorization details, turned into the exact grants
 * that a person may tick. A detail that names too little, or what is never granted, is refused with a sentence; nothing
 * is widened, guessed or merged.
 */
import { z } from 'zod';
import { isProduction } from '../approval/confirmation.ts';
import type { Classification } from '../model/classification.ts';
import type { Attributes } from '../model/facts.ts';
import type { GrantOffer } from '../model/grant.ts';
import type { Caller } from '../model/operation.ts';
import type { PinnedTool } from '../model/tool.ts';

export const detailType = 'countersign_tool_call';
export const mostDetails = 20;

/** RFC 9396 §2: `type` decides the shape of the rest. */
const detail = z.strictObject({
  type: z.literal(detailType),
  server: z.string().min(1).max(64),
  tool: z.string().min(1).max(200),
  repository: z.string().min(1).max(4_000).optional(),
  branch: z.string().min(1).max(500).optional(),
  folder: z.string().min(1).max(4_000).optional(),
});
export const permissionRequest = z.strictObject({
  authorization_details: z.array(detail).min(1).max(mostDetails),
  purpose: z.string().max(2_000).optional(),
});
export type PermissionDetail = z.infer<typeof detail>;

export type DetailTool = {
  readonly pinned: PinnedTool;
  /** The worst the tool can do, whatever its arguments. */
  readonly worst: Classification;
  readonly environment?: string | undefined;
};

export type DetailVerdict =
  | { readonly kind: 'offer'; readonly offer: GrantOffer }
  | { readonly kind: 'refused'; readonly reason: string };

export function offerFor(asked: PermissionDetail, tool: DetailTool | undefined, caller: Caller): DetailVerdict {
  const name = `${asked.tool} on ${asked.server}`;
  if (!tool) return refused(`${name}: there is no such reviewed tool.`);
  if (tool.worst.effect === 'read') return refused(`${name}: reading needs no further permission.`);
  if (isProduction(tool.environment)) return refused(`${name}: production is asked about each time.`);
  const target = targetOf(asked, tool.worst);
  if (typeof target === 'string') return refused(`${name}: ${target}`);
  return {
    kind: 'offer',
    offer: {
      effect: 'write',
      constraints: {
        mcpClientId: caller.mcpClientId,
        mcpSessionId: caller.mcpSessionId,
        serverId: asked.server,
        toolName: asked.tool,
        definitionHash: tool.pinned.definitionHash,
        attributes:
          tool.environment === undefined ? target.attributes : { ...target.attributes, environment: tool.environment },
      },
      sentence: `May use ${asked.tool} on ${asked.server} ${target.words} until this session ends`,
    },
  };
}

type Target = { readonly attributes: Attributes; readonly words: string };

/** A sentence instead of a target: why this cannot be granted as it was asked for. */
function targetOf(
  { repository, branch, folder }: PermissionDetail,
  { domain, action, effect, basis }: Classification,
): Target | string {
  switch (domain) {
    case 'version-control':
      if (effect === 'delete' && action !== 'push') return 'it can delete, and deletions are asked about each time.';
      if (repository === undefined || branch === undefined) return 'name the repository and the branch.';
      return { attributes: { repository, branch, ...harmless(action) }, words: `in ${repository} on ${branch}` };
    case 'files':
      if (effect === 'delete') return 'it can delete, and deletions are asked about each time.';
      return folder === undefined ? 'name the folder.' : { attributes: { folder }, words: `directly in ${folder}` };
    case 'knowledge':
    case 'other':
      if (effect === 'delete') return 'it can delete, and deletions are asked about each time.';
      return basis === 'pin' || basis === 'profile'
        ? { attributes: {}, words: 'with any arguments' }
        : 'it is not well enough known; it is asked about each time.';
    default:
      return 'calls of this kind are asked about each time.';
  }
}

/** What makes a commit or a push more than ordinary is never part of a standing permission. */
function harmless(action: string | undefined): Attributes {
  if (action === 'commit') return { amend: false, skipsHooks: false };
  if (action === 'push') return { force: false, deletes: false };
  return {};
}

function refused(reason: string): DetailVerdict {
  return { kind: 'refused', reason };
}

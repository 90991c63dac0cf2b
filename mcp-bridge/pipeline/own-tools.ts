/**
 * The bridge's own two tools, which tell an AI how permission works here: what is granted now and what would be asked,
 * and a way to ask for a batch of permissions in one window instead of one by one. Neither touches an upstream.
 */

import type { PermissionOffer } from '../core/approval/approval-request.ts';
import { plainText } from '../core/approval/plain-text.ts';
import { permissionsView } from '../core/approval/views/permissions-view.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import {
  type DetailTool,
  detailType,
  mostDetails,
  offerFor,
  type PermissionDetail,
  permissionRequest,
} from '../core/consent/permission-request.ts';
import type { JsonObject } from '../core/model/json.ts';
import { refusal } from './answers.ts';
import type { ApprovalDesk } from './approval-desk.ts';
import type { InboundAnswer, InboundRequest, PipelinePorts } from './ports.ts';
import { keepCallerInformed } from './waiting-progress.ts';

/** Upstream servers cannot have this id, so these names cannot be taken (MC-07). */
export const ownServerId = 'countersign';

export const ownTools: readonly JsonObject[] = [
  {
    name: `${ownServerId}__permissions`,
    title: 'What Countersign permits now',
    description:
      'Lists what this AI client may do without asking, what would be asked, and what is refused now. Changes nothing.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  {
    name: `${ownServerId}__request_permissions`,
    title: 'Ask for permissions',
    description:
      'Asks the person, in one window, for permission to use several write tools until this session ends. The person ticks what they agree to. Deletions and production cannot be asked for: they are approved one by one.',
    inputSchema: {
      type: 'object',
      properties: {
        authorization_details: {
          type: 'array',
          minItems: 1,
          maxItems: mostDetails,
          items: {
            type: 'object',
            properties: {
              type: { const: detailType },
              server: { type: 'string', description: 'The server, as in SERVER__TOOL.' },
              tool: { type: 'string', description: 'The tool, as in SERVER__TOOL.' },
              repository: { type: 'string', description: 'For version control: absolute path of the repository.' },
              branch: { type: 'string', description: 'For version control: the branch.' },
              folder: { type: 'string', description: 'For files: absolute path of the folder.' },
            },
            required: ['type', 'server', 'tool'],
            additionalProperties: false,
          },
        },
        purpose: { type: 'string', description: 'One sentence for the person: what this is for.' },
      },
      required: ['authorization_details'],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
  },
];

export function callOwnTool(
  toolName: string,
  inbound: InboundRequest,
  ports: PipelinePorts,
  desk: ApprovalDesk,
): Promise<InboundAnswer> | InboundAnswer | undefined {
  if (toolName === 'permissions') return describePermissions(inbound, ports);
  if (toolName === 'request_permissions') return requestPermissions(inbound, ports, desk);
  return undefined;
}

function describePermissions({ caller }: InboundRequest, { authority }: PipelinePorts): InboundAnswer {
  const { grants, guardrails, stopped } = authority.snapshot();
  const own = grants.filter(
    ({ constraints }) =>
      constraints.mcpClientId === caller.mcpClientId &&
      (constraints.mcpSessionId === undefined || constraints.mcpSessionId === caller.mcpSessionId),
  );
  const permitted = own.map(({ sentence }) => sentence);
  const refused = [
    ...(stopped === undefined ? [] : [stopped.reason]),
    ...guardrails
      .filter(({ enabled }) => enabled)
      .map(({ name }) => `The code freeze "${name}" refuses changes of code.`),
  ];
  const asked = [
    'Every other write asks the person first.',
    'Every deletion asks the person each time; no permission covers one.',
  ];
  const lines = [...permitted, ...asked, ...refused];
  return {
    kind: 'result',
    result: { content: [{ type: 'text', text: lines.join('\n') }], structuredContent: { permitted, asked, refused } },
  };
}

async function requestPermissions(
  inbound: InboundRequest,
  ports: PipelinePorts,
  desk: ApprovalDesk,
): Promise<InboundAnswer> {
  const parsed = permissionRequest.safeParse(inbound.params['arguments']);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refusal(`The request does not fit: ${issue?.path.join('.')}: ${issue?.message}.`);
  }
  const { authority } = ports;
  const { stopped } = authority.snapshot();
  if (stopped) return refusal(stopped.reason);
  const { offers, problems } = offersFor(parsed.data.authorization_details, inbound, ports);
  if (offers.length === 0) return refusal(`Nothing of this can be granted in advance. ${problems.join(' ')}`);

  const { caller } = inbound;
  const canonicalArguments = canonicalJson(parsed.data as unknown as JsonObject);
  const view = permissionsView(offers, parsed.data.purpose);
  const informed = keepCallerInformed(inbound, ports.clock);
  const answer = await desk
    .ask(
      {
        callDigest: ports.sha256(
          canonicalJson([caller.mcpClientId, caller.mcpSessionId, 'request_permissions', canonicalArguments]),
        ),
        caller,
        serverId: ownServerId,
        toolName: 'request_permissions',
        canonicalArguments,
        view,
        permissionOffers: offers,
        similarityKey: JSON.stringify([caller.mcpClientId, ownServerId, 'request_permissions']),
        headline: plainText(view.headline),
      },
      { signal: inbound.signal, patienceMs: inbound.patienceMs },
    )
    .finally(informed.stop);
  if (answer.kind === 'pending') return refusal('The person has not answered yet. Ask again with the same arguments.');
  if (answer.kind !== 'approved') return refusal(`Not granted. ${answer.reason}`);
  const granted = authority.snapshot().grants.filter(({ approvalId }) => approvalId === answer.approvalId);
  const sentences = granted.map(({ sentence }) => sentence);
  const text = [`Granted: ${sentences.length} of ${offers.length}.`, ...sentences, ...problems].join('\n');
  return {
    kind: 'result',
    result: { content: [{ type: 'text', text }], structuredContent: { granted: sentences, refused: problems } },
  };
}

function offersFor(details: readonly PermissionDetail[], inbound: InboundRequest, ports: PipelinePorts) {
  const offers: PermissionOffer[] = [];
  const problems: string[] = [];
  for (const asked of details) {
    const verdict = offerFor(asked, toolOf(asked, ports), inbound.caller);
    if (verdict.kind === 'offer') offers.push({ choiceId: `choice-${offers.length + 1}`, offer: verdict.offer });
    else problems.push(verdict.reason);
  }
  return { offers, problems };
}

function toolOf({ server, tool }: PermissionDetail, { catalogue, classifier }: PipelinePorts): DetailTool | undefined {
  const resolved = catalogue.resolve(server, tool);
  if (resolved?.review !== 'reviewed') return undefined;
  return { pinned: resolved.pinned, worst: classifier.worstCase(resolved), environment: resolved.server.environment };
}

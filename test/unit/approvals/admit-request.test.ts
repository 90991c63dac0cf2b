import { expect, test } from 'vitest';
import { type Admission, admitRequest, type KnownParties } from '../../../main/approvals/admit-request.ts';
import type { ApprovalRequest, PermissionOffer } from '../../../mcp-bridge/core/approval/approval-request.ts';
import type { EffectView } from '../../../mcp-bridge/core/model/effect-view.ts';
import type { GrantConstraints } from '../../../mcp-bridge/core/model/grant.ts';
import { approvalRequest, deletionView } from '../../support/approvals.ts';
import { nowMs, sessionGrant } from '../../support/operations.ts';

const known: KnownParties = {
  mcpClients: [
    { mcpClientId: 'ai', name: 'AI' },
    { mcpClientId: 'other', name: 'Other', serverIds: ['lab'] },
  ],
  environments: new Map([
    ['git', undefined],
    ['shop', 'production'],
    ['lab', 'test'],
  ]),
};
const { caller } = approvalRequest();
const grant = (constraints: Partial<GrantConstraints> = {}) => ({
  effect: 'write' as const,
  constraints: { ...sessionGrant().constraints, ...constraints },
  sentence: 'May commit',
});
const offer = (choiceId: string, constraints: Partial<GrantConstraints> = {}): PermissionOffer => ({
  choiceId,
  offer: grant(constraints),
});
const choices = (...ids: readonly string[]): Partial<EffectView> => ({
  sections: [
    { kind: 'choices', title: 'Permissions', choices: ids.map((choiceId) => ({ choiceId, sentence: 'May commit' })) },
  ],
});
const own = { serverId: 'countersign', toolName: 'request_permissions' } as const;
const hold = { kind: 'hold', holdMs: 1500 } as const;
const shop = { serverId: 'shop', toolName: 'refund' } as const;
const live = { environment: 'production', confirmation: hold } as const;

type Row = readonly [name: string, request: Partial<ApprovalRequest>, view: Partial<EffectView>];

test.each<Row>([
  ['a write', {}, {}],
  ['a deletion with its second gesture', {}, deletionView],
  ['a write with a session grant for exactly its tool', { sessionGrant: grant() }, {}],
  ['a write in production with its second gesture', shop, live],
  ['a write in a named environment', { serverId: 'lab' }, { environment: 'test' }],
  ['permissions to tick', { ...own, permissionOffers: [offer('c1'), offer('c2')] }, choices('c1', 'c2')],
])('%s is shown', (_name, request, view) => {
  const asked = approvalRequest(request, view);
  expect(admitRequest(asked, known, nowMs)).toEqual({ admitted: true, request: asked });
});

test.each<readonly [...Row, RegExp]>([
  ['an AI client that nobody paired', { caller: { ...caller, mcpClientId: 'ghost' } }, {}, /AI client/],
  ['the name of another AI client (MC-08)', { caller: { ...caller, mcpClientName: 'Other' } }, {}, /AI client/],
  ['a server that is not there', { serverId: 'ghost' }, {}, /server/],
  [
    'a server that this AI client is not offered',
    { caller: { ...caller, mcpClientId: 'other', mcpClientName: 'Other' } },
    {},
    /server/,
  ],
  ['a read', {}, { effect: 'read' }, /Reading/],
  ['a deletion without a second gesture', {}, { ...deletionView, confirmation: { kind: 'none' } }, /gesture/],
  ['what cannot be undone without a second gesture', {}, { irreversible: true }, /gesture/],
  ['production without a second gesture', shop, { environment: 'production' }, /gesture/],
  ['production under another name (DG-23)', shop, { environment: 'test', confirmation: hold }, /environment/],
  ['production without its name (DG-23)', shop, { confirmation: hold }, /environment/],
  ['a deletion with a session grant (DG-24)', { sessionGrant: grant() }, deletionView, /permission/],
  [
    'a session grant in production (DG-24)',
    { ...shop, sessionGrant: grant({ serverId: 'shop', toolName: 'refund' }) },
    live,
    /permission/,
  ],
  ['a session grant for another AI client', { sessionGrant: grant({ mcpClientId: 'other' }) }, {}, /permission/],
  ['a session grant for another session', { sessionGrant: grant({ mcpSessionId: 's2' }) }, {}, /permission/],
  ['a session grant for no session', { sessionGrant: grant({ mcpSessionId: undefined }) }, {}, /permission/],
  ['a session grant for another server', { sessionGrant: grant({ serverId: 'lab' }) }, {}, /permission/],
  ['a session grant for another tool', { sessionGrant: grant({ toolName: 'git_push' }) }, {}, /permission/],
  ['permissions beside a call', { permissionOffers: [offer('c1')] }, choices('c1'), /server/],
  [
    'permissions for another AI client',
    { ...own, permissionOffers: [offer('c1', { mcpClientId: 'other' })] },
    choices('c1'),
    /permission/,
  ],
  [
    'permissions in production',
    { ...own, permissionOffers: [offer('c1', { serverId: 'shop' })] },
    choices('c1'),
    /permission/,
  ],
  [
    'a permission that is not on screen',
    { ...own, permissionOffers: [offer('c1'), offer('c2')] },
    choices('c1'),
    /ticked/,
  ],
  [
    'two permissions of one name',
    { ...own, permissionOffers: [offer('c1'), offer('c1')] },
    choices('c1', 'c1'),
    /ticked/,
  ],
  ['no permission at all', { ...own, permissionOffers: [] }, {}, /ticked/],
  ['choices of a call', {}, choices('c1'), /ticked/],
  [
    'a permission under another sentence',
    { ...own, permissionOffers: [{ choiceId: 'c1', offer: { ...grant(), sentence: 'May do anything' } }] },
    choices('c1'),
    /ticked/,
  ],
  ['more than anybody reads (EL-22)', { canonicalArguments: 'x'.repeat(33 * 1024 * 1024) }, {}, /large/],
])('a request that claims %s is not shown', (_name, request, view, reason) => {
  const admission: Admission = admitRequest(approvalRequest(request, view), known, nowMs);
  expect(admission).toEqual({ admitted: false, reason: expect.stringMatching(reason) });
});

test.each<[string, Partial<ApprovalRequest>, number]>([
  ['the time the bridge gives, by main’s own clock', {}, 300_000],
  ['five minutes at the most', { expiresAt: '2999-01-01T00:00:00.000Z' }, 300_000],
  ['no time at all when it is over already', { expiresAt: '1999-01-01T00:00:00.000Z' }, 0],
])('MC-28: a request has %s', (_name, request, leftMs) => {
  const laterMs = nowMs + 86_400_000;
  expect(admitRequest(approvalRequest(request), known, laterMs)).toMatchObject({
    request: { askedAt: new Date(laterMs).toISOString(), expiresAt: new Date(laterMs + leftMs).toISOString() },
  });
});

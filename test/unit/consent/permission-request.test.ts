import { expect, test } from 'vitest';
import {
  type DetailTool,
  offerFor,
  type PermissionDetail,
  permissionRequest,
} from '../../../mcp-bridge/core/consent/permission-request.ts';
import type { Classification } from '../../../mcp-bridge/core/model/classification.ts';
import { operation } from '../../support/operations.ts';

const { caller } = operation().call;
const tool = (worst: Partial<Classification>, environment?: string): DetailTool => ({
  pinned: { serverId: 'git', definition: { name: 'git_commit', inputSchema: {} }, definitionHash: 'd1' },
  worst: {
    effect: 'write',
    basis: 'profile',
    confidence: 'high',
    domain: 'version-control',
    action: 'commit',
    reasons: [],
    ...worst,
  },
  environment,
});
const asked = (more: Partial<PermissionDetail> = {}): PermissionDetail => ({
  type: 'countersign_tool_call',
  server: 'git',
  tool: 'git_commit',
  ...more,
});
const place = { repository: '/src/shop-api', branch: 'main' };

test('a commit is offered for exactly one repository and branch, and never for amending or skipping hooks', () => {
  expect(offerFor(asked(place), tool({}), caller)).toEqual({
    kind: 'offer',
    offer: {
      effect: 'write',
      constraints: {
        mcpClientId: 'ai',
        mcpSessionId: 's1',
        serverId: 'git',
        toolName: 'git_commit',
        definitionHash: 'd1',
        attributes: { ...place, amend: false, skipsHooks: false },
      },
      sentence: 'May use git_commit on git in /src/shop-api on main until this session ends',
    },
  });
});

test('a push is offered without force and without deleting, although the tool could do both', () => {
  const verdict = offerFor(asked(place), tool({ effect: 'delete', action: 'push' }), caller);
  expect(verdict).toMatchObject({
    kind: 'offer',
    offer: { constraints: { attributes: { force: false, deletes: false } } },
  });
});

test.each<[string, Partial<PermissionDetail>, DetailTool | undefined, RegExp]>([
  ['a tool that is not there', place, undefined, /no such reviewed tool/],
  ['reading', place, tool({ effect: 'read' }), /no further permission/],
  ['production', place, tool({}, 'production'), /each time/],
  ['a commit to anywhere', {}, tool({}), /name the repository and the branch/],
  ['a commit to any branch', { repository: '/src/shop-api' }, tool({}), /name the repository and the branch/],
  ['a reset, which can destroy', place, tool({ effect: 'delete', action: 'reset' }), /deletions/],
  ['files anywhere', {}, tool({ domain: 'files', action: undefined }), /name the folder/],
  ['deleting files', { folder: '/srv' }, tool({ domain: 'files', effect: 'delete' }), /deletions/],
  ['running SQL', {}, tool({ domain: 'database' }), /each time/],
  ['running commands', {}, tool({ domain: 'shell' }), /each time/],
  ['sending messages', {}, tool({ domain: 'message' }), /each time/],
  ['a tool nobody knows well', {}, tool({ domain: 'other', basis: 'names' }), /not well enough known/],
])('%s is not offered, and the reason says why', (_name, more, found, reason) => {
  expect(offerFor(asked(more), found, caller)).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) });
});

test.each([
  ['no details', { authorization_details: [] }],
  ['too many details', { authorization_details: Array.from({ length: 21 }, () => asked()) }],
  ['a type of somebody else', { authorization_details: [{ ...asked(), type: 'payment' }] }],
  ['a member nobody asked for', { authorization_details: [{ ...asked(), effect: 'delete' }] }],
  ['an expiry of their own', { authorization_details: [asked()], expires: 'never' }],
])('%s is refused as a whole', (_name, request) => {
  expect(permissionRequest.safeParse(request).success).toBe(false);
});

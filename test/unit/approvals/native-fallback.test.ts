import { expect, test, vi } from 'vitest';
import { nativeFallback, whyNotNatively } from '../../../main/approvals/native-fallback.ts';
import type { ApprovalRequest } from '../../../mcp-bridge/core/approval/approval-request.ts';
import type { EffectView } from '../../../mcp-bridge/core/model/effect-view.ts';
import { approvalRequest, deletionView } from '../../support/approvals.ts';

const box = vi.hoisted(() => ({ shown: [] as { buttons: string[]; detail: string }[], response: 1 }));
vi.mock('electron', () => ({
  dialog: {
    showMessageBox: async (options: { buttons: string[]; detail: string }) => {
      box.shown.push(options);
      return { response: box.response };
    },
  },
}));

const ask = (request: Partial<ApprovalRequest> = {}, view: Partial<EffectView> = {}) =>
  nativeFallback(() => undefined)(approvalRequest(request, view), new AbortController().signal);

test('an ordinary write can be approved in a message box, with Deny first', async () => {
  expect(await ask()).toBe('approve-once');
  expect(box.shown.at(-1)?.buttons).toEqual(['Deny', 'Approve once']);
});

test.each<[string, Partial<ApprovalRequest>, Partial<EffectView>]>([
  ['a deletion', {}, deletionView],
  ['a deletion whose view asks for no gesture (I8)', {}, { ...deletionView, confirmation: { kind: 'none' } }],
  ['what cannot be undone', {}, { irreversible: true }],
  ['what must be held', {}, { confirmation: { kind: 'hold', holdMs: 1500 } }],
  ['a choice of permissions', { permissionOffers: [] }, {}],
  ['what does not fit on a screen (DG-06)', { canonicalArguments: `{"a":"${'ok; '.repeat(1_000)}rm -rf"}` }, {}],
  ['what hides behind invisible letters', { canonicalArguments: `{"a":"${'\u200b'.repeat(400)}"}` }, {}],
])('%s can only be denied in a message box, whatever is pressed', async (_name, request, view) => {
  expect(await ask(request, view)).toBe('deny');
  expect(box.shown.at(-1)?.buttons).toEqual(['Deny']);
  expect(whyNotNatively(approvalRequest(request, view))).toBeDefined();
});

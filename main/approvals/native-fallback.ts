import { type BrowserWindow, dialog } from 'electron';
import type { ApprovalRequest } from '../../mcp-bridge/core/approval/approval-request.ts';
import { plainText } from '../../mcp-bridge/core/approval/plain-text.ts';
import { visibleText } from '../../mcp-bridge/core/display/show-invisible.ts';

/** More than this may not fit on a screen, and a message box does not scroll. */
const mostShown = 1_500;

/**
 * Why a message box may not approve it: it has no second gesture (DESIGN 7.4), nothing to tick, and no way to see that
 * everything was seen (7.6). Undefined when it may.
 */
export function whyNotNatively({ view, permissionOffers, canonicalArguments }: ApprovalRequest): string | undefined {
  if (view.effect !== 'write' || view.irreversible || view.confirmation.kind !== 'none') {
    return 'this needs more than a press of a button';
  }
  if (permissionOffers) return 'there are permissions to choose from';
  const shown = [plainText(view.headline), view.consequence, ...view.warnings, canonicalArguments].join('');
  return visibleText(shown).length > mostShown ? 'it is too long to be seen whole in a message' : undefined;
}

/** Asks in a native message box when the approval window cannot paint. Deny first, and the default. */
export function nativeFallback(parent: () => BrowserWindow | undefined) {
  return async (request: ApprovalRequest, signal: AbortSignal): Promise<'approve-once' | 'deny'> => {
    const { view, caller } = request;
    const why = whyNotNatively(request);
    const options = {
      type: 'warning' as const,
      title: 'Countersign',
      message: `${caller.mcpClientName}: ${visibleText(plainText(view.headline))}`,
      detail: [
        view.consequence,
        ...view.warnings.map((warning) => visibleText(warning)),
        `Server ${request.serverId}, tool ${request.toolName}`,
        visibleText(request.canonicalArguments).slice(0, mostShown),
        why === undefined
          ? 'The approval window could not be drawn, so it is asked here.'
          : `The approval window could not be drawn, and ${why}. It can only be denied here; let the AI client ask again.`,
      ].join('\n\n'),
      buttons: why === undefined ? ['Deny', 'Approve once'] : ['Deny'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
      signal,
    };
    const window = parent();
    const { response } = window ? await dialog.showMessageBox(window, options) : await dialog.showMessageBox(options);
    return response === 1 && why === undefined && !signal.aborted ? 'approve-once' : 'deny';
  };
}

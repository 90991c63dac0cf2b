import { type BrowserWindow, dialog } from 'electron';
import type { ApprovalRequest } from '../../mcp-bridge/core/approval/approval-request.ts';
import { plainText } from '../../mcp-bridge/core/approval/plain-text.ts';
import { visibleText } from '../../mcp-bridge/core/display/show-invisible.ts';

/**
 * Asks in a native message box when the approval window cannot paint. Deny first, and the default; a deletion cannot be
 * approved here, because a message box has no second gesture (DESIGN 7.4).
 */
export function nativeFallback(parent: () => BrowserWindow | undefined) {
  return async (request: ApprovalRequest, signal: AbortSignal): Promise<'approve-once' | 'deny'> => {
    const { view, caller } = request;
    const needsSecondGesture = view.confirmation.kind !== 'none';
    const options = {
      type: 'warning' as const,
      title: 'Countersign',
      message: `${caller.mcpClientName}: ${visibleText(plainText(view.headline))}`,
      detail: [
        view.consequence,
        ...view.warnings,
        `Server ${request.serverId}, tool ${request.toolName}`,
        visibleText(request.canonicalArguments),
        needsSecondGesture
          ? 'The approval window could not be drawn, and this needs more than a press of a button. Restart Countersign to approve it.'
          : 'The approval window could not be drawn, so it is asked here.',
      ].join('\n\n'),
      buttons: needsSecondGesture ? ['Deny'] : ['Deny', 'Approve once'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
      signal,
    };
    const window = parent();
    const { response } = window ? await dialog.showMessageBox(window, options) : await dialog.showMessageBox(options);
    return response === 1 && !needsSecondGesture && !signal.aborted ? 'approve-once' : 'deny';
  };
}

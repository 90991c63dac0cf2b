/** Every AI client that can be connected from the command line. */
import type { AiClient } from './ai-client.ts';
import { claudeCode } from './clients/claude-code.ts';
import { claudeDesktop } from './clients/claude-desktop.ts';
import { codex } from './clients/codex.ts';
import { continueDev } from './clients/continue.ts';
import { copilot } from './clients/copilot.ts';
import { cursor } from './clients/cursor.ts';
import { gemini } from './clients/gemini.ts';
import { opencode } from './clients/opencode.ts';
import { qwen } from './clients/qwen.ts';
import { vscode } from './clients/vscode.ts';

export const aiClients: readonly AiClient[] = [
  claudeCode,
  codex,
  gemini,
  qwen,
  opencode,
  copilot,
  continueDev,
  vscode,
  cursor,
  claudeDesktop,
];

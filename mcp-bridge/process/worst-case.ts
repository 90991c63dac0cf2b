import { classifyTool } from '../core/classify/classify.ts';
import type { Classification } from '../core/model/classification.ts';
import type { Effect } from '../core/model/effect.ts';
import type { ToolDefinition } from '../core/model/tool.ts';
import type { ServerFacts } from '../pipeline/ports.ts';

const remembered = new Map<string, Classification>();
const mostRemembered = 5_000;

/** The worst a tool can do, once per definition: lists and the dashboard ask for it again and again. */
export function worstCase(
  server: ServerFacts,
  definition: ToolDefinition,
  definitionHash: string,
  pin?: Effect,
): Classification {
  const key = `${definitionHash} ${server.trusted} ${server.dialect ?? ''} ${pin ?? ''}`;
  const known = remembered.get(key);
  if (known) return known;
  const classification = classifyTool({
    serverId: server.serverId,
    serverName: server.profileName,
    tool: definition,
    trusted: server.trusted,
    dialect: server.dialect,
    pin,
  });
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(key, classification);
  return classification;
}

/** The scripted AI clients: one of the era most speak today over HTTP, one of the current era over the stdio shim. */
import { Client as StatelessClient } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Report } from './report.ts';

export type ToolAnswer = { readonly isError: boolean; readonly text: string };

export type AiClient = {
  listTools(): Promise<readonly string[]>;
  call(step: number, tool: string, toolArguments: Record<string, unknown>, signal?: AbortSignal): Promise<ToolAnswer>;
  close(): Promise<void>;
};

type RawResult = { readonly isError?: unknown; readonly content?: unknown };

function recorded(report: Report, step: number, tool: string, result: RawResult): ToolAnswer {
  const parts = Array.isArray(result.content)
    ? (result.content as readonly { readonly type?: string; readonly text?: string }[])
    : [];
  const text = parts.flatMap((part) => (part.type === 'text' && part.text !== undefined ? [part.text] : [])).join('\n');
  const answer = { isError: result.isError === true, text };
  report.calls.push({ step, tool, isError: answer.isError, text: text.slice(0, 2_000) });
  return answer;
}

export async function connectOverHttp(report: Report, url: string, key: string): Promise<AiClient> {
  const mcpClient = new Client({ name: 'walkthrough', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { Authorization: `Bearer ${key}` } },
  });
  // The transport's optional members are typed without exactOptionalPropertyTypes.
  await mcpClient.connect(transport as Parameters<typeof mcpClient.connect>[0]);
  return {
    listTools: async () => (await mcpClient.listTools()).tools.map((tool) => tool.name),
    async call(step, tool, toolArguments, signal) {
      const options = { timeout: 120_000, ...(signal === undefined ? {} : { signal }), onprogress: () => {} };
      const result = await mcpClient.callTool({ name: tool, arguments: toolArguments }, undefined, options);
      return recorded(report, step, tool, result as RawResult);
    },
    close: () => mcpClient.close(),
  };
}

export async function connectOverShim(report: Report, command: string, args: readonly string[]): Promise<AiClient> {
  const mcpClient = new StatelessClient(
    { name: 'walkthrough-shim', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await mcpClient.connect(new StdioClientTransport({ command, args: [...args], stderr: 'pipe' }));
  return {
    listTools: async () => (await mcpClient.listTools()).tools.map((tool) => tool.name),
    async call(step, tool, toolArguments) {
      return recorded(
        report,
        step,
        tool,
        (await mcpClient.callTool({ name: tool, arguments: toolArguments })) as RawResult,
      );
    },
    close: () => mcpClient.close(),
  };
}

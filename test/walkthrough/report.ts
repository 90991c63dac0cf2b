/** What the walkthrough leaves behind: one line per step on the screen, and `walkthrough/report.json`. */
import fs from 'node:fs';
import path from 'node:path';

export type StepReport = { readonly id: number; readonly title: string; readonly ok: boolean; readonly detail: string };

export type Report = {
  readonly steps: StepReport[];
  ledger: string | undefined;
  readonly calls: { readonly step: number; readonly tool: string; readonly isError: boolean; readonly text: string }[];
  readonly approvals: { readonly step: number; readonly headline: string; readonly answer: string }[];
  readonly screenshots: string[];
  versions: Readonly<Record<string, string>>;
  runtime: string;
};

export const emptyReport = (): Report => ({
  steps: [],
  ledger: undefined,
  calls: [],
  approvals: [],
  screenshots: [],
  versions: {},
  runtime: 'unknown',
});

/** Runs one step: prints ✓ or ✗ with what was seen, and goes on either way. */
export async function runStep(report: Report, id: number, title: string, act: () => Promise<string>): Promise<void> {
  const step = await act().then(
    (detail) => ({ id, title, ok: true, detail }),
    (error: unknown) => ({ id, title, ok: false, detail: error instanceof Error ? error.message : String(error) }),
  );
  report.steps.push(step);
  console.log(`${step.ok ? '✓' : '✗'} ${id}. ${title}: ${step.detail}`);
}

export function writeReport(folder: string, report: Report): void {
  fs.writeFileSync(path.join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
}

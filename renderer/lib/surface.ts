/** The one door to main: `window.countersign`, put there by the preload of this window. */
import type { Failure, Reply } from '../../main/ipc/channel.ts';
import type { ApprovalApi, DashboardApi } from '../../main/ipc/surface-api.ts';

type WithApi = { readonly countersign?: unknown };

export function dashboardApi(): DashboardApi {
  return exposed() as DashboardApi;
}

export function approvalApi(): ApprovalApi {
  return exposed() as ApprovalApi;
}

function exposed(): unknown {
  const api = (globalThis as WithApi).countersign;
  if (api === undefined) throw new Error('The preload did not run: window.countersign is missing.');
  return api;
}

export type { Failure, Reply };

import { createContext, useContext } from 'react';
import type { DashboardState } from '../../main/ipc/dashboard-state.ts';
import type { PageName } from './navigation.tsx';

type Dashboard = {
  readonly state: DashboardState;
  readonly nowMs: number;
  readonly go: (page: PageName) => void;
};

export const DashboardContext = createContext<Dashboard | undefined>(undefined);

export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext);
  if (dashboard === undefined) throw new Error('No dashboard state around this part.');
  return dashboard;
}

/** The name of an AI client, or its id once it was removed. */
export function mcpClientName(state: DashboardState, mcpClientId: string): string {
  return state.mcpClients.find((candidate) => candidate.mcpClientId === mcpClientId)?.name ?? mcpClientId;
}

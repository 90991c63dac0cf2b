import type { DashboardState } from '../../main/ipc/dashboard-state.ts';
import { grouped } from '../lib/numbers.ts';
import { Logo } from '../ui/badge.tsx';
import { useDashboard } from './dashboard-context.ts';

export type PageName = 'home' | 'permissions' | 'activity' | 'servers' | 'mcp-clients' | 'identity' | 'guardrails';

type Item = {
  readonly page: PageName;
  readonly label: string;
  readonly count?: (state: DashboardState) => number;
  readonly counted?: string;
};

const ITEMS: readonly Item[] = [
  { page: 'home', label: 'Home', count: (state) => state.pending.length, counted: 'waiting' },
  { page: 'permissions', label: 'Permissions', count: (state) => state.grants.length, counted: 'in force' },
  { page: 'activity', label: 'Activity' },
  { page: 'servers', label: 'Servers', count: (state) => toReview(state) + toSignInTo(state), counted: 'to look at' },
  { page: 'mcp-clients', label: 'AI clients' },
  { page: 'identity', label: 'Identity' },
  { page: 'guardrails', label: 'Guardrails' },
];

export function toReview(state: DashboardState): number {
  return state.servers
    .flatMap((each) => each.tools)
    .filter((tool) => tool.review === 'new' || tool.review === 'changed').length;
}

function toSignInTo(state: DashboardState): number {
  return state.servers.filter(
    ({ signIn }) => signIn?.status === 'needed' || (signIn?.status === 'signed-in' && signIn.more !== undefined),
  ).length;
}

export function Navigation({ page }: { readonly page: PageName }) {
  const { state, go } = useDashboard();
  return (
    <nav className="navigation" aria-label="Pages">
      <p className="navigation-name">
        <Logo /> Countersign
      </p>
      <ul>
        {ITEMS.map((item) => {
          const count = item.count?.(state) ?? 0;
          return (
            <li key={item.page}>
              <button
                type="button"
                aria-current={item.page === page ? 'page' : undefined}
                onClick={() => go(item.page)}
              >
                {item.label}
                {count === 0 ? null : (
                  <span className="navigation-count">
                    {grouped(count)}
                    <span className="visually-hidden"> {item.counted}</span>
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ul>
      <p className="navigation-version">Version {state.version}</p>
    </nav>
  );
}

import type { DashboardState } from '../../../main/ipc/dashboard-state.ts';

export type Server = DashboardState['servers'][number];

const WORDS = {
  starting: { word: 'Starting', tone: 'waiting' },
  ready: { word: 'Ready', tone: 'good' },
  restarting: { word: 'Restarting', tone: 'waiting' },
  'sign-in-needed': { word: 'Sign-in needed', tone: 'waiting' },
  failed: { word: 'Failed', tone: 'bad' },
} as const satisfies Record<Server['state'], { word: string; tone: string }>;

const SIGNING_IN = { word: 'Signing in', tone: 'waiting' };

export function ServerState({ server }: { readonly server: Server }) {
  const { word, tone } = server.signIn?.status === 'signing-in' ? SIGNING_IN : WORDS[server.state];
  return <span className={`state-word tone-${tone}`}>{word}</span>;
}

import { randomInt } from 'node:crypto';
import type { Settings } from '../authority/settings-store.ts';

const defaultPort = 47_100;

/** What a first start begins with. `COUNTERSIGN_BRIDGE_PORT` moves the bridge, for trying out beside a real one. */
export function initialSettings(environment: NodeJS.ProcessEnv): Settings {
  const asked = Number(environment['COUNTERSIGN_BRIDGE_PORT'] ?? defaultPort);
  return {
    identityProvider: { kind: 'demo' },
    servers: {},
    mcpClients: [],
    revokedReadGrants: [],
    guardrails: [],
    effectPins: [],
    phrase: randomPhrase(),
    bridgePort: Number.isInteger(asked) && asked >= 0 && asked <= 65_535 ? asked : defaultPort,
  };
}

/** Two words to know one's own window by, until the person chooses better ones (DG-17). */
function randomPhrase(): string {
  return `${pick(colours)} ${pick(birds)}`;
}

const colours = [
  'amber',
  'blue',
  'copper',
  'coral',
  'golden',
  'green',
  'indigo',
  'ivory',
  'lilac',
  'olive',
  'pearl',
  'red',
  'russet',
  'silver',
  'violet',
  'white',
];
const birds = [
  'avocet',
  'crane',
  'curlew',
  'dunlin',
  'finch',
  'heron',
  'kestrel',
  'lapwing',
  'linnet',
  'merlin',
  'osprey',
  'plover',
  'raven',
  'swift',
  'tern',
  'wren',
];

function pick(words: readonly string[]): string {
  return words[randomInt(words.length)] ?? '';
}

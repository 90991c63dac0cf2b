/**
 * A real Secret Service of the test's own: a private session bus with gnome-keyring on it, unlocked with a password on
 * standard input. It lives as long as the bus, and ends with it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export type Keychain = {
  /** For the app: where its home, its bus and its keychain are. */
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  close(): Promise<void>;
};

/** Says where the bus is, unlocks the keychain, and waits for its standard input to end. */
const session = [
  'eval "$(printf %s "$KEYRING_PASSWORD" | gnome-keyring-daemon --unlock --components=secrets)"',
  'unset KEYRING_PASSWORD',
  'printf "%s\\n" "$DBUS_SESSION_BUS_ADDRESS"',
  'cat > /dev/null',
].join('\n');

export async function openKeychain(): Promise<Keychain> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-keychain-'));
  const runtimeFolder = path.join(home, '.run');
  fs.mkdirSync(runtimeFolder, { mode: 0o700 });
  const env = { HOME: home, XDG_RUNTIME_DIR: runtimeFolder, XDG_CURRENT_DESKTOP: 'GNOME' };
  const { XDG_DATA_HOME: _data, XDG_CONFIG_HOME: _config, XDG_CACHE_HOME: _cache, ...rest } = process.env;
  const bus = spawn('dbus-run-session', ['--', 'sh', '-c', session], {
    env: { ...rest, ...env, KEYRING_PASSWORD: 'correct horse' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const address = await firstLine(bus);
  return {
    env: { ...env, DBUS_SESSION_BUS_ADDRESS: address },
    home,
    async close() {
      const ended = new Promise((resolve) => bus.once('exit', resolve));
      if (bus.exitCode === null) {
        bus.stdin?.end();
        await ended;
      }
      fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function firstLine(bus: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    bus.once('error', reject);
    bus.once('exit', (code) => reject(new Error(`the session bus ended with ${code}`)));
    bus.stdout?.on('data', (piece) => {
      text += String(piece);
      const [line, rest] = text.split('\n');
      if (rest !== undefined && line !== undefined) resolve(line);
    });
  });
}

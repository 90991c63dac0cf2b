import Store from 'electron-store';
import type { SealedSettings, SettingsWriter } from './settings-store.ts';

/** `settings.json` in the data folder, written beside and renamed by electron-store. */
export function settingsFile(folder: string): SettingsWriter {
  const store = new Store<SealedSettings>({
    cwd: folder,
    name: 'settings',
    clearInvalidConfig: false,
    configFileMode: 0o600,
  });
  return {
    write(sealed) {
      store.store = sealed;
    },
  };
}

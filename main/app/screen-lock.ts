import { powerMonitor } from 'electron';

/** Tells when nobody sits in front of the screen: what waits is denied, and nothing can be approved (DG-18). */
export function watchScreenLock(onAway: (reason: string) => void): { locked(): boolean } {
  let locked = false;
  const away = (reason: string) => () => {
    locked = true;
    onAway(reason);
  };
  const back = (): void => {
    locked = false;
  };
  powerMonitor.on('lock-screen', away('The screen was locked.'));
  powerMonitor.on('suspend', away('The computer went to sleep.'));
  powerMonitor.on('unlock-screen', back);
  powerMonitor.on('resume', back);
  return { locked: () => locked };
}

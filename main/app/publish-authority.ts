import type { AuthoritySnapshot } from '../../mcp-bridge/core/model/authority.ts';
import type { BridgeHost } from '../bridge-host/bridge-host.ts';

const confirmWithinMs = 10_000;
/** A bridge that is starting reads its log and its parsers first. */
const confirmWhileStartingMs = 60_000;

/**
 * Tells the bridge by which authority to decide, and resolves when no bridge decides by an older one (I6): it has
 * confirmed, or there is none, or it did not confirm and was ended. The next one starts with the newest. Never rejects.
 */
export function publishAuthority(
  bridge: () => Pick<BridgeHost, 'call' | 'state' | 'isRunning' | 'end'>,
): (snapshot: AuthoritySnapshot) => Promise<void> {
  return async (snapshot) => {
    // A bridge that is only starting answers AI clients already, so it is told as well.
    if (!bridge().isRunning()) return;
    const withinMs = bridge().state().state === 'starting' ? confirmWhileStartingMs : confirmWithinMs;
    const confirmed = await within(
      bridge()
        .call('authority:replace', { authority: snapshot })
        .then(({ epoch }) => epoch >= snapshot.epoch),
      withinMs,
    );
    if (!confirmed) await bridge().end();
  };
}

async function within(answer: Promise<boolean>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

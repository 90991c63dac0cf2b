/** Follows what main shows: one request at a time, each in a new instance of the window's content (DG-16). */
import { useEffect, useState } from 'react';
import type { ApprovalState, ArmingState } from '../../main/ipc/approval-state.ts';
import { approvalApi } from '../lib/surface.ts';
import { ApprovalWindow } from './approval-window.tsx';

type Shown = { readonly approval?: ApprovalState | undefined; readonly arming: ArmingState };

export function ApprovalPage() {
  const shown = useShown();
  if (shown?.approval === undefined) return <main className="nothing-waits">Nothing waits for you.</main>;
  return <ApprovalWindow key={shown.approval.approvalId} approval={shown.approval} arming={shown.arming} />;
}

function useShown(): Shown | undefined {
  const [shown, setShown] = useState<Shown>();
  useEffect(() => {
    const api = approvalApi();
    let wasPushed = false;
    const show = (next: Shown) => {
      wasPushed = true;
      // The same request again keeps its content: it is immutable while it is on screen.
      setShown((before) =>
        before?.approval !== undefined && before.approval.approvalId === next.approval?.approvalId
          ? { approval: before.approval, arming: next.arming }
          : next,
      );
    };
    const stops = [
      api.on['approval:show'](show),
      api.on['approval:arming']((arming) => setShown((before) => ({ approval: before?.approval, arming }))),
    ];
    void api.call['approval:current']({}).then((reply) => {
      if (reply.ok && !wasPushed) show(reply.value);
    });
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return shown;
}

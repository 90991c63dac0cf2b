/**
 * How far the calls of this run have come on record. What follows in the usual order on a call that began here, and
 * consumes no approval, needs no look into the database to be known as the first of its kind: ids of calls are made
 * anew for each (UUID). Should one come back after it was forgotten here, the database refuses it (`record-store.ts`).
 */
import type { AuditEvent, CallEvent } from '../core/audit/record.ts';

type Kind = CallEvent['kind'];
export type BegunCalls = {
  /** Whether these may wait: each is the next of its call, which is new or began in this run. */
  areNext(events: readonly AuditEvent[]): boolean;
  /** They are on record now. */
  take(events: readonly AuditEvent[]): void;
  /** Every call and approval of this run that is on record has its end there too. */
  allEnded(): boolean;
};

const mayFollow: { readonly [kind in Kind]: readonly (Kind | undefined)[] } = {
  'call.decided': [undefined],
  'call.intent': ['call.decided'],
  'call.outcome': ['call.decided', 'call.intent'],
};

/** More than wait, so that whatever waits is known here. */
export const ENDED_KNOWN = 2_000;
/** More than ever are under way; the oldest of more than that never got their end on record. */
const OPEN_KNOWN = 10_000;

/** @param endedBefore the calls of runs before, the oldest first: the last of them are known here too */
export function createBegunCalls(endedBefore: readonly string[] = []): BegunCalls {
  const furthest = new Map<string, Kind>(endedBefore.map((callId) => [callId, 'call.outcome']));
  /** The oldest first. */
  const ended = new Set<string>(endedBefore);
  const open = new Set<string>();
  let hasForgottenOpen = false;
  return {
    areNext(events) {
      /** Of the calls among these events themselves. */
      let callId: string | undefined;
      let before: Kind | undefined;
      return events.every((event) => {
        if (event.kind === 'approval.asked' || event.kind === 'approval.answered') return true;
        if (!isCallEvent(event)) return false;
        if (event.kind === 'call.intent' && event.authorizedBy.kind === 'approval') return false;
        if (event.callId !== callId) {
          // Of two calls at once the database is asked: one of them could be there twice.
          if (callId !== undefined) return false;
          callId = event.callId;
          before = furthest.get(callId);
        }
        const isNext = mayFollow[event.kind].includes(before);
        before = event.kind;
        return isNext;
      });
    },
    take(events) {
      for (const event of events) {
        if (event.kind === 'approval.asked') open.add(event.approvalId);
        if (event.kind === 'approval.answered') open.delete(event.approvalId);
        if (!isCallEvent(event)) continue;
        if (isFurther(event.kind, furthest.get(event.callId))) furthest.set(event.callId, event.kind);
        if (event.kind === 'call.outcome') {
          ended.add(event.callId);
          open.delete(event.callId);
        } else open.add(event.callId);
      }
      for (const callId of ended) {
        if (ended.size <= ENDED_KNOWN) break;
        ended.delete(callId);
        furthest.delete(callId);
      }
      for (const id of open) {
        if (open.size <= OPEN_KNOWN) break;
        open.delete(id);
        furthest.delete(id);
        hasForgottenOpen = true;
      }
    },
    allEnded: () => open.size === 0 && !hasForgottenOpen,
  };
}

/** In whatever order they came, a call is as far as its last record in the usual order. */
function isFurther(kind: Kind, before: Kind | undefined): boolean {
  return before === undefined || order.indexOf(kind) > order.indexOf(before);
}

const order: readonly Kind[] = ['call.decided', 'call.intent', 'call.outcome'];

function isCallEvent(event: AuditEvent): event is CallEvent {
  return event.kind === 'call.decided' || event.kind === 'call.intent' || event.kind === 'call.outcome';
}

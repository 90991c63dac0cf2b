/**
 * What a preload exposes as `window.countersign`: one function per channel of that surface, and one subscription per
 * push. There is no function that takes a channel name (EL-05, EL-06).
 */

import type { Reply, Surface } from './channel.ts';
import type { ChannelName, Channels, PayloadOf, PushName, pushes, RequestOf, ResponseOf } from './contract.ts';

type ChannelOn<S extends Surface> = {
  [Name in ChannelName]: Channels[Name]['surface'] extends S ? Name : never;
}[ChannelName];
type PushOn<S extends Surface> = {
  [Name in PushName]: (typeof pushes)[Name]['surface'] extends S ? Name : never;
}[PushName];

export type SurfaceApi<S extends Surface> = {
  readonly call: { readonly [Name in ChannelOn<S>]: (request: RequestOf<Name>) => Promise<Reply<ResponseOf<Name>>> };
  readonly on: { readonly [Name in PushOn<S>]: (listener: (payload: PayloadOf<Name>) => void) => () => void };
};

export type DashboardApi = SurfaceApi<'dashboard'>;
export type ApprovalApi = SurfaceApi<'approval'>;

import type { UpstreamOutcome } from '../pipeline/ports.ts';
import type { HttpServerConfig } from './server-config.ts';
import type { Wire, WireLimits, WireListener } from './wire.ts';
export class HttpWire implements Wire {
  readonly kind = 'http';
  readonly closed = new Promise<string>(() => {});
  constructor(_c: HttpServerConfig, _l: WireListener, _m: WireLimits) {}
  async exchange(): Promise<UpstreamOutcome> {
    return { kind: 'not-sent', reason: 'no' };
  }
  async notify() {}
  async close() {}
}

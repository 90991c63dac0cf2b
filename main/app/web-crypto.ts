/** First import of the entry: Electron 25's Node 18 has no global Web Crypto, which openid-client and jose expect. */
import { webcrypto } from 'node:crypto';

const globals = globalThis as { crypto?: unknown; CryptoKey?: unknown };
globals.crypto ??= webcrypto;
globals.CryptoKey ??= webcrypto.CryptoKey;

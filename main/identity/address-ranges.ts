/** Which addresses an issuer's metadata must not lead us to (OA-10). */
import { BlockList, isIP } from 'node:net';

/** Nobody's issuer, whoever configured it: this host, link-local with the clouds' metadata services, groups, reserved. */
const never = listOf(['0.0.0.0', 8], ['169.254.0.0', 16], ['224.0.0.0', 3], ['::', 128], ['fe80::', 10], ['ff00::', 8]);

/** Inside somebody's network, or a way to spell an address inside one. */
const inside = listOf(
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['::1', 128],
  ['64:ff9b::', 96], // NAT64, RFC 6052
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32], // Teredo
  ['2002::', 16], // 6to4
  ['fc00::', 7],
  ['fec0::', 10],
);

export type AddressRange = 'public' | 'inside' | 'never';

export function rangeOf(address: string): AddressRange {
  const plain = address.replace(/%.*$/, ''); // a zone id names an interface, not a place
  const family = isIP(plain) === 4 ? 'ipv4' : isIP(plain) === 6 ? 'ipv6' : undefined;
  if (family === undefined || never.check(plain, family)) return 'never';
  return inside.check(plain, family) ? 'inside' : 'public';
}

function listOf(...subnets: readonly (readonly [net: string, prefix: number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, net.includes(':') ? 'ipv6' : 'ipv4');
  return list;
}

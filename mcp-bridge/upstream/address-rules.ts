/**
 * Which network addresses an upstream's name may stand for (OA-10). Checked on what the name resolved to, at the
 * moment of connecting, so that a name which changes its mind between check and use gains nothing.
 *
 * Loopback is reached only by an address that says so itself; private networks only where the person allowed it;
 * link-local addresses, where clouds keep their credentials, never.
 */
import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

type AddressKind = 'public' | 'loopback' | 'private' | 'forbidden';

const loopback = blockList(['127.0.0.0/8', '::1/128']);
const privateNetworks = blockList(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']);
const forbidden = blockList([
  ...['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '198.18.0.0/15', '198.51.100.0/24'],
  ...['203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
  // The metadata service of a cloud has an address in a private range too.
  ...['fd00:ec2::254/128', '100.100.100.200/32'],
  // Inside what is global unicast: IETF protocols with Teredo (RFC 2928, 4380), documentation.
  ...['2001::/23', '2001:db8::/32', '3fff::/20', '192.88.99.0/24'],
]);
/** Everything else of IPv6 is reserved, or stands for an IPv4 address in a way that only a translator knows (RFC 8215). */
const globalUnicast = blockList(['2000::/3']);

export function addressKind(address: string): AddressKind {
  const family = isIP(address.split('%')[0] ?? '');
  if (family === 0 || address.includes('%')) return 'forbidden';
  const embedded = family === 6 ? embeddedIpv4(address) : undefined;
  if (embedded !== undefined) return addressKind(embedded);
  const type = family === 6 ? 'ipv6' : 'ipv4';
  if (forbidden.check(address, type)) return 'forbidden';
  if (loopback.check(address, type)) return 'loopback';
  if (privateNetworks.check(address, type)) return 'private';
  return family === 4 || globalUnicast.check(address, type) ? 'public' : 'forbidden';
}

export type AddressRules = { readonly hostname: string; readonly allowPrivateNetwork: boolean };

export function isAllowedAddress(address: string, { hostname, allowPrivateNetwork }: AddressRules): boolean {
  const namesLoopback = ['localhost', '127.0.0.1', '::1', '[::1]'].includes(hostname);
  switch (addressKind(address)) {
    case 'public':
      return !namesLoopback;
    case 'loopback':
      return namesLoopback;
    case 'private':
      return allowPrivateNetwork && !namesLoopback;
    default:
      return false;
  }
}

export class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED';
}

/** For `net.connect`: resolves, and fails when any address of the name is refused. */
export function guardedLookup(rules: AddressRules): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = (found ?? []) as LookupAddress[];
      const refused = addresses.length === 0 || addresses.some(({ address }) => !isAllowedAddress(address, rules));
      const failure = error ?? (refused ? new AddressRefused('the name stands for an address that is refused') : null);
      const [first] = addresses;
      if (failure !== null || first === undefined) callback(failure ?? new AddressRefused('no address'), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** IPv4 inside IPv6: mapped, compatible, NAT64 (RFC 6052) and 6to4 (RFC 3056). */
function embeddedIpv4(address: string): string | undefined {
  const groups = expand(address);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && (groups[5] === 0xffff || groups[5] === 0);
  const isCompatible = isMapped && (groups[5] !== 0 || (groups[6] ?? 0) !== 0);
  const isNat64 = groups[0] === 0x64 && groups[1] === 0xff9b;
  const [high, low] = groups[0] === 0x2002 ? [groups[1], groups[2]] : [groups[6], groups[7]];
  if (!isCompatible && !isNat64 && groups[0] !== 0x2002) return undefined;
  return [(high ?? 0) >> 8, (high ?? 0) & 255, (low ?? 0) >> 8, (low ?? 0) & 255].join('.');
}

function expand(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex = (high: string | undefined, low: string | undefined) => (Number(high) * 256 + Number(low)).toString(16);
  const plain = dotted === null ? address : `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}`;
  const [left = '', right] = plain.split('::');
  const parse = (part: string | undefined) =>
    (part ?? '').split(':').flatMap((group) => (group === '' ? [] : [Number.parseInt(group, 16)]));
  const [start, end] = [parse(left), parse(right)];
  return right === undefined ? start : [...start, ...new Array<number>(8 - start.length - end.length).fill(0), ...end];
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix = ''] = range.split('/');
    list.addSubnet(network, Number(prefix), network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}

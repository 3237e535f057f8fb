import type { EncryptionAlgorithm, IntegrityAlgorithm, SecurityAssociationSet } from '../../../src/net/ipsec.js';
import { ipFamily } from '../../../src/net/ip-address.js';
import { toHex } from '../../../src/platform/hex.js';

/** One change of the kernel's tables, and the change that takes it back. Lines of `ip -batch`; only `add` may hold keys. */
export interface XfrmStep {
  readonly add: string;
  readonly remove: string;
}

const AUTHENTICATION: Readonly<Record<IntegrityAlgorithm, string>> = {
  'hmac-sha-1-96': 'hmac(sha1)',
  'hmac-md5-96': 'hmac(md5)',
};
const CIPHER: Readonly<Record<EncryptionAlgorithm, string>> = {
  'aes-cbc': 'cbc(aes)',
  'des-ede3-cbc': 'cbc(des3_ede)',
  null: 'ecb(cipher_null)',
};
/** RFC 2403, 2404: 96 bits. */
const ICV_BITS = 96;
const REPLAY_WINDOW = 32;
/** Before the policies that an IKE daemon puts in for whole networks. */
const PRIORITY = 2080;

/** The states and policies of a set, in the order in which they go in; they come out in the reverse order. */
export function xfrmSteps(set: SecurityAssociationSet): readonly XfrmStep[] {
  const { local, remote } = set;
  return set.ports.flatMap(({ localPort, remotePort, spiIn, spiOut }) => [
    ...direction(set, { source: local, port: localPort, to: remote, toPort: remotePort, spi: spiOut, way: 'out' }),
    ...direction(set, { source: remote, port: remotePort, to: local, toPort: localPort, spi: spiIn, way: 'in' }),
  ]);
}

interface Direction {
  readonly source: string;
  readonly port: number;
  readonly to: string;
  readonly toPort: number;
  readonly spi: number;
  readonly way: 'in' | 'out';
}

function direction(set: SecurityAssociationSet, { source, port, to, toPort, spi, way }: Direction): XfrmStep[] {
  const { protocol, integrity, encryption, integrityKey, encryptionKey } = set;
  const bits = ipFamily(source) === 6 ? 128 : 32;
  // No `proto`: UDP and TCP share the associations (TS 33.203 §7.1).
  const selector = `src ${source}/${bits} dst ${to}/${bits} sport ${port} dport ${toPort}`;
  const state = `src ${source} dst ${to} proto ${protocol} spi 0x${spi.toString(16)}`;
  const mode = set.mode === 'trans' ? 'transport' : 'tunnel';
  const cipher =
    protocol === 'ah'
      ? ''
      : ` enc ${CIPHER[encryption]} ${encryptionKey.length === 0 ? '""' : `0x${toHex(encryptionKey)}`}`;
  const algorithms = `auth-trunc ${AUTHENTICATION[integrity]} 0x${toHex(integrityKey)} ${ICV_BITS}${cipher}`;
  // A tunnel's state has the selector of its policy only.
  const bound = mode === 'transport' ? ` sel ${selector}` : '';
  const policy = `${selector} dir ${way}`;
  return [
    {
      add: `xfrm state add ${state} reqid ${spi} mode ${mode} replay-window ${REPLAY_WINDOW} ${algorithms}${bound}`,
      remove: `xfrm state delete ${state}`,
    },
    {
      add: `xfrm policy add ${policy} priority ${PRIORITY} tmpl src ${source} dst ${to} proto ${protocol} reqid ${spi} mode ${mode}`,
      remove: `xfrm policy delete ${policy}`,
    },
  ];
}

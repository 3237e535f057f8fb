import { ipFamily } from '../../../src/net/ip-address.js';
import type { EncryptionAlgorithm, IntegrityAlgorithm, SecurityAssociationSet } from '../../../src/net/ipsec.js';
import { toHex } from '../../../src/platform/hex.js';
import { xfrmSteps } from './xfrm-commands.js';

/** What is done to the associations. */
export type ScriptAction = 'add' | 'remove';

const AUTHENTICATION: Readonly<Record<IntegrityAlgorithm, string>> = {
  'hmac-sha-1-96': 'hmac-sha1',
  'hmac-md5-96': 'hmac-md5',
};
const CIPHER: Readonly<Record<EncryptionAlgorithm, string>> = {
  'aes-cbc': 'rijndael-cbc',
  'des-ede3-cbc': '3des-cbc',
  null: 'null',
};

/** A shell script for iproute2: lines on its standard input, so that no list of processes shows a key. */
export function xfrmScript(set: SecurityAssociationSet, action: ScriptAction): string {
  const steps = xfrmSteps(set);
  const lines = action === 'add' ? steps.map(({ add }) => add) : steps.map(({ remove }) => remove).reverse();
  const flag = action === 'add' ? '' : '-force ';
  return `#!/bin/sh\nexec ip ${flag}-batch - <<'END'\n${lines.join('\n')}\nEND\n`;
}

/** A file for setkey(8) of ipsec-tools, with the associations and policies of one pair of ports. */
export function setkeyScript(set: SecurityAssociationSet, action: ScriptAction): string {
  const lines = set.ports.flatMap(({ localPort, remotePort, spiIn, spiOut }) => [
    ...direction(set, [set.local, localPort], [set.remote, remotePort], spiOut, 'out', action),
    ...direction(set, [set.remote, remotePort], [set.local, localPort], spiIn, 'in', action),
  ]);
  return `#!/usr/sbin/setkey -f\n${lines.join('\n')}\n`;
}

function direction(
  set: SecurityAssociationSet,
  [source, port]: readonly [string, number],
  [to, toPort]: readonly [string, number],
  spi: number,
  way: 'in' | 'out',
  action: ScriptAction,
): string[] {
  const { protocol, integrity, encryption, integrityKey, encryptionKey } = set;
  const bits = ipFamily(source) === 6 ? 128 : 32;
  const association = `${source} ${to} ${protocol} 0x${spi.toString(16)}`;
  // `any`: UDP and TCP share the associations.
  const selector = `${source}/${bits}[${port}] ${to}/${bits}[${toPort}] any -P ${way}`;
  if (action === 'remove') return [`spddelete ${selector};`, `delete ${association};`];
  const mode = set.mode === 'trans' ? 'transport' : 'tunnel';
  // setkey(8): null takes no key, and not an empty one either.
  const key = encryptionKey.length === 0 ? '' : ` 0x${toHex(encryptionKey)}`;
  const cipher = protocol === 'ah' ? '' : ` -E ${CIPHER[encryption]}${key}`;
  const ends = mode === 'tunnel' ? `${source}-${to}` : '';
  return [
    `add ${association} -m ${mode} -r 32${cipher} -A ${AUTHENTICATION[integrity]} 0x${toHex(integrityKey)};`,
    `spdadd ${selector} ipsec ${protocol}/${mode}/${ends}/require;`,
  ];
}

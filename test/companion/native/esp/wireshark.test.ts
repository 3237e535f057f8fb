import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { EspSender } from '../../../../companion/native/esp/esp-association.js';
import { NEXT_IPV4, NEXT_IPV6, printUdpPacket } from '../../../../companion/native/esp/ip-packet.js';
import {
  ENCRYPTION_ALGORITHMS,
  ENCRYPTION_KEY_OCTETS,
  INTEGRITY_ALGORITHMS,
  INTEGRITY_KEY_OCTETS,
  type EncryptionAlgorithm,
  type IntegrityAlgorithm,
} from '../../../../src/net/ipsec.js';
import { toHex } from '../../../../src/platform/hex.js';

const skip = spawnSync('tshark', ['--version']).status === 0 ? false : 'skipped: no tshark';
const folder = mkdtempSync(join(tmpdir(), 'ims-esp-'));
after(() => rmSync(folder, { recursive: true }));

const CIPHERS: Readonly<Record<EncryptionAlgorithm, string>> = {
  'aes-cbc': 'AES-CBC [RFC3602]',
  'des-ede3-cbc': 'TripleDES-CBC [RFC2451]',
  null: 'NULL',
};
const HASHES: Readonly<Record<IntegrityAlgorithm, string>> = {
  'hmac-sha-1-96': 'HMAC-SHA-1-96 [RFC2404]',
  'hmac-md5-96': 'HMAC-MD5-96 [RFC2403]',
};

/** pcap of raw IP packets. */
function pcap(packets: readonly Uint8Array[]): Uint8Array {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt32LE(0x0004_0002, 4);
  head.writeUInt32LE(65535, 16);
  head.writeUInt32LE(101, 20);
  const records = packets.flatMap((packet) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(packet.length, 8);
    record.writeUInt32LE(packet.length, 12);
    return [record, packet];
  });
  return Buffer.concat([head, ...records]);
}

const SUITES = INTEGRITY_ALGORITHMS.flatMap((integrity) =>
  ENCRYPTION_ALGORITHMS.flatMap((encryption) => [
    { integrity, encryption, ue: '192.0.2.7', pcscf: '192.0.2.1', version: 'IPv4', nextHeader: NEXT_IPV4 },
    { integrity, encryption, ue: '2001:db8::7', pcscf: '2001:db8::1', version: 'IPv6', nextHeader: NEXT_IPV6 },
  ]),
).map((suite, i) => ({
  ...suite,
  spi: 4711 + i,
  integrityKey: Uint8Array.from({ length: INTEGRITY_KEY_OCTETS[suite.integrity] }, (_, at) => 3 * at + i),
  encryptionKey: Uint8Array.from({ length: ENCRYPTION_KEY_OCTETS[suite.encryption] }, (_, at) => 7 * at + i),
}));
/** Padding of every length occurs. */
const CALL_IDS = ['1', 'a1', 'ab1', 'abc1'];

function packetsOf({ ue, pcscf, nextHeader, ...parameters }: (typeof SUITES)[number]): Uint8Array[] {
  const sender = new EspSender(parameters);
  return CALL_IDS.map((id) => {
    const text = new TextEncoder().encode(
      `OPTIONS sip:x@ims.test SIP/2.0\r\nCall-ID: ${id}\r\nContent-Length: 0\r\n\r\n`,
    );
    const inner = printUdpPacket({ address: ue, port: 20000 }, { address: pcscf, port: 5060 }, text, 1);
    const sealed = sender.seal({ nextHeader, payload: inner ?? assert.fail() }) ?? assert.fail();
    return printUdpPacket({ address: ue, port: 4500 }, { address: pcscf, port: 4500 }, sealed, 2) ?? assert.fail();
  });
}

describe('EspSender', { skip }, () => {
  it('is read by Wireshark, every suite over IPv4 and IPv6: ICV and checksums right, OPTIONS inside', () => {
    const file = join(folder, 'esp.pcap');
    writeFileSync(file, pcap(SUITES.flatMap(packetsOf)));
    const associations = SUITES.map(({ version, spi, integrity, encryption, integrityKey, encryptionKey }) => {
      const key = encryption === 'null' ? '' : `0x${toHex(encryptionKey)}`;
      return `uat:esp_sa:"${version}","*","*","0x${spi.toString(16).padStart(8, '0')}","${CIPHERS[encryption]}","${key}","${HASHES[integrity]}","0x${toHex(integrityKey)}"`;
    });
    const preferences = ['esp.enable_encryption_decode:TRUE', 'esp.enable_authentication_check:TRUE', ...associations];
    preferences.push('udp.check_checksum:TRUE', 'ip.check_checksum:TRUE');
    const fields = ['esp.spi', 'esp.sequence', 'esp.icv_good', 'udp.checksum.status', 'sip.Call-ID', 'sip.Method'];
    const output = execFileSync(
      'tshark',
      [
        '-r',
        file,
        ...preferences.flatMap((one) => ['-o', one]),
        '-T',
        'fields',
        '-E',
        'separator=|',
        ...fields.flatMap((one) => ['-e', one]),
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    ).toString();
    assert.deepEqual(
      output.trim().split('\n'),
      SUITES.flatMap(({ spi }) =>
        CALL_IDS.map((id, i) => `0x${spi.toString(16).padStart(8, '0')}|${i + 1}|1|1,1|${id}|OPTIONS`),
      ),
    );
  });
});

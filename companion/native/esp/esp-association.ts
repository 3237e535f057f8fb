import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { EncryptionAlgorithm, IntegrityAlgorithm } from '../../../src/net/ipsec.js';
import { ReplayWindow } from './replay-window.js';

/** RFC 2403, 2404: 96 bits of either hash. */
const ICV_OCTETS = 12;
/** SPI and sequence number (RFC 4303 §2). */
const HEAD_OCTETS = 8;
/** RFC 4303 §3.3.3: without extended sequence numbers an association ends before it counts over. */
const MAX_SEQUENCE = 0xffff_ffff;

interface Cipher {
  /** Of Node's crypto; null: no encryption (RFC 2410). */
  readonly name: string | null;
  readonly ivOctets: number;
  /** What is encrypted is filled up to a multiple of this. RFC 4303 §2.4: at least 4. */
  readonly block: number;
}

const CIPHERS: Readonly<Record<EncryptionAlgorithm, Cipher>> = {
  'aes-cbc': { name: 'aes-128-cbc', ivOctets: 16, block: 16 },
  'des-ede3-cbc': { name: 'des-ede3-cbc', ivOctets: 8, block: 8 },
  null: { name: null, ivOctets: 0, block: 4 },
};
const HASHES: Readonly<Record<IntegrityAlgorithm, string>> = { 'hmac-sha-1-96': 'sha1', 'hmac-md5-96': 'md5' };

/** Algorithms, keys and SPI of one direction. */
export interface EspParameters {
  readonly spi: number;
  readonly integrity: IntegrityAlgorithm;
  readonly encryption: EncryptionAlgorithm;
  readonly integrityKey: Uint8Array;
  readonly encryptionKey: Uint8Array;
}

/** What was inside of an ESP packet. */
export interface EspContent {
  /** Protocol number: 4 IPv4, 41 IPv6, 59 nothing. */
  readonly nextHeader: number;
  readonly payload: Uint8Array;
}

/** @returns the SPI of an ESP packet; null: too short to have one */
export function spiOf(packet: Uint8Array): number | null {
  return packet.length < HEAD_OCTETS + ICV_OCTETS ? null : view(packet).getUint32(0);
}

/** The sending end of an association (RFC 4303 §3.3). */
export class EspSender {
  #sequence = 0;

  /** @param random initialization vectors; RFC 3602 §3: nobody may foresee them */
  constructor(
    private readonly parameters: EspParameters,
    private readonly random: (octets: number) => Uint8Array = randomBytes,
  ) {}

  /** @returns null: the association has sent all the packets that it may */
  seal({ nextHeader, payload }: EspContent): Uint8Array | null {
    if (this.#sequence >= MAX_SEQUENCE) return null;
    const { spi, encryption, encryptionKey } = this.parameters;
    const { name, ivOctets, block } = CIPHERS[encryption];
    const padding = (block - ((payload.length + 2) % block)) % block;
    const clear = new Uint8Array(payload.length + padding + 2);
    clear.set(payload);
    // RFC 4303 §2.4: 1, 2, 3 ...
    for (let i = 0; i < padding; i++) clear[payload.length + i] = i + 1;
    clear[clear.length - 2] = padding;
    clear[clear.length - 1] = nextHeader;

    const packet = new Uint8Array(HEAD_OCTETS + ivOctets + clear.length + ICV_OCTETS);
    view(packet).setUint32(0, spi);
    view(packet).setUint32(4, ++this.#sequence);
    if (name === null) {
      packet.set(clear, HEAD_OCTETS);
    } else {
      const iv = this.random(ivOctets);
      packet.set(iv, HEAD_OCTETS);
      packet.set(createCipheriv(name, encryptionKey, iv).setAutoPadding(false).update(clear), HEAD_OCTETS + ivOctets);
    }
    const end = packet.length - ICV_OCTETS;
    packet.set(icvOf(packet.subarray(0, end), this.parameters), end);
    return packet;
  }
}

/** The receiving end of an association (RFC 4303 §3.4). */
export class EspReceiver {
  readonly #window = new ReplayWindow();

  constructor(private readonly parameters: EspParameters) {}

  /** @param packet hostile @returns null: not ours, changed on its way, or seen before */
  open(packet: Uint8Array): EspContent | null {
    const { encryption, encryptionKey, spi } = this.parameters;
    const { name, ivOctets, block } = CIPHERS[encryption];
    const end = packet.length - ICV_OCTETS;
    const body = packet.subarray(HEAD_OCTETS + ivOctets, Math.max(HEAD_OCTETS + ivOctets, end));
    if (spiOf(packet) !== spi || body.length === 0 || body.length % block !== 0) return null;
    const sequence = view(packet).getUint32(4);
    // RFC 4303 §3.4.3: the window is looked at first, and moved only by what is authentic.
    if (!this.#window.isNew(sequence)) return null;
    if (!timingSafeEqual(packet.subarray(end), icvOf(packet.subarray(0, end), this.parameters))) return null;
    this.#window.note(sequence);
    const iv = packet.subarray(HEAD_OCTETS, HEAD_OCTETS + ivOctets);
    const clear = name === null ? body : createDecipheriv(name, encryptionKey, iv).setAutoPadding(false).update(body);
    const padding = clear[clear.length - 2] ?? 0;
    const length = clear.length - 2 - padding;
    if (length < 0) return null;
    for (let i = 0; i < padding; i++) if (clear[length + i] !== i + 1) return null;
    return { nextHeader: clear[clear.length - 1] ?? 0, payload: Uint8Array.from(clear.subarray(0, length)) };
  }
}

function icvOf(octets: Uint8Array, { integrity, integrityKey }: EspParameters): Uint8Array {
  return createHmac(HASHES[integrity], integrityKey).update(octets).digest().subarray(0, ICV_OCTETS);
}

function view(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.length);
}

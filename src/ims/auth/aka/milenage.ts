import { ecb } from '@noble/ciphers/aes.js';

/** TS 35.206 §4.1: rotations in octets, and the last octet of the constants c1 to c5. */
const R = [8, 0, 4, 8, 12] as const;
const C = [0, 1, 2, 4, 8] as const;

/** What f2 to f5 give for one RAND. */
export interface MilenageKeys {
  /** f2, 8 octets. */
  readonly res: Uint8Array;
  /** f3, 16 octets. */
  readonly ck: Uint8Array;
  /** f4, 16 octets. */
  readonly ik: Uint8Array;
  /** f5, 6 octets: hides SQN in AUTN. */
  readonly ak: Uint8Array;
}

/** The functions f1 to f5 of UMTS AKA with the Milenage algorithm (TS 35.206 §4.1) for one subscriber. */
export class Milenage {
  readonly #encrypt: (block: Uint8Array) => Uint8Array;
  readonly #opc: Uint8Array;

  /**
   * @param k 16 octets
   * @param operator the operator's variant OP, 16 octets, or OPc that was derived from it for this K
   */
  constructor(k: Uint8Array, operator: { readonly op: Uint8Array } | { readonly opc: Uint8Array }) {
    this.#encrypt = (block) => ecb(k, { disablePadding: true }).encrypt(block);
    this.#opc = 'opc' in operator ? operator.opc.slice() : xor(this.#encrypt(operator.op), operator.op);
  }

  /** OPc = OP xor E_K(OP), §4.1. */
  get opc(): Uint8Array {
    return this.#opc.slice();
  }

  /** MAC-A, 8 octets. @param sqn 6 octets @param amf 2 octets */
  f1(rand: Uint8Array, sqn: Uint8Array, amf: Uint8Array): Uint8Array {
    return this.#out1(rand, sqn, amf).slice(0, 8);
  }

  /** f1*: MAC-S of a re-synchronisation, 8 octets. */
  f1Star(rand: Uint8Array, sqn: Uint8Array, amf: Uint8Array): Uint8Array {
    return this.#out1(rand, sqn, amf).slice(8);
  }

  /** f2, f3, f4, f5. */
  keys(rand: Uint8Array): MilenageKeys {
    const temp = this.#temp(rand);
    const out2 = this.#out(temp, 1);
    return { res: out2.slice(8), ak: out2.slice(0, 6), ck: this.#out(temp, 2), ik: this.#out(temp, 3) };
  }

  /** f5*: AK of a re-synchronisation, 6 octets. */
  f5Star(rand: Uint8Array): Uint8Array {
    return this.#out(this.#temp(rand), 4).slice(0, 6);
  }

  #temp(rand: Uint8Array): Uint8Array {
    return this.#encrypt(xor(rand, this.#opc));
  }

  #out1(rand: Uint8Array, sqn: Uint8Array, amf: Uint8Array): Uint8Array {
    const in1 = new Uint8Array(16);
    in1.set(sqn);
    in1.set(amf, 6);
    in1.copyWithin(8, 0, 8);
    return xor(this.#encrypt(xor(this.#temp(rand), rotate(xor(in1, this.#opc), R[0]))), this.#opc);
  }

  /** OUT2 to OUT5, by index 1 to 4. */
  #out(temp: Uint8Array, index: 1 | 2 | 3 | 4): Uint8Array {
    const block = rotate(xor(temp, this.#opc), R[index]);
    block[15] = (block[15] ?? 0) ^ C[index];
    return xor(this.#encrypt(block), this.#opc);
  }
}

/** Of two strings of the same length. */
export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((octet, i) => octet ^ (b[i] ?? 0));
}

/** Towards the most significant octet. */
function rotate(block: Uint8Array, octets: number): Uint8Array {
  return block.map((_, i) => block[(i + octets) % block.length] ?? 0);
}

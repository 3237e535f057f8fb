import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Milenage, SequenceMemory, SoftIsim } from '../../../src/ims/auth/aka/index.js';
import { xor } from '../../../src/ims/auth/aka/milenage.js';
import type { Store } from '../../../src/platform/store.js';

const K = Uint8Array.from({ length: 16 }, (_, i) => i);
const OPC = Uint8Array.from({ length: 16 }, (_, i) => 255 - i);
const RAND = new Uint8Array(16).fill(7);

/** What a network sends. @param sqn below 2^32 */
function autn(sqn: number): Uint8Array {
  const milenage = new Milenage(K, { opc: OPC });
  const octets = new Uint8Array(6);
  new DataView(octets.buffer).setUint32(2, sqn);
  const amf = new Uint8Array(2);
  return Uint8Array.from([...xor(octets, milenage.keys(RAND).ak), ...amf, ...milenage.f1(RAND, octets, amf)]);
}

function memoryStore(values = new Map<string, string>()): Store & { readonly values: Map<string, string> } {
  const get = (key: string): Promise<string | null> => Promise.resolve(values.get(key) ?? null);
  const set = (key: string, value: string): Promise<void> => Promise.resolve(void values.set(key, value));
  return { values, get, set };
}

function isim(store: Store, k = K, sqn: Uint8Array | null = null): SoftIsim {
  return new SoftIsim({ k, operator: { opc: OPC }, sqn, memory: new SequenceMemory(store, 'alice@ims.test', k) });
}

describe('SequenceMemory', () => {
  it('has every earlier challenge refused after a restart, and the next one taken', async () => {
    const store = memoryStore();
    const first = isim(store);
    for (const sqn of [0x4020, 0x4041, 0x4062])
      assert.equal((await first.authenticate(RAND, autn(sqn))).outcome, 'success');
    for (const replayed of [0x4020, 0x4041, 0x4062])
      assert.equal((await isim(store).authenticate(RAND, autn(replayed))).outcome, 'synchronisation-failure');
    const again = isim(store);
    // IND 5 was not seen: challenges of another service may come late (TS 33.102 §C.2.2).
    assert.equal((await again.authenticate(RAND, autn(0x4083))).outcome, 'success');
    assert.equal((await again.authenticate(RAND, autn(0x4083))).outcome, 'synchronisation-failure');
  });

  it('keeps the numbers before the answer is given, and no key', async () => {
    const store = memoryStore();
    await isim(store).authenticate(RAND, autn(0x4020));
    const [[key, value] = ['', '']] = [...store.values];
    assert.match(key, /^sqn alice@ims\.test [0-9a-f]{8}$/);
    assert.equal((JSON.parse(value) as { highest: number }).highest, 0x4020);
    const told = key + value;
    for (const secret of [K, OPC]) assert.ok(!told.includes(Buffer.from(secret).toString('hex').slice(0, 8)));
  });

  it('does not mix the counters of two keys, believes nothing broken, and goes on where nothing can be kept', async () => {
    const store = memoryStore();
    await isim(store).authenticate(RAND, autn(0x4020));
    const other = Uint8Array.from(K, (octet) => octet ^ 1);
    await isim(store, other).authenticate(RAND, autn(0x20));
    assert.equal(store.values.size, 1, 'a challenge that was not believed leaves no trace');
    for (const [key] of store.values)
      for (const broken of ['', '{', 'null', '{"highest":-2}', '{"highest":1,"accepted":[1]}', '[]']) {
        store.values.set(key, broken);
        assert.equal((await isim(store).authenticate(RAND, autn(0x20))).outcome, 'success', broken);
      }
    const broken: Store = { get: () => Promise.reject(new Error()), set: () => Promise.reject(new Error()) };
    assert.equal((await isim(broken).authenticate(RAND, autn(0x20))).outcome, 'success');
  });

  it('takes a number that the account names where it is higher', async () => {
    const store = memoryStore();
    await isim(store).authenticate(RAND, autn(0x4020));
    const ahead = Uint8Array.of(0, 0, 0, 1, 0, 0);
    assert.equal((await isim(store, K, ahead).authenticate(RAND, autn(0x4083))).outcome, 'synchronisation-failure');
    const behind = Uint8Array.of(0, 0, 0, 0, 0, 1);
    assert.equal((await isim(store, K, behind).authenticate(RAND, autn(0x4020))).outcome, 'synchronisation-failure');
  });
});

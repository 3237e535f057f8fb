import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Params } from '../../../companion/protocol/calls.js';
import { IpsecSets } from '../../../companion/server/ipsec-sets.js';
import type { IkeNegotiation, InstalledSet, Ipsec, SecurityAssociationSet } from '../../../src/net/ipsec.js';
import { NetworkError, type Endpoint } from '../../../src/net/network.js';
import { toHex } from '../../../src/platform/hex.js';
import { sampleSet } from '../native/ipsec/sample-set.js';

/** Counts what is in force; may be told to wait, or to fail. */
class FakeIpsec implements Ipsec {
  readonly sets: SecurityAssociationSet[] = [];
  gate: Promise<void> | null = null;
  failure: NetworkError | null = null;

  readonly negotiated: IkeNegotiation[] = [];

  install(set: SecurityAssociationSet): Promise<InstalledSet> {
    return this.#put(this.sets, set);
  }

  negotiate(negotiation: IkeNegotiation): Promise<InstalledSet> {
    return this.#put(this.negotiated, negotiation);
  }

  async #put<T>(list: T[], one: T): Promise<InstalledSet> {
    await this.gate;
    if (this.failure) throw this.failure;
    list.push(one);
    return {
      remove: () => {
        const at = list.indexOf(one);
        if (at >= 0) list.splice(at, 1);
        return Promise.resolve();
      },
    };
  }
}

const PORTS = new Set([20000, 20001]);

function world(
  more: { permits?: (address: string, port: number) => boolean; owns?: (local: Endpoint) => boolean } = {},
) {
  const ipsec = new FakeIpsec();
  const sets = new IpsecSets({
    ipsec,
    permits: more.permits ?? (() => true),
    owns: more.owns ?? (({ address, port }) => address === '192.0.2.7' && PORTS.has(port)),
  });
  return { ipsec, sets };
}

/** `ipsec.install` as a page sends it. */
function params(more: Partial<Params['ipsec.install']> = {}): Params['ipsec.install'] {
  const { integrityKey, encryptionKey, ports, ...rest } = sampleSet();
  return {
    ...rest,
    ports: ports.map((pair) => ({ ...pair })),
    integrityKey: toHex(integrityKey),
    encryptionKey: toHex(encryptionKey),
    ...more,
  };
}

describe('IpsecSets', () => {
  it('puts in force what the page asked for, key for key, and takes it away by its number, once', async () => {
    const { ipsec, sets } = world();
    const [first, second] = [await sets.install(params()), await sets.install(params())];
    assert.deepEqual([first, second], [1, 2]);
    assert.deepEqual(ipsec.sets, [sampleSet(), sampleSet()]);
    await sets.remove(first);
    await sets.remove(first);
    await sets.remove(77);
    assert.equal(ipsec.sets.length, 1);
    assert.equal(await sets.install(params()), 3, 'a number is never used twice');
  });

  it('goes only where the page may go, for every pair of ports', async () => {
    const asked: string[] = [];
    const permits = (address: string, port: number): boolean => {
      asked.push(`${address} ${port}`);
      return port !== 5100;
    };
    const { ipsec, sets } = world({ permits });
    await assert.rejects(sets.install(params()), { reason: 'denied', message: /5100/ });
    assert.deepEqual(asked, ['192.0.2.1 6100', '192.0.2.1 5100']);
    assert.equal(ipsec.sets.length, 0);
  });

  it('touches only ports that the page has bound, at the very address', async () => {
    for (const bad of [
      params({ ports: [{ localPort: 5060, remotePort: 6100, spiIn: 1, spiOut: 2 }] }),
      params({ local: '192.0.2.8' }),
    ]) {
      const { ipsec, sets } = world();
      await assert.rejects(sets.install(bad), { reason: 'denied', message: /not a UDP port of this page/ });
      assert.equal(ipsec.sets.length, 0);
    }
  });

  it('takes no set that is none: keys, names instead of addresses, ports', async () => {
    const { ipsec, sets } = world({ owns: () => true });
    for (const bad of [
      params({ integrityKey: 'no hex' }),
      params({ integrityKey: '00' }),
      params({ encryptionKey: '0' }),
      params({ remote: 'pcscf.ims.test' }),
      params({ local: '2001:db8::7' }),
      params({ ports: [] }),
      params({ ports: [{ localPort: 20000, remotePort: 0, spiIn: 1, spiOut: 2 }] }),
    ])
      await assert.rejects(
        sets.install(bad),
        (error) => error instanceof NetworkError && error.reason === 'unsupported',
      );
    assert.equal(ipsec.sets.length, 0);
  });

  it('holds 32 sets at most, those under way too', async () => {
    const { ipsec, sets } = world();
    let open = (): void => undefined;
    ipsec.gate = new Promise((resolve) => (open = resolve));
    const waiting = Array.from({ length: 32 }, () => sets.install(params()));
    await assert.rejects(sets.install(params()), { reason: 'limit' });
    open();
    const numbers = await Promise.all(waiting);
    await assert.rejects(sets.install(params()), { reason: 'limit' });
    await sets.remove(numbers[0] ?? 0);
    await sets.install(params());
    assert.equal(ipsec.sets.length, 32);
  });

  it('counts nothing for what failed', async () => {
    const { ipsec, sets } = world();
    ipsec.failure = new NetworkError('ipsec-denied', 'no');
    for (let i = 0; i < 40; i++) await assert.rejects(sets.install(params()), { reason: 'ipsec-denied' });
    ipsec.failure = null;
    assert.equal(await sets.install(params()), 1);
  });

  it('takes everything away with the page, what was under way too', async () => {
    const { ipsec, sets } = world();
    await sets.install(params());
    let open = (): void => undefined;
    ipsec.gate = new Promise((resolve) => (open = resolve));
    const late = sets.install(params());
    sets.close();
    assert.equal(ipsec.sets.length, 0);
    open();
    await assert.rejects(late, { reason: 'closed' });
    assert.equal(ipsec.sets.length, 0);
  });

  const negotiation = { local: '192.0.2.7', remote: '192.0.2.1', localPort: 20000, remotePort: 5060, secret: 's' };

  it('negotiates what the page asked for, and takes it away by its number or with the page', async () => {
    const { ipsec, sets } = world();
    assert.equal(await sets.negotiate(negotiation), 1);
    assert.equal(await sets.install(params()), 2);
    assert.deepEqual(ipsec.negotiated, [negotiation]);
    await sets.remove(1);
    assert.equal(ipsec.negotiated.length, 0);
    await sets.negotiate(negotiation);
    sets.close();
    assert.deepEqual([ipsec.negotiated.length, ipsec.sets.length], [0, 0]);
  });

  it('negotiates only for ports of the page, with what it may reach: its port, and those of IKE', async () => {
    for (const closed of [5060, 500, 4500]) {
      const { ipsec, sets } = world({ permits: (_, port) => port !== closed });
      await assert.rejects(sets.negotiate(negotiation), { reason: 'denied', message: new RegExp(` ${closed} `) });
      assert.equal(ipsec.negotiated.length, 0);
    }
    const { sets } = world();
    await assert.rejects(sets.negotiate({ ...negotiation, localPort: 5060 }), { reason: 'denied' });
    for (const bad of [
      { ...negotiation, secret: '' },
      { ...negotiation, certificate: 'x', privateKey: 'y' },
      { ...negotiation, remoteId: '%any' },
      { ...negotiation, remoteId: '*@ims.test' },
      { ...negotiation, remote: 'pcscf.ims.test' },
      { ...negotiation, remotePort: 0 },
    ])
      await assert.rejects(sets.negotiate(bad), { reason: 'unsupported' });
  });
});

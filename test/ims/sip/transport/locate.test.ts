import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { locate, orderSrv } from '../../../../src/ims/sip/transport/locate.js';
import { SipUri, parseUri } from '../../../../src/ims/sip/uri.js';
import { MemoryFabric } from '../../../../src/net/memory-network.js';
import type { DnsRecord } from '../../../../src/net/network.js';
import { SeededRandom } from '../../../platform/seeded-random.js';
import { VirtualClock } from '../../../platform/virtual-clock.js';

const ZONE: Readonly<Record<string, readonly DnsRecord[]>> = {
  'naptr.test': [
    {
      type: 'NAPTR',
      order: 20,
      preference: 1,
      flags: 's',
      service: 'SIP+D2U',
      regexp: '',
      replacement: '_sip._udp.naptr.test',
      ttl: 1,
    },
    {
      type: 'NAPTR',
      order: 10,
      preference: 1,
      flags: 's',
      service: 'SIPS+D2T',
      regexp: '',
      replacement: '_sips._tcp.naptr.test',
      ttl: 1,
    },
    {
      type: 'NAPTR',
      order: 1,
      preference: 1,
      flags: 's',
      service: 'SIP+D2S',
      regexp: '',
      replacement: '_sip._sctp.naptr.test',
      ttl: 1,
    },
  ],
  '_sips._tcp.naptr.test': [{ type: 'SRV', priority: 1, weight: 1, port: 5071, target: 'h1.test', ttl: 1 }],
  '_sip._udp.naptr.test': [{ type: 'SRV', priority: 1, weight: 1, port: 5070, target: 'h2.test', ttl: 1 }],
  '_sip._tcp.srv.test': [{ type: 'SRV', priority: 1, weight: 1, port: 6000, target: 'h1.test', ttl: 1 }],
  'h1.test': [
    { type: 'A', address: '10.0.0.1', ttl: 1 },
    { type: 'AAAA', address: '2001:db8::1', ttl: 1 },
  ],
  'h2.test': [{ type: 'A', address: '10.0.0.2', ttl: 1 }],
};

async function find(text: string, transport?: 'udp' | 'tcp' | 'tls'): Promise<string[]> {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(1) });
  for (const [name, records] of Object.entries(ZONE)) fabric.addRecords(name, records);
  const uri = parseUri(text);
  assert.ok(uri instanceof SipUri);
  const found = locate(uri, fabric.host('10.0.0.9'), new SeededRandom(1), transport);
  found.catch(() => undefined);
  await clock.advance(100);
  return (await found).map((t) => `${t.transport} ${t.address} ${t.port}${t.serverName ? ` ${t.serverName}` : ''}`);
}

describe('locate (RFC 3263 §4)', () => {
  const cases: readonly [string, readonly string[]][] = [
    ['sip:10.1.1.1', ['udp 10.1.1.1 5060']],
    ['sip:[2001:db8::9]:5066;transport=tcp', ['tcp 2001:db8::9 5066']],
    ['sips:10.1.1.1', ['tls 10.1.1.1 5061']],
    ['sip:x.test;maddr=10.1.1.2', ['udp 10.1.1.2 5060']],
    ['sip:h1.test:5080', ['udp 10.0.0.1 5080', 'udp 2001:db8::1 5080']],
    ['sip:h2.test', ['udp 10.0.0.2 5060']],
    ['sip:naptr.test', ['tls 10.0.0.1 5071 naptr.test', 'tls 2001:db8::1 5071 naptr.test', 'udp 10.0.0.2 5070']],
    ['sips:naptr.test', ['tls 10.0.0.1 5071 naptr.test', 'tls 2001:db8::1 5071 naptr.test']],
    ['sip:srv.test', ['tcp 10.0.0.1 6000', 'tcp 2001:db8::1 6000']],
    ['sip:srv.test;transport=tcp', ['tcp 10.0.0.1 6000', 'tcp 2001:db8::1 6000']],
    ['sip:localhost:5070', ['udp 127.0.0.1 5070', 'udp ::1 5070']],
  ];
  for (const [uri, targets] of cases) it(uri, async () => assert.deepEqual(await find(uri), targets));

  it('lets the account overrule the transport', async () =>
    assert.deepEqual(await find('sip:10.1.1.1', 'tcp'), ['tcp 10.1.1.1 5060']));
  it('rejects a name that leads nowhere', () => assert.rejects(find('sip:nowhere.test'), /no address/));
  it('rejects a transport that we lack', () => assert.rejects(find('sip:10.1.1.1;transport=sctp'), /not supported/));
});

describe('orderSrv (RFC 2782)', () => {
  it('keeps priorities, and draws by weight within them', () => {
    const srv = (target: string, priority: number, weight: number) =>
      ({ type: 'SRV', priority, weight, port: 1, target, ttl: 1 }) as const;
    const random = new SeededRandom(4);
    let heavy = 0;
    for (let i = 0; i < 1000; i++) {
      const order = orderSrv([srv('last', 9, 50), srv('light', 1, 10), srv('heavy', 1, 90)], random).map(
        ({ target }) => target,
      );
      assert.equal(order[2], 'last');
      if (order[0] === 'heavy') heavy++;
    }
    assert.ok(heavy > 850 && heavy < 950, `heavy came first ${heavy} times of 1000`);
  });
});

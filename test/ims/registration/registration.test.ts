import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '../../../src/ims/account.js';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import { createResponse, type SipRequest } from '../../../src/ims/sip/message.js';
import { NetworkError } from '../../../src/net/network.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';
import { FakeRegistrar } from './fake-registrar.js';

const HOME = '10.0.0.10';

async function world(account: Partial<Account> = {}) {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(2), conditions: { delay: 5 } });
  const registrar = new FakeRegistrar(fabric, HOME);
  const network = fabric.host('10.0.0.1');
  const agent = new UserAgent({
    account: {
      publicIdentity: 'sip:alice@ims.test',
      password: 'secret',
      proxy: `sip:${HOME}`,
      displayName: 'Alice',
      ...account,
    },
    clock,
    random: new SeededRandom(3),
    network,
    media: new FakeMediaFactory(),
    userAgent: 'test',
  });
  const states: string[] = [];
  agent.events.on('snapshot', ({ registration }) => {
    if (states.at(-1) !== registration.state) states.push(registration.state);
  });
  const listening = registrar.listen(HOME);
  await clock.advance(20);
  await listening;
  return { clock, fabric, registrar, agent, states, network };
}

type World = Awaited<ReturnType<typeof world>>;

async function start({ agent, clock }: World, ms = 500): Promise<void> {
  const started = agent.start();
  await clock.advance(ms);
  await started;
}

function last(requests: readonly SipRequest[]): SipRequest {
  const request = requests.at(-1);
  assert.ok(request);
  return request;
}

describe('Registration', () => {
  it('believes a registrar that knows the password, and none that only says so', async () => {
    for (const [password, state] of [
      ['secret', 'registered'],
      ['guess', 'unregistered'],
    ] as const) {
      const w = await world();
      w.registrar.proof = password;
      await start(w);
      const { registration } = w.agent.snapshot;
      assert.equal(registration.state, state);
      assert.equal(registration.failure?.reason, state === 'registered' ? undefined : 'network-not-trusted');
      // The next nonce of who is believed is used at once; of who is not, nothing is.
      if (state === 'unregistered') continue;
      const refreshed = w.agent.register();
      await w.clock.advance(500);
      await refreshed;
      assert.match(last(w.registrar.requests).headers.get('Authorization') ?? '', /nonce="n2".*nc=00000001/);
    }
  });

  it('registers with digest and shows each step', async () => {
    const w = await world();
    w.registrar.extra = [
      ['P-Associated-URI', '<sip:alice.default@ims.test>, <tel:+4930123>'],
      ['Service-Route', '<sip:scscf.ims.test;lr>'],
    ];
    await start(w);
    const { registration } = w.agent.snapshot;
    assert.deepEqual(w.states, ['resolving', 'registering', 'authenticating', 'registered'].slice(-w.states.length));
    assert.equal(registration.state, 'registered');
    assert.equal(registration.identity, 'sip:alice.default@ims.test');
    assert.deepEqual(registration.associatedUris, ['sip:alice.default@ims.test', 'tel:+4930123']);
    assert.deepEqual(
      [registration.transport, registration.server, registration.failure],
      ['udp', '10.0.0.10:5060', null],
    );
    assert.ok(
      registration.expiresAt !== null && registration.expiresAt - w.clock.wallTime() > 3_590_000,
      'our binding, not the first',
    );
    const [first, second] = w.registrar.requests;
    assert.ok(first && second);
    assert.equal(
      first.headers.get('Authorization'),
      'Digest username="alice@ims.test", realm="ims.test", uri="sip:ims.test", nonce="", response="", algorithm=MD5',
    );
    assert.equal(first.requestUri.toString(), 'sip:ims.test');
    assert.match(first.headers.get('Contact') ?? '', /^<sip:alice@10\.0\.0\.1:\d+>;\+g\.3gpp\.icsi-ref="urn%3A/);
    assert.equal(first.headers.get('Supported'), 'path');
    assert.deepEqual([first.cseq?.number, second.cseq?.number, first.callId === second.callId], [1, 2, true]);
  });

  it('takes the strongest of several challenges', async () => {
    const w = await world();
    w.registrar.algorithms = ['MD5', 'SHA-256', 'UNKNOWN-9'];
    await start(w);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    assert.match(last(w.registrar.requests).headers.get('Authorization') ?? '', /algorithm=SHA-256/);
  });

  it('uses the Service-Route, the default identity and the same hop for calls', async () => {
    const w = await world();
    w.registrar.extra = [
      ['P-Associated-URI', '<sip:alice.default@ims.test>'],
      ['Service-Route', '<sip:scscf.ims.test;lr>'],
    ];
    await start(w);
    w.agent.call('12 34-5');
    await w.clock.advance(200);
    const invite = last(w.registrar.requests);
    assert.equal(invite.method, 'INVITE');
    assert.equal(invite.requestUri.toString(), 'sip:12345@ims.test;user=phone');
    assert.deepEqual(invite.headers.getAll('Route'), ['<sip:10.0.0.10:5060;lr>', '<sip:scscf.ims.test;lr>']);
    assert.match(invite.headers.get('From') ?? '', /^"Alice" <sip:alice\.default@ims\.test>;tag=/);
    assert.equal(invite.headers.get('P-Preferred-Identity'), '"Alice" <sip:alice.default@ims.test>');
  });

  it('refreshes 600 s before the end, or at half time, with the nonce counted on', async () => {
    for (const [expires, after] of [
      [3600, 3000],
      [900, 450],
    ] as const) {
      const w = await world();
      w.registrar.expires = expires;
      await start(w);
      const before = w.registrar.requests.length;
      await w.clock.advance((after - 2) * 1000);
      assert.equal(w.registrar.requests.length, before);
      await w.clock.advance(3000);
      assert.equal(w.registrar.requests.length, before + 1, 'authorized at once');
      assert.match(last(w.registrar.requests).headers.get('Authorization') ?? '', /nc=00000002/);
      assert.equal(w.agent.snapshot.registration.state, 'registered');
    }
  });

  it('follows a stale nonce', async () => {
    const w = await world();
    await start(w);
    w.registrar.nonce = 'n2';
    const again = w.agent.register();
    await w.clock.advance(200);
    await again;
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    assert.equal(w.registrar.requests.length, 4);
  });

  it('asks for longer after 423', async () => {
    const w = await world({ expires: 60 });
    w.registrar.minimum = 1800;
    await start(w);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    assert.equal(last(w.registrar.requests).expires, 1800);
  });

  it('does not go round in circles with a wrong password', async () => {
    const w = await world({ password: 'wrong' });
    await start(w);
    const { state, failure } = w.agent.snapshot.registration;
    assert.deepEqual([state, failure?.reason, failure?.status], ['unregistered', 'credentials-rejected', 401]);
    assert.equal(w.registrar.requests.length, 2);
    await w.clock.advance(3_600_000);
    assert.equal(w.registrar.requests.length, 2, 'and does not try again');
  });

  it('takes a 403 right after its password for a wrong password, and any other for what it says', async () => {
    const w = await world();
    w.registrar.override = (request) =>
      request.headers.get('Authorization')?.includes('response=""')
        ? null
        : createResponse(request, 403, { toTag: 'r' });
    await start(w);
    const reason = (): unknown => w.agent.snapshot.registration.failure?.reason;
    assert.equal(reason(), 'credentials-rejected');
    // With what the last challenge asked for: nobody asked anew.
    void w.agent.register();
    await w.clock.advance(500);
    assert.equal(reason(), 'forbidden');
  });

  it('names the missing password', async () => {
    const clock = new VirtualClock();
    const fabric = new MemoryFabric({ clock, random: new SeededRandom(2) });
    const registrar = new FakeRegistrar(fabric, HOME);
    const agent = new UserAgent({
      account: { publicIdentity: 'alice@ims.test', proxy: HOME },
      clock,
      random: new SeededRandom(3),
      network: fabric.host('10.0.0.1'),
      media: new FakeMediaFactory(),
    });
    void registrar.listen(HOME);
    await clock.advance(20);
    void agent.start();
    await clock.advance(300);
    assert.equal(agent.snapshot.registration.failure?.reason, 'credentials-missing');
    assert.equal(registrar.requests[0]?.headers.has('Authorization'), false);
  });

  for (const [status, reason] of [
    [403, 'forbidden'],
    [404, 'unknown-user'],
    [420, 'registration-rejected'],
    [606, 'registration-rejected'],
  ] as const) {
    it(`gives up on ${status}: ${reason}`, async () => {
      const w = await world();
      w.registrar.override = (request) => createResponse(request, status, { toTag: 'r' });
      await start(w);
      const { state, failure } = w.agent.snapshot.registration;
      assert.deepEqual([state, failure?.reason, failure?.status], ['unregistered', reason, status]);
    });
  }

  it('waits as Retry-After says, then registers', async () => {
    const w = await world();
    w.registrar.override = (request) => {
      const response = createResponse(request, 503, { toTag: 'r' });
      response.headers.set('Retry-After', '17 (busy);duration=5');
      return response;
    };
    await start(w);
    assert.deepEqual(
      [w.agent.snapshot.registration.state, w.agent.snapshot.registration.failure?.retryAfter],
      ['waiting', 17_000],
    );
    w.registrar.override = null;
    await w.clock.advance(17_500);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
  });

  it('backs off when nobody answers, longer each time', async () => {
    const w = await world();
    w.registrar.silent = true;
    await start(w, 33_000);
    const waits: number[] = [];
    for (let i = 0; i < 3; i++) {
      await w.clock.until(() => w.agent.snapshot.registration.state === 'waiting', 2_000_000);
      const { failure } = w.agent.snapshot.registration;
      assert.ok(failure?.reason === 'server-timeout');
      waits.push(failure.retryAfter ?? 0);
      await w.clock.until(() => w.agent.snapshot.registration.state !== 'waiting', 2_000_000);
    }
    // RFC 5626 §4.5: 50 to 100 % of 60, 120, 240 s.
    waits.forEach((wait, i) => assert.ok(wait >= 30_000 * 2 ** i && wait <= 60_000 * 2 ** i, `${wait} after ${i + 1}`));
    w.registrar.silent = false;
    await w.clock.until(() => w.agent.snapshot.registration.state === 'registered', 2_000_000);
  });

  it('refuses calls while not registered', async () => {
    const w = await world({ password: 'wrong' });
    await start(w);
    w.agent.call('sip:bob@ims.test');
    assert.equal(w.agent.snapshot.calls[0]?.failure?.reason, 'not-registered');
  });

  it('de-registers', async () => {
    const w = await world();
    await start(w);
    const done = w.agent.unregister();
    assert.equal(w.agent.snapshot.registration.state, 'unregistering');
    await w.clock.advance(200);
    await done;
    assert.equal(last(w.registrar.requests).expires, 0);
    assert.match(last(w.registrar.requests).headers.get('Contact') ?? '', /;expires=0$/);
    assert.equal(w.agent.snapshot.registration.state, 'unregistered');
    await w.clock.advance(4000_000);
    assert.equal(w.registrar.requests.length, 3, 'and is quiet then');
  });

  it('registers again when its connection is lost', async () => {
    const w = await world({ transport: 'tcp' });
    await start(w);
    assert.match(last(w.registrar.requests).headers.get('Contact') ?? '', /;transport=tcp>/);
    for (const stream of [...w.network.streams]) stream.close();
    await w.clock.advance(500);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    assert.equal(w.registrar.requests.length, 3);
  });

  it('finds its proxy by NAPTR and SRV, and the next one when the first is down', async () => {
    const w = await world({ proxy: 'sip:ims.test' });
    const { fabric } = w;
    fabric.addRecords('ims.test', [
      {
        type: 'NAPTR',
        order: 1,
        preference: 1,
        flags: 's',
        service: 'SIP+D2T',
        regexp: '',
        replacement: '_sip._tcp.ims.test',
        ttl: 9,
      },
    ]);
    fabric.addRecords('_sip._tcp.ims.test', [
      { type: 'SRV', priority: 2, weight: 0, port: 5060, target: 'b.ims.test', ttl: 9 },
      { type: 'SRV', priority: 1, weight: 0, port: 5060, target: 'a.ims.test', ttl: 9 },
    ]);
    fabric.addRecords('a.ims.test', [{ type: 'A', address: '10.0.0.98', ttl: 9 }]);
    fabric.addRecords('b.ims.test', [{ type: 'A', address: HOME, ttl: 9 }]);
    await start(w, 11_000);
    const { state, transport, server } = w.agent.snapshot.registration;
    assert.deepEqual([state, transport, server], ['registered', 'tcp', '10.0.0.10:5060']);
  });

  it('is registered again by itself after the network was gone', async () => {
    const w = await world();
    await start(w);
    w.registrar.override = (request) =>
      request.method === 'INVITE' ? createResponse(request, 180, { toTag: 'r' }) : null;
    w.agent.call('sip:bob@ims.test');
    await w.clock.advance(100);
    const sockets = w.network;
    // What a companion that dies does: every socket closes with an error.
    const udp = [...Array(16384).keys()]
      .map((i) => sockets.udpAt({ address: '10.0.0.1', port: 49152 + i }))
      .find(Boolean);
    assert.ok(udp);
    udp.onClose?.(new NetworkError('companion-lost', 'gone'));
    await w.clock.advance(1);
    assert.deepEqual(
      [w.agent.snapshot.link.state, w.agent.snapshot.link.failure?.reason, w.agent.snapshot.registration.state],
      ['lost', 'companion-lost', 'waiting'],
    );
    assert.equal(w.agent.snapshot.calls[0]?.failure?.reason, 'companion-lost');
    await w.clock.advance(3000);
    assert.deepEqual([w.agent.snapshot.link.state, w.agent.snapshot.registration.state], ['connected', 'registered']);
  });

  it('stops within two seconds even if nobody answers, and leaves nothing', async () => {
    const w = await world();
    await start(w);
    w.registrar.silent = true;
    const stopped = w.agent.stop();
    await w.clock.advance(2100);
    await stopped;
    assert.equal(w.network.openSockets, 0);
    w.registrar.endpoint.close();
    await w.clock.advance(100);
    assert.equal(w.clock.pending, 0);
  });

  it('keeps registered for a year', async () => {
    const w = await world();
    w.registrar.expires = 600_000;
    await start(w);
    for (let day = 0; day < 365; day++) {
      await w.clock.advance(86_400_000);
      assert.equal(w.agent.snapshot.registration.state, 'registered');
    }
    assert.ok(w.registrar.requests.length < 80);
    assert.ok(w.agent.usage.transactions === 0 && w.clock.pending < 8);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SipEndpoint } from '../../../src/ims/sip/endpoint.js';
import { Headers } from '../../../src/ims/sip/headers.js';
import { createResponse, SipRequest, type SipResponse } from '../../../src/ims/sip/message.js';
import { printMessage } from '../../../src/ims/sip/print.js';
import { parseUri } from '../../../src/ims/sip/uri.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';

function uri(text: string) {
  const parsed = parseUri(text);
  assert.ok(parsed);
  return parsed;
}

let calls = 0;
export function request(method: string, target: string, body = ''): SipRequest {
  return new SipRequest(
    method,
    uri(target),
    new Headers([
      ['Max-Forwards', '70'],
      ['From', '<sip:a@a.test>;tag=1'],
      ['To', `<${target}>`],
      ['Call-ID', `call-${calls++}`],
      ['CSeq', `1 ${method}`],
    ]),
    new TextEncoder().encode(body),
  );
}

async function pair(transport: 'udp' | 'tcp' = 'udp') {
  const clock = new VirtualClock();
  const random = new SeededRandom(7);
  const fabric = new MemoryFabric({ clock, random, conditions: { delay: 5 } });
  const make = (address: string) => new SipEndpoint({ network: fabric.host(address), clock, random });
  const a = make('10.0.0.1');
  const b = make('10.0.0.2');
  const listening = Promise.all([
    a.listen({ transport: 'udp', address: '10.0.0.1', port: 5060 }),
    b.listen({ transport: 'udp', address: '10.0.0.2', port: 5060 }),
    b.listen({ transport: 'tcp', address: '10.0.0.2', port: 5060 }),
  ]);
  await clock.advance(100);
  await listening;
  return { clock, fabric, a, b, transport };
}

function outcome() {
  const seen: string[] = [];
  const handlers = {
    onProvisional: (response: SipResponse) => void seen.push(String(response.status)),
    onFinal: (response: SipResponse) => void seen.push(String(response.status)),
    onFailure: (reason: string) => void seen.push(reason),
  };
  return { seen, handlers };
}

describe('SipEndpoint', () => {
  for (const transport of ['udp', 'tcp']) {
    it(`sends a request and gets the answer over ${transport}`, async () => {
      const { a, b, clock } = await pair();
      const vias: string[] = [];
      b.onRequest = (message, transaction) => {
        vias.push(message.via?.toString() ?? '');
        transaction?.respond(createResponse(message, 200, { toTag: 'b' }));
      };
      const { seen, handlers } = outcome();
      a.request(request('OPTIONS', `sip:10.0.0.2;transport=${transport}`), handlers);
      await clock.advance(100);
      assert.deepEqual(seen, ['200']);
      assert.match(
        vias[0] ?? '',
        transport === 'udp' ? /^SIP\/2\.0\/UDP 10\.0\.0\.1:5060;.*rport=5060;received=10\.0\.0\.1/ : /^SIP\/2\.0\/TCP/,
      );
      await clock.advance(40_000);
      assert.deepEqual([a.usage.transactions, b.usage.transactions, a.usage.exchanges], [0, 0, 0]);
      a.close();
      b.close();
      await clock.advance(10);
      assert.equal(clock.pending, 0);
    });
  }

  it('retransmits over UDP until an answer comes, and the server repeats its answer', async () => {
    const { a, b, clock, fabric } = await pair();
    let requests = 0;
    b.onRequest = (message, transaction) => {
      requests++;
      transaction?.respond(createResponse(message, 200, { toTag: 'b' }));
    };
    let packets = 0;
    fabric.filter = () => (++packets <= 3 ? 'drop' : 'pass');
    const { seen, handlers } = outcome();
    a.request(request('OPTIONS', 'sip:10.0.0.2'), handlers);
    await clock.advance(10_000);
    assert.deepEqual(seen, ['200']);
    assert.equal(requests, 1);
  });

  it('times out after 64*T1 when nobody answers', async () => {
    const { a, clock } = await pair();
    const { seen, handlers } = outcome();
    a.request(request('OPTIONS', 'sip:10.0.0.77'), handlers);
    await clock.advance(31_900);
    assert.deepEqual(seen, []);
    await clock.advance(200);
    assert.deepEqual(seen, ['timeout']);
    assert.equal(a.usage.exchanges, 0);
  });

  it('takes TCP for a request above 1300 octets, and UDP if the peer has no TCP', async () => {
    for (const tcp of [true, false]) {
      const { a, b, clock, fabric } = await pair();
      const arrived: string[] = [];
      b.onRequest = (message, transaction, flow) => {
        arrived.push(`${flow.transport} ${message.via?.transport}`);
        transaction?.respond(createResponse(message, 200, { toTag: 'b' }));
      };
      if (!tcp) fabric.filter = (packet) => (packet.protocol === 'tcp' ? 'drop' : 'pass');
      const { seen, handlers } = outcome();
      a.request(request('OPTIONS', 'sip:10.0.0.2', 'x'.repeat(1200)), handlers);
      await clock.advance(8000);
      assert.deepEqual(seen, ['200']);
      assert.deepEqual(arrived, [tcp ? 'tcp TCP' : 'udp UDP']);
    }
  });

  it('cancels an INVITE only after a provisional response, and ACKs the 487', async () => {
    const { a, b, clock } = await pair();
    const got: string[] = [];
    b.onRequest = (message, transaction) => {
      got.push(message.method);
      if (!transaction) return;
      transaction.onCancel = () => {
        got.push('CANCEL');
        transaction.respond(createResponse(message, 487, { toTag: 'b' }));
      };
      transaction.onAck = () => got.push('ACK');
    };
    const { seen, handlers } = outcome();
    const handle = a.request(request('INVITE', 'sip:10.0.0.2'), handlers);
    await clock.advance(50);
    handle.cancel();
    await clock.advance(100);
    assert.deepEqual(got, ['INVITE']);
    await clock.advance(1000);
    assert.deepEqual(got, ['INVITE', 'CANCEL', 'ACK']);
    assert.deepEqual(seen, ['100', '487']);
    await clock.advance(40_000);
    assert.equal(a.usage.transactions + b.usage.transactions, 0);
  });

  it('gives an INVITE up 64*T1 after its CANCEL: an RFC 2543 peer may never send the 487 (§9.1)', async () => {
    const { a, b, clock } = await pair();
    b.onRequest = (message, transaction) => transaction?.respond(createResponse(message, 180, { toTag: 'b' }));
    const { seen, handlers } = outcome();
    const handle = a.request(request('INVITE', 'sip:10.0.0.2'), handlers);
    await clock.advance(50);
    handle.cancel();
    await clock.advance(31_900);
    assert.deepEqual(seen, ['180']);
    await clock.advance(200);
    assert.deepEqual(seen, ['180', '487']);
    await clock.advance(40_000);
    assert.equal(a.usage.exchanges + a.usage.transactions, 0);
  });

  it('answers a CANCEL: 481 if it knows no such INVITE, 200 and nothing more after the final response', async () => {
    const { a, b, clock, fabric } = await pair();
    const socket = await fabric.host('10.0.0.9').bindUdp({ address: '10.0.0.9', port: 5060 });
    const answers: string[] = [];
    socket.onMessage = (data) => answers.push(new TextDecoder().decode(data).slice(8, 11));
    const send = (method: string, branch: string): void => {
      const message = request(method, 'sip:10.0.0.2');
      message.headers.set('Call-ID', branch);
      message.headers.prepend('Via', `SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK${branch}`);
      socket.send(printMessage(message), { address: '10.0.0.2', port: 5060 });
    };
    b.onRequest = (message, transaction) => {
      if (!transaction) return;
      transaction.onCancel = () => assert.fail('it was over');
      transaction.respond(createResponse(message, 486, { toTag: 'b' }));
    };
    send('CANCEL', 'nothing');
    await clock.advance(20);
    send('INVITE', 'busy');
    await clock.advance(20);
    send('CANCEL', 'busy');
    await clock.advance(20);
    assert.deepEqual(answers, ['481', '486', '200']);
    a.close();
    b.close();
  });

  it('goes on to the next target after 503, a refusal and silence', async () => {
    const { a, b, clock, fabric } = await pair();
    const srv = (target: string, priority: number) =>
      ({ type: 'SRV', priority, weight: 0, port: 5060, target, ttl: 60 }) as const;
    const records = [srv('gone.b.test', 1), srv('ill.b.test', 2), srv('b1.b.test', 3)];
    fabric.addRecords('_sip._udp.b.test', records);
    fabric.addRecords('_sip._tcp.b.test', records);
    fabric.addRecords('gone.b.test', [{ type: 'A', address: '10.0.0.99', ttl: 60 }]);
    fabric.addRecords('ill.b.test', [{ type: 'A', address: '10.0.0.3', ttl: 60 }]);
    fabric.addRecords('b1.b.test', [{ type: 'A', address: '10.0.0.2', ttl: 60 }]);
    const ill = new SipEndpoint({ network: fabric.host('10.0.0.3'), clock, random: new SeededRandom(9) });
    const listening = ill.listen({ transport: 'udp', address: '10.0.0.3', port: 5060 });
    await clock.advance(10);
    await listening;
    const asked: string[] = [];
    ill.onRequest = (message, transaction) => {
      asked.push(message.via?.branch ?? '');
      transaction?.respond(createResponse(message, 503, { toTag: 'i' }));
    };
    b.onRequest = (message, transaction) => {
      asked.push(message.via?.branch ?? '');
      transaction?.respond(createResponse(message, 200, { toTag: 'b' }));
    };
    const silent = outcome();
    a.request(request('OPTIONS', 'sip:b.test'), silent.handlers);
    await clock.advance(33_000);
    assert.deepEqual(silent.seen, ['200']);
    assert.equal(asked.length, 2);
    assert.notEqual(asked[0], asked[1], 'each attempt has a branch of its own');

    const refused = outcome(); // neither of the first two listens on TCP
    a.request(request('OPTIONS', 'sip:b.test;transport=tcp'), refused.handlers);
    await clock.advance(33_000);
    assert.deepEqual(refused.seen, ['200']);
    assert.equal(asked.length, 3);
  });

  it('counts, traces and drops a malformed datagram', async () => {
    const { a, b, clock, fabric } = await pair();
    const network = fabric.host('10.0.0.9');
    const socket = await network.bindUdp({ address: '10.0.0.9' });
    b.onRequest = () => assert.fail('no request');
    socket.send(new TextEncoder().encode('not SIP at all\r\n\r\n'), { address: '10.0.0.2', port: 5060 });
    await clock.advance(100);
    assert.equal(b.counters.malformed, 1);
    a.close();
    b.close();
  });

  it('fails at once with the network error when the name leads nowhere', async () => {
    const { a, clock } = await pair();
    const { seen, handlers } = outcome();
    a.request(request('OPTIONS', 'sip:nowhere.test'), handlers);
    await clock.advance(100);
    assert.deepEqual(seen, ['transport']);
  });
});

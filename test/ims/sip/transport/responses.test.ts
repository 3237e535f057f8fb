import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SipEndpoint } from '../../../../src/ims/sip/endpoint.js';
import { createResponse } from '../../../../src/ims/sip/message.js';
import type { ServerTransaction } from '../../../../src/ims/sip/transaction/server-transaction.js';
import { MemoryFabric } from '../../../../src/net/memory-network.js';
import { SeededRandom } from '../../../platform/seeded-random.js';
import { VirtualClock } from '../../../platform/virtual-clock.js';

const SERVER = { address: '10.0.0.2', port: 5060 };
const text = (octets: Uint8Array): string => new TextDecoder().decode(octets);

/** A server of ours that answers 200 when it is told to, and a client that writes its octets by hand. */
async function world() {
  const clock = new VirtualClock();
  const random = new SeededRandom(5);
  const fabric = new MemoryFabric({ clock, random, conditions: { delay: 5 } });
  const server = new SipEndpoint({ network: fabric.host(SERVER.address), clock, random });
  const transactions: ServerTransaction[] = [];
  server.onRequest = (_, transaction) => {
    if (transaction) transactions.push(transaction);
  };
  const listening = Promise.all([
    server.listen({ transport: 'udp', ...SERVER }),
    server.listen({ transport: 'tcp', ...SERVER }),
  ]);
  await clock.advance(20);
  await listening;
  const answer = (): void => {
    for (const transaction of transactions.splice(0))
      transaction.respond(createResponse(transaction.request, 200, { toTag: 'b' }));
  };
  const client = fabric.host('10.0.0.1');
  /** What arrives at a UDP port of the client. */
  const udp = async (port: number) => {
    const socket = await client.bindUdp({ address: '10.0.0.1', port });
    const seen: string[] = [];
    socket.onMessage = (data) => void seen.push(text(data).split('\r\n')[0] ?? '');
    return { socket, seen };
  };
  return { clock, client, answer, udp };
}

const options = (transport: string, via: string): Uint8Array =>
  new TextEncoder().encode(
    [
      'OPTIONS sip:10.0.0.2 SIP/2.0',
      `Via: SIP/2.0/${transport} ${via};branch=z9hG4bKa`,
      'Max-Forwards: 70',
      'From: <sip:a@10.0.0.1>;tag=1',
      'To: <sip:10.0.0.2>',
      'Call-ID: c',
      'CSeq: 1 OPTIONS',
      'Content-Length: 0',
      '\r\n',
    ].join('\r\n'),
  );

describe('The way of a response', () => {
  it('over UDP with rport: back to the port of the request (RFC 3581 §4)', async () => {
    const { clock, answer, udp } = await world();
    const [source, named] = await Promise.all([udp(7000), udp(7001)]);
    source.socket.send(options('UDP', '10.0.0.1:7001;rport'), SERVER);
    await clock.advance(50);
    answer();
    await clock.advance(50);
    assert.deepEqual([source.seen, named.seen], [['SIP/2.0 200 OK'], []]);
  });

  it('over UDP without rport: to the port of the Via (RFC 3261 §18.2.2)', async () => {
    const { clock, answer, udp } = await world();
    const [source, named] = await Promise.all([udp(7000), udp(7001)]);
    // The address of the Via is not believed: received is (§18.2.1).
    source.socket.send(options('UDP', '10.9.9.9:7001'), SERVER);
    await clock.advance(50);
    answer();
    await clock.advance(50);
    assert.deepEqual([source.seen, named.seen], [[], ['SIP/2.0 200 OK']]);
  });

  it('over TCP whose connection is gone: a new one to the Via (§18.2.2)', async () => {
    const { clock, client, answer } = await world();
    const seen: string[] = [];
    const opening = client.listen({ address: '10.0.0.1', port: 7001 });
    const connecting = client.connect({ remote: SERVER });
    await clock.advance(50);
    (await opening).onConnection = (connection) => {
      connection.onData = (data) => void seen.push(text(data).split('\r\n')[0] ?? '');
    };
    const connection = await connecting;
    await connection.write(options('TCP', '10.0.0.1:7001'));
    await clock.advance(50);
    connection.close();
    await clock.advance(50);
    answer();
    await clock.advance(100);
    assert.deepEqual(seen, ['SIP/2.0 200 OK']);
  });

  it('a connection that never says anything is closed', async () => {
    const { clock, client } = await world();
    const opening = Promise.all([client.connect({ remote: SERVER }), client.connect({ remote: SERVER })]);
    await clock.advance(50);
    const [silent, talking] = await opening;
    const closed = new Set<string>();
    silent.onClose = () => void closed.add('silent');
    talking.onClose = () => void closed.add('talking');
    await talking.write(options('TCP', '10.0.0.1:7001'));
    await clock.advance(60_000);
    assert.deepEqual([...closed], ['silent']);
  });
});

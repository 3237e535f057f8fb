import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { NodeNetwork } from '../../../companion/native/node-network.js';
import { CloseCode, SUBPROTOCOL } from '../../../companion/protocol/version.js';
import type { CompanionNetwork } from '../../../src/net/companion-network.js';
import type { CompanionUdpSocket } from '../../../src/net/companion/companion-udp.js';
import type { Endpoint, StreamConnection, UdpSocket } from '../../../src/net/network.js';
import { makeCertificates, type TestCertificates } from '../../net/certificates.js';
import { closeFixtures, companionFixture, ORIGIN, type CompanionFixture } from '../../net/companion-fixture.js';
import { CutOff } from '../../net/cut-off.js';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const will = (name: string, text: string): { name: string; data: Uint8Array } => ({ name, data: octets(text) });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

afterEach(closeFixtures);

/** A registrar that writes down what it is told, and a page with a socket that has said "hello" to it. */
async function world(): Promise<{
  fixture: CompanionFixture;
  server: UdpSocket;
  heard: { text: string; port: number }[];
  page(name?: string, origin?: string): Promise<{ network: CompanionNetwork; socket: CompanionUdpSocket; cut: CutOff }>;
}> {
  const fixture = await companionFixture({ trustedOrigins: [ORIGIN, 'https://other.test'] });
  const home = fixture.page();
  const server = await home.bindUdp({ address: '127.0.0.1' });
  const heard: { text: string; port: number }[] = [];
  server.onMessage = (data, from) => void heard.push({ text: new TextDecoder().decode(data), port: from.port });
  const page = async (name = 'a', origin = ORIGIN) => {
    const cut = new CutOff(origin);
    const network = fixture.page({ webSocket: cut.webSocket, origin });
    const socket = await network.bindUdp({ address: '127.0.0.1' });
    socket.send(octets('hello'), server.local);
    socket.leaveWill(will(name, `${name} is gone`), server.local);
    await network.localAddressFor('127.0.0.1');
    return { network, socket, cut };
  };
  return { fixture, server, heard, page };
}

const texts = (heard: readonly { text: string }[]): string[] => heard.map(({ text }) => text);

describe('a will', () => {
  it('is carried out once, from the same port, when the page is gone without a goodbye', async () => {
    const { heard, page } = await world();
    const { socket, cut } = await page();
    await pause(100);
    assert.deepEqual(texts(heard), ['hello']);
    cut.kill();
    await pause(200);
    assert.deepEqual(texts(heard), ['hello', 'a is gone']);
    assert.equal(heard[1]?.port, socket.local.port);
  });

  it('is not, after a goodbye, after the end of its socket, and when it was dropped', async () => {
    const { heard, page } = await world();
    const polite = await page('polite');
    const closed = await page('closed');
    const dropped = await page('dropped');
    polite.network.close();
    closed.socket.close();
    dropped.network.dropWill('dropped');
    await pause(100);
    closed.cut.kill();
    dropped.cut.kill();
    await pause(200);
    assert.deepEqual(texts(heard), ['hello', 'hello', 'hello']);
  });

  it('gives way to a later one of its name from any page of the origin', async () => {
    const { heard, page } = await world();
    const first = await page('same');
    const second = await page('same');
    const stranger = await page('same', 'https://other.test');
    for (const { cut } of [first, second, stranger]) {
      cut.kill();
      await pause(100);
    }
    // The stranger is of another origin: it neither takes nor loses a place.
    const [here, there] = [second, stranger].map(({ socket }) => ({ text: 'same is gone', port: socket.local.port }));
    assert.deepEqual(heard.slice(3), [here, there]);
  });

  it('may be one of several on a socket: they go as they were left, and the last one last', async () => {
    const { heard, page, server } = await world();
    const { socket, cut, network } = await page('first');
    socket.leaveWill({ ...will('end', 'the last word'), last: true }, server.local);
    for (const name of ['second', 'third']) socket.leaveWill(will(name, name), server.local);
    socket.leaveWill(will('first', 'first, anew'), server.local);
    await network.localAddressFor('127.0.0.1');
    cut.kill();
    await pause(200);
    assert.deepEqual(texts(heard), ['hello', 'second', 'third', 'first, anew', 'the last word']);
  });

  it('is dropped by who comes after, before the companion has seen the end of who was before', async () => {
    const { heard, page } = await world();
    const before = await page('device');
    const after = await page('other');
    after.network.dropWill('device');
    await after.network.localAddressFor('127.0.0.1');
    before.cut.kill();
    await pause(200);
    assert.deepEqual(texts(heard), ['hello', 'hello']);
  });

  it('is carried out when the companion stops, whose sockets go too', async () => {
    const { fixture, page } = await world();
    const network = new NodeNetwork();
    const server = await network.bindUdp({ address: '127.0.0.1' });
    try {
      const { socket } = await page();
      const heard: string[] = [];
      server.onMessage = (data) => void heard.push(new TextDecoder().decode(data));
      socket.send(octets('hello'), server.local);
      socket.leaveWill(will('b', 'stopped'), server.local);
      await pause(100);
      await fixture.companion.close();
      await pause(200);
      assert.deepEqual(heard, ['hello', 'stopped']);
    } finally {
      network.close();
    }
  });

  describe('on a connection', () => {
    let certificates: TestCertificates;
    before(() => (certificates = makeCertificates()));

    for (const secure of [false, true]) {
      it(`comes after all that was written before (${secure ? 'TLS' : 'TCP'})`, async () => {
        const fixture = await companionFixture();
        const network = new NodeNetwork();
        const { certificate, privateKey } = certificates.valid;
        const listener = await network.listen({
          address: '127.0.0.1',
          ...(secure ? { tls: { certificate, privateKey } } : {}),
        });
        try {
          let heard = '';
          const ended = new Promise<void>((resolve) => {
            listener.onConnection = (connection: StreamConnection) => {
              connection.onData = (data) => (heard += new TextDecoder().decode(data));
              connection.onClose = () => resolve();
            };
          });
          const cut = new CutOff();
          const page = fixture.page({ webSocket: cut.webSocket });
          const stream = await page.connect({
            remote: { address: '127.0.0.1', port: listener.local.port },
            ...(secure ? { tls: { authorities: [certificates.authority] } } : {}),
          });
          await stream.write(octets('x'.repeat(100_000)));
          stream.leaveWill(will('a', 'gone'));
          await page.localAddressFor('127.0.0.1');
          cut.kill();
          await ended;
          assert.equal(heard, `${'x'.repeat(100_000)}gone`);
        } finally {
          network.close();
        }
      });
    }
  });
});

describe('what a page may not leave', () => {
  /** A page that speaks the protocol by hand. */
  async function raw(): Promise<{
    call(method: string, params: object): Promise<{ result?: { channel?: number }; reason: string }>;
    socket: WebSocket;
    to: Endpoint;
    heard: { text: string }[];
    fixture: CompanionFixture;
  }> {
    const { fixture, server, heard } = await world();
    const socket = new WebSocket(`${fixture.companion.url}/v1/signalling`, [SUBPROTOCOL], { origin: ORIGIN });
    await once(socket, 'open');
    let id = 0;
    const call = (method: string, params: object) =>
      new Promise<{ result?: { channel?: number }; reason: string }>((resolve) => {
        const own = ++id;
        const onMessage = (data: Buffer): void => {
          const answer = JSON.parse(data.toString()) as {
            id?: number;
            result?: object;
            error?: { data: { reason: string } };
          };
          if (answer.id !== own) return;
          socket.off('message', onMessage);
          resolve({ result: answer.result ?? {}, reason: answer.error?.data.reason ?? '' });
        };
        socket.on('message', onMessage);
        socket.send(JSON.stringify({ jsonrpc: '2.0', id: own, method, params }));
      });
    await call('hello', { version: 1 });
    return { call, socket, to: server.local, heard, fixture };
  }

  const datagram = (channel: number, { port }: Endpoint, text: string): Buffer => {
    const head = Buffer.from([1, 0, 0, 0, channel, 127, 0, 0, 1, port >> 8, port & 255, 0, text.length]);
    return Buffer.concat([head, Buffer.from(text)]);
  };

  it('is anything for a place that the socket has not spoken to, and what is too long or too much', async () => {
    const { call, socket, to, heard } = await raw();
    const first = (await call('udp.bind', { address: '127.0.0.1' })).result?.channel ?? 0;
    const data = Buffer.from('will').toString('base64');
    const leave = async (more: object): Promise<string> =>
      (await call('will.leave', { channel: first, name: 'n', data, remote: to, ...more })).reason;
    assert.equal(await leave({}), 'denied', 'nothing was said there');
    socket.send(datagram(first, to, 'hello'));
    assert.equal(await leave({}), '');
    assert.equal(await leave({ remote: { ...to, port: to.port === 9 ? 10 : 9 } }), 'denied');
    assert.equal(await leave({ remote: { address: 'localhost', port: to.port } }), 'denied');
    assert.equal(await leave({ remote: undefined }), 'denied', 'a datagram needs a place');
    assert.equal(await leave({ channel: 99 }), 'denied', 'no such socket');
    assert.equal(await leave({ data: '%' }), 'unsupported');
    assert.equal(await leave({ data: Buffer.alloc(8193).toString('base64') }), 'too-large');
    assert.equal(await leave({ data: 'A'.repeat(20_000) }), 'unsupported', 'no good shape');
    assert.equal(await leave({ name: 'n'.repeat(257) }), 'unsupported');
    for (let i = 0; i < 34; i++) assert.equal(await leave({ name: `n${i}` }), i < 31 ? '' : 'limit');
    const long = Buffer.alloc(8192).toString('base64');
    for (let i = 0; i < 9; i++) assert.equal(await leave({ name: `n${i}`, data: long }), i < 7 ? '' : 'limit');
    socket.terminate();
    await pause(200);
    assert.equal(heard.filter(({ text }) => text === 'will').length, 32 - 7 - 2);
  });

  it('is carried out neither for who breaks the protocol nor for who is let in no more', async () => {
    for (const [code, end] of [
      [CloseCode.protocol, ({ socket }) => socket.send(Buffer.from([99]))],
      [CloseCode.unpaired, ({ fixture, id }) => assert.equal(fixture.companion.revoke(id), 1)],
    ] as readonly (readonly [number, (page: { socket: WebSocket; fixture: CompanionFixture; id: string }) => void])[]) {
      const fixture = await companionFixture({ trustedOrigins: [] });
      const network = new NodeNetwork();
      const server = await network.bindUdp({ address: '127.0.0.1' });
      try {
        const heard: string[] = [];
        server.onMessage = (data) => void heard.push(new TextDecoder().decode(data));
        const code_ = fixture.companion.pair({ origin: ORIGIN, destinations: ['loopback:1-65535'] });
        let socket: WebSocket | null = null;
        const page = fixture.page({
          webSocket: (target, protocols) => (socket = new WebSocket(target, [...protocols], { origin: ORIGIN })),
        });
        await page.pair(code_);
        const udp = await page.bindUdp({ address: '127.0.0.1' });
        udp.send(octets('hello'), server.local);
        udp.leaveWill(will('a', 'gone'), server.local);
        await page.localAddressFor('127.0.0.1');
        const open = socket as WebSocket | null;
        assert.ok(open);
        const closed = once(open, 'close');
        end({ socket: open, fixture, id: ORIGIN });
        assert.equal((await closed)[0], code);
        await pause(200);
        assert.deepEqual(heard, ['hello']);
      } finally {
        network.close();
      }
    }
  });
});

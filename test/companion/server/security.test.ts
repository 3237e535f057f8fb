import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect as tcpConnect, createServer } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { FrameWriter } from '../../../companion/protocol/frames.js';
import { CloseCode, INITIAL_CREDIT, SUBPROTOCOL } from '../../../companion/protocol/version.js';
import { MAX_CONNECTIONS } from '../../../companion/server/limits.js';
import { NetworkError } from '../../../src/net/network.js';
import { closeFixtures, companionFixture, ORIGIN, type CompanionFixture } from '../../net/companion-fixture.js';

interface Upgrade {
  readonly origin?: string | undefined;
  readonly host?: string;
  readonly path?: string;
}

/** @returns the HTTP status that the WebSocket got: 101 if it opened */
function upgradeStatus(
  fixture: CompanionFixture,
  { origin = ORIGIN, host, path = '/v1/media' }: Upgrade,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(fixture.companion.url + path, [SUBPROTOCOL], {
      ...(origin === '' ? {} : { origin }),
      ...(host === undefined ? {} : { headers: { host } }),
    });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('error', reject);
  });
}

function get(port: number, path: string, headers: Record<string, string>, method = 'GET') {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** A raw page: an open WebSocket and what comes in. */
class RawPage {
  readonly texts: string[] = [];
  /** Octets of binary messages. */
  received = 0;
  readonly closed: Promise<number>;
  readonly #waiting: (() => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => undefined);
    socket.on('message', (data, isBinary) => {
      if (!(data instanceof Buffer)) return;
      if (isBinary) this.received += data.length;
      else this.texts.push(data.toString());
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  static async open(fixture: CompanionFixture, path = '/v1/signalling'): Promise<RawPage> {
    const socket = new WebSocket(fixture.companion.url + path, [SUBPROTOCOL], { origin: ORIGIN });
    const page = new RawPage(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return page;
  }

  async call(
    id: number,
    method: string,
    params: object = {},
  ): Promise<{ result?: { channel?: number }; reason?: string }> {
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    for (;;) {
      for (const text of this.texts) {
        const answer = JSON.parse(text) as { id?: number; result?: object; error?: { data: { reason: string } } };
        if (answer.id === id) return { result: answer.result ?? {}, reason: answer.error?.data.reason ?? '' };
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

async function eventually(check: () => boolean): Promise<void> {
  for (let i = 0; i < 300 && !check(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(check());
}

describe('the door of the companion', () => {
  let fixture: CompanionFixture;
  before(async () => (fixture = await companionFixture()));
  after(() => fixture.close());

  it('opens to the right Origin and Host only', async () => {
    const { port } = fixture.companion;
    assert.equal(await upgradeStatus(fixture, {}), 101);
    for (const origin of [
      '',
      'null',
      'https://evil.test',
      `${ORIGIN}.evil.test`,
      'http://phone.example.test',
      `${ORIGIN}:444`,
    ]) {
      assert.equal(await upgradeStatus(fixture, { origin }), 403, origin);
    }
    for (const host of [
      'evil.test',
      `evil.test:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `127.0.0.1.evil.test:${port}`,
    ]) {
      assert.equal(await upgradeStatus(fixture, { host }), 421, host);
    }
    assert.equal(await upgradeStatus(fixture, { host: `localhost:${port}` }), 101);
    for (const path of ['/', '/v1/media?token=x', '/v2/media', '/health']) {
      assert.equal(await upgradeStatus(fixture, { path }), 404, path);
    }
  });

  it('binds loopback only', async () => {
    const page = fixture.page();
    const other = (await page.interfaces()).find(({ internal, family }) => !internal && family === 4);
    if (!other) return;
    const code = await new Promise((resolve) => {
      const socket = tcpConnect(fixture.companion.port, other.address);
      socket
        .on('connect', () => resolve('connected'))
        .on('error', (error) => resolve('code' in error ? error.code : ''));
    });
    assert.equal(code, 'ECONNREFUSED');
  });

  it('tells its health, and to known origins who it is', async () => {
    const { port } = fixture.companion;
    const own = { host: `127.0.0.1:${port}` };
    const known = await get(port, '/health', { ...own, origin: ORIGIN });
    assert.equal(known.headers['access-control-allow-origin'], ORIGIN);
    assert.deepEqual(JSON.parse(known.body), { companion: '0.1.0', protocol: 1, known: true });
    const unknown = await get(port, '/health', { ...own, origin: 'https://evil.test' });
    assert.equal(unknown.status, 200);
    assert.equal(unknown.headers['access-control-allow-origin'], undefined);
    assert.equal((await get(port, '/health', { host: 'evil.test' })).status, 421);
    assert.equal((await get(port, '/../package.json', own)).status, 404);
    const asking = { 'access-control-request-private-network': 'true' };
    const preflight = await get(port, '/health', { ...own, ...asking, origin: ORIGIN }, 'OPTIONS');
    assert.equal(preflight.headers['access-control-allow-private-network'], 'true');
    const evil = await get(port, '/health', { ...own, ...asking, origin: 'https://evil.test' }, 'OPTIONS');
    assert.equal(evil.headers['access-control-allow-private-network'], undefined);
  });

  it('takes no call and no data before hello', async () => {
    const page = await RawPage.open(fixture);
    assert.equal((await page.call(1, 'udp.bind')).reason, 'companion-unpaired');
    page.socket.send(Buffer.from([4, 0, 0, 0, 1, 0, 0, 0, 1]));
    assert.equal(await page.closed, CloseCode.protocol);
  });

  it('refuses another version of the protocol', async () => {
    const page = await RawPage.open(fixture);
    assert.equal((await page.call(1, 'hello', { version: 2 })).reason, 'companion-refused');
    page.socket.close();
  });

  it('ends a WebSocket that sends what it cannot read, and keeps one that asks for too much', async () => {
    for (const hostile of ['{', '[]', '{"jsonrpc":"2.0","method":"x"}', Buffer.from([9, 9]), Buffer.from([1, 0, 0])]) {
      const page = await RawPage.open(fixture);
      await page.call(1, 'hello', { version: 1 });
      page.socket.send(hostile);
      assert.equal(await page.closed, CloseCode.protocol);
    }
    const page = await RawPage.open(fixture);
    await page.call(1, 'hello', { version: 1 });
    assert.equal((await page.call(2, 'no.such.call')).reason, 'unsupported');
    assert.equal((await page.call(3, 'constructor')).reason, 'unsupported');
    assert.equal((await page.call(4, 'udp.bind', { port: 'x' })).reason, 'unsupported');
    assert.equal((await page.call(5, 'hello', { version: 1 })).reason, 'unsupported');
    page.socket.close();
  });

  it('cuts off a message that is too large', async () => {
    const page = await RawPage.open(fixture, '/v1/media');
    await page.call(1, 'hello', { version: 1 });
    page.socket.send(Buffer.alloc(262145));
    assert.equal(await page.closed, 1009);
  });
});

describe('a page that misbehaves', () => {
  afterEach(closeFixtures);

  it('is cut off when it does not say hello', async () => {
    const fixture = await companionFixture({ helloTimeout: 50 });
    const page = await RawPage.open(fixture);
    assert.equal(await page.closed, CloseCode.silent);
    await fixture.close();
  });

  it('stays served while a stranger opens connections and says nothing', async () => {
    const fixture = await companionFixture();
    const page = await RawPage.open(fixture);
    await page.call(1, 'hello', { version: 1 });
    let dropped = 0;
    const strangers = Array.from({ length: MAX_CONNECTIONS + 40 }, () => {
      const socket = tcpConnect(fixture.companion.port, '127.0.0.1');
      socket.on('error', () => undefined).on('close', () => dropped++);
      socket.resume();
      socket.write('GET / HT');
      return socket;
    });
    await eventually(() => dropped >= 41);
    assert.equal((await page.call(2, 'ping')).reason, '');
    for (const socket of strangers) socket.destroy();
    page.socket.terminate();
    await fixture.close();
  });

  it('that is half open loses its sockets', async () => {
    const fixture = await companionFixture({ pingInterval: 50 });
    const page = await RawPage.open(fixture);
    await page.call(1, 'hello', { version: 1 });
    await page.call(2, 'udp.bind', { address: '127.0.0.1' });
    assert.equal(fixture.companion.status().sockets, 1);
    page.socket.pause(); // reads nothing any more, so answers no ping
    await eventually(() => fixture.companion.status().sessions === 0);
    assert.equal(fixture.companion.status().sockets, 0);
    page.socket.terminate();
    await fixture.close();
  });

  it('opens no more sockets than it may, and all are free when it goes', async () => {
    const fixture = await companionFixture({ limits: { sockets: 3 } });
    const page = fixture.page();
    const sockets = [];
    for (let i = 0; i < 3; i++) sockets.push(await page.bindUdp({ address: '127.0.0.1' }));
    await assert.rejects(page.bindUdp({}), (error) => error instanceof NetworkError && error.reason === 'limit');
    const port = sockets[0]?.local.port ?? 0;
    page.close();
    await eventually(() => fixture.companion.status().sessions === 0);
    const other = fixture.page();
    const again = await other.bindUdp({ address: '127.0.0.1', port });
    assert.equal(again.local.port, port);
    await fixture.close();
  });

  it('that floods with calls is told so, and with datagrams is slowed', async () => {
    const fixture = await companionFixture({ limits: { callsPerSecond: 10, datagramsPerSecond: 100 } });
    const page = await RawPage.open(fixture);
    await page.call(1, 'hello', { version: 1 });
    const { result } = await page.call(2, 'udp.bind', { address: '127.0.0.1' });
    const writer = new FrameWriter();
    for (let i = 0; i < 1000; i++) writer.datagram(result?.channel ?? 0, '127.0.0.1', 9, new Uint8Array(10));
    page.socket.send(writer.take());
    const { result: statistics } = await page.call(3, 'statistics');
    const { droppedOut = 0 } = statistics as { droppedOut?: number };
    assert.ok(droppedOut > 900 && droppedOut < 1000, `${droppedOut} dropped`);
    const reasons = await Promise.all(Array.from({ length: 50 }, (_, i) => page.call(100 + i, 'ping')));
    assert.ok(reasons.filter(({ reason }) => reason === 'limit').length >= 25);
    page.socket.close();
    await fixture.close();
  });

  it('that sends more stream data than it has credit for loses the stream', async () => {
    const fixture = await companionFixture();
    const listener = await fixture.page().listen({ address: '127.0.0.1' });
    listener.onConnection = () => undefined;
    const page = await RawPage.open(fixture);
    await page.call(1, 'hello', { version: 1 });
    const { result } = await page.call(2, 'tcp.connect', { remote: listener.local });
    const writer = new FrameWriter();
    writer.stream(result?.channel ?? 0, new Uint8Array(INITIAL_CREDIT + 1));
    page.socket.send(writer.take());
    await eventually(() => page.texts.some((text) => text.includes('"closed"') && text.includes('"limit"')));
    page.socket.close();
    await fixture.close();
  });

  it('that takes no data gets no more than it has credit for, and the rest when it gives some', async () => {
    const fixture = await companionFixture();
    const size = 20_000_000;
    const server = createServer((socket) => socket.on('error', () => undefined).end(Buffer.alloc(size)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const page = await RawPage.open(fixture, '/v1/bulk');
    await page.call(1, 'hello', { version: 1 });
    const { result } = await page.call(2, 'tcp.connect', { remote: { address: '127.0.0.1', port } });
    await eventually(() => page.received >= INITIAL_CREDIT);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(page.received < INITIAL_CREDIT + 100_000, `${page.received} octets came`);
    const writer = new FrameWriter();
    writer.credit(result?.channel ?? 0, 1_000_000);
    page.socket.send(writer.take());
    await eventually(() => page.received >= INITIAL_CREDIT + 1_000_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(page.received < INITIAL_CREDIT + 1_200_000, `${page.received} octets came`);
    page.socket.close();
    server.close();
    await fixture.close();
  });
});

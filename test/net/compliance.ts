import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  NetworkError,
  type Endpoint,
  type HttpResponse,
  type Network,
  type StreamConnection,
  type StreamListener,
  type TlsOptions,
  type UdpSocket,
} from '../../src/net/network.js';
import type { TestCertificates } from './certificates.js';
import { describeIpsec } from './compliance-ipsec.js';
import { rejectsWith } from './rejects-with.js';

/** One implementation of Network, ready to be tried on loopback. */
export interface NetworkUnderTest {
  readonly network: Network;
  /** Base URL of the HTTP server described in http-fixture; for `http`. */
  readonly httpUrl: string;
  readonly certificates: TestCertificates;
  /** Sockets that the implementation holds at present. */
  openSockets(): number;
  /** Security associations and policies, or sets of them, that are in force on this machine by its doing. */
  associations(): number;
  close(): Promise<void>;
}

function nextMessage(socket: UdpSocket): Promise<{ data: Uint8Array; from: Endpoint }> {
  return new Promise((resolve) => {
    socket.onMessage = (data, from) => resolve({ data: data.slice(), from });
  });
}

function closed(connection: StreamConnection | StreamListener | UdpSocket): Promise<NetworkError | null> {
  return new Promise((resolve) => {
    connection.onClose = resolve;
  });
}

function accepted(listener: StreamListener): Promise<StreamConnection> {
  return new Promise((resolve) => {
    listener.onConnection = resolve;
  });
}

function read(connection: StreamConnection, length: number): Promise<Uint8Array> {
  const all = new Uint8Array(length);
  let at = 0;
  return new Promise((resolve) => {
    connection.onData = (data) => {
      all.set(data.subarray(0, length - at), at);
      at += data.length;
      if (at >= length) resolve(all);
    };
  });
}

async function eventually(check: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 3000;
  while (!check()) {
    if (Date.now() > end) assert.fail(what);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const string = (data: Uint8Array): string => new TextDecoder().decode(data);

/** What every Network does. Loopback only; the peers are sockets of the same network. */
export function describeNetwork(name: string, make: () => Promise<NetworkUnderTest>): void {
  describe(name, () => {
    let test: NetworkUnderTest;
    let network: Network;
    before(async () => {
      test = await make();
      network = test.network;
    });
    after(() => test.close());

    for (const [family, loopback] of [
      [4, '127.0.0.1'],
      [6, '::1'],
    ] as const) {
      it(`carries datagrams over IPv${family}, empty and large ones too`, async () => {
        const a = await network.bindUdp({ address: loopback });
        const b = await network.bindUdp({ address: loopback });
        assert.equal(a.local.address, loopback);
        assert.ok(a.local.port > 0 && a.local.port !== b.local.port);
        for (const size of [0, 1, 172, 1400, 9000]) {
          const arrival = nextMessage(b);
          const data = new Uint8Array(size).fill(size & 255);
          a.send(data, b.local);
          data.fill(0); // `data` is not kept
          const { data: got, from } = await arrival;
          assert.deepEqual(got, new Uint8Array(size).fill(size & 255));
          assert.deepEqual(from, a.local);
        }
        const gone = closed(a);
        a.close();
        a.close();
        a.send(octets('ignored'), b.local);
        assert.equal(await gone, null);
        b.close();
      });

      it(`carries a stream over IPv${family}`, async () => {
        const listener = await network.listen({ address: loopback });
        const incoming = accepted(listener);
        const near = await network.connect({ remote: listener.local });
        const far = await incoming;
        assert.deepEqual(near.remote, listener.local);
        assert.deepEqual(far.remote, near.local);
        assert.equal(near.secure, false);
        const there = read(far, 4);
        await near.write(octets('ping'));
        assert.equal(string(await there), 'ping');
        const back = read(near, 4);
        await far.write(octets('pong'));
        assert.equal(string(await back), 'pong');
        const bothClosed = Promise.all([closed(near), closed(far)]);
        near.close();
        assert.deepEqual(await bothClosed, [null, null]);
        await rejectsWith(near.write(octets('late')), 'closed');
        listener.close();
      });
    }

    it('binds the wildcard address of the wanted family', async () => {
      const four = await network.bindUdp({});
      const six = await network.bindUdp({ family: 6, port: four.local.port });
      assert.equal(four.local.address, '0.0.0.0');
      assert.equal(six.local.address, '::');
      const sender = await network.bindUdp({ address: '::1' });
      const arrival = nextMessage(six);
      sender.send(octets('six'), { address: '::1', port: six.local.port });
      assert.equal(string((await arrival).data), 'six');
      for (const socket of [four, six, sender]) socket.close();
    });

    it('names what keeps a socket from being opened', async () => {
      const taken = await network.bindUdp({ address: '127.0.0.1' });
      await rejectsWith(network.bindUdp(taken.local), 'address-in-use');
      await rejectsWith(network.bindUdp({ address: '192.0.2.1' }), 'address-unavailable');
      await rejectsWith(network.listen({ address: '192.0.2.1' }), 'address-unavailable');
      const listener = await network.listen({ address: '127.0.0.1' });
      await rejectsWith(network.listen(listener.local), 'address-in-use');
      const { local } = listener;
      const gone = closed(listener);
      listener.close();
      await gone;
      await eventually(() => test.openSockets() <= 1, 'the listener is still there');
      await rejectsWith(network.connect({ remote: local }), 'refused');
      await rejectsWith(network.connect({ remote: { address: 'example.test', port: 5060 } }), 'unsupported');
      taken.close();
    });

    it('says what is wrong with a datagram and stays usable', async () => {
      const socket = await network.bindUdp({ address: '127.0.0.1' });
      const error = new Promise<NetworkError>((resolve) => {
        socket.onError = resolve;
      });
      socket.send(new Uint8Array(65508), { address: '127.0.0.1', port: 9 });
      assert.equal((await error).reason, 'too-large');
      const arrival = nextMessage(socket);
      socket.send(octets('to myself'), socket.local);
      assert.equal(string((await arrival).data), 'to myself');
      socket.close();
    });

    it('ends a stream after everything written has arrived', async () => {
      const listener = await network.listen({ address: '127.0.0.1' });
      const incoming = accepted(listener);
      const near = await network.connect({ remote: listener.local });
      const far = await incoming;
      const size = 3_000_000;
      const all = read(far, size);
      const end = closed(far);
      const written = near.write(new Uint8Array(size).fill(7));
      near.close();
      await written;
      assert.equal(
        (await all).every((octet) => octet === 7),
        true,
      );
      assert.equal(await end, null);
      listener.close();
    });

    it('carries 50 MB without holding more than a little of it', { timeout: 60000 }, async () => {
      const listener = await network.listen({ address: '127.0.0.1' });
      const incoming = accepted(listener);
      const near = await network.connect({ remote: listener.local });
      const far = await incoming;
      const chunk = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 31) & 255);
      let received = 0;
      let wrong = 0;
      let largestLead = 0;
      let written = 0;
      const done = new Promise<void>((resolve) => {
        far.onData = (data) => {
          if (data[0] !== chunk[received % chunk.length]) wrong++;
          received += data.length;
          if (received >= 500 * chunk.length) resolve();
        };
      });
      for (let i = 0; i < 500; i++) {
        await near.write(chunk);
        written += chunk.length;
        largestLead = Math.max(largestLead, written - received);
      }
      await done;
      assert.equal(received, 500 * chunk.length);
      assert.equal(wrong, 0);
      assert.ok(largestLead < 16_000_000, `${largestLead} octets were under way`);
      near.close();
      listener.close();
    });

    describe('TLS', () => {
      const handshake = async (
        which: 'valid' | 'expired' | 'sipUri',
        tls: TlsOptions,
        use: (connecting: Promise<StreamConnection>, far: Promise<StreamConnection>) => Promise<void>,
      ): Promise<void> => {
        const listener = await network.listen({ address: '127.0.0.1', tls: test.certificates[which] });
        const far = accepted(listener);
        await use(network.connect({ remote: listener.local, tls }), far);
        listener.close();
      };

      it('trusts a certificate of a given authority, by name or by address', async () => {
        const authorities = [test.certificates.authority];
        for (const tls of [{ authorities, serverName: 'sip.example.test' }, { authorities }]) {
          await handshake('valid', tls, async (connecting, accepting) => {
            const near = await connecting;
            const far = await accepting;
            assert.equal(near.secure, true);
            assert.equal(far.secure, true);
            const there = read(far, 6);
            await near.write(octets('secret'));
            assert.equal(string(await there), 'secret');
            near.close();
          });
        }
      });

      it('knows a SIP domain by its URI (RFC 5922 §7.1)', async () => {
        const tls = { authorities: [test.certificates.authority], serverName: 'example.test' };
        await handshake('sipUri', tls, async (connecting) => (await connecting).close());
      });

      it('names what is wrong with a certificate', async () => {
        const authorities = [test.certificates.authority];
        await handshake('expired', { authorities, serverName: 'sip.example.test' }, (connecting) =>
          rejectsWith(connecting, 'tls-expired'),
        );
        await handshake('valid', { authorities, serverName: 'other.example.test' }, (connecting) =>
          rejectsWith(connecting, 'tls-name'),
        );
        await handshake('valid', { serverName: 'sip.example.test' }, (connecting) =>
          rejectsWith(connecting, 'tls-authority'),
        );
      });

      it('says that a peer does not speak it', async () => {
        const listener = await network.listen({ address: '127.0.0.1' });
        listener.onConnection = (connection) => {
          connection.onData = () => connection.close();
        };
        await rejectsWith(network.connect({ remote: listener.local, tls: {} }), 'tls');
        listener.close();
      });
    });

    it('resolves A, AAAA, SRV and NAPTR', async () => {
      const answer = async (name: string, type: 'A' | 'AAAA' | 'SRV' | 'NAPTR'): Promise<unknown[]> =>
        (await network.resolve({ name, type })).map(({ ttl, ...record }) => (assert.ok(ttl > 0), record));
      assert.deepEqual(await answer('proxy.example.test', 'A'), [{ type: 'A', address: '192.0.2.7' }]);
      assert.deepEqual(await answer('proxy.example.test', 'AAAA'), [{ type: 'AAAA', address: '2001:db8::7' }]);
      assert.deepEqual(await answer('_sip._udp.example.test', 'SRV'), [
        { type: 'SRV', priority: 10, weight: 60, port: 5060, target: 'proxy.example.test' },
      ]);
      const [naptr] = await answer('example.test', 'NAPTR');
      assert.deepEqual(naptr, {
        type: 'NAPTR',
        order: 50,
        preference: 50,
        flags: 's',
        service: 'SIP+D2U',
        regexp: '',
        replacement: '_sip._udp.example.test',
      });
      await rejectsWith(network.resolve({ name: 'nobody.example.test', type: 'A' }), 'dns');
    });

    it('makes HTTP requests', async () => {
      const ask = (path: string, more: object = {}): Promise<HttpResponse> =>
        network.http({ url: test.httpUrl + path, method: 'GET', ...more });
      const echo = await ask('/echo', { method: 'PUT', headers: { 'x-test': 'yes' }, body: octets('<xml/>') });
      assert.equal(echo.status, 200);
      assert.equal(string(echo.body), 'PUT yes <xml/>');
      assert.equal(echo.headers['set-cookie'], undefined);
      assert.equal(echo.headers['etag'], '"1"');
      assert.equal((await ask('/missing')).status, 404);
      await rejectsWith(ask('/large', { maxBody: 1000 }), 'too-large');
      await rejectsWith(ask('/silent', { timeout: 100 }), 'timeout');
    });

    it('tells its addresses, and which one is used', async () => {
      const interfaces = await network.interfaces();
      assert.ok(
        interfaces.some(({ address, family, internal }) => address === '127.0.0.1' && family === 4 && internal),
      );
      assert.equal(await network.localAddressFor('127.0.0.1'), '127.0.0.1');
      assert.equal(await network.localAddressFor('::1'), '::1');
      await rejectsWith(network.localAddressFor('example.test'), 'unsupported');
    });

    describeIpsec(() => test);

    it('leaves nothing open', async () => {
      await eventually(() => test.openSockets() === 0, `${test.openSockets()} sockets are left`);
    });

    it('releases everything when it is closed', async () => {
      const udp = await network.bindUdp({ address: '127.0.0.1' });
      await network.ipsec.install({
        local: udp.local.address,
        remote: '127.0.0.1',
        protocol: 'esp',
        mode: 'trans',
        integrity: 'hmac-md5-96',
        encryption: 'null',
        integrityKey: new Uint8Array(16),
        encryptionKey: new Uint8Array(0),
        ports: [{ localPort: udp.local.port, remotePort: 6100, spiIn: 1, spiOut: 2 }],
      });
      const listener = await network.listen({ address: '127.0.0.1' });
      const near = await network.connect({ remote: listener.local });
      const pending = rejectsWith(network.http({ url: `${test.httpUrl}/silent`, method: 'GET' }), 'closed');
      const ends = Promise.all([closed(udp), closed(listener), closed(near)]);
      network.close();
      network.close();
      await ends;
      await pending;
      await rejectsWith(network.bindUdp({}), 'closed');
      await eventually(() => test.openSockets() === 0, 'sockets are left');
      await eventually(() => test.associations() === 0, 'associations are left');
    });
  });
}

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { NodeNetwork } from '../../companion/native/node-network.js';
import { readPin } from '../../src/net/key-pin.js';
import type { Network, StreamConnection, TlsOptions } from '../../src/net/network.js';
import { makeCertificates, pinOf, type TestCertificates } from './certificates.js';
import { closeFixtures, companionFixture, ORIGIN } from './companion-fixture.js';

function withoutPins(text: string): string {
  return JSON.stringify(JSON.parse(text, (name, value: unknown) => (name === 'pins' ? undefined : value)));
}

describe('readPin', () => {
  it('takes base64, with the prefixes that others write, and hexadecimal', () => {
    const base64 = Buffer.alloc(32, 0xab).toString('base64');
    const hex = 'ab'.repeat(32);
    for (const text of [base64, ` ${base64}\n`, `sha256/${base64}`, `sha256//${base64}`, hex, hex.toUpperCase()])
      assert.equal(readPin(text), base64, text);
    assert.equal(readPin('AB:'.repeat(31) + 'AB'), base64);
    for (const text of ['', 'ab', base64.slice(4), `sha1/${base64}`, 'ab'.repeat(20), '\0'])
      assert.equal(readPin(text), null, text);
  });
});

describe('pins and client certificates', () => {
  let certificates: TestCertificates;
  let server: Server;
  let port = 0;
  let companion: Network;
  const node = new NodeNetwork();
  let pin = '';
  let other = '';

  before(async () => {
    certificates = makeCertificates();
    const { valid, authority, sipUri } = certificates;
    server = createServer({ cert: valid.certificate, key: valid.privateKey, ca: authority, requestCert: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
    companion = (await companionFixture()).page();
    pin = pinOf(valid.certificate);
    other = pinOf(sipUri.certificate);
  });
  after(async () => {
    node.close();
    server.close();
    await closeFixtures();
  });

  const connect = (network: Network, tls: TlsOptions): Promise<StreamConnection> =>
    network.connect({
      remote: { address: '127.0.0.1', port },
      tls: { serverName: 'sip.example.test', authorities: [certificates.authority], ...tls },
    });

  for (const kind of ['node', 'companion'] as const) {
    const network = (): Network => (kind === 'node' ? node : companion);

    it(`a server that has one of the pinned keys is good (${kind})`, async () => {
      for (const pins of [[pin], [other, pin], [`sha256/${pin}`], [Buffer.from(pin, 'base64').toString('hex')]])
        (await connect(network(), { pins })).close();
    });

    it(`one that has none of them is not, whoever signed its certificate (${kind})`, async () => {
      for (const pins of [[other], [], ['nonsense'], [pinOf(certificates.authority)]])
        await assert.rejects(connect(network(), { pins }), { name: 'NetworkError', reason: 'tls-pinned' });
    });

    it(`a pin makes no bad certificate good (${kind})`, async () => {
      await assert.rejects(connect(network(), { pins: [pin], authorities: [] }), { reason: 'tls-authority' });
      await assert.rejects(connect(network(), { pins: [pin], serverName: 'x.test' }), { reason: 'tls-name' });
    });

    it(`a certificate of ours is shown with the pin checked (${kind})`, async () => {
      const accepted = new Promise<TLSSocket>((resolve) => server.once('secureConnection', resolve));
      const connection = await connect(network(), { pins: [pin], ...certificates.sipUri });
      assert.equal((await accepted).getPeerCertificate().subject.CN, 'sipuri');
      connection.close();
    });

    it(`a key that is not that of the certificate is a failure of TLS (${kind})`, async () => {
      const { certificate } = certificates.sipUri;
      const { privateKey } = certificates.valid;
      await assert.rejects(connect(network(), { certificate, privateKey }), { reason: 'tls' });
    });
  }

  it('a companion that looks at no pins is not believed', async () => {
    // What an older one does: it ignores what it does not know.
    const { page } = await companionFixture();
    const old = page({
      webSocket: (target, protocols) => {
        const socket = new WebSocket(target, [...protocols], { origin: ORIGIN });
        const send = socket.send.bind(socket);
        socket.send = (message: unknown) =>
          send(typeof message === 'string' ? withoutPins(message) : (message as Uint8Array));
        return socket;
      },
    });
    await assert.rejects(connect(old, { pins: [other] }), { reason: 'tls-pinned', message: /too old/ });
  });

  it('are not for HTTP through the companion, which does not say whether it looked', async () => {
    const request = { url: `https://127.0.0.1:${port}/`, method: 'GET', tls: { pins: [pin] } };
    await assert.rejects(companion.http(request), { reason: 'unsupported' });
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createServer, type PeerCertificate, type Server, type TLSSocket } from 'node:tls';
import { NodeNetwork } from '../../../companion/native/node-network.js';
import { identityError } from '../../../companion/native/tls-settings.js';
import { makeCertificates, type TestCertificates } from '../../net/certificates.js';

function certificate(subjectaltname: string, commonName = ''): PeerCertificate {
  return Object.assign({}, { subject: { CN: commonName }, subjectaltname }) as PeerCertificate; // Node fills the rest
}

describe('identityError', () => {
  it('takes a SIP URI, a DNS name or an address of the certificate', () => {
    assert.equal(identityError('example.test', certificate('URI:sip:example.test')), undefined);
    assert.equal(identityError('Example.TEST', certificate('DNS:x.test, URI:sip:example.test')), undefined);
    assert.equal(identityError('example.test', certificate('DNS:example.test')), undefined);
    assert.equal(identityError('192.0.2.1', certificate('IP Address:192.0.2.1')), undefined);
  });

  it('is deceived by no other URI and by no text inside a name', () => {
    const deceptions = [
      'URI:sips:example.test',
      'URI:sip:user@example.test',
      'URI:sip:example.test.evil.test',
      'DNS:"evil.test, URI:sip:example.test, x"',
      'DNS:evil.test',
    ];
    for (const names of deceptions) assert.ok(identityError('example.test', certificate(names)), names);
    // RFC 5922 §7.1: with a subjectAltName the common name does not count.
    assert.ok(identityError('example.test', certificate('DNS:evil.test', 'example.test')));
  });
});

describe('NodeNetwork over TLS', () => {
  let certificates: TestCertificates;
  let server: Server;
  let port = 0;
  const network = new NodeNetwork();

  before(async () => {
    certificates = makeCertificates();
    const { valid, authority } = certificates;
    server = createServer({
      cert: valid.certificate,
      key: valid.privateKey,
      ca: authority,
      requestCert: true,
      rejectUnauthorized: true,
      ALPNProtocols: ['sip/2'],
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  });
  after(() => {
    network.close();
    server.close();
  });

  it('shows its certificate, the name it looks for and its protocols', async () => {
    const { authority, sipUri } = certificates;
    const accepted = new Promise<TLSSocket>((resolve) => server.once('secureConnection', resolve));
    const connection = await network.connect({
      remote: { address: '127.0.0.1', port },
      tls: { serverName: 'sip.example.test', authorities: [authority], alpn: ['sip/2'], ...sipUri },
    });
    const peer = await accepted;
    assert.equal(peer.getPeerCertificate().subject.CN, 'sipuri');
    assert.equal(peer.servername, 'sip.example.test');
    assert.equal(peer.alpnProtocol, 'sip/2');
    connection.close();
  });

  it('is told that a certificate is missing', async () => {
    const connection = await network.connect({
      remote: { address: '127.0.0.1', port },
      tls: { serverName: 'sip.example.test', authorities: [certificates.authority] },
    });
    // In TLS 1.3 the client has finished before the server judges its certificate.
    const error = await new Promise((resolve) => (connection.onClose = resolve));
    assert.match(String(error), /NetworkError/);
  });

  it('says that a key is no key', async () => {
    const tls = { certificate: 'nonsense', privateKey: 'nonsense' };
    await assert.rejects(network.connect({ remote: { address: '127.0.0.1', port }, tls }), { name: 'NetworkError' });
  });
});

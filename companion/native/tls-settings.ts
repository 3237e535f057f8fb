import { X509Certificate, createHash } from 'node:crypto';
import { checkServerIdentity, rootCertificates, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { ipFamily } from '../../src/net/ip-address.js';
import { readPin } from '../../src/net/key-pin.js';
import { NetworkError, type TlsOptions } from '../../src/net/network.js';

/**
 * RFC 5922 §7.1: a SIP domain may be named by a subjectAltName URI `sip:domain`, besides the
 * DNS names that {@link checkServerIdentity} knows.
 */
export function identityError(name: string, certificate: PeerCertificate): Error | undefined {
  const altNames = certificate.subjectaltname ?? '';
  // Node quotes an entry that has a comma inside; then splitting at commas could be deceived.
  const sipUri = `URI:sip:${name.toLowerCase()}`;
  const named =
    !altNames.includes('"') && altNames.split(', ').some((entry) => entry.toLowerCase() === sipUri.toLowerCase());
  return named ? undefined : checkServerIdentity(name, certificate);
}

/** The key of the server itself counts: who can make certificates for its name cannot make that. */
export function pinError(pins: readonly string[], certificate: PeerCertificate): Error | undefined {
  // From the certificate as it was sent: `pubkey` of Node is the SubjectPublicKeyInfo for RSA only.
  const key = new X509Certificate(certificate.raw).publicKey.export({ type: 'spki', format: 'der' });
  const seen = createHash('sha256').update(key).digest('base64');
  if (pins.some((pin) => readPin(pin) === seen)) return undefined;
  return new NetworkError('tls-pinned', `The certificate has another key than those pinned: sha256/${seen}`);
}

/** @param address the literal that is connected to; checked against the certificate if no name is given */
export function tlsSettings(options: TlsOptions, address: string): ConnectionOptions {
  const name = options.serverName ?? address;
  return {
    // RFC 6066 §3: an IP address is no server name.
    ...(ipFamily(name) === null ? { servername: name } : {}),
    ...(options.authorities?.length ? { ca: [...rootCertificates, ...options.authorities] } : {}),
    ...(options.certificate === undefined ? {} : { cert: options.certificate }),
    ...(options.privateKey === undefined ? {} : { key: options.privateKey }),
    ...(options.alpn === undefined ? {} : { ALPNProtocols: [...options.alpn] }),
    minVersion: 'TLSv1.2',
    checkServerIdentity: (_host, certificate) =>
      identityError(name, certificate) ?? (options.pins ? pinError(options.pins, certificate) : undefined),
  };
}

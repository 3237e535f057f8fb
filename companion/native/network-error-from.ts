import { NetworkError, type NetworkErrorReason } from '../../src/net/network.js';
import { messageOf } from '../../src/platform/message-of.js';

const REASONS: Readonly<Record<string, NetworkErrorReason>> = {
  ECONNREFUSED: 'refused',
  ENETUNREACH: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  EADDRINUSE: 'address-in-use',
  EADDRNOTAVAIL: 'address-unavailable',
  EACCES: 'denied',
  EPERM: 'denied',
  EMSGSIZE: 'too-large',
  EMFILE: 'limit',
  ENFILE: 'limit',
  ENOBUFS: 'limit',
  ENOTFOUND: 'dns',
  ENODATA: 'dns',
  ESERVFAIL: 'dns',
  EREFUSED: 'dns',
  EFORMERR: 'dns',
  EBADNAME: 'dns',
  EBADRESP: 'dns',
  ETIMEOUT: 'dns',
  ENONAME: 'dns',
  ECANCELLED: 'closed',
  EAFNOSUPPORT: 'unsupported',
  CERT_HAS_EXPIRED: 'tls-expired',
  CERT_NOT_YET_VALID: 'tls-expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-name',
  HOSTNAME_MISMATCH: 'tls-name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-authority',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-authority',
  CERT_UNTRUSTED: 'tls-authority',
  CERT_REJECTED: 'tls-authority',
  INVALID_CA: 'tls-authority',
  CERT_CHAIN_TOO_LONG: 'tls',
  CERT_REVOKED: 'tls',
  EPROTO: 'tls',
};

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** The {@link NetworkError} for what Node's sockets, TLS, DNS and HTTP throw. */
export function networkErrorFrom(error: unknown): NetworkError {
  if (error instanceof NetworkError) return error;
  const code = codeOf(error);
  const message = messageOf(error);
  const tls = code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code.startsWith('ERR_OSSL');
  const reason = REASONS[code] ?? (code.startsWith('EAI_') ? 'dns' : tls ? 'tls' : 'internal');
  return new NetworkError(reason, message, error);
}

/** Errors of a TLS client between the TCP connection and the end of the handshake. */
export function handshakeErrorFrom(error: unknown): NetworkError {
  const mapped = networkErrorFrom(error);
  // The peer hung up on our ClientHello: it does not speak TLS, or not with us.
  const hungUp = mapped.reason === 'reset' || mapped.reason === 'internal';
  return hungUp ? new NetworkError('tls', mapped.message, error) : mapped;
}

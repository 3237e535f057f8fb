import type { PrivacyValue } from './private-headers/privacy.js';
import type { SecurityPolicy } from './security/policy.js';

/** Who we are and how we reach the network. Secrets stay in the worker's memory. */
export interface Account {
  /** IMPU: `sip:alice@ims.test`. */
  readonly publicIdentity: string;
  /** IMPI: `alice@ims.test`. Default: the public identity without scheme. */
  readonly privateIdentity?: string;
  readonly displayName?: string;
  /** Home network domain, R-URI of REGISTER. Default: host of the public identity. */
  readonly domain?: string;
  readonly password?: string;
  /** For IMS AKA (RFC 3310, 4169): a SIM's secrets in software. A network that offers it is answered with it. */
  readonly aka?: AkaCredentials;
  /**
   * P-CSCF or proxy override, `sip:127.0.0.10:5060;transport=tcp` or `host[:port]`; several with commas between them,
   * the best first. Default: discovery by RFC 3263.
   */
  readonly proxy?: string;
  /** Default: from the proxy URI or discovery, then udp. */
  readonly transport?: 'udp' | 'tcp' | 'tls';
  /** PEM certificates that are trusted besides the system's. */
  readonly authorities?: readonly string[];
  /** What TLS asks of the server, and shows it. Holds for every TLS connection of the account. */
  readonly tls?: AccountTls;
  /** Seconds asked for. Default 600000 (TS 24.229 §5.1.1.2). */
  readonly expires?: number;
  /** False: calls without registration (trunk, test). Default true. */
  readonly register?: boolean;
  /** Local SIP port, default any. */
  readonly localPort?: number;
  readonly localAddress?: string;
  /** Mechanisms that protect the way to the P-CSCF (RFC 3329, TS 33.203). Default: none is asked for. */
  readonly security?: SecurityPolicy;
  /** `urn:uuid:...` of this device; made and kept by the client if absent. GRUUs (RFC 5627) and kept flows hang on it. */
  readonly instanceId?: string;
  /**
   * Whether to ask for GRUUs, which calls then name as Contact. Default: where the account brings an `instanceId`; some
   * registrars hand them out, and then lose the requests that name them.
   */
  readonly gruu?: boolean;
  /**
   * Value of P-Access-Network-Info (RFC 7315 §5.4), `IEEE-802.11;i-wlan-node-id=001122334455` or
   * `3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=...`: told to the P-CSCF alone. Default: none.
   */
  readonly accessNetworkInfo?: string;
  /** What is asked of the network for every call and subscription (RFC 3323, 3325). With `id` or `user`, From names nobody. */
  readonly privacy?: readonly PrivacyValue[];
  /** Whether to ask the network for a flow that it keeps (RFC 5626). Default true. */
  readonly outbound?: boolean;
  /**
   * Discontinuous transmission: pauses of our voice are described and not sent, by the codec's own means or by comfort noise
   * (RFC 3389). Default false.
   */
  readonly dtx?: boolean;
  /** Whether to watch the state of the registration (RFC 3680). Default: where the registrar names our identities, as an IMS does. */
  readonly regEvent?: boolean;
}

/** Pins, and a certificate of our own. */
export interface AccountTls {
  /**
   * The server's certificate must have one of these keys, besides a good name and a trusted chain: SHA-256 of its
   * SubjectPublicKeyInfo in base64 or hexadecimal. Name the key to come too, or a new certificate locks the account out.
   */
  readonly pins?: readonly string[];
  /** PEM: our certificate, with those between it and its authority behind it. With `privateKey`. */
  readonly certificate?: string;
  /** PEM, without a passphrase. It goes to the companion, which speaks TLS, over the paired link, and is kept nowhere. */
  readonly privateKey?: string;
}

/** Secrets of a subscription, in hexadecimal. OP or OPc, not both. */
export interface AkaCredentials {
  /** K, 32 digits. */
  readonly k: string;
  /** The operator's OP, 32 digits. */
  readonly op?: string;
  /** OPc, derived from OP for this K, 32 digits. */
  readonly opc?: string;
  /**
   * SQN_MS, the highest sequence number accepted so far, 12 digits. The client keeps it over reloads by itself; where
   * nothing is kept yet, the first authentic challenge is believed.
   */
  readonly sqn?: string;
  /** Named in the first REGISTER, where the network may go by it. Default `AKAv1-MD5`. Every one is answered. */
  readonly algorithm?: 'AKAv1-MD5' | 'AKAv2-MD5' | 'AKAv2-SHA-256';
}

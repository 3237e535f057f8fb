/**
 * IPsec as the stack sees it: one set of four associations with their policies (TS 33.203 §7.1), put in force and taken
 * away as a whole. Keys are given, never made here.
 */
export interface Ipsec {
  /**
   * All or nothing: when it rejects, nothing of the set is left.
   *
   * @throws NetworkError `ipsec-denied`, `ipsec-kernel`, `ipsec-tool` (this machine cannot), `denied` (the companion's
   * allow-list), `address-in-use` (an SPI or a pair of ports is taken), `unsupported`, `limit`
   */
  install(set: SecurityAssociationSet): Promise<InstalledSet>;
  /**
   * The same with associations that the IKE daemon of this machine negotiates with the peer's (RFC 7296), and renews until
   * they are removed. What goes between the two ports goes protected or not at all.
   *
   * @throws NetworkError `ipsec-denied`, `ipsec-kernel`, `ipsec-tool` (this machine cannot), `denied`, `refused` (the peer
   * takes neither us nor what we propose), `timeout` (it does not answer), `unsupported`, `limit`
   */
  negotiate(negotiation: IkeNegotiation): Promise<InstalledSet>;
}

export interface InstalledSet {
  /** Takes states and policies away. Never rejects; the second time does nothing. */
  remove(): Promise<void>;
}

/** RFC 3329 §2.2 `prot`. */
export const PROTOCOLS = ['esp', 'ah'] as const;
export type IpsecProtocol = (typeof PROTOCOLS)[number];
/** RFC 3329 §2.2 `mod`, and TS 33.203 annex M. */
export const MODES = ['trans', 'tun', 'UDP-enc-tun'] as const;
export type IpsecMode = (typeof MODES)[number];
/** TS 33.203 annex H `alg`. */
export const INTEGRITY_ALGORITHMS = ['hmac-sha-1-96', 'hmac-md5-96'] as const;
export type IntegrityAlgorithm = (typeof INTEGRITY_ALGORITHMS)[number];
/** TS 33.203 annex H `ealg`. */
export const ENCRYPTION_ALGORITHMS = ['aes-cbc', 'des-ede3-cbc', 'null'] as const;
export type EncryptionAlgorithm = (typeof ENCRYPTION_ALGORITHMS)[number];

/** Octets of a key. */
export const INTEGRITY_KEY_OCTETS: Readonly<Record<IntegrityAlgorithm, number>> = {
  'hmac-sha-1-96': 20,
  'hmac-md5-96': 16,
};
export const ENCRYPTION_KEY_OCTETS: Readonly<Record<EncryptionAlgorithm, number>> = {
  'aes-cbc': 16,
  'des-ede3-cbc': 24,
  null: 0,
};

/** Two ports and the associations between them, one in each direction. Ports 1 to 65535, SPIs 1 to 2^32-1. */
export interface ProtectedPorts {
  readonly localPort: number;
  readonly remotePort: number;
  /** What comes in carries this SPI: we chose it. */
  readonly spiIn: number;
  /** What goes out carries this SPI: the peer chose it. */
  readonly spiOut: number;
}

export interface SecurityAssociationSet {
  /** Address literals of one family. */
  readonly local: string;
  readonly remote: string;
  readonly protocol: IpsecProtocol;
  readonly mode: IpsecMode;
  readonly integrity: IntegrityAlgorithm;
  /** `null` with AH, which has no encryption. */
  readonly encryption: EncryptionAlgorithm;
  /** As long as {@link INTEGRITY_KEY_OCTETS} says. */
  readonly integrityKey: Uint8Array;
  /** As long as {@link ENCRYPTION_KEY_OCTETS} says. */
  readonly encryptionKey: Uint8Array;
  /** Of one registration: our client port with the peer's server port, our server port with the peer's client port. */
  readonly ports: readonly ProtectedPorts[];
  /** UDP-enc-tun: where the peer takes encapsulated packets. Default 4500 (RFC 3948). */
  readonly encapsulationPort?: number;
}

/** What one end of an IKE negotiation shows the other: a pre-shared key, or a certificate with its private key. */
export interface IkeCredentials {
  /** 1 to 512 octets in UTF-8. */
  readonly secret?: string;
  /** PEM. Whom the peer's certificate has to be from is the daemon's to know. */
  readonly certificate?: string;
  readonly privateKey?: string;
}

/** Associations in transport mode for UDP and TCP between two ports, to be agreed on by IKE. */
export interface IkeNegotiation extends IkeCredentials {
  /** Address literals of one family. */
  readonly local: string;
  readonly remote: string;
  /** 1 to 65535 */
  readonly localPort: number;
  readonly remotePort: number;
  /** Names of the ends (RFC 7296 §3.5): address, domain name, `user@domain` or distinguished name. Default: the address; with a certificate its subject. */
  readonly localId?: string;
  readonly remoteId?: string;
}

/** Where IKE is spoken (RFC 7296 §2, §2.23). */
export const IKE_PORTS = [500, 4500] as const;

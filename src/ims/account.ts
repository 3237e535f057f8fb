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
  /** P-CSCF or proxy override, `sip:127.0.0.10:5060;transport=tcp` or `host[:port]`. Default: discovery by RFC 3263. */
  readonly proxy?: string;
  /** Default: from the proxy URI or discovery, then udp. */
  readonly transport?: 'udp' | 'tcp' | 'tls';
  /** PEM certificates that are trusted besides the system's. */
  readonly authorities?: readonly string[];
  /** Seconds asked for. Default 600000 (TS 24.229 §5.1.1.2). */
  readonly expires?: number;
  /** False: calls without registration (trunk, test). Default true. */
  readonly register?: boolean;
  /** Local SIP port, default any. */
  readonly localPort?: number;
  readonly localAddress?: string;
  /** urn:uuid of this device; made and kept by the client if absent. */
  readonly instanceId?: string;
}

import type { IkeCredentials } from '../../net/ipsec.js';

/** How associations are negotiated when ipsec-ike is agreed on (RFC 3329 §2.4): by the IKE daemon of this machine. */
export interface IkePolicy extends IkeCredentials {
  /** Names of us and of the P-CSCF in IKE. Default: the address; with a certificate its subject. */
  readonly localId?: string;
  readonly remoteId?: string;
  /** Our protected port, where the P-CSCF's policy names one. Default: any that is free. */
  readonly localPort?: number;
  /** Default: the port of the P-CSCF by which it was agreed. */
  readonly remotePort?: number;
}

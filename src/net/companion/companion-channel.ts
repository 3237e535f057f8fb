import type { NetworkError } from '../network.js';

/** One socket that the companion holds for us. The link calls it. */
export interface CompanionChannel {
  onDatagram?(data: Uint8Array, address: string, port: number): void;
  onStream?(data: Uint8Array): void;
  onCredit?(octets: number): void;
  onChannelError?(error: NetworkError): void;
  onAccepted?(connection: AcceptedConnection): void;
  /** The socket is gone; the link has forgotten it. */
  onGone(error: NetworkError | null): void;
}

export interface AcceptedConnection {
  readonly channel: number;
  readonly local: { readonly address: string; readonly port: number };
  readonly remote: { readonly address: string; readonly port: number };
  readonly secure: boolean;
}

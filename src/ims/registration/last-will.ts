import { printCSeq } from '../sip/cseq.js';
import type { SipEndpoint } from '../sip/endpoint.js';
import type { SipRequest } from '../sip/message.js';
import type { RequestSender } from '../sip/request-sender.js';
import type { Flow } from '../sip/transport/flow.js';

export interface LastWillOptions {
  /** Of this device and identity: whoever registers the same again takes its place. */
  readonly name: string;
  readonly endpoint: Pick<SipEndpoint, 'leaveWill' | 'dropWill'>;
  readonly sender: Pick<RequestSender, 'authorize'>;
}

/**
 * The REGISTER that takes the binding away when nobody is left to send it: the page was closed, or died. It is the last
 * one that was accepted, with Expires 0 and the next CSeq and nonce count, and goes the same way, over the security
 * associations too. Nobody answers a challenge to it: then the binding ends when it expires.
 */
export class LastWill {
  #round = 0;

  constructor(private readonly options: LastWillOptions) {}

  /** A REGISTER goes out, or nothing is bound any more: what was left would undo the new, or come too late. */
  withdraw(): void {
    this.#round++;
    this.options.endpoint.dropWill(this.options.name);
  }

  /** @param accepted the REGISTER as it was sent on `flow` */
  async leave(accepted: SipRequest, flow: Flow): Promise<void> {
    const round = ++this.#round;
    const { name, endpoint, sender } = this.options;
    const farewell = accepted.clone();
    const { headers } = farewell;
    headers.delete('Via');
    headers.set('Expires', '0');
    headers.set('Contact', (headers.get('Contact') ?? '').replace(/;expires=\d+$/, ';expires=0'));
    headers.set('CSeq', printCSeq({ number: (accepted.cseq?.number ?? 0) + 1, method: 'REGISTER' }));
    await sender.authorize(farewell);
    if (round !== this.#round) return;
    // What ends the calls needs the registration.
    endpoint.leaveWill({ name, last: true }, farewell, flow);
  }
}

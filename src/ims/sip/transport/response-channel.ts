import { NetworkError, type Will } from '../../../net/network.js';
import type { SipRequest, SipResponse } from '../message.js';
import type { TransactionChannel } from '../transaction/channel.js';
import type { Flow } from './flow.js';
import { responseTarget } from './response-route.js';
import type { TransportLayer } from './transport-layer.js';
import { UdpFlow } from './udp-point.js';

/** RFC 3261 §18.2.2: the way of the responses to one request. */
export class ResponseChannel implements TransactionChannel {
  readonly reliable: boolean;
  #way: Flow;

  constructor(
    private readonly transport: TransportLayer,
    private readonly request: SipRequest,
    flow: Flow,
    private readonly onError: (error: NetworkError) => void,
    readonly complete: (response: SipResponse) => void = () => undefined,
  ) {
    this.reliable = flow.reliable;
    const target = flow instanceof UdpFlow ? responseTarget(request, flow) : null;
    this.#way = target && flow instanceof UdpFlow ? transport.answering(flow, target) : flow;
  }

  /** What is to be sent once nobody is left here to send it. */
  leaveWill(will: Will): void {
    this.#way.leaveWill(will);
  }

  send(octets: Uint8Array): void {
    const target = this.#way.closed && this.#way.reliable ? responseTarget(this.request, this.#way) : null;
    if (!target) {
      this.#way.send(octets, this.onError);
      return;
    }
    // The connection of the request is gone: a new one to where the client listens.
    this.transport.flowTo({ transport: this.#way.transport, ...target }).then(
      (flow) => {
        this.#way = flow;
        flow.send(octets, this.onError);
      },
      (error: unknown) =>
        this.onError(error instanceof NetworkError ? error : new NetworkError('internal', String(error))),
    );
  }
}

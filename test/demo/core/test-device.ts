import { DigestScheme } from '../../../src/ims/auth/index.js';
import type { ClientTransactionHandle } from '../../../src/ims/sip/client-exchange.js';
import { SipEndpoint } from '../../../src/ims/sip/endpoint.js';
import { createResponse, Headers, parseUri, SipRequest, type SipResponse } from '../../../src/ims/sip/index.js';
import { RequestSender } from '../../../src/ims/sip/request-sender.js';
import type { ServerTransaction } from '../../../src/ims/sip/transaction/server-transaction.js';
import type { SipTransport } from '../../../src/ims/sip/transport/flow.js';
import type { Network } from '../../../src/net/network.js';
import type { Random } from '../../../src/platform/random.js';
import type { VirtualClock } from '../../platform/virtual-clock.js';

export interface DeviceOptions {
  readonly network: Network;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly user: string;
  readonly password: string;
  readonly address: string;
  readonly proxy: string;
  readonly transport?: SipTransport;
  readonly port?: number;
}

/** A bare user agent of one domain, `ims.test`: says what it is told, and keeps what it hears. */
export class TestDevice {
  readonly endpoint: SipEndpoint;
  readonly sender: RequestSender;
  readonly received: SipRequest[] = [];
  /** Final response to each request out of the blue; null: the test answers itself. */
  answer: ((request: SipRequest, transaction: ServerTransaction) => void) | null = null;
  readonly callId: string;
  /** Names us in From; wrong in tests of identity. */
  identity: string;
  contact = '';
  #cseq = 0;

  constructor(private readonly options: DeviceOptions) {
    const { network, clock, random } = options;
    this.endpoint = new SipEndpoint({ network, clock, random });
    this.sender = new RequestSender(this.endpoint, [
      new DigestScheme({ username: `${options.user}@ims.test`, password: options.password }, random),
    ]);
    this.callId = this.endpoint.token();
    this.identity = `sip:${options.user}@ims.test`;
    this.endpoint.onRequest = (request, transaction) => {
      this.received.push(request);
      if (!transaction) return;
      if (this.answer) this.answer(request, transaction);
      else transaction.respond(this.respond(request, 200));
    };
  }

  async listen(): Promise<void> {
    const { transport = 'udp', address, port = 5060 } = this.options;
    await this.endpoint.listen({ transport, address, port });
    this.contact = `<sip:${this.options.user}@${address}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}>`;
  }

  request(method: string, target: string, extra: Record<string, string> = {}): SipRequest {
    const uri = parseUri(target);
    if (!uri) throw new Error(`bad URI ${target}`);
    const headers = new Headers([
      ['From', `<${this.identity}>;tag=${this.endpoint.token()}`],
      ['To', `<${target}>`],
      ['Call-ID', this.endpoint.token()],
      ['CSeq', `${++this.#cseq} ${method}`],
      ['Max-Forwards', '70'],
      ['Contact', this.contact],
    ]);
    for (const [name, value] of Object.entries(extra)) headers.set(name, value);
    return new SipRequest(method, uri, headers);
  }

  register(extra: Record<string, string> = {}): Promise<SipResponse> {
    return this.send(
      this.request('REGISTER', 'sip:ims.test', {
        To: `<${this.identity}>`,
        'Call-ID': this.callId,
        Expires: '600',
        ...extra,
      }),
    );
  }

  send(request: SipRequest, onProvisional?: (response: SipResponse) => void): Promise<SipResponse> {
    return this.start(request, onProvisional).final;
  }

  /** The final response; 408 stands for silence and 503 for no way. */
  start(
    request: SipRequest,
    onProvisional?: (response: SipResponse) => void,
  ): { final: Promise<SipResponse>; handle: ClientTransactionHandle } {
    const nextHop = parseUri(this.options.proxy);
    let handle: ClientTransactionHandle | undefined;
    const final = new Promise<SipResponse>((resolve) => {
      handle = this.sender.send(
        request,
        {
          onFinal: (response) => resolve(response),
          onFailure: (reason) => resolve(createResponse(request, reason === 'timeout' ? 408 : 503)),
          ...(onProvisional ? { onProvisional } : {}),
        },
        { ...(nextHop && request.routes.length === 0 ? { nextHop } : {}) },
      );
    });
    if (!handle) throw new Error('unreachable');
    return { final, handle };
  }

  respond(request: SipRequest, status: number): SipResponse {
    const response = createResponse(request, status, { toTag: this.endpoint.token() });
    if (status > 100 && status < 300) response.headers.set('Contact', this.contact);
    return response;
  }

  /** A request within the dialog that `response` opened, seen by the caller. */
  within(response: SipResponse, method: string, cseq: number): SipRequest {
    const contact = response.contacts === '*' ? undefined : response.contacts[0];
    const request = this.request(method, contact?.uri.toString() ?? 'sip:nobody@ims.test');
    for (const name of ['From', 'To', 'Call-ID']) request.headers.set(name, response.headers.get(name) ?? '');
    request.headers.set('CSeq', `${cseq} ${method}`);
    request.headers.set('Route', ...response.headers.getAll('Record-Route').reverse());
    return request;
  }

  close(): void {
    this.endpoint.close();
  }
}

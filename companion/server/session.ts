import type { WebSocket } from 'ws';
import { NetworkError, type Endpoint } from '../../src/net/network.js';
import type { Access } from '../access/access.js';
import { permits } from '../access/destination-rules.js';
import type { Grant } from '../access/grants.js';
import { networkErrorFrom } from '../native/network-error-from.js';
import type { IpsecJournal } from '../native/ipsec/ipsec-journal.js';
import { NodeNetwork } from '../native/node-network.js';
import {
  CALLS,
  isMethod,
  type Method,
  type Notification,
  type NotificationParams,
  type Result,
} from '../protocol/calls.js';
import { readFrames, type FrameSink } from '../protocol/frames.js';
import { Outbox } from '../protocol/outbox.js';
import { parseRpc, printError, printNotification, printResult, RpcCode } from '../protocol/rpc.js';
import { CloseCode, PROTOCOL_VERSION, type TrafficClass } from '../protocol/version.js';
import type { Channel, ChannelHost } from './channel.js';
import { ChannelTable } from './channel-table.js';
import { IpsecSets } from './ipsec-sets.js';
import type { Limits } from './limits.js';
import { RateLimit } from './rate-limit.js';
import { sessionCalls, type SessionCalls, type SessionMethod } from './session-calls.js';
import type { PageWills, Wills } from './wills.js';

/** Octets that may wait in the WebSocket when an answer is added. */
const MAX_BACKLOG = 64 * 1048576;

export interface SessionOptions {
  readonly origin: string;
  readonly trafficClass: TrafficClass;
  readonly access: Access;
  readonly limits: Limits;
  /** How long a page may take to say hello, in ms. */
  readonly helloTimeout: number;
  readonly companionVersion: string;
  readonly dnsServers?: readonly string[];
  readonly ipsecJournal?: IpsecJournal;
  readonly wills: Wills;
  /** Socket of the IKE daemon. */
  readonly vici?: string;
}

/** What the page has once it said hello. */
interface Admission {
  readonly grant: Grant;
  readonly network: NodeNetwork;
  readonly calls: SessionCalls;
  readonly ipsecSets: IpsecSets;
}

/** One WebSocket of a page, with every socket that the page opened through it. */
export class Session implements ChannelHost, FrameSink {
  readonly outbox: Outbox;
  readonly origin: string;
  readonly #channels: ChannelTable;
  readonly #callRate: RateLimit;
  readonly #datagramRate: RateLimit;
  readonly #helloTimer: NodeJS.Timeout;
  readonly #wills: PageWills;
  #admission: Admission | null = null;
  #callsInFlight = 0;
  #droppedOut = 0;
  #closed = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly options: SessionOptions,
  ) {
    const { limits } = options;
    this.origin = options.origin;
    // setImmediate runs after all sockets were read: their datagrams share one message.
    this.outbox = new Outbox(socket, (flush) => setImmediate(() => this.#closed || flush()));
    this.#channels = new ChannelTable(limits.sockets);
    this.#wills = options.wills.open(options.origin, this.#channels);
    this.#callRate = new RateLimit(limits.callsPerSecond, 2 * limits.callsPerSecond);
    this.#datagramRate = new RateLimit(limits.datagramsPerSecond, limits.datagramsPerSecond / 2);
    this.#helloTimer = setTimeout(() => socket.close(CloseCode.silent, 'No hello'), options.helloTimeout);
    socket.on('message', (data, isBinary) => {
      if (this.#closed || !(data instanceof Buffer)) return;
      if (isBinary) this.#onBinary(data);
      else this.#onText(data.toString());
    });
    socket.on('close', (code) => this.#release(code === CloseCode.goodbye));
    // `ws` closes the socket itself: too big, bad UTF-8, bad frame.
    socket.on('error', () => undefined);
  }

  get sockets(): number {
    return this.#channels.size;
  }

  /** Cuts a page off whose pairing was taken back. */
  checkGrant(): void {
    if (this.#admission && !this.options.access.stillHolds(this.#admission.grant))
      this.#leave(CloseCode.unpaired, 'Revoked');
  }

  /** Settles when nothing of this session is left in the kernel. */
  get whenReleased(): Promise<void> {
    return this.#admission?.network.ipsec.close() ?? Promise.resolve();
  }

  /** Ends the session; its ports are free when this returns. */
  stop(): void {
    // The sockets go, and the page may be long in coming back.
    this.#wills.carryOut();
    this.#leave(1001, 'The companion stops');
  }

  permits(address: string, port: number): boolean {
    return this.#admission !== null && permits(this.#admission.grant.rules, address, port);
  }

  takeDatagram(): boolean {
    return this.#datagramRate.take();
  }

  countDroppedOut(): void {
    this.#droppedOut++;
  }

  open(make: (channel: number) => Channel): number | null {
    if (this.#closed || !this.#channels.reserve()) return null;
    this.#channels.unreserve();
    return this.#channels.add(make);
  }

  end(channel: number, error: NetworkError | null): void {
    if (!this.#channels.close(channel)) return;
    this.notify('closed', { channel, error: error && { reason: error.reason, message: error.message } });
  }

  notify<N extends Notification>(name: N, params: NotificationParams[N]): void {
    if (!this.#closed) this.outbox.text(printNotification(name, params));
  }

  onDatagram(channel: number, address: string, port: number, payload: Uint8Array): void {
    const to: Endpoint = { address, port };
    this.#channels.get(channel)?.onDatagram(to, payload);
  }

  onStream(channel: number, payload: Uint8Array): void {
    this.#channels.get(channel)?.onStream(payload);
  }

  onCredit(channel: number, octets: number): void {
    this.#channels.get(channel)?.onCredit(octets);
  }

  #onBinary(message: Buffer): void {
    const octets = new Uint8Array(message.buffer, message.byteOffset, message.length);
    const error = this.#admission ? readFrames(octets, this) : 'data before hello';
    if (error) this.#leave(CloseCode.protocol, error);
  }

  #onText(text: string): void {
    const message = parseRpc(text);
    if (message?.kind !== 'request') return this.#leave(CloseCode.protocol, 'Not a request');
    const { id, method, params } = message;
    if (!isMethod(method)) {
      this.outbox.text(printError(id, RpcCode.method, `No such call: ${method.slice(0, 64)}`, 'unsupported'));
      return;
    }
    if (!this.#callRate.take() || this.#callsInFlight >= this.options.limits.callsInFlight) {
      this.outbox.text(printError(id, RpcCode.network, 'Too many calls', 'limit'));
      return;
    }
    this.#callsInFlight++;
    this.#run(method, params)
      .then(
        (result) => this.#reply(printResult(id, result)),
        (error: unknown) => {
          const { message: why, reason } = networkErrorFrom(error);
          const code = error instanceof BadParams ? RpcCode.params : RpcCode.network;
          this.#reply(printError(id, code, why.slice(0, 1024), error instanceof BadParams ? 'unsupported' : reason));
        },
      )
      .finally(() => this.#callsInFlight--);
  }

  async #run(method: Method, params: unknown): Promise<object> {
    if (method === 'hello') return this.#hello(params);
    if (method === 'pair') return this.#pair(params);
    const admission = this.#admission;
    if (!admission) throw new NetworkError('companion-unpaired', 'Say hello first');
    if (method === 'unpair') {
      if (admission.grant.id !== '') this.options.access.grants.revoke(admission.grant.id);
      setImmediate(() => this.checkGrant());
      return {};
    }
    return callSession(admission.calls, method, params);
  }

  #hello(params: unknown): object {
    if (!CALLS.hello.params(params)) throw new BadParams('Bad hello');
    if (this.#admission) throw new NetworkError('unsupported', 'Hello was said');
    const { access, origin, limits, trafficClass, companionVersion, dnsServers, ipsecJournal, vici } = this.options;
    if (params.version !== PROTOCOL_VERSION) {
      throw new NetworkError('companion-refused', `Version ${PROTOCOL_VERSION} is spoken here`);
    }
    const grant = access.admit(origin, params.token);
    if (!grant) throw new NetworkError('companion-unpaired', 'This page is not paired');
    clearTimeout(this.#helloTimer);
    const network = new NodeNetwork({
      ...(dnsServers ? { dnsServers } : {}),
      ...(ipsecJournal ? { ipsecJournal } : {}),
      ...(vici === undefined ? {} : { vici }),
      permitHttp: (address, port) => permits(grant.rules, address, port),
    });
    const ipsecSets = new IpsecSets({
      ipsec: network.ipsec,
      permits: (address, port) => this.permits(address, port),
      owns: (local) => network.hasUdp(local),
    });
    const calls = sessionCalls({
      host: this,
      channels: this.#channels,
      network,
      grant,
      ipsecSets,
      wills: this.#wills,
      droppedIn: () => this.outbox.droppedDatagrams,
      droppedOut: () => this.#droppedOut,
    });
    this.#admission = { grant, network, calls, ipsecSets };
    return { version: PROTOCOL_VERSION, companion: companionVersion, trafficClass, maxMessage: limits.maxMessage };
  }

  #pair(params: unknown): object {
    if (!CALLS.pair.params(params)) throw new BadParams('Bad pair');
    const token = this.options.access.pair(this.options.origin, params.code);
    if (token === null) throw new NetworkError('companion-unpaired', 'The code is wrong, used or too old');
    return { token };
  }

  #reply(text: string): void {
    if (this.#closed) return;
    // A page that asks and never reads must not fill our memory.
    if (this.socket.bufferedAmount > MAX_BACKLOG) this.#leave(CloseCode.limit, 'Answers are not read');
    else this.outbox.text(text);
  }

  #leave(code: number, why: string): void {
    this.socket.close(code, why);
    // Who broke the rules, or is let in no more, has no last word.
    this.#release(true);
  }

  /**
   * Every port is free again, whatever ended the WebSocket.
   *
   * @param done the page has said all that it had to say
   */
  #release(done: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#helloTimer);
    // Before the sockets and the associations that protect them go.
    if (!done) this.#wills.carryOut();
    this.#wills.close();
    this.#channels.closeAll();
    this.#admission?.ipsecSets.close();
    this.#admission?.network.close();
  }
}

class BadParams extends Error {}

async function callSession<M extends SessionMethod>(
  calls: SessionCalls,
  method: M,
  params: unknown,
): Promise<Result[M]> {
  const isGood = CALLS[method].params;
  if (!isGood(params)) throw new BadParams(`Bad parameters for ${method}`);
  return calls[method](params);
}

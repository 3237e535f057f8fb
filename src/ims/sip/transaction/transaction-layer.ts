import type { Clock } from '../../../platform/clock.js';
import type { SipRequest, SipResponse } from '../message.js';
import { transactionTimers, type TimerValues } from '../timers.js';
import type { TransactionChannel } from './channel.js';
import type { ClientTransaction, ClientTransactionUser } from './client-transaction.js';
import { InviteClientTransaction } from './invite-client.js';
import { InviteServerTransaction } from './invite-server.js';
import { clientKey, hasMagicCookie, mergeKey, serverKey } from './matching.js';
import { NonInviteClientTransaction } from './non-invite-client.js';
import { NonInviteServerTransaction } from './non-invite-server.js';
import type { ServerMachine, ServerTransaction } from './server-transaction.js';

/** What became of a request that came from the network. */
export type RequestMatch =
  | { readonly kind: 'absorbed' } // a retransmission, or the ACK to a non-2xx
  | { readonly kind: 'stray-ack' } // ACK to a 2xx: for the dialog
  | { readonly kind: 'new'; readonly transaction: ServerMachine }
  | { readonly kind: 'overload' };

/** Keeps the running transactions and finds the one a message belongs to. */
export class TransactionLayer {
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #servers = new Map<string, ServerMachine>();
  readonly #merges = new Map<string, ServerMachine>();

  /** @param limit server transactions at most: beyond it new requests are refused, so that a flood takes bounded memory */
  constructor(
    private readonly clock: Clock,
    private readonly values: TimerValues,
    private readonly limit = 20_000,
  ) {}

  /** Running transactions, for leak tests. */
  get size(): number {
    return this.#clients.size + this.#servers.size;
  }

  createClient(request: SipRequest, channel: TransactionChannel, user: ClientTransactionUser): ClientTransaction {
    const key = clientKey(request);
    if (key === null || this.#clients.has(key)) throw new Error('a client transaction needs a CSeq and a fresh branch');
    const timers = transactionTimers(this.values, channel.reliable);
    const guarded: ClientTransactionUser = {
      onResponse: (response) => user.onResponse(response),
      onFailure: (reason) => user.onFailure(reason),
      onTerminated: () => {
        this.#clients.delete(key);
        user.onTerminated();
      },
    };
    const Machine = request.method === 'INVITE' ? InviteClientTransaction : NonInviteClientTransaction;
    const transaction = new Machine(request, channel, timers, this.clock, guarded);
    this.#clients.set(key, transaction);
    return transaction;
  }

  /** @returns false for a response that no transaction wants */
  receiveResponse(response: SipResponse): boolean {
    const key = clientKey(response);
    const transaction = key === null ? undefined : this.#clients.get(key);
    transaction?.receive(response);
    return transaction !== undefined;
  }

  receiveRequest(request: SipRequest, channel: TransactionChannel): RequestMatch {
    const key = serverKey(request);
    if (key === null) return { kind: 'absorbed' };
    const known = this.#servers.get(key);
    if (known && (hasMagicCookie(request.via) || request.method === 'ACK' || known.request.toTag === request.toTag)) {
      return known.receive(request) ? { kind: 'stray-ack' } : { kind: 'absorbed' };
    }
    if (request.method === 'ACK') return { kind: 'stray-ack' };
    if (this.#servers.size >= this.limit) return { kind: 'overload' };
    return { kind: 'new', transaction: this.#createServer(key, request, channel) };
  }

  /** RFC 3261 §9.2: the INVITE that a CANCEL wants to end. */
  findCancelled(cancel: SipRequest): ServerTransaction | null {
    const key = serverKey(cancel, 'INVITE');
    return (key !== null && this.#servers.get(key)) || null;
  }

  /** RFC 3261 §8.2.2.2: the same request, without To tag, is being served by another transaction. */
  isMerged(transaction: ServerTransaction): boolean {
    const { request } = transaction;
    if (request.toTag !== null || request.method === 'CANCEL') return false;
    const key = mergeKey(request);
    const first = key === null ? undefined : this.#merges.get(key);
    return first !== undefined && first !== transaction;
  }

  /** Ends every transaction without a word. */
  clear(): void {
    for (const transaction of [...this.#clients.values(), ...this.#servers.values()]) transaction.terminate();
  }

  #createServer(key: string, request: SipRequest, channel: TransactionChannel): ServerMachine {
    const timers = transactionTimers(this.values, channel.reliable);
    const merge = mergeKey(request);
    const forget = (): void => {
      this.#servers.delete(key);
      if (merge !== null && this.#merges.get(merge) === transaction) this.#merges.delete(merge);
    };
    const Machine = request.method === 'INVITE' ? InviteServerTransaction : NonInviteServerTransaction;
    const transaction: ServerMachine = new Machine(request, channel, timers, this.clock, forget);
    this.#servers.set(key, transaction);
    if (merge !== null && !this.#merges.has(merge)) this.#merges.set(merge, transaction);
    return transaction;
  }
}

import assert from 'node:assert/strict';
import type { Account } from '../../../src/ims/account.js';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import type { CallSnapshot } from '../../../src/ims/snapshot.js';
import { SipEndpoint } from '../../../src/ims/sip/endpoint.js';
import { Headers } from '../../../src/ims/sip/headers.js';
import { createResponse, SipRequest, type SipResponse } from '../../../src/ims/sip/message.js';
import type { ServerTransaction } from '../../../src/ims/sip/transaction/server-transaction.js';
import { parseUri } from '../../../src/ims/sip/uri.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';

export const SDP = 'v=0\r\no=- 1 1 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 5000 RTP/AVP 8\r\n';
export const CONTACT = '<sip:peer@10.0.0.2:5060>';

/** A user agent against a peer that does exactly what a test says. */
export async function world(account: Partial<Account> = {}) {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(1), conditions: { delay: 5 } });
  const media = new FakeMediaFactory();
  const agent = new UserAgent({
    account: { publicIdentity: 'sip:alice@10.0.0.1', register: false, localPort: 5060, ...account },
    clock,
    random: new SeededRandom(2),
    network: fabric.host('10.0.0.1'),
    media,
  });
  const peer = new SipEndpoint({ network: fabric.host('10.0.0.2'), clock, random: new SeededRandom(3) });
  const got: SipRequest[] = [];
  const servers: ServerTransaction[] = [];
  const peerWorld = { onRequest: null as null | ((request: SipRequest, transaction: ServerTransaction) => void) };
  peer.onRequest = (request, transaction) => {
    got.push(request);
    if (!transaction) return;
    servers.push(transaction);
    if (peerWorld.onRequest) peerWorld.onRequest(request, transaction);
    else if (request.method !== 'INVITE') transaction.respond(createResponse(request, 200, { toTag: 'p' }));
  };
  const ready = Promise.all([agent.start(), peer.listen({ transport: 'udp', address: '10.0.0.2', port: 5060 })]);
  await clock.advance(20);
  await ready;
  const methods = (): string[] => got.map(({ method }) => method);
  return { clock, agent, media, peer, got, servers, methods, peerWorld };
}

export function answer(
  request: SipRequest,
  status: number,
  tag: string,
  sdp: string | null = null,
  contact = CONTACT,
): SipResponse {
  const response = createResponse(request, status, { toTag: tag });
  response.headers.set('Contact', contact);
  if (sdp !== null) {
    response.headers.set('Content-Type', 'application/sdp');
    response.body = new TextEncoder().encode(sdp);
  }
  return response;
}

export interface InDialog {
  readonly tag?: string | undefined;
  readonly cseq?: number;
  readonly fromTag?: string;
  readonly callId?: string;
  readonly sdp?: string;
  readonly more?: readonly (readonly [string, string])[];
}

export function make(
  method: string,
  { tag, cseq = 1, fromTag = 'p', callId = 'c1', sdp = '', more = [] }: InDialog = {},
): SipRequest {
  const uri = parseUri('sip:alice@10.0.0.1:5060');
  assert.ok(uri);
  const headers = new Headers([
    ['Max-Forwards', '70'],
    ['From', `<sip:peer@10.0.0.2>;tag=${fromTag}`],
    ['To', `<sip:alice@10.0.0.1>${tag === undefined ? '' : `;tag=${tag}`}`],
    ['Call-ID', callId],
    ['CSeq', `${cseq} ${method}`],
    ['Contact', CONTACT],
    ...(sdp ? [['Content-Type', 'application/sdp'] as const] : []),
    ...more,
  ]);
  return new SipRequest(method, uri, headers, new TextEncoder().encode(sdp));
}

export type World = Awaited<ReturnType<typeof world>>;

export async function ask(w: World, request: SipRequest, ms = 100): Promise<SipResponse[]> {
  const responses: SipResponse[] = [];
  const take = (response: SipResponse): void => void responses.push(response);
  w.peer.request(request, { onProvisional: take, onFinal: take, onFailure: () => undefined, onFurtherSuccess: take });
  await w.clock.advance(ms);
  return responses;
}

export function last<T>(items: readonly T[]): T | undefined {
  return items[items.length - 1];
}

/** The call that a person sees; a function, so that nothing is taken for unchanged. */
export function shown(w: World): CallSnapshot | undefined {
  return w.agent.snapshot.calls[0];
}

export async function called(w: World): Promise<{ tag: string; id: string }> {
  const responses: SipResponse[] = [];
  const take = (response: SipResponse): void => void responses.push(response);
  w.peer.request(make('INVITE', { sdp: SDP }), {
    onProvisional: take,
    onFinal: take,
    onFailure: () => undefined,
    onFurtherSuccess: take,
  });
  await w.clock.advance(50);
  const id = shown(w)?.id ?? '';
  await w.agent.answer(id);
  await w.clock.advance(20);
  const tag = last(responses)?.toTag ?? '';
  await w.peer.sendRequest(make('ACK', { tag }));
  await w.clock.advance(20);
  assert.equal(shown(w)?.state, 'active');
  return { tag, id };
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DigestScheme } from '../../../src/ims/auth/index.js';
import { SipEndpoint } from '../../../src/ims/sip/endpoint.js';
import { Headers } from '../../../src/ims/sip/headers.js';
import { createResponse, SipRequest, type SipResponse } from '../../../src/ims/sip/message.js';
import { RequestSender } from '../../../src/ims/sip/request-sender.js';
import { parseUri } from '../../../src/ims/sip/uri.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';

type Challenges = Readonly<
  Partial<Record<'WWW-Authenticate' | 'Proxy-Authenticate' | 'Proxy-Authentication-Info', readonly string[]>>
>;

async function world(script: readonly (number | readonly [number, Challenges])[]) {
  const clock = new VirtualClock();
  const random = new SeededRandom(1);
  const fabric = new MemoryFabric({ clock, random });
  const client = new SipEndpoint({ network: fabric.host('10.0.0.1'), clock, random });
  const server = new SipEndpoint({ network: fabric.host('10.0.0.2'), clock, random });
  const got: SipRequest[] = [];
  server.onRequest = (request, transaction) => {
    if (!transaction) return;
    const step = script[Math.min(got.length, script.length - 1)] ?? 200;
    got.push(request);
    const [status, challenges] = typeof step === 'number' ? [step, {}] : step;
    const response = createResponse(request, status, { toTag: 's' });
    for (const [name, values] of Object.entries(challenges))
      for (const value of values) response.headers.append(name, value);
    transaction.respond(response);
  };
  const listening = server.listen({ transport: 'udp', address: '10.0.0.2', port: 5060 });
  await clock.advance(1);
  await listening;
  const sender = new RequestSender(client, [new DigestScheme({ username: 'u', password: 'p' }, random)]);
  const send = async (method = 'MESSAGE'): Promise<string> => {
    const uri = parseUri('sip:x@10.0.0.2');
    assert.ok(uri);
    const request = new SipRequest(
      method,
      uri,
      new Headers([
        ['Max-Forwards', '70'],
        ['From', '<sip:u@a>;tag=1'],
        ['To', '<sip:x@b>'],
        ['Call-ID', `c${got.length}`],
        ['CSeq', `1 ${method}`],
      ]),
    );
    let outcome = '';
    const onFinal = (response: SipResponse, _sent: SipRequest, auth: string): void =>
      void (outcome = `${response.status} ${auth}`);
    sender.send(request, { onFinal, onFailure: (reason) => (outcome = reason) });
    await clock.advance(2000);
    return outcome;
  };
  return { got, send };
}

const digest = (nonce: string, more = ''): string => `Digest realm="r", nonce="${nonce}", qop="auth"${more}`;

describe('RequestSender', () => {
  it('answers a server and a proxy in one exchange, each once', async () => {
    const { got, send } = await world([
      [407, { 'Proxy-Authenticate': [digest('p1')] }],
      [401, { 'WWW-Authenticate': [digest('s1')] }],
      200,
    ]);
    assert.equal(await send(), '200 none');
    assert.deepEqual(
      got.map(({ cseq }) => cseq?.number),
      [1, 2, 3],
    );
    assert.match(got[2]?.headers.get('Proxy-Authorization') ?? '', /nonce="p1".*nc=00000002/);
    assert.match(got[2]?.headers.get('Authorization') ?? '', /nonce="s1".*nc=00000001/);
  });

  it('answers both kinds in one response', async () => {
    const { got, send } = await world([
      [401, { 'WWW-Authenticate': [digest('s')], 'Proxy-Authenticate': [digest('p')] }],
      200,
    ]);
    assert.equal(await send(), '200 none');
    assert.ok(got[1]?.headers.has('Authorization') && got[1].headers.has('Proxy-Authorization'));
  });

  it('gives up when the answer is refused, even with a new nonce', async () => {
    const { got, send } = await world([
      [401, { 'WWW-Authenticate': [digest('1')] }],
      [401, { 'WWW-Authenticate': [digest('2')] }],
    ]);
    assert.equal(await send(), '401 rejected');
    assert.equal(got.length, 2);
  });

  it('goes on when only the nonce was stale, but not for ever', async () => {
    const stale = [2, 3, 4, 5, 6, 7, 8, 9].map(
      (n) => [401, { 'WWW-Authenticate': [digest(`${n}`, ', stale=true')] }] as const,
    );
    const { got, send } = await world([[401, { 'WWW-Authenticate': [digest('1')] }], ...stale]);
    assert.equal(await send(), '401 rejected');
    assert.equal(got.length, 7);
  });

  it('says when nothing of what is asked can be answered', async () => {
    const { got, send } = await world([
      [401, { 'WWW-Authenticate': ['Basic realm="r"', 'Digest realm="r", nonce="n", algorithm=AKAv1-MD5'] }],
    ]);
    assert.equal(await send(), '401 unanswerable');
    assert.equal(got.length, 1);
  });

  it('authorizes the next request at once for the same proxy', async () => {
    const { got, send } = await world([[407, { 'Proxy-Authenticate': [digest('p1')] }], 200, 200]);
    await send();
    await send();
    assert.match(got[2]?.headers.get('Proxy-Authorization') ?? '', /nc=00000002/);
  });

  it('tells when who answered does not know our secret, and hangs on nothing that cannot be read', async () => {
    const claims = (info: string): Promise<string> =>
      world([
        [407, { 'Proxy-Authenticate': [digest('p')] }],
        [200, { 'Proxy-Authentication-Info': [info] }],
      ]).then(({ send }) => send());
    assert.equal(await claims('rspauth="00"'), '200 response-invalid');
    for (const info of ['', '=', 'rspauth', '"', 'qop=auth', 'nextnonce="p2"'])
      assert.equal(await claims(info), '200 none');
  });

  it('does not show the credentials for one server to another request', async () => {
    const { got, send } = await world([[401, { 'WWW-Authenticate': [digest('s')] }], 200, 200]);
    await send('MESSAGE');
    await send('OPTIONS');
    assert.equal(got[2]?.headers.has('Authorization'), false);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '../../../src/ims/account.js';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import { PRIVATE_HEADERS, printPrivacy } from '../../../src/ims/private-headers/index.js';
import { SipEndpoint } from '../../../src/ims/sip/endpoint.js';
import { Headers } from '../../../src/ims/sip/headers.js';
import { createResponse, SipRequest, type SipResponse } from '../../../src/ims/sip/message.js';
import { parseUri } from '../../../src/ims/sip/uri.js';
import { encodeUtf8 } from '../../../src/ims/sip/utf8.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeRegistrar } from '../registration/fake-registrar.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';

const HOME = '10.0.0.10';
const ACCESS = 'IEEE-802.11;i-wlan-node-id=001122334455';
const ANYBODY = '"Anonymous" <sip:anonymous@anonymous.invalid>';
const OFFER = 'v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=-\r\nc=IN IP4 10.0.0.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n';

async function world(account: Partial<Account> = {}) {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(2), conditions: { delay: 5 } });
  const registrar = new FakeRegistrar(fabric, HOME);
  registrar.extra = [['P-Associated-URI', '<sip:alice@ims.test>, <sip:office@ims.test>']];
  registrar.notifier.onSubscribed = (dialog) => dialog.notify();
  const agent = new UserAgent({
    account: {
      publicIdentity: 'sip:alice@ims.test',
      password: 'secret',
      proxy: `sip:${HOME}`,
      displayName: 'Alice',
      accessNetworkInfo: ACCESS,
      localPort: 5060,
      ...account,
    },
    clock,
    random: new SeededRandom(3),
    network: fabric.host('10.0.0.1'),
    media: new FakeMediaFactory(),
  });
  const listening = registrar.listen(HOME);
  await clock.advance(20);
  await listening;
  const started = agent.start();
  await clock.advance(300);
  await started;
  const sent: string[] = [];
  agent.events.on('trace', ({ direction, text }) => {
    if (direction === 'out') sent.push(text);
  });
  /** An INVITE or MESSAGE to alice, from the P-CSCF or from somebody else. */
  const ask = async (
    method: string,
    from: SipEndpoint,
    headers: readonly (readonly [string, string])[],
  ): Promise<readonly SipResponse[]> => {
    const uri = parseUri('sip:alice@10.0.0.1:5060');
    assert.ok(uri);
    const request = new SipRequest(
      method,
      uri,
      new Headers([
        ['Max-Forwards', '70'],
        ['From', '"Stranger" <sip:stranger@example.org>;tag=1'],
        ['To', '<sip:alice@ims.test>'],
        ['Call-ID', from.token()],
        ['CSeq', `1 ${method}`],
        ['Contact', '<sip:stranger@10.0.0.9>'],
        ['Content-Type', method === 'INVITE' ? 'application/sdp' : 'text/plain'],
        ...headers,
      ]),
      encodeUtf8(OFFER),
    );
    const responses: SipResponse[] = [];
    from.request(request, {
      onProvisional: (response) => void responses.push(response),
      onFinal: (response) => void responses.push(response),
      onFailure: () => undefined,
    });
    await clock.advance(300);
    return responses;
  };
  type Asked = (from: SipEndpoint, headers: readonly (readonly [string, string])[]) => ReturnType<typeof ask>;
  const invite: Asked = (...rest) => ask('INVITE', ...rest);
  const message: Asked = (...rest) => ask('MESSAGE', ...rest);
  const stranger = new SipEndpoint({ network: fabric.host('10.0.0.66'), clock, random: new SeededRandom(9) });
  return { clock, registrar, agent, sent, invite, message, stranger };
}

const first = (texts: readonly string[], method: string): string =>
  texts.find((text) => text.startsWith(`${method} `)) ?? '';

describe('PrivateHeaders', () => {
  it('tells the P-CSCF where we are, in everything but what is forbidden', async () => {
    const w = await world();
    const [unproven, proven] = w.registrar.requests;
    assert.deepEqual(
      [unproven, proven].map((request) => request?.headers.get('P-Access-Network-Info')),
      [undefined, ACCESS],
    );
    assert.equal(w.registrar.notifier.subscribes[0]?.headers.get('P-Access-Network-Info'), ACCESS);
    assert.equal(
      w.registrar.notifier.subscribes[0].headers.get('P-Preferred-Identity'),
      '"Alice" <sip:alice@ims.test>',
    );
    w.registrar.override = (request) =>
      request.method === 'INVITE' ? createResponse(request, 180, { toTag: 'r' }) : null;
    const id = w.agent.call('sip:bob@ims.test');
    await w.clock.advance(100);
    await w.agent.hangup(id);
    await w.clock.advance(100);
    assert.match(first(w.sent, 'INVITE'), /P-Access-Network-Info: IEEE-802\.11/);
    assert.match(first(w.sent, 'CANCEL'), /^CANCEL/);
    assert.doesNotMatch(first(w.sent, 'CANCEL'), /P-Access-Network-Info/);
  });

  it('answers the P-CSCF with it, and nobody else', async () => {
    const w = await world();
    const ringing = await w.invite(w.registrar.endpoint, []);
    assert.deepEqual(
      ringing
        .filter(({ status }) => status > 100)
        .map(({ status, headers }) => [status, headers.get('P-Access-Network-Info')]),
      [[180, ACCESS]],
    );
    const other = await w.invite(w.stranger, []);
    assert.ok(other.some(({ status }) => status === 180));
    for (const { headers } of other) for (const name of PRIVATE_HEADERS.keys()) assert.ok(!headers.has(name), name);
  });

  it('believes who calls and who is called from the P-CSCF alone', async () => {
    const asserted = [
      ['P-Asserted-Identity', '"Boss" <sip:boss@ims.test>'],
      ['P-Called-Party-ID', '<sip:office@ims.test>'],
    ] as const;
    const w = await world();
    await w.invite(w.registrar.endpoint, asserted);
    await w.invite(w.stranger, asserted);
    assert.deepEqual(
      w.agent.snapshot.calls.map(({ remote, local }) => [remote.uri, remote.displayName, local]),
      [
        ['sip:boss@ims.test', 'Boss', 'sip:office@ims.test'],
        ['sip:stranger@example.org', 'Stranger', 'sip:alice@ims.test'],
      ],
    );
  });

  it('takes no identity for ours that is not, and names nobody who asked for it', async () => {
    const w = await world();
    await w.invite(w.registrar.endpoint, [
      ['P-Asserted-Identity', '<sip:boss@ims.test>'],
      ['P-Called-Party-ID', '<sip:mallory@ims.test>'],
      ['Privacy', 'id;critical'],
    ]);
    const [call] = w.agent.snapshot.calls;
    assert.deepEqual([call?.remote.uri, call?.local], ['sip:stranger@example.org', 'sip:alice@ims.test']);
  });

  it('calls without a name, and says so to the network', async () => {
    const w = await world();
    for (const [anonymous, from, privacy] of [
      [true, ANYBODY, 'id'],
      [undefined, '"Alice" <sip:alice@ims.test>', undefined],
    ] as const) {
      w.agent.call('sip:bob@ims.test', anonymous === undefined ? {} : { anonymous });
      await w.clock.advance(100);
      const invite = w.registrar.requests[w.registrar.requests.length - 1];
      assert.equal(invite?.method, 'INVITE');
      assert.equal(invite.headers.get('From')?.replace(/;tag.*/, ''), from);
      assert.equal(invite.headers.get('Privacy'), privacy);
      assert.equal(invite.headers.get('P-Preferred-Identity'), '"Alice" <sip:alice@ims.test>');
      const elsewhere = [...invite.headers.entries()].filter(([name]) => !/^(P-Preferred|Authorization)/.test(name));
      assert.equal(
        elsewhere.some(([, value]) => /alice/i.test(value)),
        anonymous === undefined,
      );
    }
  });

  it('says `none` for one call of who is anonymous by default', async () => {
    const w = await world({ privacy: ['id', 'header'] });
    for (const [anonymous, privacy] of [
      [undefined, 'header;id'],
      [false, 'none'],
    ] as const) {
      w.agent.call('sip:bob@ims.test', anonymous === undefined ? {} : { anonymous });
      await w.clock.advance(100);
      assert.equal(w.registrar.requests[w.registrar.requests.length - 1]?.headers.get('Privacy'), privacy);
    }
    assert.equal(w.registrar.notifier.subscribes[0]?.headers.has('Privacy'), false, 'the registrar knows us');
  });

  it('looks after messages as it does after calls, both ways', async () => {
    const w = await world();
    w.registrar.override = (request) =>
      request.method === 'MESSAGE' ? createResponse(request, 200, { toTag: 'r' }) : null;
    for (const [options, from, preferred, privacy] of [
      [{}, '"Alice" <sip:alice@ims.test>', '"Alice" <sip:alice@ims.test>', undefined],
      [{ anonymous: true }, ANYBODY, '"Alice" <sip:alice@ims.test>', 'id'],
      [
        { identity: 'sip:office@ims.test' },
        '"Alice" <sip:office@ims.test>',
        '"Alice" <sip:office@ims.test>',
        undefined,
      ],
    ] as const) {
      void w.agent.sendMessage('sip:bob@ims.test', 'x', options);
      await w.clock.advance(100);
      const request = w.registrar.requests[w.registrar.requests.length - 1];
      assert.equal(request?.method, 'MESSAGE');
      assert.equal(request.headers.get('From')?.replace(/;tag.*/, ''), from);
      assert.equal(request.headers.get('P-Preferred-Identity'), preferred);
      assert.equal(request.headers.get('Privacy'), privacy);
      assert.equal(request.headers.get('P-Access-Network-Info'), ACCESS);
    }
    const refused = await w.agent.sendMessage('sip:bob@ims.test', 'x', { identity: 'sip:mallory@ims.test' });
    assert.equal(refused.state === 'failed' && refused.failure.reason, 'not-registered');

    const got: unknown[] = [];
    w.agent.events.on('message', ({ from, to }) => got.push([from.uri, from.displayName, to]));
    const asserted = [
      ['P-Asserted-Identity', '"Boss" <sip:boss@ims.test>'],
      ['P-Called-Party-ID', '<sip:office@ims.test>'],
    ] as const;
    const answers = [
      ...(await w.message(w.registrar.endpoint, asserted)),
      ...(await w.message(w.stranger, asserted)),
      ...(await w.message(w.registrar.endpoint, [...asserted, ['Privacy', 'id']])),
    ];
    assert.deepEqual(got, [
      ['sip:boss@ims.test', 'Boss', 'sip:office@ims.test'],
      ['sip:stranger@example.org', 'Stranger', 'sip:alice@ims.test'],
      ['sip:stranger@example.org', 'Stranger', 'sip:office@ims.test'],
    ]);
    assert.deepEqual(
      answers.map(({ status, headers }) => [status, headers.get('P-Access-Network-Info')]),
      [
        [200, ACCESS],
        [200, undefined],
        [200, ACCESS],
      ],
    );
  });

  it('tells a stranger nothing, who is called without a network between', async () => {
    const w = await world({ register: false, proxy: '' });
    w.agent.call(`sip:bob@${HOME}`, { anonymous: true });
    await w.clock.advance(200);
    const invite = w.registrar.requests[w.registrar.requests.length - 1];
    assert.equal(invite?.method, 'INVITE');
    for (const name of PRIVATE_HEADERS.keys()) assert.ok(!invite.headers.has(name), name);
  });
});

describe('printPrivacy', () => {
  it('follows the rules of RFC 3323', () => {
    assert.equal(printPrivacy([]), null);
    assert.equal(printPrivacy(['critical']), null);
    assert.equal(printPrivacy(['critical', 'id', 'header']), 'header;id;critical');
    assert.equal(printPrivacy(['id', 'none']), 'none');
  });
});

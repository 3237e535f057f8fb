import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import { redirectTarget } from '../../../src/ims/registration/redirect.js';
import { createResponse, type SipRequest, type SipResponse } from '../../../src/ims/sip/message.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';
import { FakeRegistrar } from './fake-registrar.js';

const HOME = '10.0.0.10';
const ELSEWHERE = '10.0.0.11';

function answer(request: SipRequest, status: number, headers: readonly (readonly [string, string])[]): SipResponse {
  const response = createResponse(request, status, { toTag: 'r' });
  for (const [name, value] of headers) response.headers.append(name, value);
  return response;
}

async function world(override: FakeRegistrar['override']) {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(2), conditions: { delay: 5 } });
  const home = new FakeRegistrar(fabric, HOME);
  const elsewhere = new FakeRegistrar(fabric, ELSEWHERE);
  home.override = override;
  const agent = new UserAgent({
    account: { publicIdentity: 'sip:alice@ims.test', password: 'secret', proxy: `sip:${HOME}` },
    clock,
    random: new SeededRandom(3),
    network: fabric.host('10.0.0.1'),
    media: new FakeMediaFactory(),
  });
  const listening = Promise.all([home.listen(HOME), elsewhere.listen(ELSEWHERE)]);
  await clock.advance(20);
  await listening;
  const started = agent.start();
  await clock.advance(2000);
  await started;
  return { clock, home, elsewhere, agent };
}

describe('Redirected registration', () => {
  it('goes where a 302 says, for the home domain still, and comes back for the refresh', async () => {
    const w = await world((request) =>
      answer(request, 302, [['Contact', `<sip:10.0.0.99>;q=0.1, <sip:${ELSEWHERE};transport=tcp>;q=0.9`]]),
    );
    const { registration } = w.agent.snapshot;
    assert.deepEqual(
      [registration.state, registration.server, registration.transport],
      ['registered', `${ELSEWHERE}:5060`, 'tcp'],
    );
    assert.equal(w.elsewhere.requests[0]?.requestUri.toString(), 'sip:ims.test');
    await w.clock.advance(3_010_000);
    assert.deepEqual([w.home.requests.length, w.agent.snapshot.registration.state], [2, 'registered']);
  });

  it('does not go round in circles', async () => {
    const w = await world((request) => answer(request, 302, [['Contact', `<sip:${HOME}>`]]));
    assert.equal(w.home.requests.length, 5);
    assert.equal(w.agent.snapshot.registration.failure?.reason, 'registration-rejected');
  });

  it('does not follow a registrar that never has enough seconds', async () => {
    const w = await world((request) => answer(request, 423, [['Min-Expires', String((request.expires ?? 0) + 1)]]));
    assert.equal(w.home.requests.length, 5);
    assert.equal(w.agent.snapshot.registration.state, 'unregistered');
  });

  it('takes a 305 for a P-CSCF that is busy, and ignores its Contact', async () => {
    let first = true;
    const w = await world((request) => {
      if (!first) return null;
      first = false;
      return answer(request, 305, [
        ['Contact', `<sip:${ELSEWHERE}>`],
        ['Retry-After', '30'],
      ]);
    });
    const { state, failure } = w.agent.snapshot.registration;
    assert.deepEqual([state, failure?.status, failure?.retryAfter], ['waiting', 305, 30_000]);
    await w.clock.advance(31_000);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    assert.equal(w.elsewhere.requests.length, 0);
  });

  it('is not led from TLS to anything less', async () => {
    const w = await world(null);
    const [request] = w.home.requests;
    assert.ok(request);
    const response = answer(request, 301, [
      ['Contact', '<sip:plain.test>, <tel:+49301>, <sip:tls.test;transport=TLS>;q=0.7, <sips:sips.test>;q=0.5'],
    ]);
    assert.equal(redirectTarget(response, 'tls')?.toString(), 'sip:tls.test;transport=TLS');
    assert.equal(redirectTarget(response, 'udp')?.toString(), 'sip:plain.test');
    assert.equal(redirectTarget(answer(request, 380, [['Contact', '<sip:sos.test>']]), 'udp'), null);
    assert.equal(redirectTarget(answer(request, 302, []), 'udp'), null);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createResponse } from '../../../src/ims/sip/message.js';
import { inClear, IPSEC, secured, start, stop, text, world, type World } from './agreement-world.js';

/** Credentials that anybody on the way could read. */
function credentialsInClear({ packets }: World): string[] {
  return packets
    .filter(({ spi }) => spi === null)
    .map(text)
    .filter((message) => /response="[^"]/.test(message));
}

/** The P-CSCF sees the UE at another address. */
function seenAt({ pcscf }: World, address: string): void {
  const answer = pcscf.registrar.override;
  pcscf.registrar.override = (request) => {
    const response = answer?.(request) ?? null;
    const [via] = response?.status === 401 ? response.headers.rawValues('Via') : [];
    if (response && via !== undefined)
      response.headers.set('Via', `${via.replace(/;received=[^;]*/, '')};received=${address}`);
    return response;
  };
}

describe('SecurityAgreement behind a NAT', () => {
  it('says that a NAT is between, unless the mode passes one; sends no credentials in clear', async () => {
    for (const [seen, modes, registers] of [
      ['203.0.113.9', ['trans'], false],
      ['203.0.113.9', ['UDP-enc-tun'], true],
      ['10.0.0.1', ['trans'], true],
    ] as const) {
      const w = await world({ ...IPSEC, modes });
      seenAt(w, seen);
      await start(w);
      const { state, failure } = w.agent.snapshot.registration;
      assert.equal(state === 'registered', registers);
      if (!registers) assert.match(failure?.detail ?? '', /a NAT is between, and the mode is not UDP-enc-tun/);
      assert.deepEqual(credentialsInClear(w), []);
      await stop(w);
    }
  });

  it('offers UDP-enc-tun too as soon as a NAT is seen, where the policy names no modes (TS 33.203 annex M)', async () => {
    const w = await world();
    seenAt(w, '203.0.113.9');
    w.pcscf.prefers = /mod=UDP-enc-tun/;
    await start(w);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    const offers = w.packets
      .filter(({ spi, from }) => spi === null && from.address === w.own)
      .map((packet) => /mod=UDP-enc-tun/.test(text(packet)));
    assert.deepEqual(offers, [false, true]);
    assert.deepEqual(credentialsInClear(w), []);
    assert.ok(secured(w, 'REGISTER').every((message) => /^Security-Verify: .*mod=UDP-enc-tun/m.test(message)));
    await stop(w);
    assert.deepEqual([w.network.ipsec.size, w.network.openSockets], [0, 0]);
  });

  it('asks once more only, where the P-CSCF has no UDP-enc-tun', async () => {
    const w = await world();
    seenAt(w, '203.0.113.9');
    await start(w);
    const { state, failure } = w.agent.snapshot.registration;
    assert.deepEqual([state, failure?.reason], ['waiting', 'security-mismatch']);
    assert.match(failure?.detail ?? '', /a NAT is between/);
    assert.equal(inClear(w).filter((line) => line.startsWith('REGISTER')).length, 2);
    await stop(w);
  });
});

describe('SecurityAgreement, which nobody may leave out', () => {
  it('is not registered by a 200 that comes without one', async () => {
    const w = await world();
    w.pcscf.override = (request) => {
      const response = createResponse(request, 200, { toTag: 'x' });
      response.headers.append('Contact', request.headers.rawValues('Contact')[0] ?? '');
      return response;
    };
    await start(w);
    const { state, failure, security } = w.agent.snapshot.registration;
    assert.deepEqual([state, failure?.reason, security], ['waiting', 'security-mismatch', null]);
    await stop(w);
  });

  it('is where the policy says so', async () => {
    const w = await world({ ...IPSEC, optional: true });
    w.pcscf.override = (request) => {
      const response = createResponse(request, 200, { toTag: 'x' });
      response.headers.append('Contact', request.headers.rawValues('Contact')[0] ?? '');
      return response;
    };
    await start(w);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    await stop(w);
  });

  it('sends no credentials in clear when it begins anew, and is registered only by the associations', async () => {
    const w = await world();
    w.pcscf.wrongKeys = true;
    await start(w, 40_000);
    w.pcscf.wrongKeys = false;
    await w.clock.advance(120_000);
    const { state, security } = w.agent.snapshot.registration;
    assert.deepEqual([state, security?.mechanism], ['registered', 'ipsec-3gpp']);
    assert.deepEqual(credentialsInClear(w), []);
    await stop(w);
  });
});

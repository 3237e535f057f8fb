import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ask, make, SDP, shown, world } from './scripted-peer.js';

/** Who the caller at 10.0.0.2 seems to be, with a proxy configured and no registration. */
async function callerWith(proxy: string): Promise<string | undefined> {
  const w = await world({ proxy });
  await ask(w, make('INVITE', { sdp: SDP, more: [['P-Asserted-Identity', '<sip:bank@ims.test>']] }));
  return shown(w)?.remote.uri;
}

describe('A caller that asserts an identity, where we are not registered', () => {
  it('is believed if it is the proxy', async () => {
    assert.equal(await callerWith('sip:10.0.0.2'), 'sip:bank@ims.test');
  });

  it('is not believed if it is anybody else (RFC 3325 §9)', async () => {
    for (const proxy of ['sip:10.0.0.9', 'sip:proxy.ims.test']) {
      const caller = await callerWith(proxy);
      assert.ok(caller !== undefined && caller !== 'sip:bank@ims.test', `${proxy}: ${caller}`);
    }
  });
});

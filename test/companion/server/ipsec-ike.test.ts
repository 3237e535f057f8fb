import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { viciTexts, type ViciSection } from '../../../companion/native/ike/vici-message.js';
import { closeFixtures, companionFixture } from '../../net/companion-fixture.js';
import { ScriptedDaemon } from '../native/ike/scripted-daemon.js';

const UE = '127.0.0.45';
const PCSCF = '127.0.0.46';
afterEach(closeFixtures);

async function world(daemon: ScriptedDaemon) {
  daemon.answers.set('get-conns', {});
  await daemon.listen();
  const fixture = await companionFixture({ vici: daemon.path });
  daemon.asked.length = 0;
  const page = fixture.page();
  const socket = await page.bindUdp({ address: UE });
  const ends = { local: UE, remote: PCSCF, localPort: socket.local.port, remotePort: 5060 };
  return { page, negotiation: { ...ends, secret: 'between us' } };
}

/** Of the one connection and its one child, what a list says. */
function listed(message: ViciSection | undefined, ...path: readonly string[]): readonly string[] {
  const [connection] = message?.values() ?? [];
  const children = connection instanceof Map ? (connection as ViciSection).get('children') : null;
  const [child] = children instanceof Map ? (children as ViciSection).values() : [];
  return path.flatMap((name) => (child instanceof Map ? viciTexts(child as ViciSection, name) : []));
}

describe('ipsec.negotiate through the companion', () => {
  it('is for a port of the page, and goes with the page', async (t) => {
    const daemon = new ScriptedDaemon();
    t.after(() => daemon.close());
    const { page, negotiation } = await world(daemon);
    await assert.rejects(page.ipsec.negotiate({ ...negotiation, localPort: 9 }), { reason: 'denied' });
    assert.deepEqual(daemon.commands, []);
    const { localPort } = negotiation;
    await page.ipsec.negotiate(negotiation);
    assert.deepEqual(daemon.commands, ['get-conns', 'load-shared', 'load-conn', 'initiate']);
    const selectors = listed(daemon.asked[2]?.message, 'local_ts', 'remote_ts');
    const expected = [localPort, 5060].flatMap((port) => [`dynamic[udp/${port}]`, `dynamic[tcp/${port}]`]);
    assert.deepEqual(selectors, expected);
    page.close();
    for (let i = 0; i < 100 && daemon.asked.length < 7; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(daemon.commands.slice(4), ['unload-conn', 'terminate', 'unload-shared']);
  });

  it('says what the peer has against it, and where there is no daemon', async () => {
    const daemon = new ScriptedDaemon();
    const { page, negotiation } = await world(daemon);
    daemon.log = ['received TS_UNACCEPTABLE notify, no CHILD_SA built'];
    daemon.answers.set('initiate', { success: 'no', errmsg: 'establishing CHILD_SA failed' });
    await assert.rejects(page.ipsec.negotiate(negotiation), { reason: 'refused', message: /TS_UNACCEPTABLE/ });
    await daemon.close();
    await assert.rejects(page.ipsec.negotiate(negotiation), { reason: 'ipsec-tool', message: /no IKE daemon/ });
  });
});

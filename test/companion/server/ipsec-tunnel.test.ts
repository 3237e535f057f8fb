import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { NodeNetwork } from '../../../companion/native/node-network.js';
import { closeFixtures, companionFixture } from '../../net/companion-fixture.js';
import { CutOff } from '../../net/cut-off.js';
import { sampleSet } from '../native/ipsec/sample-set.js';

const UE = '127.0.0.43';
const PCSCF = '127.0.0.44';
afterEach(closeFixtures);

function between(localPort: number, remotePort: number) {
  const set = sampleSet({ mode: 'UDP-enc-tun', local: UE, remote: PCSCF });
  const near = { ...set, ports: [{ localPort, remotePort, spiIn: 1001, spiOut: 2001 }] };
  const far = { ...set, local: PCSCF, remote: UE, ports: [{ localPort: remotePort, remotePort: localPort, spiIn: 2001, spiOut: 1001 }] };
  return { near, far };
} // prettier-ignore

describe('a tunnel through the companion', () => {
  it('gives a page a tunnel through a NAT, between a port of its own and a destination that it may reach', async (t) => {
    const network = new NodeNetwork();
    t.after(() => network.close());
    const pcscf = await network.bindUdp({ address: PCSCF });
    const fixture = await companionFixture();
    const page = fixture.page();
    const socket = await page.bindUdp({ address: UE });
    const { near, far } = between(socket.local.port, pcscf.local.port);
    await assert.rejects(page.ipsec.install(between(9, pcscf.local.port).near), { reason: 'denied' });
    await network.ipsec.install(far);
    const installed = await page.ipsec.install(near);
    socket.send(new TextEncoder().encode('out'), pcscf.local);
    await new Promise<void>((resolve) => (pcscf.onMessage = () => resolve()));
    pcscf.send(new TextEncoder().encode('back'), socket.local);
    const answer = await new Promise<Uint8Array>((resolve) => (socket.onMessage = resolve));
    assert.equal(new TextDecoder().decode(answer), 'back');
    await installed.remove();
  });

  it('carries the last will of a page that is gone, before it is taken away', async (t) => {
    const network = new NodeNetwork();
    t.after(() => network.close());
    const pcscf = await network.bindUdp({ address: PCSCF });
    const fixture = await companionFixture();
    const cut = new CutOff();
    const page = fixture.page({ webSocket: cut.webSocket });
    const socket = await page.bindUdp({ address: UE });
    const { near, far } = between(socket.local.port, pcscf.local.port);
    await network.ipsec.install(far);
    await page.ipsec.install(near);
    const heard: string[] = [];
    // What comes outside of the tunnel is dropped.
    pcscf.onMessage = (data) => void heard.push(new TextDecoder().decode(data));
    socket.send(new TextEncoder().encode('hello'), pcscf.local);
    socket.leaveWill({ name: 'a', data: new TextEncoder().encode('gone') }, pcscf.local);
    await page.localAddressFor('127.0.0.1');
    cut.kill();
    for (let i = 0; i < 100 && heard.length < 2; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual(heard, ['hello', 'gone']);
  });

  it('denies one whose packets would go to a port that the page may not reach', async (t) => {
    const network = new NodeNetwork();
    t.after(() => network.close());
    const pcscf = await network.bindUdp({ address: PCSCF });
    const fixture = await companionFixture({ trustedDestinations: [`${PCSCF}:${pcscf.local.port}`] });
    const page = fixture.page();
    const socket = await page.bindUdp({ address: UE });
    const { near } = between(socket.local.port, pcscf.local.port);
    await assert.rejects(page.ipsec.install(near), { reason: 'denied', message: /port 4500/ });
  });
});

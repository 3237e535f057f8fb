import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { NodeNetwork } from '../../../companion/native/node-network.js';
import { startCore, type Core } from '../../../demo/core/start-core.js';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import { SystemClock } from '../../../src/platform/system-clock.js';
import { SystemRandom } from '../../../src/platform/system-random.js';
import { closeFixtures, companionFixture, type CompanionFixture } from '../../net/companion-fixture.js';
import { CutOff } from '../../net/cut-off.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';

const INSTANCE = 'urn:uuid:f81d4fae-7dec-41d0-a765-00a0c91e6bf6';

interface World {
  readonly core: Core;
  readonly fixture: CompanionFixture;
  /** What the core got and answered, first lines and CSeq. */
  readonly wire: string[];
  /** A page that is registered; it dies with `cut`. */
  page(): Promise<{ agent: UserAgent; cut: CutOff }>;
}

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
  await closeFixtures();
});

/** The embedded core, a companion, and pages without a browser, over real sockets. */
async function world(transport: 'udp' | 'tcp'): Promise<World> {
  const network = new NodeNetwork();
  const clock = new SystemClock();
  const random = new SystemRandom();
  const wire: string[] = [];
  const core = await startCore({
    network,
    clock,
    random,
    domain: 'ims.test',
    subscribers: [{ user: 'alice', password: 'secret' }],
    listen: { address: '127.0.0.1', [transport]: 0 },
    trace: ({ direction, text }) => {
      const [first = ''] = text.split('\r\n');
      const number = /^CSeq: (\d+)/m.exec(text)?.[1] ?? '';
      wire.push(`${direction} ${first.replace(/ sip:\S+ SIP\/2\.0$/, '')} ${number}`);
    },
  });
  open.push(() => {
    core.close();
    network.close();
  });
  const fixture = await companionFixture();
  const page = async (): Promise<{ agent: UserAgent; cut: CutOff }> => {
    const cut = new CutOff();
    const agent = new UserAgent({
      account: {
        publicIdentity: 'sip:alice@ims.test',
        password: 'secret',
        proxy: core.proxyUri(transport),
        instanceId: INSTANCE,
        regEvent: false,
      },
      clock,
      random,
      network: fixture.page({ webSocket: cut.webSocket }),
      media: new FakeMediaFactory(),
    });
    open.push(() => {
      cut.kill();
      return agent.stop();
    });
    await agent.start();
    assert.equal(agent.snapshot.registration.state, 'registered');
    return { agent, cut };
  };
  return { core, fixture, wire, page };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('LastWill', () => {
  for (const transport of ['udp', 'tcp'] as const) {
    it(`takes the binding away when a page dies, by the credentials of the last challenge (${transport})`, async () => {
      const { core, wire, page } = await world(transport);
      const { agent, cut } = await page();
      await agent.register();
      await pause(50);
      assert.equal(core.location.of('alice').length, 1);
      cut.kill();
      await pause(300);
      assert.equal(core.location.of('alice').length, 0);
      // One REGISTER after the refresh, with the next CSeq, and no challenge.
      assert.deepEqual(wire, [
        'in REGISTER 1',
        'out SIP/2.0 401 Unauthorized 1',
        'in REGISTER 2',
        'out SIP/2.0 200 OK 2',
        'in REGISTER 3',
        'out SIP/2.0 200 OK 3',
        'in REGISTER 4',
        'out SIP/2.0 200 OK 4',
      ]);
    });

    it(`of a page that is loaded again does not undo the new registration (${transport})`, async () => {
      const { core, page } = await world(transport);
      const before = await page();
      before.cut.kill();
      await page();
      await pause(300);
      assert.equal(core.location.of('alice').length, 1);
    });

    it(`is void when the same device has registered again before its end is seen (${transport})`, async () => {
      const { core, page } = await world(transport);
      const before = await page();
      await page();
      before.cut.kill();
      await pause(300);
      assert.equal(core.location.of('alice').length, 1);
    });
  }

  it('is not carried out where the page leaves by itself', async () => {
    const { core, wire, page } = await world('udp');
    const { agent, cut } = await page();
    await agent.unregister();
    const sent = wire.length;
    cut.kill();
    await pause(300);
    assert.equal(wire.length, sent);
    assert.equal(core.location.of('alice').length, 0);
  });
});

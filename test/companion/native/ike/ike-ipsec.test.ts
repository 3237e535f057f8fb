import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { IkeIpsec, removeIkeOrphans } from '../../../../companion/native/ike/ike-ipsec.js';
import { viciSection, viciText, viciTexts } from '../../../../companion/native/ike/vici-message.js';
import { startOf } from '../../../../companion/native/ipsec/process-start.js';
import type { IkeNegotiation } from '../../../../src/net/ipsec.js';
import { NetworkError } from '../../../../src/net/network.js';
import { ScriptedDaemon } from './scripted-daemon.js';

const NEGOTIATION: IkeNegotiation = {
  local: '192.0.2.7',
  remote: '192.0.2.1',
  localPort: 15060,
  remotePort: 5060,
  localId: 'alice@ims.test',
  secret: 'between us',
};

let daemon: ScriptedDaemon;
beforeEach(async () => {
  daemon = new ScriptedDaemon();
  daemon.answers.set('get-conns', { conns: [] });
  await daemon.listen();
});
afterEach(() => daemon.close());

describe('IkeIpsec', () => {
  it('loads secret and connection, lets the daemon initiate, and takes all of it away', async () => {
    const ike = new IkeIpsec(daemon.path);
    const set = await ike.negotiate(NEGOTIATION);
    assert.equal(ike.size, 1);
    assert.deepEqual(daemon.commands, ['get-conns', 'load-shared', 'load-conn', 'initiate']);
    const [, shared, loaded, initiate] = daemon.asked;
    assert.ok(shared && loaded && initiate);
    const name = viciText(shared.message, 'id') ?? '';
    assert.deepEqual([viciText(shared.message, 'data'), viciTexts(shared.message, 'owners')], ['between us', ['alice@ims.test', '192.0.2.1']]); // prettier-ignore
    const selectors = (port: number): string[] => [`dynamic[udp/${port}]`, `dynamic[tcp/${port}]`];
    assert.deepEqual(
      loaded.message,
      viciSection({
        [name]: {
          version: '2',
          local_addrs: ['192.0.2.7'],
          remote_addrs: ['192.0.2.1'],
          mobike: 'no',
          dpd_delay: '30s',
          local: { auth: 'psk', id: 'alice@ims.test' },
          remote: { auth: 'psk', id: '192.0.2.1' },
          children: {
            [name]: {
              mode: 'transport',
              local_ts: selectors(15060),
              remote_ts: selectors(5060),
              start_action: 'trap',
            },
          },
        },
      }),
    );
    assert.deepEqual([viciText(initiate.message, 'ike'), viciText(initiate.message, 'child')], [name, name]);
    daemon.asked.length = 0;
    await Promise.all([set.remove(), set.remove()]);
    assert.deepEqual(daemon.commands, ['unload-conn', 'terminate', 'unload-shared']);
    assert.equal(ike.size, 0);
  });

  it('shows a certificate, and unloads its key by the name that the daemon gave it', async () => {
    const { secret: _, ...rest } = NEGOTIATION;
    const [certificate, privateKey] = ['-----BEGIN CERTIFICATE-----\n', '-----BEGIN PRIVATE KEY-----\n'];
    daemon.answers.set('load-key', { success: 'yes', id: 'abcd' });
    const ike = new IkeIpsec(daemon.path);
    await ike.negotiate({ ...rest, certificate, privateKey });
    assert.deepEqual(daemon.commands, ['get-conns', 'load-key', 'load-conn', 'initiate']);
    await ike.close();
    assert.deepEqual(daemon.commands.slice(-1), ['unload-key']);
    assert.deepEqual(daemon.asked.slice(-1).map(({ message }) => viciText(message, 'id')), ['abcd']); // prettier-ignore
    await assert.rejects(ike.negotiate(NEGOTIATION), { reason: 'closed' });
  });

  it('says why it came to nothing, and leaves nothing loaded', async () => {
    for (const [log, reason, text] of [
      [['parsed IKE_AUTH response', 'received AUTHENTICATION_FAILED notify error'], 'refused', /know each other/],
      [['received NO_PROPOSAL_CHOSEN notify error'], 'refused', /algorithms/],
      [['received TS_UNACCEPTABLE notify, no CHILD_SA built'], 'refused', /ports/],
      [['retransmit 1 of request', 'giving up after 5 retransmits'], 'timeout', /does not answer/],
      [['unable to install inbound and outbound IPsec SA (SAD) in kernel'], 'ipsec-kernel', /kernel/],
      [['what nobody\u0007foresaw'], 'refused', /what nobody foresaw/],
    ] as const) {
      daemon.asked.length = 0;
      daemon.log = log;
      daemon.answers.set('initiate', { success: 'no', errmsg: 'establishing CHILD_SA failed' });
      const ike = new IkeIpsec(daemon.path);
      await assert.rejects(
        ike.negotiate(NEGOTIATION),
        (error) => error instanceof NetworkError && error.reason === reason && text.test(error.message),
      );
      assert.equal(ike.size, 0);
      assert.deepEqual(daemon.commands.slice(-3), ['unload-conn', 'terminate', 'unload-shared']);
    }
  });

  it('says what the daemon has against it', async () => {
    daemon.answers.set('load-conn', { success: 'no', errmsg: 'invalid value for: local_ts' });
    await assert.rejects(new IkeIpsec(daemon.path).negotiate(NEGOTIATION), {
      reason: 'unsupported',
      message: /local_ts/,
    });
  });

  it('says that there is no daemon, or no right to speak to it', async () => {
    await assert.rejects(new IkeIpsec('/nonexistent/vici').negotiate(NEGOTIATION), { reason: 'ipsec-tool', message: /no IKE daemon at \/nonexistent\/vici/ }); // prettier-ignore
    if (process.getuid?.() === 0) return;
    chmodSync(daemon.path, 0);
    await assert.rejects(new IkeIpsec(daemon.path).negotiate(NEGOTIATION), { reason: 'ipsec-denied' });
  });

  it('ends with a daemon that sends nonsense, and does not throw', async () => {
    const packet = (...octets: number[]): Uint8Array => Uint8Array.from([0, 0, 0, octets.length, ...octets]);
    for (const nonsense of [
      packet(),
      packet(9),
      packet(1, 3),
      packet(2),
      packet(5),
      Uint8Array.of(255, 255, 255, 255),
      Uint8Array.from([...packet(1), ...packet(1)]),
    ]) {
      daemon.answers.set('get-conns', nonsense);
      await assert.rejects(new IkeIpsec(daemon.path).negotiate(NEGOTIATION), { reason: 'ipsec-tool' });
    }
    await assert.rejects(new IkeIpsec(daemon.path).negotiate({ ...NEGOTIATION, secret: '' }), {
      reason: 'unsupported',
    });
  });

  it(
    'takes away what a process left that is no more, and nothing else',
    { skip: startOf(process.pid) === null },
    async () => {
      const started = startOf(process.pid)?.replace(' ', '-') ?? '';
      const dead = ['ims-elements.4194999.0badcafe-1.1', `ims-elements.${process.pid}.0badcafe-1.2`];
      const others = [`ims-elements.${process.pid}.${started}.9`, 'office-vpn', 'ims-elements.x', 'ims-elements.1.2'];
      daemon.answers.set('get-conns', { conns: [...dead, ...others] });
      await removeIkeOrphans(daemon.path);
      const unloaded = daemon.asked.filter(({ command }) => command === 'unload-conn');
      assert.deepEqual(unloaded.map(({ message }) => viciText(message, 'name')), dead); // prettier-ignore
      await removeIkeOrphans('/nonexistent/vici');
    },
  );
});

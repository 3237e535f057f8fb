import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Subscription, type Notification, type SubscriptionOptions } from '../../../src/ims/events/index.js';
import type { RequestContext } from '../../../src/ims/request-context.js';
import { SipEndpoint } from '../../../src/ims/sip/endpoint.js';
import { createResponse } from '../../../src/ims/sip/message.js';
import { NameAddr } from '../../../src/ims/sip/name-addr.js';
import { RequestSender } from '../../../src/ims/sip/request-sender.js';
import { parseUri } from '../../../src/ims/sip/uri.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { silentLogger } from '../../../src/platform/logger.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeNotifier } from './fake-notifier.js';

const SERVER = '10.0.0.10';

async function world(options: Partial<SubscriptionOptions> = {}) {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(2), conditions: { delay: 5 } });
  const endpointAt = (address: string, seed: number) =>
    new SipEndpoint({ network: fabric.host(address), clock, random: new SeededRandom(seed) });
  const server = endpointAt(SERVER, 5);
  const client = endpointAt('10.0.0.1', 6);
  const notifier = new FakeNotifier(server, SERVER);
  server.onRequest = (request, transaction) => {
    if (transaction) notifier.receive(request, transaction);
  };
  const resource = parseUri(`sip:alice@${SERVER}`);
  assert.ok(resource);
  const context: RequestContext = {
    endpoint: client,
    sender: new RequestSender(client, []),
    clock,
    random: new SeededRandom(7),
    logger: silentLogger,
    identity: new NameAddr(resource),
    from: new NameAddr(resource),
    identify: (headers) => headers.set('P-Preferred-Identity', `<${resource.toString()}>`),
    routes: [],
    target: { transport: 'udp', address: SERVER, port: 5060 },
    contact: () => '<sip:alice@10.0.0.1:5060>',
    describe: (headers) => headers.set('Supported', 'path'),
  };
  const news: Notification[] = [];
  const states: string[] = [];
  const subscription = new Subscription({
    context: () => context,
    event: 'reg',
    accept: ['application/reginfo+xml'],
    resource,
    expires: 7200,
    forks: 'one',
    onNotify: (notification) => void news.push(notification),
    onState: (state, cause) => void states.push(cause ? `${state}: ${cause.reason}` : state),
    ...options,
  });
  client.onRequest = (request, transaction) => {
    if (!transaction) return;
    if (subscription.owns(request)) subscription.receive(request, transaction);
    else transaction.respond(createResponse(request, 481, { toTag: 'x' }));
  };
  const opened = Promise.all([
    server.listen({ transport: 'udp', address: SERVER, port: 5060 }),
    client.listen({ transport: 'udp', address: '10.0.0.1', port: 5060 }),
  ]);
  await clock.advance(10);
  await opened;
  return { clock, notifier, subscription, news, states, client, server };
}

async function started(options: Partial<SubscriptionOptions> = {}) {
  const w = await world(options);
  w.subscription.start();
  await w.clock.advance(100);
  return w;
}

describe('Subscription', () => {
  it('subscribes, hears, and refreshes 600 s before the end', async () => {
    const w = await started();
    assert.deepEqual(w.states, ['subscribing', 'active']);
    const [first] = w.notifier.subscribes;
    assert.deepEqual(
      ['Event', 'Accept', 'Expires', 'Contact', 'To'].map((name) => first?.headers.get(name)),
      ['reg', 'application/reginfo+xml', '7200', '<sip:alice@10.0.0.1:5060>', `<sip:alice@${SERVER}>`],
    );
    assert.deepEqual(w.notifier.last.answers, [200]);
    await w.clock.advance(2_990_000);
    assert.equal(w.notifier.subscribes.length, 1);
    await w.clock.advance(20_000);
    const second = w.notifier.subscribes[1];
    assert.deepEqual(
      [second?.requestUri.toString(), second?.toTag, second?.callId === first?.callId, second?.cseq?.number],
      [`sip:notifier@${SERVER}:5060`, 'n1', true, 2],
    );
    assert.equal(w.subscription.state, 'active');
  });

  it('hears a NOTIFY that overtakes the answer to its SUBSCRIBE', async () => {
    const w = await world();
    w.server.onRequest = (request, transaction) => {
      if (!transaction) return;
      const response = createResponse(request, 200, { toTag: 'n1' });
      w.notifier.receive(request, { ...transaction, request, state: 'trying', respond: () => undefined });
      setTimeoutOn(w.clock, 50, () => {
        response.headers.set('Expires', '3600');
        response.headers.set('Contact', `<sip:notifier@${SERVER}:5060>`);
        transaction.respond(response);
      });
    };
    w.subscription.start();
    await w.clock.advance(200);
    assert.deepEqual([w.states, w.notifier.last.answers], [['subscribing', 'active'], [200]]);
    w.notifier.last.notify();
    await w.clock.advance(50);
    assert.deepEqual([w.news.length, w.notifier.last.answers], [2, [200, 200]]);
  });

  it('takes one notifier where the package wants one, and many where it does not', async () => {
    for (const forks of ['one', 'many'] as const) {
      const w = await started({ forks });
      const other = w.notifier.fork('n9');
      other.notify();
      await w.clock.advance(100);
      assert.deepEqual(other.answers, [forks === 'one' ? 481 : 200]);
      assert.equal(w.news.length, forks === 'one' ? 1 : 2);
      await w.clock.advance(40_000);
      const late = w.notifier.fork('n10');
      late.notify();
      await w.clock.advance(100);
      assert.deepEqual(late.answers, [481], 'timer N is over');
    }
  });

  it('answers what it cannot take', async () => {
    const w = await started();
    const { last: dialog } = w.notifier;
    dialog.notify({ event: 'presence' });
    await w.clock.advance(50);
    dialog.notify({ change: ({ headers }) => headers.delete('Subscription-State') });
    await w.clock.advance(50);
    dialog.notify({ change: ({ headers }) => headers.set('CSeq', '1 NOTIFY') });
    await w.clock.advance(50);
    dialog.notify({ change: ({ headers }) => headers.set('To', '<sip:a@h>;tag=other') });
    await w.clock.advance(50);
    assert.deepEqual(dialog.answers, [200, 489, 400, 200, 481]);
    dialog.notify({ change: ({ headers }) => headers.set('CSeq', '99 NOTIFY') });
    await w.clock.advance(50);
    dialog.notify();
    await w.clock.advance(50);
    assert.deepEqual(dialog.answers.slice(-2), [200, 500]);
  });

  it('tells an event with another id from ours', async () => {
    const w = await started({ event: 'refer;id=7' });
    w.notifier.last.notify({ event: 'Refer ; id=7;x=y' });
    await w.clock.advance(50);
    w.notifier.last.notify({ event: 'refer;id=8' });
    await w.clock.advance(50);
    assert.deepEqual(w.notifier.last.answers, [200, 200, 489]);
  });

  for (const [header, then] of [
    ['terminated;reason=deactivated', 'again'],
    ['terminated;reason=timeout', 'again'],
    ['terminated', 'again'],
    ['terminated;reason=probation;retry-after=120', 120],
    ['terminated;reason=giveup;retry-after=45', 45],
    ['terminated;retry-after=30', 30],
    ['terminated;reason=rejected', 'never'],
    ['terminated;reason=noresource;retry-after=5', 'never'],
    ['terminated;reason=invariant', 'never'],
  ] as const) {
    it(`after "${header}": ${then}`, async () => {
      const w = await started();
      w.notifier.last.notify({ state: header });
      await w.clock.advance(500);
      if (then === 'again') assert.equal(w.notifier.dialogs.length, 2);
      else {
        assert.equal(w.notifier.dialogs.length, 1);
        await w.clock.advance(then === 'never' ? 7_200_000 : then * 1000 - 1000);
        assert.equal(w.notifier.dialogs.length, 1);
        await w.clock.advance(2000);
        assert.equal(w.notifier.dialogs.length, then === 'never' ? 1 : 2);
      }
      assert.equal(w.subscription.state, then === 'never' ? 'ended' : 'active');
    });
  }

  it('does not run in circles with a notifier that ends it each time', async () => {
    const w = await world();
    w.notifier.onSubscribed = (dialog) => dialog.notify({ state: 'terminated;reason=deactivated' });
    w.subscription.start();
    await w.clock.advance(3_600_000);
    assert.ok(w.notifier.subscribes.length > 2 && w.notifier.subscribes.length < 12, `${w.notifier.subscribes.length}`);
  });

  for (const [status, then] of [
    [403, 'ended'],
    [404, 'ended'],
    [489, 'ended'],
    [603, 'ended'],
    [500, 'waiting'],
    [503, 'waiting'],
    [408, 'waiting'],
  ] as const) {
    it(`after ${status} to the first SUBSCRIBE: ${then}`, async () => {
      const w = await world();
      w.notifier.override = (request) => createResponse(request, status, { toTag: 'n' });
      w.subscription.start();
      await w.clock.advance(200);
      assert.equal(w.subscription.state, then);
      w.notifier.override = null;
      await w.clock.advance(100_000);
      assert.equal(w.subscription.state, then === 'ended' ? 'ended' : 'active');
    });
  }

  it('waits as Retry-After says, and asks for longer after 423', async () => {
    const w = await world();
    let refused = 0;
    w.notifier.override = (request) => {
      if (++refused > 2) return null;
      const response = createResponse(request, refused === 1 ? 503 : 423, { toTag: 'n' });
      response.headers.set(refused === 1 ? 'Retry-After' : 'Min-Expires', refused === 1 ? '20' : '9000');
      return response;
    };
    w.subscription.start();
    await w.clock.advance(19_000);
    assert.equal(w.notifier.subscribes.length, 1);
    await w.clock.advance(2000);
    assert.deepEqual(
      w.notifier.subscribes.map(({ expires }) => expires),
      [7200, 7200, 9000],
    );
    assert.equal(w.subscription.state, 'active');
  });

  it('does not follow a notifier that wants a longer refresh each time', async () => {
    const w = await started();
    const before = w.notifier.subscribes.length;
    let wanted = 10_000;
    w.notifier.override = (request) => {
      const response = createResponse(request, 423, { toTag: 'n' });
      response.headers.set('Min-Expires', String(wanted++));
      return response;
    };
    w.subscription.refresh();
    await w.clock.advance(5000);
    assert.equal(w.notifier.subscribes.length - before, 5);
  });

  for (const [status, anew] of [
    [481, true],
    [404, true],
    [500, false],
    [503, false],
  ] as const) {
    it(`a refresh that gets ${status} ${anew ? 'begins anew' : 'is tried again, and the subscription holds'}`, async () => {
      const w = await started();
      const [first] = w.notifier.subscribes;
      let told = 0;
      w.notifier.override = (request) =>
        request.toTag !== null && told++ === 0 ? createResponse(request, status) : null;
      await w.clock.advance(3_005_000);
      assert.equal(w.subscription.state, 'active');
      assert.equal(w.notifier.dialogs.length, anew ? 2 : 1);
      await w.clock.advance(600_000);
      assert.equal(w.subscription.state, 'active');
      const last = w.notifier.subscribes.slice(-1)[0];
      assert.equal(last?.callId === first?.callId, !anew);
    });
  }

  it('begins anew when a refresh brings no NOTIFY', async () => {
    const w = await started();
    w.notifier.onSubscribed = (dialog, request) => {
      if (request.toTag === null) dialog.notify();
    };
    await w.clock.advance(3_040_000);
    assert.equal(w.notifier.dialogs.length, 2);
    assert.equal(w.subscription.state, 'active');
  });

  it('does not take silence for a subscription', async () => {
    const w = await world();
    w.notifier.onSubscribed = null;
    w.subscription.start();
    await w.clock.advance(31_000);
    assert.equal(w.subscription.state, 'subscribing');
    await w.clock.advance(2000);
    assert.equal(w.subscription.state, 'waiting');
  });

  it('follows a notifier that shortens it', async () => {
    const w = await started();
    w.notifier.last.notify({ state: 'active;expires=60' });
    await w.clock.advance(31_000);
    assert.equal(w.notifier.subscribes.length, 2);
  });

  it('unsubscribes, and takes the last state', async () => {
    const w = await started();
    w.notifier.onSubscribed = (dialog) => dialog.notify({ state: 'terminated;reason=timeout', body: 'bye' });
    const done = w.subscription.stop();
    await w.clock.advance(100);
    await done;
    assert.deepEqual(
      [w.notifier.subscribes.slice(-1)[0]?.expires, w.news.slice(-1)[0]?.request.bodyText, w.subscription.state],
      [0, 'bye', 'ended'],
    );
    await w.clock.advance(100_000);
    assert.equal(w.notifier.subscribes.length, 2);
    w.client.close();
    w.server.close();
    assert.equal(w.clock.pending, 0);
  });

  it('stops though nobody answers', async () => {
    const w = await started();
    w.server.close();
    const done = w.subscription.stop();
    await w.clock.advance(40_000);
    await done;
    w.client.close();
    assert.equal(w.clock.pending, 0);
  });
});

function setTimeoutOn(clock: VirtualClock, ms: number, then: () => void): void {
  clock.setTimeout(ms, then);
}

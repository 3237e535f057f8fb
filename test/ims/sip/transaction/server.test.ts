import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InviteServerTransaction } from '../../../../src/ims/sip/transaction/invite-server.js';
import { NonInviteServerTransaction } from '../../../../src/ims/sip/transaction/non-invite-server.js';
import { TransactionLayer } from '../../../../src/ims/sip/transaction/transaction-layer.js';
import { RFC_3261_TIMERS } from '../../../../src/ims/sip/timers.js';
import { bench, request, response } from './machine.js';

function invite(reliable = false, branch?: string) {
  const world = bench(reliable);
  const ended: number[] = [];
  const transaction = new InviteServerTransaction(
    request('INVITE', branch),
    world.channel,
    world.timers,
    world.clock,
    () => void ended.push(world.clock.now()),
  );
  return { ...world, transaction, ended };
}

describe('InviteServerTransaction', () => {
  it('says 100 if the user is silent for 200 ms, and repeats it', async () => {
    const { clock, sent, transaction } = invite();
    await clock.advance(250);
    transaction.receive(transaction.request);
    assert.deepEqual(sent, ['200 100 Trying', '250 100 Trying']);
  });

  it('repeats a 486 by timer G until the ACK, then waits for timer I', async () => {
    const { clock, sent, transaction, ended } = invite();
    const acks: string[] = [];
    transaction.onAck = (ack) => void acks.push(ack.method);
    transaction.respond(response(transaction.request, 486));
    await clock.advance(16_000);
    assert.deepEqual(
      sent.map((line) => Number(line.split(' ')[0])),
      [0, 500, 1500, 3500, 7500, 11_500, 15_500], // T2 at most
    );
    transaction.receive(request('ACK'));
    assert.equal(transaction.state, 'confirmed');
    await clock.advance(10_000);
    assert.deepEqual([acks, ended, sent.length], [['ACK'], [21_000], 7]);
    assert.equal(clock.pending, 0);
  });

  it('repeats no 486 over TCP, but waits for the ACK by timer H', async () => {
    const { clock, sent, transaction, ended } = invite(true);
    let timedOut = 0;
    transaction.onTimeout = () => timedOut++;
    transaction.respond(response(transaction.request, 486));
    await clock.advance(40_000);
    assert.deepEqual([sent, timedOut, ended], [['0 486 Busy Here'], 1, [32_000]]);
  });

  it('absorbs INVITEs after a 2xx, lets the user repeat it, and passes the ACK up (RFC 6026)', async () => {
    const { clock, sent, transaction, ended } = invite();
    transaction.respond(response(transaction.request, 200));
    assert.equal(transaction.receive(transaction.request), false);
    await clock.advance(500);
    transaction.respond(response(transaction.request, 200));
    transaction.respond(response(transaction.request, 486));
    assert.equal(transaction.receive(request('ACK')), true);
    assert.deepEqual(sent, ['0 200 OK', '500 200 OK']);
    await clock.advance(32_000);
    assert.deepEqual(ended, [32_000]);
  });

  it('takes the ACK of an RFC 2543 peer only with the To tag of its response', () => {
    const { transaction } = invite(false, 'old');
    transaction.respond(response(transaction.request, 486));
    const ack = request('ACK', 'old');
    transaction.receive(ack);
    assert.equal(transaction.state, 'completed');
    ack.headers.set('To', '<sip:bob@10.0.0.2>;tag=b');
    transaction.receive(ack);
    assert.equal(transaction.state, 'confirmed');
  });
});

describe('NonInviteServerTransaction', () => {
  it('repeats its answer for timer J, which is 0 on a reliable transport', async () => {
    for (const reliable of [false, true]) {
      const { clock, sent, channel, timers } = bench(reliable);
      let ended = -1;
      const transaction = new NonInviteServerTransaction(
        request('BYE'),
        channel,
        timers,
        clock,
        () => (ended = clock.now()),
      );
      transaction.receive();
      assert.deepEqual(sent, []);
      transaction.respond(response(transaction.request, 200));
      transaction.receive();
      transaction.respond(response(transaction.request, 481));
      assert.deepEqual(sent, ['0 200 OK', '0 200 OK']);
      await clock.advance(40_000);
      assert.equal(ended, reliable ? 0 : 32_000);
      assert.equal(clock.pending, 0);
    }
  });
});

describe('TransactionLayer', () => {
  const world = () => {
    const { clock, channel, sent } = bench(false);
    return { layer: new TransactionLayer(clock, RFC_3261_TIMERS, 3), channel, clock, sent };
  };

  it('knows a copy, an ACK and a CANCEL by branch, sent-by and method', () => {
    const { layer, channel } = world();
    assert.equal(layer.receiveRequest(request('INVITE'), channel).kind, 'new');
    assert.equal(layer.receiveRequest(request('INVITE'), channel).kind, 'absorbed');
    // RFC 3261 §17.2.3: two clients may have made the same branch, by accident or malice.
    const stranger = request('INVITE');
    stranger.headers.set('Via', 'SIP/2.0/UDP 10.0.0.66:5060;branch=z9hG4bK1');
    assert.equal(layer.receiveRequest(stranger, channel).kind, 'new');
    assert.ok(layer.findCancelled(request('CANCEL')));
    assert.equal(layer.findCancelled(request('CANCEL', 'z9hG4bK2')), null);
    assert.equal(layer.receiveRequest(request('ACK', 'z9hG4bK2'), channel).kind, 'stray-ack');
  });

  it('knows those of RFC 2543 peers by URI, tags, Call-ID, CSeq and Via', () => {
    const { layer, channel } = world();
    assert.equal(layer.receiveRequest(request('INVITE', 'x'), channel).kind, 'new');
    assert.equal(layer.receiveRequest(request('INVITE', 'x'), channel).kind, 'absorbed');
    const other = request('INVITE', 'x');
    other.headers.set('Call-ID', 'other');
    assert.equal(layer.receiveRequest(other, channel).kind, 'new');
    assert.ok(layer.findCancelled(request('CANCEL', 'x')));
  });

  it('refuses more than its limit, and is empty when all timers have run', async () => {
    const { layer, channel, clock } = world();
    const kinds = [1, 2, 3, 4].map((n) => layer.receiveRequest(request('OPTIONS', `z9hG4bK-${n}`), channel).kind);
    assert.deepEqual(kinds, ['new', 'new', 'new', 'overload']);
    await clock.advance(33_000);
    assert.equal(layer.size, 0);
  });

  it('gives a response to the request with its branch and method', () => {
    const { layer, channel } = world();
    const heard: number[] = [];
    const user = {
      onResponse: (r: { status: number }): void => void heard.push(r.status),
      onFailure: () => undefined,
      onTerminated: () => undefined,
    };
    const invite = request('INVITE');
    layer.createClient(invite, channel, user).start();
    assert.equal(layer.receiveResponse(response(invite, 180)), true);
    assert.equal(layer.receiveResponse(response(request('CANCEL'), 200)), false);
    assert.equal(layer.receiveResponse(response(request('INVITE', 'z9hG4bK9'), 200)), false);
    assert.deepEqual(heard, [180]);
  });
});

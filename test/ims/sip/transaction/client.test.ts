import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InviteClientTransaction } from '../../../../src/ims/sip/transaction/invite-client.js';
import { NonInviteClientTransaction } from '../../../../src/ims/sip/transaction/non-invite-client.js';
import { bench, request, response } from './machine.js';

function invite(reliable = false) {
  const world = bench(reliable);
  const transaction = new InviteClientTransaction(
    request('INVITE'),
    world.channel,
    world.timers,
    world.clock,
    world.user,
  );
  transaction.start();
  return { ...world, transaction };
}

function bye(reliable = false) {
  const world = bench(reliable);
  const transaction = new NonInviteClientTransaction(
    request('BYE'),
    world.channel,
    world.timers,
    world.clock,
    world.user,
  );
  transaction.start();
  return { ...world, transaction };
}

describe('InviteClientTransaction', () => {
  it('retransmits by timer A and gives up by timer B', async () => {
    const { clock, sent, heard } = invite();
    await clock.advance(40_000);
    assert.deepEqual(
      sent.map((line) => Number(line.split(' ')[0])),
      [0, 500, 1500, 3500, 7500, 15_500, 31_500],
    );
    assert.deepEqual(heard, ['32000 timeout', '32000 terminated']);
    assert.equal(clock.pending, 0);
  });

  it('does not retransmit over a reliable transport', async () => {
    const { clock, sent, heard } = invite(true);
    await clock.advance(40_000);
    assert.deepEqual(sent, ['0 INVITE']);
    assert.deepEqual(heard, ['32000 timeout', '32000 terminated']);
  });

  it('is quiet in Proceeding, however long it rings', async () => {
    const { clock, sent, heard, transaction } = invite();
    await clock.advance(600);
    transaction.receive(response(transaction.request, 180));
    await clock.advance(170_000);
    assert.equal(sent.length, 2);
    assert.deepEqual(heard, ['600 180']);
    assert.equal(clock.pending, 0);
  });

  it('acknowledges a 486 and each copy of it, for timer D', async () => {
    const { clock, sent, heard, transaction } = invite();
    transaction.receive(response(transaction.request, 486));
    await clock.advance(500);
    transaction.receive(response(transaction.request, 486));
    await clock.advance(31_400);
    assert.equal(transaction.state, 'completed');
    await clock.advance(200);
    assert.deepEqual(sent, ['0 INVITE', '0 ACK', '500 ACK']);
    assert.deepEqual(heard, ['0 486', '32000 terminated']);
  });

  it('ends at once after the ACK on a reliable transport', async () => {
    const { clock, heard, transaction } = invite(true);
    transaction.receive(response(transaction.request, 486));
    await clock.advance(0);
    assert.deepEqual(heard, ['0 486', '0 terminated']);
  });

  it('passes every 2xx up while Accepted, for timer M (RFC 6026), on any transport', async () => {
    for (const reliable of [false, true]) {
      const { clock, sent, heard, transaction } = invite(reliable);
      transaction.receive(response(transaction.request, 200));
      await clock.advance(31_000);
      transaction.receive(response(transaction.request, 200));
      transaction.receive(response(transaction.request, 486));
      await clock.advance(1100);
      assert.deepEqual(heard, ['0 200', '31000 200', '32000 terminated']);
      assert.deepEqual(sent, ['0 INVITE']);
    }
  });

  it('makes its ACK as §17.1.1.3 says', () => {
    const { transaction, channel } = invite();
    const acks: string[] = [];
    channel.send = (octets) => void acks.push(new TextDecoder().decode(octets));
    transaction.receive(response(transaction.request, 404));
    const [ack = ''] = acks;
    assert.match(ack, /^ACK sip:bob@10\.0\.0\.2 SIP\/2\.0\r\n/);
    assert.match(ack, /\r\nVia: SIP\/2\.0\/UDP 10\.0\.0\.1:5060;branch=z9hG4bK1\r\n/);
    assert.match(ack, /\r\nTo: <sip:bob@10\.0\.0\.2>;tag=b\r\n/);
    assert.match(ack, /\r\nCSeq: 7 ACK\r\n/);
  });

  it('tells of a transport error', () => {
    const { heard, transaction, clock } = invite(true);
    transaction.transportError();
    assert.deepEqual(heard, ['0 transport', '0 terminated']);
    assert.equal(clock.pending, 0);
  });
});

describe('NonInviteClientTransaction', () => {
  it('retransmits by timer E up to T2, and gives up by timer F', async () => {
    const { clock, sent, heard } = bye();
    await clock.advance(40_000);
    assert.deepEqual(
      sent.map((line) => Number(line.split(' ')[0])),
      [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500],
    );
    assert.deepEqual(heard, ['32000 timeout', '32000 terminated']);
  });

  it('retransmits each T2 after a provisional response, and still gives up by timer F', async () => {
    const { clock, sent, heard, transaction } = bye();
    await clock.advance(100);
    transaction.receive(response(transaction.request, 100));
    await clock.advance(40_000);
    assert.deepEqual(sent.map((line) => Number(line.split(' ')[0])).slice(0, 4), [0, 500, 4500, 8500]);
    assert.deepEqual(heard, ['100 100', '32000 timeout', '32000 terminated']);
  });

  it('swallows copies of the final response for timer K', async () => {
    const { clock, heard, transaction } = bye();
    transaction.receive(response(transaction.request, 200));
    transaction.receive(response(transaction.request, 200));
    await clock.advance(4900);
    assert.equal(transaction.state, 'completed');
    await clock.advance(200);
    assert.deepEqual(heard, ['0 200', '5000 terminated']);
    assert.equal(clock.pending, 0);
  });
});

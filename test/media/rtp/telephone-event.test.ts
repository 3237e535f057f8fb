import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  eventOf,
  parseTelephoneEvent,
  printTelephoneEvent,
  takesEvent,
  TelephoneEventReceiver,
  TelephoneEventSender,
  toneOf,
  type EventPacket,
} from '../../../src/media/rtp/telephone-event.js';

function run(sender: TelephoneEventSender, ticks: number, from = 0): (EventPacket[] | null)[] {
  return Array.from({ length: ticks }, (_, i) => sender.tick(from + 160 * i, 160));
}

describe('TelephoneEventSender', () => {
  it('sends one event as RFC 4733 says: marker, constant timestamp, growing duration, three ends', () => {
    const sender = new TelephoneEventSender();
    let done = 0;
    sender.queue(5, 800, 400, () => (done += 1));
    const ticks = run(sender, 14, 1000);
    const packets = ticks.flatMap((t) => t ?? []);
    assert.deepEqual(
      packets.map((p) => parseTelephoneEvent(p.payload)?.duration),
      [160, 320, 480, 640, 800, 800, 800],
    );
    assert.deepEqual(
      packets.map((p) => parseTelephoneEvent(p.payload)?.end),
      [false, false, false, false, true, true, true],
    );
    assert.deepEqual(
      packets.map((p) => p.marker),
      [true, false, false, false, false, false, false],
    );
    assert.ok(packets.every((p) => p.timestamp === 1000));
    assert.equal(done, 1);
    assert.equal(sender.pending, 0);
    assert.equal(sender.tick(9999, 160), null);
  });

  it('calls every waiting press done when it is cleared', () => {
    const sender = new TelephoneEventSender();
    let done = 0;
    for (let i = 0; i < 3; i += 1) sender.queue(1, 800, 400, () => (done += 1));
    run(sender, 2);
    sender.clear();
    assert.equal(done, 3);
  });
});

describe('takesEvent', () => {
  it('reads lists and ranges, and takes DTMF where nothing is said', () => {
    assert.ok(takesEvent(null, 15) && !takesEvent(null, 16));
    assert.ok(takesEvent('0-11,66', 11) && !takesEvent('0-11,66', 12) && takesEvent('0-11,66', 66));
    assert.ok(takesEvent('events=0-9', 9) && !takesEvent('events=0-9', 10));
    assert.ok(takesEvent('nonsense', 5));
  });
});

describe('TelephoneEventReceiver', () => {
  it('joins the segments of an event that is longer than its field can say (RFC 4733 §2.5.1.3)', () => {
    const sender = new TelephoneEventSender();
    sender.queue(7, 200_000, 960, () => undefined);
    const packets = Array.from({ length: 230 }, (_, i) => sender.tick(4_294_900_000 + 960 * i, 960) ?? []).flat();
    assert.deepEqual(
      [...new Set(packets.map((p) => p.timestamp))],
      [0, 1, 2, 3].map((n) => (4_294_900_000 + n * 65_535) % 2 ** 32),
    );
    assert.equal(packets.filter((p) => p.marker).length, 1);
    assert.equal(packets.filter((p) => parseTelephoneEvent(p.payload)?.end).length, 3);
    assert.ok(packets.every((p) => (parseTelephoneEvent(p.payload)?.duration ?? 0) > 0));
    const heard: [string, number][] = [];
    const receiver = new TelephoneEventReceiver((key, duration) => heard.push([key, duration]));
    packets.forEach((p, i) => receiver.receive(p.timestamp, p.payload, 20 * i, 48_000));
    assert.deepEqual(heard, [['7', Math.round(200_000 / 48)]]);
  });

  it('ignores reports without a duration (RFC 4733 §2.3.5)', () => {
    const heard: string[] = [];
    const receiver = new TelephoneEventReceiver((key) => heard.push(key));
    receiver.receive(0, printTelephoneEvent({ event: 1, end: true, volume: 10, duration: 0 }), 0);
    assert.deepEqual(heard, []);
  });

  it('reports each press once under any loss that leaves a packet of it (property)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(15), { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.nat(9)),
        (events, chance) => {
          const sender = new TelephoneEventSender();
          for (const event of events) sender.queue(event, 800, 400, () => undefined);
          const heard: string[] = [];
          const receiver = new TelephoneEventReceiver((tone) => heard.push(tone));
          const survivors = new Set<number>();
          let now = 0;
          for (const tick of run(sender, 20 * events.length)) {
            now += 20;
            for (const packet of tick ?? []) {
              if (chance.next().value < 5) continue;
              survivors.add(packet.timestamp);
              receiver.receive(packet.timestamp, packet.payload, now);
              if (chance.next().value < 3) receiver.receive(packet.timestamp, packet.payload, now);
            }
            receiver.poll(now);
          }
          receiver.poll(now + 1000);
          assert.equal(heard.length, survivors.size);
        },
      ),
    );
  });

  it('ignores what is no DTMF', () => {
    const receiver = new TelephoneEventReceiver(() => assert.fail());
    receiver.receive(0, Uint8Array.of(1, 0x80, 0), 0);
    receiver.receive(0, Uint8Array.of(16, 0x80, 0, 0), 0);
  });
});

describe('printTelephoneEvent', () => {
  it('round-trips', () => {
    const event = { event: 11, end: true, volume: 10, duration: 0x1234 };
    assert.deepEqual(parseTelephoneEvent(printTelephoneEvent(event)), event);
    assert.deepEqual([...printTelephoneEvent(event)], [11, 0x8a, 0x12, 0x34]);
  });

  it('knows the tones', () => {
    assert.deepEqual(
      Array.from('0123456789*#ABCDa', eventOf),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 12],
    );
    assert.equal(eventOf('E'), null);
    assert.equal(toneOf(10), '*');
    assert.equal(toneOf(16), null);
  });
});

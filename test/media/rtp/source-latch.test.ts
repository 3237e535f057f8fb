import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SourceLatch } from '../../../src/media/rtp/source-latch.js';

const SDP = { address: '192.0.2.1', port: 4000 };
const NAT = { address: '203.0.113.5', port: 61_000 };
const STRANGER = { address: '198.51.100.66', port: 9 };

function latch(): SourceLatch {
  const l = new SourceLatch();
  l.expect(SDP);
  return l;
}

describe('SourceLatch', () => {
  it('believes the endpoint of the SDP at once', () => {
    const l = latch();
    assert.ok(l.admit(SDP, 1, 0, 0));
    assert.ok(!l.admit(STRANGER, 1, 1, 20));
    assert.ok(!l.admit(STRANGER, 2, 2, 40));
    assert.deepEqual(l.destination, SDP);
    assert.equal(l.rejected, 2);
  });

  it('follows a source behind a NAT after two packets in sequence, and sends there', () => {
    const l = latch();
    assert.ok(!l.admit(NAT, 7, 10, 0));
    assert.ok(l.admit(NAT, 7, 11, 20));
    assert.deepEqual(l.destination, NAT);
    for (let i = 0; i < 10; i += 1) assert.ok(!l.admit(STRANGER, 8, i, 40 + i));
  });

  it('lets the SDP endpoint take a latched stranger over, never the other way', () => {
    const l = latch();
    l.admit(NAT, 7, 10, 0);
    l.admit(NAT, 7, 11, 20);
    assert.ok(!l.admit(SDP, 1, 5, 40));
    assert.ok(l.admit(SDP, 1, 6, 60));
    assert.deepEqual(l.destination, SDP);
    assert.ok(!l.admit(NAT, 7, 12, 80));
    assert.ok(!l.admit(NAT, 7, 13, 100));
  });

  it('takes a new SSRC of the same source after proof', () => {
    const l = latch();
    l.admit(SDP, 1, 0, 0);
    assert.ok(!l.admit(SDP, 2, 500, 20));
    assert.ok(l.admit(SDP, 2, 501, 40));
    assert.equal(l.ssrc, 2);
  });

  it('lets another follow a source that went silent', () => {
    const l = latch();
    l.admit(SDP, 1, 0, 0);
    l.admit(NAT, 7, 10, 6000);
    assert.ok(l.admit(NAT, 7, 11, 6020));
  });

  it('starts afresh with a new remote description, keeps what it knows with the same', () => {
    const l = latch();
    l.admit(SDP, 1, 0, 0);
    l.expect({ ...SDP });
    assert.equal(l.ssrc, 1);
    l.expect(NAT);
    assert.equal(l.ssrc, null);
    assert.deepEqual(l.destination, NAT);
  });

  it('sees one address in its spellings', () => {
    const l = new SourceLatch();
    l.expect({ address: '2001:DB8:0::1', port: 5 });
    assert.ok(l.admit({ address: '2001:db8::1', port: 5 }, 1, 0, 0));
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_DESTINATIONS, parseDestinationRule, permits } from '../../../companion/access/destination-rules.js';

function allowed(rules: readonly string[], address: string, port: number): boolean {
  const parsed = rules.map(parseDestinationRule);
  assert.ok(!parsed.includes(null), rules.join());
  return permits(
    parsed.filter((rule) => rule !== null),
    address,
    port,
  );
}

describe('parseDestinationRule', () => {
  it('reads what the usage says and nothing else', () => {
    for (const rule of ['public', 'any:1-65535', '192.0.2.0/24:5060', '[2001:db8::]/32', '[::1]:80,443', '10.0.0.1']) {
      assert.ok(parseDestinationRule(rule), rule);
    }
    for (const rule of [
      '',
      '*',
      'example.org',
      'public:',
      'public:0',
      'public:2-1',
      'public:70000',
      '10.0.0.0/33',
      '[::1',
      '::1',
    ]) {
      assert.equal(parseDestinationRule(rule), null, rule);
    }
  });
});

describe('permits', () => {
  it('by default lets a page reach other hosts, but neither this one nor what is reserved', () => {
    for (const address of ['198.51.100.7', '192.168.1.7', '10.0.0.1', '2001:db8::1', 'fd00::9', '::ffff:8.8.8.8']) {
      assert.ok(allowed(DEFAULT_DESTINATIONS, address, 5060), address);
    }
    const never = [
      '127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', '0.0.0.0', '::', '169.254.169.254', '224.0.1.75', '255.255.255.255',
      'ff02::1', 'fe80::1', 'fe80::1%eth0', 'localhost', '',
    ]; // prettier-ignore
    for (const address of never) assert.ok(!allowed(DEFAULT_DESTINATIONS, address, 5060), address);
  });

  it('by default leaves system ports alone, but for the web', () => {
    for (const port of [80, 443, 1024, 65535]) assert.ok(allowed(['public'], '198.51.100.7', port), String(port));
    for (const port of [0, 22, 25, 53, 139, 445, 1023])
      assert.ok(!allowed(['public'], '198.51.100.7', port), String(port));
    assert.ok(allowed(['public:25'], '198.51.100.7', 25));
    assert.ok(!allowed(['public:25'], '198.51.100.7', 5060));
  });

  it('keeps to the networks of the rules', () => {
    assert.ok(allowed(['192.0.2.0/24'], '192.0.2.9', 5060));
    assert.ok(!allowed(['192.0.2.0/24'], '192.0.3.9', 5060));
    assert.ok(!allowed(['private'], '198.51.100.7', 5060));
    assert.ok(!allowed(['public'], '10.0.0.7', 5060));
    assert.ok(allowed(['loopback:1-65535'], '::1', 22));
    assert.ok(allowed(['any'], '127.0.0.1', 5060));
    assert.ok(!allowed(['any:1-65535'], '224.0.0.1', 5060));
    assert.ok(!allowed([], '198.51.100.7', 5060));
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Headers } from '../../../src/ims/sip/headers.js';

function sample(): Headers {
  return new Headers([
    ['v', 'SIP/2.0/UDP a;branch=1, SIP/2.0/UDP b;branch=2'],
    ['Via', 'SIP/2.0/UDP c;branch=3'],
    ['f', '"A, B" <sip:a@b>;tag=1'],
    ['X-Own', 'p, q'],
    ['Subject', ''],
    ['Supported', ''],
  ]);
}

const names = (headers: Headers): string[] => [...headers.entries()].map(([name]) => name);

describe('Headers', () => {
  it('finds names in any case, long or compact', () => {
    const headers = sample();
    for (const name of ['From', 'from', 'FROM', 'f', 'F']) assert.equal(headers.get(name), '"A, B" <sip:a@b>;tag=1');
    assert.equal(headers.get('x-own'), 'p, q');
    assert.equal(headers.get('To'), undefined);
    assert.equal(headers.has('s'), true);
    for (const name of ['__proto__', 'constructor', 'toString']) assert.equal(headers.has(name), false);
  });

  it('splits comma lists of known list headers only', () => {
    const headers = sample();
    assert.equal(headers.get('Via'), 'SIP/2.0/UDP a;branch=1');
    assert.deepEqual(
      headers.getAll('Via').map((value) => value.slice(-1)),
      ['1', '2', '3'],
    );
    assert.deepEqual(headers.getAll('X-Own'), ['p, q']);
    assert.deepEqual(headers.getAll('Supported'), []);
    assert.deepEqual(headers.getAll('Subject'), ['']);
    assert.deepEqual(new Headers([['WWW-Authenticate', 'Digest a="1", b=2']]).getAll('www-authenticate'), [
      'Digest a="1", b=2',
    ]);
  });

  it('takes the first single value off', () => {
    const headers = sample();
    assert.equal(headers.removeFirst('Via'), 'SIP/2.0/UDP a;branch=1');
    assert.equal(headers.removeFirst('Via'), 'SIP/2.0/UDP b;branch=2');
    assert.equal(headers.removeFirst('v'), 'SIP/2.0/UDP c;branch=3');
    assert.equal(headers.removeFirst('Via'), undefined);
    assert.equal(headers.has('Via'), false);
    assert.equal(headers.removeFirst('From'), '"A, B" <sip:a@b>;tag=1');
  });

  it('puts values before, after and in the place of others', () => {
    const headers = new Headers([['Via', 'b'], ['From', 'x'], ['Route', '<sip:r>']]); // prettier-ignore
    headers.prepend('Via', 'a');
    headers.append('Via', 'c');
    headers.append('To', 'y');
    headers.prepend('To', 'first');
    assert.deepEqual(names(headers).slice(-3), ['Route', 'To', 'To']);
    assert.equal(headers.removeFirst('To'), 'first');
    headers.prepend('Record-Route', '<sip:q>');
    assert.deepEqual(names(headers), ['Record-Route', 'Via', 'Via', 'Via', 'From', 'Route', 'To']);
    assert.deepEqual(headers.getAll('Via'), ['a', 'b', 'c']);
    headers.set('v', 'z');
    assert.deepEqual([...headers.entries()].slice(0, 3), [['Record-Route', '<sip:q>'], ['Via', 'z'], ['From', 'x']]); // prettier-ignore
    headers.set('Route');
    headers.delete('to');
    headers.set('Allow', 'INVITE', 'BYE');
    assert.deepEqual(names(headers), ['Record-Route', 'Via', 'From', 'Allow', 'Allow']);
  });

  it('never lets a value start a new line', () => {
    const headers = new Headers([['Subject', 'a\r\nVia: b']]);
    headers.append('Subject', 'c\nd');
    headers.set('X', ' e\r f ');
    assert.deepEqual([...headers.entries()].map(([, value]) => value), ['a Via: b', 'c d', 'e f']); // prettier-ignore
  });

  it('refuses names that cannot exist', () => {
    for (const name of ['', 'a b', 'a:', 'ä', 'a\r\n']) assert.throws(() => sample().set(name, 'x'), TypeError);
  });

  it('clones', () => {
    const headers = sample();
    const copy = headers.clone();
    copy.delete('Via');
    assert.equal(headers.has('Via'), true);
    assert.deepEqual(names(headers.clone()), names(headers));
  });

  it('counts its changes', () => {
    const headers = sample();
    const before = headers.revision;
    headers.get('Via');
    assert.equal(headers.revision, before);
    headers.removeFirst('Via');
    headers.append('a', 'b');
    headers.set('a', 'c');
    headers.delete('a');
    assert.ok(headers.revision >= before + 4);
  });
});
